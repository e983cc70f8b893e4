"""Compiled templates are kept where nobody else can put any, and never beyond their words."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.template import engines
from django.test import SimpleTestCase, override_settings
from django.utils import translation

from ombud.ui import engine, kept


class KeptTest(SimpleTestCase):
    def setUp(self):
        place = TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.data = Path(place.name)
        self.data.chmod(0o700)
        changed = override_settings(DATA=self.data)
        changed.enable()
        self.addCleanup(changed.disable)

    def drawn(self, language):
        known = engines["jinja2"].env
        with translation.override(language):
            env = engine.environment(language, loader=known.loader)
            return env.get_template("components/small.html").module

    def files(self, language):
        return sorted(self.data.glob(f"templates/{language}-*/*.cache"))

    def test_each_language_keeps_its_own(self):
        for language in ("sv", "en"):
            self.drawn(language)
            self.assertTrue(self.files(language), language)
        self.assertNotEqual(kept.digest("sv"), kept.digest("nb"))

    def test_what_was_kept_is_used_and_not_written_again(self):
        self.drawn("sv")
        with mock.patch.object(kept.FileSystemBytecodeCache, "dump_bytecode") as again:
            self.drawn("sv")
        again.assert_not_called()

    def test_a_folder_that_others_can_write_to_is_not_used(self):
        self.assertIsNotNone(kept.compiled("sv"))
        (self.data / "templates").chmod(0o777)
        self.assertIsNone(kept.compiled("sv"))
        (self.data / "templates").chmod(0o700)
        with mock.patch.object(os, "getuid", return_value=os.getuid() + 1):
            self.assertIsNone(kept.compiled("sv"))

    def test_where_nothing_can_be_written_a_template_is_compiled_all_the_same(self):
        with mock.patch.object(
            kept.FileSystemBytecodeCache, "dump_bytecode", side_effect=PermissionError
        ):
            self.assertTrue(self.drawn("sv"))
        with override_settings(DATA=Path("/dev/null/nowhere")):
            self.assertIsNone(kept.compiled("sv"))

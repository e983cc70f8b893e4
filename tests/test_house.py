"""The house checks itself: every deed is written to the same plan."""

import importlib
import inspect
import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.test import SimpleTestCase
from django.utils.module_loading import import_string

from ombud.desk.kinds import DEEDS, JOURNALED, STARTING

# What makes a thing that nobody could have locked rests on a constraint of this name.
CREATING = {"orders.start_order": "one_case_a_number"}
# The provider is the judge of these two; the deed that they lead to asks its own rule.
JUDGED_BY_EVIDENCE = {"signing.keep", "signing.finish"}
NO_DEEDS = {"signing.hint", "account.record"}
OBJECTS = {"agreement", "engagement", "order", "case", "organisation", "operator", "servicecase"}
OBJECTS |= {"repair", "inquiry", "portal"}
ABOVE = (
    "orders?",
    "agreements?",
    "engagements?",
    "servicecases?",
    "repairs?",
    "inquiry",
    "inquiries",
)


def functions(room):
    """Of a room, be it a file or a folder with a file a kind."""
    folders = Path("ombud").glob(f"*/{room}/*.py")
    for file in sorted([*Path("ombud").rglob(f"{room}.py"), *folders]):
        package = file.parent.name if file.stem == room else file.parts[1]
        module = importlib.import_module(".".join(file.with_suffix("").parts))
        for name, function in vars(module).items():
            unwrapped = inspect.unwrap(function)
            if inspect.isfunction(unwrapped) and unwrapped.__module__ == module.__name__:
                yield f"{package}.{name}", function, inspect.getsource(unwrapped)


def deeds():
    yield from (("", deed) for deed in STARTING)
    yield from (("", deed) for deed in JOURNALED)
    yield from ((kind, deed) for kind, listed in DEEDS.items() for deed in listed)


class ActionsTest(SimpleTestCase):
    def test_every_action_locks_asks_and_records_by_somebody(self):
        seen = 0
        for name, action, source in functions("actions"):
            if name in JUDGED_BY_EVIDENCE | NO_DEEDS:
                continue
            seen += 1
            with self.subTest(name):
                by = inspect.signature(action).parameters["by"]
                self.assertEqual(by.kind, by.KEYWORD_ONLY)
                self.assertTrue(action.__doc__)
                self.assertTrue(source.startswith("@transaction.atomic"))
                self.assertIn("require(rules.", source)
                self.assertRegex(source, r"\b(record|journal\.note)\(")
                if name not in CREATING:
                    self.assertIn(".locked(", source)
                    self.assertLess(source.index(".locked("), source.index("require("))
        self.assertGreater(seen, 10)

    def test_a_creating_deed_rests_on_a_named_constraint(self):
        named = {c.name for model in apps.get_models() for c in model._meta.constraints}
        self.assertLessEqual(set(CREATING.values()), named)
        self.assertLessEqual(set(CREATING), {name for name, *_ in functions("actions")})

    def test_every_step_records_with_its_callers_actor(self):
        for name, step, source in functions("steps"):
            with self.subTest(name):
                self.assertIn("by", inspect.signature(step).parameters)
                self.assertRegex(source, r"\b(record|journal\.note)\(")
                self.assertNotIn("transaction.atomic", source)

    def test_no_deed_calls_a_deed(self):
        for name, _, source in functions("actions"):
            with self.subTest(name):
                self.assertNotRegex(source, r"\bactions\.\w+\(")


class DeedsTest(SimpleTestCase):
    def test_every_shape_is_what_its_action_takes(self):
        for kind, deed in deeds():
            with self.subTest(kind=kind, deed=deed.name):
                self.assertEqual(deed.action.__name__, deed.name)
                parameters = inspect.signature(deed.action).parameters
                typed = set(deed.shape.model_fields) - {"method"}
                taken = set(parameters) - {"by", "signature", "typed"} - OBJECTS
                self.assertLessEqual(taken, typed)
                if "typed" not in parameters:
                    self.assertEqual(typed, taken)

    def test_every_signed_deed_can_be_found_by_its_name(self):
        signed = {f"{kind}.{deed.name}": deed.action for kind, deed in deeds() if deed.signed_by}
        found = {name: import_string(path) for name, path in settings.SIGNED_DEEDS.items()}
        self.assertEqual(found, signed)

    def test_a_signed_deed_says_what_is_signed(self):
        for _, deed in deeds():
            if deed.signed_by:
                self.assertTrue(deed.document and deed.facts, deed.name)
                self.assertIn("method", deed.shape.model_fields, deed.name)


class WordsTest(SimpleTestCase):
    def code(self, folder="ombud"):
        files = Path(folder).rglob("*.py")
        return [(str(file), file.read_text()) for file in files if "migrations" not in file.parts]

    def test_the_spine_names_the_kinds_only_once(self):
        for file, text in self.code("ombud/cases"):
            text = re.sub(r"class Kind.*?\n\n", "", text, flags=re.S)
            code = re.sub(r'""".*?"""|#.*', "", text, flags=re.S)
            with self.subTest(file):
                self.assertNotRegex(
                    code, r"\b(orders?|agreements?|engagements?|servicecases?|repairs?)\b\."
                )

    def test_one_file_names_the_queue(self):
        naming = {file for file, text in self.code() if "import procrastinate" in text}
        naming |= {file for file, text in self.code() if "from procrastinate" in text}
        self.assertEqual(naming, {"ombud/lib/jobs.py"})

    def test_no_file_gets_around_the_triggers(self):
        for file, text in self.code():
            if file != "ombud/config/database.py":
                self.assertNotIn("session_replication_role", text, file)

    def test_no_file_outgrows_the_eye(self):
        for folder in ("ombud", "sandbox", "demo", "tests", "benchmarks"):
            for file, text in self.code(folder):
                self.assertLessEqual(len(text.splitlines()), 400, file)

    def test_no_import_hides_in_a_function(self):
        for file, text in self.code():
            hidden = re.findall(r"^[ \t]+(?:from [\w.]+ import|import [\w.]+)", text, flags=re.M)
            with self.subTest(file):
                self.assertEqual([line for line in hidden if "TYPE_CHECKING" not in text], [])

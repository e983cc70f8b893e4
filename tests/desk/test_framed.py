"""The frame that is kept for a reader says what holds now for that reader, and for nobody else."""

from django.template import engines

from ombud.ui import framed
from tests.desk.doors import DoorTest


class FramedTest(DoorTest):
    def test_nobody_gets_the_frame_of_somebody_else(self):
        self.assertIn("Kari Test", self.page(self.kari, "/cases/"))
        page = self.page(self.liv, "/cases/")
        self.assertIn("Liv Test", page)
        self.assertNotIn("Kari Test", page)

    def test_a_count_that_has_changed_is_drawn_anew(self):
        self.assertNotIn("1 new", self.page(self.ola, "/cases/"))
        self.a_sent_order()
        self.assertIn("1 new", self.page(self.ola, "/cases/"))

    def test_the_way_back_is_that_of_the_page(self):
        for path in ("/cases/?view=updated", "/approvals/"):
            self.assertIn(f'name="next" value="{path}"', self.page(self.ola, path))

    def test_each_page_has_a_token_of_its_own(self):
        self.enter(self.ola)
        page = self.read("/cases/")
        for mark in framed.FILLED.values():
            self.assertNotIn(mark, page)
        self.assertNotEqual(page, self.read("/cases/"))

    def test_no_cookie_fills_the_memory(self):
        self.enter(self.ola)
        kept = engines["jinja2"].env.__dict__.setdefault("frames", {})
        self.read("/cases/")
        before = len(kept)
        for number in range(5):
            self.client.cookies["scheme"] = f"scheme-{number}"
            self.read("/cases/")
        self.assertEqual(len(kept), before)

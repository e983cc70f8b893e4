"""A pasted line: where the HSA-id ends and the name begins."""

from django.test import SimpleTestCase
from django.utils import translation

from ombud.orders import unit_lists

WARD = "SE2120999004-D001"


class PastedTest(SimpleTestCase):
    def read(self, line):
        with translation.override("en"):
            units, lines = unit_lists.added([], line)
        return [(unit["hsa_id"], unit["name"]) for unit in units], lines[0].word

    def test_a_blank_parts_a_whole_id_from_its_name(self):
        for line in (
            "se2120999004-d001 New ward",
            "SE2120999004-D001  New ward",
            "SE2120999004-D001; New ward",
            "SE2120999004-D001\tNew ward",
            "SE2120999004\u2013D001 New ward",
            "SE 2120999004 - D001; New ward",
        ):
            self.assertEqual(self.read(line), ([(WARD, "New ward")], "Added"), line)

    def test_blanks_are_put_right_where_they_can_only_be_the_id_s(self):
        for line in ("SE 2120999004-D001", "SE212099 9004 - D001", "SE2120999004-D0 01;"):
            self.assertEqual(self.read(line), ([(WARD, "")], "Added"), line)

    def test_elsewhere_a_blank_makes_it_wrong(self):
        for line in ("SE 2120999004-D001 New ward", "SE2120999004 New ward", "New ward"):
            self.assertEqual(self.read(line), ([], "Wrong characters in the HSA-id"), line)

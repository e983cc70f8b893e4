"""Lists of cases sorted by what the reader asks for: on both pages, within a cap that is told."""

import re
from unittest.mock import patch

from ombud.cases import lists
from ombud.orders import actions
from tests.desk.doors import DoorTest


class SortingTest(DoorTest):
    def setUp(self):
        super().setUp()
        self.first = self.a_sent_order().case
        self.second = self.an_approved_order().case
        self.third = self.a_sent_order("npo-direct").case
        actions.note(self.again(self.first.order), by=self.actor(self.kari), text="Moved.")

    def names(self, orders):
        return [case.number for case in orders]

    def listed(self, path, person=None):
        page = self.page(person or self.kari, path)
        return list(dict.fromkeys(re.findall(r'id="row-(RITM\d+)"', page)))

    def test_the_latest_moved_stands_first_unless_asked_otherwise(self):
        latest = self.names([self.first, self.third, self.second])
        self.assertEqual(self.listed("/cases/"), latest)
        for unknown in ("sort=nonsense", "sort=k.id;--", "sort=-"):
            self.assertEqual(self.listed(f"/cases/?{unknown}"), latest)

    def test_each_order_and_its_reverse(self):
        opened = self.names([self.first, self.second, self.third])
        self.assertEqual(self.listed("/cases/?sort=opened"), opened)
        self.assertEqual(self.listed("/cases/?sort=-opened"), opened[::-1])
        states = self.names([self.first, self.second, self.third])
        self.assertEqual(self.listed("/cases/?sort=state"), states)
        self.assertEqual(self.listed("/cases/?sort=-state"), states[::-1])
        self.assertEqual(self.listed("/cases/?sort=title")[0], self.third.number)
        self.assertEqual(self.listed("/cases/?sort=-title")[-1], self.third.number)
        self.assertEqual(set(self.listed("/cases/?sort=due")), set(opened))
        self.assertEqual(set(self.listed("/cases/?sort=customer")), set(opened))

    def test_the_agents_list_is_sorted_too(self):
        opened = self.names([self.first, self.second])
        self.assertEqual(self.listed("/agent/orders/?sort=opened", self.ola), opened)
        self.assertEqual(self.listed("/agent/orders/?sort=-state", self.ola), opened[::-1])
        self.assertIn('aria-sort="ascending"', self.page(self.ola, "/agent/orders/?sort=customer"))

    def test_headers_say_how_it_is_sorted_and_sort_the_other_way(self):
        page = self.page(self.kari, "/cases/?q=customer&sort=title")
        self.assertIn('aria-sort="ascending"', page)
        self.assertIn("sort=-title", page)
        self.assertIn("q=customer", page.split("sort=-title")[0][-60:])
        self.assertIn('aria-sort="descending"', self.page(self.kari, "/cases/"))
        page = self.page(self.kari, "/cases/?sort=-title")
        self.assertIn("Service, from the end", page)

    def test_pages_follow_on_each_other(self):
        with patch("ombud.desk.views.cases.LIMIT", 2):
            first = self.page(self.kari, "/cases/?sort=opened")
        whole = lists.of(self.actor(self.kari), sort=lists.Sort("k.opened_at"), limit=2)
        self.assertEqual((len(whole.rows), whole.next), (2, "2"))
        rest = lists.of(self.actor(self.kari), sort=lists.Sort("k.opened_at", 2), limit=2)
        self.assertEqual([row.number for row in rest.rows], [self.third.number])
        self.assertIsNone(rest.next)
        self.assertIn(self.first.number, first)

    def test_the_page_says_when_not_all_are_sorted(self):
        told = "Only the 2000 that moved latest are sorted."
        self.assertNotIn(told, self.page(self.kari, "/cases/?sort=title"))
        with patch("ombud.cases.lists.MOST", 2):
            self.assertIn(told, self.page(self.kari, "/cases/?sort=title"))
            self.assertNotIn(told, self.page(self.kari, "/cases/"))

    def test_a_sorted_list_costs_no_more_statements(self):
        self.enter(self.ola)
        for path in ("/cases/", "/agent/orders/"):
            self.client.get(path)
            plain, sorted_ = self.asked(path), self.asked(f"{path}?sort=customer")
            self.assertEqual(len(plain), len(sorted_))
            self.assertLessEqual(len(sorted_), 6)

    def test_a_stranger_sees_none_of_them(self):
        self.assertEqual(self.listed("/cases/?sort=title", self.per), [])

"""An order is called by its service's name in the reader's language, and found by each of them."""

import re
from importlib import import_module

from django.db import connection

from ombud.cases import sight, timeline
from ombud.cases.models import Case
from ombud.orders.catalogue import Service
from ombud.servicecases.models import ServiceCase
from tests.desk.doors import DoorTest

NAMES = {"sv": "Intygstjänsten", "nb": "Attesttjenesten", "en": "Certificates"}


class TitleTest(DoorTest):
    def setUp(self):
        super().setUp()
        body = {"name": NAMES, "about": NAMES}
        Service.objects.add(self.operator, "npo", body)

    def test_lists_pages_and_programs_say_it_in_the_reader_s_language(self):
        order = self.a_sent_order()
        number = order.case.number
        pages = ("/approvals/", "/cases/", "/cases/?view=action", "/", f"/orders/{number}/")
        pages += (f"/orders/{number}/review/", "/agent/orders/", "/search/?q=agent")
        for language, name in NAMES.items():
            self.ola.speak(language)
            self.enter(self.ola)
            for path in pages:
                page = self.read(path)
                self.assertIn(f"{name} via The agent", page, (language, path))
                self.assert_no_other(language, page)
            listed = self.as_api(self.ola, "get", "cases").json()["items"]
            mine = self.as_api(self.ola, "get", "cases?mine=true").json()["items"]
            alone = self.as_api(self.ola, "get", f"cases/{number}").json()
            for told in (*listed, *mine, alone):
                self.assertEqual(told["title"], f"{name} via The agent")

    def assert_no_other(self, language, page):
        for other, name in NAMES.items():
            if other != language:
                self.assertNotIn(name, page)

    def test_it_is_found_by_the_words_of_each_language(self):
        order = self.a_sent_order()
        self.enter(self.ola)
        for name in NAMES.values():
            for path in ("/search/", "/cases/", "/approvals/"):
                page = self.read(f"{path}?q={name[:9]}")
                self.assertIn(order.case.number, page, path)
            for query in (f"q={name}", f"mine=true&q={name}"):
                found = self.as_api(self.ola, "get", f"cases?{query}").json()["items"]
                self.assertEqual([row["number"] for row in found], [order.case.number])
        for key in ("sv", '"', "["):
            self.assertNotIn(f'id="row-{order.case.number}"', self.read(f"/approvals/?q={key}"))

    def test_what_is_decided_is_found_and_said_so_too(self):
        order = self.an_approved_order()
        self.ola.speak("nb")
        self.enter(self.ola)
        for name in NAMES.values():
            page = self.read(f"/approvals/?view=decided&q={name}")
            self.assertIn(order.case.number, page)
            self.assertIn(f"{NAMES['nb']} via The agent", page)

    def test_the_service_case_is_called_as_its_order(self):
        self.an_attested_order()
        case = ServiceCase.objects.get().case
        for language, name in NAMES.items():
            self.kim.speak(language)
            self.enter(self.kim)
            self.assertIn(f"{name} via The agent", self.read(f"/service/{case.number}/"))
            self.assertIn(f"{name} via The agent", self.read("/cases/"))

    def test_a_service_without_a_name_in_a_language_keeps_the_first(self):
        names = {"sv": "Intygstjänsten"}
        Service.objects.add(self.operator, "npo", {"name": names, "about": names})
        self.a_sent_order()
        self.ola.speak("nb")
        self.assertIn("Intygstjänsten via The agent", self.page(self.ola, "/cases/"))

    def test_the_list_sorts_by_what_is_read(self):
        self.a_sent_order()
        other = {"sv": "Ö", "nb": "A", "en": "Zzz"}
        Service.objects.add(self.operator, "npo", {"name": other, "about": other})
        second = self.a_sent_order()
        for language, place in (("nb", 0), ("en", 1)):
            self.ola.speak(language)
            rows = re.findall(r'id="row-(\w+)"', self.page(self.ola, "/approvals/?sort=title"))
            self.assertEqual(rows.index(second.case.number), place)

    def test_those_that_were_there_before_are_named_too(self):
        sent, _draft = self.an_attested_order(), self.a_draft()
        known = list(Case.objects.order_by("pk").values_list("pk", "titles"))
        Case.objects.update(titles={})
        migration = import_module("ombud.orders.migrations.0005_titles")
        with connection.cursor() as cursor:
            for statement in (migration.NAMED, migration.FOUND):
                cursor.execute(statement)
        self.assertEqual(list(Case.objects.order_by("pk").values_list("pk", "titles")), known)
        self.enter(self.ola)
        self.assertIn(sent.case.number, self.read(f"/search/?q={NAMES['nb']}"))

    def test_a_draft_that_waits_is_called_so_and_the_chain_holds(self):
        order = self.a_draft()
        self.kari.speak("nb")
        self.assertIn(NAMES["nb"], self.page(self.kari, f"/orders/{order.case.number}/"))
        self.assertIsNone(timeline.verify_all())
        self.assertFalse(sight.check_all())

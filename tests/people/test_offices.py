"""Offices: kept by administrators, read by everybody, and what a role for one of them opens."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ombud.lib.errors import Refused
from ombud.people import actions
from ombud.people.models import Entry, Grant, Office
from tests.cast import TogetherTest, together
from tests.desk.doors import DoorTest


class KeepingTest(DoorTest):
    def open(self, name="North", by=None):
        actions.open_office(self.customer, by=self.actor(by or self.adam), name=name)
        return Office.objects.get(organisation=self.customer, name=name)

    def does(self, deed, body, by=None):
        return self.as_api(by or self.adam, "post", f"actions/{deed}", body)

    def noted(self):
        rows = Entry.objects.filter(journal_of=self.customer, verb__startswith="office.")
        return [(row.verb, row.data["key"]) for row in rows.order_by("seq")]

    def test_an_office_is_opened_renamed_closed_and_opened_again(self):
        self.assertEqual(self.does("open_office", {"name": " North "}).status_code, 201)
        office = Office.objects.get()
        self.assertEqual((office.name, office.organisation), ("North", self.customer))
        named = {"office": office.pk}
        self.assertEqual(self.does("rename_office", {**named, "name": "South"}).status_code, 201)
        self.assertEqual(self.does("close_office", named).status_code, 201)
        listed = self.as_api(self.kari, "get", "offices").json()["items"]
        self.assertEqual([(one["name"], one["scope"]) for one in listed], [("South", office.scope)])
        self.assertIsNotNone(listed[0]["closed_at"])
        self.assertEqual(self.does("reopen_office", named).status_code, 201)
        verbs = ["opened", "renamed", "closed", "reopened"]
        names = ["North", "South", "South", "South"]
        told = [f"office.{verb}" for verb in verbs]
        self.assertEqual(self.noted(), list(zip(told, names, strict=True)))

    def test_only_an_administrator_of_its_own_organisation_keeps_it(self):
        office = self.open()
        named = {"office": office.pk}
        bodies = {
            "open_office": {"name": "East"},
            "rename_office": {**named, "name": "East"},
            "close_office": named,
            "reopen_office": named,
        }
        for deed, body in bodies.items():
            for who, status in ((self.kari, 403), (self.per, 403), (self.ada, 409)):
                told = self.does(deed, body, by=who)
                self.assertEqual(told.status_code, status, (deed, who))
        self.assertEqual(self.as_api(self.per, "get", "offices").json()["items"], [])

    def test_an_agent_has_none(self):
        told = self.does("open_office", {"name": "East"}, by=self.ada)
        self.assertEqual([one["code"] for one in told.json()["reasons"]], ["not_customer"])

    def test_what_does_not_fit_the_moment_is_refused(self):
        north, south = self.open(), self.open("South")
        named = {"office": north.pk}
        for deed, body, code in (
            ("open_office", {"name": "NORTH"}, "name_taken"),
            ("rename_office", {**named, "name": "south"}, "name_taken"),
            ("rename_office", {**named, "name": "North"}, "nothing_changed"),
            ("reopen_office", named, "is_open"),
            ("close_office", {"office": 999999}, "no_such_office"),
            ("rename_office", {"office": 999999, "name": "West"}, "no_such_office"),
        ):
            told = self.does(deed, body)
            self.assertEqual(told.status_code, 409, deed)
            self.assertEqual([one["code"] for one in told.json()["reasons"]], [code])
        self.assertEqual(self.does("rename_office", {**named, "name": "north"}).status_code, 201)
        self.assertEqual(self.does("close_office", {"office": south.pk}).status_code, 201)
        told = self.does("close_office", {"office": south.pk})
        self.assertEqual([one["code"] for one in told.json()["reasons"]], ["closed_already"])
        self.assertEqual(self.does("open_office", {"name": "x"}).status_code, 422)

    def test_a_role_is_given_for_an_open_office_of_ones_own(self):
        office = self.open()
        theirs = Office.objects.create(organisation=self.stranger, name="Elsewhere")
        role = {"person": "kari", "role": "attestant", "scope": office.scope}
        for scope in (theirs.scope, "office:0", "office:x", "office:", "service:npo"):
            told = self.does("grant", {**role, "scope": scope})
            self.assertEqual(told.status_code, 422, scope)
            self.assertEqual([one["field"] for one in told.json()["errors"]], ["scope"])
        contact = {**role, "role": "contact"}
        self.assertEqual(self.does("grant", contact).status_code, 422)
        self.assertEqual(self.does("grant", role).status_code, 201)
        self.assertTrue(Grant.objects.current().filter(scope=office.scope).exists())
        self.does("close_office", {"office": office.pk})
        liv = {**role, "person": "liv"}
        self.assertEqual(self.does("grant", liv).status_code, 422)
        held = {"person": self.kari, "scope": office.scope}
        self.assertTrue(Grant.objects.current().filter(**held).exists())

    def test_pages_keep_offices_and_give_roles_for_them(self):
        self.enter(self.adam)
        page = self.page(self.adam, "/organisation/offices/")
        self.assertIn("No offices yet", page)
        told = self.client.post("/organisation/offices/", {"name": "North"}, follow=True)
        self.assertContains(told, "North is there.")
        told = self.client.post("/organisation/offices/", {"name": "north"})
        self.assertContains(told, "There is an office of this name already.", status_code=422)
        self.assertContains(told, 'id="f-name-error"', status_code=422)
        office = Office.objects.get()
        asked = self.page(self.adam, "/organisation/grant/")
        self.assertIn(f'<option value="{office.scope}"', asked)
        self.assertIn("The whole organisation", asked)
        role = {"person": "kari", "role": "attestant", "scope": office.scope}
        self.client.post("/organisation/grant/", role)
        for address in ("/organisation/", "/organisation/offices/"):
            self.assertIn("North", self.page(self.adam, address))
        address = f"/organisation/offices/{office.pk}/"
        self.client.post(address, {"name": "Far north"})
        self.client.post(f"{address}close/")
        listed = self.page(self.kari, "/organisation/offices/")
        self.assertIn("Far north", listed)
        self.assertIn("(closed)", listed)
        self.assertIn("Kari Test", listed)
        self.assertNotIn(f"{address}reopen/", listed)
        self.enter(self.adam)
        self.client.post(f"{address}reopen/")
        journal = self.page(self.adam, "/organisation/journal/")
        for words in ("renamed the office North to Far north", "closed the office Far north"):
            self.assertIn(words, journal)

    def test_another_organisations_office_does_not_exist(self):
        theirs = Office.objects.create(organisation=self.stranger, name="Elsewhere")
        self.enter(self.adam)
        self.assertEqual(self.client.get(f"/organisation/offices/{theirs.pk}/").status_code, 404)
        self.assertNotIn("Elsewhere", self.page(self.adam, "/organisation/offices/"))

    def test_lists_cost_the_same_whatever_the_number(self):
        self.enter(self.adam)
        self.open()
        few = self.statements()
        for number in range(5):
            office = self.open(f"Office {number}")
            self.grant(self.kari, self.customer, "orderer", office.scope)
        self.assertEqual(self.statements(), few)
        self.assertLessEqual(few, 13)

    def statements(self):
        with CaptureQueriesContext(connection) as seen:
            self.page(self.adam, "/organisation/offices/")
        return len(seen)


class AtOnceTest(TogetherTest):
    def test_one_of_two_offices_of_a_name_is_opened(self):
        def do():
            return actions.open_office(self.customer, by=self.actor(self.adam), name="North")

        ends = together(do, do)
        refused = [end for end in ends if isinstance(end, Refused)]
        self.assertEqual([one.reasons[0].code for one in refused], ["name_taken"])
        self.assertEqual(Office.objects.count(), 1)

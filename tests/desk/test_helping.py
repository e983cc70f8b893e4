"""Who is my administrator, without telling strangers who works where; asking for help; and the
operator appoints somebody where nobody is left."""

from django.core.cache import cache

from ombud.desk import actions, rules
from ombud.lib import chain
from ombud.lib.errors import Refused
from ombud.people import journal
from ombud.people.models import Appointment, Entry, Grant, Notice, Person, Standing
from ombud.post.models import Letter
from ombud.servicecases.models import ServiceCase
from tests.cast import CastTest, TogetherTest, together
from tests.desk.doors import DoorTest
from tests.desk.proving import NEWCOMER, Proving

NOTE = "Our administrator has left, and nobody can give roles."
GROUNDS = "Asked for by the managing director, who is named in the register extract of today."
NAMED = {
    "given": "Nora",
    "family": "Ny",
    "email": "nora@example.org",
    "personal_number": NEWCOMER,
    "number": "556000-0019",
    "grounds": GROUNDS,
}


def codes(reasons):
    return [reason.code for reason in reasons]


class HelpTest(CastTest):
    def asks(self, person=None, organisation=None):
        by = self.actor(person or self.kari)
        return actions.ask_for_help(by.organisation, by=by, note=NOTE)

    def test_the_administrators_are_told_with_how_to_reach_whoever_asks(self):
        entry = self.asks()
        self.assertEqual((entry.verb, entry.data), ("person.sought_help", {"at": "administrators"}))
        notice = Notice.objects.get()
        self.assertEqual((notice.person, notice.words), (self.adam, "sought_help"))
        letter = Letter.objects.get(address="adam@example.org")
        self.assertIn(NOTE, letter.body)
        self.assertIn("kari@example.org", letter.body)
        self.assertFalse(ServiceCase.objects.exists())

    def test_where_nobody_is_left_it_is_a_case_at_customer_service(self):
        Grant.objects.filter(role="administrator", organisation=self.customer).end()
        self.asks()
        case = ServiceCase.objects.get()
        self.assertEqual((case.task, case.subject), ("appoint", self.customer))
        self.assertEqual(Notice.objects.get().person, self.kim)
        told = self.as_api(self.kim, "get", f"cases/{case.case.number}").json()
        self.assertEqual(told["data"]["subject"]["name"], "The customer")
        for person in (self.kari, self.per):
            there = self.as_api(person, "get", f"cases/{case.case.number}")
            self.assertEqual(there.status_code, 404)
        barred = rules.ask_for_help(self.actor(self.liv), self.customer)
        self.assertEqual(codes(barred), ["asked_already"])

    def test_nobody_is_drowned_in_it(self):
        for _ in range(rules.MOST_HELP):
            self.asks()
        self.assertEqual(
            codes(rules.ask_for_help(self.actor(self.liv), self.customer)), ["too_many"]
        )
        with self.after(days=1, minutes=1):
            self.assertEqual(rules.ask_for_help(self.actor(self.liv), self.customer), [])

    def test_by_program_too_and_of_ones_own_organisation(self):
        told = self.as_api(self.kari, "post", "actions/ask_for_help", {"note": NOTE})
        self.assertEqual((told.status_code, told.json()["verb"]), (201, "person.sought_help"))
        self.assertEqual(Entry.objects.get(verb="person.sought_help").journal_of, self.customer)
        barred = rules.ask_for_help(self.actor(self.per), self.customer)
        self.assertEqual(codes(barred), ["not_member"])


class AppointTest(CastTest):
    def setUp(self):
        super().setUp()
        Grant.objects.filter(role="administrator", organisation=self.customer).end()

    def appoints(self, by=None, **more):
        by = self.actor(by or self.kim)
        return actions.appoint_administrator(by.organisation, by=by, **{**NAMED, **more})

    def test_it_stands_in_both_journals_and_the_appointed_gets_a_letter(self):
        entry = self.appoints()
        row = Appointment.objects.get()
        nora = Person.objects.of_number(NEWCOMER)
        self.assertEqual((row.person, row.appointed_by, row.grounds), (nora, self.kim, GROUNDS))
        self.assertEqual(entry.data["digest"], chain.sha256(row.salt + GROUNDS))
        self.assertNotIn("register", str(entry.data))
        for place in (self.customer, self.operator):
            there = Entry.objects.filter(journal_of=place, verb="administrator.appointed")
            self.assertEqual(there.get().data["to"], nora.pk)
            place.refresh_from_db()
            self.assertIsNone(journal.broken_at(place))
        self.assertEqual(self.actor(nora, self.customer).roles, ["administrator"])
        letter = Letter.objects.get(address="nora@example.org")
        self.assertEqual(letter.subject, "You are now administrator of The customer")

    def test_only_where_nobody_is_left(self):
        barred = rules.appoint_administrator(self.actor(self.kim), self.operator, "5560000043")
        self.assertEqual(codes(barred), ["has_administrator"])
        self.appoints()
        with self.assertRaises(Refused):
            self.appoints(email="another@example.org")

    def test_an_administrator_who_cannot_log_in_any_more_is_none(self):
        Grant.objects.create(
            person=self.adam,
            organisation=self.customer,
            role="administrator",
            scope="*",
            given_by=self.customer,
        )
        Person.objects.filter(pk=self.adam.pk).update(is_active=False)
        self.appoints()

    def test_nobody_but_customer_service_and_only_with_an_agreement(self):
        for person in (self.siv, self.kari, self.ada):
            actor = self.actor(person)
            barred = rules.appoint_administrator(actor, actor.organisation, "5560000019")
            self.assertIn("not_customer_service", codes(barred))
        Standing.objects.filter(organisation=self.customer).end()
        barred = rules.appoint_administrator(self.actor(self.kim), self.operator, "5560000019")
        self.assertEqual(codes(barred), ["not_signed"])
        barred = rules.appoint_administrator(self.actor(self.kim), self.operator, "5560360793")
        self.assertEqual(codes(barred), ["no_such_organisation"])

    def test_by_program_too(self):
        told = self.as_api(self.kari, "post", "actions/appoint_administrator", NAMED)
        self.assertEqual(told.status_code, 403)
        short = {**NAMED, "grounds": "Because."}
        told = self.as_api(self.kim, "post", "actions/appoint_administrator", short)
        self.assertEqual(told.status_code, 422)
        told = self.as_api(self.kim, "post", "actions/appoint_administrator", NAMED)
        self.assertEqual(told.status_code, 201, told.content)


class TestPages(Proving, DoorTest):
    WHOSE = "/administrator/?number=5560000019"

    def setUp(self):
        super().setUp()
        cache.clear()

    def test_a_stranger_reads_masked_names_and_no_others(self):
        self.assertIn("/administrator/", self.read("/login/"))
        page = self.read(self.WHOSE)
        self.assertIn("A•••• T••••", page)
        self.assertNotIn("Adam", page)
        self.assertNotIn("Kari", page)
        page = self.page(self.per, self.WHOSE)
        self.assertNotIn("Adam", page)

    def test_who_belongs_there_reads_them_whole_though_without_any_right(self):
        nils = self.person("nils", self.customer, "contact")
        Grant.objects.filter(person=nils).end()
        self.assertIn("Adam Test", self.page(nils, "/administrator/"))

    def test_a_number_that_is_not_here_or_is_none_says_so(self):
        page = self.read("/administrator/?number=5560360793")
        self.assertIn("There is no organisation with this number", page)
        self.assertEqual(self.client.get("/administrator/?number=12").status_code, 422)

    def test_asking_is_limited(self):
        for _ in range(60):
            self.client.get(self.WHOSE)
        self.assertEqual(self.client.get(self.WHOSE).status_code, 429)

    def test_a_visitor_asks_for_help_by_bankid(self):
        door = "/administrator/help/?number=5560000019"
        self.assertIn("Identify yourself first", self.read(door))
        typed = {"number": "5560000019", "note": NOTE, "contact": "070-174 06 77"}
        self.client.post("/administrator/help/", typed)
        self.assertFalse(Notice.objects.exists())
        there = self.proves("help", number="5560000019", who=NEWCOMER)
        self.assertEqual(there, door)
        answer = self.client.post("/administrator/help/", {**typed, "note": "Short"})
        self.assertEqual(answer.status_code, 422)
        answer = self.client.post("/administrator/help/", typed)
        self.assertRedirects(answer, "/administrator/", fetch_redirect_response=False)
        self.assertIn("has been sent", self.read("/administrator/"))
        self.assertIn("070-174 06 77", Letter.objects.get().body)

    def test_customer_service_appoints_from_the_case(self):
        Grant.objects.filter(role="administrator", organisation=self.customer).end()
        self.enter(self.kari)
        self.client.post("/administrator/help/", {"number": "5560000019", "note": NOTE})
        case = ServiceCase.objects.get().case
        page = self.page(self.kim, f"/service/{case.number}/")
        self.assertIn("Appoint an administrator", page)
        self.assertIn(NOTE, page)
        door = "/organisation/appoint/?number=5560000019"
        self.assertIn(case.number, self.read(door))
        answer = self.client.post("/organisation/appoint/", {**NAMED, "grounds": "Because."})
        self.assertEqual(answer.status_code, 422)
        answer = self.client.post("/organisation/appoint/", NAMED)
        self.assertRedirects(answer, "/organisation/appoint/", fetch_redirect_response=False)
        page = self.read("/organisation/appoint/")
        self.assertIn("Nora Ny is now administrator of The customer", page)
        self.assertIn(GROUNDS, page)
        answer = self.client.post("/organisation/appoint/", NAMED)
        self.assertContains(answer, "has an administrator", status_code=409)

    def test_nobody_else_opens_the_page_of_appointing(self):
        for person in (self.kari, self.ada, self.siv):
            self.enter(person)
            self.assertEqual(self.client.get("/organisation/appoint/").status_code, 403)
            self.assertEqual(self.client.post("/organisation/appoint/", NAMED).status_code, 403)


class AtOnceTest(TogetherTest):
    def test_two_are_not_appointed_at_once(self):
        Grant.objects.filter(role="administrator", organisation=self.customer).end()
        by = self.actor(self.kim)

        def appoint(email):
            typed = {**NAMED, "email": email}
            return actions.appoint_administrator(self.operator, by=by, **typed)

        ends = together(lambda: appoint("a@example.org"), lambda: appoint("b@example.org"))
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 1, ends)
        self.assertEqual(Appointment.objects.count(), 1)

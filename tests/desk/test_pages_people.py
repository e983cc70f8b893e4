"""People by page: changed, let go by the wizard, let back in; whoever registered is answered."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ombud.desk import actions
from ombud.lib import clock
from ombud.people.actors import NOBODY
from ombud.people.models import Grant, Membership, Person, Registration, Verification
from ombud.post.models import Letter
from tests.cast import NUMBERS
from tests.desk.doors import DoorTest
from tests.desk.proving import NEWCOMER


def arriving_with(organisation, number=NEWCOMER) -> Person:
    known = {"given": "Nova", "family": "Ny", "email": "nova@example.org", "phone": "+46701740699"}
    return actions.register(organisation, by=NOBODY, personal_number=number, **known)


class TestWizard(DoorTest):
    PATH = "/organisation/people/deactivate/"

    def test_who_has_nothing_that_hangs_goes_at_one_press(self):
        self.enter(self.adam)
        page = self.client.get(self.PATH, {"person": "liv"}).content.decode()
        self.assertIn("Every role ends at once: Attestant.", page)
        self.assertNotIn("Who takes over?", page)
        answer = self.client.post(self.PATH, {"person": "liv"})
        self.assertRedirects(answer, "/organisation/", fetch_redirect_response=False)
        page = self.read("/organisation/")
        self.assertIn("Liv Test has been deactivated.", page)
        self.assertIn("Restore, without any role", page)

    def test_an_open_approval_is_asked_for_and_handed_over(self):
        order = self.an_approved_order()
        what = f"holder:{order.case.number}:attestant"
        self.enter(self.ada)
        page = self.client.get(self.PATH, {"person": "eva"}).content.decode()
        self.assertIn("1 thing hangs on Eva", page)
        self.assertIn(f'name="{what}"', page)
        self.assertIn("Waits to be attested", page)
        answer = self.client.post(self.PATH, {"person": "eva"})
        self.assertContains(answer, "Choose who takes this over.", status_code=422)
        self.assertTrue(Membership.objects.current().filter(person=self.eva).exists())
        answer = self.client.post(self.PATH, {"person": "eva", what: "ola"})
        self.assertEqual(answer.status_code, 302)
        page = self.read("/organisation/")
        self.assertIn("Eva Test has been deactivated. 1 thing has been handed over.", page)
        self.assertIn(order.case.number, self.page(self.ola, "/approvals/"))
        self.enter(self.eva)
        self.assertEqual(self.client.get(f"/orders/{order.case.number}/").status_code, 404)

    def test_many_are_answered_at_once_and_who_cannot_is_told_once(self):
        self.person("nils", self.agent, "contact", personal_number="")
        for _ in range(2):
            self.an_approved_order()
        self.enter(self.ada)
        page = self.client.get(self.PATH, {"person": "eva"}).content.decode()
        self.assertIn("Who takes over everything?", page)
        self.assertEqual(page.count("Nils Test"), 1)
        self.assertIn("The account is not tied to a BankID yet.", page)
        answer = self.client.post(self.PATH, {"person": "eva", "to": "ola"})
        self.assertEqual(answer.status_code, 302)

    def test_a_choice_that_came_too_late_or_is_forged_is_refused_at_its_field(self):
        order = self.an_approved_order()
        what = f"holder:{order.case.number}:attestant"
        self.enter(self.ada)
        answer = self.client.post(self.PATH, {"person": "eva", what: "kari"})
        self.assertContains(answer, "Choose who takes this over.", status_code=422)

    def test_pressed_twice_it_leads_where_the_first_one_led(self):
        self.enter(self.adam)
        for _ in range(2):
            answer = self.client.post(self.PATH, {"person": "liv"})
            self.assertRedirects(answer, "/organisation/", fetch_redirect_response=False)

    def test_nobody_else_comes_here(self):
        for person in (self.kari, self.per):
            self.enter(person)
            page = self.client.get(self.PATH, {"person": "liv"}).content.decode()
            self.assertIn("Only an administrator gives and takes roles.", page)
            self.assertEqual(self.client.post(self.PATH, {"person": "liv"}).status_code, 403)
        self.assertTrue(Membership.objects.current().filter(person=self.liv).exists())

    def test_the_last_administrator_reads_why_not(self):
        self.enter(self.adam)
        page = self.client.get(self.PATH, {"person": "adam"}).content.decode()
        self.assertIn("The last administrator stays.", page)

    def test_a_stand_in_that_ends_is_told_before(self):
        self.enter(self.liv)
        until = {"person": "kari", "until_at": (clock.now() + timedelta(days=7)).isoformat()}
        self.client.post("/organisation/stand-ins/name/", {**until, "roles": ["*"]})
        self.enter(self.adam)
        page = self.client.get(self.PATH, {"person": "kari"}).content.decode()
        self.assertIn("nobody stands in for Liv Test any more", page)


class TestFormer(DoorTest):
    def test_restored_without_any_role(self):
        self.enter(self.adam)
        self.client.post("/organisation/people/deactivate/", {"person": "liv"})
        answer = self.client.post("/organisation/people/restore/", {"person": "liv"})
        self.assertRedirects(answer, "/organisation/", fetch_redirect_response=False)
        self.assertIn("belongs to the organisation again", self.read("/organisation/"))
        self.assertFalse(Grant.objects.current().filter(person=self.liv).exists())
        self.enter(self.kari)
        self.assertNotIn("Who has been deactivated", self.read("/organisation/"))
        answer = self.client.post("/organisation/people/restore/", {"person": "liv"})
        self.assertEqual(answer.status_code, 403)


class TestChange(DoorTest):
    PATH = "/organisation/people/change/"
    NEW = {
        "given": "Liva",
        "family": "Testsson",
        "email": "liva@example.org",
        "phone": "0701740699",
    }

    def test_who_has_not_come_yet_is_changed_at_once_and_invited_anew(self):
        self.enter(self.adam)
        page = self.client.get(self.PATH, {"person": "liv"}).content.decode()
        self.assertIn('value="liv@example.org"', page)
        answer = self.client.post(self.PATH, {"person": "liv", **self.NEW})
        self.assertRedirects(answer, "/organisation/", fetch_redirect_response=False)
        liv = Person.objects.get(pk=self.liv.pk)
        self.assertEqual((str(liv), liv.email, liv.phone), ("Liva Testsson", *self.reach()))
        self.assertTrue(Letter.objects.filter(address="liva@example.org").exists())

    def reach(self):
        return self.NEW["email"], "+46701740699"

    def test_who_has_come_confirms_it_and_nothing_changes_before(self):
        Person.objects.filter(pk=self.liv.pk).update(seen_login_at=clock.now())
        self.enter(self.adam)
        self.client.post(self.PATH, {"person": "liv", **self.NEW})
        self.assertEqual(Person.objects.get(pk=self.liv.pk).email, "liv@example.org")
        row = Verification.objects.get()
        self.assertEqual((row.person, row.email), (self.liv, "liva@example.org"))
        self.assertIn("A letter has gone to liva@example.org", self.read("/organisation/"))

    def test_faults_stand_at_their_fields_and_the_same_is_no_change(self):
        self.enter(self.adam)
        wrong = {**self.NEW, "person": "liv", "email": "liva"}
        self.assertContains(self.client.post(self.PATH, wrong), "name@example.org", status_code=422)
        same = {"given": "Liv", "family": "Test", "email": "liv@example.org"}
        same["phone"] = self.liv.phone
        answer = self.client.post(self.PATH, {"person": "liv", **same})
        self.assertContains(answer, "Nothing has been changed.", status_code=409)

    def test_nobody_else_changes_and_nobody_elses_people(self):
        self.enter(self.kari)
        answer = self.client.post(self.PATH, {"person": "liv", **self.NEW})
        self.assertEqual(answer.status_code, 403)
        self.enter(self.ada)
        answer = self.client.post(self.PATH, {"person": "liv", **self.NEW})
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(Person.objects.get(pk=self.liv.pk).given, "Liv")


class TestRegistered(DoorTest):
    def setUp(self):
        super().setUp()
        self.nils = Person.objects.begin("nils", "Nils", "Ny", language="en")
        self.row = Registration.objects.create(person=self.nils, organisation=self.customer)

    def test_given_a_role_in_one_press(self):
        self.enter(self.adam)
        page = self.read("/organisation/")
        self.assertIn("Has registered and waits to be let in", page)
        answer = self.client.post(
            "/organisation/people/admit/", {"registration": self.row.pk, "role": "orderer"}
        )
        self.assertRedirects(answer, "/organisation/", fetch_redirect_response=False)
        self.assertIn("Nils Ny belongs to the organisation now, as Orderer.", self.read("/"))
        self.assertIn("Kari Test", self.page(self.nils, "/organisation/"))

    def test_a_role_that_asks_for_a_service_is_asked_for_it(self):
        row = Registration.objects.create(person=self.nils, organisation=self.agent)
        self.enter(self.ada)
        typed = {"registration": row.pk, "role": "agent_handler"}
        answer = self.client.post("/organisation/people/admit/", typed)
        self.assertContains(answer, "Choose the services this role is for.", status_code=422)
        answer = self.client.post("/organisation/people/admit/", {**typed, "scope": "service:npo"})
        self.assertEqual(answer.status_code, 302)

    def test_whom_it_is_about_is_shown_and_no_role_is_chosen_before(self):
        nova = arriving_with(self.agent)
        row = Registration.objects.get(person=nova)
        self.enter(self.ada)
        page = self.read("/organisation/")
        answer = self.client.post("/organisation/people/admit/", {"registration": row.pk})
        self.assertContains(answer, "Choose a role.", status_code=422)
        own = answer.content.decode()
        self.assertNotRegex(own, r"<input[^>]* checked")
        masked = f"{NEWCOMER[:-4]}-••••"
        for shown in (page, own):
            for text in ("nova@example.org, not confirmed yet", "070-174 06 99", masked):
                self.assertIn(text, shown)
            self.assertNotIn(NEWCOMER, shown)
        choice = page[page.index(f'id="f-admit-{row.pk}"') :].partition("</select>")[0]
        self.assertNotIn("selected", choice)
        self.assertRegex(choice, r'^[^<]*<option value="">Choose a role</option>')
        Person.objects.filter(pk=nova.pk).update(email="nova@example.org")
        self.assertIn("nova@example.org, confirmed", self.read("/organisation/"))
        self.assertNotIn("nova@example.org", self.page(self.ola, "/organisation/"))

    def test_many_who_wait_cost_no_more_to_show_than_one(self):
        arriving_with(self.customer)
        self.enter(self.adam)
        self.read("/organisation/")
        with CaptureQueriesContext(connection) as one:
            self.read("/organisation/")
        for number in NUMBERS[13:15]:
            arriving_with(self.customer, number)
        Registration.objects.filter(person=self.nils).delete()
        with self.assertNumQueries(len(one)):
            self.assertEqual(self.read("/organisation/").count("not confirmed yet"), 3)

    def test_refused_the_person_is_told_and_sees_nothing(self):
        self.enter(self.adam)
        self.client.post("/organisation/people/refuse/", {"registration": self.row.pk})
        self.row.refresh_from_db()
        self.assertEqual(self.row.outcome, "refused")
        page = self.page(self.nils, "/registrations/")
        self.assertIn("Your registration was refused.", page)
        self.assertNotIn("Adam", page)

    def test_nobody_else_answers(self):
        for person in (self.kari, self.ada):
            self.enter(person)
            for path in ("admit", "refuse"):
                typed = {"registration": self.row.pk, "role": "orderer"}
                answer = self.client.post(f"/organisation/people/{path}/", typed)
                self.assertIn(answer.status_code, (403, 409))
        self.assertNotIn("Nils", self.page(self.kari, "/organisation/"))
        self.row.refresh_from_db()
        self.assertIsNone(self.row.answered_at)

"""An engagement in the browser: applied for, reviewed, attested, ended; and what strangers meet."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ombud.cases.models import Event
from ombud.orders import actions as order_actions
from ombud.orders.engagements import actions
from ombud.orders.engagements.models import Engagement
from ombud.people.models import Standing
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests.cast import CastTest
from tests.engagements.applying import Applying
from tests.outside import sandbox

FORM = {
    "answers.system": "Journalis",
    "contact.name": "Enok Test",
    "contact.email": "enok@example.org",
    "accept_terms": "on",
    "terms_version": "1",
    "key": "one",
}
DOORS = ("approve", "ask", "reject", "withdraw", "complete", "attest", "refuse", "end", "evidence")


class PageTest(Applying, CastTest):
    def setUp(self):
        super().setUp()
        self.browsers = {}

    def browser(self, person) -> Client:
        if person.pk not in self.browsers:
            self.browsers[person.pk] = Client(headers={"accept-language": "en"})
            self.browsers[person.pk].force_login(person)
        return self.browsers[person.pk]

    def get(self, person, name, *args, status=200):
        answer = self.browser(person).get(reverse(f"engagement:{name}", args=args))
        self.assertEqual(answer.status_code, status, name)
        return answer.content.decode()

    def post(self, person, name, *args, follow=True, **typed):
        path = reverse(f"engagement:{name}", args=args)
        return self.browser(person).post(path, typed, follow=follow)

    def page(self, person, engagement, status=200):
        return self.get(person, "case", engagement.case.number, status=status)


class ApplyTest(PageTest):
    def test_what_must_be_in_place_stands_before_the_questions(self):
        text = self.get(self.enok, "new")
        self.assertIn('href="/engagements/new/npo/"', text)
        text = self.get(self.eva, "new")
        self.assertNotIn('href="/engagements/new/npo/"', text)
        self.assertIn("You lack the role Engagement orderer", text)
        self.assertIn("Ask Ada Test for the role", text)

    def test_it_is_sent_once_however_often_it_is_pressed(self):
        self.assertIn("Be an agent.", self.get(self.enok, "apply", "npo"))
        first = self.post(self.enok, "apply", "npo", **FORM).content.decode()
        again = self.post(self.enok, "apply", "npo", **FORM)
        engagement = Engagement.objects.get()
        self.assertIn("The application has been sent.", first)
        self.assertEqual(again.redirect_chain[-1][0], engagement.get_absolute_url())
        self.assertEqual(engagement.answers, {"system": "Journalis"})

    def test_faults_stand_at_their_fields_and_nothing_typed_is_lost(self):
        typed = {**FORM, "answers.system": "", "contact.name": "Somebody else", "accept_terms": ""}
        text = self.post(self.enok, "apply", "npo", **typed).content.decode()
        self.assertIn("Accept the terms.", text)
        self.assertIn("Somebody else", text)
        self.assertIn("<title>Error:", text)
        self.assertFalse(Engagement.objects.exists())
        text = self.post(self.enok, "apply", "npo", **{**typed, "accept_terms": "on"})
        self.assertIn("System: Fill this in.", text.content.decode())

    def test_a_second_is_told_why_not(self):
        engagement = self.applies()
        text = self.get(self.enok, "apply", "npo", status=409)
        self.assertIn(engagement.case.number, text)
        self.assertIn("Reviewed by the operator", self.get(self.enok, "new"))

    def test_who_may_not_is_refused_and_no_agent_finds_nothing(self):
        self.get(self.eva, "apply", "npo", status=403)
        for person in (self.kari, self.rut):
            self.get(person, "apply", "npo", status=404)
            self.get(person, "new", status=404)
        self.get(self.enok, "apply", "nix", status=404)


class RoadTest(PageTest):
    def test_from_application_to_active(self):
        self.post(self.enok, "apply", "npo", **FORM)
        engagement = Engagement.objects.select_related("case").get()
        number = engagement.case.number
        text = self.page(self.rut, engagement)
        self.assertIn("Your turn: review the application of The agent.", text)
        self.assertIn("Waits for The operator", self.page(self.enok, engagement))
        text = self.post(self.rut, "approve", number, key="k").content.decode()
        self.assertIn("Approved.", text)
        self.assertIn("Your turn: attest for The agent.", self.page(self.eva, engagement))
        self.attests_on_the_page(number)
        self.assertEqual(self.fresh(engagement).state, "active")
        self.assertIn("Active: The agent can be chosen", self.page(self.enok, engagement))
        self.assertIn("Approved with BankID", self.page(self.rut, engagement))

    def attests_on_the_page(self, number, door="attest", **typed):
        sandbox()
        text = self.get(self.eva, door, number)
        shown = text.partition('name="shown" value="')[2].partition('"')[0]
        self.assertIn("I certify that we answer for it." if door == "attest" else "reject", text)
        given = {"shown": shown, "way": "other", "key": f"{door}{shown}", **typed}
        answer = self.post(self.eva, door, number, **given, follow=False)
        signature = Signature.objects.order_by("-begun_at").first()
        self.assertEqual(answer["Location"], reverse("desk:signing", args=[signature.pk]))
        if signature.challenge.hint == "superseded":
            self.browser(self.eva).post(reverse("desk:signing_again", args=[signature.pk]))
            signature = Signature.objects.order_by("-begun_at").first()
        self.signs(signature)
        return self.browser(self.eva).get(reverse("desk:signing", args=[signature.pk]))

    def test_the_receipt_says_what_was_decided(self):
        engagement = self.reviewed()
        receipt = self.attests_on_the_page(engagement.case.number).content.decode()
        self.assertIn("You attested the engagement", receipt)
        self.assertIn("Customers can now choose The agent", receipt)
        self.get(self.eva, "attest", engagement.case.number, status=302)
        evidence = self.get(self.enok, "evidence", engagement.case.number)
        self.assertIn("I approve the agent engagement", evidence)
        self.get(self.rut, "evidence", engagement.case.number, status=404)

    def test_a_refusal_says_why(self):
        engagement = self.reviewed()
        number = engagement.case.number
        answer = self.post(self.eva, "refuse", number, note="no", way="other")
        self.assertIn("Say why in at least 10 characters.", answer.content.decode())
        note = "We have no capacity for it."
        receipt = self.attests_on_the_page(number, "refuse", note=note).content.decode()
        self.assertIn("You rejected the engagement", receipt)
        self.assertIn(note, self.page(self.enok, engagement))

    def test_what_changed_since_it_was_shown_is_read_again(self):
        number = self.reviewed().case.number
        answer = self.post(self.eva, "attest", number, shown="other", way="other")
        self.assertIn("It has changed since this page was shown.", answer.content.decode())

    def test_who_may_not_attest_is_refused_and_who_is_late_is_told(self):
        engagement = self.applies()
        self.get(self.enok, "attest", engagement.case.number, status=403)
        text = self.get(self.eva, "attest", engagement.case.number, status=409)
        self.assertIn("waits for The operator to review it first", text)

    def test_a_completion_goes_there_and_back(self):
        engagement = self.applies()
        number = engagement.case.number
        text = self.post(self.rut, "ask", number, note="short").content.decode()
        self.assertIn("Write at least 10 characters.", text)
        self.post(self.rut, "ask", number, note="Which version of the system?")
        text = self.page(self.rut, engagement)
        self.assertIn("Waits for The agent to complete the application.", text)
        self.assertIn("On hold", text)
        self.assertNotIn("Under way", text)
        text = self.get(self.enok, "complete", number)
        self.assertIn("Which version of the system?", text)
        self.assertIn("Journalis", text)
        typed = {**FORM, "answers.system": "Journalis 7", "answer": "Version seven."}
        self.post(self.enok, "complete", number, **typed)
        self.assertEqual(self.fresh(engagement).state, "operator_review")
        self.assertIn("Version seven.", self.page(self.rut, engagement))

    def test_a_late_press_is_told_kindly(self):
        engagement = self.reviewed()
        text = self.post(self.rut, "approve", engagement.case.number, key="late").content.decode()
        self.assertIn("Already handled by Rut Test", text)
        answer = self.post(self.rut, "reject", engagement.case.number, note="Not good enough.")
        self.assertEqual(answer.status_code, 409)
        self.assertIn("Not good enough.", answer.content.decode())


class EndTest(PageTest):
    def test_it_shows_first_whom_it_concerns(self):
        engagement = self.active()
        done, waiting = self.an_attested_order(), self.a_sent_order()
        order_actions.start(done, by=self.actor(self.ola))
        order_actions.report_connected(self.again(done), by=self.actor(self.ola))
        number = engagement.case.number
        text = self.get(self.rut, "end", number)
        self.assertIn("1 order under way is held", text)
        self.assertIn("The customer", text)
        self.assertIn(f'href="/orders/{waiting.case.number}/"', text)
        text = self.get(self.enok, "end", number)
        self.assertIn(waiting.case.number, text)
        self.assertNotIn(f'href="/orders/{waiting.case.number}/"', text)
        self.assertEqual(self.fresh(engagement).state, "active")
        answer = self.post(self.rut, "end", number, note="The system is taken out of use.")
        text = answer.content.decode()
        self.assertIn("Ended: The agent can no longer be chosen", text)
        self.assertIn("1 order held", text)
        self.assertIn("The system is taken out of use.", text)
        held = self.browser(self.kari).get(f"/orders/{waiting.case.number}/").content.decode()
        self.assertIn("Held: The agent no longer has an engagement for NPÖ.", held)
        self.assertNotIn("taken out of use", held)
        held = self.browser(self.ola).get(f"/orders/{waiting.case.number}/").content.decode()
        self.assertIn("Held: The agent no longer has an engagement for NPÖ.", held)
        page = self.browser(self.ola).get(f"/orders/{waiting.case.number}/review/")
        self.assertEqual(page.status_code, 409)
        self.assertIn("The order is held", page.content.decode())

    def test_a_held_order_is_copied_from_its_page_and_another_agent_is_chosen(self):
        engagement = self.active()
        path = f"/orders/{self.a_sent_order().case.number}/"
        self.assertNotIn(f"{path}copy/", self.browser(self.kari).get(path).content.decode())
        self.ended(engagement)
        self.assertIn(f"{path}copy/", self.browser(self.kari).get(path).content.decode())
        self.assertNotIn(f"{path}copy/", self.browser(self.ola).get(path).content.decode())
        answer = self.browser(self.kari).post(f"{path}copy/", {"key": "c"}, follow=True)
        self.assertRegex(answer.redirect_chain[-1][0], r"/agent/$")
        self.assertIn("Has no engagement for this service.", answer.content.decode())

    def test_no_reason_no_end(self):
        engagement = self.active()
        answer = self.post(self.rut, "end", engagement.case.number, note="")
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(self.fresh(engagement).state, "active")


class SeenTest(PageTest):
    def test_a_stranger_finds_nothing_behind_any_door(self):
        engagement = self.active()
        before = Event.objects.filter(case=engagement.case).count()
        for person in (self.kari, self.adam, self.per):
            self.page(person, engagement, status=404)
            for door in DOORS:
                path = reverse(f"engagement:{door}", args=[engagement.case.number])
                nowhere = reverse(f"engagement:{door}", args=["ENG9999999"])
                for method in ("get", "post"):
                    call = getattr(self.browser(person), method)
                    answer = call(path, {"note": "I want to do it."}).status_code
                    self.assertEqual(answer, call(nowhere).status_code)
                    self.assertIn(answer, (404, 405))
        self.assertEqual(Event.objects.filter(case=engagement.case).count(), before)

    def test_nobody_comes_in_without_login(self):
        number = self.applies().case.number
        self.assertEqual(self.client.get(f"/engagements/{number}/").status_code, 302)

    def test_reading_changes_nothing(self):
        engagement = self.reviewed()
        before = Event.objects.filter(case=engagement.case).count()
        for person in (self.rut, self.enok, self.eva):
            self.page(person, engagement)
        for door in ("attest", "refuse"):
            self.get(self.eva, door, engagement.case.number)
        self.assertEqual(Event.objects.filter(case=engagement.case).count(), before)

    def test_the_list_shows_an_agent_its_own_and_the_operator_all(self):
        engagement = self.applies()
        for person in (self.enok, self.rut, self.ola):
            self.assertIn(engagement.case.number, self.get(person, "all"))
        self.get(self.kari, "all", status=404)
        other = self.organisation("Another agent", "5560000084", "agent")
        oda = self.person("oda", other, "engagement_orderer")
        self.assertNotIn(engagement.case.number, self.get(oda, "all"))
        text = self.browser(self.rut).get("/engagements/?view=active").content.decode()
        self.assertNotIn(engagement.case.number, text)

    def test_what_was_given_before_there_were_cases_stands_below_without_a_link(self):
        told, why = "Given before; no case", "has no case, and cannot be ended here"
        self.assertNotIn(told, self.get(self.enok, "all"))
        other = self.organisation("Another agent", "5560000084", "agent")
        oda = self.person("oda", other, "engagement_orderer")
        self.standing(self.agent, "agent", "service:npo")
        for person in (self.enok, self.rut):
            for path in ("/engagements/", "/engagements/?view=active"):
                text = self.browser(person).get(path).content.decode()
                self.assertIn(told, text)
                self.assertIn(why, text)
                self.assertIn("NPÖ", text)
            text = self.browser(person).get("/engagements/?view=open").content.decode()
            self.assertNotIn(told, text)
        self.assertNotIn(told, self.get(oda, "all"))
        Standing.objects.filter(organisation=self.agent, what="agent").end()
        self.active()
        for person in (self.enok, self.rut):
            self.assertNotIn(told, self.get(person, "all"))

    def test_the_list_asks_as_much_however_long_it_is(self):
        self.ended(self.active())
        self.get(self.rut, "all")
        few = self.asked()
        for _round in range(3):
            self.ended(self.active())
        self.assertEqual(self.asked(), few)

    def asked(self):
        with CaptureQueriesContext(connection) as found:
            self.get(self.rut, "all")
        return len(found)

    def test_it_stands_in_my_approvals_with_its_deed_and_its_agent(self):
        engagement = self.applies()
        text = self.browser(self.rut).get("/approvals/").content.decode()
        self.assertIn(engagement.case.number, text)
        self.assertIn("The agent", text)
        self.assertIn("Review", text)
        actions.approve(engagement, by=self.actor(self.rut))
        text = self.browser(self.eva).get("/approvals/?deed=attest").content.decode()
        self.assertIn(engagement.case.number, text)
        text = self.browser(self.rut).get("/cases/?kind=engagement").content.decode()
        self.assertIn("The agent: Attestant", text)


class RaceTest(PageTest):
    def test_the_failed_signing_leads_back_to_the_engagement(self):
        engagement = self.reviewed()
        begun = self.begins_it(engagement)
        actions.withdraw(engagement, by=self.actor(self.enok))
        self.signs(begun)
        ceremony.collect(begun)
        text = self.browser(self.eva).get(reverse("desk:signing", args=[begun.pk]))
        self.assertIn("Nothing is decided", text.content.decode())
        self.assertIn(engagement.get_absolute_url(), text.content.decode())
        self.assertFalse(Standing.objects.filter(what="agent").exists())

"""A customer tells an agent that cannot be chosen what is lacking; once a day."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ombud.lib import clock
from ombud.lib.errors import Refused
from ombud.orders import actions, rules
from ombud.orders.models import Wanted
from ombud.people.models import Grant, Notice
from ombud.people.roles import Role
from ombud.post.models import Letter
from tests.cast import TogetherTest, together
from tests.desk.doors import DoorTest

ASKED = {"offer": "npo-agent"}
ENGLISH = {"accept-language": "en"}


class WantedTest(DoorTest):
    def setUp(self):
        super().setUp()
        self.asked = {**ASKED, "agent": self.agent.number}
        Grant.objects.filter(organisation=self.agent, role=Role.ATTESTANT).update(
            until_at=clock.now()
        )

    def tells(self, person=None, **changed):
        actor = self.actor(person or self.kari)
        return actions.tell_agent(self.customer, by=actor, **{**self.asked, **changed})

    def codes(self, person=None, **changed):
        actor = self.actor(person or self.kari)
        found = rules.tell_agent(actor, self.customer, **{**self.asked, **changed})
        return [reason.code for reason in found]

    def test_the_agents_administrators_get_a_notice_and_a_letter_of_what_is_lacking(self):
        self.tells()
        notice = Notice.objects.get(words="wanted")
        self.assertEqual((notice.person, notice.organisation), (self.ada, self.agent))
        letter = Letter.objects.get(key=f"notice:{notice.pk}:email")
        self.assertIn(self.customer.name, letter.subject)
        self.assertIn("the role Attestant", letter.body)
        self.assertNotIn("Agent handler", letter.body)
        entry = self.customer.journal.last()
        self.assertEqual((entry.verb, entry.data["agent"]), ("agent.told", self.agent.name))

    def test_the_bell_names_the_service_in_the_readers_language(self):
        self.tells()
        page = self.page(self.ada, "/notices/")
        self.assertIn("NPÖ", page)
        self.assertNotIn("&#39;sv&#39;", page)
        (told,) = self.as_api(self.ada, "get", "notices").json()["items"]
        self.assertNotIn("{", told["words"])

    def test_no_more_than_once_a_day(self):
        self.tells()
        self.assertEqual(self.codes(), ["told_already"])
        with self.assertRaises(Refused) as no:
            self.tells()
        self.assertEqual(no.exception.status, 409)
        with clock.ahead(hours=24, seconds=1):
            self.assertEqual(self.codes(), [])
            self.tells()
        self.assertEqual(Notice.objects.filter(words="wanted").count(), 2)

    def test_only_whoever_may_order_tells(self):
        for person in (self.adam, self.ola, self.per):
            self.assertEqual(self.codes(person), ["not_orderer"])
        with self.assertRaises(Refused) as no:
            self.tells(self.adam)
        self.assertEqual(no.exception.status, 403)
        self.assertFalse(Wanted.objects.exists())

    def test_an_agent_that_can_be_chosen_is_not_bothered(self):
        Grant.objects.filter(organisation=self.agent, role=Role.ATTESTANT).update(until_at=None)
        self.assertEqual(self.codes(), ["can_be_chosen"])

    def test_an_agent_without_administrator_cannot_be_told(self):
        Grant.objects.filter(organisation=self.agent, role=Role.ADMINISTRATOR).update(
            until_at=clock.now()
        )
        self.assertEqual(self.codes(), ["nobody_to_tell"])

    def test_what_is_no_agent_and_no_offer_via_agent_is_refused(self):
        self.assertEqual(self.codes(agent=self.customer.number), ["no_such_agent"])
        self.assertEqual(self.codes(offer="npo-direct"), ["no_such_offer"])
        self.assertEqual(self.codes(offer="none-such"), ["no_such_offer"])

    def test_the_page_tells_in_one_press_and_then_says_when(self):
        self.client.force_login(self.kari)
        path = "/orders/new/npo/npo-agent/"
        page = self.client.get(path, headers=ENGLISH).content.decode()
        self.assertIn("Tell the agent", page)
        done = self.client.post(f"{path}tell/", {"agent": self.agent.number, "next": path})
        self.assertRedirects(done, path)
        for shown in (path, "/orders/new/npo/"):
            page = self.client.get(shown, headers=ENGLISH).content.decode()
            self.assertIn("We told the agent today", page)
            self.assertNotIn("Tell the agent", page)
        self.client.post(f"{path}tell/", {"agent": self.agent.number, "next": path})
        self.assertEqual(Notice.objects.filter(words="wanted").count(), 1)
        self.assertEqual(self.client.get(f"{path}tell/").status_code, 405)

    def test_a_stranger_to_the_offer_finds_nothing(self):
        self.client.force_login(self.ola)
        answer = self.client.post("/orders/new/none/none/tell/", {"agent": self.agent.number})
        self.assertEqual(answer.status_code, 404)

    def test_a_program_tells_too(self):
        done = self.as_api(self.kari, "post", "actions/tell_agent", self.asked)
        self.assertEqual(done.status_code, 201, done.content)
        again = self.as_api(self.kari, "post", "actions/tell_agent", self.asked)
        self.assertEqual(again.status_code, 409)
        self.assertEqual(again.json()["reasons"][0]["code"], "told_already")
        barred = self.as_api(self.adam, "post", "actions/tell_agent", self.asked)
        self.assertEqual(barred.status_code, 403)

    def test_who_was_told_is_asked_once_for_all_agents(self):
        self.client.force_login(self.kari)
        self.client.get("/orders/new/npo/npo-agent/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            self.client.get("/orders/new/npo/npo-agent/")
        told = [query for query in asked.captured_queries if "orders_wanted" in query["sql"]]
        self.assertEqual(len(told), 1)


class AtOnceTest(TogetherTest):
    def test_two_orderers_tell_at_once_and_the_agent_hears_of_it_once(self):
        Grant.objects.filter(organisation=self.agent, role=Role.ATTESTANT).end()
        orderers = [self.kari, self.person("knut", self.customer, "orderer")]
        asked = {**ASKED, "agent": self.agent.number}

        def tells(by):
            return actions.tell_agent(self.customer, by=by, **asked)

        actors = [self.actor(one) for one in orderers]
        ends = together(*(lambda by=by: tells(by) for by in actors))
        refused = [end for end in ends if isinstance(end, Refused)]
        self.assertEqual([one.reasons[0].code for one in refused], ["told_already"])
        self.assertEqual(Wanted.objects.count(), 1)
        self.assertEqual(Notice.objects.filter(words="wanted").count(), 1)

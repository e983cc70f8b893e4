"""Which agents can be chosen: for the service, for a source system, and at what cost."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ombud.orders import agents, rules, systems
from ombud.orders.catalogue import Offer
from ombud.people.models import Grant
from tests.desk.doors import DoorTest

SOURCES = [{"key": "alfa", "name": "Alfa"}, {"key": "beta", "name": "Beta"}]


def codes(reasons):
    return [reason.code for reason in reasons]


class AgentsTest(DoorTest):
    def setUp(self):
        super().setUp()
        body = {**Offer.objects.newest(self.operator, "npo-agent").body, "sources": SOURCES}
        self.offer = Offer.objects.add(self.operator, "npo-agent", body)

    def narrows(self, scope="service:npo/source:alfa"):
        """The agent's only handler handles one source system."""
        Grant.objects.filter(person=self.ola).update(scope=scope)

    def of(self):
        (one,) = agents.of("npo", self.offer.read.sources)
        return codes(one.reasons), {by.source.key: codes(by.reasons) for by in one.sources}

    def test_a_handler_of_the_whole_service_handles_every_source(self):
        self.assertEqual(self.of(), ([], {"alfa": [], "beta": []}))

    def test_a_handler_of_one_source_is_enough_and_the_other_says_why(self):
        self.narrows()
        self.assertEqual(self.of(), ([], {"alfa": [], "beta": ["agent_no_handler"]}))
        told = {one.source: codes(one.reasons) for one in systems.of(self.offer)}
        self.assertEqual(told, {"alfa": [], "beta": ["agent_no_handler"]})
        page = self.page(self.kari, "/orders/new/npo/npo-agent/")
        self.assertIn("Has nobody who handles orders of this system.", page)

    def test_a_handler_of_another_service_is_none(self):
        self.narrows("service:other/source:alfa")
        barred = ["agent_no_handler"]
        self.assertEqual(self.of(), (barred, {"alfa": barred, "beta": barred}))

    def test_programs_read_the_same(self):
        self.narrows()
        (one,) = self.as_api(self.kari, "get", "services/npo/agents").json()["items"]
        self.assertTrue(one["allowed"])
        self.assertEqual([source["allowed"] for source in one["sources"]], [True, False])
        self.assertEqual(one["sources"][1]["reasons"][0]["who"], "Ada Test")

    def test_a_draft_is_judged_by_its_source_once_that_is_named(self):
        self.narrows()
        kari = self.actor(self.kari)
        for source, barred in (("", []), ("alfa", []), ("beta", ["agent_no_handler"])):
            draft = self.a_draft(source=source)
            self.assertEqual(codes(rules.send(kari, draft)), barred, source)

    def test_who_has_left_handles_nothing(self):
        self.ola.membership_set.end()
        self.assertEqual(self.of()[0], ["agent_no_handler"])

    def test_more_agents_cost_no_more_statements(self):
        costs = []
        for number in ("5560000084", "5560000092"):
            self.organisation(f"Agent {number}", number, "agent")
            with CaptureQueriesContext(connection) as asked:
                told = [str(r.who) for s in systems.of(self.offer) for r in s.reasons]
            self.assertIn("customer service", told)
            costs.append(len(asked))
        self.assertEqual(costs, [4, 4])

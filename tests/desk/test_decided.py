"""What was decided stands under Decided, of whatever kind, for whoever sees the case."""

from ombud.agreements import actions as agreements
from ombud.orders.engagements import actions as engagements
from tests.agreements.applying import Applying as Agreeing
from tests.desk.doors import DoorTest
from tests.engagements.applying import Applying as Engaging

PATH = "/approvals/?view=decided"


class EngagementTest(Engaging, DoorTest):
    def test_a_review_and_an_attest_stand_with_whoever_decided(self):
        engagement = self.active()
        number = engagement.case.number
        page = self.page(self.eva, PATH)
        self.assertIn(number, page)
        self.assertIn("Approved", page)
        self.assertIn("BankID", page)
        self.assertIn(number, self.page(self.rut, PATH))
        self.assertNotIn(number, self.page(self.liv, PATH))

    def test_a_no_is_read_as_one(self):
        engagement = self.applies()
        engagements.reject(engagement, by=self.actor(self.rut), note="The system is not ready.")
        page = self.page(self.rut, PATH)
        self.assertIn(engagement.case.number, page)
        self.assertIn("Rejected", page)

    def test_orders_and_engagements_stand_in_the_order_of_time_and_go_on_by_the_page(self):
        engagement = self.active()
        orders = [self.an_approved_order() for _ in range(2)]
        for order in orders:
            self.attests(self.eva, order)
        page = self.page(self.eva, PATH)
        numbers = [one.case.number for one in (*reversed(orders), engagement)]
        self.assertEqual(sorted(numbers, key=page.index), numbers)

    def test_it_is_found_by_its_number_and_by_the_agent(self):
        number = self.active().case.number
        self.enter(self.rut)
        for words in (number, "The agent"):
            self.assertIn(number, self.read(f"{PATH}&q={words}"))
        self.assertNotIn(number, self.read(f"{PATH}&q=somebody-else"))


class AgreementTest(Agreeing, DoorTest):
    def test_the_review_of_an_application_stands_there(self):
        approved = self.approved()
        refused = self.an_agent_applies()
        agreements.reject(refused, by=self.actor(self.rut), note="They are no agent.")
        page = self.page(self.rut, PATH)
        for one in (approved, refused):
            self.assertIn(one.case.number, page)
        self.assertIn(approved.name, page)

"""What administrators read by the API: where orders will stop, what has been done, four eyes."""

from ombud.orders.catalogue import Policy
from ombud.people.models import Grant
from tests.desk.doors import DoorTest


class ReportsTest(DoorTest):
    def reads(self, person, path, status=200):
        answer = self.as_api(person, "get", path)
        self.assertEqual(answer.status_code, status, answer.content)
        return answer.json()

    def test_where_orders_will_stop(self):
        order = self.a_sent_order()
        self.assertEqual(self.reads(self.adam, "dead-ends")["items"], [])
        Grant.objects.filter(person=self.eva).end()
        (lack,) = self.reads(self.adam, "dead-ends")["items"]
        self.assertEqual((lack["organisation"], lack["role"]), ("The agent", "attestant"))
        self.assertEqual((lack["cases"], lack["who"]), ([order.case.number], "Ada Test"))
        self.reads(self.kari, "dead-ends", 403)
        self.assertEqual(self.reads(self.dan_elsewhere(), "dead-ends")["items"], [])

    def test_what_has_been_done(self):
        role = {"person": "liv", "role": "orderer"}
        self.as_api(self.adam, "post", "actions/grant", role)
        first = self.reads(self.adam, "journal")["items"][0]
        self.assertEqual((first["verb"], first["person"]), ("person.granted", "Adam Test"))
        self.assertEqual(first["text"], "gave Liv Test the role Orderer")
        self.reads(self.kari, "journal", 403)
        self.reads(self.adam, "journal?cursor=x", 422)
        theirs = self.reads(self.dan_elsewhere(), "journal")["items"]
        self.assertFalse([row for row in theirs if "Liv Test" in row["text"]])

    def test_the_journal_goes_on_where_it_was(self):
        for _n in range(26):
            role = {"person": "liv", "role": "orderer"}
            self.as_api(self.adam, "post", "actions/grant", role)
            self.as_api(self.adam, "post", "actions/revoke", role)
        first = self.reads(self.adam, "journal")
        then = self.reads(self.adam, f"journal?cursor={first['next']}")
        self.assertEqual(first["items"][-1]["seq"] - 1, then["items"][0]["seq"])

    def test_four_eyes(self):
        steps = self.reads(self.kari, "four-eyes")["steps"]
        self.assertEqual(steps, {"customer_attest": "allow"})
        Policy.objects.add(self.customer, "order", {"four_eyes": "forbid"})
        self.assertEqual(set(self.reads(self.kari, "four-eyes")["steps"].values()), {"forbid"})

    def dan_elsewhere(self):
        return self.person("dan", self.stranger, "administrator")

"""Notices and the catalogue over the programs' door."""

from ombud.people.models import Notice
from tests import catalogue
from tests.cast import CastTest


class NoticesTest(CastTest):
    def notices(self, person):
        told = self.as_api(person, "get", "notices")
        self.assertEqual(told.status_code, 200, told.content)
        return told.json()["items"]

    def test_a_notice_says_what_of_which_case_why_and_by_when(self):
        order = self.a_sent_order()
        (notice,) = self.notices(self.ola)
        self.assertEqual(notice["case"], order.case.number)
        self.assertEqual(notice["href"], f"/api/v1/cases/{order.case.number}")
        self.assertTrue(notice["words"] and notice["why"] and notice["by_when"])
        self.assertIsNone(notice["read_at"])

    def test_notices_are_read_one_by_one_or_all(self):
        for _ in range(3):
            self.a_sent_order()
        latest = self.notices(self.ola)[0]
        told = self.as_api(self.ola, "post", f"notices/{latest['id']}/read", {})
        self.assertEqual(told.status_code, 200, told.content)
        self.assertTrue(told.json()["read_at"])
        self.assertEqual(self.as_api(self.ola, "post", "notices/read", {}).json(), {"read": 2})
        self.assertTrue(all(notice["read_at"] for notice in self.notices(self.ola)))

    def test_a_notice_is_its_readers_alone(self):
        self.a_sent_order()
        (notice,) = self.notices(self.ola)
        path = f"notices/{notice['id']}/read"
        told, unknown = (self.as_api(self.eva, "post", p, {}) for p in (path, "notices/0/read"))
        self.assertEqual((told.status_code, told.content), (404, unknown.content))
        self.assertFalse(Notice.objects.exclude(read_at=None).exists())

    def test_a_notice_of_what_one_no_longer_sees_is_gone(self):
        order = self.a_sent_order()
        order.case.party_set.filter(role="agent").delete()
        self.assertEqual(len(self.notices(self.ola)), 1)
        order.case.sight_set.filter(key__contains=":agent").delete()
        self.assertEqual(self.notices(self.ola), [])

    def test_pages_of_fifty(self):
        order = self.a_sent_order()
        first = Notice.objects.get(person=self.ola)
        for _ in range(60):
            first.pk = None
            first.save(force_insert=True)
        told = self.as_api(self.ola, "get", "notices").json()
        rest = self.as_api(self.ola, "get", f"notices?cursor={told['next']}").json()
        self.assertEqual((len(told["items"]), len(rest["items"]), rest["next"]), (50, 11, None))
        self.assertEqual({row["case"] for row in rest["items"]}, {order.case.number})
        self.assertEqual(self.as_api(self.ola, "get", "notices?cursor=x").status_code, 422)


class ChoicesTest(CastTest):
    def test_a_handler_finds_whom_to_choose(self):
        order = self.a_sent_order()
        path = f"cases/{order.case.number}/attestants"
        told = self.as_api(self.ola, "get", path).json()["items"]
        self.assertEqual(
            told[0], {"username": "eva", "name": "Eva Test", "allowed": True, "why": ""}
        )
        barred = [one["username"] for one in told if not one["allowed"]]
        self.assertCountEqual(barred, ["ada", "ola"])
        for person in (self.kari, self.per):
            self.assertEqual(self.as_api(person, "get", path).status_code, 404)
        draft = self.a_draft().case.number
        self.assertEqual(
            self.as_api(self.kari, "get", f"cases/{draft}/attestants").status_code, 404
        )


class CatalogueTest(CastTest):
    def offers(self, person):
        (service,) = self.as_api(person, "get", "services").json()["items"]
        return service, {offer["key"]: offer for offer in service["offers"]}

    def test_a_program_finds_what_it_can_order(self):
        service, offers = self.offers(self.kari)
        self.assertEqual((service["key"], service["name"]), ("npo", "NPÖ"))
        self.assertEqual(set(offers), {"npo-agent", "npo-direct"})
        via = offers["npo-agent"]
        self.assertEqual((via["connection"], via["allowed"]), ("agent", True))
        self.assertEqual(via["terms"]["version"], 1)
        self.assertEqual(via["fields"][0]["name"], "purpose")

    def test_prices_are_those_of_ones_own_side(self):
        for person, parts in (
            (self.kari, {"customer"}),
            (self.ola, {"agent"}),
            (self.kim, {"customer", "agent"}),
        ):
            _, offers = self.offers(person)
            self.assertEqual(set(offers["npo-agent"]["prices"]), parts)
        told = self.as_api(self.kari, "get", "services").content.decode()
        self.assertIn(str(catalogue.CUSTOMER_MARK), told)
        self.assertNotIn(str(catalogue.AGENT_MARK), told)

    def test_agents_stand_there_with_what_bars_them(self):
        self.organisation("Another agent", "5560000084", "agent")
        told = self.as_api(self.kari, "get", "services/npo/agents").json()["items"]
        self.assertEqual([one["allowed"] for one in told], [True, False])
        self.assertEqual(told[0]["organisation"]["name"], "The agent")
        self.assertIn("agent_not_engaged", [reason["code"] for reason in told[1]["reasons"]])
        self.assertEqual(self.as_api(self.kari, "get", "services/x/agents").status_code, 404)

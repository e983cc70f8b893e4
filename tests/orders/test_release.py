"""When the agent may begin: at the last attest, or when the operator releases it; who is told."""

from ombud.lib.errors import Misshapen, Refused
from ombud.orders import actions, rules
from ombud.orders.catalogue import Form, Offer
from ombud.people.models import Notice
from ombud.post.models import Letter
from ombud.servicecases.models import ServiceCase
from tests.cast import TogetherTest, together
from tests.desk.doors import DoorTest

PRESS = "Release the connection"


def codes(reasons):
    return [reason.code for reason in reasons]


class Releasing:
    """An offer whose agent waits for the operator, and asks for the agent's technician."""

    def publishes(self, release=True):
        newest = Offer.objects.newest(self.operator, "npo-agent")
        Offer.objects.add(self.operator, "npo-agent", {**newest.body, "release": release})
        form = Form.objects.newest(self.operator, "npo").body
        label = {"en": "Technician"}
        technician = {"name": "tech", "label": label, "kind": "email", "technical": True}
        asked = [*form["fields"], {**technician, "required": False}]
        Form.objects.add(self.operator, "npo", {"fields": asked})

    def an_attested_one(self, tech="drift@example.org"):
        order = self.a_sent_order(answers={"purpose": "Care", "tech": tech})
        given = {"certify": True, "accept_terms": True, "billing": {"reference": "8123"}}
        self.does(self.ola, order, "approve", attestant="eva", **given)
        self.attests(self.eva, order)
        self.attests(self.liv, order)
        return self.again(order)

    def told(self, words):
        rows = Notice.objects.filter(words=words)
        return sorted(rows.values_list("person__username", flat=True))

    def letters(self):
        return Letter.objects.filter(subject__startswith="Ready to connect")

    def to_technician(self):
        return Letter.objects.filter(address="drift@example.org")


class WithoutTest(Releasing, DoorTest):
    def test_the_last_attest_tells_handlers_and_technician_all_that_they_need(self):
        self.publishes(release=False)
        order = self.an_attested_one()
        self.assertEqual(self.told("may_connect"), ["ola"])
        self.assertEqual(self.told("connection_begins"), ["kari"])
        number = ServiceCase.objects.get(origin=order.case).case.number
        body = self.letters().get(address="ola@example.org").body
        for words in (
            "You can start the technical connection of The customer to NPÖ.",
            "2 units.",
            "Contact at the customer: Kari Test, kari@example.org",
            f"Case at customer service: {number}.",
        ):
            self.assertIn(words, body)
        letter = self.to_technician().get()
        told = "Ni kan påbörja den tekniska anslutningen av The customer till NPÖ."
        self.assertIn(told, letter.body)
        self.assertIn("namngiven som teknisk kontakt hos The agent", letter.body)
        self.assertEqual(rules.start(self.actor(self.ola), order), [])
        self.assertEqual(codes(rules.release(self.actor(self.kim), order)), ["not_on_the_road"])
        self.assertNotIn(PRESS, self.page(self.kim, f"/orders/{order.case.number}/"))

    def test_a_technician_who_is_a_handler_gets_one_letter(self):
        self.publishes(release=False)
        self.an_attested_one(tech="Ola@example.org")
        self.assertEqual(self.letters().count(), 1)

    def test_the_timeline_says_when_and_to_whom(self):
        self.publishes(release=False)
        order = self.an_attested_one()
        page = self.page(self.ola, f"/orders/{order.case.number}/")
        self.assertRegex(page, r"The agent told today \d\d\.\d\d that the connection may begin")
        self.assertIn("Told: Ola Test, drift@example.org", page)
        page = self.page(self.kari, f"/orders/{order.case.number}/")
        self.assertRegex(page, r"The agent told today \d\d\.\d\d that the connection may begin")


class ReleaseTest(Releasing, DoorTest):
    def setUp(self):
        super().setUp()
        self.publishes()

    def test_until_then_nobody_at_the_agent_is_told_and_nobody_starts(self):
        order = self.an_attested_one()
        self.assertEqual((self.told("may_connect"), self.told("awaits_release")), ([], ["kari"]))
        self.assertFalse(self.letters().exists() or self.to_technician().exists())
        for person in (self.ola, self.kim):
            [reason] = rules.start(self.actor(person), order)
            self.assertEqual((reason.code, reason.because), ("waits_for_release", "time"))
        told = self.as_api(self.ola, "post", f"cases/{order.case.number}/start", {})
        self.assertEqual(told.status_code, 409, told.content)
        self.assertIn("Waits for The operator to release", told.json()["reasons"][0]["text"])
        page = self.page(self.ola, f"/orders/{order.case.number}/")
        self.assertIn("All have attested. Waits for The operator to release the connection.", page)

    def test_the_operator_releases_on_the_page_and_all_are_told(self):
        order = self.an_attested_one()
        number = ServiceCase.objects.get(origin=order.case).case.number
        letter = Letter.objects.get(subject__startswith="New case")
        self.assertIn("The agent waits for you to release the connection.", letter.body)
        page = self.page(self.kim, f"/service/{number}/")
        self.assertIn("Open the order to release it", page)
        path = f"/orders/{order.case.number}/"
        self.assertIn(PRESS, self.read(path))
        for _turn in range(2):
            self.client.post(f"{path}release/", {"key": "once"})
        self.assertIsNotNone(self.again(order).released_at)
        self.assertEqual(self.told("may_connect"), ["ola"])
        self.assertEqual(self.told("connection_begins"), ["kari"])
        self.assertEqual(self.to_technician().count(), 1)
        page = self.read(f"/service/{number}/")
        self.assertIn("The connection was released", page)
        self.assertNotIn("Open the order to release it", page)
        self.assertRegex(self.read(path), r"The agent told today \d\d\.\d\d that the connection")
        late = self.client.post(f"{path}release/", {"key": "again"}, follow=True)
        self.assertRegex(late.content.decode(), r"Already handled by Kim Test \d\d\.\d\d\.")
        actions.start(self.again(order), by=self.actor(self.ola))

    def test_programs_release_it_too(self):
        order = self.an_attested_one()
        path = f"cases/{order.case.number}"
        listed = {one["name"]: one for one in self.as_api(self.kim, "get", path).json()["actions"]}
        self.assertTrue(listed["release"]["allowed"])
        told = self.as_api(self.kim, "post", f"{path}/release", {})
        self.assertEqual(told.status_code, 200, told.content)
        self.assertTrue(told.json()["data"]["released_at"])
        self.assertEqual(self.as_api(self.kim, "post", f"{path}/release", {}).status_code, 409)
        self.assertEqual(self.as_api(self.ola, "post", f"{path}/start", {}).status_code, 200)

    def test_nobody_else_releases_it(self):
        order = self.an_attested_one()
        path = f"/orders/{order.case.number}/release/"
        for person, status in ((self.ola, 403), (self.kari, 403), (self.per, 404)):
            self.enter(person)
            self.assertEqual(self.client.post(path).status_code, status)
            told = self.as_api(person, "post", f"cases/{order.case.number}/release", {})
            self.assertEqual(told.status_code, status)
        self.assertIsNone(self.again(order).released_at)

    def test_not_before_all_have_attested_nor_after_a_rejection(self):
        order, kim = self.a_sent_order(), self.actor(self.kim)
        self.assertEqual(codes(rules.release(kim, order)), ["not_your_turn"])
        self.does(self.ola, order, "reject", note="We cannot connect them.")
        self.assertEqual(codes(rules.release(kim, self.again(order))), ["already_handled"])

    def test_a_direct_offer_has_nobody_to_release(self):
        body = {**Offer.objects.newest(self.operator, "npo-direct").body, "release": True}
        with self.assertRaises(Misshapen):
            actions.publish(
                self.operator, by=self.actor(self.siv), thing="offer", key="npo-direct", body=body
            )


class AtOnceTest(Releasing, TogetherTest):
    def test_released_at_once_it_is_released_once(self):
        self.publishes()
        order, kim = self.an_attested_one(), self.actor(self.kim)
        ends = together(*[lambda: actions.release(order, by=kim)] * 3)
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 2, ends)
        self.assertEqual((self.told("may_connect"), self.to_technician().count()), (["ola"], 1))

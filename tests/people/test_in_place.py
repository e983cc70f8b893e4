"""Who stands in for an administrator sees and hears what the administrator would."""

from datetime import timedelta

from ombud.desk import actions
from ombud.lib import clock
from ombud.people import actions as people
from ombud.people.actors import NOBODY
from ombud.people.models import Notice, StandIn
from tests.cast import NUMBERS
from tests.desk.doors import DoorTest


class InPlaceTest(DoorTest):
    def setUp(self):
        super().setUp()
        StandIn.objects.create(
            person=self.kari,
            instead_of=self.adam,
            organisation=self.customer,
            roles=["administrator"],
            until_at=clock.now() + timedelta(days=2),
        )

    def told(self, words):
        found = Notice.objects.filter(words=words)
        return sorted(found.values_list("person__username", flat=True))

    def listed(self, path, person=None):
        answer = self.as_api(person or self.kari, "get", path)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()["items"]

    def test_who_has_registered(self):
        named = {"given": "Ny", "family": "Ny", "email": "ny@example.org"}
        actions.register(self.customer, by=NOBODY, personal_number=NUMBERS[14], **named)
        self.assertEqual(self.told("registered"), ["adam", "kari"])
        self.assertEqual(len(self.listed("people/registered")), 1)
        self.assertEqual(self.listed("people/registered", self.liv), [])

    def test_who_asks_for_a_role(self):
        people.ask_for_role(self.customer, by=self.actor(self.liv), role="orderer")
        self.assertEqual(self.told("asked"), ["adam", "kari"])
        self.assertEqual(len(self.listed("roles/asked")), 1)

    def test_who_asks_for_help(self):
        note = "Who gives roles at our place?"
        actions.ask_for_help(self.customer, by=self.actor(self.liv), note=note)
        self.assertEqual(self.told("sought_help"), ["adam", "kari"])

    def test_what_hangs_on_somebody(self):
        self.a_sent_order("npo-direct")
        self.assertEqual(len(self.listed("people/liv/hanging")), 1)
        answer = self.as_api(self.liv, "get", "people/kari/hanging")
        self.assertEqual(answer.status_code, 403)

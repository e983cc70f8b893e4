"""Who stands in for an administrator sees and is told what the administrator sees and is told."""

from datetime import timedelta

from ombud.desk import actions
from ombud.lib import clock
from ombud.people import actions as people
from ombud.people import told
from ombud.people.actors import NOBODY
from ombud.people.models import Notice, StandIn
from tests.cast import NUMBERS
from tests.desk.doors import DoorTest

DAYS = timedelta(days=2)


class StandInForAdministratorTest(DoorTest):
    def setUp(self):
        super().setUp()
        self.named = StandIn.objects.create(
            person=self.kari,
            instead_of=self.adam,
            organisation=self.customer,
            roles=["administrator"],
            begun_at=clock.now(),
            until_at=clock.now() + DAYS,
        )

    def told(self, words):
        rows = Notice.objects.filter(words=words).order_by("person__username")
        return list(rows.values_list("person__username", flat=True))

    def items(self, path):
        answer = self.as_api(self.kari, "get", path)
        self.assertEqual(answer.status_code, 200, answer.content)
        return answer.json()["items"]

    def register(self):
        typed = {"given": "Ny", "family": "Ny", "email": "ny@example.org"}
        person = NUMBERS[14]
        return actions.register(self.customer, by=NOBODY, personal_number=person, **typed)

    def test_a_registration(self):
        self.register()
        self.assertEqual(self.told("registered"), ["adam", "kari"])
        self.assertEqual([one["person"] for one in self.items("people/registered")], ["Ny Ny"])
        letter = Notice.objects.get(person=self.kari)
        self.assertIn("Adam Test", told.say(letter)["why"])

    def test_a_request_for_help(self):
        actions.ask_for_help(self.customer, by=self.actor(self.liv), note="Who gives roles here?")
        self.assertEqual(self.told("sought_help"), ["adam", "kari"])

    def test_a_request_for_a_role(self):
        people.ask_for_role(self.customer, by=self.actor(self.liv), role="orderer")
        self.assertEqual(self.told("asked"), ["adam", "kari"])
        self.assertEqual([one["username"] for one in self.items("roles/asked")], ["liv"])

    def test_what_an_agent_is_wanted_for(self):
        facts = {"customer": "One", "agent": "Other", "service": "Third", "lacks": []}
        told.tell(told.administrators(self.customer, "wanted", facts))
        self.assertEqual(self.told("wanted"), ["adam", "kari"])

    def test_what_hangs_on_a_person(self):
        self.assertEqual(self.items("people/liv/hanging"), [])

    def test_in_another_role_or_after_it_nothing_of_it(self):
        StandIn.objects.filter(pk=self.named.pk).update(roles=["orderer"])
        self.register()
        people.ask_for_role(self.customer, by=self.actor(self.liv), role="orderer")
        self.assert_nothing()
        self.assertEqual(self.told("registered"), ["adam"])
        now = clock.now()
        StandIn.objects.filter(pk=self.named.pk).update(roles=["administrator"], until_at=now)
        self.assert_nothing()

    def assert_nothing(self):
        self.assertEqual(self.items("people/registered"), [])
        self.assertEqual(self.items("roles/asked"), [])
        self.assertEqual(self.as_api(self.kari, "get", "people/liv/hanging").status_code, 403)

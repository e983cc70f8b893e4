"""Who stands in for an administrator gets nothing for oneself by any way: it is the smaller of
both that counts, and it ends with the stand-in."""

from datetime import timedelta

from ombud.desk import actions as desk
from ombud.lib import clock
from ombud.people.actors import NOBODY
from ombud.people.models import Grant, Person, StandIn, Verification
from tests.desk.doors import DoorTest


class OwnGainTest(DoorTest):
    def setUp(self):
        super().setUp()
        StandIn.objects.create(
            person=self.kari,
            instead_of=self.adam,
            organisation=self.customer,
            roles=["administrator"],
            until_at=clock.now() + timedelta(days=2),
        )

    def does(self, deed, **typed):
        return self.as_api(self.kari, "post", f"actions/{deed}", typed)

    def holds(self, person=None):
        held = Grant.objects.current().filter(person=person or self.kari)
        return set(held.values_list("role", flat=True))

    def added(self):
        self.does("add_person", given="Kari", family="Too", email="k2@example.org")
        return Person.objects.get(email="k2@example.org")

    def test_a_role_is_not_given_to_oneself(self):
        told = self.does("grant", person="kari", role="attestant")
        self.assertEqual(told.status_code, 403)
        self.assertEqual([one["code"] for one in told.json()["reasons"]], ["own_gain"])
        self.assertEqual(self.does("grant", person="adam", role="orderer").status_code, 201)

    def test_letting_somebody_go_hands_no_role_to_oneself(self):
        self.a_sent_order("npo-direct")
        (hangs,) = self.as_api(self.kari, "get", "people/liv/hanging").json()["items"]
        self.assertIn("gives no roles to oneself", str(hangs))
        told = self.does("deactivate_person", person="liv", to="kari")
        self.assertEqual(told.status_code, 409)
        self.assertIn("gives no roles to oneself", told.json()["reasons"][0]["text"])
        self.assertNotIn("attestant", self.holds())
        self.assertEqual(self.does("deactivate_person", person="liv", to="adam").status_code, 201)
        self.assertIn("attestant", self.holds(self.adam))

    def test_an_account_that_turns_out_to_be_ones_own_brings_no_roles(self):
        second = self.added()
        self.assertEqual(
            self.does("grant", person=second.username, role="attestant").status_code, 201
        )
        link = Verification.objects.filter(person=second).latest("pk")
        desk.verify_account(link, by=NOBODY, personal_number=self.kari.personal_number)
        self.assertNotIn("attestant", self.holds())
        self.assertEqual(self.holds(second), set())

    def test_what_the_administrator_gave_goes_over_as_ever(self):
        named = {"given": "Kari", "family": "Too", "email": "k2@example.org"}
        self.as_api(self.adam, "post", "actions/add_person", named)
        second = Person.objects.get(email="k2@example.org")
        role = {"person": second.username, "role": "attestant"}
        self.as_api(self.adam, "post", "actions/grant", role)
        link = Verification.objects.filter(person=second).latest("pk")
        desk.verify_account(link, by=NOBODY, personal_number=self.kari.personal_number)
        self.assertIn("attestant", self.holds())

"""Whoever holds roles that nothing waits for is told so, and who gives the others."""

from ombud.people.models import StandIn
from tests.desk.doors import DoorTest


class UnaskedTest(DoorTest):
    def test_an_administrator_reads_why_nothing_waits_and_how_to_change_it(self):
        for path in ("/approvals/", "/cases/?view=action"):
            page = self.page(self.adam, path)
            self.assertIn("Nothing waits for your roles", page)
            self.assertIn("You hold: Administrator. Orders wait for: Attestant.", page)
            self.assertIn("also to yourself", page)
            self.assertIn("/organisation/grant/?person=adam", page)

    def test_who_cannot_give_roles_reads_who_does(self):
        page = self.page(self.kari, "/approvals/")
        self.assertIn("You hold: Orderer. Orders wait for: Attestant.", page)
        self.assertIn("Roles are given by: Adam Test.", page)
        self.assertIn('href="/organisation/"', page)

    def test_an_attestant_with_nothing_to_do_is_told_what_will_come(self):
        self.assertNotIn("Nothing waits for your roles", self.page(self.liv, "/approvals/"))

    def test_a_stand_in_is_asked_too(self):
        StandIn.objects.create(organisation=self.customer, person=self.adam, instead_of=self.liv)
        self.assertNotIn("Nothing waits for your roles", self.page(self.adam, "/approvals/"))

"""A contact person who turns out to have an account goes on with that one, in the agreement too."""

from ombud.agreements import actions
from ombud.desk import actions as desk
from ombud.people.actors import NOBODY
from ombud.people.models import Membership, Notice, Verification
from tests.agreements.applying import Applying, somebody
from tests.cast import CastTest


class MergedTest(Applying, CastTest):
    def merged(self):
        """Carl, named without a personal number, proves to be Per, who has an account elsewhere."""
        agreement = self.approved(contacts=[somebody("Carl", 14, personal_number="")])
        (carl,) = [one.person for one in agreement.people if one.part == "contact"]
        link = Verification.objects.filter(person=carl).latest("pk")
        number = self.per.personal_number
        kept = desk.verify_account(link, by=NOBODY, personal_number=number)
        self.assertEqual(kept, self.per)
        self.assertTrue(self.belongs(agreement))
        return self.fresh(agreement)

    def belongs(self, agreement):
        here = Membership.objects.filter(person=self.per, organisation=agreement.organisation)
        return here.current().exists()

    def test_that_one_hears_that_it_is_in_force(self):
        agreement = self.merged()
        self.signs_by_link(agreement, agreement.signatories[0])
        self.assertEqual(self.fresh(agreement).state, "active")
        told = Notice.objects.filter(person=self.per, words__startswith="in_force")
        self.assertEqual(told.count(), 1)

    def test_that_one_goes_again_when_it_comes_to_nothing(self):
        agreement = self.merged()
        note = "It came to nothing in the end."
        actions.reject(agreement, by=self.actor(self.rut), note=note)
        self.assertFalse(self.belongs(agreement))

"""Customers of the operator, their cards and repairs, brought to where a test begins."""

from datetime import UTC, datetime

from django.db import transaction

from ombud.servicecases import steps
from ombud.servicecases.actions import card as card_actions
from ombud.servicecases.actions import repair as actions
from ombud.servicecases.linked import Linked
from ombud.servicecases.models import Card, Repair
from tests.cast import NUMBERS

ANNA = {
    "given": "Anna",
    "family": "Ek",
    "phone": "070-174 06 05",
    "email": "anna@example.org",
    "street": "Storgatan 1",
    "postal_code": "111 22",
    "city": "Stockholm",
}
NUMBER, OTHER_NUMBER = NUMBERS[12], NUMBERS[13]
WHEN = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
APPROXIMATE = {"approximate": 500_000}
LINE = {"what": "New screen", "quantity": "1", "unit_price": 400_000, "vat": 25}


LINK = {"status": "tests.servicecases.customers.checked"}


def checked(case) -> Linked:
    """As if the repair were a record in the linked system too, and both said the same."""
    return Linked(True, "Both say the same.")


class Customers:
    """For a CastTest: Kim works on cases at the operator."""

    @property
    def by(self):
        return self.actor(self.kim)

    def signs_up(self, key="request:1", first="match", other_signer=False, **changed):
        """What a flat above does when somebody has signed."""
        details = {**ANNA, **changed}
        with transaction.atomic():
            return steps.card_for(
                self.operator,
                details,
                first=first,
                by=self.by,
                key=key,
                other_signer=other_signer,
            )

    def card(self, key="request:1", **changed) -> Card:
        return self.signs_up(key, first="new", **changed)[0]

    def makes(self, **typed) -> Card:
        """A card by hand."""
        typed = {"kind": "person", "given": "Bo", "family": "Ek", **typed}
        entry = card_actions.new_card(self.operator, by=self.by, **typed)
        return self.named(entry.data["card"])

    def named(self, number) -> Card:
        return Card.objects.of(self.operator).named(number)

    @transaction.atomic
    def repair(self, key="request:1", costs=APPROXIMATE, **more) -> Repair:
        card, how = self.signs_up(key)
        opened = steps.open_repair(
            self.operator,
            card=card,
            how=how,
            title={"sv": "Reparation: telefon", "en": "Repair: phone"},
            reference="10482",
            object="Phone, Fairphone 5",
            fault="The screen is broken.",
            answers=[{"label": "Since when", "value": "Monday"}],
            costs=costs,
            by=self.by,
            key=key,
            **more,
        )
        return self.fresh(opened)

    def here(self, **more) -> Repair:
        """A repair that goes on in this system."""
        return self.fresh(actions.continue_in(self.repair(**more), by=self.by, side="ombud"))

    def fresh(self, repair) -> Repair:
        rows = Repair.objects.select_related("case__portal", "provider", "card__merged_into")
        return rows.get(pk=repair.pk)

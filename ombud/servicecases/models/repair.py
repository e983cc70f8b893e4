"""A repair: what is to be mended for which customer, at what price, and in which system."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse

from ombud.cases.models import CASE, Matter
from ombud.lib import clock
from ombud.people.models import Organisation, Person
from ombud.servicecases.models.card import Card
from ombud.servicecases.states.repair import MOVES, WORKED_ON, Side, State

# An approximate price may be passed by this much and no more without the customer's yes:
# Swedish law on services to consumers (konsumenttjänstlagen), section 36.
MORE_PERCENT = 15


class Repair(Matter):
    """`how`: which card it was linked to, and what was done to it. Costs in minor units with VAT:
    what the customer has approved. `answers`: what was asked and answered, in their order."""

    MOVES = MOVES
    acting_role = "provider"

    state = models.CharField(max_length=12, choices=State, default=State.NEW)
    provider = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.CharField(max_length=120, blank=True)
    card = models.ForeignKey(Card, models.PROTECT, related_name="repairs")
    how = models.JSONField(default=dict)
    object = models.CharField(max_length=200)
    fault = models.TextField(blank=True)
    answers = models.JSONField(default=list)
    fixed = models.BigIntegerField(null=True)
    approximate = models.BigIntegerField(null=True)
    ceiling = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, default="SEK")
    terms = models.CharField(max_length=60, blank=True)
    side = models.CharField(max_length=12, choices=Side, default=Side.UNDECIDED)
    side_at = models.DateTimeField(null=True)
    side_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "key"], condition=~Q(key=""), name="one_repair_a_key"
            ),
            models.CheckConstraint(condition=Q(state__in=State.values), name="repair_state_known"),
            models.CheckConstraint(condition=Q(side__in=Side.values), name="repair_side_known"),
        ]

    def get_absolute_url(self) -> str:
        return reverse("repair:case", args=[self.case.number])

    @property
    def is_worked_on(self) -> bool:
        return self.state in WORKED_ON

    @property
    def limit(self) -> int | None:
        """The most that may be invoiced without a new yes: the ceiling, where one was agreed; else
        what is fixed, and what is approximate with what the law adds. None: nothing is agreed."""
        if self.ceiling is not None:
            return self.ceiling
        if self.approximate is not None:
            return (self.fixed or 0) + self.approximate * (100 + MORE_PERCENT) // 100
        return self.fixed

    def current_lines(self) -> "list[Line]":
        """Asked for once."""
        known = self.__dict__.get("known_lines")
        if known is None:
            rows = self.lines.filter(removed_at=None).select_related("person").order_by("pk")
            known = self.__dict__["known_lines"] = list(rows)
        return known

    def forget_lines(self) -> None:
        self.__dict__.pop("known_lines", None)

    @property
    def total(self) -> int:
        """Of the invoice basis, with VAT."""
        return sum(line.with_vat for line in self.current_lines())

    @property
    def over(self) -> int:
        """By how much the invoice basis passes what the customer has approved."""
        return max(0, self.total - (self.limit or 0)) if self.current_lines() else 0

    def choose(self, side: str, by) -> None:
        self.side, self.side_at, self.side_by = side, clock.now(), by.person
        self.save(update_fields=["side", "side_at", "side_by"])

    def photos(self) -> list:
        return list(self.case.document_set.filter(circle=CASE).order_by("pk"))

    def attachments_sha256(self) -> list[str]:
        return []

    def words_to_find(self) -> str:
        said = (super().words_to_find(), self.case.reference, self.object, str(self.card))
        return " ".join([*said, self.card.number, self.card.phone])

    def view(self, eyes) -> dict[str, Any]:
        card = self.card.root()
        told = {"number": card.number, "name": card.name, "phone": card.phone, "email": card.email}
        return {
            "customer": told,
            "reference": self.case.reference or None,
            "object": self.object,
            "fault": self.fault,
            "answers": self.answers,
            "how": self.how,
            "costs": self.costs(),
            "lines": [line.as_json() for line in self.current_lines()],
            "total": self.total,
            "over": self.over,
            "continue_in": self.side,
        }

    def costs(self) -> dict[str, Any]:
        """In minor units, with VAT."""
        named = {name: getattr(self, name) for name in ("fixed", "approximate", "ceiling")}
        return {**named, "limit": self.limit, "currency": self.currency, "terms": self.terms}


class Line(models.Model):
    """One line of the invoice basis. The unit price is without VAT, in minor units."""

    RATES = (25, 12, 6, 0)

    repair = models.ForeignKey(Repair, models.PROTECT, related_name="lines")
    what = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=8, decimal_places=2)
    unit = models.CharField(max_length=10)
    unit_price = models.BigIntegerField()
    vat = models.PositiveSmallIntegerField(default=25)
    at = models.DateTimeField(default=clock.now)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_of_something"),
            models.CheckConstraint(condition=Q(vat__in=(25, 12, 6, 0)), name="line_vat_known"),
        ]

    def __str__(self) -> str:
        return self.what

    @property
    def without_vat(self) -> int:
        whole = Decimal(self.quantity) * self.unit_price
        return int(whole.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    @property
    def with_vat(self) -> int:
        vat = Decimal(self.without_vat * self.vat) / 100
        return self.without_vat + int(vat.quantize(Decimal(1), rounding=ROUND_HALF_UP))

    def as_json(self) -> dict[str, Any]:
        told = {"id": self.pk, "what": self.what, "quantity": str(self.quantity)}
        sums = {"without_vat": self.without_vat, "with_vat": self.with_vat}
        return {**told, "unit": self.unit, "unit_price": self.unit_price, "vat": self.vat, **sums}

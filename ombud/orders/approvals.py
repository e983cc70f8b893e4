"""One decision on the road of an order, given or to come."""

from django.db import models

from ombud.lib import clock, rows
from ombud.orders.catalogue import PARTIES
from ombud.orders.states import State
from ombud.people.models import Organisation, Person
from ombud.signing.models import Signature


def named(organisation: Organisation) -> dict:
    return {"name": organisation.name, "number": organisation.number}


class Approval(models.Model):
    """One decision on the road of an order (sv. godkännande). Decided is immutable: the database
    refuses to change it."""

    class Outcome(models.TextChoices):
        COMING = "coming"
        WAITING = "waiting"
        APPROVED = "approved"
        REJECTED = "rejected"
        SENT_BACK = "sent_back"
        NOT_REACHED = "not_reached"

    DECIDED = (Outcome.APPROVED, Outcome.REJECTED, Outcome.SENT_BACK)

    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="approvals")
    place = models.PositiveSmallIntegerField()
    step = models.CharField(max_length=24, choices=State)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=Outcome, default=Outcome.COMING)
    asked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    instead_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    certified = models.TextField(blank=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "step"],
                condition=models.Q(outcome__in=["coming", "waiting"]),
                name="one_open_approval_a_step",
            ),
            models.CheckConstraint(
                condition=~models.Q(outcome__in=["approved", "rejected"])
                | models.Q(signature__isnull=False, decided_by__isnull=False),
                name="no_decision_unsigned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} of {self.order_id}"

    @property
    def circle(self) -> str:
        """The circle of the organisation that decides here."""
        return PARTIES[State(self.step)]

    def is_seen_by(self, eyes) -> bool:
        """What was sent back within an organisation is its own."""
        return self.outcome != self.Outcome.SENT_BACK or eyes.see(self.circle)

    def was_open(self, at) -> bool:
        """Whether it waited to be decided at that moment."""
        return bool(self.asked_at and self.asked_at <= at) and (
            self.decided_at is None or at <= self.decided_at
        )

    def ask(self, asked_at, due_at, person: Person | None) -> None:
        self.outcome, self.asked_at, self.due_at = self.Outcome.WAITING, asked_at, due_at
        self.person = person
        rows.keep(self, "outcome", "asked_at", "due_at", "person")

    def decide(self, outcome: str, by, signature=None, certified: str = "") -> None:
        self.outcome, self.decided_at = outcome, clock.now()
        self.decided_by, self.instead_of = by.person, by.instead_of
        self.signature, self.certified = signature, certified
        self.save()

    def as_json(self) -> dict:
        shown = {
            "step": self.step,
            "organisation": named(self.organisation),
            "role": self.role,
            "outcome": self.outcome,
            "asked_at": self.asked_at,
            "due_at": self.due_at,
            "decided_at": self.decided_at,
            "decided_by": str(self.decided_by) if self.decided_by else None,
            "instead_of": str(self.instead_of) if self.instead_of else None,
            "method": self.signature.method if self.signature else None,
            "certified": self.certified or None,
        }
        return {name: value for name, value in shown.items() if value is not None}

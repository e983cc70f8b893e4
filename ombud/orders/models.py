"""An order, its units, and each approval on its road."""

from datetime import timedelta
from functools import cached_property

from django.db import models
from django.urls import reverse

from ombud.cases.models import BRIEF, CASE, Case, Event, Matter
from ombud.lib import clock, money
from ombud.orders.catalogue import (
    PARTIES,
    Chain,
    Fees,
    Form,
    Offer,
    Policy,
    Price,
    Service,
    Step,
    Terms,
)
from ombud.orders.states import DECIDING, MOVES, REJECTED, UNSENT, State
from ombud.people.models import Organisation, Person
from ombud.people.roles import Role
from ombud.people.settings import Pinned, said
from ombud.signing.models import Signature

CIRCLES = {
    "customer": [BRIEF, CASE, "customer", "customer:inner"],
    "agent": [BRIEF, CASE, "agent", "agent:inner"],
    "operator": [BRIEF, CASE, "customer", "agent", "operator:inner"],
}


class CareUnit(models.Model):
    """A care unit (sv. vårdenhet) that an organisation is known to have."""

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    hsa_id = models.CharField(max_length=31)
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "hsa_id"], name="one_care_unit")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.hsa_id}".strip()


class Order(Matter):
    """A customer's order of one service by one offer. Settings are pinned when it is sent."""

    MOVES = MOVES

    state = models.CharField(max_length=24, choices=State, default=State.DRAFT)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    orderer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    attestant = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    service = Pinned(Service, models.PROTECT, related_name="+")
    offer = Pinned(Offer, models.PROTECT, related_name="+")
    price = Pinned(Price, models.PROTECT, related_name="+")
    terms = Pinned(Terms, models.PROTECT, related_name="+")
    agent_terms = Pinned(Terms, models.PROTECT, null=True, related_name="+")
    form = Pinned(Form, models.PROTECT, null=True, related_name="+")
    chain = Pinned(Chain, models.PROTECT, related_name="+")
    source = models.CharField(max_length=60, blank=True)
    units = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    contact = models.JSONField(default=dict)
    customer_billing = models.JSONField(default=dict)
    agent_billing = models.JSONField(default=dict)
    accepted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    copied_from = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="order_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=UNSENT) | models.Q(sent_at__isnull=False),
                name="order_beyond_draft_was_sent",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("order:case", args=[self.case.number])

    @property
    def scope(self) -> str:
        """The scope path of the agent's part: the service, and its source system if named."""
        path = f"service:{self.service.key}"
        return f"{path}/source:{self.source}" if self.source else path

    @property
    def source_name(self) -> str:
        """The source system as people call it."""
        names = {source.key: source.name for source in self.offer.read.sources}
        return names.get(self.source, self.source)

    @property
    def steps(self) -> list[Step]:
        return self.chain.read.steps

    @property
    def step(self) -> Step | None:
        """The step that waits to be decided, if one does."""
        return next((step for step in self.steps if step.state == self.state), None)

    @property
    def acting_role(self) -> str:
        return self.step.role if self.step else ""

    @property
    def is_waiting(self) -> bool:
        return self.state in DECIDING

    @property
    def is_rejected(self) -> bool:
        return self.state in REJECTED

    @property
    def is_via_agent(self) -> bool:
        return self.offer.read.connection == "agent"

    def party(self, part: str) -> Organisation:
        found = {"customer": self.customer, "agent": self.agent, "operator": self.operator}[part]
        assert found is not None, f"{self} has no {part}"
        return found

    def fees(self, part: str) -> Fees | None:
        """What a party pays; None where it pays nothing."""
        return {"customer": self.price.read.customer, "agent": self.price.read.agent}.get(part)

    @cached_property
    def last_deed(self) -> "Event | None":
        """What somebody did last, in everybody's sight."""
        rows = self.case.events.filter(person__isnull=False, circle=CASE)
        return rows.exclude(verb="order.signed").select_related("person").last()

    @property
    def discarded_at(self):
        """When the draft was deleted last."""
        return self.case.events.filter(verb="order.discarded").latest("seq").at

    def attachments_sha256(self) -> list[str]:
        rows = self.case.document_set.filter(circle=CASE).order_by("sha256")
        return list(rows.values_list("sha256", flat=True))

    def advance(self) -> None:
        """Go to the next step of the chain and wait for whoever acts there."""
        place = self.chain.read.place_of(self.state)
        following = 0 if place is None else place + 1
        if following < len(self.steps):
            self.ask(self.steps[following])
        else:
            self.become(State.CASE_OPEN)
            self.wait_for_connection()

    def ask(self, step: Step) -> None:
        """From now on the order waits for this step."""
        self.become(step.state)
        now = clock.now()
        person = self.attestant if step.who == "chosen" else None
        approval = self.approval_of(step) or self.plan(step)
        approval.ask(now, now + timedelta(days=step.due_days), person)
        self.case.wait_for(
            self.party(step.party),
            step.role,
            scope=self.scope if step.scoped else "",
            person=person,
            not_persons=self.barred_from(step),
            due_at=approval.due_at,
        )

    def barred_from(self, step: Step) -> list[int]:
        """Who holds the role of a step and may not decide it: under four eyes, who prepared it."""
        policy = Policy.objects.of(self.party(step.party)) if step.deed == "attest" else None
        if policy is None or not policy.four_eyes:
            return []
        return sorted({person.pk for person in self.preparers(step)})

    def preparers(self, step: Step) -> set[Person]:
        """Who prepared for a party what is decided in this step of it."""
        found = {self.orderer} if step.party == "customer" else set()
        for row in self.road:
            is_own = row.organisation_id == self.party(step.party).pk
            if row.outcome == "approved" and is_own and row.step != step.state and row.decided_by:
                found.add(row.decided_by)
        return found

    def wait_for_connection(self) -> None:
        """From now on the order waits for whoever connects: the agent, else customer service."""
        if self.agent and self.is_via_agent:
            self.case.wait_for(self.agent, Role.AGENT_HANDLER, scope=self.scope)
        else:
            self.case.wait_for(self.operator, Role.CASE_HANDLER)

    def decide(self, outcome: str, by, signature=None, certified: str = "") -> "Approval":
        """Write the decision of the present step; from then on it cannot be changed."""
        assert self.step is not None
        approval = self.approval_of(self.step)
        assert approval is not None
        approval.decide(outcome, by, signature, certified)
        return approval

    def end_in(self, state: str) -> None:
        """A rejection: what was still to come is not reached."""
        self.approvals.filter(outcome="coming").update(outcome="not_reached")
        self.become(state)

    def retreat(self) -> None:
        """Back to the step before: it is asked anew, and the present one is still to come."""
        assert self.step is not None
        place = self.chain.read.place_of(self.state) or 0
        self.plan(self.step)
        self.ask(self.steps[place - 1])

    def titled(self) -> str:
        name = said(self.service.read.name)
        return f"{name} via {self.agent}" if self.agent and self.is_via_agent else name

    def plan(self, step: Step) -> "Approval":
        return self.approvals.create(
            place=self.chain.read.place_of(step.state),
            step=step.state,
            organisation=self.party(step.party),
            role=step.role,
        )

    def approval_of(self, step: Step) -> "Approval | None":
        """The approval that is still to be given in a step."""
        rows = self.approvals.filter(step=step.state, outcome__in=["coming", "waiting"])
        return rows.order_by("-pk").first()

    def words_to_find(self) -> str:
        units = " ".join(f"{unit['hsa_id']} {unit['name']}" for unit in self.units)
        names = [str(part) for part in (self.customer, self.agent) if part]
        numbers = [part.number for part in (self.customer, self.agent) if part]
        return " ".join([self.case.title, *names, *numbers, units])

    def view(self, eyes) -> dict:
        """The order as these eyes see it: what lies outside their circles is absent."""
        shown = self.view_of_case()
        shown["steps"] = [row.as_json() for row in self.road if row.is_seen_by(eyes)]
        for part in ("customer", "agent") if self.agent else ("customer",):
            if eyes.see(part):
                shown |= self.view_of_party(part)
        return shown

    @property
    def road(self) -> "list[Approval]":
        """Its approvals, given and to come; asked for once where they have been read already."""
        known = getattr(self, "_prefetched_objects_cache", {})
        names = ("organisation", "person", "decided_by", "instead_of", "signature")
        rows = self.approvals.select_related(*names).order_by("pk")
        return list(known.get("approvals", rows))

    def view_of_case(self) -> dict:
        return {
            "service": {"key": self.service.key, "name": said(self.service.read.name)},
            "offer": {"key": self.offer.key, "connection": self.offer.read.connection},
            "agent": named(self.agent) if self.agent else None,
            "source": self.source or None,
            "units": self.units,
            "answers": self.answers,
            "contact": self.contact,
            "terms": {"key": self.terms.key, "version": self.terms.version},
            "chain": {"key": self.chain.key, "version": self.chain.version},
            "sent_at": self.sent_at,
            "copied_from": self.copied_from.number if self.copied_from else None,
        }

    def view_of_party(self, part: str) -> dict:
        fees = self.fees(part)
        billing = self.customer_billing if part == "customer" else self.agent_billing
        shown = {f"{part}_billing": billing}
        if fees:
            shown[f"{part}_price"] = {
                **fees.model_dump(),
                "currency": self.price.read.currency,
                "first_year": fees.first_year(len(self.units)),
                "text": money.text(fees.startup, self.price.read.currency),
            }
        if part == "agent" and self.agent_terms:
            shown["agent_terms"] = {
                "key": self.agent_terms.key,
                "version": self.agent_terms.version,
            }
        return shown


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

    order = models.ForeignKey(Order, models.PROTECT, related_name="approvals")
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

    def ask(self, asked_at, due_at, person: Person | None) -> None:
        self.outcome, self.asked_at, self.due_at = self.Outcome.WAITING, asked_at, due_at
        self.person = person
        self.save(update_fields=["outcome", "asked_at", "due_at", "person"])

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

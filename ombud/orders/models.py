"""An order, its units, and each approval on its road."""

from datetime import timedelta
from functools import cached_property

from django.db import models
from django.urls import reverse

from ombud.cases.models import BRIEF, CASE, Case, Document, Event, Matter
from ombud.lib import clock, money, rows
from ombud.orders import notes
from ombud.orders.approvals import Approval as Approval  # a model of this room
from ombud.orders.approvals import named
from ombud.orders.careunits import CareUnit as CareUnit  # a model of this room
from ombud.orders.catalogue import (
    Chain,
    Fees,
    Form,
    Offer,
    Policy,
    PolicyBody,
    Price,
    Service,
    Step,
    Terms,
)
from ombud.orders.states import DECIDING, MOVES, REJECTED, UNSENT, State
from ombud.orders.wishes import Wanted as Wanted  # a model of this room
from ombud.people.models import Office, Organisation, Person
from ombud.people.offices import scope_of
from ombud.people.roles import Role
from ombud.people.settings import Pinned, Said, said

CIRCLES = {
    "customer": [BRIEF, CASE, "customer", "customer:inner"],
    "agent": [BRIEF, CASE, "agent", "agent:inner"],
    "operator": [BRIEF, CASE, "customer", "agent", "operator:inner"],
}


class Order(Matter):
    """A customer's order of one service by one offer. Settings are pinned when it is sent."""

    MOVES = MOVES
    FLEETING = ("agent_stands", "policies")

    state = models.CharField(max_length=24, choices=State, default=State.DRAFT)
    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agent = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    orderer = models.ForeignKey(Person, models.PROTECT, related_name="+")
    first_orderer = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    attestant = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    service = Pinned(Service, models.PROTECT, related_name="+")
    offer = Pinned(Offer, models.PROTECT, related_name="+")
    price = Pinned(Price, models.PROTECT, related_name="+")
    terms = Pinned(Terms, models.PROTECT, related_name="+")
    agent_terms = Pinned(Terms, models.PROTECT, null=True, related_name="+")
    form = Pinned(Form, models.PROTECT, null=True, related_name="+")
    chain = Pinned(Chain, models.PROTECT, related_name="+")
    source = models.CharField(max_length=60, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, related_name="+")
    units = models.JSONField(default=list)
    answers = models.JSONField(default=dict)
    contact = models.JSONField(default=dict)
    customer_billing = models.JSONField(default=dict)
    agent_billing = models.JSONField(default=dict)
    accepted_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    copied_from = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")

    known_road: list[Approval] | None = None  # as it was read last
    agent_stands: set[tuple[int, str, str]] | None = None  # kept from ending, as Standing tells
    coming: dict[str, Approval] = {}  # what the present transaction has planned, by step

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
    def office_scope(self) -> str:
        """The scope path of the customer's part: its office, if one is named."""
        return scope_of(self.office_id)

    def scope_of(self, step: Step) -> str:
        """The scope path within which a step is decided."""
        if step.party == "customer":
            return self.office_scope
        return self.scope if step.scoped else ""

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

    @property
    def needs_release(self) -> bool:
        """Whether the operator says when the agent may begin; else the last attest does."""
        return self.is_via_agent and self.offer.read.release

    @property
    def waits_for_release(self) -> bool:
        is_ready = self.state == State.CASE_OPEN and self.needs_release
        return is_ready and self.released_at is None

    @property
    def technician(self) -> str:
        """The e-mail address of the agent's technical contact, where the form asks for one."""
        fields = self.form.read.fields if self.form else []
        given = [self.answers.get(field.name) for field in fields if field.technical]
        return next((str(one) for one in given if one), "")

    def release(self) -> None:
        self.released_at = clock.now()
        self.save(update_fields=["released_at"])

    def party(self, part: str) -> Organisation:
        assert part in CIRCLES, f"an order has no {part}"
        found: Organisation | None = getattr(self, part)
        assert found is not None, f"{self} has no {part}"
        return found

    def readers(self, circle: str = "") -> list[str]:
        """At which organisations a thing in everybody's sight, or in one party's, is read."""
        parties = {"customer": self.customer, "operator": self.operator}
        if self.agent and self.is_via_agent:
            parties = {"customer": self.customer, "agent": self.agent, "operator": self.operator}
        seen = [whose for part, whose in parties.items() if (circle or CASE) in CIRCLES[part]]
        return [organisation.name for organisation in dict.fromkeys(seen)]

    def fees(self, part: str) -> Fees | None:
        """What a party pays; None where it pays nothing."""
        return {"customer": self.price.read.customer, "agent": self.price.read.agent}.get(part)

    @cached_property
    def last_deed(self) -> "Event | None":
        """What somebody did last, in everybody's sight."""
        found = self.case.events.filter(person__isnull=False, circle=CASE)
        return found.exclude(verb="order.signed").select_related("person").last()

    @cached_property
    def attached(self) -> list[Document]:
        """The files that stand in it; asked for once where they have not been read already."""
        return list(self.case.document_set.placed().order_by("pk"))

    def attachments(self) -> list[Document]:
        """The files that were ordered with: all parties see them once the order is sent."""
        return [row for row in self.attached if row.circle == CASE]

    @property
    def discarded_at(self):
        """When the draft was deleted last."""
        return self.case.events.filter(verb="order.discarded").latest("seq").at

    def attachments_sha256(self) -> list[str]:
        return sorted(row.sha256 for row in self.attachments())

    def forget_road(self) -> None:
        """What was read of it holds no more."""
        self.known_road = None

    def advance(self, *also: str) -> None:
        """Go to the next step of the chain and wait for whoever acts there; `also` as `become`."""
        place = self.chain.read.place_of(self.state)
        following = 0 if place is None else place + 1
        if following < len(self.steps):
            return self.ask(self.steps[following], *also)
        self.become(State.CASE_OPEN, *also)
        self.wait_for_connection()

    def ask(self, step: Step, *also: str) -> None:
        """From now on the order waits for this step."""
        self.become(step.state, *also)
        self.await_decision(step)

    def await_decision(self, step: Step) -> None:
        """It is asked from this moment on, and has all its days."""
        self.forget_road()
        now = clock.now()
        person = self.attestant if step.who == "chosen" else None
        approval = self.approval_of(step) or self.plan(step)
        approval.ask(now, now + timedelta(days=step.due_days), person)
        self.case.wait_for(
            self.party(step.party),
            step.role,
            scope=self.scope_of(step),
            person=person,
            not_persons=self.barred_from(step),
            due_at=approval.due_at,
        )

    def policy_of(self, organisation: Organisation) -> PolicyBody:
        """What a party demands; asked for once."""
        known: dict[int, PolicyBody] = self.__dict__.setdefault("policies", {})
        if organisation.pk not in known:
            known[organisation.pk] = Policy.objects.of(organisation)
        return known[organisation.pk]

    def barred_from(self, step: Step) -> list[int]:
        """Who may not decide a step though holding its role: where four eyes forbid it, whoever
        prepared it."""
        if self.policy_of(self.party(step.party)).at(step.state) != "forbid":
            return []
        return sorted({person.pk for person in self.preparers(step)})

    def preparers(self, step: Step) -> set[Person]:
        """Who prepared what is decided in this step, at whichever organisation."""
        found = {one for one in (self.orderer, self.first_orderer) if one}
        for row in self.road if self.chain.read.place_of(step.state) else ():
            if row.outcome == "approved" and row.step != step.state and row.decided_by:
                found.add(row.decided_by)
        return found

    def wait_for_connection(self) -> None:
        """From now on the order waits for whoever connects: the agent, else customer service."""
        if self.waits_for_release:
            self.case.wait_behind(self.operator, Role.CASE_HANDLER)
        elif self.agent and self.is_via_agent:
            self.case.wait_for(self.agent, Role.AGENT_HANDLER, scope=self.scope)
        else:
            self.case.wait_for(self.operator, Role.CASE_HANDLER)

    def decide(self, outcome: str, by, signature=None, certified: str = "") -> Approval:
        """Write the decision of the present step; from then on it cannot be changed."""
        assert self.step is not None
        self.forget_road()
        approval = self.approval_of(self.step)
        assert approval is not None
        approval.decide(outcome, by, signature, certified)
        return approval

    def end_in(self, state: str) -> None:
        """A rejection: what was still to come is not reached."""
        self.forget_road()
        self.approvals.filter(outcome="coming").update(outcome="not_reached")
        self.become(state)

    def retreat(self) -> None:
        """Back to the step before: it is asked anew, and the present one is still to come."""
        assert self.step is not None
        place = self.chain.read.place_of(self.state) or 0
        self.plan(self.step)
        self.ask(self.steps[place - 1])

    def titled(self) -> str:
        return said(self.titles())

    def titles(self) -> Said:
        """In each language in which the service has a name."""
        names = self.service.read.name
        if not (self.agent and self.is_via_agent):
            return names
        return {language: f"{name} via {self.agent}" for language, name in names.items()}

    def plan(self, step: Step) -> Approval:
        return rows.put(self.planned(step))

    def planned(self, step: Step) -> Approval:
        """The approval that a step will ask for, not written yet."""
        self.forget_road()
        return Approval(
            order=self,
            place=self.chain.read.place_of(step.state),
            step=step.state,
            organisation=self.party(step.party),
            role=step.role,
        )

    def approval_of(self, step: Step) -> Approval | None:
        """The approval that is still to be given in a step."""
        if step.state in self.coming:
            return self.coming[step.state]
        found = self.approvals.filter(step=step.state, outcome__in=["coming", "waiting"])
        return found.order_by("-pk").first()

    def words_to_find(self) -> str:
        units = " ".join(f"{unit['hsa_id']} {unit['name']}" for unit in self.units)
        names = [str(part) for part in (self.customer, self.agent) if part]
        numbers = [part.number for part in (self.customer, self.agent) if part]
        return " ".join([super().words_to_find(), *names, *numbers, units])

    def view(self, eyes) -> dict:
        """The order as these eyes see it: what lies outside their circles is absent."""
        shown = self.ordered(eyes)
        if any(circle.endswith(":inner") for circle in eyes.circles):
            shown["notes"] = [notes.as_note(row) for row in self.notes if eyes.see(row["circle"])]
        return shown

    @cached_property
    def notes(self) -> list[dict]:
        """Its inner notes, of every circle, unless they have been read with the order."""
        return notes.of(self.case)

    def ordered(self, eyes) -> dict:
        """What was ordered and decided, as these eyes see it."""
        shown = self.view_of_case()
        shown["steps"] = [row.as_json() for row in self.road if row.is_seen_by(eyes)]
        for part in ("customer", "agent") if self.agent else ("customer",):
            if eyes.see(part):
                shown |= self.view_of_party(part)
        return shown

    @property
    def road(self) -> list[Approval]:
        """Its approvals, given and to come; asked for once where they have been read already."""
        if self.known_road is not None:
            return self.known_road
        names = ("organisation", "person", "decided_by", "instead_of", "signature")
        return list(self.approvals.select_related(*names).order_by("pk"))

    def view_of_case(self) -> dict:
        return {
            "service": {"key": self.service.key, "name": said(self.service.read.name)},
            "offer": {"key": self.offer.key, "connection": self.offer.read.connection},
            "agent": named(self.agent) if self.agent else None,
            "source": self.source or None,
            "units": self.units,
            "answers": self.answers,
            "contact": self.contact,
            "attachments": [row.as_json() for row in self.attachments()],
            "terms": {"key": self.terms.key, "version": self.terms.version},
            "chain": {"key": self.chain.key, "version": self.chain.version},
            "sent_at": self.sent_at,
            "copied_from": self.copied_from.number if self.copied_from else None,
            **({"released_at": self.released_at} if self.needs_release else {}),
            **({"held_at": self.held_at} if self.held_at else {}),
        }

    def view_of_party(self, part: str) -> dict:
        fees = self.fees(part)
        billing = self.customer_billing if part == "customer" else self.agent_billing
        shown: dict = {f"{part}_billing": billing}
        if part == "customer" and self.office:
            shown["office"] = {"id": self.office.pk, "name": self.office.name}
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

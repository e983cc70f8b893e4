"""What of orders under way hangs on one person: chosen to attest, or the one who ordered; and who
of the organisation can take it over."""

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from ombud.orders.catalogue import Policy, PolicyBody, Step
from ombud.orders.dead_ends import to_come
from ombud.orders.models import CIRCLES, Approval, Order
from ombud.orders.states import DECIDING, State
from ombud.people.models import Organisation, Person
from ombud.people.roles import Role

ORDERER, ATTESTANT = "orderer", "attestant"
ROLES = {ORDERER: Role.ORDERER, ATTESTANT: Role.ATTESTANT}
OPEN = (State.DRAFT, *DECIDING, State.CASE_OPEN, State.CONNECTING)


@dataclass(frozen=True)
class Hanging:
    """One order that hangs on somebody, in a part."""

    order: Order
    part: str
    step: Step | None = None  # the step for which the person was chosen

    @property
    def key(self) -> str:
        return f"{self.order.case.number}:{self.part}"

    @property
    def role(self) -> Role:
        return ROLES[self.part]

    @property
    def scope(self) -> str:
        """Whoever takes it over holds the role within this."""
        is_customers = self.step is None or self.step.party == "customer"
        return self.order.office_scope if is_customers else ""


def on(person: Person, organisation: Organisation) -> list[Hanging]:
    """By number; drafts too, and not what is over."""
    ordered = Q(orderer=person, customer=organisation, state__in=OPEN)
    chosen = Q(attestant=person, state__in=DECIDING)
    joined = ("case", "customer", "agent", "operator", "orderer", "attestant", "first_orderer")
    found = []
    for order in Order.objects.filter(ordered | chosen).select_related(*joined).order_by("pk"):
        if (order.orderer, order.customer) == (person, organisation):
            found.append(Hanging(order, ORDERER))
        if step := chosen_for(order, person, organisation):
            found.append(Hanging(order, ATTESTANT, step))
    know_roads([one.order for one in found])
    return found


def know_roads(orders: list[Order]) -> None:
    """The approvals of all of them at once."""
    roads: dict[int, list[Approval]] = {order.pk: [] for order in orders}
    rows = Approval.objects.filter(order__in=roads).select_related("decided_by").order_by("pk")
    for row in rows:
        roads[row.order_id].append(row)
    for order in orders:
        order.known_road = roads[order.pk]


def chosen_for(order: Order, person: Person, organisation: Organisation) -> Step | None:
    """The step, now or to come, for which the person was chosen there."""
    if order.attestant != person or order.state not in DECIDING:
        return None
    chosen = (step for step in to_come(order) if step.who == "chosen")
    return next((step for step in chosen if order.party(step.party) == organisation), None)


def policy_of(organisation: Organisation) -> PolicyBody:
    return Policy.objects.of(organisation)


def prepared(hanging: Hanging, policy: PolicyBody) -> set[Person]:
    """Who may not attest it, where the organisation demands four eyes."""
    step = hanging.step
    if step is None or policy.at(step.state) != "forbid":
        return set()
    return hanging.order.preparers(step)


def bar(hanging: Hanging, person: Person, prepared: set[Person]) -> str:
    """Why this one cannot take it over, whatever the role; empty if nothing stands against it."""
    step = hanging.step
    if step is None:
        return ""
    if not person.personal_index and "sms" not in step.methods:
        return _("The account is not tied to a BankID yet.")
    if any(same(person, one) for one in prepared):
        return _("Has prepared the order; your organisation demands that another attests.")
    return ""


def same(one: Person, other: Person) -> bool:
    """The same account, or the same natural person behind two."""
    return one == other or bool(one.personal_index and one.personal_index == other.personal_index)


def reseat(hanging: Hanging, order: Order, before: Person, to: Person) -> None:
    """The seat goes with it, unless nobody has sat there yet."""
    party = hanging.step.party if hanging.step else "customer"
    whose = order.party(party)
    seats = order.case.seat_set.filter(person=before, organisation=whose, role=hanging.part)
    if seats.end():
        order.case.seat(to, whose, hanging.part, CIRCLES[party])


def ask_anew(order: Order, to: Person) -> None:
    """The step that waits is asked of somebody else, and falls due when it did."""
    step = order.step
    assert step is not None
    approval: Approval | None = order.approval_of(step)
    assert approval is not None
    approval.ask(approval.asked_at, approval.due_at, to)
    order.forget_road()
    order.case.wait_for(
        order.party(step.party),
        step.role,
        scope=order.scope_of(step),
        person=to,
        not_persons=order.barred_from(step),
        due_at=approval.due_at,
    )

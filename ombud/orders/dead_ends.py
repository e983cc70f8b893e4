"""Dead ends found before they hurt: a step to come that nobody of its organisation can take."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from ombud.lib import clock, rows
from ombud.orders.catalogue import Policy, PolicyBody, Step
from ombud.orders.models import Order
from ombud.orders.states import DECIDING
from ombud.people.actors import covers
from ombud.people.models import IN_FORCE, Organisation, Person
from ombud.people.presence import GONE, SOON

MOST = 5000  # running orders looked at


class Holder(NamedTuple):
    """A role in force; `natural` is the person behind the account, empty without an e-ID."""

    organisation_id: int
    role: str
    scope: str
    person_id: int
    natural: str


@dataclass(frozen=True)
class DeadEnd:
    """A step of an order, to be taken now or later, for which there is nobody."""

    order: Order
    step: Step
    organisation: Organisation

    @property
    def scope(self) -> str:
        return self.order.scope_of(self.step)


HELD = f"""SELECT g.organisation_id, g.role, g.scope, g.person_id, p.personal_index
  FROM {IN_FORCE} AND g.organisation_id = ANY(%(here)s) AND {GONE} IS NOT TRUE"""


def running(organisation: Organisation | None = None) -> list[Order]:
    """The orders under way, of one party or of all."""
    found = Order.objects.filter(state__in=DECIDING)
    if organisation:
        parties = ("customer", "agent", "operator")
        is_party = Q(*((name, organisation) for name in parties), _connector=Q.OR)
        found = found.filter(is_party)
    people = ("orderer", "first_orderer", "attestant")
    joined = ("case", "customer", "agent", "operator", *people)
    return list(found.select_related(*joined).order_by("pk")[:MOST])


def held(organisations: Iterable[Organisation]) -> list[Holder]:
    """The roles that somebody holds there who belongs to the house, can log in, and is there: here,
    stood in for, or back soon, as before an order."""
    here, now = [one.pk for one in organisations], clock.now()
    asked = {"here": here, "now": now, "soon": now + SOON}
    return [Holder(*row) for row in rows.asked(HELD, asked)]


def of(
    orders: list[Order], but: Holder | None = None, gone: tuple[int, int] | None = None
) -> list[DeadEnd]:
    """Every dead end on the roads of these orders; `but` as if this role were not held, `gone` as
    if this person (organisation and person) held none there."""
    parties = {party for order in orders for party in parties_of(order)}
    known = [
        row
        for row in held(parties)
        if row[:4] != (but and but[:4]) and (row.organisation_id, row.person_id) != gone
    ]
    policies = {row.organisation_id: row.read for row in Policy.objects.current(*parties)}
    return [
        DeadEnd(order, step, order.party(step.party))
        for order in orders
        for step in to_come(order)
        if not can_be_taken(order, step, known, policies)
    ]


def parties_of(order: Order) -> list[Organisation]:
    return [party for party in (order.customer, order.agent, order.operator) if party]


def to_come(order: Order) -> list[Step]:
    """The step that waits, and those after it."""
    place = order.chain.read.place_of(order.state) or 0
    return order.steps[place:]


def can_be_taken(
    order: Order, step: Step, known: list[Holder], policies: dict[int, PolicyBody]
) -> bool:
    """Somebody has the role, may sign, was chosen if somebody was, and did not prepare the order
    where four eyes are demanded."""
    here = order.party(step.party).pk
    scope = order.scope_of(step)
    chosen = order.attestant_id if step.who == "chosen" else None
    prepared = [one for one in (order.orderer, order.first_orderer) if one]
    demands = policies.get(here, PolicyBody()).at(step.state)
    return any(
        (row.organisation_id, row.role) == (here, step.role)
        and covers(row.scope, scope)
        and (row.natural or "sms" in step.methods)
        and chosen in (None, row.person_id)
        and not (demands == "forbid" and any(is_same(row, one) for one in prepared))
        for row in known
    )


def is_same(row: Holder, person: Person) -> bool:
    """The same account, or the same natural person behind it."""
    return row.person_id == person.pk or bool(row.natural and row.natural == person.personal_index)


def without(organisation: Organisation, holder: Holder) -> list[DeadEnd]:
    """What would stop if this role were taken back, and does not stop already."""
    orders = running(organisation)
    return new(of(orders), of(orders, holder)) if orders else []


def without_person(organisation: Organisation, person: Person) -> list[DeadEnd]:
    """The same, if the person left with every role held there."""
    orders = running(organisation)
    gone = (organisation.pk, person.pk)
    return new(of(orders), of(orders, gone=gone)) if orders else []


def new(before: list[DeadEnd], after: list[DeadEnd]) -> list[DeadEnd]:
    stopped = {(end.order.pk, end.step.state) for end in before}
    return [end for end in after if (end.order.pk, end.step.state) not in stopped]

"""Dead ends found before they hurt: a step to come that nobody of its organisation can take."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Q

from ombud.lib import clock, rows
from ombud.orders.catalogue import Policy, PolicyBody, Step
from ombud.orders.models import Approval, Order
from ombud.orders.states import DECIDING
from ombud.people.actors import covers
from ombud.people.models import IN_FORCE, Organisation, Person
from ombud.people.presence import ABLE, GONE, SOON
from ombud.people.terms import CURRENT

MOST = 5000  # running orders looked at
FORBID = "forbid"


class Holder(NamedTuple):
    """A role in force; `natural` is the person behind the account, empty without an e-ID. `acts`
    is the account that would take a step, with its `acting` person: of whoever stands in, where
    the holder is away for long."""

    organisation_id: int
    role: str
    scope: str
    person_id: int
    natural: str
    acts: int = 0
    acting: str = ""
    has_phone: bool = False

    @property
    def who(self) -> frozenset[object]:
        """Everybody whom it counts as having acted, by account and by natural person."""
        return frozenset(filter(None, [self.person_id, self.natural, self.acts, self.acting]))


@dataclass(frozen=True)
class DeadEnd:
    """A step of an order, to be taken now or later, for which there is nobody."""

    order: Order
    step: Step
    organisation: Organisation

    @property
    def scope(self) -> str:
        return self.order.scope_of(self.step)


HELD = f"""SELECT g.organisation_id, g.role, g.scope, g.person_id, g.personal_index,
  coalesce(d.id, g.person_id), coalesce(d.personal_index, g.personal_index),
  coalesce(d.phone, g.phone) <> ''
FROM (SELECT g.organisation_id, g.role, g.scope, g.person_id, p.personal_index, p.phone
    FROM {IN_FORCE} AND g.organisation_id = ANY(%(here)s) AND {GONE} IS NOT TRUE) g
LEFT JOIN LATERAL (SELECT q.id, q.personal_index, q.phone
    FROM people_standin s JOIN people_person q ON q.id = s.person_id
    WHERE s.instead_of_id = g.person_id AND s.organisation_id = g.organisation_id
      AND {CURRENT.format("s")} AND {ABLE} AND (s.until_at IS NULL OR s.until_at > %(soon)s)
    ORDER BY s.id LIMIT 1) d ON true"""


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
        if row[:4] != (but and but[:4])
        and gone not in ((row.organisation_id, row.person_id), (row.organisation_id, row.acts))
    ]
    policies = {row.organisation_id: row.read for row in Policy.objects.current(*parties)}
    demanded = any(FORBID in (body.four_eyes, *body.steps.values()) for body in policies.values())
    before = deciders(orders) if demanded else {}
    return [
        DeadEnd(order, step, order.party(step.party))
        for order in orders
        for step in to_come(order)
        if not can_be_taken(order, step, known, policies, before.get(order.pk, frozenset()))
    ]


def deciders(orders: list[Order]) -> dict[int, frozenset[object]]:
    """Who has approved a step of an order, by account and by natural person."""
    decided = Approval.objects.filter(
        order__in=orders, outcome="approved", decided_by__isnull=False
    )
    found: dict[int, set[object]] = {}
    for order, person, natural in decided.values_list(
        "order", "decided_by", "decided_by__personal_index"
    ):
        found.setdefault(order, set()).update(filter(None, [person, natural]))
    return {order: frozenset(who) for order, who in found.items()}


def parties_of(order: Order) -> list[Organisation]:
    return [party for party in (order.customer, order.agent, order.operator) if party]


def to_come(order: Order) -> list[Step]:
    """The step that waits, and those after it."""
    place = order.chain.read.place_of(order.state) or 0
    return order.steps[place:]


def can_be_taken(
    order: Order,
    step: Step,
    known: list[Holder],
    policies: dict[int, PolicyBody],
    decided: frozenset[object],
) -> bool:
    """Somebody has the role, may sign, was chosen if somebody was, and has no part in the order
    where four eyes are demanded: neither by now, nor as the only one for a step before."""
    able = able_to(order, step, known)
    if policies.get(order.party(step.party).pk, PolicyBody()).at(step.state) != FORBID:
        return bool(able)
    prepared = decided.union(
        *(
            {one.pk, one.personal_index or one.pk}
            for one in (order.orderer, order.first_orderer)
            if one
        )
    )
    coming = to_come(order)
    earlier = [able_to(order, one, known) for one in coming[: coming.index(step)]]
    return any(
        not row.who & prepared
        and all(not there or any(not one.who & row.who for one in there) for there in earlier)
        for row in able
    )


def able_to(order: Order, step: Step, known: list[Holder]) -> list[Holder]:
    """Who could take a step for its own sake."""
    here, scope = order.party(step.party).pk, order.scope_of(step)
    chosen = order.attestant_id if step.who == "chosen" else None
    return [
        row
        for row in known
        if (row.organisation_id, row.role) == (here, step.role)
        and covers(row.scope, scope)
        and (row.acting or ("sms" in step.methods and row.has_phone))
        and chosen in (None, row.person_id)
    ]


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

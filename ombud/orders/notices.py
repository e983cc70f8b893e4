"""Who hears of what happens to an order, and why they do."""

from collections.abc import Iterable

from ombud.cases import turns
from ombud.orders.models import Order
from ombud.people.models import Grant, Notice, Organisation, Person
from ombud.people.roles import Role

WORDS = {"review": "review", "attest": "attest"}


def awaits(order: Order) -> list[Notice]:
    """Tell whoever's turn it is, and by when."""
    step = order.step
    turn = next(iter(turns.open_of(order.case)), None)
    if step is None or turn is None or turn.organisation is None:
        return []
    people = [turn.person] if turn.person else holders(turn.organisation, step.role, turn.scope)
    return [
        one(
            order,
            person,
            turn.organisation,
            WORDS[step.deed],
            step.role,
            calls=True,
            by=turn.due_at,
        )
        for person in people
    ]


def sent(order: Order) -> list[Notice]:
    """The receipt for whoever ordered, and the first turn."""
    return [*receipt(order, "sent"), *awaits(order)]


def rejected(order: Order, *, by) -> list[Notice]:
    """The orderer and everybody who has already acted hear of it; nobody else was ever asked."""
    acted = order.approvals.filter(outcome="approved").select_related("decided_by", "organisation")
    people = {row.decided_by: row.organisation for row in acted if row.decided_by != by.person}
    told = [one(order, who, where, "rejected", "acted") for who, where in people.items() if who]
    return [*receipt(order, "rejected"), *told]


def after_attest(order: Order, *, by) -> list[Notice]:
    """The next in turn; or the end of it, good or bad."""
    if order.is_rejected:
        return rejected(order, by=by)
    return awaits(order) if order.is_waiting else attested(order)


def attested(order: Order) -> list[Notice]:
    """After the last attest: the agent may start, the orderer hears that it can."""
    if order.agent is None:
        return receipt(order, "attested_direct")
    handlers = holders(order.agent, Role.AGENT_HANDLER, order.scope)
    told = [one(order, who, order.agent, "may_connect", Role.AGENT_HANDLER) for who in handlers]
    return [*told, *receipt(order, "connection_begins")]


def started(order: Order) -> list[Notice]:
    return receipt(order, "started")


def connected(order: Order) -> list[Notice]:
    return receipt(order, "connected")


def receipt(order: Order, words: str) -> list[Notice]:
    return [one(order, order.orderer, order.customer, words, "orderer")]


def holders(organisation: Organisation, role: str, scope: str = "") -> Iterable[Person]:
    """Everybody who holds the role and can log in, each once."""
    holding = Grant.objects.holding(role, organisation, scope).values("person")
    return Person.objects.filter(pk__in=holding).order_by("pk")


def one(
    order: Order,
    person: Person,
    organisation: Organisation,
    words: str,
    why: str,
    *,
    calls: bool = False,
    by=None,
) -> Notice:
    return Notice(
        person=person,
        organisation=organisation,
        words=words,
        why=why,
        calls=calls,
        by_when=by,
        data=facts(order, organisation),
    )


def facts(order: Order, organisation: Organisation) -> dict:
    """What a letter may say: numbers and organisations, no content of the order."""
    return {
        "customer": order.customer.name,
        "agent": order.agent.name if order.agent else "",
        "operator": order.operator.name,
        "organisation": organisation.name,
        "service": order.service.read.name,
        "units": len(order.units),
        "contact": order.contact.get("name", ""),
        "state": str(order.state),
    }

"""Who hears of what happens to an order, and why they do."""

from typing import Any

from django.utils import translation

from ombud.cases import letters, turns
from ombud.cases.models import Event
from ombud.orders.models import Approval, Order
from ombud.orders.states import State
from ombud.people import holders
from ombud.people.models import Notice, Organisation, Person
from ombud.people.roles import Role
from ombud.people.settings import said
from ombud.servicecases.models import ServiceCase

WORDS = {"review": "review", "attest": "attest"}


def awaits(order: Order) -> list[Notice]:
    """Tell whoever's turn it is, and by when."""
    step = order.step
    turn = order.case.asked or next(iter(turns.open_of(order.case)), None)
    if step is None or turn is None or turn.organisation is None:
        return []
    able = [turn.person] if turn.person else holders.of(turn.organisation, step.role, turn.scope)
    people = [person for person in able if person.pk not in turn.not_persons]
    called = [
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
    for notice in called:
        notice.not_persons = turn.not_persons
    return called


def moved_on(order: Order, done: Approval, called: list[Notice], *, by) -> list[Notice]:
    """Whoever ordered hears of every step: in the bell, and by mail where it goes to another
    party. Not of own deeds, nor of what it is the own turn to do."""
    step, person = order.step, order.orderer
    if step is None or person == by.person or person in {notice.person for notice in called}:
        return []
    there = order.party(step.party)
    deed = next(one.deed for one in order.steps if one.state == done.step)
    more: dict[str, Any] = {"done_by": done.organisation.name, "deed": deed}
    more |= {"next": there.name, "next_deed": step.deed}
    notice = one(order, person, order.customer, "moved_on", "orderer", **more)
    notice.is_mailed = done.organisation != there
    return [notice]


def approved(order: Order, done: Approval, *, by) -> list[Notice]:
    """The next in turn, and whoever ordered."""
    called = awaits(order)
    return [*called, *moved_on(order, done, called, by=by)]


def sent(order: Order) -> list[Notice]:
    """The receipt for whoever ordered, and the first turn."""
    return [*receipt(order, "sent"), *awaits(order)]


def rejected(order: Order, *, by) -> list[Notice]:
    """The orderer and everybody who has already acted, or in whose place, hear of it; nobody else
    was ever asked."""
    names = ("decided_by", "instead_of", "organisation")
    acted = order.approvals.filter(outcome="approved").select_related(*names)
    others = [row for row in acted if row.decided_by != by.person]
    people = {row.instead_of or row.decided_by: row.organisation for row in others}
    told = [one(order, who, where, "rejected", "acted") for who, where in people.items() if who]
    return [*receipt(order, "rejected"), *told]


def after_attest(order: Order, done: Approval, *, by) -> list[Notice]:
    """The next in turn; or the end of it, good or bad."""
    if order.is_rejected:
        return rejected(order, by=by)
    return approved(order, done, by=by) if order.is_waiting else attested(order)


def attested(order: Order) -> list[Notice]:
    """After the last attest: the agent may start, unless the operator is to release it first."""
    if order.agent is None:
        return receipt(order, "attested_direct")
    return receipt(order, "awaits_release") if order.waits_for_release else released(order)


def released(order: Order) -> list[Notice]:
    """The agent may start, and the orderer hears that it can."""
    agent = order.agent
    assert agent is not None
    number = service_case(order)
    told = [
        one(order, who, agent, "may_connect", Role.AGENT_HANDLER, calls=True, case=number)
        for who in holders.of(agent, Role.AGENT_HANDLER, order.scope)
    ]
    return [*told, *receipt(order, "connection_begins")]


def write_outside(order: Order, event: Event) -> None:
    """The letter that the agent may start, to its technical contact too, where one is named who is
    not told as a handler already."""
    address, agent = order.technician, order.agent
    may_start = order.state == State.CASE_OPEN and not order.waits_for_release
    if not (address and agent and order.is_via_agent and may_start):
        return
    handlers = holders.of(agent, Role.AGENT_HANDLER, order.scope)
    if address.casefold() in {person.email.casefold() for person in handlers}:
        return
    told = Notice(organisation=agent, words="may_connect", why="technician")
    told.data = {**facts(order, agent), "case": service_case(order)}
    letters.write_to(address, told, order.case, event)


def service_case(order: Order) -> str:
    """The number of the case at customer service."""
    rows = ServiceCase.objects.filter(origin=order.case)
    return rows.values_list("case__number", flat=True).first() or ""


def started(order: Order) -> list[Notice]:
    return receipt(order, "started")


def connected(order: Order) -> list[Notice]:
    return receipt(order, "connected")


def held(order: Order) -> list[Notice]:
    """Whom it waits for, told before the turn is taken away, and somebody of every party."""
    turn = next(iter(turns.open_of(order.case)), None)
    asked: list[Known] = []
    if turn and turn.organisation:
        where, role = turn.organisation, turn.role
        able = [turn.person] if turn.person else holders.of(where, role, turn.scope)
        asked = [(person, where, role) for person in able]
    return once_each(order, [*asked, *of_every_party(order)], "held")


def resumed(order: Order) -> list[Notice]:
    """Who is asked anew, and the others who heard that it was held."""
    called = awaits(order)
    asked = {(notice.person.pk, notice.organisation.pk) for notice in called}
    people = [one for one in of_every_party(order) if (one[0].pk, one[1].pk) not in asked]
    return [*called, *once_each(order, people, "resumed")]


Known = tuple[Person, Organisation, str]  # who, where, and in which role


def of_every_party(order: Order) -> list[Known]:
    """Whoever ordered, the agent's handlers and customer service."""
    agent, operator = order.agent, order.operator
    assert agent is not None
    handlers = holders.of(agent, Role.AGENT_HANDLER, order.scope)
    return [
        (order.orderer, order.customer, "orderer"),
        *((who, agent, Role.AGENT_HANDLER) for who in handlers),
        *((who, operator, Role.CASE_HANDLER) for who in holders.of(operator, Role.CASE_HANDLER)),
    ]


def once_each(order: Order, people: list[Known], words: str) -> list[Notice]:
    first = {(who.pk, where.pk): (who, where, why) for who, where, why in reversed(people)}
    return [one(order, who, where, words, why) for who, where, why in [*first.values()][::-1]]


def dead_end(order: Order, organisation: Organisation, state: str, stopped: int) -> list[Notice]:
    """The administrators of the organisation where nobody can go on; of how many orders."""
    step = next(one for one in order.steps if one.state == state)
    told = []
    for person in holders.of(organisation, Role.ADMINISTRATOR):
        notice = one(order, person, organisation, "dead_end", Role.ADMINISTRATOR)
        notice.data |= {"deed": step.deed, "stopped": stopped}
        told.append(notice)
    return told


def taken_over(order: Order, before: Person) -> Notice:
    """Whoever is answerable for the order from now on."""
    return one(order, order.orderer, order.customer, "taken_over", "orderer", before=str(before))


def receipt(order: Order, words: str) -> list[Notice]:
    return [one(order, order.orderer, order.customer, words, "orderer")]


def one(
    order: Order,
    person: Person,
    organisation: Organisation,
    words: str,
    why: str,
    *,
    calls: bool = False,
    by=None,
    **more: Any,
) -> Notice:
    with translation.override(person.language):
        told = facts(order, organisation)
    return Notice(
        person=person,
        organisation=organisation,
        words=words,
        why=why,
        calls=calls,
        by_when=by,
        data={**told, **more},
    )


def facts(order: Order, organisation: Organisation) -> dict:
    """What a letter may say, in the present language: numbers, organisations and the contact, no
    content of the order."""
    contact = [order.contact.get(name, "") for name in ("name", "email", "phone")]
    return {
        "customer": order.customer.name,
        "agent": order.agent.name if order.agent else "",
        "operator": order.operator.name,
        "organisation": organisation.name,
        "service": said(order.service.read.name),
        "units": len(order.units),
        "contact": ", ".join(filter(None, contact)),
        "state": str(order.state),
    }

"""The whole road of an order, from the start: what is done, under way, and still to come."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ombud.cases.models import Event
from ombud.cases.sight import Eyes
from ombud.cases.timeline import words_of
from ombud.lib import days
from ombud.orders.catalogue import ChainBody
from ombud.orders.catalogue import Step as Stop
from ombud.orders.models import Approval, Order
from ombud.orders.states import State
from ombud.people.roles import Role
from ombud.ui.pieces import Step, StepState

STATES: dict[str, StepState] = {
    "coming": "coming",
    "approved": "done",
    "rejected": "rejected",
    "not_reached": "cancelled",
    "sent_back": "coming",
}
DECIDED = ("order.approved", "order.attested")
LATE_ROAD = (State.CASE_OPEN, State.CONNECTING, State.ACTIVE)


def of(order: Order, eyes: Eyes, events: Iterable[Event] = ()) -> list[Step]:
    """`events`: those that the reader sees; reasons and times are read from them."""
    told = list(events)
    return [
        ordered(order),
        *(decided(order, stop, eyes, told) for stop in order.steps),
        *after(order, told),
    ]


def planned(chain: ChainBody, names: dict[str, str]) -> list[Step]:
    """The road that an order would take, with the names of roles; `names` by party."""
    stops = [
        Step(deed_words(stop, names[stop.party]), "coming", "", str(Role(stop.role).label))
        for stop in chain.steps
    ]
    return [*stops, Step(_("Case at customer service"), "coming", "", names["operator"])]


def names(order: Order) -> dict[str, str]:
    return {
        "customer": order.customer.name,
        "agent": order.agent.name if order.agent else _("the agent"),
        "operator": order.operator.name,
    }


def ordered(order: Order) -> Step:
    is_sent = order.sent_at is not None
    return Step(
        _("Ordered"),
        "done" if is_sent else "current",
        order.customer.name,
        str(order.orderer),
        at=order.sent_at,
        lines=copied(order),
    )


def copied(order: Order) -> tuple[str, ...]:
    if order.copied_from is None:
        return ()
    return (_("Copied from %(number)s and corrected") % {"number": order.copied_from.number},)


def decided(order: Order, stop: Stop, eyes: Eyes, events: list[Event]) -> Step:
    rows = [row for row in order.road if row.step == stop.state]
    last = rows[-1] if rows else None
    whose = names(order)[stop.party]
    if last is None:
        return Step(deed_words(stop, whose), "coming", whose, str(Role(stop.role).label))
    state = here(order) if last.outcome == "waiting" else STATES[last.outcome]
    return Step(
        done_words(stop.deed, whose) if state == "done" else deed_words(stop, whose),
        state,
        last.organisation.name,
        who(last),
        at=order.held_at if state == "resting" else moment_of(last),
        due=None if state == "resting" else last.due_at,
        lines=(*way(last), *alone(last, events), *returned(rows, eyes, events)),
        reason=reason(last, events),
        instead_of=str(last.instead_of) if last.instead_of else "",
    )


def here(order: Order) -> StepState:
    """Where the order stands; while it is held, nothing is asked of anybody, nor by any day."""
    return "resting" if order.held_at else "current"


def moment_of(row: Approval) -> datetime | None:
    return row.decided_at if row.outcome in ("approved", "rejected") else row.asked_at


def deed_words(stop: Stop, organisation: str) -> str:
    if stop.deed == "review":
        return _("Reviewed by %(organisation)s") % {"organisation": organisation}
    return _("Attested by %(organisation)s") % {"organisation": organisation}


def done_words(deed: str, organisation: object) -> str:
    """Of a step that is over; in other languages it is worded otherwise than one to come."""
    if deed == "review":
        return pgettext("done step", "Reviewed by %(organisation)s") % {
            "organisation": organisation
        }
    return pgettext("done step", "Attested by %(organisation)s") % {"organisation": organisation}


def who(row: Approval) -> str:
    """The person who decided, or who was chosen to; else the role."""
    person = row.decided_by or row.person
    return str(person) if person else str(Role(row.role).label)


def way(row: Approval) -> tuple[str, ...]:
    if row.signature is None or row.outcome not in ("approved", "rejected"):
        return ()
    return (method_words(row.signature.method, row.outcome == "approved"),)


def method_words(method: str, is_approval: bool) -> str:
    """A code by SMS is a confirmation; only BankID signs."""
    if method == "sms":
        return _("Confirmed by SMS code")
    return _("Approved with BankID") if is_approval else _("Rejected with BankID")


def returned(rows: list[Approval], eyes: Eyes, events: list[Event]) -> tuple[str, ...]:
    """What was sent back, told only to whom it concerns."""
    back = [row for row in rows if row.outcome == "sent_back" and row.is_seen_by(eyes)]
    return tuple(
        _("Sent back by %(who)s %(when)s") % {"who": row.decided_by, "when": when(row.decided_at)}
        for row in back
    ) + tuple(
        words_of(event).get("note", "")
        for event in events
        if back and event.verb == "order.sent_back" and event.data.get("step") == rows[0].step
    )


def when(moment: datetime | None) -> str:
    return days.when(moment) if moment else ""


def alone(row: Approval, events: list[Event]) -> tuple[str, ...]:
    """Why one person decided on what the same one had prepared."""
    said = [
        words_of(event).get("alone", "")
        for event in events
        if event.verb in DECIDED and event.data.get("step") == row.step
    ]
    text = next(filter(None, reversed(said)), "") if row.outcome in ("approved", "rejected") else ""
    return (_("The same person decided alone: %(reason)s") % {"reason": text},) if text else ()


def reason(row: Approval, events: list[Event]) -> str:
    if row.outcome != "rejected":
        return ""
    noes = [event for event in events if event.verb == "order.rejected"]
    return words_of(noes[-1]).get("note", "") if noes else ""


def after(order: Order, events: list[Event]) -> list[Step]:
    """What follows when all have attested."""
    place = LATE_ROAD.index(order.state) if order.state in LATE_ROAD else -1
    connecting = order.agent.name if order.agent and order.is_via_agent else order.operator.name
    at = {event.verb: event.at for event in events}
    rows = [
        (_("Case at customer service"), order.operator.name, at.get("order.attested")),
        (_("Being connected"), connecting, at.get("order.started")),
        (pgettext("order", "Active"), order.customer.name, at.get("order.connected")),
    ]
    return [
        Step(
            deed,
            late_state(order, number, place),
            organisation,
            at=(number == place and order.held_at) or (moment if seen else None),
            lines=told_agent(order, at) if seen and not number else (),
        )
        for number, (deed, organisation, moment) in enumerate(rows)
        for seen in [number <= place]
    ]


def told_agent(order: Order, at: dict[str, datetime]) -> tuple[str, ...]:
    """When the agent was told that it may begin, or whom that waits for."""
    if order.agent is None or not order.is_via_agent:
        return ()
    if order.waits_for_release and order.held_at:
        return ()
    if order.waits_for_release:
        names = {"operator": order.operator, "agent": order.agent}
        return (_("Waits for %(operator)s to release the connection") % names,)
    told = at.get("order.released") if order.needs_release else at.get("order.attested")
    facts = {"agent": order.agent, "when": days.moment(told) if told else ""}
    return (_("%(agent)s told %(when)s that the connection may begin") % facts,) if told else ()


def late_state(order: Order, number: int, place: int) -> StepState:
    if order.is_rejected:
        return "cancelled"
    if number < place or order.state == State.ACTIVE:
        return "done"
    return here(order) if number == place else "coming"

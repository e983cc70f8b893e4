"""Who has the ball: the same sentences on the card, the receipt and in print."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ombud.cases import turns
from ombud.cases.models import Turn
from ombud.lib import clock, days
from ombud.orders import methods
from ombud.orders.catalogue import Step
from ombud.orders.models import Approval, Order
from ombud.orders.states import State
from ombud.people.actors import Actor
from ombud.people.roles import Role
from ombud.people.settings import said
from ombud.ui.pieces import Tone


@dataclass(frozen=True)
class Ball:
    """Three sentences at most: who, since when and by when, and what comes then."""

    sentences: list[str]
    tone: Tone = "neutral"
    is_mine: bool = False


def of(order: Order, actor: Actor, turn: Turn | None = None, reason: str = "") -> Ball:
    if order.state == State.DRAFT:
        return draft(order)
    if order.state == State.DISCARDED:
        told = _("It can be restored for 24 hours. Its history is kept.")
        return Ball([_("The draft is deleted."), told], "late")
    if order.is_rejected:
        return rejected(order, reason)
    if order.held_at:
        return held(order, actor)
    if order.is_waiting:
        return waiting(order, actor, turn)
    return connecting(order, actor, turn)


def held(order: Order, actor: Actor) -> Ball:
    """Nobody has the ball until the agent may go on."""
    facts = {
        "agent": order.agent,
        "operator": order.operator,
        "service": said(order.service.read.name),
        "when": days.when(order.held_at or clock.now()),
    }
    first = _("Held: %(agent)s no longer has an engagement for %(service)s.") % facts
    since = _("Since %(when)s. What has been decided stands; nobody can take the next step.")
    goes_on = _("It goes on by itself if %(agent)s gets a new engagement. %(operator)s can help.")
    last = goes_on % facts
    if actor.is_here(order.customer):
        last += " " + _("Whoever orders can also copy it and choose another agent.")
    return Ball([first, since % facts, last], "late")


def draft(order: Order) -> Ball:
    seen = _("It has not been sent. Only %(organisation)s sees it.")
    return Ball([_("A draft"), seen % {"organisation": order.customer}])


def waiting(order: Order, actor: Actor, turn: Turn | None) -> Ball:
    step, approval = order.step, present(order)
    if step is None or approval is None:
        return Ball([_("Waits to be decided.")])
    is_mine = turn is not None and turns.is_mine(turn, actor)
    tone: Tone = "turn" if is_mine else "neutral"
    if approval.due_at and days.is_late(approval.due_at):
        tone = "late"
    first = yours(step, approval) if is_mine else waits_for(order, step, approval)
    if is_mine and turn and (colleague := turns.stood_in(turn, actor)):
        first += " " + _("In the place of %(name)s.") % {"name": colleague}
    barred = why_not(order, actor, step, turn) if turn and not is_mine else []
    told = [first, *barred, since(approval, told=is_mine), then(order, actor)]
    return Ball(told, tone, is_mine)


def why_not(order: Order, actor: Actor, step: Step, turn: Turn) -> list[str]:
    """To one who holds the role and is barred: why, and who can decide instead."""
    if not turns.is_barred(turn, actor):
        return []
    reasons = methods.four_eyes(actor, order, step)
    return [
        f"{reason.text} {_('It can be done by: %(who)s.') % {'who': reason.who}}"
        for reason in reasons
    ]


def present(order: Order) -> Approval | None:
    rows = [row for row in order.road if row.outcome == Approval.Outcome.WAITING]
    return rows[-1] if rows else None


def yours(step: Step, approval: Approval) -> str:
    by = days.due(approval.due_at) if approval.due_at else ""
    if step.deed == "review":
        return _("Your turn: review. %(by_when)s.") % {"by_when": by}
    return _("Your turn: attest. %(by_when)s.") % {"by_when": by}


def waits_for(order: Order, step: Step, approval: Approval | None = None) -> str:
    person = approval.person if approval else None
    names = {
        "organisation": order.party(step.party),
        "role": Role(step.role).label,
        "person": person,
    }
    if step.deed == "review":
        return _("Waits for %(organisation)s: %(role)s is to review the order.") % names
    if person:
        return _("Waits for %(organisation)s: %(person)s is to attest the order.") % names
    return _("Waits for %(organisation)s: %(role)s is to attest the order.") % names


def since(approval: Approval, *, told: bool = False) -> str:
    """Since when, and by when unless that has been told already."""
    if approval.asked_at is None:
        return ""
    nights = (days.today() - days.local(approval.asked_at).date()).days
    begun = _("Since %(when)s") % {"when": days.when(approval.asked_at)}
    if nights:
        begun += " (%s)" % (ngettext("%(n)s day", "%(n)s days", nights) % {"n": nights})
    by = "" if told or not approval.due_at else f" {days.due(approval.due_at)}."
    return f"{begun}.{by}"


def then(order: Order, actor: Actor) -> str:
    """What comes after the present step, in the reader's words."""
    place = order.chain.read.place_of(order.state)
    rest = order.steps[place + 1 :] if place is not None else []
    if not rest:
        return _("Then: a case at customer service, and the connection begins.")
    told = [follows(order, step, actor) for step in rest]
    return _("Then: %(steps)s.") % {"steps": _(", then ").join(told)}


def follows(order: Order, step: Step, actor: Actor) -> str:
    organisation = order.party(step.party)
    names = {"organisation": organisation}
    if actor.is_here(organisation):
        return (
            _("review at your organisation")
            if step.deed == "review"
            else _("attest at your organisation")
        )
    if step.deed == "review":
        return _("review at %(organisation)s") % names
    return _("attest at %(organisation)s") % names


def rejected(order: Order, reason: str) -> Ball:
    row = next((row for row in order.road if row.outcome == "rejected"), None)
    if row is None:
        return Ball([str(State(order.state).label)], "late")
    facts = {"organisation": row.organisation, "when": days.when(row.decided_at or clock.now())}
    told = [_("Rejected by %(organisation)s %(when)s.") % facts]
    if reason:
        told.append(_("Why: %(reason)s") % {"reason": reason})
    return Ball([*told, _("Nothing more happens with this order.")], "late")


def connecting(order: Order, actor: Actor, turn: Turn | None) -> Ball:
    agent = order.agent if order.is_via_agent else None
    if order.state == State.ACTIVE:
        return Ball([_("The service is active."), _("Nobody needs to do anything more.")], "done")
    if turn is not None and turns.is_mine(turn, actor):
        return to_connect(order, turn)
    if order.state == State.CONNECTING:
        who = {"organisation": agent or order.operator}
        return Ball([_("%(organisation)s is connecting the service.") % who, active_next()])
    if agent and order.waits_for_release:
        names = {"operator": order.operator, "agent": agent}
        first = _("All have attested. Waits for %(operator)s to release the connection.") % names
        return Ball([first, _("Then: %(agent)s begins the technical connection.") % names])
    if agent:
        first = _("All have attested. %(agent)s may begin the technical connection.")
        return Ball([first % {"agent": agent}, contact(order)])
    first = _("Attested. Customer service at %(operator)s takes over.")
    return Ball([first % {"operator": order.operator}, contact(order)])


def to_connect(order: Order, turn: Turn) -> Ball:
    """To whoever connects: what is to be done, and whom to speak with."""
    begun = _("Since %(when)s.") % {"when": days.when(turn.since)}
    if order.state == State.CONNECTING:
        told = [_("Your turn: report when the service is connected."), begun]
        return Ball(told, "turn", True)
    told = [_("Your turn: begin the technical connection."), begun]
    if name := order.contact.get("name"):
        told.append(_("Contact at the customer: %(name)s.") % {"name": name})
    return Ball(told, "turn", True)


def active_next() -> str:
    return _("Then: the service is active.")


def contact(order: Order) -> str:
    who = order.agent if order.agent and order.is_via_agent else order.operator
    return _("%(organisation)s contacts %(customer)s.") % {
        "organisation": who,
        "customer": order.contact.get("name") or order.customer,
    }

"""What the pages of an engagement tell: where it stands, what was applied for, what happened."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from ombud.cases import deeds, timeline, turns
from ombud.cases.deeds import Deed
from ombud.cases.models import Event, Turn
from ombud.cases.sight import Eyes
from ombud.lib import days
from ombud.lib.errors import Reason
from ombud.orders import methods, pages, questions, road, terms
from ombud.orders.engagements import affected
from ombud.orders.engagements.deeds import DEEDS
from ombud.orders.engagements.models import Engagement
from ombud.orders.engagements.states import LIVE, REJECTED, State
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Role
from ombud.people.settings import said
from ombud.ui.doors import url
from ombud.ui.pieces import Step, StepState, Tone

TONES: dict[str, Tone] = {
    State.OPERATOR_REVIEW: "neutral",
    State.NEEDS_COMPLETION: "neutral",
    State.AGENT_ATTEST: "neutral",
    State.ACTIVE: "done",
    State.REJECTED_BY_OPERATOR: "late",
    State.REJECTED_BY_AGENT: "late",
    State.WITHDRAWN: "neutral",
    State.ENDED: "late",
}
VERBS = {
    "engagement.applied": pgettext_lazy("event", "The application was sent"),
    "engagement.asked": pgettext_lazy("event", "A completion was asked for"),
    "engagement.completed": pgettext_lazy("event", "The application was completed"),
    "engagement.approved": pgettext_lazy("event", "The application was reviewed and approved"),
    "engagement.rejected": pgettext_lazy("event", "Rejected"),
    "engagement.withdrawn": pgettext_lazy("event", "The application was withdrawn"),
    "engagement.signed": gettext_lazy("Evidence kept"),
    "engagement.attested": pgettext_lazy("event", "Attested: the engagement is active"),
    "engagement.ended": pgettext_lazy("event", "The engagement was ended"),
}
PRESSED = {"approve", "withdraw"}  # done at one press; the others on a page of their own
FIRST = ("approve", "attest", "complete")
DANGER = {"reject", "withdraw", "end"}
NOTED = {
    State.NEEDS_COMPLETION: "engagement.asked",
    State.REJECTED_BY_OPERATOR: "engagement.rejected",
    State.REJECTED_BY_AGENT: "engagement.rejected",
    State.ENDED: "engagement.ended",
}


@dataclass(frozen=True)
class Button:
    """A deed on the page: where it is done, or why it is not."""

    deed: Deed
    reasons: list[Reason]
    href: str
    get: bool
    danger: bool


def context(engagement: Engagement, actor: Actor, eyes: Eyes) -> dict[str, Any]:
    """All that the page shows, to one reader."""
    events = timeline.read(engagement.case, eyes)
    turn = next(iter(turns.open_of(engagement.case)), None)
    is_mine = turn is not None and turns.is_mine(turn, actor)
    buttons = buttons_of(engagement, actor)
    first = next((one for one in buttons if not one.reasons and one.deed.name in FIRST), None)
    concerned = affected.of(engagement) if engagement.state in (*LIVE, State.ENDED) else []
    return {
        **facts(engagement),
        "tone": "turn" if is_mine else late(turn) or TONES[engagement.state],
        "sentences": sentences(engagement, actor, turn, events),
        "steps": steps(engagement, events, turn),
        "primary": first,
        "others": [one for one in buttons if one is not first and not one.reasons],
        "barred": [one for one in buttons if is_to_come(one.reasons)],
        "events": happened(events),
        "affected": shown(concerned, actor) if sees_customers(engagement) else [],
        "signature": engagement.signature,
        "has_evidence": actor.is_here(engagement.agent) and engagement.signature is not None,
    }


def late(turn: Turn | None) -> Tone | None:
    return "late" if turn and turn.due_at and days.is_late(turn.due_at) else None


def facts(engagement: Engagement) -> dict[str, Any]:
    """What was applied for, as every reader sees it."""
    return {
        "engagement": engagement,
        "number": engagement.case.number,
        "title": title(engagement),
        "state": State(engagement.state).label,
        "answers": pages.answered(engagement),
        "contact": questions.readable(engagement.contact),
        "terms_text": terms.text(engagement.terms),
        "certify": certified(engagement),
    }


def title(engagement: Engagement) -> str:
    return _("Agent for %(service)s") % {"service": engagement.service_name}


def certified(engagement: Engagement) -> str:
    certify = engagement.steps[-1].certify
    return said(certify) if certify else ""


# Who has the ball


def sentences(
    engagement: Engagement, actor: Actor, turn: Turn | None, events: list[Event]
) -> list[str]:
    """Who, since when and by when, and what comes then; the same words for everybody."""
    state = State(engagement.state)
    names = {"agent": engagement.agent, "operator": engagement.operator}
    is_mine = turn is not None and turns.is_mine(turn, actor)
    first = (yours(state) if is_mine else waits(state)) % names
    told = [first, *not_you(engagement, actor, turn), since(turn)]
    note = note_of(state, events)
    return [one for one in [*told, note or after(state) % names] if one]


def yours(state: State) -> str:
    return {
        State.OPERATOR_REVIEW: _("Your turn: review the application of %(agent)s."),
        State.NEEDS_COMPLETION: _("Your turn: complete the application."),
        State.AGENT_ATTEST: _("Your turn: attest for %(agent)s."),
    }.get(state, "")


def waits(state: State) -> str:
    return {
        State.OPERATOR_REVIEW: _("Waits for %(operator)s: Reviewer is to review the application."),
        State.NEEDS_COMPLETION: _("Waits for %(agent)s: the application is to be completed."),
        State.AGENT_ATTEST: _("Waits for %(agent)s: Attestant is to attest it."),
        State.ACTIVE: _("Active: %(agent)s can be chosen in orders of this service."),
        State.REJECTED_BY_OPERATOR: _("%(operator)s has rejected the application."),
        State.REJECTED_BY_AGENT: _("%(agent)s did not attest it."),
        State.WITHDRAWN: _("%(agent)s has withdrawn the application."),
        State.ENDED: _("Ended: %(agent)s can no longer be chosen for this service."),
    }[state]


def after(state: State) -> str:
    return {
        State.OPERATOR_REVIEW: _("Then: attest at %(agent)s."),
        State.NEEDS_COMPLETION: _("Then: review at %(operator)s."),
        State.AGENT_ATTEST: _(
            "Then: the engagement is active, and customers can choose %(agent)s."
        ),
        State.ACTIVE: _("%(operator)s is in touch about the connection."),
        State.WITHDRAWN: _("It can be applied for anew."),
    }.get(state, "")


def not_you(engagement: Engagement, actor: Actor, turn: Turn | None) -> list[str]:
    """To one who holds the role and is barred: why, and who can decide instead."""
    step = engagement.step
    if turn is None or step is None or not turns.is_barred(turn, actor):
        return []
    return [
        f"{reason.text} {_('It can be done by: %(who)s.') % {'who': reason.who}}"
        for reason in methods.four_eyes(actor, engagement, step)
    ]


def since(turn: Turn | None) -> str:
    if turn is None or not turn.key:
        return ""
    told = _("Since %(when)s.") % {"when": days.when(turn.since)}
    return f"{told} {days.due(turn.due_at)}." if turn.due_at else told


def note_of(state: State, events: list[Event]) -> str:
    """What was written with the deed that led here."""
    verb = NOTED.get(state)
    rows = [event for event in events if event.verb == verb]
    note = timeline.words_of(rows[-1]).get("note", "") if rows else ""
    return _("Why: %(reason)s") % {"reason": note} if note else ""


# The road


def steps(engagement: Engagement, events: Iterable[Event], turn: Turn | None) -> list[Step]:
    told = list(events)
    return [
        Step(
            _("Applied for"),
            "done",
            engagement.agent.name,
            str(engagement.applicant),
            at=engagement.applied_at,
        ),
        reviewed(engagement, told, turn),
        attested(engagement, told, turn),
        *in_force(engagement, told),
    ]


def reviewed(engagement: Engagement, events: list[Event], turn: Turn | None) -> Step:
    state, deed = review_state(engagement), _("Reviewed by %(organisation)s")
    lines = [note_line(one) for one in events if one.verb in ("engagement.asked", COMPLETED)]
    if state == "resting":
        lines += [completion(engagement, turn)]
    return Step(
        worded(state, "review", deed, engagement.operator),
        state,
        engagement.operator.name,
        str(engagement.reviewed_by or Role.REVIEWER.label),
        at=engagement.reviewed_at,
        due=turn.due_at if turn and state == "current" else None,
        lines=tuple(lines),
        reason=reason_in(State.REJECTED_BY_OPERATOR, engagement, events),
    )


COMPLETED = "engagement.completed"


def worded(state: StepState, deed: str, coming: str, organisation: Organisation) -> str:
    """What a step is called: once it is done, in the words for that."""
    if state == "done":
        return road.done_words(deed, organisation)
    return coming % {"organisation": organisation}


def completion(engagement: Engagement, turn: Turn | None) -> str:
    """Whom the review waits for meanwhile, and until when."""
    told = _("Waits for %(agent)s to complete the application.") % {"agent": engagement.agent}
    return f"{told} {days.due(turn.due_at)}." if turn and turn.due_at else told


def review_state(engagement: Engagement) -> StepState:
    if engagement.reviewed_at:
        return "done"
    if engagement.state == State.REJECTED_BY_OPERATOR:
        return "rejected"
    if engagement.state == State.NEEDS_COMPLETION:
        return "resting"
    return "recalled" if engagement.state == State.WITHDRAWN else "current"


def note_line(event: Event) -> str:
    """A completion that was asked for, or came: who, when, and what was written."""
    note = timeline.words_of(event).get("note", "")
    facts = {"who": event.person, "when": days.when(event.at), "note": note}
    if event.verb == COMPLETED:
        return _("%(who)s completed it %(when)s: %(note)s") % facts
    return _("%(who)s asked for completion %(when)s: %(note)s") % facts


def attested(engagement: Engagement, events: list[Event], turn: Turn | None) -> Step:
    signature = engagement.signature
    is_yes = engagement.state in (State.ACTIVE, State.ENDED)
    who = signature.person if signature else Role.ATTESTANT.label
    instead_of = signature.instead_of if signature else None
    state, deed = attest_state(engagement), _("Attested by %(organisation)s")
    return Step(
        worded(state, "attest", deed, engagement.agent),
        state,
        engagement.agent.name,
        str(who),
        at=engagement.attested_at,
        due=turn.due_at if turn else None,
        lines=(road.method_words(signature.method, is_yes),) if signature else (),
        reason=reason_in(State.REJECTED_BY_AGENT, engagement, events),
        instead_of=str(instead_of or ""),
    )


def attest_state(engagement: Engagement) -> StepState:
    state = engagement.state
    if state in REJECTED:
        return "rejected" if state == State.REJECTED_BY_AGENT else "cancelled"
    if engagement.attested_at:
        return "done"
    if state == State.WITHDRAWN:
        return "recalled" if engagement.reviewed_at else "cancelled"
    return "current" if state == State.AGENT_ATTEST else "coming"


def in_force(engagement: Engagement, events: list[Event]) -> list[Step]:
    """Active, and what became of it."""
    was_active = engagement.state in (State.ACTIVE, State.ENDED)
    over = engagement.state in (*REJECTED, State.WITHDRAWN)
    state: StepState = "done" if was_active else "cancelled" if over else "coming"
    at = engagement.attested_at if was_active else None
    found = [Step(pgettext("engagement", "Active"), state, engagement.agent.name, at=at)]
    if engagement.state != State.ENDED:
        return found
    ending = [event for event in events if event.verb == "engagement.ended"]
    who = str(ending[-1].person) if ending else ""
    reason = timeline.words_of(ending[-1]).get("note", "") if ending else ""
    where = engagement.ended_by.name if engagement.ended_by else ""
    label = pgettext("engagement", "Ended")
    return [*found, Step(label, "done", where, who, at=engagement.ended_at, reason=reason)]


def reason_in(state: State, engagement: Engagement, events: list[Event]) -> str:
    if engagement.state != state:
        return ""
    rows = [event for event in events if event.verb == "engagement.rejected"]
    return timeline.words_of(rows[-1]).get("note", "") if rows else ""


# What can be done


def buttons_of(engagement: Engagement, actor: Actor) -> list[Button]:
    return [
        Button(
            deed,
            reasons,
            url(f"engagement:{deed.name}", engagement.case.number),
            deed.name not in PRESSED,
            deed.name in DANGER,
        )
        for deed, reasons in deeds.offered(DEEDS, actor, engagement)
    ]


PASSED = {"already_handled", "not_asked", "not_active"}


def is_to_come(reasons: list[Reason]) -> bool:
    """The role is there, only the moment is not: it is shown with why."""
    codes = {reason.code for reason in reasons}
    is_about_time = all(reason.because == "time" for reason in reasons)
    return bool(reasons) and (codes == {"four_eyes"} or (is_about_time and not codes & PASSED))


# Whom it concerns


def sees_customers(engagement: Engagement) -> bool:
    return engagement.state in (State.ACTIVE, State.ENDED)


def shown(concerned: list[affected.Affected], actor: Actor) -> list[dict[str, Any]]:
    """Each customer; an order is a link for whoever sees it."""
    orders = [order for one in concerned for order in (*one.under_way, *one.connected)]
    seen = affected.seen_by(actor, orders)
    return [
        {
            "customer": one.customer,
            "under_way": [linked(order, seen) for order in one.under_way],
            "connected": [linked(order, seen) for order in one.connected],
            "units": one.units,
        }
        for one in concerned
    ]


def linked(order, seen: set[int]) -> dict[str, str]:
    number = order.case.number
    return {"number": number, "href": url("order:case", number) if order.pk in seen else ""}


def happened(events: Iterable[Event]) -> list[dict[str, Any]]:
    return [
        {
            "event": event,
            "text": VERBS.get(event.verb, event.verb),
            "note": timeline.words_of(event).get("note", ""),
        }
        for event in events
    ]

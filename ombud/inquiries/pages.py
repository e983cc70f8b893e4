"""What the pages of a request tell: to the customer, and to staff."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from ombud.cases import timeline
from ombud.cases.sight import Eyes
from ombud.inquiries import answers, outside, papers, sending
from ombud.inquiries.catalogue import KEY, InquiryTexts, newest
from ombud.inquiries.models import ANSWERS, INNER, Inquiry
from ombud.inquiries.states import Outcome, State
from ombud.lib import clock, days
from ombud.people.settings import said
from ombud.post import office
from ombud.servicecases.models import Repair
from ombud.sync.states import CIRCLE as SYNC
from ombud.ui.pieces import Step

TONES = {
    State.QUEUED: "neutral",
    State.SMS_SENT: "neutral",
    State.SMS_DELIVERED: "neutral",
    State.SMS_FAILED: "late",
    State.OPENED: "neutral",
    State.SUBMITTED: "neutral",
    State.APPLIED: "neutral",
    State.COMPLETED: "done",
    State.REFUSED: "late",
    State.FAILED: "late",
    State.CANCELLED: "neutral",
}


def told(inquiry: Inquiry, eyes: Eyes) -> dict[str, Any]:
    """What staff meet."""
    sees = eyes.see(ANSWERS) and bool(inquiry.answers)
    return {
        "inquiry": inquiry,
        "case": inquiry.case,
        "state": State(inquiry.state).label,
        "tone": TONES[State(inquiry.state)],
        "sentences": sentences(inquiry),
        "road": road(inquiry),
        "summary": papers.summary(inquiry, hidden=False) if sees else [],
        "photos": list(inquiry.photos) if eyes.see(ANSWERS) else [],
        "sms": messages(inquiry) if eyes.see(INNER) else [],
        "versions": versions(inquiry),
        "repair": repair_told(inquiry),
        "is_linked": eyes.see(SYNC),
        "fault": outside.fault(inquiry.case) if eyes.see(SYNC) else "",
        "help": whom_to_ask(inquiry),
        "costs": papers.costs(inquiry) if inquiry.terms else [],
        "most": papers.most(inquiry) if inquiry.terms else "",
        "events": [event_told(event) for event in timeline.read(inquiry.case, eyes)],
    }


def sentences(inquiry: Inquiry) -> list[str]:
    """Who has the ball, since when, and what comes then."""
    state = State(inquiry.state)
    first = {
        State.QUEUED: _("The message waits until messages may be sent."),
        State.SMS_SENT: _("Waits for the customer to answer."),
        State.SMS_DELIVERED: _("Waits for the customer to answer."),
        State.SMS_FAILED: _("The number could not be reached. Correct it."),
        State.OPENED: _("The customer has begun, and has not handed in the form yet."),
        State.SUBMITTED: _("The customer has filled in the form, and not signed it yet."),
        State.APPLIED: _("The customer has signed. The other system has not confirmed yet."),
        State.COMPLETED: _("Done: the customer has signed."),
        State.REFUSED: REFUSED.get(inquiry.outcome, lambda: _("The request was refused."))(),
        State.FAILED: failed(inquiry),
        State.CANCELLED: _("The request was cancelled."),
    }[state]
    return [first, *filter(None, [since(inquiry), after(inquiry)])]


REFUSED = {
    "unknown_caller": lambda: _("Refused: nobody here is linked to whoever asked."),
    "mobile_missing": lambda: _("Refused: the case has no mobile number."),
    "mobile_invalid": lambda: _("Refused: the number of the case is not a mobile number."),
    "request_open": lambda: _("Refused: the case has an open request already."),
    "integration_inactive": lambda: _("Refused: information requests are switched off."),
    "integration_unverified": lambda: _("Refused: the integration has not been verified."),
}


def why(inquiry: Inquiry) -> str:
    """Why it came to nothing, for a line beside the state."""
    if inquiry.state == State.FAILED:
        return str(Outcome(inquiry.outcome).label)
    told = REFUSED.get(inquiry.outcome) if inquiry.state == State.REFUSED else None
    reason = told().partition(": ")[2].rstrip(".") if told else ""
    return reason[:1].upper() + reason[1:]


def age(inquiry: Inquiry) -> str:
    """How long it has waited, or how long it took."""
    until = inquiry.applied_at or inquiry.ended_at or clock.now()
    return days.span((until - inquiry.started_at).total_seconds())


def failed(inquiry: Inquiry) -> str:
    why = Outcome(inquiry.outcome).label if inquiry.state == State.FAILED else ""
    return _("The request has failed: %(why)s.") % {"why": why}


def since(inquiry: Inquiry) -> str:
    at = inquiry.applied_at or inquiry.ended_at or inquiry.first_at
    return _("Since %(when)s.") % {"when": days.when(at)} if at else ""


def after(inquiry: Inquiry) -> str:
    """The next message, or the end."""
    at = sending.next_at(inquiry) if inquiry.is_open else None
    if at is None:
        return ""
    when = {"when": days.moment(at), "n": inquiry.sent}
    if inquiry.state == State.QUEUED or not inquiry.sent:
        return _("It goes %(when)s.") % when
    if inquiry.sent > 3:
        return _("Without an answer it fails %(when)s.") % when
    return _("Reminder %(n)s of 3 goes %(when)s.") % when


def road(inquiry: Inquiry) -> list[Step]:
    """Asked, answered, signed, done."""
    over = inquiry.state in (State.FAILED, State.CANCELLED, State.REFUSED)
    last = _("Both systems agree") if inquiry.system_id else pgettext("inquiry", "Done")
    steps = [
        (_("Message sent"), inquiry.first_at, reminders(inquiry)),
        (_("Begun by the customer"), inquiry.opened_at, ()),
        (_("Form handed in"), inquiry.submitted_at, ()),
        (_("Signed with BankID"), inquiry.applied_at, ()),
        (last, inquiry.ended_at if inquiry.is_applied else None, ()),
    ]
    found, is_current = [], not over
    for deed, at, lines in steps:
        state = "done" if at else "cancelled" if over else "current" if is_current else "coming"
        is_current = is_current and bool(at)
        found.append(Step(deed, state, at=at, lines=lines))  # type: ignore[arg-type]
    return found


def reminders(inquiry: Inquiry) -> tuple[str, ...]:
    sent = [one for one in inquiry.messages.all() if one.nth]
    return tuple(
        _("Reminder %(n)s of 3, %(when)s") % {"n": one.nth, "when": days.when(one.at)}
        for one in sorted(sent, key=lambda one: one.pk)
    )


def messages(inquiry: Inquiry) -> list[dict[str, Any]]:
    """Each message with how it has fared."""
    rows = inquiry.messages.select_related("letter").order_by("pk")
    return [
        {
            "what": _("First message") if one.nth == 0 else _("Reminder %(n)s") % {"n": one.nth},
            "to": one.mobile,
            "at": one.at,
            "state": office.words_of(one.letter.state),
            "tone": FATE_TONES.get(one.letter.state, "neutral"),
            "parts": one.parts,
        }
        for one in rows
    ]


FATE_TONES = {"delivered": "done", "failed": "late", "unknown": "turn"}


def versions(inquiry: Inquiry) -> list[tuple[str, str, int]]:
    """Part, its name, and the version that the request began with."""
    names = {
        "texts": _("Messages"),
        "form": _("Form"),
        "terms": _("Costs and terms"),
        "pace": _("Times and who is told"),
    }
    rows = [(part, name, getattr(inquiry, part)) for part, name in names.items()]
    return [(part, name, row.version) for part, name, row in rows if row]


VERBS = {
    "inquiry.started": pgettext_lazy("event", "The request was started"),
    "inquiry.refused": pgettext_lazy("event", "A request from the other system was refused"),
    "inquiry.sent": pgettext_lazy("event", "The message was sent"),
    "inquiry.reminded": pgettext_lazy("event", "A reminder was sent"),
    "inquiry.delivered": pgettext_lazy("event", "A message was delivered"),
    "inquiry.undelivered": pgettext_lazy("event", "A message could not be delivered"),
    "inquiry.opened": pgettext_lazy("event", "The customer began"),
    "inquiry.photo_added": pgettext_lazy("event", "A photo was added"),
    "inquiry.photo_removed": pgettext_lazy("event", "A photo was removed"),
    "inquiry.submitted": pgettext_lazy("event", "The form was handed in"),
    "inquiry.signed": pgettext_lazy("event", "The signature came"),
    "inquiry.signed_by_customer": pgettext_lazy(
        "event", "The customer signed; the repair was opened"
    ),
    "inquiry.misused": pgettext_lazy("event", "Something foreign came by the link"),
    "inquiry.locked": pgettext_lazy("event", "The link was locked"),
    "inquiry.failed": pgettext_lazy("event", "The request failed"),
    "inquiry.completed": pgettext_lazy("event", "The request is done"),
    "inquiry.corrected": pgettext_lazy("event", "The number was corrected"),
    "inquiry.cancelled": pgettext_lazy("event", "The request was cancelled"),
    "inquiry.restarted": pgettext_lazy("event", "A new request was started in its place"),
}


def event_told(event) -> dict[str, Any]:
    """What happened, in words."""
    words = timeline.words_of(event)
    return {
        "event": event,
        "text": VERBS.get(event.verb) or outside.said_of(event.verb),
        "note": words.get("note", ""),
    }


# The customer's pages


def shop(inquiry: Inquiry) -> dict[str, Any]:
    """Whom one talks to, and where to call."""
    texts = inquiry.told_by if inquiry.texts else None
    return {
        "name": inquiry.portal.name,
        "phone": texts.phone if texts else inquiry.portal.phone,
        "hours": said(texts.hours) if texts and texts.hours else "",
        "number": inquiry.number_told,
    }


def anybody() -> dict[str, Any]:
    """Whom to call where a link leads nowhere: the shop, if there is one alone, else support."""
    rows = InquiryTexts.objects.filter(key=KEY).select_related("organisation")
    newest_ones = {row.organisation_id: row for row in rows.order_by("version")}
    if len(newest_ones) != 1:
        return {**settings.SUPPORT, "hours": "", "number": ""}
    (row,) = newest_ones.values()
    hours = said(row.read.hours) if row.read.hours else ""
    return {"name": row.organisation.name, "phone": row.read.phone, "hours": hours, "number": ""}


ASKS = {  # whom to ask about what has stopped a request; about all else, our own support
    "integration_inactive": "administrator",
    "integration_unverified": "administrator",
    "unknown_caller": "administrator",
    "case_not_found": "vendor",
}


def whom_to_ask(inquiry: Inquiry) -> dict[str, str] | None:
    """Whoever can put right what has stopped it, where the portal has written down who that is."""
    if inquiry.state not in (State.REFUSED, State.FAILED):
        return None
    pace: Any = newest(inquiry.portal)["pace"]
    who = getattr(pace.read, ASKS.get(inquiry.outcome, "support")) if pace else None
    return who.model_dump() if who and who.name else None


def repair_told(inquiry: Inquiry) -> dict[str, Any] | None:
    """The repair that has come of it, what became of the card, and whether both systems agree."""
    if inquiry.repair_id is None:
        return None
    repair = Repair.objects.select_related("case", "card").get(case=inquiry.repair_id)
    return {
        "number": repair.case.number,
        "href": repair.get_absolute_url(),
        "card": str(repair.card),
        "card_href": repair.card.get_absolute_url(),
        "how": card_told(repair.how),
        "linked": outside.status(repair.case),
    }


def card_told(how: dict) -> str:
    """Which card it was, and what was written on it."""
    outcome = how.get("outcome")
    if outcome == "matched":
        n = len(how.get("filled", []))
        text = ngettext(
            "Known card, %(n)s field filled in", "Known card, %(n)s fields filled in", n
        )
        return text % {"n": n}
    doubles = ", ".join(how.get("doubles", []))
    if how.get("other_signer"):
        told = _("New card without a personal number: signed under another name")
        return f"{told}. {maybe(doubles)}" if doubles else told
    if outcome == "possible_duplicate":
        return _("New card, which may be a double of %(numbers)s") % {"numbers": doubles}
    return _("New customer card")


def maybe(doubles: str) -> str:
    return _("Perhaps the same customer as %(numbers)s.") % {"numbers": doubles}


def groups(inquiry: Inquiry, values: dict, typed: dict) -> list[dict[str, Any]]:
    """The answers page by page, for the review: what has not been typed is masked."""
    found = []
    for page in ("contact", "matter"):
        lines = [
            answers.line(field, str(values[field.name]), typed, hidden=True)
            for field in inquiry.asks.of_page(page)
            if field.kind != "photos" and values.get(field.name)
        ]
        found.append({"page": page, "lines": lines})
    return found

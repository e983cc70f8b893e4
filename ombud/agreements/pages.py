"""What the pages of an agreement tell: where it stands, whom it names, what has happened."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from ombud.agreements import papers
from ombud.agreements.catalogue import AgreementTerms
from ombud.agreements.models import APPLICANT, Agreement, Named, Qualification
from ombud.agreements.states import State
from ombud.cases import timeline, turns
from ombud.cases.sight import Eyes
from ombud.lib import days
from ombud.people.settings import said
from ombud.ui.paper import prose

HEADERS = {
    "Cache-Control": "private, no-cache",
    "Content-Security-Policy": "default-src 'none'; object-src 'self'; style-src 'unsafe-inline';"
    " frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
}
TONES = {
    State.SUBMITTED: "neutral",
    State.NEEDS_COMPLETION: "turn",
    State.AWAITING_SIGNATURE: "neutral",
    State.DECLINED: "late",
    State.ACTIVE: "done",
    State.REJECTED: "late",
}


@dataclass
class Step:
    """One step of the road, as the timeline draws it."""

    deed: str
    state: str
    organisation: str = ""
    who: str = ""
    at: datetime | None = None
    due: datetime | None = None
    reason: str = ""
    lines: list[str] = field(default_factory=list)


def told(agreement: Agreement, eyes: Eyes) -> dict[str, Any]:
    """What every reader of an agreement meets, in the own circles."""
    terms = agreement.terms
    return {
        "agreement": agreement,
        "case": agreement.case,
        "title": title(agreement),
        "state": State(agreement.state).label,
        "tone": TONES[State(agreement.state)],
        "sentences": sentences(agreement, eyes),
        "road": road(agreement, eyes),
        "signatories": [signatory(agreement, one) for one in agreement.signatories],
        "people": people(agreement) if eyes.see(APPLICANT) else [],
        "sees_application": eyes.see(APPLICANT),
        "terms_title": said(terms.read.title) if terms else "",
        "has_paper": agreement.paper_id is not None,
    }


def title(agreement: Agreement) -> str:
    return papers.title_of(agreement.side)


def sentences(agreement: Agreement, eyes: Eyes) -> list[str]:
    """Who has the ball, since when, and what comes then."""
    state = State(agreement.state)
    operator, name = agreement.operator.name, agreement.name
    note = last_note(agreement, NOTED[state]) if state in NOTED and eyes.see(APPLICANT) else ""
    first = {
        State.SUBMITTED: _("Waits for %(name)s to review the application.") % {"name": operator},
        State.NEEDS_COMPLETION: _("Waits for whoever applied for %(name)s to complete it.")
        % {"name": name},
        State.AWAITING_SIGNATURE: _("Waits for %(names)s to sign.") % {"names": awaited(agreement)},
        State.DECLINED: _("A signatory has declined. %(name)s decides how to go on.")
        % {"name": operator},
        State.ACTIVE: _("The agreement has been signed, and is in force."),
        State.REJECTED: _("%(name)s has rejected the application.") % {"name": operator},
    }[state]
    if agreement.has_lapsed:
        first = _("The link to sign by has run out. %(name)s sends a new one.") % {"name": operator}
    return [first, *filter(None, [since(agreement), note or after(agreement)])]


NOTED = {
    State.NEEDS_COMPLETION: "agreement.asked",
    State.REJECTED: "agreement.rejected",
    State.DECLINED: "agreement.declined",
}


def awaited(agreement: Agreement) -> str:
    names = [str(one) for one in agreement.signatories if one.is_waited_for]
    last = pgettext("names", " and ") if agreement.is_jointly else pgettext("names", " or ")
    return last.join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def since(agreement: Agreement) -> str:
    turn = next(iter(turns.open_of(agreement.case)), None)
    if turn is None or State(agreement.state) == State.ACTIVE:
        return ""
    told_since = _("Since %(when)s.") % {"when": days.when(turn.since)}
    if turn.due_at is None:
        return told_since
    return f"{told_since} {days.due(turn.due_at)}."


def after(agreement: Agreement) -> str:
    return {
        State.SUBMITTED: _("Then the signatories get a link to sign the agreement by."),
        State.AWAITING_SIGNATURE: _("Then the agreement is in force, and roles can be given."),
        State.REJECTED: _("You may apply anew."),
    }.get(State(agreement.state), "")


def last_note(agreement: Agreement, verb: str) -> str:
    """What was written with the last deed of this name."""
    event = agreement.case.events.filter(verb=verb).select_related("words").last()
    return timeline.words_of(event).get("note", "") if event else ""


def road(agreement: Agreement, eyes: Eyes) -> list[Step]:
    state = State(agreement.state)
    is_approved = agreement.approved_at is not None
    over = state == State.REJECTED
    review = "done" if is_approved else "rejected" if over else "current"
    signing = (
        "done"
        if agreement.active_at
        else "cancelled"
        if over
        else "current"
        if is_approved
        else "coming"
    )
    last = "done" if agreement.active_at else "cancelled" if over else "coming"
    reviewed = (
        pgettext("done step", "Reviewed by %(name)s") if is_approved else _("Reviewed by %(name)s")
    )
    return [
        Step(_("Application made"), "done", agreement.name, at=agreement.submitted_at),
        Step(
            reviewed % {"name": agreement.operator},
            review,
            at=agreement.approved_at,
        ),
        Step(
            _("Signed"),
            signing,
            agreement.name,
            lines=[line(one) for one in agreement.signatories] if is_approved else [],
        ),
        Step(_("In force"), last, at=agreement.active_at),
    ]


def line(one: Named) -> str:
    if one.signed_at:
        return _("%(name)s signed %(when)s") % {"name": one, "when": days.when(one.signed_at)}
    if one.declined_at:
        return _("%(name)s declined %(when)s") % {"name": one, "when": days.when(one.declined_at)}
    return str(one)


def signatory(agreement: Agreement, one: Named) -> dict[str, Any]:
    """A signatory, and how the link stands."""
    link = one.guest
    return {
        "row": one,
        "name": str(one),
        "line": line(one),
        "email": one.email,
        "until": link.until_at if link else None,
        "is_dead": bool(link and not link.is_in_force),
        "is_waited_for": one.is_waited_for and agreement.state == State.AWAITING_SIGNATURE,
        "may_be_sent": not one.signed_at and agreement.state in SENDABLE,
    }


SENDABLE = (State.AWAITING_SIGNATURE, State.DECLINED)


def people(agreement: Agreement) -> list[dict[str, Any]]:
    """Whom the application names, part by part."""
    labels = {
        Named.Part.ADMINISTRATOR: _("Administrator"),
        Named.Part.SIGNATORY: _("Signatory"),
        Named.Part.CONTACT: _("Contact person"),
    }
    return [
        {
            "part": labels[Named.Part(one.part)],
            "name": str(one),
            "email": one.email,
            "phone": one.phone,
            "number": one.masked_number,
        }
        for one in agreement.people
    ]


def happened(agreement: Agreement, eyes: Eyes) -> list[dict[str, Any]]:
    """In words, what these eyes may see."""
    return [
        {
            "event": event,
            "text": verb(event),
            "who": timeline.words_of(event).get("name", ""),
            "note": timeline.words_of(event).get("note", ""),
        }
        for event in timeline.of(agreement.case, eyes)
        if event.verb != "agreement.signed"  # the evidence of what the next event tells
    ]


VERBS = {
    "agreement.submitted": pgettext_lazy("event", "The application was made"),
    "agreement.delivered": pgettext_lazy("event", "A paper was shown"),
    "agreement.ticked": pgettext_lazy("event", "A paper was ticked"),
    "agreement.asked": pgettext_lazy("event", "A completion was asked for"),
    "agreement.completed": pgettext_lazy("event", "The application was completed"),
    "agreement.approved": pgettext_lazy("event", "The application was approved"),
    "agreement.rejected": pgettext_lazy("event", "The application was rejected"),
    "agreement.signed": pgettext_lazy("event", "A signatory signed"),
    "agreement.agreed": pgettext_lazy("event", "A signatory signed"),
    "agreement.declined": pgettext_lazy("event", "A signatory declined to sign"),
    "agreement.resent": pgettext_lazy("event", "A new link to sign by was sent"),
    "agreement.replaced": pgettext_lazy("event", "A signatory was replaced"),
    "agreement.reminded": pgettext_lazy("event", "A signatory was reminded"),
    "agreement.lapsed": pgettext_lazy("event", "The link to sign by ran out"),
    "agreement.noted": pgettext_lazy("event", "An inner note was written"),
    "agreement.terms_announced": pgettext_lazy("event", "New terms were announced"),
}
IN_FORCE = pgettext_lazy("event", "A signatory signed; the agreement is in force")


def verb(event) -> str:
    told = str(IN_FORCE if event.data.get("in_force") else VERBS.get(event.verb, event.verb))
    what = event.data.get("what", "")
    return f"{told}: {Qualification.What(what).label}" if what else told


def announced(agreement: Agreement) -> dict[str, Any] | None:
    """Terms newer than those it was made under, with their first day; they may hold already."""
    if agreement.terms is None or agreement.state != State.ACTIVE:
        return None
    newer = AgreementTerms.objects.filter(
        organisation=agreement.operator, key=agreement.side, version__gt=agreement.terms.version
    )
    row = newer.order_by("-version").first()
    if row is None:
        return None
    body = row.read
    return {
        "row": row,
        "changes": said(body.changes),
        "text": prose.drawn(said(body.text)),
        "burdening": body.burdening,
    }


# The paper


def as_pdf(agreement: Agreement) -> HttpResponse:
    """The agreement as it was drawn up; once it is in force, with its signatures."""
    if agreement.paper is None:
        raise Http404
    signed = frozenset(str(one.signature_id) for one in agreement.signatories if one.signed_at)
    answer = HttpResponse(
        printed(agreement.pk, agreement.paper.sha256, signed),
        content_type="application/pdf",
        headers=HEADERS,
    )
    answer["Content-Disposition"] = (
        content_disposition_header(False, agreement.paper.name) or "inline"
    )
    answer["Content-Language"] = agreement.language
    return answer


@lru_cache(maxsize=200)
def printed(pk: int, paper: str, signed: frozenset[str]) -> bytes:
    """Printed once a process, paper (by its fingerprint) and set of signatures."""
    rows = Agreement.objects.select_related("case", "operator", "paper")
    return papers.typeset(rows.get(pk=pk), with_signatures=bool(signed))

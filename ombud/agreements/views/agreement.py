"""The page of an agreement for those who log in: its reviewer, and the organisation itself."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.agreements import filing, forms, pages
from ombud.agreements.deeds import DEEDS
from ombud.agreements.models import APPLICANT, INNER, Agreement, Qualification
from ombud.agreements.states import State
from ombud.cases import files, looks, sight, turns
from ombud.cases.deeds import Deed, named
from ombud.cases.sight import Eyes
from ombud.lib import clock
from ombud.lib.errors import Misshapen, Refused
from ombud.lib.shapes import Shape
from ombud.people import flashes, holders
from ombud.people.roles import Kind, Role
from ombud.signing import ceremony
from ombud.ui import forms as fields
from ombud.ui import fragments

JOINED = ("case__portal", "operator", "organisation", "paper")
SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


def found(actor, number: str) -> tuple[Agreement, Eyes]:
    """The agreement and its reader's eyes, or it does not exist."""
    rows = Agreement.objects.select_related(*JOINED)
    agreement = rows.filter(case__number=number.upper()).first()
    eyes = sight.eyes(actor, agreement.case) if agreement else None
    if agreement is None or eyes is None:
        raise Http404
    return agreement, eyes


@require_safe
def page(request, number: str) -> HttpResponse:
    agreement, eyes = found(request.actor, number)
    if "X-Live" not in request.headers:
        looks.look(request.actor.person, agreement.case, clock.now())
        looks.read(request, agreement.case.number)
    turn = next(iter(turns.open_of(agreement.case)), None)
    context = {
        **pages.told(agreement, eyes),
        "is_mine": bool(turn and turn.organisation and turns.is_mine(turn, request.actor)),
        "deeds": deeds(request.actor, agreement),
        "papers": papers(request.actor, agreement) if eyes.see(APPLICANT) else [],
        "may_resend": named(DEEDS, "resend").reasons(request.actor, agreement) == [],
        "known": known(agreement) if eyes.see(INNER) else None,
        "notes": notes(agreement) if eyes.see(INNER) else None,
        "announced": pages.announced(agreement),
        "events": pages.happened(agreement, eyes),
        "is_admins": is_new_administrator(request.actor, agreement),
        "now": clock.now(),
    }
    return fragments.render(request, "agreement/agreement.html", context)


def known(agreement: Agreement) -> dict[str, Any] | None:
    """What a reviewer must know of a number that is somebody's already, as long as this agreement
    is not signed."""
    here = None if agreement.active_at else agreement.known
    if here is None or not filing.is_somebodys(here):
        return None
    signed = Agreement.objects.filter(number=agreement.number, state=State.ACTIVE)
    return {
        "name": here.name,
        "kinds": [str(Kind(kind).label) for kind in here.kinds],
        "signed": list(signed.select_related("case").order_by("case__number")),
        "administrators": [str(who) for who in holders.of(here, Role.ADMINISTRATOR)],
    }


def deeds(actor, agreement: Agreement) -> dict[str, tuple[Deed, list]] | None:
    """What a reviewer decides, with what bars it; nothing for whoever never does."""
    listed = {name: named(DEEDS, name) for name in ("approve", "ask", "reject")}
    told = {name: (deed, deed.reasons(actor, agreement)) for name, deed in listed.items()}
    is_reviewer = not any(why.because == "right" for why in told["reject"][1])
    return told if is_reviewer and agreement.state not in CLOSED else None


CLOSED = (State.ACTIVE, State.REJECTED)


def papers(actor, agreement: Agreement) -> list[dict[str, Any]]:
    """An agent's papers, each with what has come and what bars the tick."""
    if not agreement.is_agents:
        return []
    rows = agreement.papers.select_related("document", "ticked_by")
    shown = {one.what: one for one in rows}
    deed = named(DEEDS, "tick")
    return [
        {
            "what": what,
            "label": label,
            "shown": shown.get(what),
            "tick": deed,
            "barred": deed.rule(actor, agreement, what),
        }
        for what, label in Qualification.What.choices
    ]


def notes(agreement: Agreement) -> list:
    rows = agreement.case.message_set.filter(circle=INNER)
    return list(rows.select_related("person", "organisation").order_by("at"))


def is_new_administrator(actor, agreement: Agreement) -> bool:
    is_here = actor.is_here(agreement.organisation)
    return is_here and "administrator" in actor.roles


@require_safe
def paper(request, number: str) -> HttpResponse:
    return pages.as_pdf(found(request.actor, number)[0])


@require_safe
def file(request, number: str, document: UUID) -> FileResponse:
    """A file of the case, for whoever sees its circle."""
    agreement, _eyes = found(request.actor, number)
    row = files.found(request.actor, document)
    if row.case != agreement.case:
        raise Http404
    answer = FileResponse(
        files.opened(row), as_attachment=True, filename=row.name, content_type=row.media_type
    )
    for name, value in SAFE.items():
        answer[name] = value
    return answer


# Deeds


@require_POST
def approve(request, number: str) -> HttpResponse:
    told = _(
        "The application has been approved. Administrator, signatories and contact persons"
        " have got their letters."
    )
    return press(request, number, "approve", {}, told)


@require_POST
def tick(request, number: str) -> HttpResponse:
    what = request.POST.get("what", "")
    return press(
        request, number, "tick", {"what": what}, _("The paper has been ticked."), "#papers"
    )


@require_POST
def resend(request, number: str) -> HttpResponse:
    typed = {"signatory": request.POST.get("signatory", ""), "email": request.POST.get("email", "")}
    told = _("A new link has been sent. The one before it no longer works.")
    return press(request, number, "resend", typed, told, "#signatories")


@require_POST
def note(request, number: str) -> HttpResponse:
    return press(request, number, "note", {"text": request.POST.get("text", "")}, "", "#notes")


def press(
    request, number: str, name: str, typed: dict, told: str, anchor: str = ""
) -> HttpResponse:
    """One deed at one press. Too late or empty is told on the page; no right is a refusal."""
    agreement, _eyes = found(request.actor, number)
    here = reverse("agreement:case", args=[agreement.case.number])
    try:
        ceremony.perform(named(DEEDS, name), agreement, typed, by=request.actor)
    except Misshapen as no:
        flashes.tell(request, no.errors[0]["text"], "late")
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no), "late")
    else:
        if told:
            flashes.tell(request, told)
    return redirect(here + anchor)


@require_http_methods(["GET", "POST"])
def replace(request, number: str) -> HttpResponse:
    """Who signs in a signatory's place; the link of the one before dies with it."""
    agreement, _eyes = found(request.actor, number)
    deed = named(DEEDS, "replace")
    if request.method == "GET":
        return show_replace(request, agreement, {"signatory": request.GET.get("signatory", "")})
    typed = fields.values_of(forms.Replace, request.POST)
    try:
        deed.action(agreement, by=deed.fits(request.actor, agreement), **deed.read(typed))
    except (Misshapen, Refused) as no:
        if no.status == 403:
            raise
        return show_replace(request, agreement, typed, no)
    flashes.tell(request, _("The signatory has been replaced, and the new one has got a link."))
    return redirect(reverse("agreement:case", args=[agreement.case.number]) + "#signatories")


def show_replace(request, agreement: Agreement, values: dict, no=None) -> HttpResponse:
    deed, chosen = named(DEEDS, "replace"), str(values.get("signatory", ""))
    before = next((one for one in agreement.signatories if str(one.pk) == chosen), None)
    faults = fields.errors_of(no) if isinstance(no, Misshapen) else {}
    asked = fields.fields_of(forms.Replace, values, faults)
    asked[0].kind = "hidden"
    context = {
        "case": agreement.case,
        "before": before,
        "fields": asked,
        "errors": fields.links_of(asked),
        "again": [one for one in agreement.signatories if one.signed_at],
        "barred": deed.rule(
            deed.fits(request.actor, agreement), agreement, before.pk if before else 0
        ),
        "no": no if isinstance(no, Refused) else None,
    }
    status = no.status if no else 200
    return fragments.render(request, "agreement/replace.html", context, status=status)


@require_http_methods(["GET", "POST"])
def ask(request, number: str) -> HttpResponse:
    told = _("Whoever applied has been asked to complete the application.")
    return with_words(request, number, "ask", forms.AskToComplete, told)


@require_http_methods(["GET", "POST"])
def reject(request, number: str) -> HttpResponse:
    told = _("The application has been rejected. Whoever applied has been told why.")
    return with_words(request, number, "reject", forms.Reject, told)


def with_words(request, number: str, name: str, shape: type[Shape], told: str) -> HttpResponse:
    """A page of its own: the words, who reads them, and the deed."""
    agreement, _eyes = found(request.actor, number)
    deed = named(DEEDS, name)
    if request.method == "GET":
        return show_words(request, agreement, deed, shape, {})
    typed = fields.values_of(shape, request.POST)
    try:
        deed.action(agreement, by=deed.fits(request.actor, agreement), **deed.read(typed))
    except Misshapen as no:
        return show_words(request, agreement, deed, shape, typed, no)
    flashes.tell(request, told)
    return redirect("agreement:case", agreement.case.number)


def show_words(
    request,
    agreement: Agreement,
    deed: Deed,
    shape: type[Shape],
    values: dict,
    no: Misshapen | None = None,
) -> HttpResponse:
    asked = fields.fields_of(shape, values, fields.errors_of(no) if no else {})
    context = {
        "agreement": agreement,
        "case": agreement.case,
        "deed": deed,
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": deed.reasons(request.actor, agreement),
    }
    status = 422 if no else 200
    return fragments.render(request, "agreement/words.html", context, status=status)

"""A guest's own pages, behind a secret link. Reading them changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.agreements import letters, pages, papers, questions
from ombud.agreements.deeds import DEEDS
from ombud.agreements.models import Agreement, Qualification
from ombud.agreements.states import State
from ombud.agreements.views import applying
from ombud.cases import files, sight
from ombud.cases.deeds import named
from ombud.cases.models import Case
from ombud.cases.passes import Pass
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes
from ombud.people.actors import Actor
from ombud.people.settings import said
from ombud.ui import fragments
from ombud.ui.forms import Field
from ombud.ui.paper import prose


@dataclass(frozen=True)
class Guest:
    """Who has come by which link, to which agreement."""

    token: str
    link: Pass
    agreement: Agreement

    @property
    def actor(self) -> Actor:
        return self.link.actor(self.agreement.organisation)

    @property
    def eyes(self) -> sight.Eyes:
        found = sight.eyes(self.actor, self.agreement.case)
        if found is None:
            raise Http404
        return found

    def at(self, door: str) -> str:
        return reverse(f"agreement:{door}", args=[self.token])


def by_link(*purposes: str) -> Callable:
    """A door that opens to a link of one of these purposes; one that no longer holds says so."""

    def opened(view: Callable) -> Callable:
        @login_not_required
        @never_cache
        @wraps(view)
        def door(request, token: str, **more) -> HttpResponse:
            link = Pass.objects.of_token(token)
            is_ours = link is not None and link.case.kind == Case.Kind.AGREEMENT
            if link is None or not is_ours or link.purpose not in purposes:
                raise Http404
            if not link.is_in_force:
                return fragments.render(request, "agreement/gone.html", status=410)
            rows = Agreement.objects.select_related("case", "operator", "organisation", "paper")
            return view(request, Guest(token, link, rows.get(pk=link.case_id)), **more)

        return door

    return opened


@by_link(letters.STATUS, letters.SIGN, letters.READ)
@require_safe
def page(request, guest: Guest) -> HttpResponse:
    """What a guest may see: the application as it stands, or the agreement to sign or to keep."""
    if guest.link.purpose == letters.STATUS:
        return show_status(request, guest)
    return show_agreement(request, guest)


def show_status(request, guest: Guest, no: Misshapen | None = None, what: str = "") -> HttpResponse:
    agreement = guest.agreement
    context = {
        **pages.told(agreement, guest.eyes),
        "guest": guest,
        "is_asked": agreement.state == State.NEEDS_COMPLETION,
        "may_deliver": named(DEEDS, "deliver").reasons(guest.actor, agreement) == [],
        "papers": papers_asked(agreement, no, what),
        "errors": [(f"f-{what}.file", error["text"]) for error in no.errors] if no else [],
    }
    return fragments.render(request, "agreement/status.html", context, status=422 if no else 200)


def papers_asked(agreement: Agreement, no: Misshapen | None, what: str) -> list[dict[str, Any]]:
    """Each paper that an agent shows, with what has come and the fields to show it by."""
    if not agreement.is_agents:
        return []
    shown = {one.what: one for one in agreement.papers.select_related("document")}
    return [
        {
            "what": value,
            "label": label,
            "shown": shown.get(value),
            "fields": paper_fields(value, no if what == value else None),
        }
        for value, label in Qualification.What.choices
    ]


def paper_fields(what: str, no: Misshapen | None) -> list[Field]:
    is_dated = what in Qualification.DATED
    told = [str(error["text"]) for error in no.errors] if no else []
    file = Field(
        f"{what}.file",
        _("File"),
        "file",
        hint=_("At most 10 MB: pdf, jpg, png."),
        required=is_dated,
        accept=".pdf,.jpg,.jpeg,.png",
        errors=tuple(told),
    )
    dated = Field(f"{what}.dated_on", _("The date on it"), "date", width="short")
    words = Field(
        f"{what}.words",
        _("Name, e-mail and phone") if what == "dpo" else _("Which standard, since when"),
        "textarea",
        required=True,
        rows=3,
    )
    return [file, dated] if is_dated else [words, Field(**{**vars(file), "required": False})]


def show_agreement(request, guest: Guest) -> HttpResponse:
    agreement = guest.agreement
    mine = agreement.signatory_of(guest.actor)
    sign, decline = named(DEEDS, "sign"), named(DEEDS, "decline")
    assert agreement.terms is not None
    context = {
        **pages.told(agreement, guest.eyes),
        "guest": guest,
        "mine": mine,
        "may_sign": bool(mine) and sign.reasons(guest.actor, agreement) == [],
        "may_decline": bool(mine) and decline.reasons(guest.actor, agreement) == [],
        "document": papers.text(agreement),
        "terms_text": prose.drawn(said(agreement.terms.read.text)),
    }
    return fragments.render(request, "agreement/link.html", context)


@by_link(letters.STATUS, letters.SIGN, letters.READ)
@require_safe
def paper(request, guest: Guest) -> HttpResponse:
    return pages.as_pdf(guest.agreement)


@by_link(letters.STATUS)
@require_http_methods(["GET", "POST"])
def complete(request, guest: Guest) -> HttpResponse:
    """The same questions as in the application, with what was answered."""
    deed, agreement = named(DEEDS, "complete"), guest.agreement
    if barred := deed.reasons(guest.actor, agreement):
        raise Refused(barred)
    if request.method == "GET":
        return show_complete(request, guest, questions.as_typed(agreement))
    values = {**questions.typed(request.POST), "answer": questions.one(request.POST, "answer")}
    try:
        deed.action(agreement, by=guest.actor, **deed.read(values))
    except Misshapen as no:
        return show_complete(request, guest, values, no)
    flashes.tell(request, _("The application has been completed, and is under review again."))
    return redirect(guest.at("guest"))


def show_complete(request, guest: Guest, values: dict, no: Misshapen | None = None) -> HttpResponse:
    agreement, faults = guest.agreement, questions.faults(no)
    kept = questions.as_typed(agreement)
    remind(values, kept)
    answer = Field(
        "answer", _("What have you changed?"), "textarea", values.get("answer", ""), rows=4
    )
    context = {
        "guest": guest,
        "agreement": agreement,
        "note": pages.last_note(agreement, "agreement.asked"),
        **applying.asked(values, faults, agreement.is_agents),
        "more": questions.with_errors([answer], faults),
        "same": [],
    }
    context["errors"] = questions.links(applying.every(context))
    status = 422 if no else 200
    return fragments.render(request, "agreement/complete.html", context, status=status)


def remind(values: dict, kept: dict) -> None:
    """Whose number is known already, by part and address; it need not be typed again."""
    values["administrator"]["known"] = kept["administrator"]["known"]
    for group in questions.SLOTS:
        known = {row["email"]: row["known"] for row in kept[group]}
        for row in values[group]:
            row["known"] = known.get(row["email"], "")


@by_link(letters.STATUS)
@require_POST
def deliver(request, guest: Guest) -> HttpResponse:
    """One of an agent's papers: the file is let in first, then put in its place."""
    deed, what = named(DEEDS, "deliver"), request.POST.get("what", "")
    if barred := deed.reasons(guest.actor, guest.agreement):
        raise Refused(barred)
    given = {
        "what": what,
        "dated_on": questions.one(request.POST, f"{what}.dated_on") or None,
        "words": questions.one(request.POST, f"{what}.words"),
    }
    upload = request.FILES.get(f"{what}.file")
    try:
        if upload:
            given["document"] = str(files.keep(upload, by=guest.actor).key)
        deed.action(guest.agreement, by=guest.actor, **deed.read(given))
    except files.TooLarge:
        large = Misshapen([{"field": "file", "text": files.too_large()}])
        return show_status(request, guest, large, what)
    except Misshapen as no:
        return show_status(request, guest, no, what)
    flashes.tell(request, _("The paper has come. The reviewer looks at it."))
    return redirect(guest.at("guest"))

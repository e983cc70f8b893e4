"""The pages of staff: starting a request, one request, and what is done with it."""

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.cases import files, looks, sight
from ombud.cases.deeds import named
from ombud.cases.sight import Eyes
from ombud.inquiries import forms, pages, sending, templates
from ombud.inquiries.catalogue import newest
from ombud.inquiries.deeds import DEEDS, START
from ombud.inquiries.models import ANSWERS, Inquiry
from ombud.lib import clock, phones
from ombud.lib.errors import Misshapen, Refused, misshapen
from ombud.people import flashes
from ombud.signing import ceremony
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.forms import Field
from ombud.ui.pieces import Option

JOINED = ("case__portal", "portal", "starter", "earlier__case", "signature")
SAFE = {"Content-Security-Policy": "default-src 'none'; sandbox"}
LANGUAGES = (("sv", "Svenska"), ("nb", "Norsk bokmål"), ("en", "English"))


def found(actor, number: str) -> tuple[Inquiry, Eyes]:
    """The request and its reader's eyes, or it does not exist."""
    rows = Inquiry.objects.select_related(*JOINED)
    inquiry = rows.filter(case__number=number.upper()).first()
    eyes = sight.eyes(actor, inquiry.case) if inquiry else None
    if inquiry is None or eyes is None:
        raise Http404
    return inquiry, eyes


# Starting


@require_http_methods(["GET", "POST"])
def new(request) -> HttpResponse:
    """First whom and how; then the text as it will arrive; then it goes."""
    barred = START.reasons(request.actor)
    if request.method == "GET" or barred:
        return show_new(request, dict(request.GET.items()), barred)
    values = {name: request.POST.get(name, "").strip() for name in ASKED}
    if request.POST.get("do") == "change":
        return show_new(request, values)
    try:
        arguments = START.read(values)
        require_reference(values)
        if request.POST.get("do") != "send":
            return check(request, values)
        begun = START.action(by=START.fits(request.actor), **arguments)
    except Misshapen as no:
        return show_new(request, values, no=no)
    except Refused as no:
        if no.status == 403:
            raise
        return show_new(request, values, no=at_field(no))
    told = _("The message has been sent.") if begun.sent else _("The message waits in the queue.")
    flashes.tell(request, told)
    return redirect("inquiry:case", begun.case.number)


ASKED = ("reference", "name", "mobile", "language")


def require_reference(values: dict) -> None:
    if not values["reference"]:
        raise misshapen(reference=_("Fill this in."))


def at_field(no: Refused) -> Misshapen:
    """A no that one of the questions has earned is told there."""
    places = {"mobile_missing": "mobile", "mobile_invalid": "mobile", "request_open": "reference"}
    return Misshapen(
        [{"field": places.get(why.code, "__all__"), "text": str(why.text)} for why in no.reasons]
    )


def check(request, values: dict) -> HttpResponse:
    """The number as one reads it, and the very text."""
    if barred := START.rule(START.fits(request.actor), values["mobile"], None, values["reference"]):
        return show_new(request, values, no=at_field(Refused(barred)))
    texts = newest(request.actor.organisation)["texts"].read  # type: ignore[union-attr]
    text = sending.worded(
        texts.first, texts, values["language"], values["reference"], sending.sample_link()
    )
    context = {
        "values": values,
        "phone": phones.national(phones.parse(values["mobile"])),
        "tongue": dict(LANGUAGES).get(values["language"], ""),
        "text": text,
        "measured": templates.measured(text),
    }
    return fragments.render(request, "inquiry/check.html", context)


def show_new(request, values: dict, barred=(), no: Misshapen | None = None) -> HttpResponse:
    asked = questions(values, fields.errors_of(no) if no else {})
    other = [str(error["text"]) for error in no.errors if error["field"] == "__all__"] if no else []
    context = {
        "fields": asked,
        "errors": [*fields.links_of(asked), *(("main", text) for text in other)],
        "barred": barred,
    }
    status = 422 if no else 200
    return fragments.render(request, "inquiry/new.html", context, status=status)


def questions(values: dict, errors: dict) -> list[Field]:
    def said(name: str) -> dict[str, Any]:
        return {"value": values.get(name, ""), "errors": tuple(errors.get(name, ()))}

    return [
        Field("reference", _("Case number"), width="half", maxlength=60, **said("reference")),
        Field("name", _("The customer's name"), required=False, maxlength=150, **said("name")),
        Field(
            "mobile",
            _("Mobile number"),
            "tel",
            inputmode="tel",
            width="half",
            hint=_("As 070-123 45 67. A landline gets no SMS."),
            **said("mobile"),
        ),
        Field(
            "language",
            _("Language of the message"),
            "radio",
            options=tuple(Option(code, name) for code, name in LANGUAGES),
            **{**said("language"), "value": values.get("language") or "sv"},
        ),
    ]


# One request


@require_safe
def page(request, number: str) -> HttpResponse:
    inquiry, eyes = found(request.actor, number)
    if "X-Live" not in request.headers:
        looks.look(request.actor.person, inquiry.case, clock.now())
        looks.read(request, inquiry.case.number)
    context = {
        **pages.told(inquiry, eyes),
        "deeds": deeds(request.actor, inquiry),
        "later": inquiry.later.select_related("case").first(),
        "now": clock.now(),
    }
    return fragments.render(request, "inquiry/inquiry.html", context)


def deeds(actor, inquiry: Inquiry) -> dict[str, tuple]:
    """What staff do, with what bars it."""
    listed = {name: named(DEEDS, name) for name in ("resend", "correct", "withdraw", "restart")}
    return {name: (deed, deed.reasons(actor, inquiry)) for name, deed in listed.items()}


@require_safe
def photo(request, number: str, document: UUID) -> FileResponse:
    inquiry, eyes = found(request.actor, number)
    row = inquiry.photos.filter(key=document).first() if eyes.see(ANSWERS) else None
    if row is None:
        raise Http404
    answer = FileResponse(files.opened(row), content_type=row.media_type, headers=SAFE)
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_POST
def resend(request, number: str) -> HttpResponse:
    """One press; too late is told on the page."""
    inquiry, _eyes = found(request.actor, number)
    try:
        ceremony.perform(named(DEEDS, "resend"), inquiry, {}, by=request.actor)
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no), "late")
    else:
        flashes.tell(request, _("The reminder has been sent."))
    return redirect("inquiry:case", inquiry.case.number)


@require_http_methods(["GET", "POST"])
def correct(request, number: str) -> HttpResponse:
    told = _("The number has been corrected, and the message goes to it.")
    return with_words(request, number, "correct", forms.Correct, told)


@require_http_methods(["GET", "POST"])
def withdraw(request, number: str) -> HttpResponse:
    told = _("The request has been cancelled. The link no longer works.")
    return with_words(request, number, "withdraw", forms.Withdraw, told)


@require_http_methods(["GET", "POST"])
def restart(request, number: str) -> HttpResponse:
    told = _("A new request has been started. The old one is kept.")
    return with_words(request, number, "restart", forms.Restart, told)


def with_words(request, number: str, name: str, shape, told: str) -> HttpResponse:
    """A page of its own: what is asked, and the deed."""
    inquiry, _eyes = found(request.actor, number)
    deed = named(DEEDS, name)
    if request.method == "GET":
        preset = {} if name == "withdraw" else {"mobile": phones.national(inquiry.mobile)}
        return show_words(request, inquiry, deed, shape, preset)
    typed = fields.values_of(shape, request.POST)
    try:
        done = ceremony.perform(deed, inquiry, typed, by=request.actor)
    except Misshapen as no:
        return show_words(request, inquiry, deed, shape, typed, no)
    except Refused as no:
        at = at_field(no)
        if no.status == 403 or all(error["field"] != "mobile" for error in at.errors):
            raise
        return show_words(request, inquiry, deed, shape, typed, at)
    flashes.tell(request, told)
    return redirect("inquiry:case", done.case.number)


def show_words(request, inquiry, deed, shape, values, no: Misshapen | None = None) -> HttpResponse:
    asked = fields.fields_of(shape, values, fields.errors_of(no) if no else {})
    context = {
        "inquiry": inquiry,
        "case": inquiry.case,
        "deed": deed,
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": deed.reasons(request.actor, inquiry) if not no else [],
    }
    status = 422 if no else 200
    return fragments.render(request, "inquiry/words.html", context, status=status)

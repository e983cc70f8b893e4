"""The application: anybody may apply, and is told before the questions if there is no need to."""

from typing import Any

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ombud.agreements import questions, rules
from ombud.agreements.catalogue import AgreementTerms
from ombud.agreements.deeds import APPLYING
from ombud.agreements.forms import an_organisation_number
from ombud.cases import passes
from ombud.cases.passes import Pass
from ombud.lib.errors import Misshapen, Reason, Refused
from ombud.lib.identifiers import Mistyped
from ombud.people import limits
from ombud.people.actors import NOBODY
from ombud.people.models import Organisation
from ombud.people.roles import Kind
from ombud.people.settings import said
from ombud.ui import fragments
from ombud.ui.forms import Field
from ombud.ui.paper import prose


@login_not_required
@require_safe
def choose(request) -> HttpResponse:
    """As a customer, or as an agent."""
    return fragments.render(request, "agreement/choose.html", {"operator": operator()})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def apply(request, side: str) -> HttpResponse:
    """First the organisation number, then everything else; the number may bar the rest."""
    if rules.side_of(side) is None:
        raise Http404
    raw = (request.POST if request.method == "POST" else request.GET).get("number", "")
    if not raw.strip():
        return show_number(request, side)
    if not limits.allow(request, "apply"):
        return ratelimit.respond_429(request)
    try:
        number = an_organisation_number(raw)
    except Mistyped as no:
        return show_number(request, side, raw, str(no))
    barred = rules.submit(NOBODY, operator(), side, number)
    if request.method == "POST":
        return submit(request, side, number)
    return show_barred(request, side, number, barred) if barred else show(request, side, number)


def operator() -> Organisation:
    """Whose portal this is: the operator that has been here longest."""
    found = Organisation.objects.filter(kinds__contains=[Kind.OPERATOR]).order_by("pk").first()
    if found is None:
        raise Http404
    return found


def submit(request, side: str, number: str) -> HttpResponse:
    """A second press leads where the first one led."""
    post = request.POST
    token = post.get("token", "")
    if Pass.objects.of_token(token):
        return redirect("agreement:guest", token)
    values = typed(request)
    try:
        arguments = APPLYING.read({**values, "side": side, "number": number, "token": token})
        APPLYING.action(operator(), by=NOBODY, **arguments)
    except Misshapen as no:
        return show(request, side, number, values, no)
    except Refused as no:
        return show_barred(request, side, number, no.reasons)
    return redirect("agreement:guest", token)


def typed(request) -> dict[str, Any]:
    post = request.POST
    applicant = {name: questions.one(post, f"applicant.{name}") for name in ("name", "email")}
    language = (translation.get_language() or "sv").partition("-")[0]
    return {**questions.typed(post), "applicant": applicant, "language": language}


def show_number(request, side: str, raw: str = "", error: str = "") -> HttpResponse:
    asked = Field(
        "number",
        translation.gettext("Organisation number"),
        value=raw,
        errors=(error,) if error else (),
        inputmode="numeric",
        width="half",
    )
    context = {"side": side, "field": asked, "errors": questions.links([asked])}
    status = 422 if error else 200
    return fragments.render(request, "agreement/number.html", context, status=status)


def show_barred(request, side: str, number: str, barred: list[Reason]) -> HttpResponse:
    reason = barred[0]
    context = {
        "side": side,
        "number": number,
        "reason": reason,
        "is_held": reason.code == "has_agreement",
    }
    return fragments.render(request, "agreement/barred.html", context, status=409)


def show(
    request, side: str, number: str, values: dict | None = None, no: Misshapen | None = None
) -> HttpResponse:
    values, faults = values or {}, questions.faults(no)
    terms = AgreementTerms.objects.newest(operator(), side)
    context = {
        "side": side,
        "number": number,
        "operator": operator(),
        "token": request.POST.get("token") or passes.new_token(),
        "terms": terms,
        "terms_title": said(terms.read.title),
        "terms_text": prose.drawn(said(terms.read.text)),
        **asked(values, faults, side == Kind.AGENT),
        "applicant": questions.applicant(values, faults),
        "same": [name for name in questions.SAME.values() if request.POST.get(name)],
    }
    context["errors"] = questions.links(every(context))
    status = 422 if no else 200
    return fragments.render(request, "agreement/apply.html", context, status=status)


def asked(values: dict, faults: dict, is_agent: bool) -> dict[str, Any]:
    """The questions about the organisation and its people."""
    administrator = values.get("administrator") or {}
    return {
        "organisation": questions.organisation(values, faults, is_agent),
        "administrator": questions.somebody(
            "administrator", administrator, faults, identified=True
        ),
        "signatories": questions.group("signatories", values, faults),
        "mode": questions.mode(values, faults),
        "contacts": questions.group("contacts", values, faults),
    }


def every(context: dict[str, Any]) -> list[Field]:
    slots = [*context["signatories"], *context["contacts"]]
    people = [field for slot in slots for field in slot["fields"]]
    plain = [*context["organisation"], *context["administrator"], *people, context["mode"]]
    return [*plain, *context.get("applicant", []), *context.get("more", [])]

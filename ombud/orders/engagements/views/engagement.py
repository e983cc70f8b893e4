"""The page of an engagement, and what is done on it: at one press, or with words on a page."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.cases import looks, sight
from ombud.cases.deeds import Deed, named
from ombud.cases.sight import Eyes
from ombud.lib import clock
from ombud.lib.errors import Misshapen, Refused
from ombud.lib.shapes import Shape
from ombud.orders import once
from ombud.orders.engagements import affected, forms, pages
from ombud.orders.engagements.deeds import DEEDS
from ombud.orders.engagements.models import Engagement
from ombud.people import flashes
from ombud.people.actors import Actor
from ombud.signing import ceremony
from ombud.ui import forms as fields
from ombud.ui import fragments

JOINED = (
    "case__portal",
    "agent",
    "operator",
    "applicant",
    "reviewed_by",
    "ended_by",
    "signature__person",
    "signature__instead_of",
    "signature__organisation",
    "signature__challenge",
)
METHODS = ["GET", "HEAD", "POST"]


def found(actor: Actor, number: str) -> tuple[Engagement, Eyes]:
    """The engagement and its reader's eyes, or it does not exist."""
    rows = Engagement.objects.select_related(*JOINED)
    engagement = rows.filter(case__number=number.upper()).first()
    eyes = sight.eyes(actor, engagement.case) if engagement else None
    if engagement is None or eyes is None:
        raise Http404
    return engagement, eyes


@require_safe
def page(request, number: str) -> HttpResponse:
    engagement, eyes = found(request.actor, number)
    if "X-Live" not in request.headers:
        looks.look(request.actor.person, engagement.case, clock.now())
        looks.read(request, engagement.case.number)
    context = pages.context(engagement, request.actor, eyes)
    shown = {**context, "key": once.key(), "now": clock.now()}
    return fragments.render(request, "engagement/engagement.html", shown)


@require_POST
def approve(request, number: str) -> HttpResponse:
    return press(request, number, "approve", _("Approved. The agent's attestants have been asked."))


@require_POST
def withdraw(request, number: str) -> HttpResponse:
    return press(request, number, "withdraw", _("The application has been withdrawn."))


def press(request, number: str, name: str, told: str) -> HttpResponse:
    """One deed at one press. Too late is told on the page; no right is a refusal."""
    engagement, _eyes = found(request.actor, number)
    here = reverse("engagement:case", args=[engagement.case.number])

    def do() -> str:
        ceremony.perform(named(DEEDS, name), engagement, {}, by=request.actor)
        flashes.tell(request, told)
        return here

    try:
        return redirect(once.only(request.actor, request.POST.get("key", ""), do))
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no), "late")
    return redirect(here)


@require_http_methods(METHODS)
def ask(request, number: str) -> HttpResponse:
    told = _("The agent has been asked to complete the application.")
    return with_words(request, number, "ask", forms.AskOfApplicant, told)


@require_http_methods(METHODS)
def reject(request, number: str) -> HttpResponse:
    told = _("The application has been rejected. The agent has been told why.")
    return with_words(request, number, "reject", forms.RejectEngagement, told)


@require_http_methods(METHODS)
def end(request, number: str) -> HttpResponse:
    """First whom it concerns, then why."""
    told = _("The engagement has ended. Both parties and those whose orders are held are told.")
    return with_words(request, number, "end", forms.EndEngagement, told)


def with_words(request, number: str, name: str, shape: type[Shape], told: str) -> HttpResponse:
    """A page of its own: what happens then, the words, who reads them, and the deed."""
    engagement, _eyes = found(request.actor, number)
    deed = named(DEEDS, name)
    if request.method != "POST":
        return show_words(request, engagement, deed, shape, {})
    typed = fields.values_of(shape, request.POST)

    def do() -> str:
        ceremony.perform(deed, engagement, typed, by=request.actor)
        flashes.tell(request, told)
        return reverse("engagement:case", args=[engagement.case.number])

    try:
        return redirect(once.only(request.actor, request.POST.get("key", ""), do))
    except Misshapen as no:
        return show_words(request, engagement, deed, shape, typed, no)
    except Refused as no:
        if no.status == 403:
            raise
        return show_words(request, engagement, deed, shape, typed, status=409)


def show_words(
    request,
    engagement: Engagement,
    deed: Deed,
    shape: type[Shape],
    values: dict,
    no: Misshapen | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = fields.fields_of(shape, values, fields.errors_of(no) if no else {})
    barred = deed.reasons(request.actor, engagement)
    context = {
        **pages.facts(engagement),
        "deed": deed,
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": barred,
        "typed": values.get("note", "") if barred else "",
        "affected": concerned(engagement, request.actor) if deed.name == "end" else [],
        "key": once.key(),
    }
    status = 422 if no else status
    return fragments.render(request, "engagement/words.html", context, status=status)


def concerned(engagement: Engagement, actor: Actor) -> list[dict]:
    if not pages.sees_customers(engagement):
        return []
    return pages.shown(affected.of(engagement), actor)

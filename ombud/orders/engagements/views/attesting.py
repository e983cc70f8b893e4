"""Attesting an engagement, or refusing to: pages that lead to the signing. Nothing here decides
by itself."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ombud.cases.deeds import named
from ombud.eid.codes import CodeRefused
from ombud.lib import chain
from ombud.lib.errors import Reason, Refused, misshapen, require, time
from ombud.orders import answers, deciding, methods, once
from ombud.orders.answers import Kept
from ombud.orders.engagements import pages, papers
from ombud.orders.engagements.deeds import DEEDS
from ombud.orders.engagements.models import Engagement
from ombud.orders.engagements.views.engagement import found
from ombud.orders.views import order as order_views
from ombud.people import ways
from ombud.people.actors import Actor
from ombud.people.models import Person
from ombud.people.roles import Role
from ombud.signing import ceremony
from ombud.signing.models import Signature
from ombud.ui import forms, fragments
from ombud.ui.forms import Field

ATTEST = named(DEEDS, "attest")
METHODS = ["GET", "HEAD", "POST"]


@require_http_methods(METHODS)
def attest(request, number: str) -> HttpResponse:
    return decide(request, number, "approve", "engagement/attest.html")


@require_http_methods(METHODS)
def refuse(request, number: str) -> HttpResponse:
    return decide(request, number, "reject", "engagement/refuse.html")


def decide(request, number: str, decision: str, template: str) -> HttpResponse:
    engagement, _eyes = found(request.actor, number)
    by = ATTEST.fits(request.actor, engagement)
    if barred := ATTEST.rule(by, engagement):
        return too_late(request, engagement, barred)
    if request.method == "POST":
        return answers.attempt(request, lambda: begin(request, engagement, by, decision))
    return fragments.render(request, template, shown(request, engagement, by, decision))


def too_late(request, engagement: Engagement, barred: list[Reason]) -> HttpResponse:
    """Decided already: by oneself, and the receipt is shown; or by another, and that is said."""
    if any(reason.because == "right" for reason in barred):
        require(barred)
    signature = engagement.signature
    if signature and signature.person == request.actor.person:
        return redirect("desk:signing", signature.pk)
    here = engagement.get_absolute_url()
    context = {"barred": barred, "service": engagement.service_name, "href": here}
    return fragments.render(request, "engagement/barred.html", context, status=409)


def shown(request, engagement: Engagement, by: Actor, decision: str) -> dict[str, Any]:
    kept, step = answers.kept(request), engagement.step
    assert step is not None
    note, alone = note_field(kept, decision), alone_field(by, engagement, kept, decision)
    way = way_field(request, engagement, by, kept)
    asked = [one for one in (alone, note, way) if one]
    return {
        **pages.facts(engagement),
        "role": Role(step.role).label,
        "instead_of": by.instead_of,
        "text": papers.text(engagement, decision, by=by),
        "shown": digest(engagement, decision, by),
        "by_code": "sms" in step.methods,
        "alone": alone,
        "note": note,
        "way": way,
        "faults": forms.links_of(asked),
        "reasons": kept.reasons,
        "key": once.key(),
    }


def digest(engagement: Engagement, decision: str, by: Actor) -> str:
    """What stands on the page: changed in between, it is shown anew."""
    text = papers.text(engagement, decision, by=by)
    facts = papers.facts(engagement, decision, by=by)
    return chain.sha256(f"{text}\n{chain.canonical(facts)}")


def note_field(kept: Kept, decision: str) -> Field:
    is_no = decision == "reject"
    return Field(
        "note",
        _("Why do you reject it?") if is_no else _("Note"),
        kind="textarea",
        value=kept.value("note"),
        hint=_("Shown to both parties. It becomes part of the decision."),
        errors=tuple(kept.faults("note")),
        required=is_no,
        rows=3,
        minlength=10 if is_no else None,
        maxlength=2000,
    )


def alone_field(by: Actor, engagement: Engagement, kept: Kept, decision: str) -> Field | None:
    """Asked only where the organisation wants to be told why one person decides alone."""
    if decision == "reject" or not tells_why(by, engagement):
        return None
    return Field(
        "alone",
        _("Why do you decide on what you prepared yourself?"),
        kind="textarea",
        value=kept.value("alone"),
        hint=_("Your organisation asks for it. It is signed, and shown to both parties."),
        errors=tuple(kept.faults("alone")),
        rows=2,
        maxlength=2000,
    )


def tells_why(by: Actor, engagement: Engagement) -> bool:
    step = engagement.step
    return step is not None and methods.policy_for(by, engagement, step) == "reason"


def way_field(request, engagement: Engagement, by: Actor, kept: Kept) -> Field:
    """How to sign: what was chosen last time is chosen again, if it is open."""
    person, step = request.actor.person, engagement.step
    browser = request.headers.get("User-Agent", "")
    options = deciding.ways_of(methods.of(by, engagement), request.actor, browser)
    is_open = [option.value for option in options if not option.barred]
    wished = [kept.value("way"), person.method if person else "", *is_open]
    by_code = step is not None and "sms" in step.methods
    return Field(
        "way",
        _("How do you want to confirm?") if by_code else _("How do you want to sign?"),
        kind="radio",
        value=next((one for one in wished if one in is_open), ""),
        options=tuple(options),
        errors=tuple(kept.faults("way") or kept.faults("method")),
    )


def begin(request, engagement: Engagement, by: Actor, decision: str) -> str:
    """On to the signing: the same form sent twice begins one."""
    post = request.POST
    note, alone = post.get("note", "").strip(), post.get("alone", "").strip()
    if decision == "approve" and tells_why(by, engagement) and len(alone) < 10:
        raise misshapen(alone=_("Say why in at least 10 characters."))
    typed = {"decision": decision, "note": note, "alone": alone}
    ATTEST.read({**typed, "method": "bankid"})
    if post.get("shown", "") != digest(engagement, decision, by):
        text = _("It has changed since this page was shown. Read it again before you go on.")
        raise Refused([time("changed", text)])
    way = post.get("way", "")

    def do() -> str:
        return reverse("desk:signing", args=[sign(request, engagement, typed, way).pk])

    return once.only(request.actor, post.get("key", ""), do)


def sign(request, engagement: Engagement, typed: dict, way: str) -> Signature:
    """Begin the signing; the person's choice is remembered."""
    if way not in ("sms", "here", "other"):
        raise misshapen(way=_("Choose how."))
    person = request.actor.person
    Person.objects.filter(pk=person.pk).exclude(method=way).update(method=way)
    asked = ceremony.Asked(
        ip=ways.address_of(request),
        browser=request.headers.get("User-Agent", ""),
        session=request.session.session_key or "",
        same_device=way == "here",
    )
    method = "sms" if way == "sms" else "bankid"
    try:
        begun = ceremony.perform(
            ATTEST, engagement, {**typed, "method": method}, by=request.actor, asked=asked
        )
    except CodeRefused as no:
        raise misshapen(way=str(no)) from no
    assert isinstance(begun, Signature)
    return begun


@require_safe
def evidence(request, number: str) -> HttpResponse:
    """What was signed and how, for the agent to keep."""
    engagement, _eyes = found(request.actor, number)
    signed = engagement.signature
    if signed is None or not request.actor.is_here(signed.organisation):
        raise Http404
    told = order_views.kept(signed)
    answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = f"{engagement.case.number}-{signed.pk}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer

"""While somebody signs: the app or the code, then the receipt, all at one address. The state is
the server's, so another tab, a reload or the back button shows the same."""

import json
from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ombud.cases import turns
from ombud.cases.deeds import named
from ombud.cases.models import Case
from ombud.desk.frame import frame_of
from ombud.desk.kinds import DEEDS
from ombud.eid import challenges, codes
from ombud.eid.models import Challenge
from ombud.lib import clock, days
from ombud.lib.counts import capped
from ombud.lib.errors import Misshapen, Refused
from ombud.orders import ball, finding, road, terms
from ombud.orders.engagements import pages as engagements
from ombud.orders.models import Approval
from ombud.people import flashes
from ombud.people.roles import Role
from ombud.people.ways import address_of
from ombud.signing import ceremony, progress
from ombud.signing.models import Signature
from ombud.ui import fragments
from ombud.ui.doors import url

JOINED = ("case", "challenge", "person", "organisation", "instead_of")
Status, Method = Signature.Status, Signature.Method


@never_cache
@require_safe
def page(request, pk: UUID) -> HttpResponse:
    """How it goes; once it is through, the receipt."""
    signature = ceremony.collect(found(request, pk))
    if signature.status == Status.COMPLETE:
        return fragments.render(request, *receipt(request, signature))
    if signature.status == Status.FAILED:
        return fragments.render(request, "desk/signing_failed.html", failure(request, signature))
    if signature.method == Method.SMS:
        return fragments.render(request, "desk/signing_code.html", by_code(request, signature))
    return fragments.render(request, "desk/signing.html", by_bankid(request, signature))


@never_cache
@require_safe
def status(request, pk: UUID) -> HttpResponse:
    """The one live line, asked for again each two seconds; when it is over it leads on."""
    signature = ceremony.collect(found(request, pk))
    return render(request, "desk/signing_live.html", live(signature))


@never_cache
@require_safe
def qr(request, pk: UUID) -> HttpResponse:
    """The QR code of this second; gone once the app is open."""
    signature = found(request, pk)
    challenge = signature.challenge
    is_open = signature.status == Status.PENDING and is_begun_here(request, signature)
    svg = challenges.qr_svg(challenge) if challenge and is_open else ""
    return HttpResponse(svg) if svg else HttpResponse(status=410)


@never_cache
@login_not_required
@require_safe
def back(request, pk: UUID) -> HttpResponse:
    """The app comes back, perhaps into another browser than the one that it was opened from:
    whoever is not logged in there reads the same, whether there is such a signing or not."""
    signature = Signature.objects.select_related(*JOINED).filter(pk=pk).first()
    if signature and signature.challenge:
        challenges.returned(signature.challenge, request.GET.get("nonce", ""))
    if request.actor.person is None:
        return render(request, "desk/signing_back.html")
    if signature is None or signature.person != request.actor.person:
        raise Http404
    return redirect("desk:signing", pk)


@require_POST
def code(request, pk: UUID) -> HttpResponse:
    """Try the code; what cannot be a code is no try."""
    signature = found(request, pk)
    typed = "".join(request.POST.get("code", "").split())
    here = reverse("desk:signing", args=[pk])
    if signature.status != Status.PENDING or signature.method != Method.SMS:
        return redirect(here)
    if not (typed.isascii() and typed.isdigit() and len(typed) == 6):
        return redirect(f"{here}?code=wrong")
    ceremony.try_code(signature, typed)
    return redirect(here)


@require_POST
def new_code(request, pk: UUID) -> HttpResponse:
    """A new code; the one before it is dead."""
    signature = found(request, pk)
    if signature.status == Status.PENDING and signature.method == Method.SMS:
        try:
            ceremony.send_code(signature, asked(request, same_device=False))
            flashes.tell(request, _("A new code has been sent. The one before it no longer holds."))
        except codes.CodeRefused as no:
            flashes.tell(request, str(no), "turn")
    return redirect("desk:signing", pk)


@require_POST
def cancel(request, pk: UUID) -> HttpResponse:
    """Thought better of it: nothing is decided, and what was typed is there still."""
    signature = ceremony.cancel(found(request, pk))
    if signature.status == Status.COMPLETE:
        return redirect("desk:signing", pk)
    flashes.tell(request, _("You cancelled. Nothing is decided."), "info")
    return redirect(deed_page(signature))


@require_POST
def renew(request, pk: UUID) -> HttpResponse:
    """A fresh QR code for the same words."""
    ceremony.renew(found(request, pk), asked(request, same_device=False))
    return redirect("desk:signing", pk)


@require_POST
def again(request, pk: UUID) -> HttpResponse:
    """Sign anew with the same answers; `way` may be another one."""
    signature = found(request, pk)
    if signature.status == Status.COMPLETE:
        return redirect("desk:signing", pk)
    try:
        return redirect("desk:signing", begun_anew(request, signature).pk)
    except codes.CodeRefused as no:
        flashes.tell(request, str(no), "turn")
    except Misshapen as no:
        flashes.tell(request, no.errors[0]["text"], "turn")
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no), "turn")
    return redirect(deed_page(signature))


def begun_anew(request, signature: Signature) -> Signature:
    kind, _dot, name = signature.deed.partition(".")
    way = request.POST.get("way", "")
    method = {"sms": Method.SMS, "here": Method.BANKID, "other": Method.BANKID}.get(
        way, Method(signature.method)
    )
    was_here = bool(signature.challenge and signature.challenge.same_device)
    ceremony.cancel(signature)
    begun = ceremony.perform(
        named(DEEDS[kind], name),
        signature.case.matter,
        {**signature.arguments, "method": str(method)},
        by=request.actor,
        asked=asked(request, same_device=way == "here" or (not way and was_here)),
    )
    assert isinstance(begun, Signature)
    return begun


def found(request, pk: UUID) -> Signature:
    """Only the signer's own: for anybody else it does not exist."""
    assert request.actor.person is not None
    rows = Signature.objects.select_related(*JOINED).filter(person=request.actor.person)
    signature = rows.filter(pk=pk).first()
    if signature is None:
        raise Http404
    return signature


def asked(request, *, same_device: bool) -> ceremony.Asked:
    return ceremony.Asked(
        ip=address_of(request),
        browser=request.headers.get("User-Agent", ""),
        session=request.session.session_key or "",
        same_device=same_device,
    )


def is_begun_here(request, signature: Signature) -> bool:
    """Start link and QR code are for the session that asked for them, and for no other."""
    challenge = signature.challenge
    session = request.session.session_key or ""
    return challenge is not None and challenges.belongs_to(challenge, session)


def common(signature: Signature) -> dict:
    return {
        "signature": signature,
        "number": signature.case.number,
        "title": signature.case.title,
        "is_rejection": is_rejection(signature),
        "deed_page": deed_page(signature),
        "case_page": url(f"{signature.case.kind}:case", signature.case.number),
    }


def is_rejection(signature: Signature) -> bool:
    is_no = signature.arguments.get("decision") == "reject"
    return signature.deed == "order.reject" or is_no


def deed_page(signature: Signature) -> str:
    yes, no = DEED_PAGES[signature.deed]
    return reverse(no if is_rejection(signature) else yes, args=[signature.case.number])


DEED_PAGES = {  # where a yes is given, and where a no
    "order.approve": ("order:review", "order:reject"),
    "order.reject": ("order:review", "order:reject"),
    "order.attest": ("order:attest", "order:reject"),
    "engagement.attest": ("engagement:attest", "engagement:refuse"),
}


# BankID


def by_bankid(request, signature: Signature) -> dict:
    challenge, here = signature.challenge, is_begun_here(request, signature)
    same_device = bool(challenge and challenge.same_device)
    return {
        **common(signature),
        **live(signature),
        "is_here": here,
        "same_device": same_device,
        "start_link": progress.start_link(challenge) if challenge and here and same_device else "",
        "qr_svg": challenges.qr_svg(challenge) if challenge and here and not same_device else "",
        "other_ways": ways(signature),
    }


def live(signature: Signature) -> dict:
    """The line: what is going on, and the seconds only when they are few."""
    here = reverse("desk:signing", args=[signature.pk])
    is_over = signature.status != Status.PENDING
    src = "" if is_over else reverse("desk:signing_status", args=[signature.pk])
    return {"text": progress.words(signature), "src": src, "next": here if is_over else ""}


def ways(signature: Signature) -> list[tuple[str, str]]:
    """The other device, for whoever began on the wrong one."""
    if signature.challenge and signature.challenge.same_device:
        return [("other", _("BankID on another device"))]
    return [("here", _("BankID on this device"))]


# Code by SMS


def by_code(request, signature: Signature) -> dict:
    challenge, person = signature.challenge, signature.person
    assert challenge is not None and person is not None
    left = codes.TRIES - challenge.tries
    return {
        **common(signature),
        "phone": challenge.phone_masked,
        "tries_left": left,
        "error": fault(request, challenge),
        "wait": codes.wait_before_next(person.phone, str(person.pk), address_of(request)),
        "until": challenge.begun_at + codes.LIFE,
        "is_here": is_begun_here(request, signature),
    }


def fault(request, challenge: Challenge) -> str:
    if request.GET.get("code") == "wrong":
        return _("Write the six digits of the code.")
    return _("This is not the code that was sent.") if challenge.tries else ""


# How it ended


def failure(request, signature: Signature) -> dict:
    """In words, and what can be done now."""
    later = decided_since(signature)
    told, hint, challenge = since(later) or said(signature), signature.hint, signature.challenge
    may_renew = (
        hint == "not_started"
        and challenge is not None
        and challenges.may_renew(challenge)
        and not challenge.same_device
    )
    is_over = later is not None or hint in ("late", "refused")
    is_own = later is not None and later.decided_by_id == signature.person_id
    receipt = later.signature_id if is_own and later else None  # sent back is not signed
    return {
        **common(signature),
        "told": told,
        "may_renew": may_renew and not is_over,
        "is_stale": hint == "stale" and not is_over,
        "may_retry": not is_over and hint != "stale",
        "is_over": is_over,
        "is_own": is_own,
        "receipt": reverse("desk:signing", args=[receipt]) if receipt else "",
        "typed": "" if is_own else signature.arguments.get("note", ""),
    }


def decided_since(signature: Signature) -> Approval | None:
    """What became of the turn in which this was begun, once it has been decided; what was sent
    back comes again, and is signed anew."""
    begun = signature.begun_at
    turn = Approval.objects.filter(
        order=signature.case_id,
        step=json.loads(signature.claims)["step"],
        asked_at__lte=begun,
        decided_at__gte=begun,
    )
    decided = turn.exclude(outcome=Approval.Outcome.SENT_BACK).order_by("pk")
    return decided.select_related("decided_by", "signature").last()


def since(later: Approval | None) -> list[str]:
    if later is None:
        return []
    facts = {"who": later.decided_by, "when": days.clocked(later.decided_at or clock.now())}
    return [_("Already handled by %(who)s %(when)s.") % facts]


def said(signature: Signature) -> list[str]:
    is_order = signature.case.kind == Case.Kind.ORDER
    changed = _("The order changed while you were signing.")
    own = {
        "wrong_person": _("You signed as somebody other than who is logged in."),
        "stale": changed if is_order else _("It changed while you were signing."),
        "code_gone": signature.challenge.words if signature.challenge else "",
    }
    if signature.hint in own:
        return [own[signature.hint]]
    if signature.reasons:
        return [reason["text"] for reason in signature.reasons]
    if signature.hint == "superseded" or signature.challenge is None:
        return [_("A newer attempt took the place of this one.")]
    challenge = signature.challenge
    return [challenge.words if challenge.status == "failed" else _("The time ran out. Try again.")]


def receipt(request, signature: Signature) -> tuple[str, dict]:
    """What was decided, for whom, when and how; who has the ball; what is next."""
    frame = frame_of(request)
    rows, _further = turns.of(request.actor, limit=1)
    context = {
        **common(signature),
        "role": Role(role_of(signature)).label,
        "way": road.method_words(signature.method, not is_rejection(signature)),
        "waiting": capped(frame.waiting if frame else 0),
        "next": reverse("desk:case", args=[rows[0].number]) if rows else "",
    }
    if signature.case.kind == Case.Kind.ENGAGEMENT:
        decided = engagements.facts(signature.case.engagement)
        return "engagement/receipt.html", {**decided, **context}
    return "desk/signing_receipt.html", {**of_order(signature), **context}


def of_order(signature: Signature) -> dict:
    order, eyes = finding.whole(signature.signer, signature.case.number)
    agents = order.agent_terms if eyes.see("agent") else None
    return {
        "order": order,
        "ball": ball.of(order, signature.signer, finding.turn_of(order)),
        "terms_text": terms.text(order.terms),
        "agent_terms_text": terms.text(agents) if agents else "",
    }


def role_of(signature: Signature) -> str:
    """In which role it was signed, as the evidence says."""
    return json.loads(signature.claims)["role"]

"""Signing by link: the agreement is read, then the app, then the receipt. The state is the
server's, so another tab, a reload or the back button shows the same."""

import secrets

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.agreements import forms, letters, pages
from ombud.agreements.deeds import DEEDS
from ombud.agreements.views.guests import Guest, by_link
from ombud.cases.deeds import named
from ombud.eid import challenges
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes
from ombud.people.ways import address_of
from ombud.signing import ceremony, progress
from ombud.signing.models import Signature
from ombud.ui import forms as fields
from ombud.ui import fragments

KEPT = "guest"  # what the session knows of the signing that was begun in it
Status = Signature.Status


@by_link(letters.SIGN)
@require_POST
def sign(request, guest: Guest) -> HttpResponse:
    """Ask for the signature; nothing is signed yet. A second press finds the first one's."""
    same_device = request.POST.get("way") == "here"
    try:
        ceremony.perform(
            named(DEEDS, "sign"),
            guest.agreement,
            {"method": "bankid"},
            by=guest.actor,
            asked=asked(request, guest, same_device=same_device),
        )
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no), "turn")
        return redirect(guest.at("guest"))
    return redirect(guest.at("signing"))


def asked(request, guest: Guest, *, same_device: bool) -> ceremony.Asked:
    """A guest has no login: the session is known by a secret of its own."""
    kept = {"secret": secrets.token_urlsafe(24), **request.session.get(KEPT, {})}
    request.session[KEPT] = {**kept, "token": guest.token}
    return ceremony.Asked(
        ip=address_of(request),
        browser=request.headers.get("User-Agent", ""),
        session=kept["secret"],
        same_device=same_device,
        back=reverse("agreement:back"),
    )


def latest(guest: Guest) -> Signature | None:
    rows = Signature.objects.filter(guest=guest.link).order_by("-begun_at")
    return rows.select_related("case", "challenge", "guest", "organisation").first()


def found(guest: Guest) -> Signature:
    signature = latest(guest)
    if signature is None:
        raise Http404
    return signature


@by_link(letters.SIGN)
@require_safe
def page(request, guest: Guest) -> HttpResponse:
    """How it goes; once it is through, the receipt."""
    signature = latest(guest)
    if signature is None:
        return redirect(guest.at("guest"))
    signature = ceremony.collect(signature)
    if signature.status == Status.COMPLETE:
        return redirect(guest.at("guest"))
    context = {"guest": guest, "agreement": guest.agreement, "signature": signature}
    if signature.status == Status.FAILED:
        context |= failure(signature)
        return fragments.render(request, "agreement/not_signed.html", context)
    context |= under_way(request, guest, signature)
    return fragments.render(request, "agreement/signing.html", context)


def under_way(request, guest: Guest, signature: Signature) -> dict:
    challenge, here = signature.challenge, is_begun_here(request, signature)
    same_device = bool(challenge and challenge.same_device)
    link = progress.start_link(challenge) if challenge and here and same_device else ""
    return {
        **live(guest, signature),
        "is_here": here,
        "start_link": link,
        "qr_svg": challenges.qr_svg(challenge) if challenge and here and not same_device else "",
        "other_way": ("other", _("BankID on another device"))
        if same_device
        else ("here", _("BankID on this device")),
    }


def is_begun_here(request, signature: Signature) -> bool:
    """Start link and QR code are for the session that asked for them, and for no other."""
    secret = request.session.get(KEPT, {}).get("secret", "")
    return signature.challenge is not None and challenges.belongs_to(signature.challenge, secret)


def live(guest: Guest, signature: Signature) -> dict:
    is_over = signature.status != Status.PENDING
    return {
        "text": progress.words(signature),
        "src": "" if is_over else guest.at("signing_status"),
        "next": guest.at("signing") if is_over else "",
    }


def failure(signature: Signature) -> dict:
    """In words, and what can be done now."""
    challenge, hint = signature.challenge, signature.hint
    may_renew = (
        hint == "not_started"
        and challenge is not None
        and challenges.may_renew(challenge)
        and not challenge.same_device
    )
    return {"told": said(signature), "may_renew": may_renew}


def said(signature: Signature) -> list[str]:
    if signature.hint == "wrong_person":
        return [_("You signed as somebody other than whom the link was sent to.")]
    if signature.reasons:
        return [reason["text"] for reason in signature.reasons]
    challenge = signature.challenge
    if challenge is None or signature.hint == "superseded":
        return [_("A newer attempt took the place of this one.")]
    return [challenge.words if challenge.status == "failed" else _("The time ran out. Try again.")]


@by_link(letters.SIGN)
@require_safe
def status(request, guest: Guest) -> HttpResponse:
    """The one live line, asked for again each two seconds; when it is over it leads on."""
    signature = ceremony.collect(found(guest))
    return fragments.render(request, "agreement/signing_live.html", live(guest, signature))


@by_link(letters.SIGN)
@require_safe
def qr(request, guest: Guest) -> HttpResponse:
    """The QR code of this second; gone once the app is open."""
    signature = found(guest)
    challenge = signature.challenge
    is_open = signature.status == Status.PENDING and is_begun_here(request, signature)
    svg = challenges.qr_svg(challenge) if challenge and is_open else ""
    return HttpResponse(svg) if svg else HttpResponse(status=410)


@by_link(letters.SIGN)
@require_POST
def cancel(request, guest: Guest) -> HttpResponse:
    """Thought better of it: nothing is signed."""
    signature = ceremony.cancel(found(guest))
    if signature.status != Status.COMPLETE:
        flashes.tell(request, _("You cancelled. Nothing is signed."), "info")
    return redirect(guest.at("guest"))


@by_link(letters.SIGN)
@require_POST
def renew(request, guest: Guest) -> HttpResponse:
    """A fresh QR code for the same words."""
    ceremony.renew(found(guest), asked(request, guest, same_device=False))
    return redirect(guest.at("signing"))


@login_not_required
@never_cache
@require_safe
def back(request) -> HttpResponse:
    """The app comes back, perhaps into another browser than the one it was opened from."""
    token = request.session.get(KEPT, {}).get("token", "")
    if not token:
        return fragments.render(request, "agreement/back.html")
    return redirect("agreement:signing", token)


@by_link(letters.SIGN)
@require_http_methods(["GET", "POST"])
def decline(request, guest: Guest) -> HttpResponse:
    """A page of its own: why, and who reads it."""
    deed = named(DEEDS, "decline")
    if barred := deed.reasons(guest.actor, guest.agreement):
        raise Refused(barred)
    if request.method == "GET":
        return show_decline(request, guest, {})
    values = fields.values_of(forms.Decline, request.POST)
    try:
        deed.action(guest.agreement, by=guest.actor, **deed.read(values))
    except Misshapen as no:
        return show_decline(request, guest, values, no)
    flashes.tell(request, _("You have declined to sign. The other party has been told."))
    return redirect(guest.at("guest"))


def show_decline(request, guest: Guest, values: dict, no: Misshapen | None = None) -> HttpResponse:
    asked_for = fields.fields_of(forms.Decline, values, fields.errors_of(no) if no else {})
    context = {
        "guest": guest,
        "agreement": guest.agreement,
        "agreement_title": pages.title(guest.agreement),
        "fields": asked_for,
        "errors": fields.links_of(asked_for),
    }
    status = 422 if no else 200
    return fragments.render(request, "agreement/decline.html", context, status=status)

"""The customer signs: the words first, then the app, then the receipt. The state is the server's,
so another tab, a reload, the back button or another browser shows the same."""

import secrets
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.cases.deeds import named
from ombud.eid import challenges
from ombud.inquiries import papers, receipts, saved
from ombud.inquiries.deeds import DEEDS
from ombud.inquiries.states import State
from ombud.inquiries.views.guests import KEPT, Guest, by_link, coming, frame, show_over
from ombud.inquiries.views.guests import has_signed_here as signed_here
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes
from ombud.people.forms import an_email
from ombud.people.ways import address_of
from ombud.signing import ceremony, progress
from ombud.signing.models import Signature
from ombud.ui import fragments

PHONES = ("iPhone", "iPad", "Android")
Status = Signature.Status


@by_link
@require_http_methods(["GET", "POST"])
def sign(request, guest: Guest) -> HttpResponse:
    """The words that are signed; a press starts BankID, where they are still those that were shown:
    another tab may have handed in something else. A second press finds the first one's."""
    if guest.inquiry.state != State.SUBMITTED:
        return redirect(guest.at("review"))
    if request.method == "GET":
        return show(request, guest)
    if request.POST.get("shown") != papers.shown_sha256(guest.inquiry):
        told = _("What you are to sign has changed since it was shown. Read it again, then sign.")
        flashes.tell(request, told, "turn")
        return redirect(guest.at("sign"))
    if saved.is_later(guest.inquiry):
        told = _("Something has been changed since it was handed in. Read it again, then sign.")
        flashes.tell(request, told, "turn")
        return redirect(guest.at("review"))
    same_device = request.POST.get("way") == "here"
    try:
        ceremony.perform(
            named(DEEDS, "sign"),
            guest.inquiry,
            {"method": "bankid"},
            by=guest.actor,
            asked=asked(request, guest, same_device=same_device),
        )
    except (Refused, Misshapen) as no:
        flashes.tell(request, str(no), "turn")
        return redirect(guest.at("sign"))
    saved.count_order(guest.inquiry)
    return redirect(guest.at("signing"))


def show(request, guest: Guest) -> HttpResponse:
    browser = request.headers.get("User-Agent", "")
    context = {
        **frame(guest, "sign"),
        "document": papers.text(guest.inquiry),
        "shown": papers.shown_sha256(guest.inquiry),
        "is_phone": any(kind in browser for kind in PHONES),
    }
    return fragments.render(request, "inquiry/sign.html", context)


def asked(request, guest: Guest, *, same_device: bool) -> ceremony.Asked:
    """The customer has no login: the session is known by a secret of its own. The app leads back
    to the page of the signing, in whatever browser."""
    kept = {"secret": secrets.token_urlsafe(24), **request.session.get(KEPT, {})}
    request.session[KEPT] = kept
    return ceremony.Asked(
        ip=address_of(request),
        browser=request.headers.get("User-Agent", ""),
        session=kept["secret"],
        same_device=same_device,
        back=guest.at("signing"),
    )


def latest(guest: Guest) -> Signature | None:
    rows = Signature.objects.filter(guest=guest.link).order_by("-begun_at")
    return rows.select_related("case", "challenge", "guest", "organisation").first()


def found(guest: Guest) -> Signature:
    signature = latest(guest)
    if signature is None:
        raise Http404
    return signature


def with_link(view):
    """A door that stays open once the signature has come: it leads to the receipt."""

    @login_not_required
    @never_cache
    @wraps(view)
    def door(request, token: str) -> HttpResponse:
        guest = coming(request, token)
        answer = view(request, guest)
        answer["X-Robots-Tag"] = "noindex, nofollow"
        return answer

    return door


@with_link
@require_safe
def page(request, guest: Guest) -> HttpResponse:
    """How it goes; once it is through, the receipt."""
    signature = latest(guest)
    if signature is None:
        return redirect(guest.at("sign"))
    is_back = came_back(request, signature)
    if signature.status == Status.PENDING:
        signature = ceremony.collect(signature)
    if signature.status == Status.COMPLETE:
        remember(request, guest, signature, is_back)
        return redirect(guest.at("done"))
    if not guest.inquiry.is_open:
        return show_over(request, guest)
    context = {**frame(guest, "sign"), "signature": signature}
    if signature.status == Status.FAILED:
        context |= failure(signature)
        return fragments.render(request, "inquiry/not_signed.html", context)
    context |= under_way(request, guest, signature)
    context["shown"] = papers.shown_sha256(guest.inquiry, signature.document)
    return fragments.render(request, "inquiry/signing.html", context)


def came_back(request, signature: Signature) -> bool:
    """Whether the app has led here, perhaps into another browser than the one it was opened
    from."""
    nonce, challenge = request.GET.get("nonce", ""), signature.challenge
    return challenge is not None and challenges.returned(challenge, nonce)


def remember(request, guest: Guest, signature: Signature, is_back: bool) -> None:
    """In this browser the receipt is shown from now on."""
    if is_back or is_begun_here(request, signature):
        kept = request.session.get(KEPT, {})
        signed = {*kept.get("signed", []), guest.inquiry.case.number}
        request.session[KEPT] = {**kept, "signed": sorted(signed)}


def under_way(request, guest: Guest, signature: Signature) -> dict:
    challenge, here = signature.challenge, is_begun_here(request, signature)
    same_device = bool(challenge and challenge.same_device)
    link = progress.start_link(challenge) if challenge and here and same_device else ""
    return {
        **live(guest, signature),
        "is_here": here,
        "start_link": link,
        "qr_svg": challenges.qr_svg(challenge) if challenge and here and not same_device else "",
        "other_way": ("other", _("BankID is on another phone"))
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
    challenge = signature.challenge
    may_renew = (
        signature.hint == "not_started"
        and challenge is not None
        and challenges.may_renew(challenge)
        and not challenge.same_device
    )
    return {"told": why(signature), "may_renew": may_renew, "is_stale": signature.hint == "stale"}


def why(signature: Signature) -> list[str]:
    if signature.reasons:
        return [reason["text"] for reason in signature.reasons]
    challenge = signature.challenge
    if challenge is None or signature.hint == "superseded":
        return [_("A newer attempt took the place of this one.")]
    return [challenge.words if challenge.status == "failed" else _("The time ran out. Try again.")]


@with_link
@require_safe
def status(request, guest: Guest) -> HttpResponse:
    """The one live line, asked for again each two seconds; when it is over it leads on."""
    signature = ceremony.collect(found(guest))
    return fragments.render(request, "inquiry/signing_live.html", live(guest, signature))


@by_link
@require_safe
def qr(request, guest: Guest) -> HttpResponse:
    """The QR code of this second; gone once the app is open."""
    signature = found(guest)
    challenge = signature.challenge
    is_open = signature.status == Status.PENDING and is_begun_here(request, signature)
    svg = challenges.qr_svg(challenge) if challenge and is_open else ""
    return HttpResponse(svg) if svg else HttpResponse(status=410)


@by_link
@require_POST
def cancel(request, guest: Guest) -> HttpResponse:
    """Thought better of it: nothing is signed, and everything typed is there."""
    signature = ceremony.cancel(found(guest))
    if signature.status != Status.COMPLETE:
        flashes.tell(request, _("You cancelled. Nothing is signed."), "info")
    return redirect(guest.at("sign"))


@by_link
@require_POST
def renew(request, guest: Guest) -> HttpResponse:
    """A fresh QR code for the same words."""
    ceremony.renew(found(guest), asked(request, guest, same_device=False))
    return redirect(guest.at("signing"))


# The receipt


@with_link
@require_safe
def done(request, guest: Guest) -> HttpResponse:
    """Thanks, what happens next, and the copy: in the browser that signed."""
    inquiry = guest.inquiry
    if not (inquiry.is_applied and signed_here(request, inquiry)):
        return show_over(request, guest)
    context = {
        **frame(guest),
        "summary": papers.kept_copy(inquiry),
        "costs": papers.costs(inquiry),
        "sentences": papers.sentences(inquiry),
        "email": papers.email(inquiry),
        "repair": inquiry.repair.number if inquiry.repair else "",
    }
    return fragments.render(request, "inquiry/done.html", context)


@with_link
@require_safe
def copy(request, guest: Guest) -> HttpResponse:
    if not (guest.inquiry.is_applied and signed_here(request, guest.inquiry)):
        return show_over(request, guest)
    answer = HttpResponse(papers.receipt(guest.inquiry), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{guest.inquiry.case.number}.pdf"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@with_link
@require_POST
def mail(request, guest: Guest) -> HttpResponse:
    """The receipt by mail, to the address that was given or another."""
    inquiry = guest.inquiry
    if not (inquiry.is_applied and signed_here(request, inquiry)):
        return show_over(request, guest)
    try:
        address = an_email(request.POST.get("email", "").strip()[:150])
    except ValueError as no:
        flashes.tell(request, str(no), "late")
        return redirect(guest.at("done"))
    if receipts.send(inquiry, address):
        flashes.tell(request, _("The copy is on its way to %(to)s.") % {"to": address})
    else:
        flashes.tell(request, _("The copy has been sent to three addresses already."), "late")
    return redirect(guest.at("done"))

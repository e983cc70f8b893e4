"""The doors of proving by BankID who one is; each purpose leads back to a page of its own."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ombud.eid import challenges
from ombud.people import login, proving, ways
from ombud.ui import fragments

PURPOSES = {
    "register": "desk:register",
    "help": "desk:seek_help",
    "account": "desk:tie_account",
}


@login_not_required
@require_POST
@never_cache
def begin(request):
    """On this device or by a QR code; where it leads afterwards hangs on what it is for."""
    if not ratelimit.consume(request, action="bankid_login"):
        return ratelimit.respond_429(request)
    purpose = request.POST.get("purpose", "")
    if purpose not in PURPOSES:
        return redirect("account_login")
    number = request.POST.get("number", "")
    target = reverse(PURPOSES[purpose])
    if digits := "".join(sign for sign in number if sign in "0123456789")[:12]:
        target += f"?number={digits}"
    proving.begin(request, purpose, target, same_device=request.POST.get("device") == "same")
    return redirect("desk:prove")


@login_not_required
@require_safe
@never_cache
def prove(request):
    """How it goes, until the person is known."""
    challenge = proving.under_way(request)
    if challenge is None:
        return redirect("account_login")
    challenge = challenges.collect(challenge)
    is_done = challenge.is_complete and proving.has_come_back(challenge)
    attempt = proving.kept(request)
    if is_done and not request.htmx:
        return HttpResponseRedirect(attempt.next)
    context = {
        "challenge": challenge,
        "attempt": attempt,
        "is_done": is_done,
        "svg": challenges.qr_svg(challenge),
        "app_link": login.app_link(challenge) if challenge.is_pending else "",
    }
    return fragments.render(request, "desk/prove.html", context, block="live")


@login_not_required
@require_safe
@never_cache
def qr(request):
    """The code of this second, as a drawing."""
    challenge = proving.under_way(request)
    svg = challenges.qr_svg(challenge) if challenge else ""
    return HttpResponse(svg, content_type="image/svg+xml", status=200 if svg else 410)


@login_not_required
@require_POST
def again(request):
    """A fresh QR code for the same attempt; or a new attempt, where that one is over."""
    challenge, attempt = proving.under_way(request), proving.kept(request)
    if challenge is None:
        return redirect("account_login")
    if challenges.may_renew(challenge):
        challenges.renew(challenge, ip=ways.address_of(request))
        return redirect("desk:prove")
    if not ratelimit.consume(request, action="bankid_login"):
        return ratelimit.respond_429(request)
    is_same = request.POST.get("device") == "same"
    proving.begin(request, attempt.purpose, attempt.next, same_device=is_same)
    return redirect("desk:prove")


@login_not_required
@require_POST
def cancel(request):
    challenge, target = proving.under_way(request), proving.kept(request).next
    if challenge:
        challenges.cancel(challenge)
    proving.forget(request)
    return HttpResponseRedirect(target)


@login_not_required
@require_safe
@never_cache
def back(request):
    """The app leads back here, with a word that is good once and only in the same browser."""
    challenge = proving.under_way(request)
    if challenge is None or not challenges.returned(challenge, request.GET.get("nonce", "")):
        return fragments.render(request, "people/elsewhere.html", status=409)
    challenges.collect(challenge)
    return redirect("desk:prove")

"""The doors of the second step, after a password; and of a passkey, which needs none."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ombud.eid import challenges
from ombud.eid.codes import CodeRefused
from ombud.eid.models import Challenge
from ombud.people import flashes, login, ways
from ombud.people.account import factors, half, proofs
from ombud.people.account.factors import WrongProof
from ombud.people.views.confirm import said_of
from ombud.ui import fragments


@login_not_required
@require_safe
@never_cache
def page(request):
    """What is asked for beside the password."""
    return show(request)


def show(request, error: str = "", field: str = "", status: int = 200, tries_left=None):
    found = half.under_way(request)
    if found is None or request.actor.person:
        return over(request)
    begun, person = found
    known = factors.of(person)
    context = {
        "app": known.app is not None,
        "codes": known.codes is not None,
        "passkey": bool(known.passkeys),
        "phone": known.phone_masked,
        "is_sent": bool(begun.challenge),
        "next": begun.next,
        "error": error,
        "field": field,
        "tries_left": tries_left,
    }
    return fragments.render(request, "people/second.html", context, status=status)


def over(request):
    if request.actor.person:
        return redirect("/")
    flashes.tell(request, _("The time is out. Log in again."), "turn")
    return redirect("account_login")


def let_in(request, found, by: str):
    begun, person = found
    half.end(request)
    login.enter(request, person, by, begun.next)
    return HttpResponseRedirect(begun.next)


@login_not_required
@require_POST
@never_cache
def code(request):
    """A code from an app, or a recovery code."""
    found = half.under_way(request)
    if found is None:
        return over(request)
    try:
        by = factors.prove_by_code(found[1], request.POST.get("code", ""))
    except WrongProof as no:
        return show(request, str(no), "code", 422)
    return let_in(request, found, by)


@login_not_required
@require_POST
@never_cache
def send(request):
    """A security code by SMS, or a new one."""
    found = half.under_way(request)
    if found is None:
        return over(request)
    phone = factors.of(found[1]).code_phone
    if phone is None:
        return redirect("people:second")
    try:
        half.send_half_code(request, *found, phone.phone)
    except CodeRefused as no:
        return show(request, str(no), "sms", 429 if no.wait else 403)
    return redirect("people:second")


@login_not_required
@require_POST
@never_cache
def sms(request):
    found = half.under_way(request)
    if found is None:
        return over(request)
    sent = Challenge.objects.filter(pk=found[0].challenge or None).first()
    if sent is None:
        return redirect("people:second")
    tried = challenges.try_code(sent, request.POST.get("code", ""))
    if tried.ok:
        return let_in(request, found, "sms")
    return show(request, said_of(tried), "sms", 422, None if tried.gone else tried.tries_left)


@login_not_required
@require_POST
@never_cache
def passkey(request):
    """A passkey instead of the code."""
    found = half.under_way(request)
    if found is None:
        return over(request)
    try:
        factors.prove_by_passkey(request.POST.get("credential", ""), found[1])
    except WrongProof as no:
        return show(request, str(no), "", 422)
    return let_in(request, found, "passkey")


@login_not_required
@require_POST
@never_cache
def options(request):
    """What the browser is to ask for: any passkey of this site at the login, else the person's."""
    if not ratelimit.consume(request, action="passkey"):
        return JsonResponse({"detail": _("Too many attempts")}, status=429)
    found = half.under_way(request)
    asked = request.POST.get("for", "")
    if asked == "new" and request.actor.person:
        if proofs.is_asked(request, proofs.FACTORS):
            return JsonResponse({"detail": _("Confirm first.")}, status=403)
        return JsonResponse(factors.new_passkey_options(request.actor.person))
    whose = request.actor.person or (found[1] if found and asked == "second" else None)
    return JsonResponse(factors.passkey_options(whose))


@login_not_required
@require_POST
@never_cache
def by_passkey(request):
    """In by a passkey alone: it proves both the thing and the person."""
    if not ratelimit.consume(request, action="passkey"):
        return ratelimit.respond_429(request)
    target = ways.wanted(request)
    try:
        person = factors.prove_by_passkey(request.POST.get("credential", ""))
    except WrongProof as no:
        flashes.tell(request, str(no), "late")
        return HttpResponseRedirect(ways.login_address(target))
    half.end(request)
    login.enter(request, person, "passkey", target)
    return HttpResponseRedirect(target)

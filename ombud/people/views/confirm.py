"""The doors of a fresh proof: who is logged in shows anew that it is they, and goes on."""

from allauth.account.adapter import get_adapter
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.eid import challenges, oidc
from ombud.eid.codes import CodeRefused
from ombud.eid.models import Challenge
from ombud.lib.errors import Refused, right
from ombud.people import flashes, ways
from ombud.people.account import actions, factors, half, proofs
from ombud.people.account.factors import WrongProof
from ombud.ui import fragments

SENT = "confirm_code"
DIGITS = {"se": 12, "no": 11}  # of an identity number, by country


@require_safe
@never_cache
def page(request):
    """Why a proof is asked for, and the ways in which the person can give it."""
    return show(request)


def show(request, error: str = "", field: str = "", status: int = 200):
    told = proofs.waiting(request)
    if not told:
        return redirect("/")
    person, name = request.actor.person, told["name"]
    known = factors.of(person)
    is_weak = proofs.takes_weak(request, name)
    context = {
        "why": proofs.LISTED[name].why,
        "back": told["back"],
        "typed": bool(told["typed"]),
        "bankid": bool(person.personal_index),
        "providers": [one for one in oidc.providers() if proves(one, person, known)],
        "passkey": bool(known.passkeys),
        "app": known.app is not None,
        "codes": known.codes_left,
        "phone": known.phone_masked if is_weak else "",
        "password": is_weak and not known.code_phone and person.has_usable_password(),
        "is_sent": bool(request.session.get(SENT)),
        "has_any": bool(person.personal_index) or known.has_strong or is_weak,
        "minutes": proofs.minutes(),
        "error": error,
        "field": field,
    }
    return fragments.render(request, "people/confirm.html", context, status=status)


def proves(provider, person, known) -> bool:
    """Whether the provider could show that it is this person, and surely enough."""
    linked = any(row.provider == provider.key for row in known.identities)
    digits = DIGITS.get(provider.country, 0) if provider.vouches else 0
    fits = digits > 0 and len(person.personal_number) == digits
    return bool(provider.is_strong and (fits or linked))


def proved(request, by: str):
    """Back to what the person was about to do."""
    told = proofs.waiting(request)
    proofs.confirm(request, by)
    request.session.pop(SENT, None)
    if not told.get("typed"):
        request.session.pop(proofs.WAITING, None)
    return HttpResponseRedirect(ways.inside(request, told.get("back")))


def judged(request, person, by: str):
    """An e-ID has said who it is: the same as is logged in, or nobody is confirmed."""
    if person is None or person != request.actor.person:
        text = _("This was done by somebody else than the one who is logged in. Nothing was done.")
        return show(request, text, status=403)
    return proved(request, by)


def bothered(request) -> bool:
    """Whether there is anything to confirm; a form sent out of turn confirms nothing."""
    return not proofs.waiting(request)


@require_POST
@never_cache
def code(request):
    if bothered(request):
        return redirect("/")
    try:
        by = factors.prove_by_code(request.actor.person, request.POST.get("code", ""))
    except WrongProof as no:
        return show(request, str(no), "code", 422)
    return proved(request, by)


@require_POST
@never_cache
def passkey(request):
    if bothered(request):
        return redirect("/")
    try:
        factors.prove_by_passkey(request.POST.get("credential", ""), request.actor.person)
    except WrongProof as no:
        return show(request, str(no), "", 422)
    return proved(request, "passkey")


@require_POST
@never_cache
def password(request):
    """Only for one who has nothing stronger, to add something stronger."""
    told = proofs.waiting(request)
    if not told or not proofs.takes_weak(request, told["name"]):
        return redirect("people:confirm")
    if factors.of(request.actor.person).code_phone:
        return redirect("people:confirm")
    try:
        is_right = get_adapter(request).reauthenticate(
            request.actor.person, request.POST.get("password", "")
        )
    except ValidationError as many:
        return show(request, " ".join(many.messages), "password", 422)
    if not is_right:
        return show(request, _("The password is wrong."), "password", 422)
    return proved(request, "password")


@require_POST
@never_cache
def send(request):
    """A security code by SMS, where nothing stronger is at hand."""
    told = proofs.waiting(request)
    known = factors.of(request.actor.person)
    if not told or not known.code_phone or not proofs.takes_weak(request, told["name"]):
        return redirect("people:confirm")
    try:
        sent = half.send_code(
            request,
            request.actor.person,
            known.code_phone.phone,
            f"confirm:{request.actor.person.pk}",
        )
    except CodeRefused as no:
        return show(request, str(no), "sms", 429 if no.wait else 403)
    request.session[SENT] = str(sent.pk)
    return redirect("people:confirm")


@require_POST
@never_cache
def sms(request):
    told = proofs.waiting(request)
    sent = Challenge.objects.filter(pk=request.session.get(SENT)).first()
    if not told or sent is None or not proofs.takes_weak(request, told["name"]):
        return redirect("people:confirm")
    tried = challenges.try_code(sent, request.POST.get("code", ""))
    if tried.ok:
        return proved(request, "sms")
    if tried.gone:
        request.session.pop(SENT, None)
    return show(request, said_of(tried), "sms", 422)


def said_of(tried) -> str:
    if tried.gone:
        return _("The code no longer holds. Ask for a new one.")
    return _("The code is wrong.")


@require_http_methods(["GET", "POST"])
@never_cache
def programs(request):
    """A program has been told that its person must confirm: here, for some minutes."""
    here = request.actor.organisation
    if here is None:
        raise Refused([right("no_organisation", _("You belong to no organisation yet."))])
    if proofs.is_asked(request, proofs.PROGRAMS):
        return proofs.leading(request, proofs.PROGRAMS, request.path)
    if request.method == "POST":
        actions.consent(here, by=request.actor)
        words = _("Your programs may go on for %(n)s minutes.") % {"n": proofs.minutes()}
        flashes.tell(request, words)
        return redirect("people:security")
    context = {"organisation": here, "minutes": proofs.minutes()}
    return fragments.render(request, "people/programs.html", context)

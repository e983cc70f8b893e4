"""The doors of how one logs in: what is there, adding, renaming, removing, and where one is in."""

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.eid import challenges, oidc
from ombud.eid.codes import CodeRefused
from ombud.eid.models import Challenge
from ombud.lib import phones
from ombud.lib.errors import Refused, require
from ombud.people import flashes
from ombud.people.account import actions, factors, half, logins, proofs, rules
from ombud.people.account.factors import WrongProof
from ombud.people.views.confirm import said_of
from ombud.ui import fragments

SHOWN_CODES = "shown_codes"
PHONE = "code_phone_to_be"
LONGEST_NAME = 60


@require_safe
@never_cache
def page(request):
    """Every way into the account, and where one is logged in."""
    person = request.actor.person
    known = factors.of(person)
    names = {one.key: one.name for one in oidc.providers()}
    taken = {row.provider for row in known.identities}
    context = {
        "person": person,
        "known": known,
        "identities": [(row, names.get(row.provider, row.provider)) for row in known.identities],
        "linkable": [one for one in oidc.providers() if not one.vouches and one.key not in taken],
        "logins": logins.of(person, request.session.session_key),
    }
    return fragments.render(request, "people/security.html", context)


def asks_first(request):
    """The way to the confirmation, if changing how one logs in waits for it."""
    if not proofs.is_asked(request, proofs.FACTORS):
        return None
    at = request.path if request.method == "GET" else reverse("people:security")
    return proofs.leading(request, proofs.FACTORS, at)


# An app for codes


@require_http_methods(["GET", "POST"])
@never_cache
def app(request):
    if first := asks_first(request):
        return first
    person = request.actor.person
    require(rules.add_app(request.actor, person))
    secret, error = factors.app_secret(request), ""
    if request.method == "POST":
        if factors.fits_secret(secret, request.POST.get("code", "")):
            actions.add_app(person, by=request.actor, secret=secret)
            request.session.pop(factors.APP_SECRET)
            flashes.tell(request, _("The app is in use. Now keep your recovery codes."))
            return with_codes(request)
        error = _("The code is wrong. Write the one that the app shows now.")
    context = {
        "svg": factors.app_svg(person, secret),
        "secret": factors.spelled(secret),
        "error": error,
    }
    status = 422 if error else 200
    return fragments.render(request, "people/app_add.html", context, status=status)


# Recovery codes


def with_codes(request):
    """To the page that shows them, once."""
    request.session[SHOWN_CODES] = True
    return redirect("people:codes")


@require_http_methods(["GET", "POST"])
@never_cache
def codes(request):
    """Shown once when they are made; POST makes new ones."""
    if request.method == "POST":
        if first := asks_first(request):
            return first
        actions.new_codes(request.actor.person, by=request.actor)
        return with_codes(request)
    known = factors.of(request.actor.person)
    if known.codes is None or not request.session.pop(SHOWN_CODES, False):
        return redirect("people:security")
    context = {"codes": known.codes.wrap().get_unused_codes()}
    return fragments.render(request, "people/codes.html", context)


# Passkeys


@require_http_methods(["GET", "POST"])
@never_cache
def passkey_add(request):
    if first := asks_first(request):
        return first
    person = request.actor.person
    require(rules.add_passkey(request.actor, person))
    if request.method == "GET":
        return show_passkey_add(request)
    name = named(request) or logins.machine(request.headers.get("User-Agent", "")) or "Ombud"
    had = factors.of(person).codes is not None
    try:
        credential = factors.new_passkey(request.POST.get("credential", ""))
    except WrongProof as no:
        return show_passkey_add(request, str(no))
    actions.add_passkey(person, by=request.actor, name=name, credential=credential)
    flashes.tell(request, _("The passkey “%(name)s” was added.") % {"name": name})
    return redirect("people:security") if had else with_codes(request)


def show_passkey_add(request, error: str = ""):
    name = named(request) or logins.machine(request.headers.get("User-Agent", ""))
    context = {"name": name, "error": error}
    status = 422 if error else 200
    return fragments.render(request, "people/passkey_add.html", context, status=status)


def named(request) -> str:
    return " ".join(request.POST.get("name", "").replace("\0", "").split())[:LONGEST_NAME]


@require_http_methods(["GET", "POST"])
@never_cache
def passkey(request, pk: int):
    """One passkey: its name, and the way to remove it."""
    found = next((row for row in factors.of(request.actor.person).passkeys if row.pk == pk), None)
    if found is None:
        raise Http404
    if first := asks_first(request):
        return first
    error = ""
    if request.method == "POST":
        if named(request):
            actions.rename_passkey(
                request.actor.person, by=request.actor, pk=pk, name=named(request)
            )
            flashes.tell(request, _("Saved."))
            return redirect("people:security")
        error = _("Write a name by which you know it again.")
    barred = rules.remove(request.actor, request.actor.person, "passkey", pk)
    context = {"passkey": found, "name": found.wrap().name, "barred": barred, "error": error}
    status = 422 if error else 200
    return fragments.render(request, "people/passkey.html", context, status=status)


# Security codes by SMS


@require_http_methods(["GET", "POST"])
@never_cache
def code_phone(request):
    """The number first; it is taken when a code sent there has come back."""
    if first := asks_first(request):
        return first
    if request.method == "GET":
        request.session.pop(PHONE, None)
        return show_code_phone(request, phones.national(request.actor.person.phone))
    typed = request.POST.get("phone", "").strip()
    try:
        number = phones.parse(typed)
    except phones.NotAPhone as no:
        return show_code_phone(request, typed, str(no))
    if not phones.is_mobile(number):
        return show_code_phone(request, typed, _("This is not a mobile number."))
    person = request.actor.person
    try:
        sent = half.send_code(request, person, number, f"phone:{person.pk}")
    except CodeRefused as no:
        return show_code_phone(request, typed, str(no), 429 if no.wait else 403)
    request.session[PHONE] = {"phone": number, "challenge": str(sent.pk)}
    return redirect("people:code_phone_code")


def show_code_phone(request, phone: str, error: str = "", status: int = 422):
    context = {"phone": phone, "error": error}
    return fragments.render(
        request, "people/code_phone.html", context, status=status if error else 200
    )


@require_http_methods(["GET", "POST"])
@never_cache
def code_phone_code(request):
    if first := asks_first(request):
        return first
    told = request.session.get(PHONE)
    sent = Challenge.objects.filter(pk=told["challenge"]).first() if told else None
    if sent is None:
        return redirect("people:code_phone")
    error, left = "", None
    if request.method == "POST":
        tried = challenges.try_code(sent, request.POST.get("code", ""))
        if tried.ok:
            request.session.pop(PHONE)
            actions.set_code_phone(request.actor.person, by=request.actor, phone=told["phone"])
            flashes.tell(request, _("Security codes are sent to your phone from now on."))
            return redirect("people:security")
        error, left = said_of(tried), None if tried.gone else tried.tries_left
    context = {"phone": sent.phone_masked, "error": error, "tries_left": left}
    status = 422 if error else 200
    return fragments.render(request, "people/code_phone_code.html", context, status=status)


# Removing, and ending


@require_POST
def remove(request, kind: str, pk: int = 0):
    """It opens nothing any more; the last way in stays."""
    if kind not in actions.REMOVED:
        raise Http404
    if first := asks_first(request):
        return first
    known = factors.of(request.actor.person)
    try:
        actions.remove_factor(
            request.actor.person, by=request.actor, kind=kind, pk=pk, name=name_of(known, kind, pk)
        )
    except Refused as no:
        flashes.tell(request, str(no), "late")
    else:
        flashes.tell(request, _("Removed."))
    return redirect("people:security")


def name_of(known: factors.Factors, kind: str, pk: int) -> str:
    names = {one.key: one.name for one in oidc.providers()}
    rows = {
        "passkey": {row.pk: row.wrap().name for row in known.passkeys},
        "identity": {row.pk: names.get(row.provider, row.provider) for row in known.identities},
    }
    return rows.get(kind, {}).get(pk, "")


@require_POST
def end(request):
    """Log out somewhere else: in one place, or everywhere but here."""
    here = request.session.session_key
    named_as = request.POST.get("key", "")
    keys = logins.keys(request.actor.person, named_as, here)
    ended = actions.end_logins(request.actor.person, by=request.actor, keys=keys)
    words = _("You are logged out there.") if ended else _("You were logged out there already.")
    flashes.tell(request, words)
    return redirect("people:security")

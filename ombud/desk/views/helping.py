"""Who is my administrator: by name for whoever belongs there, masked for anybody else; and asking
for help, which ends at customer service where nobody is left."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ombud.agreements.rules import masked_of
from ombud.desk import actions, forms
from ombud.desk.views.organisation import deed
from ombud.lib import identifiers
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes, limits, proving, rules, ways
from ombud.people.actors import Actor
from ombud.people.forms import read
from ombud.people.models import Organisation
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.forms import Field


@login_not_required
@never_cache
@require_safe
def whose(request):
    """Reachable from the login, and for whoever is logged in without any right."""
    raw = ways.said_in(request.GET, "number", 40)
    if raw and not limits.allow(request, "whose_administrator"):
        return ratelimit.respond_429(request)
    number, error = numbered(raw)
    mine = [hat.organisation for hat in request.hats]
    found = Organisation.objects.filter(number=number).first() if number else None
    rules.know_administrators(mine)
    asked = Field(
        "number",
        _("Organisation number"),
        value=raw,
        errors=(error,) if error else (),
        inputmode="numeric",
        width="half",
    )
    context = {
        "mine": mine,
        "field": asked,
        "errors": fields.links_of([asked]),
        "number": number,
        "found": None if found in mine else found,
        "masked": masked_of(number) if found and found not in mine else "",
    }
    status = 422 if error else 200
    frame = "desk/whose_inside.html" if request.actor.person else "desk/whose.html"
    return fragments.render(request, frame, context, status=status)


def numbered(raw: str) -> tuple[str, str]:
    """The number in digits, or what is wrong with it."""
    if not raw:
        return "", ""
    try:
        return identifiers.se_org(raw), ""
    except identifiers.Mistyped as no:
        return "", str(no)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def seek_help(request):
    """Whoever asks has proven who it is: by being logged in, or by BankID here."""
    asked = request.POST if request.method == "POST" else request.GET
    number, _error = numbered(ways.said_in(asked, "number", 40))
    here = Organisation.objects.filter(number=number).first() if number else None
    if here is None:
        return redirect("desk:whose")
    claims = {} if request.actor.person else proving.proven(request, "help")
    if not (request.actor.person or claims):
        context = {"organisation": here}
        return fragments.render(request, "desk/seek_help_first.html", context)
    if request.method == "GET":
        return show(request, here, {})
    typed = fields.values_of(forms.SeekHelp, request.POST)
    try:
        send(request, here, claims, typed)
    except (Misshapen, Refused) as no:
        if no.status == 403:
            raise
        return show(request, here, typed, no)
    proving.forget(request)
    text = _("Your request about %(organisation)s has been sent. You are reached as you have said.")
    flashes.tell(request, text % {"organisation": here})
    return redirect("desk:whose")


def send(request, here: Organisation, claims: dict, typed: dict) -> None:
    person = request.actor.person
    if person and request.actor.is_here(here):
        arguments = read(forms.AskForHelp, {"note": typed.get("note", "")})
        deed("ask_for_help").action(here, by=request.actor, **arguments)
        return
    if person:
        typed = {**typed, "contact": person.email or typed.get("contact", "")}
    arguments = read(forms.SeekHelp, typed)
    name = str(person) if person else claims["name"]
    actions.seek_help(here, by=Actor(person, None), name=name, **arguments)


def show(request, here: Organisation, values: dict, no=None):
    person = request.actor.person
    only = ["note"] if person and person.email else None
    faults = fields.errors_of(no) if isinstance(no, Misshapen) else {}
    asked = fields.fields_of(forms.SeekHelp, values, faults, only=only)
    context = {
        "organisation": here,
        "fields": asked,
        "errors": fields.links_of(asked),
        "no": no if isinstance(no, Refused) else None,
    }
    status = no.status if no else 200
    return fragments.render(request, "desk/seek_help.html", context, status=status)

"""The doors of registering oneself: prove by BankID who one is, say with which organisation."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ombud.desk import actions, arriving, forms
from ombud.lib import vault
from ombud.lib.errors import Misshapen, Refused, misshapen
from ombud.people import flashes, login, proving, ways
from ombud.people.actors import NOBODY
from ombud.people.forms import read
from ombud.people.models import Organisation, Person, Registration
from ombud.ui import forms as fields
from ombud.ui import fragments


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def register(request):
    """Whose account it becomes is whoever has proven it here, and nobody else."""
    claims = proving.proven(request, "register")
    number = ways.said_in(request.GET, "number", 40)
    if not claims:
        return fragments.render(request, "desk/register.html", {"number": number})
    if is_somebody_else(request, claims):
        context = {"number": number, "is_other": True}
        return fragments.render(request, "desk/register.html", context, status=409)
    known = Person.objects.of_number(claims["personal_number"])
    if request.method == "GET":
        return show(request, claims, known, {"number": number})
    if not ratelimit.consume(request, action="register"):
        return ratelimit.respond_429(request)
    typed = fields.values_of(forms.Register, request.POST)
    try:
        person = put_in(request, claims, known, typed)
    except (Misshapen, Refused) as no:
        return show(request, claims, known, typed, no)
    proving.forget(request)
    if request.actor.person is None:
        login.enter(request, person, "bankid", "/")
    flashes.tell(request, _("You have registered."))
    return redirect("desk:registrations")


def is_somebody_else(request, claims: dict) -> bool:
    """Logged in as one person, and proven to be another."""
    mine = request.actor.person
    return bool(mine) and mine.personal_index not in vault.indexes(claims["personal_number"])


def put_in(request, claims: dict, known: Person | None, typed: dict) -> Person:
    if known:
        typed = {**typed, "email": known.email or typed.get("email", "")}
    arguments = read(forms.Register, typed)
    here = Organisation.objects.filter(number=arguments.pop("number")).first()
    if here is None:
        raise misshapen(number=_("There is no organisation with this number in Ombud."))
    if not arguments.pop("right"):
        raise misshapen(right=_("Tick that the details are right."))
    language = (translation.get_language() or "sv").partition("-")[0]
    named = {name: claims[name] for name in ("personal_number", "given", "family")}
    return actions.register(here, by=NOBODY, language=language, **named, **arguments)


def show(request, claims: dict, known: Person | None, values: dict, no=None):
    only = ["number", "right"] if known and known.email else None
    faults = fields.errors_of(no) if isinstance(no, Misshapen) else {}
    asked = fields.fields_of(forms.Register, values, faults, only=only)
    context = {
        "claims": claims,
        "known": known,
        "fields": asked,
        "errors": fields.links_of(asked),
        "no": no if isinstance(no, Refused) else None,
        "lacks_organisation": "number" in faults,
    }
    status = no.status if no else 200
    return fragments.render(request, "desk/register_form.html", context, status=status)


@require_safe
def registrations(request):
    """Where one has registered, and what has become of it; not who answers there."""
    rows = Registration.objects.filter(person=request.actor.person)
    found = list(rows.select_related("organisation").order_by("-asked_at")[:50])
    alone = [row.pk for row in found if not row.answered_at and lacks_answer(row)]
    context = {"registrations": found, "alone": alone}
    return fragments.render(request, "desk/registrations.html", context)


def lacks_answer(row: Registration) -> bool:
    """Whether nobody is left who could answer."""
    return not arriving.administrators(row.organisation)

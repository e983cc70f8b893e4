"""The doors to an organisation's people: change, let go, let back in; answer who registered."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from ombud.desk import forms, leaving, rules
from ombud.desk.leaving import Hangs, Leaver
from ombud.desk.views.organisation import (
    belonging,
    deed,
    drop_scope,
    role_options,
    scope_question,
    scopes_of,
)
from ombud.lib import phones
from ombud.lib.errors import Misshapen, Refused, misshapen
from ombud.people import flashes
from ombud.people.account import proofs
from ombud.people.models import Person, Registration
from ombud.people.roles import Role
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.forms import Field
from ombud.ui.pieces import Option

DETAILS = ("given", "family", "email", "phone")


def named(request) -> str:
    asked = request.POST if request.method == "POST" else request.GET
    return asked.get("person", "").replace("\0", "")[:150]


# Details


@require_http_methods(["GET", "POST"])
def change(request):
    """Put name, address and number right."""
    here, offered = belonging(request), deed("change_person")
    person = rules.member(here, named(request))
    if person is None and not offered.reasons(request.actor, here):
        return redirect("desk:organisation")
    if request.method == "GET" or person is None:
        return show_change(request, person, details(person) if person else {})
    typed = fields.values_of(forms.ChangePerson, request.POST)
    try:
        arguments = offered.read(typed)
        offered.action(here, by=offered.fits(request.actor, here), **arguments)
    except (Misshapen, Refused) as no:
        if no.status == 403:
            raise
        return show_change(request, person, typed, no)
    if not rules.must_confirm(here, person):
        text = _("%(name)s has been changed, and invited at %(email)s.")
    else:
        text = _("A letter has gone to %(email)s. It is changed when %(name)s has confirmed it.")
    flashes.tell(request, text % {"name": person, "email": arguments["email"]})
    return redirect("desk:organisation")


def details(person: Person) -> dict:
    known = {name: getattr(person, name) for name in DETAILS}
    return {**known, "phone": phones.national(person.phone)}


def show_change(request, person: Person | None, values: dict, no=None):
    here = belonging(request)
    faults = fields.errors_of(no) if isinstance(no, Misshapen) else {}
    asked = fields.fields_of(forms.ChangePerson, values, faults, only=DETAILS)
    context = {
        "person": person,
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": rules.change_person(request.actor, here, person.username if person else ""),
        "confirms": person is not None and rules.must_confirm(here, person),
        "no": no if isinstance(no, Refused) else None,
    }
    status = no.status if no else 200
    return fragments.render(request, "desk/change_person.html", context, status=status)


# Letting go, and back in


@require_http_methods(["GET", "POST"])
def deactivate(request):
    """First who takes over what hangs on the person, then the person goes; all at one press."""
    here, offered = belonging(request), deed("deactivate_person")
    by, name = offered.fits(request.actor, here), named(request)
    person, barred = rules.member(here, name), rules.may_deactivate(by, here, name)
    if person is None and not any(reason.because == "right" for reason in barred):
        return redirect("desk:organisation")
    if barred and request.method == "POST":
        raise Refused(barred)
    if barred or person is None:
        return show_barred(request, person, barred)
    if request.method == "GET":
        return show_wizard(request, leaving.of(here, person, by))
    holders, to = chosen(request), request.POST.get("to", "")
    left = leaving.of(here, person, by)
    faults = leaving.lacking(left, leaving.chosen(left, holders, to))
    if faults:
        return show_wizard(request, left, faults)
    try:
        arguments = offered.read({"person": name, "holders": holders, "to": to})
        offered.action(here, by=by, **arguments)
    except Refused as no:
        if no.status == 403:
            raise
        return show_wizard(request, leaving.of(here, person, by), no=no)
    flashes.tell(request, gone(left))
    return redirect("desk:organisation")


def chosen(request) -> list[dict[str, str]]:
    """Who takes over what, as the fields of the page say."""
    return [
        {"what": name.removeprefix("holder:"), "person": person}
        for name, person in request.POST.items()
        if name.startswith("holder:") and person
    ]


def gone(left: Leaver) -> str:
    name = {"name": left.person}
    if not left.hangs:
        return _("%(name)s has been deactivated.") % name
    text = ngettext(
        "%(name)s has been deactivated. %(n)s thing has been handed over.",
        "%(name)s has been deactivated. %(n)s things have been handed over.",
        len(left.hangs),
    )
    return text % {**name, "n": len(left.hangs)}


def show_barred(request, person: Person | None, barred: list):
    context = {"person": person, "barred": barred, "parts": [], "errors": [], "no": None}
    return fragments.render(request, "desk/deactivate_person.html", context)


def show_wizard(request, left: Leaver, faults: dict | None = None, no: Refused | None = None):
    typed = request.POST if request.method == "POST" else {}
    parts = [part(left, one, typed, faults or {}, place) for place, one in enumerate(left.hangs)]
    context = {
        "person": left.person,
        "is_me": left.person == request.actor.person,
        "parts": parts,
        "all": everything(left, typed) if len(parts) > 1 else None,
        "roles": [
            str(Role(row.role).label) for row in left.grants if row.person_id == left.person.pk
        ],
        "stand_ins": left.stand_ins,
        "errors": fields.links_of([one["field"] for one in parts]),
        "barred": [],
        "no": no,
    }
    status = 422 if faults else no.status if no else 200
    return fragments.render(request, "desk/deactivate_person.html", context, status=status)


def part(left: Leaver, one: Hangs, typed, faults: dict, place: int) -> dict:
    """One thing that hangs, with the question of who takes it over. Who cannot is listed once for
    all things alike."""
    name = f"holder:{one.what}"
    before = left.hangs[:place]
    is_told = any(same_bars(one, other) for other in before)
    options = tuple(option for option in one.options if not (is_told and option.barred))
    fault = (faults[one.what],) if one.what in faults else ()
    asked = Field(
        name,
        leaving.title(one, left.organisation),
        "select",
        value=typed.get(name, ""),
        hint=str(leaving.part_words(one)),
        errors=fault,
        required=len(left.hangs) == 1,
        is_asked_for=True,
        options=options,
    )
    return {"field": asked, "cases": one.cases, "is_role": one.is_role}


def same_bars(one: Hangs, other: Hangs) -> bool:
    bars = ({(o.value, o.barred) for o in each.options if o.barred} for each in (one, other))
    return one.role == other.role and next(bars) == next(bars)


def everything(left: Leaver, typed) -> Field:
    """One answer for all that is not answered one by one: those who can take most, first."""
    able: dict[str, int] = {}
    names = {who.username: str(who) for who in left.members}
    for one in left.hangs:
        for option in one.options:
            if not option.barred:
                able[option.value] = able.get(option.value, 0) + 1
    ordered = sorted(able, key=lambda name: -able[name])
    of = _("%(n)s of %(all)s")
    hints = {name: of % {"n": able[name], "all": len(left.hangs)} for name in ordered}
    return Field(
        "to",
        _("Who takes over everything?"),
        "select",
        value=typed.get("to", ""),
        hint=_("Or choose one by one below; what is chosen there goes first."),
        required=False,
        is_asked_for=True,
        options=tuple(Option(name, names[name], hints[name]) for name in ordered),
    )


@require_POST
def restore(request):
    """Let somebody back in, without any role."""
    here, offered = belonging(request), deed("restore_person")
    arguments = offered.read(fields.values_of(forms.RestorePerson, request.POST))
    offered.action(here, by=offered.fits(request.actor, here), **arguments)
    name = Person.objects.get(username=arguments["person"])
    text = _("%(name)s belongs to the organisation again, without any role. Now give one.")
    flashes.tell(request, text % {"name": name})
    return redirect("desk:organisation")


# Who has registered


@require_http_methods(["GET", "POST"])
def admit(request):
    """Let in with a first role, in one press; a role that asks for a service is given next. Read
    only on the way back from the confirmation."""
    here, offered = belonging(request), deed("admit_person")
    if barred := offered.reasons(request.actor, here):
        raise Refused(barred)
    if request.method == "GET":
        return show_admit(request, proofs.taken(request, "admit_person"))
    typed = fields.values_of(forms.AdmitPerson, request.POST)
    try:
        if not typed.get("role"):
            raise misshapen(role=_("Choose a role."))
        drop_scope(here, typed)
        arguments = offered.read(typed)
        if first := proofs.asked(request, offered, typed, arguments):
            return first
        offered.action(here, by=offered.fits(request.actor, here), **arguments)
    except Misshapen as no:
        return show_admit(request, typed, no)
    row = Registration.objects.select_related("person").get(pk=arguments["registration"])
    text = _("%(name)s belongs to the organisation now, as %(role)s.")
    flashes.tell(request, text % {"name": row.person, "role": Role(arguments["role"]).label})
    return redirect("desk:organisation")


def show_admit(request, typed: dict, no: Misshapen | None = None):
    """What the one press lacked is asked for on a page of its own."""
    here = belonging(request)
    row = rules.waiting(here, int(typed["registration"])) if is_number(typed) else None
    if row is None:
        return redirect("desk:organisation")
    asked = fields.fields_of(
        forms.AdmitPerson,
        typed,
        fields.errors_of(no) if no else {},
        choices={"role": role_options(here)},
        only=["role", "scope"],
    )
    role, scope = asked
    role.kind = "radio"
    shown = [role, *scope_question(here, scopes_of(request), scope)]
    context = {"row": row, "fields": shown, "errors": fields.links_of(shown)}
    status = no.status if no else 200
    return fragments.render(request, "desk/admit_person.html", context, status=status)


def is_number(typed: dict) -> bool:
    return str(typed.get("registration", "")).isdigit()


@require_POST
def refuse(request):
    here, offered = belonging(request), deed("refuse_person")
    arguments = offered.read(fields.values_of(forms.RefusePerson, request.POST))
    offered.action(here, by=offered.fits(request.actor, here), **arguments)
    flashes.tell(request, _("You have said no. Whoever registered is told."))
    return redirect("desk:organisation")

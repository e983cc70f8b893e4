"""The doors of stand-ins: naming, changing, ending; and the brief for whoever stands in."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.desk import doors
from ombud.desk import organisation as house
from ombud.desk import stand_ins as briefs
from ombud.desk.views.organisation import belonging, deed, scopes_of
from ombud.desk.words import VERBS, event_words
from ombud.lib import clock, days
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes, forms, stand_ins, standing_in
from ombud.people.account import proofs
from ombud.people.models import Organisation, Person, StandIn
from ombud.people.roles import EVERYTHING, SIGNING, Role
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.pieces import Option

No = Misshapen | Refused | None
WRITTEN = "%Y-%m-%dT%H:%M"  # as a browser's field of day and time takes it


@require_http_methods(["GET", "POST"])
def name(request) -> HttpResponse:
    """Name who stands in: for oneself, or as administrator for whoever is absent."""
    here = belonging(request)
    absent = whom(request, here)
    if absent is None:
        flashes.tell(request, _("This person does not belong to the organisation."), "late")
        return redirect("desk:organisation")
    if request.method == "GET":
        now = days.local(clock.now()).strftime(WRITTEN)
        chosen = {"from_at": now, "person": request.GET.get("person", "")}
        return show_name(request, absent, proofs.taken(request, "name_stand_in") or chosen)
    typed = fields.values_of(forms.NameStandIn, request.POST)
    typed["instead_of"] = absent.username
    naming = deed("name_stand_in")
    try:
        arguments = naming.read({**typed, "roles": meant(typed["roles"], absent, here)})
        back = f"{request.path}?{urlencode({'for': absent.username})}"
        if first := proofs.asked(request, naming, typed, arguments, back):
            return first
        naming.action(here, by=naming.fits(request.actor, here), **arguments)
    except Misshapen as no:
        return show_name(request, absent, typed, no)
    except Refused as no:
        if no.status == 403:
            raise
        return show_name(request, absent, typed, no)
    row = StandIn.objects.at(here).filter(instead_of=absent).latest("pk")
    tell_named(request, row)
    return redirect("desk:stand_in", row.pk)


def whom(request, here: Organisation) -> Person | None:
    """Who is away: oneself, or the colleague that is named, who may have left meanwhile."""
    asked = request.POST.get("instead_of") or request.GET.get("for", "")
    return standing_in.member(here, asked) if asked else request.actor.person


def tell_named(request, row: StandIn) -> None:
    facts = {
        "name": row.person,
        "absent": row.instead_of,
        "until": standing_in.until_words(row.until_at),
    }
    flashes.tell(request, _("%(name)s stands in for %(absent)s until %(until)s.") % facts)
    for words in stand_ins.warnings(row.organisation, row):
        flashes.tell(request, words, "turn")


def meant(ticked: list[str], absent: Person, here: Organisation) -> list[str]:
    """Every role ticked is every role."""
    held = standing_in.roles_of(absent, here)
    return [EVERYTHING] if held and set(held) <= set(ticked) else ticked


def show_name(request, absent: Person, values: dict, no: No = None) -> HttpResponse:
    here = belonging(request)
    naming, me = deed("name_stand_in"), request.actor.person
    asked = fields_for(forms.NameStandIn, here, absent, values, no)
    asked = [field for field in asked if field.name != "instead_of"]
    barred = naming.rule(request.actor, here, instead_of=absent.username)
    others = house.people(here, scopes_of(request)) if may_name_others(request, here) else []
    context = {
        "absent": absent,
        "is_me": absent == me,
        "others": [one.person for one in others if one.held],
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": barred,
        "no": no if isinstance(no, Refused) else None,
    }
    return fragments.render(
        request, "desk/name_stand_in.html", context, status=no.status if no else 200
    )


def may_name_others(request, here: Organisation) -> bool:
    return request.actor.holds(Role.ADMINISTRATOR, here)


def fields_for(shape: Any, here: Organisation, absent: Person, values: dict, no: No) -> list:
    held = standing_in.roles_of(absent, here)
    ticked = held if EVERYTHING in values.get("roles", [EVERYTHING]) else values["roles"]
    choices: dict[str, Any] = {"roles": [(role, Role(role).label) for role in held]}
    if "person" in shape.model_fields:
        choices["person"] = deputies(here, absent, held)
    errors = fields.errors_of(no) if isinstance(no, Misshapen) else {}
    asked = fields.fields_of(shape, {**values, "roles": ticked}, errors, choices)
    for field in asked:
        field.kind = {"person": "select", "from_at": TIMED, "until_at": TIMED}.get(
            field.name, field.kind
        )
        field.required = field.name != "from_at"
    return asked


TIMED = "datetime-local"


def deputies(here: Organisation, absent: Person, held: list[str]) -> list[Option]:
    """Everybody else who belongs here, with who is away, and who cannot sign."""
    away = stand_ins.away(here)
    rows = standing_in.members(here).exclude(person=absent).order_by("person__sort_key")
    signs = bool(SIGNING & set(held))
    return [
        Option(
            person.username,
            str(person),
            hint=away[person.pk].words if person.pk in away else "",
            barred=_("Not tied to a BankID yet.") if signs and not person.personal_index else "",
        )
        for person in (row.person for row in rows)
    ]


@require_http_methods(["GET", "POST"])
def stand_in(request, pk: int) -> HttpResponse:
    """One stand-in: for whom, in what, how long; changed here by whoever may."""
    if wrong := doors.other_hat_named(request):
        return wrong
    here = belonging(request)
    row = briefs.found(request.actor, pk)
    if request.method == "GET":
        return show(request, row, proofs.taken(request, "change_stand_in") or as_typed(row))
    typed = fields.values_of(forms.ChangeStandIn, request.POST) | {"stand_in": pk}
    changing = deed("change_stand_in")
    try:
        arguments = changing.read({**typed, "roles": meant(typed["roles"], row.instead_of, here)})
        if first := proofs.asked(request, changing, typed, arguments):
            return first
        changing.action(here, by=changing.fits(request.actor, here), **arguments)
    except Misshapen as no:
        return show(request, row, typed, no)
    except Refused as no:
        if no.status == 403:
            raise
        return show(request, row, typed, no)
    flashes.tell(request, _("Changed. Both have been told."))
    return redirect("desk:stand_in", pk)


def as_typed(row: StandIn) -> dict[str, Any]:
    return {
        "roles": row.roles,
        "from_at": written(row.from_at),
        "until_at": written(row.until_at) if row.until_at else "",
    }


def written(moment: datetime) -> str:
    return days.local(moment).strftime(WRITTEN)


def show(request, row: StandIn, values: dict, no: No = None) -> HttpResponse:
    here = belonging(request)
    changing, ending = deed("change_stand_in"), deed("end_stand_in")
    asked = fields_for(forms.ChangeStandIn, here, row.instead_of, values, no)
    unasked = {"stand_in", "from_at"} if row.has_begun else {"stand_in"}
    asked = [field for field in asked if field.name not in unasked]
    context = {
        "row": row,
        "shown": briefs.as_shown(row, request.actor.person),
        "fields": asked,
        "errors": fields.links_of(asked),
        "change": changing,
        "change_barred": changing.rule(request.actor, here, row.pk),
        "end": ending,
        "end_barred": ending.rule(request.actor, here, row.pk),
        "no": no if isinstance(no, Refused) else None,
    }
    return fragments.render(request, "desk/stand_in.html", context, status=no.status if no else 200)


@require_POST
def end(request, pk: int) -> HttpResponse:
    """At once, and both are told."""
    here = belonging(request)
    row = briefs.found(request.actor, pk)
    ending = deed("end_stand_in")
    ending.action(here, by=ending.fits(request.actor, here), stand_in=row.pk)
    facts = {"name": row.person, "absent": row.instead_of}
    flashes.tell(request, _("%(name)s no longer stands in for %(absent)s.") % facts)
    return redirect("desk:stand_in", pk)


@require_safe
def brief(request, pk: int) -> HttpResponse:
    """What waits, what falls due and what has happened, for whoever stands in."""
    if wrong := doors.other_hat_named(request):
        return wrong
    row = briefs.found(request.actor, pk)
    found = briefs.brief(request.actor, row)
    context = {
        "brief": found,
        "row": row,
        "roles": standing_in.role_words(row.roles),
        "verbs": VERBS,
        "event_words": event_words,
        "back": reverse("desk:stand_in", args=[pk]),
    }
    return fragments.render(request, "desk/brief.html", context)

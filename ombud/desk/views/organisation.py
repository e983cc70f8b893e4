"""The doors of an organisation: who holds what, giving and taking roles, people, the journal."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.cases import deeds
from ombud.desk import organisation as house
from ombud.desk import rules, stand_ins
from ombud.desk.kinds import JOURNALED
from ombud.desk.words import Scopes
from ombud.lib.errors import Misshapen, Refused, require, right
from ombud.orders import dead_ends
from ombud.orders.dead_ends import Holder
from ombud.people import flashes, forms
from ombud.people import roles as known
from ombud.people.account import proofs
from ombud.people.models import Person
from ombud.people.roles import DUTIES, SCOPED, SIGNING, Role
from ombud.people.scopes import takes_office
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.forms import Field
from ombud.ui.pieces import Option


def scopes_of(request) -> Scopes:
    return Scopes.at(request.actor.organisation)


def deed(name: str) -> deeds.Deed:
    return deeds.named(JOURNALED, name)


def belonging(request):
    """The organisation acted for; who acts for none has no page here."""
    here = request.actor.organisation
    if here is None:
        text = _("You belong to no organisation yet.")
        raise Refused([right("no_organisation", text, _("customer service"))])
    return here


@require_safe
def roles(request):
    """Who holds which role: everybody of the organisation may see it."""
    here = belonging(request)
    scopes = scopes_of(request)
    give, take, add_person = (deed(name) for name in ("grant", "revoke", "add_person"))
    people, barred = house.people(here, scopes), give.reasons(request.actor, here)
    barred_from_people = add_person.reasons(request.actor, here)
    standing_in = stand_ins.of(here, request.actor.person)
    context = {
        "organisation": here,
        "people": people,
        "asks": [] if barred else house.asks(here),
        "may_announce": not deed("announce").reasons(request.actor, here),
        "may_appoint": not deed("appoint_administrator").reasons(request.actor, here),
        "registered": [] if barred_from_people else house.registered(here),
        "former": [] if barred_from_people else house.former(here),
        "given_roles": role_options(here),
        "scoped": SCOPED,
        "open_roles": open_roles(request.actor, here),
        "duties": [(Role(role).label, DUTIES[Role(role)]) for role in known.given_in(here.kinds)],
        "give": give,
        "give_barred": barred,
        "take": take,
        "take_barred": take.reasons(request.actor, here),
        "add": add_person,
        "add_barred": barred_from_people,
        "stand_ins": standing_in,
        "away": stand_ins.away(standing_in),
        "administrators": [one for one in people if holds(one, Role.ADMINISTRATOR)],
    }
    return fragments.render(request, "desk/organisation.html", context)


def open_roles(actor, here) -> list[Option]:
    """What the person may ask for: also a role that is held for a part alone."""
    given = map(Role, known.given_in(here.kinds))
    roles = [role for role in given if role in SCOPED or not actor.holds(role, here)]
    return [Option(role, str(role.label), str(DUTIES[role])) for role in roles]


def role_options(here) -> list[Option]:
    """Every role that is given here, with what it means."""
    roles = [Role(role) for role in known.given_in(here.kinds)]
    return [Option(role, str(role.label), str(DUTIES[role])) for role in roles]


def holds(one: house.Belongs, role: str) -> bool:
    return any(held.role == role for held in one.held)


@require_http_methods(["GET", "POST"])
def grant(request):
    """Give a role: chosen here, judged by the deed's own rule."""
    here = belonging(request)
    give = deed("grant")
    if request.method == "GET":
        chosen = {n: request.GET.get(n, "") for n in ("person", "role", "scope")}
        return show_grant(request, proofs.taken(request, "grant") or chosen)
    typed = fields.values_of(forms.Grant, request.POST)
    drop_scope(here, typed)
    try:
        arguments = give.read(typed)
        if first := proofs.asked(request, give, typed, arguments):
            return first
        give.action(here, by=give.fits(request.actor, here), **arguments)
    except Misshapen as no:
        return show_grant(request, typed, no)
    except Refused as no:
        if any(reason.because == "right" for reason in no.reasons):
            raise
        return show_grant(request, typed, no)
    to = Person.objects.get(username=arguments["person"])
    flashes.tell(
        request,
        _("%(name)s now holds the role %(role)s. It takes effect at once.")
        % {"name": to, "role": Role(arguments["role"]).label},
    )
    if arguments["role"] in SIGNING and not to.can_sign:
        unable = _("%(name)s cannot sign: the account is not tied to a BankID yet.")
        flashes.tell(request, unable % {"name": to}, "turn")
    return redirect("desk:organisation")


def show_grant(request, values: dict, no: Misshapen | Refused | None = None):
    here = belonging(request)
    scopes = scopes_of(request)
    asked = fields.fields_of(
        forms.Grant,
        values,
        fields.errors_of(no) if isinstance(no, Misshapen) else {},
        choices={
            "person": [
                (one.person.username, str(one.person)) for one in house.people(here, scopes)
            ],
            "role": role_options(here),
        },
    )
    person, role, scope = asked
    person.kind, role.kind = "select", "radio"
    shown = [person, role, *scope_question(here, scopes, scope)]
    context = {
        "fields": shown,
        "errors": fields.links_of(asked),
        "barred": deed("grant").reasons(request.actor, here),
        "no": no if isinstance(no, Refused) else None,
    }
    status = no.status if no else 200
    return fragments.render(request, "desk/grant.html", context, status=status)


def drop_scope(here, typed: dict) -> None:
    """What stands chosen for another role than the one that is given."""
    role = typed.get("role", "")
    if role not in SCOPED and not takes_office(here, role):
        typed.pop("scope", None)


def scope_question(here, scopes: Scopes, field: Field) -> list[Field]:
    """The question for what a role is given, where there is anything to choose."""
    given = set(known.given_in(here.kinds))
    services = scopes.options() if SCOPED & given else []
    offices = scopes.office_options() if any(takes_office(here, role) for role in given) else []
    if not services and not offices:
        return []
    field.kind, field.required, field.is_asked_for = "select", False, not offices
    hints = []
    if services:
        field.label = _("For which service")
        hints += [_("Only for the role Agent handler: without a service the role opens nothing.")]
    if offices:
        field.label = _("For which service or office") if services else _("For which office")
        field.blank = "" if services else _("The whole organisation")
        hints += [_("Orderer and Attestant: without an office for the whole organisation.")]
    field.hint = " ".join(hints)
    named = [(scope, _("Office %(name)s") % {"name": name}) for scope, name in offices]
    field.options = tuple(
        Option(value, text) for value, text in [*services, *(named if services else offices)]
    )
    return [field]


@require_http_methods(["GET", "POST"])
def revoke(request):
    """Take a role back: a page that says what happens then, and the deed."""
    here = belonging(request)
    take = deed("revoke")
    if request.method == "POST":
        arguments = take.read(fields.values_of(forms.Revoke, request.POST))
        take.action(here, by=take.fits(request.actor, here), **arguments)
        flashes.tell(request, _("The role has been taken back. It takes effect at once."))
        return redirect("desk:organisation")
    asked = {name: request.GET.get(name, "") for name in ("person", "role", "scope")}
    person = Person.objects.filter(username=asked["person"]).first()
    scopes = scopes_of(request)
    rows = [one for one in house.people(here, scopes) if one.person == person]
    held = [
        row
        for one in rows
        for row in one.held
        if (row.role, row.scope) == (asked["role"], asked["scope"])
    ]
    if not held:
        return redirect("desk:organisation")
    context = {
        "person": person,
        "held": held[0],
        "barred": take.rule(request.actor, here, **asked),
        "is_me": person == request.actor.person,
        "stops": stopped(here, held[0], person),
    }
    return fragments.render(request, "desk/revoke.html", context)


def stopped(here, held: house.Held, person: Person) -> list:
    """The orders that would stop if this role were taken back."""
    holder = Holder(here.pk, held.role, held.scope, person.pk, person.personal_index)
    return [end.order.case for end in dead_ends.without(here, holder)]


@require_http_methods(["GET", "POST"])
def add(request):
    """Let a person in."""
    here = belonging(request)
    let_in = deed("add_person")
    if request.method == "GET":
        return show_add(request, {})
    typed = fields.values_of(forms.AddPerson, request.POST)
    try:
        arguments = let_in.read(typed)
    except Misshapen as no:
        return show_add(request, typed, no)
    let_in.action(here, by=let_in.fits(request.actor, here), **arguments)
    name = f"{arguments['given']} {arguments['family']}"
    flashes.tell(request, _("%(name)s has been added. Now give a role.") % {"name": name})
    return redirect("desk:organisation")


@require_POST
def invite(request):
    """The welcome letter once more."""
    here = belonging(request)
    again = deed("invite")
    arguments = again.read(fields.values_of(forms.Invite, request.POST))
    again.action(here, by=again.fits(request.actor, here), **arguments)
    flashes.tell(request, _("The invitation has been sent again."))
    return redirect("desk:organisation")


def show_add(request, values: dict, no: Misshapen | None = None):
    asked = fields.fields_of(forms.AddPerson, values, fields.errors_of(no) if no else {})
    context = {
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": deed("add_person").reasons(request.actor, request.actor.organisation),
    }
    return fragments.render(request, "desk/add_person.html", context, status=422 if no else 200)


@require_safe
def journal(request):
    """What has been done in the organisation outside any case: for its administrators."""
    here = belonging(request)
    require(rules.read_reports(request.actor, here))
    cursor = request.GET.get("cursor", "")[:10]
    before = int(cursor) if cursor.isdigit() else None
    entries, further = house.journal(here, before, scopes_of(request))
    context = {"entries": entries, "next": f"?cursor={further}" if further else ""}
    return fragments.render(request, "desk/journal.html", context)

"""What must hold before anything is typed: a checklist, each failed line with whom to ask."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, right, time
from ombud.orders import places
from ombud.orders.models import Order
from ombud.people import presence
from ombud.people.actors import Actor
from ombud.people.models import Grant, Office, Organisation, Standing
from ombud.people.roles import Kind, Role
from ombud.people.rules import administrator_of, lacks


@dataclass(frozen=True)
class Guard:
    """One line of the checklist; `reason` is what bars it, or nothing."""

    label: str
    reason: Reason | None


def of(actor: Actor) -> list[Guard]:
    organisation = actor.organisation
    if organisation is None:
        return [
            Guard(
                _("You belong to an organisation"),
                right("no_organisation", _("You belong to no organisation yet.")),
            )
        ]
    return [
        Guard(_("Active customer agreement"), agreement(organisation)),
        Guard(_("You are Orderer"), orderer(actor, organisation)),
        Guard(_("There is an attestant"), attestant(organisation, actor)),
    ]


def reasons(actor: Actor) -> list[Reason]:
    return [guard.reason for guard in of(actor) if guard.reason]


def agreement(organisation: Organisation) -> Reason | None:
    is_customer = Kind.CUSTOMER in organisation.kinds
    if is_customer and Standing.objects.is_held(organisation, "agreement"):
        return None
    text = _("%(organisation)s has no active customer agreement.") % {"organisation": organisation}
    return time("no_agreement", text, administrator_of(organisation))


def orderer(actor: Actor, organisation: Organisation) -> Reason | None:
    if any(places.orders_here(face, organisation) for face in actor.faces):
        return None
    return closed_office(actor, organisation) or not_orderer(organisation)


def closed_office(actor: Actor, organisation: Organisation) -> Reason | None:
    """The role is there, for an office that is there no more."""
    scopes = {one.scope for one in actor.wardrobe.worn if one.role == Role.ORDERER}
    offices = Office.objects.at(organisation).exclude(closed_at=None) if scopes else ()
    for office in offices:
        if office.scope in scopes:
            text = _("The office %(office)s, for which you order, is closed.") % {"office": office}
            return time("office_closed", text, administrator_of(organisation))
    return None


def attestant(organisation: Organisation, actor: Actor) -> Reason | None:
    """For the whole, or for an office for which the actor can order."""
    if Grant.objects.is_held(Role.ATTESTANT, organisation, signs=True):
        return None
    offices = places.open_to(actor, organisation)
    held = (
        Grant.objects.is_held(Role.ATTESTANT, organisation, one.scope, signs=True)
        for one in offices
    )
    if any(held):
        return None
    return no_attestant(organisation)


def attestant_for(order: Order) -> Reason | None:
    """For the office that the order names, or for the whole."""
    where = order.office_scope
    if Grant.objects.is_held(Role.ATTESTANT, order.customer, where, signs=True):
        return None
    return no_attestant(order.customer, order.office)


def no_attestant(organisation: Organisation, office: Office | None = None) -> Reason:
    where = f"{office}, {organisation}" if office else organisation
    text = _("Nobody can attest for %(organisation)s yet.") % {"organisation": where}
    return asked_for("no_attestant", text, Role.ATTESTANT, organisation)


def absences(actor: Actor) -> list[Guard]:
    """What bars nothing and is worth knowing: a step to come at the own organisation for which
    everybody is away, and nobody stands in."""
    here = actor.organisation
    holders = presence.of([here], [Role.ATTESTANT]).of(here, Role.ATTESTANT) if here else []
    if here is None or not holders or any(one.is_there for one in holders):
        return []
    names = ", ".join(dict.fromkeys(one.name for one in holders))
    away = _("%(names)s, who may attest, is away%(until)s.")
    text = f"{away % {'names': names, 'until': presence.until(holders)}} {presence.nobody()}"
    reason = asked_for("attestant_away", text, Role.ATTESTANT, here)
    return [Guard(_("An attestant is there"), reason)]


def asked_for(code: str, text: str, role: str, organisation: Organisation) -> Reason:
    """What others can put right by giving a role; whoever belongs there may ask for it."""
    who, at = administrator_of(organisation), organisation.number
    return Reason(code, text, "time", who, role=str(role), at=at)


def not_orderer(organisation: Organisation) -> Reason:
    text = _("You lack the role Orderer at %(organisation)s.") % {"organisation": organisation}
    return lacks("not_orderer", text, Role.ORDERER, organisation)

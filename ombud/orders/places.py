"""For which office of the customer an order is, and for which of them somebody orders."""

from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, against, right, time
from ombud.people.actors import Actor
from ombud.people.models import Office, Organisation
from ombud.people.roles import Role
from ombud.people.rules import administrator_of

WHOLE = 0  # chosen: the organisation as a whole


def orders_here(actor: Actor, organisation: Organisation) -> bool:
    """Whether the actor orders at all: for the whole of the organisation, or for an open office."""
    return actor.holds(Role.ORDERER, organisation) or bool(narrow(actor, organisation))


def narrow(actor: Actor, organisation: Organisation) -> list[Office]:
    """The open offices of whoever orders for some of them alone; asked for only then."""
    if not (actor.is_here(organisation) and actor.wears(Role.ORDERER)):
        return []
    known = offices(organisation)
    return [one for one in known if actor.holds(Role.ORDERER, organisation, one.scope)]


def open_to(actor: Actor, organisation: Organisation) -> list[Office]:
    """The open offices for which the actor, or whose place the actor takes, can order."""
    known = offices(organisation)
    faces = [face for face in actor.faces if face.wears(Role.ORDERER)]
    return [
        one for one in known if any(f.holds(Role.ORDERER, organisation, one.scope) for f in faces)
    ]


def orders_for_all(actor: Actor, organisation: Organisation) -> bool:
    return any(face.holds(Role.ORDERER, organisation) for face in actor.faces)


def offices(organisation: Organisation) -> list[Office]:
    return list(Office.objects.at(organisation).open())


def first(actor: Actor, organisation: Organisation) -> Office | None:
    """Where a draft begins: whoever orders for the whole begins for none."""
    if actor.holds(Role.ORDERER, organisation):
        return None
    return next(iter(narrow(actor, organisation)), None)


def reasons(actor: Actor, organisation: Organisation, office: int | None) -> list[Reason]:
    """What bars an order from being for this office; None leaves it where it is."""
    if office is None:
        return []
    if office == WHOLE:
        whole = _("You order for your own offices alone. Choose one of them.")
        is_wide = actor.holds(Role.ORDERER, organisation)
        return against((not is_wide, right("not_whole", whole, administrator_of(organisation))))
    found = Office.objects.at(organisation).filter(pk=office).first()
    if found is None or found.closed_at:
        return [time("no_such_office", _("There is no such office."))]
    text = _("You do not order for %(office)s.") % {"office": found}
    may = actor.holds(Role.ORDERER, organisation, found.scope)
    return against((not may, right("not_orderer_there", text, administrator_of(organisation))))


def against_closed(office: Office | None) -> list[Reason]:
    """A draft may name an office that has been closed since."""
    text = _("%(office)s has been closed. Choose another office.")
    is_closed = office is not None and office.closed_at is not None
    return against((is_closed, time("office_closed", text % {"office": office})))

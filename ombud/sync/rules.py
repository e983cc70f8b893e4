"""Who keeps the links to other systems, who looks after a ledger, and why not."""

from django.utils.translation import gettext as _

from ombud.cases.models import Matter
from ombud.lib.errors import Reason, against, time
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Kind, Role
from ombud.people.rules import lacks
from ombud.sync.models import Field, Link, System
from ombud.sync.states import Direction, Side


def compare(actor: Actor, case: Matter, **given) -> list[Reason]:
    barred = looks_after(actor, case)
    if barred:
        return barred
    links = list(Link.objects.filter(case=case.pk).select_related("system"))
    off = [link for link in links if not link.system.is_active]
    return against(
        (not links, not_linked),
        (off, lambda: is_off(off[0].system)),
    )


def replay(actor: Actor, case: Matter, **given) -> list[Reason]:
    barred = compare(actor, case)
    dead = Field.objects.dead().filter(link__case=case.pk)
    nothing = time("nothing_dead", _("Nothing in this case has failed to be written."))
    return barred or against((not dead.exists(), nothing))


def settle(actor: Actor, case: Matter, field: str = "", take: str = "", **given) -> list[Reason]:
    """What only goes out from here is never taken over from there: nothing here would change."""
    barred = compare(actor, case)
    if barred:
        return barred
    rows = Field.objects.filter(link__case=case.pk, is_conflict=True)
    rows = rows.filter(name=field) if field else rows
    is_taken = bool(field) and take == Side.THEIRS
    return against(
        (not rows.exists(), time("no_conflict", _("Both systems hold the same here already."))),
        (is_taken and rows.filter(direction=Direction.OUT).exists(), only_from_here),
    )


def looks_after(actor: Actor, case: Matter) -> list[Reason]:
    """A case handler or an administrator of the portal; nobody else learns even of the link."""
    portal = case.case.portal
    if actor.holds(Role.CASE_HANDLER, portal) or actor.holds(Role.ADMINISTRATOR, portal):
        return []
    text = _("Only a case handler at %(operator)s compares systems.") % {"operator": portal}
    return [lacks("not_case_handler", text, Role.CASE_HANDLER, portal)]


def set_system(actor: Actor, organisation: Organisation, system: int = 0, **given) -> list[Reason]:
    barred = keeps(actor, organisation)
    is_known = not system or (not barred and of(organisation, system) is not None)
    return barred or against((not is_known, no_such_system))


def set_columns(actor: Actor, organisation: Organisation, system: int = 0, **given):
    return set_system(actor, organisation, system)


def verify_system(actor: Actor, organisation: Organisation, system: int = 0) -> list[Reason]:
    return set_system(actor, organisation, system)


def rotate_hook(actor: Actor, organisation: Organisation, system: int = 0, **given) -> list[Reason]:
    barred = set_system(actor, organisation, system)
    if barred or not system:
        return barred
    row = of(organisation, system)
    text = _("It has no webhook secret yet: it gets one when it is set up.")
    return against((row is not None and not row.hook_sealed, time("no_hook", text)))


def switch_system(
    actor: Actor, organisation: Organisation, system: int = 0, on: bool = False
) -> list[Reason]:
    barred = set_system(actor, organisation, system)
    if barred or not system:
        return barred
    row = of(organisation, system)
    text = _("Verify the link first: nothing is sent over one that has not been tried.")
    return against((on and row and not row.verified_at, time("not_verified", text)))


def replay_dead(actor: Actor, organisation: Organisation, system: int = 0) -> list[Reason]:
    barred = set_system(actor, organisation, system)
    if barred or not system:
        return barred
    dead = Field.objects.dead().filter(link__system=system)
    return against((not dead.exists(), time("nothing_dead", _("Nothing has failed here."))))


def keeps(actor: Actor, organisation: Organisation) -> list[Reason]:
    text = _("Only an administrator keeps the links to other systems.")
    none = time("no_operator", _("Links to other systems are kept by whoever runs the portal."))
    return against(
        (
            not actor.holds(Role.ADMINISTRATOR, organisation),
            lacks("not_administrator", text, Role.ADMINISTRATOR, organisation),
        ),
        (Kind.OPERATOR not in organisation.kinds, none),
    )


def of(organisation: Organisation, system: int) -> System | None:
    return System.objects.filter(organisation=organisation, pk=system).first()


def only_from_here() -> Reason:
    text = _("This only goes out from here, and is written over there. Keep ours.")
    return time("only_from_here", text)


def not_linked() -> Reason:
    return time("not_linked", _("This case is not linked to any other system."))


def no_such_system() -> Reason:
    return time("no_such_system", _("There is no such link any more."))


def is_off(system: System) -> Reason:
    told = {"system": system}
    if not system.is_on:
        text = _("The link to %(system)s is switched off.") % told
    else:
        text = _("The link to %(system)s has not been verified as it is set up now.") % told
    who = _("An administrator at %(organisation)s") % {"organisation": system.organisation}
    return time("link_off", text, who)

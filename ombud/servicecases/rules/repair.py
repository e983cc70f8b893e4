"""Who may do what with a repair, and why not."""

from django.utils.translation import gettext as _

from ombud.lib import days
from ombud.lib.errors import Reason, against, time
from ombud.people.actors import Actor
from ombud.people.roles import Role
from ombud.people.rules import lacks
from ombud.servicecases import linked
from ombud.servicecases.models import Repair
from ombud.servicecases.states.repair import Side, State

LEAST_REASON = 10  # letters


def handle(actor: Actor, repair: Repair) -> list[Reason]:
    text = _("Only a case handler at %(provider)s works on the repair.")
    return against(
        (
            not actor.holds(Role.CASE_HANDLER, repair.provider),
            lambda: lacks(
                "not_case_handler",
                text % {"provider": repair.provider},
                Role.CASE_HANDLER,
                repair.provider,
            ),
        ),
    )


def work(actor: Actor, repair: Repair) -> list[Reason]:
    """What changes anything here: not once it has ended, nor while it goes on elsewhere."""
    return handle(actor, repair) or against(
        (not repair.is_worked_on, lambda: ended(repair)),
        (repair.side == Side.AGILOFT, lambda: elsewhere(repair)),
    )


def note(actor: Actor, repair: Repair, **given) -> list[Reason]:
    return work(actor, repair)


def set_photos(actor: Actor, repair: Repair, **given) -> list[Reason]:
    return work(actor, repair)


def set_status(actor: Actor, repair: Repair, status: str = "") -> list[Reason]:
    return work(actor, repair) or against(
        (
            status == repair.state,
            time("already_so", _("The repair has this status already.")),
        ),
    )


def add_line(actor: Actor, repair: Repair, **given) -> list[Reason]:
    return work(actor, repair) or against(
        (
            repair.side == Side.UNDECIDED,
            time("side_not_chosen", _("Choose first where the case and its invoice go on.")),
        ),
    )


def remove_line(actor: Actor, repair: Repair, line: int | None = None) -> list[Reason]:
    known = [row.pk for row in repair.current_lines()] if line is not None else []
    return work(actor, repair) or against(
        (
            line is not None and line not in known,
            time("no_line", _("This line is not there any more.")),
        ),
    )


def continue_in(actor: Actor, repair: Repair, side: str = "", reason: str = "") -> list[Reason]:
    """Free to choose and to choose anew until the first invoice line."""
    return handle(actor, repair) or against(
        (not repair.is_worked_on, lambda: ended(repair)),
        (
            repair.current_lines(),
            time(
                "invoiced",
                _("The invoice basis has been begun here. Remove its lines to choose anew."),
            ),
        ),
        (
            side and side == repair.side,
            lambda: time(
                "chosen_already",
                _("The repair goes on in %(side)s already.") % {"side": Side(side).label},
            ),
        ),
        (side == Side.AGILOFT and linked.status(repair.case) is None, not_linked),
        (side and len(reason) < LEAST_REASON and is_unchecked(repair), unchecked()),
    )


def close(actor: Actor, repair: Repair, **given) -> list[Reason]:
    return work(actor, repair)


def is_unchecked(repair: Repair) -> bool:
    told = linked.status(repair.case)
    return told is not None and not told.is_checked


def not_linked() -> Reason:
    text = _("The repair is no case in %(side)s, so it cannot go on there.")
    return time("not_linked", text % {"side": Side.AGILOFT.label})


def unchecked() -> Reason:
    text = _(
        "The two systems have not been found to say the same. Wait until they have, or give a"
        " reason of at least 10 letters."
    )
    return time("not_checked", text)


def elsewhere(repair: Repair) -> Reason:
    """It names the system that it goes on in."""
    text = _("The repair goes on in %(side)s. Here it can only be read.")
    return time("elsewhere", text % {"side": Side(repair.side).label})


def ended(repair: Repair) -> Reason:
    rows = repair.case.events.filter(verb="repair.closed").select_related("person")
    last = rows.last()
    if last is None or last.person is None:
        return time("already", _("The case has been closed already."))
    facts = {"who": last.person, "when": days.clocked(last.at)}
    text = (
        _("Cancelled by %(who)s %(when)s.")
        if repair.state == State.CANCELLED
        else _("Already closed by %(who)s %(when)s.")
    )
    return time("already", text % facts)

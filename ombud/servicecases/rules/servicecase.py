"""Who may do what with a service case, and why not."""

from django.utils.translation import gettext as _

from ombud.lib import days
from ombud.lib.errors import Reason, against, time
from ombud.people.actors import Actor
from ombud.people.roles import Role
from ombud.people.rules import lacks
from ombud.servicecases.models import ServiceCase
from ombud.servicecases.states.servicecase import State


def close(actor: Actor, case: ServiceCase, **given) -> list[Reason]:
    operator = case.case.portal
    text = _("Only a case handler at %(operator)s closes the case.") % {"operator": operator}
    return against(
        (
            not actor.holds(Role.CASE_HANDLER, operator),
            lacks("not_case_handler", text, Role.CASE_HANDLER, operator),
        ),
        (case.state != State.OPEN, lambda: already(case)),
    )


def already(case: ServiceCase) -> Reason:
    """Who was faster, and when."""
    rows = case.case.events.filter(verb="servicecase.closed").select_related("person")
    closed = rows.last() if case.state != State.OPEN else None
    if closed is None or closed.person is None:
        return time("already", _("The case has been closed already."))
    facts = {"who": closed.person, "when": days.clocked(closed.at)}
    return time("already", _("Already closed by %(who)s %(when)s.") % facts)

"""Who may do what with a service case, and why not."""

from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, against, time
from ombud.people.actors import Actor
from ombud.people.roles import Role
from ombud.people.rules import lacks
from ombud.servicecases.models import ServiceCase
from ombud.servicecases.states import State


def close(actor: Actor, case: ServiceCase, **given) -> list[Reason]:
    operator = case.case.portal
    text = _("Only a case handler at %(operator)s closes the case.") % {"operator": operator}
    return against(
        (
            not actor.holds(Role.CASE_HANDLER, operator),
            lacks("not_case_handler", text, Role.CASE_HANDLER, operator),
        ),
        (case.state != State.OPEN, time("already", _("The case has been closed already."))),
    )

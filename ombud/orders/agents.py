"""Which agents can be chosen for a service, and why the others cannot."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, against, time
from ombud.people.models import Grant, Organisation, Standing
from ombud.people.roles import Kind, Role
from ombud.people.rules import administrator_of


@dataclass(frozen=True)
class Choosable:
    agent: Organisation
    reasons: list[Reason]


def of(service: str) -> list[Choosable]:
    """Every agent, those that can be chosen first, each with what bars it."""
    rows = Organisation.objects.filter(kinds__contains=[Kind.AGENT]).order_by("sort_key")
    found = [Choosable(agent, against_choosing(agent, f"service:{service}")) for agent in rows]
    return sorted(found, key=lambda choosable: bool(choosable.reasons))


def against_choosing(agent: Organisation, scope: str) -> list[Reason]:
    """What bars an agent from being chosen: engagement, handler and attestant must be there."""
    service = scope.split("/")[0]
    who = administrator_of(agent)
    return against(
        (
            not Standing.objects.is_held(agent, "agreement"),
            time("agent_no_agreement", _("Has no active agent agreement."), who),
        ),
        (
            not Standing.objects.is_held(agent, "agent", service),
            time("agent_not_engaged", _("Has no engagement for this service."), who),
        ),
        (
            not Grant.objects.is_held(Role.AGENT_HANDLER, agent, scope),
            time("agent_no_handler", _("Has nobody who handles orders of this service."), who),
        ),
        (
            not Grant.objects.is_held(Role.ATTESTANT, agent),
            time("agent_no_attestant", _("Has no attestant."), who),
        ),
    )

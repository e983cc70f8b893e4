"""Everything that can happen to a service case. Each action is one transaction:
lock, ask, change, record."""

from django.db import transaction

from ombud.cases.events import record
from ombud.lib.errors import require
from ombud.people.actors import Actor
from ombud.servicecases.models import ServiceCase
from ombud.servicecases.rules import servicecase as rules
from ombud.servicecases.states.servicecase import State


@transaction.atomic
def close(case: ServiceCase, *, by: Actor, note: str = "") -> ServiceCase:
    """The work is done: the case waits for nobody any more, and stays to be read."""
    case = ServiceCase.objects.locked(case)
    require(rules.close(by, case))
    case.become(State.CLOSED)
    record(case.case, "closed", by=by, words={"note": note} if note else None)
    return case

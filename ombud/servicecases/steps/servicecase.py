"""What a deed of an upper floor may have done here, in its own transaction."""

from ombud.cases.events import record
from ombud.cases.models import CASE, Case
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Role
from ombud.servicecases.models import ServiceCase
from ombud.servicecases.notices import servicecase as notices
from ombud.servicecases.states.servicecase import State


def release_for(origin: Case, *, by: Actor) -> None:
    """What customer service was to release is released: the work goes on in the same case."""
    found = ServiceCase.objects.filter(origin=origin).select_related("case").first()
    if found is None:
        return
    held = ServiceCase.objects.locked(found)
    held.task = "connect"
    held.save(update_fields=["task"])
    record(held.case, "released", by=by)


def open_for(
    origin: Case,
    operator: Organisation,
    customer: Organisation,
    task: str,
    *,
    by: Actor,
    behind: bool = False,
) -> ServiceCase:
    """Open the one case that customer service works on for an origin, seen by its parties too.
    `behind`: the origin itself waits for customer service now, and nobody is asked twice."""
    named = origin.titles or {"sv": origin.first_title}
    case = Case.objects.begin(Case.Kind.SERVICECASE, named, operator, request=origin.request)
    case.is_held = True
    opened = ServiceCase.objects.create(case=case, origin=origin, task=task)
    case.admit(operator, "operator", [CASE])
    for party in origin.party_set.current().exclude(role="operator"):
        case.admit(party.organisation, party.role, [CASE], scope=party.scope)
    if behind:
        case.wait_behind(operator, Role.CASE_HANDLER)
    else:
        case.wait_for(operator, Role.CASE_HANDLER)
    record(case, "opened", by=by, tell=notices.opened(opened, customer), origin=origin.number)
    return opened


def open_about(
    subject: Organisation,
    operator: Organisation,
    named: dict[str, str],
    task: str,
    *,
    by: Actor,
    note: str,
) -> ServiceCase:
    """Open a case of customer service's own about an organisation, which does not see it."""
    case = Case.objects.begin(Case.Kind.SERVICECASE, named, operator)
    case.is_held = True
    opened = ServiceCase.objects.create(case=case, subject=subject, task=task)
    case.admit(operator, "operator", [CASE])
    case.wait_for(operator, Role.CASE_HANDLER)
    told = notices.opened(opened, subject)
    record(case, "opened", by=by, tell=told, words={"note": note}, task=task)
    return opened


def go_on(origin: Case, *, by: Actor) -> None:
    """The origin is done: what is left of its case waits for customer service."""
    found = ServiceCase.objects.select_related("case").filter(origin=origin).first()
    opened = ServiceCase.objects.locked(found) if found else None
    if opened is None or opened.state != State.OPEN:
        return
    opened.case.wait_for(opened.case.portal, Role.CASE_HANDLER)
    record(opened.case, "followed", by=by, origin=origin.number)

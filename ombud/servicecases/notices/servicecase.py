"""Who hears of what happens to a service case."""

from ombud.people.models import Grant, Notice, Organisation, Person
from ombud.people.roles import Role
from ombud.servicecases.models import ServiceCase


def opened(case: ServiceCase, customer: Organisation) -> list[Notice]:
    """Everybody who works on cases at the operator."""
    operator = case.case.portal
    holding = Grant.objects.holding(Role.CASE_HANDLER, operator).values("person")
    facts = {
        "customer": customer.name,
        "organisation": operator.name,
        "origin": case.origin.number if case.origin else "",
        "task": case.task,
    }
    return [
        Notice(
            person=person,
            organisation=operator,
            words="opened",
            why=Role.CASE_HANDLER,
            calls=True,
            data=facts,
        )
        for person in Person.objects.filter(pk__in=holding).order_by("pk")
    ]

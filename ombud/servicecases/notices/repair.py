"""Who hears of what happens to a repair."""

from ombud.people.models import Grant, Notice, Person
from ombud.people.roles import Role
from ombud.servicecases.models import Repair


def opened(repair: Repair) -> list[Notice]:
    """Everybody who works on cases at the provider. Who the customer is stands on the page alone:
    a letter names the thing and the case."""
    holding = Grant.objects.holding(Role.CASE_HANDLER, repair.provider).values("person")
    facts = {"organisation": repair.provider.name, "object": repair.object}
    return [
        Notice(
            person=person,
            organisation=repair.provider,
            words="opened",
            why=Role.CASE_HANDLER,
            calls=True,
            data=facts,
        )
        for person in Person.objects.filter(pk__in=holding).order_by("pk")
    ]

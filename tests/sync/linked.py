"""A service case that is record 10482 of the sandbox's Agiloft, and what is seen of both."""

from django.conf import settings
from django.db import transaction

from ombud.cases.events import record
from ombud.cases.models import CASE, Case
from ombud.lib import clock
from ombud.people.actors import THE_SYSTEM
from ombud.servicecases.models import ServiceCase
from ombud.sync import steps, tasks
from ombud.sync.models import Field, System
from tests.cast import CastTest
from tests.outside import sandbox

NUMBER = "10482"


def a_system(organisation, **more) -> System:
    """Switched on and verified, reached without pauses."""
    sandbox()
    usual = {
        "name": "Agiloft",
        "base_url": settings.AGILOFT_URL,
        "kb": settings.AGILOFT_KB,
        "login": settings.AGILOFT_LOGIN,
        "delay_seconds": 0,
        "is_on": True,
        "verified_at": clock.now(),
    }
    system = System(organisation=organisation, **{**usual, **more})
    system.set_secret("password", settings.AGILOFT_PASSWORD)
    system.set_secret("client_secret", settings.AGILOFT_CLIENT_SECRET)
    system.new_hook()
    system.save()
    return system


@transaction.atomic
def a_case(operator, customer=None) -> ServiceCase:
    case = Case.objects.begin(Case.Kind.SERVICECASE, {"sv": "Trasig skärm"}, operator)
    case.is_held = True
    opened = ServiceCase.objects.create(case=case)
    case.admit(operator, "operator", [CASE])
    if customer:
        case.admit(customer, "customer", [CASE])
    record(case, "opened", by=THE_SYSTEM)
    return ServiceCase.objects.select_related("case").get(pk=opened.pk)


class LinkedCast:
    def setUp(self):
        super().setUp()
        sandbox().tell("reset")
        self.system = a_system(self.operator)
        self.matter = a_case(self.operator, self.customer)
        self.case = self.matter.case

    @transaction.atomic
    def link(self, number=NUMBER, **more):
        return steps.link(self.case, self.system, "case", number, by=THE_SYSTEM, **more)

    @transaction.atomic
    def owe(self, key="first", case=None, **values):
        return steps.owe(case or self.case, values, by=THE_SYSTEM, key=key)

    def carry(self) -> int:
        return tasks.carry(system=self.system.pk)

    def row(self, name) -> Field:
        return Field.objects.get(link__case=self.case, name=name)

    def again(self) -> System:
        return System.objects.get(pk=self.system.pk)

    def verbs(self) -> list[str]:
        rows = self.case.events.filter(circle="sync").order_by("seq")
        return [row.verb.partition(".")[2] for row in rows]

    # The other side

    def there(self, number=NUMBER) -> dict:
        return sandbox().ask("agiloft/records", id=number)["items"][0]

    def they_write(self, number=NUMBER, **fields) -> None:
        sandbox().tell("agiloft/records", id=number, fields=fields)

    def fault(self, name, times=1, on="") -> None:
        sandbox().tell("faults", part="agiloft", fault=name, times=times, on=on)

    def calls(self, op="update") -> list[dict]:
        """What was asked of it, the oldest first."""
        rows = sandbox().ask("journal", part="agiloft")["items"]
        return [row for row in rows if row["way"] == "in" and row["detail"].get("op") == op]

    def writes(self) -> int:
        """How many updates it has done, heard or not."""
        return len([row for row in self.calls() if row["detail"]["fault"] in ("", "timeout_after")])


class LinkedTest(LinkedCast, CastTest):
    pass

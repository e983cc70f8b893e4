"""The report of dead ends: which orders will stop, for want of whom, and who can mend it."""

from dataclasses import dataclass, field

from django.views.decorators.http import require_safe

from ombud.cases.models import Case
from ombud.desk.views.organisation import belonging, deed
from ombud.lib.errors import Refused
from ombud.orders import dead_ends
from ombud.orders.dead_ends import DeadEnd
from ombud.people.models import Organisation
from ombud.people.roles import Role
from ombud.people.rules import administrator_of
from ombud.ui import fragments


@dataclass
class Lack:
    """What one organisation lacks, and the orders that it stops."""

    organisation: Organisation
    deed: str
    role: str
    is_own: bool
    who: str
    ends: list[DeadEnd] = field(default_factory=list)


@require_safe
def report(request):
    here = belonging(request)
    if barred := deed("grant").reasons(request.actor, here):
        raise Refused(barred)
    found = dead_ends.of(dead_ends.running(here))
    cases = [end.order.case_id for end in found]
    seen = set(Case.objects.visible_to(request.actor).filter(pk__in=cases).values_list("pk"))
    lacks = grouped([end for end in found if (end.order.case_id,) in seen], here)
    return fragments.render(request, "desk/dead_ends.html", {"lacks": lacks})


def grouped(ends: list[DeadEnd], here: Organisation) -> list[Lack]:
    """One's own first: that can be mended here."""
    rows: dict[tuple[int, str], Lack] = {}
    for end in ends:
        key = (end.organisation.pk, end.step.state)
        if key not in rows:
            who, role = administrator_of(end.organisation), str(Role(end.step.role).label)
            is_own = end.organisation == here
            rows[key] = Lack(end.organisation, end.step.deed, role, is_own, who)
        rows[key].ends.append(end)
    return sorted(rows.values(), key=lambda lack: not lack.is_own)

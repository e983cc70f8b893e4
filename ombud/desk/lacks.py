"""What stops orders under way: which role is lacking, where, and who can mend it."""

from dataclasses import dataclass, field

from ombud.cases.models import Case
from ombud.desk.words import Scopes
from ombud.orders import dead_ends
from ombud.orders.dead_ends import DeadEnd
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Role
from ombud.people.rules import administrator_of


@dataclass
class Lack:
    """What one organisation lacks, and the orders that it stops."""

    organisation: Organisation
    deed: str
    role: str
    scope: str
    is_own: bool
    who: str
    ends: list[DeadEnd] = field(default_factory=list)
    named: str = ""


def of(actor: Actor, here: Organisation) -> list[Lack]:
    """What stops the orders that the actor sees."""
    found = dead_ends.of(dead_ends.running(here))
    cases = [end.order.case_id for end in found]
    seen = set(Case.objects.visible_to(actor).filter(pk__in=cases).values_list("pk"))
    return grouped([end for end in found if (end.order.case_id,) in seen], here)


def grouped(ends: list[DeadEnd], here: Organisation) -> list[Lack]:
    """One's own first: that can be mended here."""
    rows: dict[tuple[int, str, str], Lack] = {}
    for end in ends:
        is_own = end.organisation == here
        scope = end.scope if is_own else ""  # how another organisation is divided is its own
        key = (end.organisation.pk, end.step.state, scope)
        if key not in rows:
            who = administrator_of(end.organisation)
            rows[key] = Lack(end.organisation, end.step.deed, end.step.role, scope, is_own, who)
        rows[key].ends.append(end)
    name_all([*rows.values()], here)
    return sorted(rows.values(), key=lambda lack: not lack.is_own)


def name_all(lacks: list[Lack], here: Organisation) -> None:
    """The roles as they are called, with the service or office for which they are lacking."""
    scopes = Scopes.at(here) if any(lack.scope for lack in lacks) else None
    for lack in lacks:
        lack.named = str(Role(lack.role).label)
        if scopes and lack.scope:
            lack.named = f"{lack.named} ({scopes.text(lack.scope)})"

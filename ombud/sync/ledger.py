"""The ledger of a case: what stands here, what stands there, and whether both are the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import connection

from ombud.cases.models import Case
from ombud.sync import carrying
from ombud.sync.columns import label
from ombud.sync.faults import Fault
from ombud.sync.models import Field, Link
from ombud.sync.states import State

# The state of the case `k` in a list, for lists.Extra: null where it is linked nowhere, or where
# nothing has been owed or read yet: that is not the same in both.
STATE = """(SELECT CASE WHEN bool_or(f.dead_at IS NOT NULL) THEN 'dead'
    WHEN bool_or(f.is_conflict) THEN 'conflict'
    WHEN bool_or(f.is_pending) THEN CASE WHEN bool_and(s.is_on) THEN 'pending' ELSE 'off' END
    ELSE 'synced' END
  FROM sync_link l JOIN sync_system s ON s.id = l.system_id
    LEFT JOIN sync_field f ON f.link_id = l.id WHERE l.case_id = k.id HAVING count(f.id) > 0)"""


@dataclass(frozen=True)
class Book:
    """The ledger of one link, for its page."""

    link: Link
    rows: list[Field]
    state: State
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def differing(self) -> list[Field]:
        return [row for row in self.rows if row.state != State.SYNCED]


def books(case: Case) -> list[Book]:
    links = Link.objects.filter(case=case).select_related("system__organisation").order_by("pk")
    found = {link.pk: (link, list[Field]()) for link in links}
    for row in Field.objects.filter(link__in=found).order_by("pk"):
        found[row.link_id][1].append(row)
    return [book(link, rows) for link, rows in found.values()]


def book(link: Link, rows: list[Field]) -> Book:
    counts = {str(state): sum(row.state == state for row in rows) for state in State}
    return Book(link, sorted(rows, key=place(link)), gravest(link, counts), counts)


def place(link: Link):
    """What has gone wrong first; then as the map has them."""
    order = [*link.system.mapped]
    grave = [State.DEAD, State.CONFLICT, State.PENDING, State.SYNCED, State.OFF]

    def of(row: Field) -> tuple[int, int, str]:
        known = order.index(row.name) if row.name in order else len(order)
        return grave.index(row.state), known, label(row.name)

    return of


def gravest(link: Link, counts: dict[str, int]) -> State:
    if counts[State.DEAD]:
        return State.DEAD
    if counts[State.CONFLICT]:
        return State.CONFLICT
    if counts[State.PENDING]:
        return State.PENDING if link.system.is_on else State.OFF
    return State.SYNCED


def is_let_stand(case: Case) -> bool:
    return any(row.is_let_stand for row in Field.objects.filter(link__case=case))


def state(case: Case) -> State | None:
    """How a case fares; nothing where it is linked nowhere."""
    return states([case.pk]).get(case.pk)


def states(cases: Iterable[int]) -> dict[int, State]:
    """How several cases fare, in one query; those that are linked nowhere are left out."""
    sql = f"SELECT k.id, {STATE} FROM cases_case k WHERE k.id = ANY(%s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(cases)])
        return {pk: State(found) for pk, found in cursor.fetchall() if found}


def compare(case: Case) -> str:
    """Read the case in the other system now, and write what waits; what went wrong as it is kept
    (`wording.said`), or nothing. Talks to the network: no transaction may be open."""
    for link in Link.objects.filter(case=case).select_related("system", "case"):
        try:
            carrying.compare(link)
        except Fault as no:
            return no.kept()
    errors = Link.objects.filter(case=case).values_list("error", flat=True)
    return next(filter(None, errors), "")


def is_verified(case: Case) -> bool:
    """Whether every field of a linked case was written, read back, and is the same in both."""
    return state(case) == State.SYNCED and Field.objects.filter(link__case=case).exists()


def verified_at(case: Case):
    """When that was last seen."""
    times = Link.objects.filter(case=case).values_list("compared_at", flat=True)
    return max((moment for moment in times if moment), default=None)

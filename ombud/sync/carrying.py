"""Carrying what is owed to another system: read, write what differs, read back. No transaction is
open while the network is slow, and what was found is written down in one of its own."""

import structlog
from django.db import transaction
from django.db.models import F, Q

from ombud.lib import clock
from ombud.people.actors import THE_SYSTEM
from ombud.sync import calling, reckoning, steps
from ombud.sync.adapters import ewrest
from ombud.sync.calling import Line
from ombud.sync.faults import Absent, Barred, Fault, Outage, Refusal, Taken
from ombud.sync.models import Field, Link, System
from ombud.sync.states import Direction, Side

MOST = 200  # links in one go
STOPPING = (Outage, Barred)  # nothing else would work either

Faults = dict[str, Fault]
log = structlog.get_logger()


def run(system: System) -> int:
    """All that is due of one system, one link after another; how many were carried."""
    if not system.is_active or (system.retry_at and system.retry_at > clock.now()):
        return 0
    try:
        with calling.to(system) as line:
            return carry_all(line)
    except Taken:
        return 0


def carry_all(line: Line) -> int:
    done, left = 0, due(line.system)
    while left and done < MOST:
        for link in left:
            line.hold()
            done += 1
            if not carry(line, link):
                return done
        left = due(line.system)
    return done


def due(system: System) -> list[Link]:
    """What there is to do, the longest wait first."""
    now = clock.now()
    waiting = Field.objects.due().filter(link__system=system).order_by("due_at")
    names = dict.fromkeys(waiting.values_list("link", flat=True)[:MOST])
    asked = Link.objects.filter(Q(pk__in=names) | Q(compare_at__lte=now), system=system)
    found = list(asked.select_related("case", "system")[:MOST])
    order = [*names]
    return sorted(found, key=lambda one: order.index(one.pk) if one.pk in names else -1)


def compare(link: Link, patience: float = 10.0) -> None:
    """One link now, for somebody who waits; Taken where the line is not free in time."""
    with calling.to(link.system, patience) as line:
        carry(line, link)


def carry(line: Line, link: Link) -> bool:
    """One link a step on; False where the whole system is of no use at the moment."""
    link.system = line.system
    rows = {row.name: row for row in link.fields.all()}
    tried = {name: row.version for name, row in rows.items() if is_due(row)}
    try:
        theirs, faults = look(line, link, rows)
        now = {name: version for name, version in tried.items() if name not in faults}
        wanted = to_write(link, rows, theirs, now)
        if wanted:
            faults |= write(line, link, wanted)
            theirs, _more = look(line, link, {name: rows[name] for name in theirs})
    except Fault as no:
        settle_fault(link, tried, no)
        return not isinstance(no, STOPPING)
    wrote = {name: rows[name].version for name in wanted if name not in faults}
    told = {name: value for name, value in theirs.items() if name not in faults}
    with transaction.atomic():
        for name, fault in faults.items():
            steps.fail(link, {name: rows[name].version}, fault, by=THE_SYSTEM)
        steps.take(link, told, wrote, by=THE_SYSTEM)
    is_back(line.system)
    log.info("sync.carried", link=link.pk, wrote=len(wrote), failed=len(faults))
    return True


def is_due(row: Field) -> bool:
    waits = row.is_pending and not row.is_conflict and not row.dead_at
    return bool(waits and row.due_at and row.due_at <= clock.now())


def look(line: Line, link: Link, rows: dict[str, Field]) -> tuple[dict[str, str | None], Faults]:
    """What stands there, and which columns are not there at all: those are left out of the read."""
    names = [name for name, row in rows.items() if not row.dead_at]
    faults: Faults = {}
    while True:
        try:
            return line.read(link.table, link.number, names), faults
        except (Absent, Barred):
            raise
        except Refusal as no:
            culprit = named(line, str(no), names)
            if not culprit:
                raise
            faults[culprit] = no
            names.remove(culprit)


def to_write(
    link: Link, rows: dict[str, Field], theirs: dict[str, str | None], tried: reckoning.Versions
) -> dict[str, str | None]:
    """What is due, differs, and was changed by nobody there meanwhile. What stands there already
    was perhaps written by us, and its answer lost: it is not written again."""
    if link.frozen == Side.OURS:
        return {}
    return {
        name: rows[name].ours
        for name in tried
        if name in theirs
        and rows[name].direction != Direction.IN
        and theirs[name] != rows[name].ours
        and not reckoning.was_changed(rows[name], theirs[name])
    }


def write(line: Line, link: Link, wanted: dict[str, str | None]) -> Faults:
    """In one update; where that is refused for the sake of one field the others go without it."""
    if not wanted:
        return {}
    try:
        line.write(link.table, link.number, wanted)
        return {}
    except (Absent, Barred):
        raise
    except Refusal as no:
        if len(wanted) == 1:
            return dict.fromkeys(wanted, no)
        culprit = named(line, str(no), [*wanted])
        if culprit:
            rest = {name: value for name, value in wanted.items() if name != culprit}
            return {culprit: no, **write(line, link, rest)}
        faults: Faults = {}
        for name, value in wanted.items():
            faults |= write(line, link, {name: value})
        return faults


def named(line: Line, words: str, names: list[str]) -> str:
    """Which of our fields a refusal points at."""
    column = ewrest.column_in(words)
    mapped = line.system.mapped
    return next((name for name in names if mapped[name].column == column), "")


@transaction.atomic
def settle_fault(link: Link, tried: reckoning.Versions, no: Fault) -> None:
    log.warning("sync.failed", link=link.pk, code=no.code)
    steps.fail(link, tried, no, by=THE_SYSTEM)
    if isinstance(no, STOPPING):
        is_away(link.system)


def is_away(system: System) -> None:
    """Nothing is tried for a while, longer each time."""
    wait = reckoning.LADDER[min(system.tries, len(reckoning.LADDER) - 1)]
    system.tries, system.retry_at = system.tries + 1, clock.now() + wait
    System.objects.filter(pk=system.pk).update(tries=F("tries") + 1, retry_at=system.retry_at)


def is_back(system: System) -> None:
    """It answers again: whatever waited for that is due now."""
    if not system.tries:
        return
    system.tries, system.retry_at = 0, None
    System.objects.filter(pk=system.pk).update(tries=0, retry_at=None)
    Field.objects.waiting().filter(link__system=system).update(due_at=clock.now())

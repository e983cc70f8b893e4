"""Carrying what is owed to another system: read, write what differs, read back. No transaction is
open while the network is slow, and what was found is written down in one of its own."""

from collections.abc import Iterable
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q

from ombud.cases import files
from ombud.lib import clock
from ombud.people.actors import THE_SYSTEM
from ombud.sync import calling, reckoning, steps
from ombud.sync.adapters import ewrest
from ombud.sync.calling import Line
from ombud.sync.columns import Column
from ombud.sync.faults import Absent, Barred, Fault, Outage, Refusal, Shut, Taken
from ombud.sync.models import Field, Link, System
from ombud.sync.states import Direction, Side

MOST = 200  # links in one go
STOPPING = (Outage, Shut)  # nothing else would work either

Faults = dict[str, Fault]
Rows = dict[str, Field]
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
    rows = {row.name: row for row in link.fields.select_related("document")}
    tried = {name: row.version for name, row in rows.items() if is_due(row)}
    try:
        found(line, link, rows)
        theirs, faults = look(line, link, rows)
        now = {name: version for name, version in tried.items() if name not in faults}
        wanted = to_write(link, rows, theirs, now)
        if wanted:
            faults |= write(line, link, rows, wanted)
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


def found(line: Line, link: Link, rows: Rows) -> None:
    """A record that is not known yet is looked for by our key, and made if there is none."""
    if link.number:
        return
    values = {name: row.ours for name, row in rows.items() if row.document is None}
    link.number = line.upsert(link.table, link.match, columns_of(link, values), values)
    Link.objects.filter(pk=link.pk).update(number=link.number)


def columns_of(link: Link, names: Iterable[str]) -> dict[str, Column]:
    """Fields that are not mapped any more are left out."""
    known = {name: link.column(name) for name in names}
    return {name: column for name, column in known.items() if column is not None}


def is_due(row: Field) -> bool:
    waits = row.is_pending and not row.is_conflict and not row.dead_at
    return bool(waits and row.due_at and row.due_at <= clock.now())


def look(line: Line, link: Link, rows: Rows) -> tuple[dict[str, str | None], Faults]:
    """What stands there, and which columns are not there at all: those are left out of the read."""
    alive = {name: row for name, row in rows.items() if not row.dead_at}
    papers = {name: row for name, row in alive.items() if row.document}
    names = [name for name in alive if name not in papers]
    faults: Faults = {}
    while True:
        known = columns_of(link, names)
        try:
            theirs = line.read(link.table, link.number, known)
            return theirs | filed(line, link, papers), faults
        except (Absent, Barred):
            raise
        except Refusal as no:
            culprit = named(link, str(no), names)
            if not culprit:
                raise
            faults[culprit] = no
            names.remove(culprit)


def filed(line: Line, link: Link, papers: Rows) -> dict[str, str | None]:
    """Which of these files lie there, by name and size."""
    there: set[str] = set()
    for column in {row.file_column for row in papers.values()}:
        kept = line.adapter.attached(link.table, link.number, column)
        there |= {reckoning.told_of(str(one["fileName"]), int(one["size"])) for one in kept}
    return {name: row.ours if row.ours in there else None for name, row in papers.items()}


def to_write(
    link: Link, rows: Rows, theirs: dict[str, str | None], tried: reckoning.Versions
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


def write(line: Line, link: Link, rows: Rows, wanted: dict[str, str | None]) -> Faults:
    """Files one by one, all else in one update."""
    papers = [name for name in wanted if rows[name].document]
    faults = write_fields(line, link, {n: v for n, v in wanted.items() if n not in papers})
    for name in papers:
        try:
            send_file(line, link, rows[name])
        except (Absent, Barred):
            raise
        except Refusal as no:
            faults[name] = no
    return faults


def send_file(line: Line, link: Link, row: Field) -> None:
    document: Any = row.document
    with files.opened(document) as kept:
        content = kept.read()
    line.adapter.attach(link.table, link.number, row.file_column, document.name, content)


def write_fields(line: Line, link: Link, wanted: dict[str, str | None]) -> Faults:
    """Where the update is refused for the sake of one field the others go without it."""
    if not wanted:
        return {}
    try:
        line.write(link.table, link.number, columns_of(link, wanted), wanted)
        return {}
    except (Absent, Barred):
        raise
    except Refusal as no:
        if len(wanted) == 1:
            return dict.fromkeys(wanted, no)
        culprit = named(link, str(no), [*wanted])
        if culprit:
            rest = {name: value for name, value in wanted.items() if name != culprit}
            return {culprit: no, **write_fields(line, link, rest)}
        faults: Faults = {}
        for name, value in wanted.items():
            faults |= write_fields(line, link, {name: value})
        return faults


def named(link: Link, words: str, names: list[str]) -> str:
    """Which of our fields a refusal points at."""
    column = ewrest.column_in(words)
    known = columns_of(link, names)
    return next((name for name, one in known.items() if one.column == column), "")


@transaction.atomic
def settle_fault(link: Link, tried: reckoning.Versions, no: Fault) -> None:
    log.warning("sync.failed", link=link.pk, why=no.code)
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

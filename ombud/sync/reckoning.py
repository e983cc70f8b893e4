"""Reckoning the ledger: what is to be written, what has been agreed, what differs."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from ombud.cases.models import Case, Document
from ombud.lib import clock, jobs
from ombud.sync.columns import FILE, canonical
from ombud.sync.faults import Barred, Fault, Temporary
from ombud.sync.models import Field, Link, System
from ombud.sync.states import CIRCLE, Direction, Side, State

LADDER = [timedelta(minutes=m) for m in (1, 5, 15, 60, 360, 1440)]
TOLD_A_DAY = 5  # cases, over one link
NOT_VERIFIED = "not_verified"
VERBS = {
    State.SYNCED: "mirrored",
    State.CONFLICT: "mirror_differs",
    State.DEAD: "mirror_failed",
}

Values = Mapping[str, Any]
Versions = dict[str, int]


def agree(row: Link, name: str, value: Any) -> None:
    column = row.column(name)
    if column is None:
        return
    told = canonical(column.kind, value)
    same = {"ours": told, "theirs": told, "agreed": told, "verified_at": clock.now()}
    Field.objects.get_or_create(
        link=row, name=name, defaults={"direction": column.direction, **same}
    )


def admit(held: Case, system: System) -> None:
    """The ledger has a circle of its own: of the parties only the system's organisation has it."""
    for party in held.party_set.current().filter(organisation=system.organisation_id):
        if CIRCLE not in party.circles:
            party.circles = [*party.circles, CIRCLE]
            party.save(update_fields=["circles"])
            held.is_stirred = True


def wanted(row: Link, name: str, value: Any) -> bool:
    column = row.column(name)
    if column is None or column.direction == Direction.IN:
        return False
    field, _is_new = Field.objects.select_for_update().get_or_create(
        link=row, name=name, defaults={"direction": column.direction}
    )
    field.direction = column.direction
    is_new = field.want(column.kind, value)
    field.save()
    return is_new


def file_row(row: Link, column: str, document: Document) -> Field:
    """A file as a row of the ledger, wanted there."""
    found, _is_new = Field.objects.get_or_create(
        link=row,
        name=f"{FILE}{document.pk}",
        defaults={"direction": Direction.OUT, "document": document, "file_column": column},
    )
    found.want("text", told_of(document.name, document.size))
    found.save()
    return found


def told_of(name: str, size: int) -> str:
    return f"{name} ({size})"


def drop_unmapped(row: Link) -> list[str]:
    """What waits, differs or has failed and is mapped no more is owed no more: nobody could ever
    read or write it. Its names."""
    plain = row.fields.select_for_update().filter(document=None)
    gone = [one.name for one in plain if one.state != State.SYNCED and not row.column(one.name)]
    row.fields.filter(name__in=gone).delete()
    return gone


def see_all(row: Link, theirs: dict[str, str | None], wrote: Versions) -> dict[str, list[str]]:
    """What has turned, by what is to be told of it."""
    turned: dict[str, list[str]] = {}
    for field in row.fields.select_for_update().order_by("name"):
        if field.name not in theirs:
            continue
        was = field.state
        see(field, row, theirs[field.name], wrote)
        field.save()
        if field.state != was and field.state in VERBS:
            turned.setdefault(VERBS[field.state], []).append(field.name)
    return turned


def see(field: Field, row: Link, value: str | None, wrote: Versions) -> None:
    """One field, now that it is known what stands there."""
    field.theirs = value
    if value == field.ours or field.direction == Direction.IN or row.frozen == Side.OURS:
        field.ours = field.agreed = value
        field.is_pending = field.is_conflict = False
        field.dead_at, field.due_at, field.error, field.tries = None, None, "", 0
        field.verified_at = clock.now()
    elif field.is_pending and wrote.get(field.name) == field.version:
        field.dead_at, field.error = clock.now(), NOT_VERIFIED
    elif field.is_pending:
        field.is_conflict = was_changed(field, value)
    elif not field.dead_at:
        field.is_conflict = value != field.agreed  # else somebody has let the difference stand


def was_changed(field: Field, value: str | None) -> bool:
    """Whether somebody there has changed it since both last agreed: then nobody overwrites it.
    What only goes out from here is ours to say."""
    is_known = field.direction == Direction.BOTH and field.verified_at is not None
    return is_known and value not in (field.agreed, field.ours)


def put_off(row: Link, tried: Versions, no: Fault) -> list[str]:
    """Further and further apart; the names of those that are not tried by themselves again."""
    dead = []
    for field in row.fields.select_for_update().filter(name__in=tried).order_by("name"):
        if field.version != tried[field.name]:
            continue
        field.error = no.kept()
        if isinstance(no, Temporary | Barred) and field.tries < len(LADDER):
            field.tries += 1
            field.due_at = clock.now() + LADDER[field.tries - 1]
        else:
            field.dead_at = clock.now()
            dead.append(field.name)
        field.save()
    return dead


def again(row: Link) -> Link:
    return next(one for one in Link.objects.locked(row.case) if one.pk == row.pk)


def tell(row: Link) -> None:
    if row.then:
        jobs.queue(row.then, number=row.case.number)


def is_news(row: Link) -> bool:
    """Whether people are told when something fails for good here now: of the first thing in a
    case until it has been mended, and of so many cases a day over one link, so that a fault that
    strikes them all does not bury them in letters."""
    dead = Field.objects.dead().filter(link__system=row.system_id)
    if dead.filter(link=row).exists():
        return False
    lately = dead.filter(dead_at__gt=clock.now() - timedelta(days=1))
    return lately.values("link").distinct().count() < TOLD_A_DAY

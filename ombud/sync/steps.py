"""What a deed of an upper floor, or the carrier, may have done here in its own transaction."""

from typing import Any

from ombud.cases.events import record
from ombud.cases.models import Case, Document
from ombud.lib import clock, jobs
from ombud.people import journal
from ombud.people.actors import Actor
from ombud.sync import notices, reckoning
from ombud.sync.faults import Fault, Refusal
from ombud.sync.models import Link, Owed, System
from ombud.sync.reckoning import Values, Versions
from ombud.sync.states import CIRCLE, Side, State

CARRY = "sync.carry"


def link(
    case: Case,
    system: System,
    table: str,
    number: str,
    *,
    by: Actor,
    known: Values | None = None,
    then: str = "",
) -> Link:
    """From now on this case is that record there. `known`: what has just been read there, by our
    names; both sides agree on it. `then`: the job to wake, with `number`, whenever the ledger has
    come to something. The system's organisation sees the ledger, as party to the case."""
    held = case if case.is_held else Case.objects.locked(case)
    place = {"number": str(number), "then": then}
    row, _is_new = Link.objects.update_or_create(
        case=held, system=system, table=table, defaults=place
    )
    for name, value in (known or {}).items():
        reckoning.agree(row, name, value)
    reckoning.admit(held, system)
    there = str(number)
    record(held, "linked", by=by, circle=CIRCLE, system=system.pk, table=table, record=there)
    return row


def link_new(
    case: Case, system: System, table: str, match: str, *, by: Actor, then: str = ""
) -> Link:
    """From now on this case has a record in another table there, which is found or made by what the
    column `match` holds: a key of ours, owed with the rest. Our names are the columns' own."""
    held = case if case.is_held else Case.objects.locked(case)
    row, _is_new = Link.objects.get_or_create(
        case=held, system=system, table=table, defaults={"match": match, "then": then}
    )
    reckoning.admit(held, system)
    record(held, "linked", by=by, circle=CIRCLE, system=system.pk, table=table, record=row.number)
    return row


def owe_file(case: Case, column: str, document: Document, *, by: Actor, key: str) -> bool:
    """This file of the case shall lie in a column of its record there too, once; whether that is
    news. As `owe`."""
    is_news = False
    for row in Link.objects.locked(case):
        if row.table != row.system.table or row.frozen == Side.OURS:
            continue
        if not Owed.objects.get_or_create(link=row, key=key)[1]:
            continue
        field = reckoning.file_row(row, column, document)
        jobs.queue(CARRY, system=row.system_id)
        record(row.case, "to_mirror", by=by, circle=CIRCLE, fields=[field.name])
        is_news = True
    return is_news


def owe(case: Case, values: Values, *, by: Actor, key: str, table: str = "") -> list[str]:
    """This shall stand in the other system too; the names of what is new. The same `key` twice is
    one owing, and a later one of a field takes the place of what still waits. Nothing for a case
    that is linked nowhere, for a field that is not mapped, and while it goes on over there."""
    told: list[str] = []
    for row in Link.objects.locked(case):
        if row.table != (table or row.system.table) or row.frozen == Side.OURS:
            continue
        if not Owed.objects.get_or_create(link=row, key=key)[1]:
            continue
        names = [name for name, value in values.items() if reckoning.wanted(row, name, value)]
        if names:
            jobs.queue(CARRY, system=row.system_id)
            record(row.case, "to_mirror", by=by, circle=CIRCLE, fields=names)
        told += names
    return told


def read_only(case: Case, side: str, *, by: Actor) -> None:
    """The case goes on in one system alone: "ours" is only read from now on, or "theirs" is; ""
    is neither. What is read only takes over what the other side writes."""
    for row in Link.objects.locked(case):
        row.frozen = side
        row.save(update_fields=["frozen"])
        record(row.case, "frozen", by=by, circle=CIRCLE, side=side)


def take(row: Link, theirs: dict[str, str | None], wrote: Versions, *, by: Actor) -> None:
    """What was read there, after what was written: field by field it is the same, differs, or was
    written and does not read back."""
    held = reckoning.again(row)
    unmapped = reckoning.drop_unmapped(held)
    is_told = reckoning.is_news(held)
    turned = reckoning.see_all(held, theirs, wrote)
    held.compare_at, held.compared_at, held.error = None, clock.now(), ""
    held.save(update_fields=["compare_at", "compared_at", "error"])
    for verb, names in turned.items():
        is_dead = verb == reckoning.VERBS[State.DEAD]
        told = notices.failed(held.system) if is_told and is_dead else []
        record(held.case, verb, by=by, circle=CIRCLE, fields=names, tell=told)
    if unmapped:
        record(held.case, "unmapped", by=by, circle=CIRCLE, fields=unmapped)
    if turned or unmapped:
        reckoning.tell(held)


def fail(row: Link, tried: Versions, no: Fault, *, by: Actor) -> None:
    """It did not work: once more later, further and further apart; or never by itself again."""
    held = reckoning.again(row)
    is_told = reckoning.is_news(held)
    dead = reckoning.put_off(held, tried, no)
    held.error, held.compare_at = no.kept(), None
    held.save(update_fields=["error", "compare_at"])
    if dead:
        code = no.code if isinstance(no, Refusal) else "given_up"
        more: dict[str, Any] = {"words": {"error": str(no)}, "fields": dead, "code": code}
        told = notices.failed(held.system) if is_told else []
        record(held.case, "mirror_failed", by=by, circle=CIRCLE, tell=told, **more)
        reckoning.tell(held)


def checked(system: System, checks: list[dict], *, by: Actor) -> System:
    """How a system answered when it was tried; verified where nothing was wrong."""
    held = System.objects.select_related("organisation").locked(system)
    held.checks, held.checked_at, held.check_at = checks, clock.now(), None
    is_good = all(check["ok"] for check in checks)
    held.verified_at = clock.now() if is_good else None
    held.tries, held.retry_at = 0, None
    names = ["checks", "checked_at", "check_at", "verified_at", "tries", "retry_at"]
    held.save(update_fields=names)
    told = "system.verified" if is_good else "system.not_verified"
    journal.note(held.organisation, told, by=by, key=held.name)
    return held

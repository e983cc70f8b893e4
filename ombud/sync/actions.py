"""What people do with the links to other systems. Each action is one transaction: lock, ask,
change, record. None of them speaks with the network: that is the carrier's."""

from datetime import timedelta
from typing import Any

from django.db import transaction

from ombud.cases.events import record
from ombud.cases.models import Matter
from ombud.lib import clock, jobs
from ombud.lib.errors import require
from ombud.people import journal
from ombud.people.actors import Actor
from ombud.people.links import Link as Entry
from ombud.people.models import Organisation
from ombud.sync import rules, wanted
from ombud.sync.models import Field, Link, System
from ombud.sync.states import CIRCLE, Side

CARRY, VERIFY = "sync.carry", "sync.verify"


@transaction.atomic
def compare(case: Matter, *, by: Actor) -> Matter:
    """Have the record read in the other system, and told field by field how it differs."""
    case = type(case).objects.locked(case)  # type: ignore[attr-defined]
    require(rules.compare(by, case))
    Link.objects.filter(case=case.case).update(compare_at=clock.now())
    wanted.wake(case.case)
    record(case.case, "compared", by=by, circle=CIRCLE)
    return case


@transaction.atomic
def replay(case: Matter, *, by: Actor) -> Matter:
    """Try once more what could not be written, as if for the first time."""
    case = type(case).objects.locked(case)  # type: ignore[attr-defined]
    require(rules.replay(by, case))
    names = wanted.wake_dead(Field.objects.filter(link__case=case.case))
    wanted.wake(case.case)
    record(case.case, "replayed", by=by, circle=CIRCLE, fields=names)
    return case


@transaction.atomic
def settle(case: Matter, *, by: Actor, field: str, take: str) -> Matter:
    """Say what holds where both differ: ours is written there, or the difference may stand."""
    case = type(case).objects.locked(case)  # type: ignore[attr-defined]
    require(rules.settle(by, case, field, take))
    for row in Field.objects.filter(link__case=case.case, name=field, is_conflict=True):
        row.settle(Side(take))
    wanted.wake(case.case)
    record(case.case, "settled", by=by, circle=CIRCLE, field=field, took=take)
    return case


@transaction.atomic
def set_system(organisation: Organisation, *, by: Actor, system: int = 0, **typed: Any) -> Entry:
    """Say how the other system is reached; it must be verified anew. A secret left empty stays."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.set_system(by, organisation, system))
    row = rules.of(organisation, system) if system else System(organisation=organisation)
    assert row is not None
    wanted.set_up(row, typed)
    return journal.note(organisation, "system.set", by=by, key=row.name, system=row.pk)


@transaction.atomic
def set_columns(organisation: Organisation, *, by: Actor, system: int, columns: dict) -> Entry:
    """Say which field here is which column there, and which way it goes."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.set_columns(by, organisation, system))
    row = System.objects.get(organisation=organisation, pk=system)
    row.columns = columns
    wanted.doubt(row)
    return journal.note(organisation, "system.mapped", by=by, key=row.name, system=row.pk)


@transaction.atomic
def verify_system(organisation: Organisation, *, by: Actor, system: int) -> Entry:
    """Have the link tried: login, table, fields, writing, notifications."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.verify_system(by, organisation, system))
    row = System.objects.get(organisation=organisation, pk=system)
    System.objects.filter(pk=row.pk).update(check_at=clock.now())
    jobs.queue(VERIFY, system=row.pk)
    return journal.note(organisation, "system.tried", by=by, key=row.name, system=row.pk)


@transaction.atomic
def switch_system(organisation: Organisation, *, by: Actor, system: int, on: bool) -> Entry:
    """On: what waits is carried. Off: it waits on."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.switch_system(by, organisation, system, on))
    row = System.objects.get(organisation=organisation, pk=system)
    System.objects.filter(pk=row.pk).update(is_on=on)
    if on:
        jobs.queue(CARRY, system=row.pk)
    verb = "system.on" if on else "system.off"
    return journal.note(organisation, verb, by=by, key=row.name, system=row.pk)


@transaction.atomic
def rotate_hook(
    organisation: Organisation, *, by: Actor, system: int, overlap_hours: int = 24
) -> Entry:
    """Another secret for its notifications; the old one holds for some hours more."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.rotate_hook(by, organisation, system))
    row = System.objects.get(organisation=organisation, pk=system)
    row.rotate_hook(timedelta(hours=overlap_hours))
    names = ("hook_sealed", "hook_index")
    row.save(update_fields=[*names, *(f"old_{name}" for name in names), "old_hook_until"])
    told = {"key": row.name, "system": row.pk, "hours": overlap_hours}
    return journal.note(organisation, "system.hook_rotated", by=by, **told)


@transaction.atomic
def replay_dead(organisation: Organisation, *, by: Actor, system: int) -> Entry:
    """Try once more all that could not be written over this link."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.replay_dead(by, organisation, system))
    row = System.objects.get(organisation=organisation, pk=system)
    count = len(wanted.wake_dead(Field.objects.filter(link__system=row)))
    jobs.queue(CARRY, system=row.pk)
    told = {"key": row.name, "system": row.pk, "count": count}
    return journal.note(organisation, "system.replayed", by=by, **told)

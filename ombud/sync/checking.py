"""Trying a link before anything is sent over it: can we come in, is all there that is mapped, may
it be written, and are we told of the button."""

from collections.abc import Callable, Iterator
from typing import Any

from django.db import transaction

from ombud.lib import clock
from ombud.people.actors import THE_SYSTEM
from ombud.sync import calling, steps
from ombud.sync.adapters.agiloft import linked
from ombud.sync.calling import Line
from ombud.sync.columns import Column
from ombud.sync.faults import Fault, Refusal
from ombud.sync.models import System
from ombud.sync.states import Direction

PATIENCE = 10.0
NO_PROBE, NOT_TRIED = "no_probe", "not_tried"

Check = dict[str, Any]


def run(system: System) -> System:
    """Try it, and write down how it went. Talks to the network: no transaction may be open."""
    try:
        with calling.to(system, PATIENCE) as line:
            checks = [*tried(line)]
    except Fault as no:
        checks = [told("login", no)]
    with transaction.atomic():
        return steps.checked(system, checks, by=THE_SYSTEM)


def tried(line: Line) -> Iterator[Check]:
    """One after the other; what rests on one that failed is not tried."""
    is_good = True
    for name, check in CHECKS.items():
        if not is_good:
            yield told(name, NOT_TRIED, ok=False)
            continue
        try:
            yield told(name, check(line))
        except Fault as no:
            is_good = False
            yield told(name, no)


def told(name: str, why: Any, ok: bool = True) -> Check:
    is_fault = isinstance(why, Fault)
    code = why.code if is_fault else ""
    at = clock.now().isoformat()
    return {"name": name, "ok": ok and not is_fault, "why": str(why or ""), "code": code, "at": at}


def login(line: Line) -> str:
    line.adapter.token = {}
    line.adapter.come_in()
    return ""


def table(line: Line) -> str:
    if not line.adapter.columns(line.system.table):
        raise Refusal(f"There is no table {line.system.table} in {line.system.kb}.")
    return ""


def fields(line: Line) -> str:
    """Every column of the map is there, and every choice offers what will be written."""
    there = line.adapter.columns(line.system.table)
    missing = [one.column for one in line.system.mapped.values() if one.column not in there]
    if missing:
        raise Refusal(f"No column {', '.join(missing)}")
    for one in line.system.mapped.values():
        offered = there[one.column].get("columnTypeDomain") or []
        lacking = [label for label in one.choices if label not in offered]
        if lacking:
            raise Refusal(f"{one.column} does not offer {', '.join(lacking)}")
    return ""


def writing(line: Line) -> str:
    """A record kept for this is given the values that it holds already, and read back."""
    number, mapped = line.system.probe, line.system.mapped
    if not number:
        return NO_PROBE
    table, written = line.system.table, [m for m in mapped.values() if m.direction != Direction.IN]
    names = [one.column for one in written]
    before = line.adapter.read(table, number, names)
    told = {one.column: before[one.column] for one in written if before[one.column] is not None}
    told |= {one.column: linked(told[one.column]) for one in written if is_linked(one, told)}
    line.adapter.update(table, number, told)
    if line.adapter.read(table, number, names) != before:
        raise Refusal(f"Record {number} does not read back as it was written.")
    return ""


def is_linked(column: Column, told: dict) -> bool:
    return column.kind == "linked" and column.column in told


def notifications(line: Line) -> str:
    """A subscription that is on, and whose address has answered. Changes by programs are left out:
    else each of our own writes would be told to us."""
    system, mapped = line.system, line.system.mapped
    stamps = [mapped[name].column for name in ("pressed_at", "pressed_by") if name in mapped]
    wanted = {
        "title": "Ombud",
        "description": "Information requests",
        "webhook_url": system.hook_url,
        "webhook_status": "Active",
        "table_name": system.table,
        "event_type": "Update",
        "user_permissions": system.login,
        "entry_fields": ["id", *stamps],
        "record_filter": "",
        "modification_type": ["Email", "Web"],
        "state_key": system.state_key,
        "webhook_confirmation": "Yes",
        "by_rule": "No",
    }
    key = line.adapter.subscribe(system.hook_key, wanted)
    System.objects.filter(pk=system.pk).update(hook_key=key)
    return ""


CHECKS: dict[str, Callable[[Line], str]] = {
    "login": login,
    "table": table,
    "fields": fields,
    "writing": writing,
    "notifications": notifications,
}

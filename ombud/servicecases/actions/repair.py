"""Everything that can happen to a repair. Each action is one transaction:
lock, ask, change, record."""

from decimal import Decimal
from typing import Any

from django.db import transaction

from ombud.cases import placing
from ombud.cases.events import record
from ombud.cases.models import CASE
from ombud.lib import clock
from ombud.lib.errors import require
from ombud.people.actors import Actor
from ombud.people.roles import Role
from ombud.servicecases import linked
from ombud.servicecases.models import Line, Repair
from ombud.servicecases.rules import repair as rules
from ombud.servicecases.states.repair import Side


@transaction.atomic
def note(repair: Repair, *, by: Actor, text: str) -> Repair:
    """Write a note for whoever sees the repair."""
    repair = Repair.objects.locked(repair)
    require(rules.note(by, repair))
    repair.case.write(CASE, text, by=by)
    record(repair.case, "noted", by=by)
    return repair


@transaction.atomic
def set_status(repair: Repair, *, by: Actor, status: str, note: str = "") -> Repair:
    """Say how far it has come."""
    repair = Repair.objects.locked(repair)
    require(rules.set_status(by, repair, status))
    repair.become(status)
    record(repair.case, "moved", by=by, words={"note": note} if note else None, status=status)
    return repair


@transaction.atomic
def set_photos(repair: Repair, *, by: Actor, attachments: list[str]) -> Repair:
    """These pictures and papers stand in the case from now on."""
    repair = Repair.objects.locked(repair)
    require(rules.set_photos(by, repair))
    change = placing.place(repair.case, attachments, circle=CASE, by=by)
    record(repair.case, "filed", by=by, **change.told())
    return repair


@transaction.atomic
def add_line(
    repair: Repair,
    *,
    by: Actor,
    what: str,
    quantity: str = "1",
    unit: str = "",
    unit_price: int,
    vat: int = 25,
) -> Repair:
    """Add a line to the invoice basis. Past what the customer has approved it is let in, and told:
    it cannot be invoiced without a new yes."""
    repair = Repair.objects.locked(repair)
    require(rules.add_line(by, repair))
    line = Line.objects.create(
        repair=repair,
        what=what,
        quantity=Decimal(quantity),
        unit=unit,
        unit_price=unit_price,
        vat=vat,
        person=by.person,
    )
    repair.forget_lines()
    told: dict[str, Any] = {"line": line.pk, "with_vat": line.with_vat, "total": repair.total}
    record(repair.case, "line_added", by=by, words={"what": what}, over=repair.over, **told)
    return repair


@transaction.atomic
def remove_line(repair: Repair, *, by: Actor, line: int) -> Repair:
    """Take a line out of the invoice basis again."""
    repair = Repair.objects.locked(repair)
    require(rules.remove_line(by, repair, line))
    gone = Line.objects.get(pk=line)
    gone.removed_at = clock.now()
    gone.save(update_fields=["removed_at"])
    repair.forget_lines()
    words = {"what": gone.what}
    told: dict[str, Any] = {"line": line, "total": repair.total}
    record(repair.case, "line_removed", by=by, words=words, over=repair.over, **told)
    return repair


@transaction.atomic
def continue_in(repair: Repair, *, by: Actor, side: str, reason: str = "") -> Repair:
    """Choose where the case and its invoice go on; the other side can only be read."""
    repair = Repair.objects.locked(repair)
    require(rules.continue_in(by, repair, side, reason))
    repair.choose(side, by)
    if side == Side.AGILOFT:
        repair.case.wait_no_more()
    else:
        repair.case.wait_for(repair.provider, Role.CASE_HANDLER)
    linked.chosen(repair.case, side, by=by)
    record(repair.case, "continued", by=by, words={"note": reason} if reason else None, side=side)
    return repair


@transaction.atomic
def close(repair: Repair, *, by: Actor, outcome: str = "closed", note: str = "") -> Repair:
    """It is done, or nothing came of it; it stays to be read."""
    repair = Repair.objects.locked(repair)
    require(rules.close(by, repair))
    repair.become(outcome)
    record(repair.case, "closed", by=by, words={"note": note} if note else None, outcome=outcome)
    return repair

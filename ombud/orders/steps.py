"""What a deed of an upper floor may have done to an order, in its own transaction."""

from ombud.cases.events import record
from ombud.cases.models import CASE
from ombud.lib import rows
from ombud.orders import notices
from ombud.orders.handovers import ATTESTANT, ROLES, Hanging
from ombud.orders.models import CIRCLES, Approval, Order
from ombud.orders.states import UNSENT
from ombud.people.actors import Actor
from ombud.people.models import Person


def hand_over(hanging: Hanging, to: Person, *, by: Actor) -> None:
    """From now on the order hangs on somebody else, in the same part; whoever takes it over is
    told. The time that it has waited stays."""
    order = Order.objects.locked(hanging.order)
    is_chosen = hanging.part == ATTESTANT
    before = order.attestant if is_chosen else order.orderer
    assert before is not None
    if is_chosen:
        order.attestant = to
    else:
        order.first_orderer, order.orderer = order.first_orderer or before, to
    rows.keep(order, "attestant", "orderer", "first_orderer")
    reseat(order, hanging, before, to)
    is_asked = is_chosen and order.step is not None and order.step == hanging.step
    if is_asked:
        ask_anew(order, to)
    told = notices.awaits(order) if is_asked else []
    if not is_chosen:
        told = [notices.taken_over(order, before)]
    record(
        order.case,
        "handed_over",
        by=by,
        circle="customer" if order.state in UNSENT else CASE,
        tell=told,
        words={"note": f"{before} → {to}"},
        role=str(ROLES[hanging.part]),
        to=to.pk,
    )


def reseat(order: Order, hanging: Hanging, before: Person, to: Person) -> None:
    """The seat goes with it, unless nobody has sat there yet."""
    whose = order.party(hanging.step.party if hanging.step else "customer")
    circles = CIRCLES[hanging.step.party if hanging.step else "customer"]
    seats = order.case.seat_set.filter(person=before, organisation=whose, role=hanging.part)
    if seats.end():
        order.case.seat(to, whose, hanging.part, circles)


def ask_anew(order: Order, to: Person) -> None:
    """The step that waits is asked of somebody else, and falls due when it did."""
    step = order.step
    assert step is not None
    approval: Approval | None = order.approval_of(step)
    assert approval is not None
    approval.ask(approval.asked_at, approval.due_at, to)
    order.forget_road()
    order.case.wait_for(
        order.party(step.party),
        step.role,
        scope=order.scope if step.scoped else "",
        person=to,
        not_persons=order.barred_from(step),
        due_at=approval.due_at,
    )

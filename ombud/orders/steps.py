"""What deeds outside an order have done to it, in their own transaction."""

from ombud.cases.events import record
from ombud.cases.models import CASE
from ombud.lib import clock, rows
from ombud.orders import handovers, notices
from ombud.orders.handovers import ATTESTANT, ROLES, Hanging
from ombud.orders.models import Order
from ombud.orders.states import IN_FLIGHT, UNSENT
from ombud.people.actors import Actor
from ombud.people.models import Person
from ombud.people.roles import Role


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
    handovers.reseat(hanging, order, before, to)
    is_asked = is_chosen and order.step is not None and order.step == hanging.step
    if is_asked:
        handovers.ask_anew(order, to)
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


def hold(order: Order, *, by: Actor) -> Order:
    """Its agent has no engagement any more: nobody takes a coming step, and it is in nobody's
    list until the agent has one again. What was done stands."""
    order = Order.objects.locked(order)
    assert order.agent is not None
    if order.held_at or order.state not in IN_FLIGHT:  # it came to its end meanwhile
        return order
    told = notices.held(order)
    order.held_at = clock.now()
    rows.keep(order, "held_at")
    order.case.wait_behind(order.agent, Role.ENGAGEMENT_ORDERER)
    record(order.case, "held", by=by, tell=told)
    return order


def resume(order: Order, *, by: Actor) -> Order:
    """The agent has an engagement again: whoever it waited for is asked anew, with all the days."""
    order = Order.objects.locked(order)
    if order.held_at is None:
        return order
    order.held_at = None
    rows.keep(order, "held_at")
    if order.step:
        order.await_decision(order.step)
    else:
        order.wait_for_connection()
    record(order.case, "resumed", by=by, tell=notices.resumed(order))
    return order

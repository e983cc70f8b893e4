"""What the deeds of an engagement have done to orders, in their own transaction."""

from ombud.cases.events import record
from ombud.lib import clock, rows
from ombud.orders import notices
from ombud.orders.models import Order
from ombud.orders.states import IN_FLIGHT
from ombud.people.actors import Actor
from ombud.people.roles import Role


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

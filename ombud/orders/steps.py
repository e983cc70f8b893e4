"""What a deed of an upper floor may have done to an order, in its own transaction."""

from ombud.cases.events import record
from ombud.cases.models import CASE
from ombud.lib import rows
from ombud.orders import handovers, notices
from ombud.orders.handovers import ATTESTANT, ROLES, Hanging
from ombud.orders.models import Order
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

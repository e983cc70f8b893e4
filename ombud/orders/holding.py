"""Why nobody takes a coming step of an order whose agent has no engagement any more."""

from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, against, time
from ombud.orders.models import Order
from ombud.people.settings import said


def reasons(order: Order) -> list[Reason]:
    return against((order.held_at, lambda: reason(order)))


def reason(order: Order) -> Reason:
    text = _("The order is held: %(agent)s no longer has an engagement for %(service)s.")
    facts = {"agent": order.agent, "service": said(order.service.read.name)}
    return time("held", text % facts, f"{order.agent}, {order.operator}")

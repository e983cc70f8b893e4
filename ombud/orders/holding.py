"""What keeps an order where it is: an agent without an engagement any more, a release to come."""

from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, against, time
from ombud.orders.models import Order
from ombud.people.roles import Role
from ombud.people.rules import lacks
from ombud.people.settings import said


def reasons(order: Order) -> list[Reason]:
    return against((order.held_at, lambda: reason(order)))


def reason(order: Order) -> Reason:
    text = _("The order is held: %(agent)s no longer has an engagement for %(service)s.")
    facts = {"agent": order.agent, "service": said(order.service.read.name)}
    return time("held", text % facts, f"{order.agent}, {order.operator}")


def not_releasing(order: Order) -> Reason:
    text = _("Only a case handler at %(operator)s releases the connection.")
    facts = {"operator": order.operator}
    return lacks("not_case_handler", text % facts, Role.CASE_HANDLER, order.operator)


def waits_for_release(order: Order) -> Reason:
    text = _("Waits for %(operator)s to release the connection.") % {"operator": order.operator}
    return time("waits_for_release", text, str(order.operator))

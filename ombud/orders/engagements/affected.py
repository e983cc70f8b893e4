"""Whom the end of an engagement concerns: the orders under way, and the customers connected."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ombud.cases.models import Case
from ombud.orders.engagements.models import Engagement
from ombud.orders.models import Order
from ombud.orders.states import IN_FLIGHT, State
from ombud.people.actors import Actor
from ombud.people.models import Organisation

MOST = 5000  # orders looked at


@dataclass
class Affected:
    """One customer: what is under way, and what is connected already."""

    customer: Organisation
    under_way: list[Order] = field(default_factory=list)
    connected: list[Order] = field(default_factory=list)

    @property
    def units(self) -> int:
        return sum(len(order.units) for order in self.connected)


def of(engagement: Engagement) -> list[Affected]:
    """Every customer by name, in one statement."""
    found: dict[int, Affected] = {}
    for order in orders(engagement, [*IN_FLIGHT, State.ACTIVE]):
        one = found.setdefault(order.customer_id, Affected(order.customer))
        (one.connected if order.state == State.ACTIVE else one.under_way).append(order)
    return sorted(found.values(), key=lambda one: one.customer.sort_key)


def counted(engagement: Engagement) -> list[dict[str, Any]]:
    """Each customer with how much of it is concerned, for whoever may see no order of it."""
    return [
        {
            "name": one.customer.name,
            "number": one.customer.number,
            "under_way": len(one.under_way),
            "connected": len(one.connected),
            "units": one.units,
        }
        for one in of(engagement)
    ]


def under_way(engagement: Engagement) -> list[Order]:
    """The orders whose coming steps an end of the engagement holds."""
    return orders(engagement, IN_FLIGHT)


def held(engagement: Engagement) -> list[Order]:
    """The orders that are held for want of it."""
    return [order for order in under_way(engagement) if order.held_at]


def orders(engagement: Engagement, states: Iterable[str]) -> list[Order]:
    """Those that have been sent to the agent, of this service."""
    rows = Order.objects.filter(
        agent=engagement.agent, service__key=engagement.key, state__in=[*states]
    )
    joined = ("case", "customer", "agent", "operator", "orderer", "attestant")
    found = rows.select_related(*joined).order_by("pk")[:MOST]
    return [order for order in found if order.is_via_agent]


def seen_by(actor: Actor, orders: list[Order]) -> set[int]:
    """Which of them the actor may open."""
    cases = Case.objects.visible_to(actor).filter(pk__in=[order.pk for order in orders])
    return set(cases.values_list("pk", flat=True))

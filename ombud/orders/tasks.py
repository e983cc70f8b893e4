"""What happens to orders by itself: every night those that will stop are looked for, while there is
time to mend it; and whom they wait for is asked anew where four eyes have changed."""

from itertools import groupby

from django.db import transaction

from ombud.lib import jobs
from ombud.lib.errors import Refused
from ombud.orders import actions, dead_ends
from ombud.orders.dead_ends import DeadEnd
from ombud.orders.models import Order
from ombud.people.actors import THE_SYSTEM
from ombud.people.models import Organisation


@jobs.every(cron="23 3 * * *")
@jobs.task(name="orders.find_dead_ends", queueing_lock="orders.find_dead_ends")
def find_dead_ends(timestamp: int = 0) -> int:
    """Written into each order; the administrators hear once of all that lack the same."""

    def lack(end: DeadEnd) -> tuple[int, str]:
        return end.organisation.pk, end.step.state

    found = sorted(dead_ends.of(dead_ends.running()), key=lack)
    return sum(report([*ends]) for _lack, ends in groupby(found, lack))


def report(ends: list[DeadEnd]) -> int:
    told = 0
    for end in ends:
        try:
            actions.report_dead_end(
                end.order,
                by=THE_SYSTEM,
                state=end.step.state,
                tell=not told,
                stopped=len(ends),
            )
        except Refused:  # told within the week
            continue
        told += 1
    return told


@jobs.task(name=actions.BAR_ANEW)
def bar_anew(organisation: int) -> int:
    """The orders that wait there leave the lists of whoever may no longer decide, and come back to
    those who may again."""
    here = Organisation.objects.get(pk=organisation)
    return sum(
        bar(order)
        for order in dead_ends.running(here)
        if order.step and order.party(order.step.party) == here
    )


@transaction.atomic
def bar(order: Order) -> int:
    order = Order.objects.locked(order)
    if order.step is None:
        return 0
    barred = order.barred_from(order.step)
    turns = order.case.turn_set.filter(until=None).exclude(not_persons=barred)
    return turns.update(not_persons=barred)

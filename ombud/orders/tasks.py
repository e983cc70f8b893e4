"""What is looked for every night: running orders that will stop, while there is time to mend it."""

from itertools import groupby

from ombud.lib import jobs
from ombud.lib.errors import Refused
from ombud.orders import actions, dead_ends
from ombud.orders.dead_ends import DeadEnd
from ombud.people.actors import THE_SYSTEM


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

"""What happens by itself: replies are forgotten, stand-ins begin and end by the clock."""

from django.db import transaction

from ombud.desk.models import Reply
from ombud.lib import jobs, live
from ombud.lib.errors import Refused
from ombud.people import actions, stand_ins
from ombud.people.actors import THE_SYSTEM
from ombud.people.models import StandIn


@jobs.every(cron="17 * * * *")
@jobs.task(name="desk.forget_replies", queueing_lock="desk.forget_replies")
def forget_replies(timestamp: int = 0) -> int:
    return Reply.objects.forget()


@jobs.every(cron="* * * * *")
@jobs.task(name="desk.turn_stand_ins", queueing_lock="desk.turn_stand_ins")
def turn_stand_ins(timestamp: int = 0) -> int:
    """Tell those whose stand-in has begun or is over, and renew their open pages."""
    return sum(turn(row) for row in stand_ins.due())


@jobs.task(name=stand_ins.WAKE)
def wake_stand_ins() -> int:
    """The same, right after somebody has named, changed or ended one."""
    return turn_stand_ins()


@transaction.atomic
def turn(row: StandIn) -> bool:
    try:
        actions.turn_stand_in(row.organisation, by=THE_SYSTEM, stand_in=row.pk)
    except Refused:  # another taker was faster
        return False
    live.tell([], [row.person_id, row.instead_of_id], "", "keys")
    return True

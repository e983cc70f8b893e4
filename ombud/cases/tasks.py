"""What falls due: one periodic job takes it and queues the deed by its name."""

from django.db import transaction

from ombud.cases.models import Due
from ombud.lib import clock, jobs


@jobs.every(cron="* * * * *")
@jobs.task(name="cases.take_due", queueing_lock="cases.take_due")
@transaction.atomic
def take_due(timestamp: int = 0) -> int:
    """Queue what has fallen due. Two takers never take the same row."""
    due = Due.objects.select_for_update(skip_locked=True, of=("self",)).select_related("case")
    taken = due.filter(taken_at=None, due_at__lte=clock.now()).order_by("due_at")[:500]
    for row in taken:
        jobs.queue(row.deed, number=row.case.number)
    return Due.objects.filter(pk__in=[row.pk for row in taken]).update(taken_at=clock.now())

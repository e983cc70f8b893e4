"""What falls due: one periodic job takes it and queues the deed by its name. And what nobody put in
its place is cleared away."""

from uuid import UUID

from django.db import transaction

from ombud.cases import files
from ombud.cases.models import Document, Due
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


@jobs.every(cron="*/10 * * * *")
@jobs.task(name="cases.clear_files", queueing_lock="cases.clear_files")
@transaction.atomic
def clear_files(timestamp: int = 0) -> int:
    """Files that have been in no case for a day go: the rows now, the bytes by a job of their own.
    What stood in a case has left its name and fingerprint in the case's events."""
    old = Document.objects.loose().filter(loose_at__lt=clock.now() - files.LOOSE_FOR)
    found = list(old.select_for_update(skip_locked=True).order_by("loose_at")[:500])
    for row in found:
        jobs.queue("cases.drop_file", content=str(row.content))
    Document.objects.filter(pk__in=[row.pk for row in found]).delete()
    return len(found)


@jobs.task(name="cases.drop_file", retry=jobs.patiently)
def drop_file(content: str) -> None:
    files.drop(UUID(content))

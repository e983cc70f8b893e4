"""What falls due: one periodic job takes it and queues the deed by its name. And what nobody put in
its place is cleared away."""

from uuid import UUID

from django.db import transaction

from ombud.cases import files
from ombud.cases.models import Document, Due
from ombud.lib import clock, jobs

PORTION, PORTIONS = 500, 40  # rows at a time, and how often each minute


@jobs.every(cron="* * * * *")
@jobs.task(name="cases.take_due", queueing_lock="cases.take_due")
def take_due(timestamp: int = 0) -> int:
    """Queue what has fallen due, portion by portion."""
    count = 0
    for _nth in range(PORTIONS):
        count += (taken := take_some())
        if taken < PORTION:
            break
    return count


@transaction.atomic
def take_some() -> int:
    """Two takers never take the same row."""
    due = Due.objects.select_for_update(skip_locked=True, of=("self",))
    waiting = due.filter(taken_at=None, due_at__lte=clock.now()).order_by("due_at", "pk")
    taken = list(waiting.values_list("pk", "deed", "case__number")[:PORTION])
    by_deed: dict[str, list[dict]] = {}
    for _pk, deed, number in taken:
        by_deed.setdefault(deed, []).append({"number": number})
    for deed, each in by_deed.items():
        jobs.queue_due(deed, each)
    return Due.objects.filter(pk__in=[pk for pk, *_more in taken]).update(taken_at=clock.now())


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

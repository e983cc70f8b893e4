"""Background work. The only file that imports the queue library.

A job is a row in the same database, written on the same connection as everything else:
what is rolled back was never queued. A job may run twice.
"""

from typing import Any

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

BEHIND = -10  # the priority of what may wait
STALLED_AFTER = 30  # seconds without a heartbeat from its worker

task = app.task
every = app.periodic
patiently = RetryStrategy(max_attempts=12, exponential_wait=4)


def queue(name: str, **arguments) -> None:
    """Queue a job by its name: so a lower floor wakes a deed of an upper one without knowing it."""
    app.configure_task(name).defer(**arguments)


def queue_due(name: str, each: list[dict[str, Any]]) -> None:
    """Queue many jobs of one name behind everything else: however many deeds fall due at once, the
    letters of somebody who acts now do not wait for them."""
    app.configure_task(name, priority=BEHIND).batch_defer(*each)


def queue_all(job: Any, each: list[dict[str, Any]]) -> None:
    """Queue the same job once for each set of arguments, in one statement."""
    job.batch_defer(*each)


@every(cron="* * * * *")
@task(name="jobs.rescue", queueing_lock="jobs.rescue")
async def rescue(timestamp: int = 0) -> None:
    """Give jobs whose worker died to another worker."""
    stalled = await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER)
    for job in stalled:
        await app.job_manager.retry_job(job)

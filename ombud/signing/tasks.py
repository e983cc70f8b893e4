"""Collecting on when the browser has gone, and finishing what a crash left between two steps."""

from datetime import timedelta

from ombud.lib import clock, jobs
from ombud.signing import ceremony
from ombud.signing.models import Signature

LIFE = timedelta(minutes=15)


@jobs.every(cron="* * * * * */15")
@jobs.task(name="signing.collect_on", queueing_lock="signing.collect_on")
def collect_on(timestamp: int = 0) -> int:
    """Collect what is pending; what nobody finished within its life ends."""
    rows = Signature.objects.pending().select_related("case", "challenge").order_by("begun_at")
    for signature in rows[:200]:
        done = ceremony.collect(signature)
        is_old = done.begun_at < clock.now() - LIFE
        if done.status == Signature.Status.PENDING and done.signed_at is None and is_old:
            ceremony.fail(done, "expired")
    return len(rows)

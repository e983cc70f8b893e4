"""What happens by itself between here and the other systems."""

from django.db.models import Q

from ombud.lib import clock, jobs
from ombud.sync import actions, carrying, checking, steps
from ombud.sync.models import Field, Link, System


@jobs.task(name=steps.CARRY, retry=jobs.patiently)
def carry(system: int) -> int:
    found = System.objects.filter(pk=system).first()
    return carrying.run(found) if found else 0


@jobs.every(cron="* * * * * */15")
@jobs.task(name="sync.sweep", queueing_lock="sync.sweep")
def sweep(timestamp: int = 0) -> int:
    """The systems that have something due, and are not thought to be away."""
    now = clock.now()
    waiting = Field.objects.due().values("link__system")
    asked = Link.objects.filter(compare_at__lte=now).values("system")
    rows = System.objects.active().filter(Q(pk__in=waiting) | Q(pk__in=asked))
    found = rows.filter(Q(retry_at=None) | Q(retry_at__lte=now)).order_by("pk")
    for system in found:
        carry.defer(system=system.pk)
    return len(found)


@jobs.task(name=actions.VERIFY)
def verify(system: int) -> bool:
    """Unless somebody has done it meanwhile."""
    found = System.objects.filter(pk=system, check_at__isnull=False).first()
    return checking.run(found).verified_at is not None if found else False

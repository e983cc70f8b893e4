"""Who wanted to order through an agent that could not be chosen, and told it so."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Max

from ombud.lib import clock
from ombud.people.models import Organisation

AGAIN = timedelta(days=1)  # before the same agent is told the same anew


class WantedQuerySet(models.QuerySet):
    def told(
        self, customer: Organisation, service: str, agents: Iterable[Organisation]
    ) -> dict[int, datetime]:
        """When each of these agents was last told by the customer, within a day."""
        since = clock.now() - AGAIN
        rows = self.filter(customer=customer, service=service, agent__in=agents, at__gt=since)
        return dict(rows.values("agent").annotate(last=Max("at")).values_list("agent", "last"))


class Wanted(models.Model):
    """A customer's word to an agent: we want to order this service through you, and cannot."""

    customer = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    agent = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    service = models.SlugField(max_length=60)
    at = models.DateTimeField(default=clock.now)

    objects: ClassVar[WantedQuerySet] = WantedQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["customer", "service", "agent", "-at"])]

    def __str__(self) -> str:
        return f"{self.customer} wants {self.service} through {self.agent}"

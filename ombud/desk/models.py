"""What the desk itself keeps: the first answer to each request that a program may repeat."""

from datetime import timedelta

from django.db import models

from ombud.lib import clock
from ombud.people.models import Organisation, Person


class Replies(models.QuerySet):
    KEPT = timedelta(hours=72)

    def forget(self) -> int:
        """Keys older than 72 hours stand for nothing any more; how many went."""
        return self.filter(begun_at__lt=clock.now() - self.KEPT).delete()[0]


class Reply(models.Model):
    """The first answer under an Idempotency-Key; without `status` the request is still under way.

    `asked` is a digest of method, path and body: the same key never stands for two requests.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.CharField(max_length=255)
    asked = models.CharField(max_length=64)
    begun_at = models.DateTimeField(default=clock.now, db_index=True)
    status = models.PositiveSmallIntegerField(null=True)
    headers = models.JSONField(default=dict)
    body = models.TextField(blank=True)

    objects = Replies.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "key"], name="one_reply_a_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.status or 'under way'}: {self.key}"

"""What the desk itself keeps: the first answer to each request that a program may repeat."""

from django.db import models

from ombud.lib import clock
from ombud.people.models import Organisation, Person


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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "key"], name="one_reply_a_key"
            )
        ]

    def __str__(self) -> str:
        return f"{self.status or 'under way'}: {self.key}"

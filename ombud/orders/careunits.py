"""The care units that organisations are known to have."""

from django.db import models

from ombud.people.models import Organisation


class CareUnit(models.Model):
    """A care unit (sv. vårdenhet) that an organisation is known to have."""

    organisation = models.ForeignKey(Organisation, models.PROTECT)
    hsa_id = models.CharField(max_length=31)
    name = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "hsa_id"], name="one_care_unit")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.hsa_id}".strip()

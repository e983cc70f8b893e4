"""A file of a case, as a row; its bytes are kept by `files.py`."""

from typing import Self

from django.db import models

from ombud.lib import clock
from ombud.people.models import Organisation, Person


class DocumentQuerySet(models.QuerySet["Document"]):
    def placed(self) -> Self:
        return self.exclude(circle="")

    def loose(self) -> Self:
        return self.filter(loose_at__isnull=False)

    def within_reach_of(self, actor, case) -> Self:
        """What the actor may put into the case: its own in no case, and what is or was there."""
        if actor.person is None:
            return self.filter(case=case)
        own = models.Q(case=None, person=actor.person, organisation=actor.organisation)
        return self.filter(own | models.Q(case=case))


class Document(models.Model):
    """A file of a case, or of nobody yet: uploaded first, put in its place by a deed.

    In no circle it is loose, since `loose_at`: handed in, or taken out of its case again; then it
    is seen in no case, and some time later it is gone. `content` names the bytes, which copies
    share. A guest's has no person.
    """

    key = models.UUIDField(unique=True)
    content = models.UUIDField(db_index=True)
    loose_at = models.DateTimeField(null=True, default=clock.now)
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True)
    circle = models.CharField(max_length=40, blank=True)
    part = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    at = models.DateTimeField(default=clock.now)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(circle="", loose_at__isnull=False)
                | models.Q(~models.Q(circle=""), case__isnull=False, loose_at=None),
                name="document_placed_or_loose",
            )
        ]
        indexes = [
            models.Index(
                fields=["loose_at"],
                condition=models.Q(loose_at__isnull=False),
                name="document_loose",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def as_json(self) -> dict:
        plain = {name: getattr(self, name) for name in ("name", "media_type", "size", "sha256")}
        return {"id": str(self.key), **plain}

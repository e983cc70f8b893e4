"""Offices: the parts of an organisation for which people order and attest; each a scope."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Lower

from ombud.lib import clock


class OfficeQuerySet(models.QuerySet["Office"]):
    def at(self, organisation) -> Self:
        return self.filter(organisation=organisation).order_by(Lower("name"), "pk")

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def of_scope(self, organisation, scope: str) -> "Office | None":
        """The office that a scope path names, open or closed, at this organisation alone."""
        kind, _colon, number = scope.partition(":")
        if kind != SCOPE or not number.isdecimal() or len(number) > 15:
            return None
        return self.filter(organisation=organisation, pk=int(number)).first()


SCOPE = "office"


def scope_of(office: int | None) -> str:
    """The scope path of an office by its number; of none, none."""
    return f"{SCOPE}:{office}" if office else ""


class Office(models.Model):
    """A part of an organisation (sv. kontor). A closed one stands on in what names it, and is named
    in nothing new."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = OfficeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("organisation", Lower("name"), name="one_office_a_name")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def scope(self) -> str:
        return scope_of(self.pk)

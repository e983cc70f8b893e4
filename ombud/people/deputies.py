"""Who acts for a colleague: a row of its own, which names the two, the roles and the time."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ombud.lib import clock
from ombud.people.roles import EVERYTHING
from ombud.people.terms import Term, TermQuerySet


class StandInQuerySet(TermQuerySet):
    def unended(self) -> Self:
        """Those under way and those to come."""
        return self.filter(models.Q(until_at=None) | models.Q(until_at__gt=clock.now()))

    def at(self, organisation) -> Self:
        rows = self.filter(organisation=organisation)
        return rows.select_related("person", "instead_of").order_by("from_at", "pk")

    def within(self, from_at, until_at) -> Self:
        """Those whose period and this one meet; None never ends."""
        begun = self.filter(models.Q(until_at=None) | models.Q(until_at__gt=from_at))
        return begun.filter(from_at__lt=until_at) if until_at else begun

    def locked(self, pk: int) -> Any:
        held = self.select_for_update(of=("self",), no_key=True)
        return held.select_related("person", "instead_of", "organisation").get(pk=pk)

    def covering(self, role: str) -> Self:
        return self.filter(roles__overlap=[role, EVERYTHING])


def all_roles() -> list[str]:
    return [EVERYTHING]


class StandIn(Term):
    """A person who acts for a colleague for a while (sv. ställföreträdare), in the roles named;
    "*" is every role that the colleague holds. `begun_at` and `over_at`: when both were told."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    instead_of = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT)
    roles = ArrayField(models.CharField(max_length=30), default=all_roles)
    begun_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = StandInQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("instead_of")),
                name="nobody_stands_in_for_oneself",
            ),
            models.CheckConstraint(
                condition=models.Q(until_at=None) | models.Q(until_at__gte=models.F("from_at")),
                name="a_stand_in_ends_after_it_begins",
            ),
        ]
        indexes = [
            models.Index(
                fields=["from_at"], condition=models.Q(over_at=None), name="stand_in_not_over"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} for {self.instead_of}"

    @property
    def has_begun(self) -> bool:
        return self.from_at <= clock.now()

    @property
    def is_over(self) -> bool:
        return self.until_at is not None and self.until_at <= clock.now()

    def covers(self, role: str) -> bool:
        return EVERYTHING in self.roles or role in self.roles

    def end(self) -> None:
        """Now; one that has not begun never will."""
        self.until_at = clock.now()
        self.from_at = min(self.from_at, self.until_at)
        self.save(update_fields=["from_at", "until_at"])

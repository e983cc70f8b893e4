"""Whom a case waits for, and what it waits to have done by when, as rows."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ombud.people.models import Organisation, Person


class Turn(models.Model):
    """Whom a case waits for: a role of an organisation, or one person in it; or a guest, of whom no
    organisation is known yet.

    Rows in the shadow repeat a turn under each wider scope, so that whoever holds it finds the
    turn by its own key; only the other rows are told of. `not_persons` hold the key and may not
    act all the same: it is not their turn. Without a key it is in nobody's list.
    """

    case = models.ForeignKey("cases.Case", models.PROTECT)
    part = models.CharField(max_length=40, blank=True)
    key = models.CharField(max_length=160, db_collation="C")
    shadow = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True)
    role = models.CharField(max_length=30)
    scope = models.CharField(max_length=120, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True)
    not_persons = ArrayField(models.BigIntegerField(), default=list)
    since = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "part", "key"],
                condition=models.Q(until=None),
                name="one_open_turn_a_key",
            )
        ]
        indexes = [
            # What is counted and listed stands in the index: the table itself is not read.
            models.Index(
                fields=["key", "due_at", "case"],
                include=["part", "not_persons"],
                condition=models.Q(until=None),
                name="turn_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.case} waits for {self.role}"


class Due(models.Model):
    """A deed that is to be tried when its time has come."""

    case = models.ForeignKey("cases.Case", models.PROTECT)
    deed = models.CharField(max_length=40)
    due_at = models.DateTimeField(db_index=True)
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.deed} of {self.case}"

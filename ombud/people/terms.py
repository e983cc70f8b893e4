"""What holds from a time until a time. Ended is not deleted."""

from typing import Any, ClassVar, Self

from django.db import models

from ombud.lib import clock

# The same as TermQuerySet.current, of a table under an alias.
CURRENT = "({0}.from_at <= %(now)s AND ({0}.until_at IS NULL OR {0}.until_at > %(now)s))"

# A grant g in force: of somebody who belongs to the organisation and can log in.
IN_FORCE = f"""people_grant g JOIN people_person p ON p.id = g.person_id
  WHERE {CURRENT.format("g")} AND p.is_active AND EXISTS (SELECT 1 FROM people_membership m
    WHERE m.person_id = g.person_id AND m.organisation_id = g.organisation_id
      AND {CURRENT.format("m")})"""


class TermQuerySet(models.QuerySet):
    def current(self) -> Self:
        now = clock.now()
        unended = models.Q(until_at=None) | models.Q(until_at__gt=now)
        return self.filter(unended, from_at__lte=now)

    def end(self) -> int:
        return self.current().update(until_at=clock.now())


class Term(models.Model):
    from_at = models.DateTimeField(default=clock.now)
    until_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = TermQuerySet.as_manager()

    class Meta:
        abstract = True

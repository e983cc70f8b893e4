"""Whether anybody is there to do what a role is for: who holds it, who of them is away, and whether
somebody stands in. Somebody is known to be away while a stand-in is named for any of the roles."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.utils.translation import gettext as _

from ombud.lib import clock, days, rows
from ombud.people.actors import covers
from ombud.people.models import IN_FORCE, Organisation
from ombud.people.roles import EVERYTHING
from ombud.people.terms import CURRENT

SOON = timedelta(days=14)  # who is back by then comes in time: a step has so many days


class Holder(NamedTuple):
    """Somebody who holds a role and can log in; `back_at` where that person is away without
    anybody who takes over in this role."""

    organisation_id: int
    role: str
    scope: str
    name: str
    is_away: bool
    back_at: datetime | None

    @property
    def is_there(self) -> bool:
        """Here, stood in for, or back soon."""
        return not self.is_away or bool(self.back_at and self.back_at <= clock.now() + SOON)


# Whoever stands in takes over while belonging there, and while not away too: what somebody has
# taken over does not pass on.
ABLE = f"""(s.roles && ARRAY[g.role::varchar, '{EVERYTHING}']::varchar[]
  AND EXISTS (SELECT 1 FROM people_membership d JOIN people_person q ON q.id = d.person_id
    WHERE d.person_id = s.person_id AND d.organisation_id = s.organisation_id AND q.is_active
      AND {CURRENT.format("d")})
  AND NOT EXISTS (SELECT 1 FROM people_standin o WHERE o.instead_of_id = s.person_id
    AND o.organisation_id = s.organisation_id AND {CURRENT.format("o")}))"""
# Of a grant g: away beyond `soon`, and nobody able takes over. Null where nobody is named.
GONE = f"""(SELECT NOT bool_or({ABLE}) AND (bool_or(s.until_at IS NULL)
    OR max(s.until_at) > %(soon)s) FROM people_standin s WHERE s.instead_of_id = g.person_id
      AND s.organisation_id = g.organisation_id AND {CURRENT.format("s")})"""
HOLDERS = f"""SELECT h.organisation_id, h.role, h.scope, h.name, coalesce(NOT a.able, false),
  a.until_at
FROM (SELECT g.organisation_id, g.role, g.scope, g.person_id,
    p.given || ' ' || p.family AS name, p.sort_key FROM {IN_FORCE}
    AND g.organisation_id = ANY(%(here)s) AND g.role = ANY(%(roles)s)) h
LEFT JOIN LATERAL (SELECT bool_or({ABLE.replace("g.role", "h.role")}) AS able,
    CASE WHEN bool_or(s.until_at IS NULL) THEN NULL ELSE max(s.until_at) END AS until_at
    FROM people_standin s WHERE s.instead_of_id = h.person_id
      AND s.organisation_id = h.organisation_id AND {CURRENT.format("s")}) a ON true
ORDER BY h.sort_key, h.scope"""


class Present:
    """The holders of some roles in some organisations, read at once."""

    def __init__(self, holders: list[Holder]):
        self.holders = holders

    def of(self, organisation: Organisation, role: str, scope: str = "") -> list[Holder]:
        return [
            one
            for one in self.holders
            if (one.organisation_id, one.role) == (organisation.pk, role)
            and covers(one.scope, scope)
        ]


def of(organisations: Iterable[Organisation], roles: Iterable[str]) -> Present:
    here = [organisation.pk for organisation in organisations]
    asked = {"here": here, "roles": [str(role) for role in roles], "now": clock.now()}
    return Present([Holder(*row) for row in rows.asked(HOLDERS, asked)])


def until(holders: list[Holder]) -> str:
    """When the first of those who are away is back: " until 3 March", or nothing if unknown."""
    back = [one.back_at for one in holders if one.back_at]
    return _(" until %(day)s") % {"day": days.named(min(back))} if back else ""


def nobody() -> str:
    return _("Nobody stands in.")

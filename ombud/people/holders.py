"""Who holds a role: asked at every step of a road, so in SQL worded once."""

from ombud.lib import clock, rows
from ombud.people.models import Organisation, Person, paths
from ombud.people.roles import EVERYTHING
from ombud.people.terms import CURRENT


def of(organisation: Organisation, role: str, scope: str = "") -> list[Person]:
    """Everybody who holds the role and can log in, each once: as Grant.objects.holding."""
    wide = [*paths(scope), EVERYTHING]
    asked = {"here": organisation.pk, "role": str(role), "scopes": wide, "now": clock.now()}
    return [rows.made(Person, row) for row in rows.asked(HOLDERS, asked)]


HOLDERS = f"""SELECT {rows.columns(Person, "p")} FROM people_person p WHERE p.is_active
  AND p.id IN (SELECT g.person_id FROM people_grant g WHERE g.organisation_id = %(here)s
    AND g.role = %(role)s AND g.scope = ANY(%(scopes)s) AND {CURRENT.format("g")})
  AND EXISTS (SELECT 1 FROM people_membership m WHERE m.person_id = p.id
    AND m.organisation_id = %(here)s AND {CURRENT.format("m")}) ORDER BY p.id"""

"""What a person wears in an organisation: own roles, and those of colleagues stood in for."""

from typing import Any, NamedTuple

from ombud.lib import clock, rows
from ombud.people.models import Organisation, Person
from ombud.people.roles import EVERYTHING
from ombud.people.terms import CURRENT


class Worn(NamedTuple):
    person_id: int
    role: str
    scope: str


class Wardrobe(NamedTuple):
    worn: list[Worn]
    colleagues: list[Person]


def empty() -> Wardrobe:
    return Wardrobe([], [])


# As JSON, for the membership m of whatever statement it stands in. A role counts only while its
# holder is a member, and can log in; a colleague's only while the person stands in for that
# colleague there, in that role.
HELD = f"""(SELECT json_agg(json_build_array(g.person_id, g.role, g.scope)
    ORDER BY h.sort_key, g.id)
  FROM people_grant g JOIN people_person h ON h.id = g.person_id
  WHERE g.person_id = ANY(m.person_id || ARRAY(SELECT s.instead_of_id FROM people_standin s
      WHERE s.person_id = m.person_id AND s.organisation_id = m.organisation_id
        AND {CURRENT.format("s")}))
    AND (g.person_id = m.person_id OR EXISTS (SELECT 1 FROM people_standin s
      WHERE s.person_id = m.person_id AND s.organisation_id = m.organisation_id
        AND s.instead_of_id = g.person_id AND s.roles && ARRAY['{EVERYTHING}', g.role]::varchar[]
        AND {CURRENT.format("s")}))
    AND g.organisation_id = m.organisation_id AND {CURRENT.format("g")}
    AND h.is_active AND EXISTS (SELECT 1 FROM people_membership c
      WHERE c.person_id = g.person_id AND c.organisation_id = g.organisation_id
        AND {CURRENT.format("c")}))"""

ASKED = f"""SELECT {HELD} FROM (SELECT %(person)s::bigint AS person_id,
  %(here)s::bigint AS organisation_id) m"""


def of(person: Person, organisation: Organisation) -> Wardrobe:
    asked = {"person": person.pk, "here": organisation.pk, "now": clock.now()}
    return of_held(rows.asked(ASKED, asked)[0][0], person)


def of_held(held: list[Any] | None, person: Person) -> Wardrobe:
    """What HELD has found for the person."""
    worn = [Worn(*row) for row in held or ()]
    others = {row.person_id for row in worn} - {person.pk}
    if not others:
        return Wardrobe(worn, [])
    known = Person.objects.in_bulk(others)
    return Wardrobe(
        worn, [known[pk] for pk in dict.fromkeys(row.person_id for row in worn) if pk in others]
    )

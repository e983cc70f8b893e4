"""What a person wears in each organisation: own roles, and those of colleagues stood in for."""

from typing import NamedTuple

from ombud.lib import clock, rows
from ombud.people.models import Organisation, Person
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


def of(person: Person, organisation: Organisation) -> Wardrobe:
    return everywhere(person, organisation).get(organisation.pk, empty())


def everywhere(person: Person, organisation: Organisation | None = None) -> dict[int, Wardrobe]:
    """By organisation, in one query. A role counts only while its holder is a member, and can
    log in; a colleague's only while the person stands in for that colleague there."""
    here = organisation.pk if organisation else None
    held = rows.asked(HELD, {"person": person.pk, "here": here, "now": clock.now()})
    colleagues = known({row[1] for row in held} - {person.pk})
    found: dict[int, Wardrobe] = {}
    for place, holder, role, scope in held:
        worn, beside = found.setdefault(place, empty())
        worn.append(Worn(holder, role, scope))
        if holder != person.pk and colleagues[holder] not in beside:
            beside.append(colleagues[holder])
    return found


HELD = f"""SELECT g.organisation_id, g.person_id, g.role, g.scope
FROM people_grant g JOIN people_person p ON p.id = g.person_id
WHERE (g.person_id = %(person)s OR g.person_id IN (SELECT s.instead_of_id FROM people_standin s
    WHERE s.person_id = %(person)s AND s.organisation_id = g.organisation_id
      AND {CURRENT.format("s")}))
  AND (%(here)s::bigint IS NULL OR g.organisation_id = %(here)s) AND {CURRENT.format("g")}
  AND p.is_active AND EXISTS (SELECT 1 FROM people_membership m
    WHERE m.person_id = g.person_id AND m.organisation_id = g.organisation_id
      AND {CURRENT.format("m")})
ORDER BY p.sort_key, g.id"""


def known(people: set[int]) -> dict[int, Person]:
    return Person.objects.in_bulk(people) if people else {}

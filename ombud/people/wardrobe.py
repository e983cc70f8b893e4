"""What a person wears in an organisation: own roles, and those of colleagues stood in for."""

from typing import NamedTuple

from ombud.people.models import Grant, Membership, Organisation, Person, StandIn


class Worn(NamedTuple):
    person_id: int
    role: str
    scope: str


class Wardrobe(NamedTuple):
    worn: list[Worn]
    colleagues: list[Person]


def of(person: Person, organisation: Organisation) -> Wardrobe:
    """A role counts only while its holder is a member, and can log in."""
    colleagues = [row.instead_of for row in stand_ins(person, organisation)]
    faces = [person.pk, *(other.pk for other in colleagues)]
    members = Membership.objects.current().filter(organisation=organisation, person__in=faces)
    grants = Grant.objects.current().filter(
        organisation=organisation,
        person__in=members.values("person"),
        person__is_active=True,
    )
    return Wardrobe(
        list(map(Worn._make, grants.values_list("person", "role", "scope"))), colleagues
    )


def stand_ins(person: Person, organisation: Organisation):
    rows = StandIn.objects.current().filter(person=person, organisation=organisation)
    return rows.select_related("instead_of")

"""What a person wears in each organisation: own roles, and those of colleagues stood in for."""

from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q

from ombud.people.models import Grant, Membership, Organisation, Person, StandIn


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
    return everywhere(person, organisation=organisation).get(organisation.pk, empty())


def everywhere(person: Person, **narrowed) -> dict[int, Wardrobe]:
    """By organisation, in one query. A role counts only while its holder is a member, and can
    log in; a colleague's only while the person stands in for that colleague there."""
    member = Membership.objects.current().filter(
        organisation=OuterRef("organisation"), person=OuterRef("person")
    )
    stands_in = StandIn.objects.current().filter(
        organisation=OuterRef("organisation"), instead_of=OuterRef("person"), person=person
    )
    held = Grant.objects.current().filter(
        Q(person=person) | Exists(stands_in), Exists(member), person__is_active=True, **narrowed
    )
    found: dict[int, Wardrobe] = {}
    for grant in held.select_related("person").order_by("person__sort_key", "pk"):
        here = found.setdefault(grant.organisation_id, empty())
        here.worn.append(Worn(grant.person_id, grant.role, grant.scope))
        if grant.person_id != person.pk and grant.person not in here.colleagues:
            here.colleagues.append(grant.person)
    return found

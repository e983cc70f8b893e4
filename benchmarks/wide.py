"""A wide world around the measured one: 1 000 organisations, 20 000 people, and the handler whose
lists are measured belongs to 50 of them and stands in for every colleague at the agent.

Run in a filled database: `python -m benchmarks.wide`.
"""

from datetime import timedelta

from benchmarks import world
from ombud.lib import clock
from ombud.people.models import Grant, Membership, Organisation, Person, StandIn
from ombud.people.roles import EVERYTHING, Role

ORGANISATIONS, PEOPLE, MEMBERSHIPS = 1_000, 20_000, 50
BATCH = 2_000


def reader() -> Person:
    """Who reads the lists: the handler of the first agent."""
    agent = Organisation.objects.filter(kinds=["agent"]).order_by("pk").first()
    return Person.objects.get(username=f"handler-{agent.pk}")


def fill() -> None:
    here = Membership.objects.get(person=reader()).organisation
    places = more_organisations(here.portal)
    more_people(places, PEOPLE - Person.objects.count())
    join(reader(), places[: MEMBERSHIPS - 1])
    stand_in(reader(), here)


def more_organisations(portal: Organisation) -> list[Organisation]:
    count = ORGANISATIONS - Organisation.objects.count()
    rows = [
        Organisation(
            name=f"Other number {n}",
            sort_key=f"other number {n:04}",
            number=world.with_check_digit(f"558{n:06}"),
            kinds=["customer"],
            portal=portal,
        )
        for n in range(count)
    ]
    return Organisation.objects.bulk_create(rows)


def more_people(places: list[Organisation], count: int) -> None:
    rows = [
        world.person(f"other-{n}-{places[n % len(places)].pk}", places[n % len(places)])
        for n in range(count)
    ]
    Person.objects.bulk_create(rows, BATCH)
    members = list(zip(rows, (places[n % len(places)] for n in range(count)), strict=True))
    Membership.objects.bulk_create(
        [Membership(person=person, organisation=place) for person, place in members], BATCH
    )
    Grant.objects.bulk_create([grant(*one, Role.ORDERER) for one in members], BATCH)


def grant(person: Person, place: Organisation, role: str) -> Grant:
    return Grant(person=person, organisation=place, given_by=place, role=role, scope=EVERYTHING)


def join(person: Person, places: list[Organisation]) -> None:
    Membership.objects.bulk_create([Membership(person=person, organisation=p) for p in places])
    Grant.objects.bulk_create([grant(person, place, Role.ORDERER) for place in places])


def stand_in(person: Person, here: Organisation) -> None:
    """For every colleague: a handler of everything, an attestant, an administrator."""
    colleagues = Person.objects.filter(membership__organisation=here).exclude(pk=person.pk)
    began = clock.now() - timedelta(days=1)
    StandIn.objects.bulk_create(
        [
            StandIn(person=person, instead_of=other, organisation=here, from_at=began)
            for other in colleagues
        ]
    )


if __name__ == "__main__":
    fill()

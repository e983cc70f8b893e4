"""Somebody leaves an organisation: what was seen by a seat of one's own is seen no more."""

from ombud.cases import sight
from ombud.cases.models import Seat
from ombud.people import keys
from ombud.people.models import Organisation, Person


def unseat(person: Person, organisation: Organisation) -> int:
    """End every seat that the person has there, in cases that are over too."""
    ended = Seat.objects.filter(person=person, organisation=organisation).end()
    sight.forget(keys.seat(person.pk, organisation.pk))
    return ended

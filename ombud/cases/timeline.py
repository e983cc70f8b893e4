"""Reading what happened, and whether anybody has touched it."""

from collections.abc import Callable

from django.db import transaction

from ombud.cases.events import digest
from ombud.cases.models import Case, Event, Words
from ombud.cases.sight import Eyes
from ombud.lib import rows
from ombud.people import journal, links
from ombud.people.models import Organisation, Person


def of(case: Case, eyes: Eyes):
    """The events in the circles that these eyes see, with their words."""
    found = case.events.filter(circle__in=eyes.circles)
    return found.select_related("person", "instead_of", "organisation", "words").order_by("seq")


def read(case: Case, eyes: Eyes) -> list[Event]:
    """As `of`, in a statement worded once: for the page of a case, which is read at every visit.
    People and organisations are known by name only."""
    known = Known()
    return [known.event(case, row) for row in rows.asked(READ, [case.pk, list(eyes.circles)])]


class Known:
    """The people and organisations of a timeline, each made once, by name only."""

    def __init__(self) -> None:
        self.people: dict[int | None, Person | None] = {None: None}
        self.places: dict[int | None, Organisation | None] = {None: None}

    def event(self, case: Case, row: tuple) -> Event:
        event = rows.made(Event, row[:WIDTH])
        body, *names, place = row[WIDTH:]
        event._state.fields_cache.update(
            case=case,
            person=self.person(event.person_id, *names[:2]),
            instead_of=self.person(event.instead_of_id, *names[2:]),
            organisation=self.place(event.organisation_id, place),
            words=None if body is None else Words(event_id=event.pk, body=body),
        )
        return event

    def person(self, pk: int | None, given: str, family: str) -> Person | None:
        if pk not in self.people:
            self.people[pk] = rows.partly(Person, id=pk, given=given, family=family)
        return self.people[pk]

    def place(self, pk: int | None, name: str) -> Organisation | None:
        if pk not in self.places:
            self.places[pk] = rows.partly(Organisation, id=pk, name=name)
        return self.places[pk]


WIDTH = rows.width(Event)
READ = f"""SELECT {rows.columns(Event, "e")}, w.body::json, p.given, p.family, i.given, i.family,
  o.name
FROM cases_event e LEFT JOIN cases_words w ON w.event_id = e.id
LEFT JOIN people_person p ON p.id = e.person_id LEFT JOIN people_person i ON i.id = e.instead_of_id
LEFT JOIN people_organisation o ON o.id = e.organisation_id
WHERE e.case_id = %s AND e.circle = ANY(%s) ORDER BY e.seq"""


def words_of(event: Event) -> dict:
    words = getattr(event, "words", None)
    return words.body if words else {}


def as_json(event: Event) -> dict:
    names = ("person", "instead_of", "organisation")
    plain = ("seq", "verb", "at", "via", "hash")
    return {
        **{name: getattr(event, name) and str(getattr(event, name)) for name in names},
        **{name: getattr(event, name) for name in plain},
        "part": event.part or None,
        "data": {**event.data, **words_of(event)},
    }


def verify_chain(case: Case) -> int | None:
    """The number of the first event that does not follow from those before it. What looks broken is
    looked at once more while nobody can write: the case may have gone on since it was read."""
    if first_broken(case) is None:
        return None
    with transaction.atomic():
        return first_broken(Case.objects.locked(case))


def first_broken(case: Case) -> int | None:
    found = case.events.select_related("words").order_by("seq")
    for event in found:
        words = getattr(event, "words", None)
        if words and not words.blanked_at and digest(words.salt, words.body) != event.digest:
            return event.seq
        if words is None and event.digest:
            return event.seq
    return links.broken_at(case, found, case.number)


def verify_all(progress: Callable[[int], None] = lambda done: None) -> str | None:
    """Check all cases and journals; the first broken link as "RITM0000001 event 3"."""
    done = 0
    for case in Case.objects.order_by("pk").iterator():
        if (seq := verify_chain(case)) is not None:
            return f"{case.number} event {seq}"
        progress(done := done + 1)
    for organisation in Organisation.objects.order_by("pk"):
        if (seq := journal.broken_at(organisation)) is not None:
            return f"journal of {organisation.number} entry {seq}"
        progress(done := done + 1)
    return None

"""Reading what happened, and whether anybody has touched it."""

from collections.abc import Callable

from ombud.cases.events import digest
from ombud.cases.models import Case, Event
from ombud.cases.sight import Eyes
from ombud.people import journal, links
from ombud.people.models import Organisation


def of(case: Case, eyes: Eyes):
    """The events in the circles that these eyes see, with their words."""
    rows = case.events.filter(circle__in=eyes.circles)
    return rows.select_related("person", "instead_of", "organisation", "words").order_by("seq")


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
    """The number of the first event that does not follow from those before it."""
    rows = case.events.select_related("words").order_by("seq")
    for event in rows:
        words = getattr(event, "words", None)
        if words and not words.blanked_at and digest(words.salt, words.body) != event.digest:
            return event.seq
        if words is None and event.digest:
            return event.seq
    return links.broken_at(case, rows, case.number)


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

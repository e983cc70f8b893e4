"""Writing down deeds outside any case: one chain an organisation."""

from ombud.people import links
from ombud.people.actors import Actor
from ombud.people.models import Entry, Organisation


def note(organisation: Organisation, verb: str, *, by: Actor, **data) -> links.Link:
    held = Organisation.objects.locked(organisation)
    return links.append(held, held.journal, held.number, verb, by=by, data=data)


def broken_at(organisation: Organisation) -> int | None:
    """The number of the first entry that does not follow from those before it."""
    entries = Entry.objects.filter(journal_of=organisation).order_by("seq").iterator()
    return links.broken_at(organisation, entries, organisation.number)

"""Writing down deeds outside any case: one chain an organisation."""

from django.db import transaction

from ombud.people import links
from ombud.people.actors import Actor
from ombud.people.models import Entry, Organisation


def note(organisation: Organisation, verb: str, *, by: Actor, **data) -> links.Link:
    held = Organisation.objects.locked(organisation)
    return links.append(held, held.journal, held.number, verb, by=by, data=data)


def broken_at(organisation: Organisation) -> int | None:
    """The number of the first entry that does not follow from those before it. What looks broken
    is looked at once more while nobody can write: more may have been noted since it was read."""
    if first_broken(organisation) is None:
        return None
    with transaction.atomic():
        return first_broken(Organisation.objects.locked(organisation))


def first_broken(organisation: Organisation) -> int | None:
    entries = Entry.objects.filter(journal_of=organisation).order_by("seq").iterator()
    return links.broken_at(organisation, entries, organisation.number)

"""Everything that can happen to customer cards. Each action is one transaction: lock, ask, change,
record; the provider is what is locked, so that no card is made or merged twice at once."""

from django.db import transaction

from ombud.lib import clock
from ombud.lib.errors import require
from ombud.people import journal
from ombud.people.actors import Actor
from ombud.people.links import Link
from ombud.people.models import Organisation
from ombud.servicecases.finding import named
from ombud.servicecases.models import Apart, Card, Change
from ombud.servicecases.models.card import SEALED
from ombud.servicecases.rules import card as rules


@transaction.atomic
def new_card(organisation: Organisation, *, by: Actor, **typed) -> Link:
    """Make a card by hand."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.new_card(by, organisation))
    card = Card(organisation=organisation, serial=Card.objects.next_serial(organisation))
    fields = card.write(typed)
    card.keep()
    card.tell(Change.Verb.MADE, by, fields)
    return journal.note(organisation, "card.made", by=by, card=card.number)


@transaction.atomic
def save_card(
    organisation: Organisation, *, by: Actor, card: str, version: int, number: str = "", **typed
) -> Link:
    """Change what stands on a card; a number that is left blank stays."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.see(by, organisation))
    found = named(organisation, card)
    require(rules.save_card(by, organisation, found, version))
    fields = found.write({**typed, **({SEALED: number} if number else {})})
    if fields:
        found.keep()
        found.tell(Change.Verb.CHANGED, by, fields)
    told = {"card": found.number, "fields": sorted(fields)}
    return journal.note(organisation, "card.changed", by=by, **told)


@transaction.atomic
def show_number(organisation: Organisation, *, by: Actor, card: str, reason: str) -> Card:
    """Let somebody see the whole number; that, by whom and why stays on the card and in the
    journal. The reason is prose: it stands on the card alone."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.see(by, organisation))
    found = named(organisation, card)
    require(rules.show_number(by, organisation, found))
    line = found.tell(Change.Verb.SHOWN, by, reason=reason)
    journal.note(organisation, "card.shown", by=by, card=found.number, line=line.pk)
    return found


@transaction.atomic
def merge_cards(
    organisation: Organisation, *, by: Actor, card: str, into: str, take: list[str]
) -> Link:
    """One customer had two cards: `into` stays, with what is taken from the other field by field.
    The cases stay where they were, and are found through the card that stays."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.see(by, organisation))
    gone, stays = named(organisation, card), named(organisation, into)
    require(rules.merge_cards(by, organisation, gone, stays))
    kept = stays.as_kept()
    taken = {name: gone.full_number if name == SEALED else getattr(gone, name) for name in take}
    fields = stays.write(taken)
    stays.keep()
    line = stays.tell(Change.Verb.MERGED, by, fields, card=gone.number)
    line.kept = kept
    line.save(update_fields=["kept"])
    gone.merged_into, gone.merged_at = stays, clock.now()
    gone.save(update_fields=["merged_into", "merged_at"])
    told = {"card": gone.number, "into": stays.number, "fields": sorted(fields)}
    return journal.note(organisation, "card.merged", by=by, **told)


@transaction.atomic
def undo_merge(organisation: Organisation, *, by: Actor, card: str) -> Link:
    """Both cards are as they were before the merge."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.see(by, organisation))
    gone = named(organisation, card)
    require(rules.undo_merge(by, organisation, gone))
    stays = gone.merged_into
    assert stays is not None
    stays.give_back(rules.written(stays).last().kept)
    stays.keep()
    gone.merged_into = gone.merged_at = None
    gone.save(update_fields=["merged_into", "merged_at"])
    stays.tell(Change.Verb.UNMERGED, by, card=gone.number)
    told = {"card": gone.number, "into": stays.number}
    return journal.note(organisation, "card.unmerged", by=by, **told)


@transaction.atomic
def keep_apart(organisation: Organisation, *, by: Actor, card: str, other: str) -> Link:
    """They are two customers: they are not suggested as one again."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.see(by, organisation))
    one, two = named(organisation, card), named(organisation, other)
    require(rules.keep_apart(by, organisation, one, two))
    first, second = sorted((one, two), key=lambda row: row.pk)
    said_by: dict = {"person": by.person}
    Apart.objects.get_or_create(first=first, second=second, defaults=said_by)
    told = {"card": first.number, "other": second.number}
    return journal.note(organisation, "card.kept_apart", by=by, **told)

"""Who may do what with customer cards, and why not."""

from django.utils.translation import gettext as _

from ombud.lib import days
from ombud.lib.errors import Reason, against, time
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Role
from ombud.people.rules import lacks
from ombud.servicecases.models import Card, Change, Repair


def see(actor: Actor, organisation: Organisation | None) -> list[Reason]:
    """The register is its provider's own; within it, whoever works on cases."""
    text = _("Only a case handler keeps customer cards.")
    return against(
        (
            not actor.holds(Role.CASE_HANDLER, organisation),
            lacks("not_case_handler", text, Role.CASE_HANDLER, organisation),
        ),
    )


def new_card(actor: Actor, organisation: Organisation, **given) -> list[Reason]:
    return see(actor, organisation)


def save_card(
    actor: Actor, organisation: Organisation, card: Card | None = None, version: int | None = None
) -> list[Reason]:
    return see(actor, organisation) or against(
        (card and card.merged_into_id, lambda: merged(card)),
        (card and version is not None and version != version_of(card), lambda: changed(card)),
    )


def show_number(actor: Actor, organisation: Organisation, card: Card | None = None) -> list[Reason]:
    return see(actor, organisation) or against(
        (
            card and not card.number_sealed,
            time("no_number", _("There is no personal or organisation number on this card.")),
        ),
    )


def merge_cards(
    actor: Actor,
    organisation: Organisation,
    card: Card | None = None,
    into: Card | None = None,
) -> list[Reason]:
    return see(actor, organisation) or against(
        (card and card.merged_into_id, lambda: merged(card)),
        (into and into.merged_into_id, lambda: merged(into)),
        (
            card and into and card.pk == into.pk,
            time("same_card", _("A card cannot be merged with itself.")),
        ),
        (
            card and into and card.kind != into.kind,
            time("other_kind", _("A private person and a company are not one customer.")),
        ),
    )


def undo_merge(actor: Actor, organisation: Organisation, card: Card | None = None) -> list[Reason]:
    """Until something new has been written on the card that stayed."""
    if barred := see(actor, organisation):
        return barred
    if card is None:
        return []
    into = card.merged_into
    if into is None:
        return [time("not_merged", _("This card has not been merged."))]
    written = _("Something has been written on %(card)s since. Correct the cards by hand.")
    return against(
        (into.merged_into_id, lambda: merged(into)),
        (
            is_written_since(card, into),
            time("written_since", written % {"card": into.number}),
        ),
    )


def keep_apart(
    actor: Actor,
    organisation: Organisation,
    card: Card | None = None,
    other: Card | None = None,
) -> list[Reason]:
    return merge_cards(actor, organisation, card, other)


def is_written_since(card: Card, into: Card) -> bool:
    """A field, another merge, or a new case."""
    last = written(into).last()
    is_other = last is None or last.verb != Change.Verb.MERGED
    if is_other or last.facts.get("card") != card.number:
        return True
    newer = Repair.objects.filter(card__in=into.family_of(), case__opened_at__gte=card.merged_at)
    return newer.exists()


def written(card: Card):
    """Its history, without who has only looked."""
    return card.changes.exclude(verb=Change.Verb.SHOWN).order_by("pk")


def version_of(card: Card) -> int:
    """The number of the last line that was written; who only looked does not count."""
    last = written(card).values_list("pk", flat=True).last()
    return last or 0


def merged(card: Card | None) -> Reason:
    into = card.merged_into if card else None
    text = _("This card has been merged into %(card)s. Go on there.")
    return time("merged", text % {"card": into.number if into else ""})


def changed(card: Card | None) -> Reason:
    """Who was faster, and when."""
    last = written(card).select_related("person").last() if card else None
    if last is None or last.person is None:
        return time("changed_since", _("The card has been changed since you opened it."))
    facts = {"who": last.person, "when": days.clocked(last.at)}
    return time("changed_since", _("Changed by %(who)s %(when)s, after you opened it.") % facts)

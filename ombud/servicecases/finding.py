"""Where customer cards are looked for: by name, number, phone or e-mail, a page at a time."""

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from ombud.cases.lists import tsquery
from ombud.lib import identifiers, vault
from ombud.lib.errors import misshapen
from ombud.people.models import Organisation
from ombud.servicecases.models import Card
from ombud.servicecases.models.card import PURPOSE

LIMIT = 25


@dataclass(frozen=True)
class Page:
    cards: list[Card]
    next: str | None


def named(organisation: Organisation, number: str) -> Card:
    """The card of a customer number, within the own register: elsewhere there is none."""
    found = Card.objects.of(organisation).named(number)
    if found is None:
        raise misshapen(card=_("There is no card %(number)s.") % {"number": number})
    found.organisation = organisation
    return found


def search(
    organisation: Organisation | None, words: str = "", cursor: str = "", limit: int = LIMIT
) -> Page:
    """By name, the cards that stand. One that was merged is found by what is written on it too: it
    is the card that it was merged into that is told."""
    rows = Card.objects.of(organisation).standing()
    if words.strip():
        rows = rows.filter(pk__in=found_by(organisation, words))
    rows = rows.order_by("sort_key", "pk").select_related("merged_into")
    if place := read_cursor(cursor):
        key, pk = place
        rows = rows.filter(Q(sort_key__gt=key) | Q(sort_key=key, pk__gt=pk))
    found = list(rows[: limit + 1])
    further = write_cursor(found[limit - 1]) if len(found) > limit else None
    return Page(found[:limit], further)


def found_by(organisation: Organisation | None, words: str):
    """The keys of what is meant by what was typed. Ten digits may be a person's or a phone's."""
    typed = as_digits(words) or words
    meant = Q(said=SearchQuery(tsquery(typed), search_type="raw", config="simple"))
    if number := as_number(words):
        meant |= Q(number_index__in=vault.indexes(number, PURPOSE))
    rows = Card.objects.of(organisation).alias(said=SearchVector("words", config="simple"))
    return rows.filter(meant).values_list(Coalesce("merged_into_id", "id"))


def as_number(words: str) -> str:
    """A whole personal or organisation number; what is shorter, or wrong, is none."""
    if not re.fullmatch(r"[\d\s+-]{10,16}", words.strip(), re.ASCII):
        return ""
    for read in (identifiers.se_person, identifiers.se_org):
        try:
            return read(words)
        except identifiers.Mistyped:
            continue
    return ""


def as_digits(words: str) -> str:
    """A phone number as it may be written: with blanks and dashes, or with +46."""
    if not re.fullmatch(r"\+?[\d\s()/-]{4,24}", words.strip(), re.ASCII):
        return ""
    digits = re.sub(r"\D", "", words)
    return digits.removeprefix("00")


def write_cursor(card: Card) -> str:
    plain = json.dumps([card.sort_key, card.pk])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, int] | None:
    """A cursor that was not ours starts from the beginning."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        key, pk = json.loads(base64.urlsafe_b64decode(padded.encode()))
        return str(key), min(int(pk), 2**62)
    except (ValueError, TypeError):
        return None


def history(card: Card) -> list[Any]:
    rows = card.changes.select_related("person", "instead_of", "organisation")
    return list(rows.order_by("-pk")[:200])

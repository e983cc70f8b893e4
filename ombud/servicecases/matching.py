"""Whose card it is: the rules by which a new signer is taken for a customer who is known, and two
cards are held for the same customer's. Nothing is merged here; that is a person's deed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from ombud.lib import identifiers, phones
from ombud.people.models import Organisation
from ombud.servicecases.models.card import FIELDS, SEALED, Card, folded

NEW, MATCHED, DOUBTED = "new", "matched", "possible_duplicate"
TOLD = set(FIELDS) - {"barred"}
ON_MATCH = ("phone", "street", "postal_code", "city", "country")  # newer than what is known


@dataclass(frozen=True)
class How:
    """Which card was taken: `outcome` is new, matched or possible_duplicate (new, and somebody
    should look at `doubles`, by their customer numbers); `by` is number, phone or email; `filled`
    and `changed` name the fields written on a card that was known; `other_signer`: somebody else
    than the customer has signed, so the card has no personal number."""

    outcome: str
    by: str = ""
    filled: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    other_signer: bool = False

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


@dataclass(frozen=True)
class Hit:
    """The one card it is, and by what; else those it may be."""

    card: Card | None = None
    by: str = ""
    doubles: list[Card] = field(default_factory=list)


def cleaned(details: Mapping[str, Any]) -> dict[str, str]:
    """What was told of a customer, as cards keep it; what is not told is not there. `number` or
    `personal_number`: only what an e-ID has vouched for."""
    told = {name: str(value).strip() for name, value in details.items() if value}
    number = told.pop("personal_number", "") or told.pop("number", "")
    if number and told.get("kind") == Card.Kind.COMPANY:
        told["number"] = identifiers.se_org(number)
    elif number:
        told["number"] = identifiers.se_person(number)
    if told.get("phone"):
        told["phone"] = phones.parse(told["phone"])
    if told.get("email"):
        told["email"] = told["email"].lower()
    if len(told.get("country", "")) != 2:
        told.pop("country", None)
    return {name: value[: longest(name)] for name, value in told.items() if name in TOLD}


def longest(name: str) -> int | None:
    return None if name == SEALED else Card._meta.get_field(name).max_length  # type: ignore


def find(organisation: Organisation, told: Mapping[str, str]) -> Hit:
    """By the number, else by mobile and family name, else by e-mail and whole name: exactly one
    card, which is not barred and has no other number, nor another family name. Several, or one in
    doubt, are told."""
    for by, rows in lookups(organisation, told):
        cards = standing(rows)
        if not cards:
            continue
        doubted = is_doubted(cards[0], told) or not is_named_so(cards[0], rows, told)
        if len(cards) == 1 and not doubted:
            return Hit(cards[0], by)
        return Hit(doubles=cards)
    return Hit()


def lookups(organisation: Organisation, told: Mapping[str, str]):
    kind = told.get("kind") or Card.Kind.PERSON
    rows = Card.objects.of(organisation).filter(kind=kind)
    name = folded(told.get("company") or told.get("family", ""))
    if told.get("number"):
        yield "number", rows.with_number(told["number"])
    if told.get("phone") and name:
        yield "phone", rows.filter(phone=told["phone"], folded=name)
    if told.get("email") and name:
        same = rows.filter(email=told["email"], folded=name)
        yield "email", same.filter(given__iexact=told.get("given", ""))


def standing(rows) -> list[Card]:
    """The cards that stand for those found, each once; merged ones are still known by what is
    written on them."""
    found = {card.root().pk: card.root() for card in rows.select_related("merged_into")[:20]}
    return list(found.values())


def is_doubted(card: Card, told: Mapping[str, str]) -> bool:
    known, number = card.full_number, told.get("number", "")
    return card.barred or bool(known and number and known != number)


def is_named_so(card: Card, rows, told: Mapping[str, str]) -> bool:
    """Whether it has the name that was told, or none; or had it before it was merged."""
    name = folded(told.get("company") or told.get("family", ""))
    return not name or card.folded in ("", name) or rows.filter(folded=name).exists()


def to_write(card: Card, told: Mapping[str, str]) -> dict[str, str]:
    """On a card that is known: blanks are filled, and a new address or phone takes the place of
    the old one; names and language stay."""
    return {
        name: value
        for name, value in told.items()
        if name != "kind" and (name in ON_MATCH or not card.shown(name))
    }


# Pairs that may be one and the same


@dataclass(frozen=True)
class Pair:
    """Two cards that may be the same customer's, and why; `other_numbers`: each has one of its
    own, so they may well be two people."""

    first: Card
    second: Card
    why: str
    other_numbers: bool


PAIRS = """SELECT DISTINCT ON (first, second) first, second, why FROM (
  SELECT a.id AS first, b.id AS second, 1 AS rank, 'number' AS why FROM servicecases_card a
    JOIN servicecases_card b ON b.organisation_id = a.organisation_id AND b.id > a.id
      AND b.number_index = a.number_index
    WHERE a.number_index <> '' AND {both}
  UNION ALL SELECT a.id, b.id, 2, 'phone' FROM servicecases_card a
    JOIN servicecases_card b ON b.organisation_id = a.organisation_id AND b.id > a.id
      AND b.phone = a.phone AND b.folded = a.folded
    WHERE a.phone <> '' AND {both}
  UNION ALL SELECT a.id, b.id, 3, 'email' FROM servicecases_card a
    JOIN servicecases_card b ON b.organisation_id = a.organisation_id AND b.id > a.id
      AND b.email = a.email AND b.folded = a.folded AND lower(b.given) = lower(a.given)
    WHERE a.email <> '' AND {both}) p
WHERE NOT EXISTS (SELECT 1 FROM servicecases_apart x
  WHERE x.first_id = p.first AND x.second_id = p.second)
ORDER BY first, second, rank LIMIT %(most)s"""
BOTH = """a.organisation_id = %(here)s AND a.merged_into_id IS NULL AND b.merged_into_id IS NULL
  AND a.kind = b.kind {only}"""
ONLY = "AND %(card)s IN (a.id, b.id)"
MOST = 50


def pairs(organisation: Organisation | None, card: Card | None = None) -> list[Pair]:
    """Of the whole register, or those of one card; never more than MOST."""
    if organisation is None:
        return []
    both = BOTH.format(only=ONLY if card else "")
    asked = {"here": organisation.pk, "most": MOST, "card": card.pk if card else 0}
    with connection.cursor() as cursor:
        cursor.execute(PAIRS.format(both=both), asked)
        found = cursor.fetchall()
    wanted = {pk for first, second, _why in found for pk in (first, second)}
    cards = Card.objects.in_bulk(wanted)
    return [pair(cards[first], cards[second], why) for first, second, why in found]


def pair(first: Card, second: Card, why: str) -> Pair:
    known = bool(first.number_index and second.number_index)
    return Pair(first, second, why, known and first.number_index != second.number_index)

"""What is answered of customer cards, as the documentation tells of it."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel


class Card(BaseModel):
    """A customer's card. The personal or organisation number is masked; null where none is known.
    `version`, of one card read alone, goes into save_card."""

    number: str
    name: str
    kind: Literal["person", "company"]
    given: str
    family: str
    company: str
    personal_number: str | None = None
    organisation_number: str | None = None
    phone: str
    email: str
    street: str
    postal_code: str
    city: str
    country: str
    language: str
    barred: bool
    merged_into: str | None
    changed_at: datetime
    href: str
    version: int = 0


class CardPair(BaseModel):
    """`other_numbers`: each has a number of its own, so they may well be two customers."""

    first: Card
    second: Card
    why: Literal["number", "phone", "email"]
    other_numbers: bool


class CardLine(BaseModel):
    """`fields`: what is another now, as [old, new]; numbers are masked."""

    verb: str
    at: datetime
    person: str | None
    instead_of: str | None
    fields: dict[str, list[Any]]
    facts: dict[str, Any]


class WholeNumber(BaseModel):
    number: str


class Cards(BaseModel):
    items: list[Card]
    next: str | None


class CardPairs(BaseModel):
    items: list[CardPair]
    next: str | None


class CardHistory(BaseModel):
    items: list[CardLine]
    next: str | None

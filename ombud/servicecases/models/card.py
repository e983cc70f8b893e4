"""A customer's card: who the customer is to one provider, and what has been written on it."""

import re
from collections.abc import Iterable
from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ombud.lib import clock, phones, vault
from ombud.lib.identifiers import masked_person
from ombud.lib.names import sort_key
from ombud.people.models import Organisation, Person

PLAIN = (
    "kind",
    "given",
    "family",
    "company",
    "phone",
    "email",
    "street",
    "postal_code",
    "city",
    "country",
    "language",
    "barred",
)
SEALED = "number"  # the field's name in shapes, choices and history
FIELDS = (*PLAIN, SEALED)
PURPOSE = "card"  # no digest here is equal to that of a person who logs in
NUMBER = re.compile(r"K?0*(\d{1,9})", re.ASCII | re.IGNORECASE)
DEEPEST = 50  # cards merged into cards that were merged


class CardQuerySet(models.QuerySet["Card"]):
    def of(self, organisation: Organisation | None) -> Self:
        """Those of one provider; nobody else's are ever looked at."""
        return self.filter(organisation=organisation)

    def standing(self) -> Self:
        """Those that have not been merged into another."""
        return self.filter(merged_into=None)

    def with_number(self, number: str) -> Self:
        """Those of a personal or organisation number, whichever key they were written under."""
        return self.filter(number_index__in=vault.indexes(number, PURPOSE) if number else [])

    def named(self, number: str) -> "Card | None":
        """The card of a customer number as it is written: K00012, k12."""
        typed = NUMBER.fullmatch(number.strip())
        rows = self.select_related("organisation", "merged_into")
        return rows.filter(serial=int(typed[1])).first() if typed else None

    def next_serial(self, organisation: Organisation) -> int:
        """The organisation is locked already."""
        last = self.filter(organisation=organisation).aggregate(last=models.Max("serial"))["last"]
        return (last or 0) + 1


class Card(models.Model):
    """A customer of one provider: a private person or a company. The personal or organisation
    number is sealed; only its keyed index can be looked up. Merged into another it stays, and what
    it is used for is found through the other. `barred`: it is never taken for a new signer's."""

    class Kind(models.TextChoices):
        PERSON = "person", pgettext_lazy("customer", "Private person")
        COMPANY = "company", pgettext_lazy("customer", "Company")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    serial = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PERSON)
    given = models.CharField(max_length=80, blank=True)
    family = models.CharField(max_length=80, blank=True)
    company = models.CharField(max_length=200, blank=True)
    number_sealed = models.TextField(blank=True)
    number_index = models.CharField(max_length=64, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    email = models.CharField(max_length=150, blank=True)
    street = models.CharField(max_length=150, blank=True)
    postal_code = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, default="SE")
    language = models.CharField(max_length=5, default="sv")
    barred = models.BooleanField(default=False)
    sort_key = models.CharField(max_length=400)
    folded = models.CharField(max_length=200)  # the family name, or the company's
    words = models.TextField()
    made_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    merged_at = models.DateTimeField(null=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "serial"], name="one_card_a_customer_number"
            ),
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="card_not_in_itself"),
            models.CheckConstraint(
                condition=Q(merged_into=None, merged_at=None)
                | Q(merged_into__isnull=False, merged_at__isnull=False),
                name="card_merged_at_some_time",
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "sort_key", "id"], name="card_by_name"),
            models.Index(fields=["organisation", "number_index"], name="card_by_number"),
            models.Index(fields=["organisation", "phone", "folded"], name="card_by_phone"),
            models.Index(fields=["organisation", "email"], name="card_by_email"),
            GinIndex(SearchVector("words", config="simple"), name="card_by_words"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("card:card", args=[self.number])

    @property
    def number(self) -> str:
        """The customer number."""
        return f"K{self.serial:05}"

    @property
    def name(self) -> str:
        return self.company or f"{self.given} {self.family}".strip() or _("No name")

    @property
    def is_company(self) -> bool:
        return self.kind == self.Kind.COMPANY

    @property
    def full_number(self) -> str:
        """The personal or organisation number. Shown only by the deed that writes down why."""
        return vault.open(self.number_sealed) if self.number_sealed else ""

    @property
    def masked_number(self) -> str:
        return masked(self.full_number)

    @property
    def address(self) -> str:
        place = f"{self.postal_code} {self.city}".strip().replace(" ", "\u00a0")
        return ", ".join(part for part in (self.street, place) if part)

    def set_number(self, number: str) -> None:
        self.number_sealed = vault.seal(number) if number else ""
        self.number_index = vault.index(number, PURPOSE) if number else ""

    def root(self) -> "Card":
        """The card that stands for this one: itself, or the one it was merged into."""
        card = self
        while card.merged_into is not None:
            card = card.merged_into
        return card

    def family_of(self) -> list[int]:
        """This card, and all that were merged into it, however deep."""
        found, layer = [self.pk], [self.pk]
        for _depth in range(DEEPEST):
            layer = list(Card.objects.filter(merged_into__in=layer).values_list("pk", flat=True))
            if not layer:
                break
            found += layer
        return found

    # What is written on it

    def write(self, fields: dict[str, Any]) -> dict[str, list]:
        """Write these fields, and tell which are others now: [old, new], the number masked."""
        changed = {}
        for name, value in fields.items():
            before = self.shown(name)
            if not self.would_change(name, value):
                continue
            if name == SEALED:
                self.set_number(value)
            else:
                setattr(self, name, value)
            changed[name] = [before, self.shown(name)]
        return changed

    def would_change(self, name: str, value: Any) -> bool:
        return (self.full_number if name == SEALED else getattr(self, name)) != value

    def shown(self, name: str) -> Any:
        return self.masked_number if name == SEALED else getattr(self, name)

    def keep(self) -> None:
        """Save it with what it is found and sorted by."""
        name = self.company or f"{self.family} {self.given}"
        self.sort_key = sort_key(name)
        self.folded = folded(self.company or self.family)
        national = phones.national(self.phone) if self.phone else ""
        digits = re.sub(r"\D", "", national)
        said = (self.number, self.given, self.family, self.company, self.email, self.city, digits)
        found_by = " ".join([*filter(None, said), self.phone.lstrip("+")])
        self.words = re.sub(r"[\W_]+", " ", found_by).strip().lower()
        self.changed_at = clock.now()
        self.save()

    def tell(self, verb: str, by, fields: dict | None = None, **facts: Any) -> "Change":
        """One more line in its history."""
        who = {"person": by.person, "instead_of": by.instead_of, "organisation": by.organisation}
        return Change.objects.create(
            card=self, verb=verb, via=by.via, fields=fields or {}, facts=facts, **who
        )

    def as_kept(self) -> dict[str, Any]:
        """What a merge may have to give back; the number under its seal."""
        return {name: getattr(self, name) for name in (*PLAIN, "number_sealed", "number_index")}

    def give_back(self, kept: dict[str, Any]) -> None:
        for name, value in kept.items():
            setattr(self, name, value)

    def as_json(self) -> dict[str, Any]:
        told = {name: getattr(self, name) for name in PLAIN}
        named = {"number": self.number, "name": self.name}
        merged = self.merged_into.number if self.merged_into else None
        name = "organisation_number" if self.is_company else "personal_number"
        sealed = {name: self.masked_number or None}
        return {**named, **told, **sealed, "merged_into": merged, "changed_at": self.changed_at}


def masked(number: str) -> str:
    """Enough to recognise it by: a birth day, or the first six digits of a company's."""
    if not number:
        return ""
    return masked_person(number) if len(number) > 10 else f"{number[:6]}-••••"


def folded(name: str) -> str:
    """A name as it is compared: no capitals, no accents, no blanks or dashes."""
    return re.sub(r"[^\w]", "", sort_key(name))[:200]


class Change(models.Model):
    """One line of a card's history: who wrote what when. `kept`: what undoing a merge gives back.
    The journal of the organisation vouches for it, without what was written."""

    class Verb(models.TextChoices):
        MADE = "made"
        MATCHED = "matched"
        CHANGED = "changed"
        MERGED = "merged"
        UNMERGED = "unmerged"
        SHOWN = "shown"

    card = models.ForeignKey(Card, models.PROTECT, related_name="changes")
    verb = models.CharField(max_length=10, choices=Verb)
    at = models.DateTimeField(default=clock.now)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    instead_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    via = models.CharField(max_length=10)
    fields = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["card", "id"], name="card_history")]

    def __str__(self) -> str:
        return f"{self.verb} {self.card_id}"


class Apart(models.Model):
    """Somebody has said of two cards that they are not the same customer's."""

    first = models.ForeignKey(Card, models.PROTECT, related_name="+")
    second = models.ForeignKey(Card, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_apart_a_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} is not {self.second_id}"


class Drawn(models.Model):
    """Which card was made or found for what a flat above asked under this key: asked twice, it is
    the same answer."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    card = models.ForeignKey(Card, models.PROTECT, related_name="+")
    how = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "key"], name="one_card_drawn_a_key")
        ]

    def __str__(self) -> str:
        return self.key


def numbers_of(cards: Iterable[Card]) -> list[str]:
    return [card.number for card in cards]

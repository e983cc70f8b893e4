"""What a portal has decided about its information requests: settings rows, in versions.

A request keeps the versions it began with.
"""

import re
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field, model_validator

from ombud.inquiries import templates
from ombud.lib import phones
from ombud.people import settings
from ombud.people.settings import Body, Said, Setting

KEY = "inquiry"  # each table has one thing
REMINDERS = 3
MOST_FIELDS = 30
NAME = re.compile(r"^[a-z][a-z0-9_]{0,29}$")
CLOCK = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")
ADDED = 15  # percent by which an approximate price may be exceeded, unless a ceiling is agreed
Zone = Literal["Europe/Stockholm", "Europe/Oslo"]
Line = Annotated[str, Field(max_length=200)]


def a_template(said: Said) -> Said:
    for text in said.values():
        if found := templates.faults(text):
            raise ValueError(" ".join(found))
    if not any(said.values()):
        raise ValueError(_("Fill this in."))
    return {language: text for language, text in said.items() if text}


def in_swedish(said: Said) -> Said:
    """Whoever reads another language that is lacking reads the Swedish."""
    if not said.get("sv", "").strip():
        raise ValueError(_("Fill this in."))
    return {language: text for language, text in said.items() if text.strip()}


def a_shop(raw: str) -> str:
    """It stands in every message, and is held to what a message is held to."""
    if found := templates.faults_of_name(raw):
        raise ValueError(" ".join(found))
    return raw


def a_phone(raw: str) -> str:
    return phones.parse(raw) if raw else ""


def a_name(raw: str) -> str:
    if not NAME.match(raw):
        raise ValueError(_("A name has small letters a to z, figures and underscores."))
    return raw


def a_time(raw: str) -> str:
    if not CLOCK.match(raw):
        raise ValueError(_("Write the time as 09:00."))
    return raw


Template = Annotated[Said, AfterValidator(a_template)]
Words = Annotated[Said, AfterValidator(in_swedish)]
Phone = Annotated[str, AfterValidator(a_phone)]


class TextsBody(Body):
    """`unsigned` reminds whoever has filled in the form but not signed."""

    shop: Annotated[str, Field(min_length=1, max_length=40), AfterValidator(a_shop)]
    phone: Phone
    hours: Said = {}
    first: Template
    reminders: Annotated[list[Template], Field(min_length=REMINDERS, max_length=REMINDERS)]
    unsigned: Template


class Choice(Body):
    value: Annotated[str, AfterValidator(a_name)]
    label: Said


class FieldBody(Body):
    """One question. `prefill` names what may be known of the answer from the other system."""

    name: Annotated[str, AfterValidator(a_name)]
    page: Literal["contact", "matter"]
    kind: Literal["text", "long", "email", "phone", "postcode", "number", "choice", "yes", "photos"]
    label: Said
    hint: Said = {}
    required: bool = False
    prefill: Annotated[str, Field(max_length=60)] = ""
    most: Annotated[int, Field(ge=1, le=4000)] = 200
    options: list[Choice] = []


class FormBody(Body):
    fields: Annotated[list[FieldBody], Field(min_length=1, max_length=MOST_FIELDS)]

    @model_validator(mode="after")
    def holds_together(self):
        names = [field.name for field in self.fields]
        if len(set(names)) < len(names):
            raise ValueError(_("Two questions have the same name."))
        if sum(field.kind == "photos" for field in self.fields) > 1:
            raise ValueError(_("Photos can be asked for once."))
        if any(field.kind == "choice" and not field.options for field in self.fields):
            raise ValueError(_("A question to choose in needs something to choose from."))
        return self

    def of_page(self, page: str) -> list[FieldBody]:
        return [field for field in self.fields if field.page == page]


class CostBody(Body):
    """Öre, with VAT."""

    label: Words
    kind: Literal["fixed", "approximate"]
    amount: Annotated[int, Field(ge=0, le=100_000_000)]

    @property
    def most(self) -> int:
        """What the customer may be asked to pay for it without being asked anew."""
        return self.amount * (100 + ADDED) // 100 if self.kind == "approximate" else self.amount


class TermsBody(Body):
    """`ceiling`: agreed in its own right; else it follows from the lines."""

    title: Words
    text: Words
    costs: Annotated[list[CostBody], Field(max_length=10)] = []
    ceiling: Annotated[int, Field(ge=1, le=100_000_000)] | None = None

    @model_validator(mode="after")
    def ceiling_covers_what_is_fixed(self):
        fixed = sum(cost.amount for cost in self.costs if cost.kind == "fixed")
        if self.ceiling is not None and self.ceiling < fixed:
            raise ValueError(_("The ceiling is lower than what is fixed."))
        return self

    @property
    def most(self) -> int:
        """The largest sum, in öre; 0 where nothing is charged."""
        if self.ceiling is not None:
            return self.ceiling
        return sum(cost.most for cost in self.costs)


class Contact(Body):
    name: Line = ""
    phone: Phone = ""
    email: Line = ""
    hours: Line = ""


class PaceBody(Body):
    """When messages go, who is told, what follows and whom to ask.

    `after`: days from the first message to each reminder; `give_up`: days from the last one until
    the request has failed.
    """

    is_on: bool = True
    zone: Zone = "Europe/Stockholm"
    opens: Annotated[str, AfterValidator(a_time)] = "09:00"
    closes: Annotated[str, AfterValidator(a_time)] = "19:00"
    weekdays: Annotated[list[int], Field(min_length=1, max_length=7)] = [0, 1, 2, 3, 4, 5, 6]
    after: Annotated[list[int], Field(min_length=REMINDERS, max_length=REMINDERS)] = [1, 3, 6]
    give_up: Annotated[int, Field(ge=1, le=60)] = 2
    cards: Literal["match", "new"] = "match"
    told: Literal["starter", "everybody"] = "starter"
    goes_on: Literal["ask", "here", "there"] = "ask"
    administrator: Contact = Contact()
    vendor: Contact = Contact()
    support: Contact = Contact()

    @model_validator(mode="after")
    def makes_sense(self):
        if self.opens >= self.closes:
            raise ValueError(_("Messages must be sent between an earlier and a later time."))
        if not all(0 <= day <= 6 for day in self.weekdays):
            raise ValueError(_("The days of the week are 0 to 6, from Monday."))
        rising = [0, *self.after]
        if any(later <= earlier for earlier, later in zip(rising, self.after, strict=False)):
            raise ValueError(_("Each reminder comes later than the one before it."))
        if self.after[-1] > 90:
            raise ValueError(_("The last reminder comes within 90 days."))
        return self


class InquiryTexts(Setting):
    BODY = TextsBody


class InquiryForm(Setting):
    BODY = FormBody


class InquiryTerms(Setting):
    BODY = TermsBody


class InquiryPace(Setting):
    BODY = PaceBody


TABLES: dict[str, type[Setting]] = {
    "texts": InquiryTexts,
    "form": InquiryForm,
    "terms": InquiryTerms,
    "pace": InquiryPace,
}


def newest(portal) -> dict[str, Setting | None]:
    """The rows that a request which begins now is pinned to, by part."""
    found = settings.newest([(table, portal, KEY) for table in TABLES.values()])
    return dict(zip(TABLES, found, strict=True))

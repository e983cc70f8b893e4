"""The shapes of what is done with customer cards."""

from typing import Annotated, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from pydantic import AfterValidator, Field, model_validator

from ombud.lib import identifiers, phones
from ombud.lib.shapes import Shape
from ombud.people.forms import an_email
from ombud.servicecases.models.card import FIELDS, Card
from ombud.ui.forms import Choices

Number = Annotated[str, Field(min_length=1, max_length=20)]
LANGUAGES = [("sv", "Svenska"), ("nb", "Norsk bokmål"), ("en", "English")]
COUNTRIES: list[tuple[str, str | Promise]] = [
    ("SE", gettext_lazy("Sweden")),
    ("NO", gettext_lazy("Norway")),
    ("DK", gettext_lazy("Denmark")),
    ("FI", "Finland"),
]
CHOICES: dict[str, Choices] = {
    "kind": Card.Kind.choices,
    "country": COUNTRIES,
    "language": LANGUAGES,
}


def a_phone(raw: str) -> str:
    return phones.parse(raw) if raw else ""


def a_postal_code(raw: str) -> str:
    digits = "".join(raw.split())
    return f"{digits[:3]} {digits[3:]}" if len(digits) == 5 and digits.isdigit() else raw


class CardDetails(Shape):
    """A private person has a name; a company has one of its own, and perhaps a contact."""

    kind: Literal["person", "company"] = Field(
        "person",
        title=gettext_lazy("Kind of customer"),
    )
    company: Annotated[str, Field(max_length=200)] = Field(
        "", title=gettext_lazy("Company"), description=gettext_lazy("Only for a company.")
    )
    given: Annotated[str, Field(max_length=80)] = Field("", title=gettext_lazy("First name"))
    family: Annotated[str, Field(max_length=80)] = Field("", title=gettext_lazy("Last name"))
    phone: Annotated[str, Field(max_length=40), AfterValidator(a_phone)] = Field(
        "", title=gettext_lazy("Mobile"), json_schema_extra={"widget": "tel", "width": "half"}
    )
    email: Annotated[str, Field(max_length=150), AfterValidator(an_email)] = Field(
        "", title=gettext_lazy("E-mail"), json_schema_extra={"widget": "email"}
    )
    street: Annotated[str, Field(max_length=150)] = Field("", title=gettext_lazy("Street address"))
    postal_code: Annotated[str, Field(max_length=12), AfterValidator(a_postal_code)] = Field(
        "", title=gettext_lazy("Postal code"), json_schema_extra={"width": "short"}
    )
    city: Annotated[str, Field(max_length=80)] = Field("", title=gettext_lazy("Town"))
    country: Literal["SE", "NO", "DK", "FI"] = Field(
        "SE",
        title=gettext_lazy("Country"),
        json_schema_extra={"widget": "select", "width": "half"},
    )
    language: Literal["sv", "nb", "en"] = Field(
        "sv",
        title=gettext_lazy("Language"),
        json_schema_extra={"widget": "select", "width": "half"},
    )
    barred: bool = Field(
        False,
        title=gettext_lazy("Never take this card for somebody new"),
        description=gettext_lazy(
            "For a customer who is blocked or has died. Whoever signs with the same details gets a"
            " card of their own."
        ),
    )

    @model_validator(mode="after")
    def is_named(self) -> "CardDetails":
        if self.kind == Card.Kind.COMPANY and not self.company:
            raise ValueError(_("Give the company's name."))
        if self.kind == Card.Kind.PERSON and not (self.given or self.family):
            raise ValueError(_("Give the customer's name."))
        return self


class NewCard(CardDetails):
    number: Annotated[str, Field(max_length=20)] = Field(
        "",
        title=gettext_lazy("Personal or organisation number"),
        description=gettext_lazy("Kept sealed, and shown in full only for a reason."),
        json_schema_extra={"inputmode": "numeric", "width": "half", "autocomplete": "off"},
    )

    @model_validator(mode="after")
    def has_a_right_number(self) -> "NewCard":
        self.number = number_of(self.kind, self.number)
        return self


def number_of(kind: str, raw: str) -> str:
    if not raw:
        return ""
    is_company = kind == Card.Kind.COMPANY
    return identifiers.se_org(raw) if is_company else identifiers.se_person(raw)


class SaveCard(CardDetails):
    """`version` is the one that was read: whoever was slower is told. A number that is left blank
    stays as it is."""

    card: Number
    version: int = Field(ge=0, le=2**31)
    number: Annotated[str, Field(max_length=20)] = Field(
        "",
        title=gettext_lazy("New personal or organisation number"),
        description=gettext_lazy("Leave it blank to keep the one that is known."),
        json_schema_extra={"inputmode": "numeric", "width": "half", "autocomplete": "off"},
    )

    @model_validator(mode="after")
    def has_a_right_number(self) -> "SaveCard":
        self.number = number_of(self.kind, self.number)
        return self


Taken = Annotated[list[Literal[FIELDS]], Field(max_length=len(FIELDS))]  # type: ignore[valid-type]


class MergeCards(Shape):
    """`card` goes into `into`; `take` names the fields whose value is taken from `card`."""

    card: Number
    into: Number
    take: Taken = []


class UndoMerge(Shape):
    """`card` is the one that was merged into another."""

    card: Number


class KeepApart(Shape):
    card: Number
    other: Number


class ShowNumber(Shape):
    reason: Annotated[str, Field(min_length=10, max_length=300)] = Field(
        title=gettext_lazy("Why do you need the whole number?"),
        description=gettext_lazy(
            "Your name, the time and the reason are written down, and stand in the customer's"
            " history."
        ),
        json_schema_extra={"widget": "textarea", "rows": 2},
    )


LABELS = {
    "kind": gettext_lazy("Kind of customer"),
    "given": gettext_lazy("First name"),
    "family": gettext_lazy("Last name"),
    "company": gettext_lazy("Company"),
    "phone": gettext_lazy("Mobile"),
    "email": gettext_lazy("E-mail"),
    "street": gettext_lazy("Street address"),
    "postal_code": gettext_lazy("Postal code"),
    "city": gettext_lazy("Town"),
    "country": gettext_lazy("Country"),
    "language": gettext_lazy("Language"),
    "barred": pgettext_lazy("card", "Barred"),
    "number": gettext_lazy("Personal or organisation number"),
}

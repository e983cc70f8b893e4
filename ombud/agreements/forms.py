"""The shapes of the deeds of an agreement, one for page and API alike."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, Field, model_validator

from ombud.agreements.models import Qualification, oldest
from ombud.lib import days, identifiers, phones
from ombud.lib.shapes import Nothing, Shape
from ombud.people.forms import a_mobile, a_personal_number, an_email

__all__ = ["Nothing"]

MOST_PEOPLE = 5
Line = Annotated[str, Field(max_length=150)]
Name = Annotated[str, Field(min_length=1, max_length=80)]


def a_phone(raw: str) -> str:
    """An organisation's; it may be a landline."""
    return phones.parse(raw) if raw else ""


Email = Annotated[Line, AfterValidator(an_email)]
Phone = Annotated[Line, AfterValidator(a_phone)]
Mobile = Annotated[Line, AfterValidator(a_mobile)]
Reason = Annotated[str, Field(min_length=10, max_length=2000)]
Title = Annotated[str, Field(max_length=200)]
Text = Annotated[str, Field(max_length=100_000)]
Language = Literal["sv", "nb", "en"]


def an_organisation_number(raw: str) -> str:
    return identifiers.se_org(raw)


def needed(raw: str) -> str:
    if not raw:
        raise ValueError(_("Fill this in."))
    return raw


def spoken(words: dict[str, str]) -> dict[str, str]:
    """What is left empty is not said in that language."""
    return {code: said for code, said in words.items() if said.strip()}


def in_swedish(words: dict[str, str]) -> dict[str, str]:
    """Whoever reads another language that is lacking reads the Swedish."""
    needed(words.get("sv", "").strip())
    return spoken(words)


class Contact(Shape):
    """Who hears of changes to the agreement, and may log in to read it."""

    given: Name
    family: Name
    email: Email
    phone: Mobile = ""
    personal_number: Annotated[Line, AfterValidator(a_personal_number)] = ""


class Identified(Contact):
    """Somebody who logs in or signs with BankID; in a completion blank keeps what was given."""


class Applicant(Shape):
    name: Annotated[str, Field(min_length=1, max_length=150)]
    email: Email


class Details(Shape):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    category: Literal["region", "municipality", "private", ""] = ""
    email: Email
    phone: Phone = ""
    mode: Literal["jointly", "severally"] = "severally"
    administrator: Identified
    signatories: Annotated[list[Identified], Field(min_length=1, max_length=MOST_PEOPLE)]
    contacts: Annotated[list[Contact], Field(min_length=1, max_length=MOST_PEOPLE)]


class Submit(Details):
    side: Literal["customer", "agent"]
    number: Annotated[str, AfterValidator(an_organisation_number)]
    language: Language = "sv"
    applicant: Applicant
    token: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{22}$")] | None = None


class Complete(Details):
    answer: Annotated[str, Field(min_length=1, max_length=2000)]


class Deliver(Shape):
    what: Literal["tax", "credit", "dpo", "isms"]
    document: UUID | None = None
    dated_on: date | None = None
    words: Annotated[str, Field(max_length=2000)] = ""

    @model_validator(mode="after")
    def says_what_it_must(self):
        if self.what in ("tax", "credit") and not (self.document and self.dated_on):
            raise ValueError(_("Give the file, and the date that stands on it."))
        if self.dated_on and self.dated_on > days.today():
            raise ValueError(_("The date lies in the future."))
        if self.what in Qualification.DATED and self.dated_on and self.dated_on < oldest():
            text = _("It is older than three months. Show one that is dated %(day)s or later.")
            raise ValueError(text % {"day": days.plain(oldest())})
        if self.what in ("dpo", "isms") and not (self.words or self.document):
            raise ValueError(_("Write a few lines, or give a file."))
        return self


class Tick(Shape):
    what: Literal["tax", "credit", "dpo", "isms"]


class AskToComplete(Shape):
    note: Reason = Field(
        title=gettext_lazy("What is missing"),
        description=gettext_lazy("Sent to whoever applied, with a link to complete it."),
        json_schema_extra={"widget": "textarea"},
    )


class Reject(Shape):
    note: Reason = Field(
        title=gettext_lazy("Why"),
        description=gettext_lazy("Shown to whoever applied."),
        json_schema_extra={"widget": "textarea"},
    )


class Decline(Shape):
    note: Reason = Field(
        title=gettext_lazy("Why do you not sign?"),
        description=gettext_lazy("Shown to the other party, and to your own organisation."),
        json_schema_extra={"widget": "textarea"},
    )


class Sign(Shape):
    method: Literal["bankid"]


class Resend(Shape):
    signatory: int = Field(title=gettext_lazy("Signatory"))
    email: Annotated[Line, AfterValidator(lambda raw: an_email(raw) if raw else "")] = Field(
        "", title=gettext_lazy("E-mail")
    )


class Replace(Shape):
    signatory: int = Field(title=gettext_lazy("Signatory"))
    given: Name = Field(title=gettext_lazy("First name"), json_schema_extra={"width": "half"})
    family: Name = Field(title=gettext_lazy("Last name"), json_schema_extra={"width": "half"})
    email: Email = Field(title=gettext_lazy("E-mail"), json_schema_extra={"widget": "email"})
    personal_number: Annotated[Line, AfterValidator(needed), AfterValidator(a_personal_number)] = (
        Field(
            title=gettext_lazy("Personal number"),
            description=gettext_lazy("BankID must say that it is this person who signs."),
            json_schema_extra={"inputmode": "numeric", "width": "half"},
        )
    )
    phone: Mobile = Field(
        "", title=gettext_lazy("Mobile"), json_schema_extra={"widget": "tel", "width": "half"}
    )


class SetSigningReminders(Shape):
    """Days after the first letter; none: nobody is reminded."""

    reminders: Annotated[list[Annotated[int, Field(ge=1, le=29)]], Field(max_length=5)] = Field(
        title=gettext_lazy("Reminders after how many days")
    )


class Note(Shape):
    text: Annotated[str, Field(min_length=1, max_length=4000)]


class AnnounceTerms(Shape):
    """`valid_on`: the first day; a change that burdens the other party holds three months on."""

    side: Literal["customer", "agent"]
    title: Annotated[dict[Language, Title], AfterValidator(in_swedish)]
    text: Annotated[dict[Language, Text], AfterValidator(in_swedish)]
    changes: Annotated[dict[Language, Text], AfterValidator(spoken)] = {}
    burdening: bool = False
    valid_on: date

"""The shapes of deeds outside any case."""

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, Field, ValidationError

from ombud.lib import days, identifiers, phones
from ombud.lib.errors import Misshapen
from ombud.lib.shapes import Shape, words

Line = Annotated[str, Field(max_length=150)]
RoleName = Literal[
    "administrator",
    "orderer",
    "attestant",
    "agent_handler",
    "engagement_orderer",
    "contact",
    "case_handler",
    "reviewer",
    "catalogue_admin",
]


def an_email(raw: str) -> str:
    name, at, host = raw.partition("@")
    if not (name and at and "." in host) or " " in raw:
        raise ValueError(_("Write the e-mail address as name@example.org."))
    return raw


def a_mobile(raw: str) -> str:
    """A number that an SMS can reach; a landline is refused."""
    number = phones.parse(raw) if raw else ""
    if number and not phones.is_mobile(number):
        raise ValueError(_("This is not a mobile number."))
    return number


def a_personal_number(raw: str) -> str:
    return identifiers.se_person(raw) if raw else ""


def a_minute(typed: datetime) -> datetime:
    """To the minute; without a zone it is meant in the portal's."""
    there = typed if typed.tzinfo else typed.replace(tzinfo=days.zone())
    return there.replace(second=0, microsecond=0)


Minute = Annotated[datetime, AfterValidator(a_minute)]
StoodInFor = Literal["*", RoleName]


class Grant(Shape):
    person: Line = Field(title=gettext_lazy("Person"))
    role: RoleName = Field(title=gettext_lazy("Role"))
    scope: Annotated[str, Field(max_length=120)] = Field("", title=gettext_lazy("For"))


class Revoke(Grant):
    pass


class Invite(Shape):
    person: Line = Field(title=gettext_lazy("Person"))


class AskForRole(Shape):
    role: RoleName = Field(title=gettext_lazy("Role"))


class DeclineRole(AskForRole):
    person: Line = Field(title=gettext_lazy("Person"))
    note: Annotated[str, Field(max_length=500)] = Field(
        "",
        title=gettext_lazy("Why"),
        description=gettext_lazy("Told only to the person who asked."),
        json_schema_extra={"widget": "textarea"},
    )


class AddPerson(Shape):
    given: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        title=gettext_lazy("First name")
    )
    family: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        title=gettext_lazy("Last name")
    )
    email: Annotated[Line, AfterValidator(an_email)] = Field(title=gettext_lazy("E-mail"))
    phone: Annotated[Line, AfterValidator(a_mobile)] = Field("", title=gettext_lazy("Mobile"))
    personal_number: Annotated[Line, AfterValidator(a_personal_number)] = Field(
        "", title=gettext_lazy("Personal number")
    )


OfficeName = Annotated[str, Field(min_length=2, max_length=100)]


class OpenOffice(Shape):
    name: OfficeName = Field(title=gettext_lazy("Name of the office"))


class KeepOffice(Shape):
    """`office`: its number in the list of offices."""

    office: Annotated[int, Field(ge=1, lt=2**63)] = Field(title=gettext_lazy("Office"))


class RenameOffice(KeepOffice):
    name: OfficeName = Field(title=gettext_lazy("Name of the office"))


class ChangeStandIn(Shape):
    """`roles`: "*" is every role that the colleague holds."""

    stand_in: int = Field(title=gettext_lazy("Stand-in"))
    roles: Annotated[list[StoodInFor], Field(min_length=1, max_length=20)] = Field(
        ["*"], title=gettext_lazy("For which roles?")
    )
    from_at: Minute | None = Field(None, title=gettext_lazy("From"))
    until_at: Minute = Field(title=gettext_lazy("Until"))


class NameStandIn(Shape):
    """`instead_of`: oneself, unless somebody else is named; `from_at`: now, unless later."""

    instead_of: Line = Field("", title=gettext_lazy("Who is away?"))
    person: Annotated[Line, Field(min_length=1)] = Field(title=gettext_lazy("Who stands in?"))
    roles: Annotated[list[StoodInFor], Field(min_length=1, max_length=20)] = Field(
        ["*"], title=gettext_lazy("For which roles?")
    )
    from_at: Minute | None = Field(
        None,
        title=gettext_lazy("From"),
        description=gettext_lazy("Left empty: from now on."),
        json_schema_extra={"width": "half"},
    )
    until_at: Minute = Field(
        title=gettext_lazy("Until"),
        description=gettext_lazy("It ends by itself, to the minute."),
        json_schema_extra={"width": "half"},
    )


class EndStandIn(Shape):
    stand_in: int = Field(title=gettext_lazy("Stand-in"))


class Profile(Shape):
    phone: Annotated[Line, AfterValidator(a_mobile)] = Field(
        "",
        title=gettext_lazy("Mobile"),
        description=gettext_lazy(
            "Codes for attesting are sent here. A new number takes no codes the first 24 hours."
        ),
        json_schema_extra={"widget": "tel", "autocomplete": "tel", "width": "half"},
    )
    language: Literal["sv", "nb", "en"] = Field(title=gettext_lazy("Language"))
    by_sms: bool = Field(
        False, title=gettext_lazy("Send me an SMS too when something waits for me")
    )


def read(shape: type[Shape], typed: dict) -> dict:
    """What was typed as plain arguments, or Misshapen, field by field."""
    try:
        return shape.model_validate(typed).model_dump(mode="json")
    except ValidationError as error:
        raise Misshapen(
            [
                {"field": str(fault["loc"][0]), "text": words(dict(fault))}
                for fault in error.errors(include_url=False, include_input=False)
            ]
        ) from error

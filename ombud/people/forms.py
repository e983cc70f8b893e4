"""The shapes of deeds outside any case."""

from typing import Annotated, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, Field

from ombud.lib import identifiers, phones
from ombud.lib.shapes import Shape

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


def email(raw: str) -> str:
    name, at, host = raw.partition("@")
    if not (name and at and "." in host) or " " in raw:
        raise ValueError(_("Write the e-mail address as name@example.org."))
    return raw


def phone(raw: str) -> str:
    return phones.parse(raw) if raw else ""


def personal_number(raw: str) -> str:
    return identifiers.se_person(raw) if raw else ""


class Grant(Shape):
    person: Line = Field(title=gettext_lazy("Person"))
    role: RoleName = Field(title=gettext_lazy("Role"))
    scope: Annotated[str, Field(max_length=120)] = Field("", title=gettext_lazy("For"))


class Revoke(Grant):
    pass


class AddPerson(Shape):
    given: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        title=gettext_lazy("First name")
    )
    family: Annotated[str, Field(min_length=1, max_length=80)] = Field(
        title=gettext_lazy("Last name")
    )
    email: Annotated[Line, AfterValidator(email)] = Field(title=gettext_lazy("E-mail"))
    phone: Annotated[Line, AfterValidator(phone)] = Field("", title=gettext_lazy("Mobile"))
    personal_number: Annotated[Line, AfterValidator(personal_number)] = Field(
        "", title=gettext_lazy("Personal number")
    )

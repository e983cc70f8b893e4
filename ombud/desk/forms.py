"""The shapes of deeds above all flats: people come, change, go and come back."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field

from ombud.lib import identifiers
from ombud.lib.shapes import Shape
from ombud.people.forms import Line, RoleName, a_mobile, a_personal_number, an_email


def an_organisation_number(raw: str) -> str:
    return identifiers.se_org(raw)


Name = Annotated[str, Field(min_length=1, max_length=80)]
Long = Annotated[str, Field(max_length=1000)]


class NewHolder(Shape):
    """`what`: as the list of what hangs on the person names it."""

    what: Annotated[str, Field(max_length=200)] = Field(title=_("What"))
    person: Annotated[Line, Field(min_length=1)] = Field(title=_("Who takes over"))


class DeactivatePerson(Shape):
    """`to`: takes over everything that is not named in `holders`."""

    person: Annotated[Line, Field(min_length=1)] = Field(title=_("Person"))
    holders: Annotated[list[NewHolder], Field(max_length=1000)] = Field(
        [], title=_("Who takes over what")
    )
    to: Line = Field("", title=_("Who takes over the rest"))


class RestorePerson(Shape):
    person: Annotated[Line, Field(min_length=1)] = Field(title=_("Person"))


class ChangePerson(Shape):
    person: Annotated[Line, Field(min_length=1)] = Field(title=_("Person"))
    given: Name = Field(title=_("First name"), json_schema_extra={"width": "half"})
    family: Name = Field(title=_("Last name"), json_schema_extra={"width": "half"})
    email: Annotated[Line, AfterValidator(an_email)] = Field(
        title=_("E-mail"), json_schema_extra={"widget": "email"}
    )
    phone: Annotated[Line, AfterValidator(a_mobile)] = Field(
        "", title=_("Mobile"), json_schema_extra={"widget": "tel", "width": "half"}
    )


class AdmitPerson(Shape):
    registration: int = Field(title=_("Registration"))
    role: RoleName = Field(title=_("Role"))
    scope: Annotated[str, Field(max_length=120)] = Field("", title=_("For"))


class RefusePerson(Shape):
    registration: int = Field(title=_("Registration"))


class AppointAdministrator(Shape):
    number: Annotated[Line, Field(min_length=1)] = Field(
        title=_("Organisation number"), json_schema_extra={"inputmode": "numeric", "width": "half"}
    )
    given: Name = Field(title=_("First name"), json_schema_extra={"width": "half"})
    family: Name = Field(title=_("Last name"), json_schema_extra={"width": "half"})
    email: Annotated[Line, AfterValidator(an_email)] = Field(
        title=_("E-mail"), json_schema_extra={"widget": "email"}
    )
    personal_number: Annotated[Line, Field(min_length=1), AfterValidator(a_personal_number)] = (
        Field(
            title=_("Personal number"),
            description=_("Kept sealed and never shown. It lets the person log in with BankID."),
            json_schema_extra={"inputmode": "numeric", "width": "half"},
        )
    )
    grounds: Annotated[str, Field(min_length=20, max_length=2000)] = Field(
        title=_("Grounds"),
        description=_(
            "Who asked, who vouched for it and what you have seen, for instance a register extract."
            " Kept for good; the journals of both organisations say that it was done."
        ),
        json_schema_extra={"widget": "textarea"},
    )


class AskForHelp(Shape):
    note: Annotated[str, Field(min_length=10, max_length=1000)] = Field(
        title=_("What do you need help with?"), json_schema_extra={"widget": "textarea"}
    )


class SeekHelp(AskForHelp):
    contact: Annotated[str, Field(min_length=5, max_length=150)] = Field(
        title=_("How do we reach you?"), description=_("E-mail address or telephone number.")
    )


class Register(Shape):
    """What somebody who has proven by e-ID who it is says beside that."""

    number: Annotated[Line, AfterValidator(an_organisation_number)] = Field(
        title=_("Organisation number"),
        description=_("Of the organisation that you act for."),
        json_schema_extra={"inputmode": "numeric", "width": "half"},
    )
    email: Annotated[Line, AfterValidator(an_email)] = Field(
        title=_("E-mail"),
        description=_("Your own, not one that several share. A letter comes there to confirm it."),
        json_schema_extra={"widget": "email", "autocomplete": "email"},
    )
    phone: Annotated[Line, AfterValidator(a_mobile)] = Field(
        "",
        title=_("Mobile"),
        json_schema_extra={"widget": "tel", "autocomplete": "tel", "width": "half"},
    )
    right: bool = Field(False, title=_("The details are right"))

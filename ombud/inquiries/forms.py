"""The shapes of the deeds of an information request, one for page and API alike."""

from typing import Annotated, Any, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field, model_validator

from ombud.inquiries.catalogue import a_phone
from ombud.lib.shapes import Nothing, Shape

__all__ = ["Nothing"]

Line = Annotated[str, Field(max_length=150)]
Short = Annotated[str, Field(max_length=60)]
Number = Annotated[str, Field(max_length=40)]
Part = Literal["texts", "form", "terms", "pace"]


class Source(Shape):
    """The case in another system, by the link's number and the record's."""

    system: Annotated[int, Field(ge=1, le=2**53)]
    record: Annotated[str, Field(pattern=r"^[0-9]{1,18}$")]


class StartInquiry(Shape):
    """`known`: what is known of the customer, by the names that questions prefill from."""

    mobile: Number = Field(title=_("Mobile number"))
    language: Literal["sv", "nb", "en"] = "sv"
    name: Line = ""
    reference: Annotated[str, Field(max_length=60)] = ""
    known: Annotated[dict[Short, Annotated[str, Field(max_length=500)]], Field(max_length=40)] = {}
    source: Source | None = None


class Photo(Shape):
    document: UUID


class Submit(Shape):
    """`terms`: the version that was shown."""

    terms: int


class Sign(Shape):
    method: Literal["bankid"]


class Correct(Shape):
    mobile: Number = Field(
        title=_("Mobile number"),
        json_schema_extra={"inputmode": "tel", "width": "half"},
    )


class Withdraw(Shape):
    note: Annotated[str, Field(min_length=3, max_length=1000)] = Field(
        title=_("Why"),
        description=_("Kept with the request. The customer is not told."),
        json_schema_extra={"widget": "textarea", "rows": 3},
    )


class Restart(Shape):
    mobile: Number = Field(
        "",
        title=_("Mobile number"),
        description=_("As before, if you leave it as it is."),
        json_schema_extra={"inputmode": "tel", "width": "half"},
    )


def given(raw: str) -> str:
    if not raw:
        raise ValueError(_("Fill this in."))
    return a_phone(raw)


class SetUp(Shape):
    phone: Annotated[str, Field(max_length=40), AfterValidator(given)] = Field(
        title=_("The number that customers call"),
        json_schema_extra={"inputmode": "tel", "width": "half"},
    )


class SetInquiries(Shape):
    part: Part
    body: dict[str, Any]


class LinkCaller(Shape):
    name: Annotated[str, Field(min_length=1, max_length=150)] = Field(
        title=_("The name in the other system")
    )
    person: Line = Field(title=_("Person"))
    system: Annotated[int, Field(ge=0, le=2**53)] = Field(
        0, title=_("The other system"), json_schema_extra={"widget": "select"}
    )

    @model_validator(mode="after")
    def names_somebody(self):
        if not self.person:
            raise ValueError(_("Choose who it is."))
        return self

"""The shapes of the deeds of an order, one for page and API alike."""

from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import (
    AfterValidator,
    Field,
    StrictBool,
    ValidationInfo,
    field_validator,
)

from ombud.cases import placing
from ombud.lib import identifiers
from ombud.lib.shapes import Nothing, Shape
from ombud.orders import references
from ombud.orders.catalogue import FourEyes, ReferenceBody

__all__ = ["Nothing"]


def hsa_id(raw: str) -> str:
    return identifiers.hsa_id(raw)


def number(raw: str) -> str:
    return identifiers.se_org(raw) if raw else ""


Reason = Annotated[str, Field(min_length=10, max_length=2000)]
Line = Annotated[str, Field(max_length=200)]
Key = Annotated[str, Field(max_length=60)]
# Why the same person decides who prepared it, where the organisation demands to be told.
Alone = Annotated[str, Field(max_length=2000)]


class Unit(Shape):
    """A care unit by its HSA-id; case and blanks are put right."""

    hsa_id: Annotated[str, AfterValidator(hsa_id)]
    name: Line = ""


def once_each(units: list[Unit]) -> list[Unit]:
    known = [unit.hsa_id for unit in units]
    twice = sorted({one for one in known if known.count(one) > 1})
    if twice:
        raise ValueError(_("Given twice: %(units)s.") % {"units": ", ".join(twice)})
    return units


class Contact(Shape):
    name: Line = ""
    email: Line = ""
    phone: Line = ""


class Billing(Shape):
    """Where an organisation's own invoice goes; shown to nobody else but the operator."""

    reference: Line = ""
    address: Annotated[str, Field(max_length=500)] = ""
    e_invoice: Line = ""


class Draft(Shape):
    """`office`: by its number; 0 for the organisation as a whole."""

    agent: Annotated[str, AfterValidator(number)] | None = None
    source: Key | None = None
    office: Annotated[int, Field(ge=0, lt=2**63)] | None = None
    units: Annotated[list[Unit], Field(max_length=500), AfterValidator(once_each)] | None = None
    answers: dict[str, str | int | bool | None] | None = None
    contact: Contact | None = None
    billing: Billing | None = None
    attachments: Annotated[list[UUID], Field(max_length=placing.MOST)] | None = None


class StartOrder(Draft):
    offer: Annotated[Key, Field(min_length=1)]


class Save(Draft):
    offer: Annotated[Key, Field(min_length=1)] | None = None


def accepted(is_ticked: bool) -> bool:
    if not is_ticked:
        raise ValueError(_("Accept the terms."))
    return is_ticked


class Send(Shape):
    accept_terms: Annotated[StrictBool, AfterValidator(accepted)]
    terms_version: int | None = None


class Approve(Shape):
    attestant: Line = ""
    certify: StrictBool = False
    accept_terms: StrictBool = False
    billing: Billing | None = None
    note: Annotated[str, Field(max_length=2000)] = ""
    alone: Alone = ""
    method: Literal["bankid"]


class Reject(Shape):
    note: Reason
    method: Literal["bankid"]


class Attest(Shape):
    decision: Literal["approve", "reject"]
    note: Annotated[str, Field(max_length=2000, validate_default=True)] = ""
    alone: Alone = ""
    method: Literal["bankid", "sms"]

    @field_validator("note")
    @classmethod
    def a_rejection_says_why(cls, note: str, known: ValidationInfo) -> str:
        if known.data.get("decision") == "reject" and len(note) < 10:
            raise ValueError(_("Say why in at least 10 characters."))
        return note


class SendBack(Shape):
    note: Reason


class Note(Shape):
    text: Annotated[str, Field(min_length=1, max_length=4000)]


class Publish(Shape):
    thing: Literal["service", "offer", "price", "terms", "form", "chain"]
    key: Annotated[Key, Field(min_length=1)]
    body: dict


class TellAgent(Shape):
    offer: Annotated[Key, Field(min_length=1)] = Field(title=gettext_lazy("Offer"))
    agent: Annotated[Line, Field(min_length=1)] = Field(
        title=gettext_lazy("Agent"), description=gettext_lazy("The agent's organisation number.")
    )


class SetFourEyes(Shape):
    """Each step that the organisation may decide: whether who prepared the order decides too."""

    agent_review: FourEyes = Field("allow", title=gettext_lazy("Review at the agent"))
    agent_attest: FourEyes = Field("allow", title=gettext_lazy("Attest at the agent"))
    customer_attest: FourEyes = Field("allow", title=gettext_lazy("Attest at the customer"))
    operator_review: FourEyes = Field("allow", title=gettext_lazy("Review at the operator"))


class SetReference(Shape):
    """A pattern of one's own is given with an example, so that people can be told."""

    kind: Literal["any", "four", "digits", "own"] = Field(
        title=gettext_lazy("What the reference looks like")
    )
    pattern: Annotated[str, Field(max_length=100)] = Field(
        "",
        title=gettext_lazy("Pattern of your own"),
        description=gettext_lazy("A regular expression without groups, as [A-Z]{2}\\d{4}."),
        validate_default=True,
    )
    example: Line = Field(
        "",
        title=gettext_lazy("Example"),
        description=gettext_lazy("Shown to whoever fills in the reference."),
        validate_default=True,
    )

    @field_validator("pattern")
    @classmethod
    def can_be_tried(cls, given: str, info: ValidationInfo) -> str:
        if info.data.get("kind") != "own":
            return ""
        if not references.is_plain(given):
            raise ValueError(
                _("Use letters, digits, [classes] and counts in braces, nothing else.")
            )
        return given

    @field_validator("example")
    @classmethod
    def fits_the_pattern(cls, given: str, info: ValidationInfo) -> str:
        if info.data.get("kind") != "own":
            return ""
        pattern = info.data.get("pattern", "")
        if pattern and not references.fits(ReferenceBody(kind="own", pattern=pattern), given):
            raise ValueError(_("The example does not fit the pattern."))
        return given

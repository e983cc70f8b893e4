"""The shapes of what is done with a repair."""

from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from pydantic import Field

from ombud.cases.placing import MOST
from ombud.lib.shapes import Shape
from ombud.servicecases.states.repair import Side, State
from ombud.ui.forms import Choices

DEAREST = 100_000_000  # minor units


class RepairNote(Shape):
    text: Annotated[str, Field(min_length=1, max_length=4000)] = Field(
        title=_("Write a note"), json_schema_extra={"widget": "textarea"}
    )


class SetStatus(Shape):
    status: Literal["new", "in_progress", "waiting", "ready"] = Field(
        title=pgettext_lazy("repair", "How far has it come?"),
        json_schema_extra={"widget": "select"},
    )
    note: Annotated[str, Field(max_length=2000)] = Field("", title=_("Note"))


class SetPhotos(Shape):
    """These files and no others."""

    attachments: Annotated[list[UUID], Field(max_length=MOST)]


class AddLine(Shape):
    """`unit_price` without VAT, in minor units (öre); below zero takes off."""

    what: Annotated[str, Field(min_length=1, max_length=200)] = Field(title=_("What"))
    quantity: Annotated[Decimal, Field(gt=0, le=99_999, max_digits=7, decimal_places=2)] = Field(
        Decimal(1), title=_("Quantity")
    )
    unit: Annotated[str, Field(max_length=10)] = Field("", title=_("Unit"))
    unit_price: Annotated[int, Field(ge=-DEAREST, le=DEAREST)] = Field(title=_("Unit price"))
    vat: Literal[25, 12, 6, 0] = Field(25, title=_("VAT"))


class RemoveLine(Shape):
    line: Annotated[int, Field(ge=1, le=2**62)]


class ContinueIn(Shape):
    side: Literal["ombud", "agiloft"] = Field(
        title=_("Where do the case and its invoice go on?"),
    )
    reason: Annotated[str, Field(max_length=500)] = Field(
        "",
        title=_("Reason"),
        description=_("Needed only if the two systems have not been found to say the same."),
        json_schema_extra={"widget": "textarea", "rows": 2},
    )


class CloseRepair(Shape):
    outcome: Literal["closed", "cancelled"] = Field(
        "closed",
        title=_("How did it end?"),
    )
    note: Annotated[str, Field(max_length=2000)] = Field(
        "", title=_("What was done"), json_schema_extra={"widget": "textarea"}
    )


CHOICES: dict[str, Choices] = {
    "status": State.choices[:4],
    "side": Side.choices[1:],
    "outcome": [
        ("closed", pgettext_lazy("repair", "The repair is done")),
        ("cancelled", pgettext_lazy("repair", "It was cancelled")),
    ],
}

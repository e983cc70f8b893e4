"""The shapes of what is done with a service case."""

from typing import Annotated

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from ombud.lib.shapes import Shape


class Close(Shape):
    note: Annotated[str, Field(max_length=2000)] = Field(
        "",
        title=_("What was done"),
        description=_("Shown to everybody who sees the case."),
        json_schema_extra={"widget": "textarea"},
    )

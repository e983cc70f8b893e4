"""The shapes of the deeds of an engagement, one for page and API alike."""

from typing import Annotated

from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, Field, StrictBool

from ombud.lib.shapes import Nothing, Shape
from ombud.orders.forms import Attest, Contact, Key, Reason, accepted

__all__ = ["Attest", "Nothing"]

LONG = {"widget": "textarea"}
Answers = dict[str, str | int | bool | None]


class ApplyForEngagement(Shape):
    """For one service; `answers` to the questions of the operator's own form."""

    service: Annotated[Key, Field(min_length=1)]
    contact: Contact = Contact()
    answers: Answers = {}
    accept_terms: Annotated[StrictBool, AfterValidator(accepted)]
    terms_version: int | None = None


class AskOfApplicant(Shape):
    note: Reason = Field(
        title=gettext_lazy("What is missing"),
        description=gettext_lazy("Shown to the agent, who completes the application."),
        json_schema_extra=LONG,
    )


class CompleteEngagement(Shape):
    contact: Contact = Contact()
    answers: Answers = {}
    answer: Annotated[str, Field(min_length=1, max_length=2000)] = Field(
        title=gettext_lazy("Your answer"),
        description=gettext_lazy("Shown to the reviewer."),
        json_schema_extra=LONG,
    )


class RejectEngagement(Shape):
    note: Reason = Field(
        title=gettext_lazy("Why do you reject it?"),
        description=gettext_lazy("Shown to the agent."),
        json_schema_extra=LONG,
    )


class EndEngagement(Shape):
    note: Reason = Field(
        title=gettext_lazy("Why does it end?"),
        description=gettext_lazy("Shown to both parties, not to customers."),
        json_schema_extra=LONG,
    )

"""The terms that agreements are made under: settings rows of the operator, in versions."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from ombud.lib import days
from ombud.people.roles import Kind
from ombud.people.settings import Body, Said, Setting

SIDES = (Kind.CUSTOMER, Kind.AGENT)
NOTICE_MONTHS = 3  # before a change that burdens the other party holds

# What the rest of the house knows of an organisation that has signed, by the side it signed on.
STANDINGS: dict[str, str] = {Kind.CUSTOMER: "agreement", Kind.AGENT: "agent_agreement"}


class TermsBody(Body):
    """`changes` says in short what is new; `burdening`, whether it burdens the other party."""

    title: Said
    text: Said
    changes: Said = {}
    burdening: bool = False


class SigningBody(Body):
    """After how many days a signatory who has not signed is reminded, each time once."""

    reminders: list[Annotated[int, Field(ge=1, le=29)]] = Field([2, 5, 8], max_length=5)


class SigningPolicy(Setting):
    """One key, "signing", of the operator."""

    BODY = SigningBody


def reminders_of(operator: Any) -> list[int]:
    """The days, in order; what the operator has not said is the default."""
    row = SigningPolicy.objects.newest(operator, "signing")
    return sorted(set((row.read if row else SigningBody()).reminders))


class AgreementTerms(Setting):
    """One key a side: "customer", "agent"."""

    BODY = TermsBody


def earliest(burdening: bool) -> date:
    """The first day on which a version that is announced today may hold."""
    return days.months_after(days.today(), NOTICE_MONTHS) if burdening else days.today()

"""What administrators read: where orders will stop, and what has been done."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from ombud.desk import lacks, organisation, rules
from ombud.desk.api.answers import answer, page, reads
from ombud.desk.api.cases import Text, place
from ombud.desk.api.gate import actor_of
from ombud.desk.words import Scopes
from ombud.lib.errors import require
from ombud.orders.catalogue import PARTIES, FourEyes, Policy

router = Router(tags=["people"])


class Lacking(BaseModel):
    """A role that nobody can fill in a step to come; `who` can mend it. `scope` is told of your own
    organisation alone."""

    organisation: str
    number: str
    role: str
    scope: str
    who: str
    cases: list[str]


class DeadEnds(BaseModel):
    items: list[Lacking]
    next: str | None


class Noted(BaseModel):
    seq: int
    at: datetime
    verb: str
    person: str | None
    instead_of: str | None
    text: str


class Journal(BaseModel):
    items: list[Noted]
    next: str | None


class FourEyesNow(BaseModel):
    """Whether who prepared an order may decide on it, by the step."""

    steps: dict[str, FourEyes]


@router.get("/dead-ends", response=DeadEnds, openapi_extra=reads(403))
def dead_ends(request: HttpRequest) -> HttpResponse:
    """Where orders under way will stop, for want of whom: for administrators."""
    actor = actor_of(request)
    here = actor.organisation
    assert here is not None
    require(rules.read_reports(actor, here))
    return page([as_lack(one) for one in lacks.of(actor, here)], None)


def as_lack(one: lacks.Lack) -> dict:
    cases = [end.order.case.number for end in one.ends]
    named = {"organisation": one.organisation.name, "number": one.organisation.number}
    return {**named, "role": one.role, "scope": one.scope, "who": str(one.who), "cases": cases}


@router.get("/journal", response=Journal, openapi_extra=reads(403, 422))
def journal(request: HttpRequest, cursor: Text = None) -> HttpResponse:
    """What has been done in your organisation outside any case, the latest first: for its
    administrators."""
    actor = actor_of(request)
    here = actor.organisation
    assert here is not None
    require(rules.read_reports(actor, here))
    entries, further = organisation.journal(here, place(cursor), Scopes.at(here))
    return page([as_entry(one["entry"], one["text"]) for one in entries], further or None)


def as_entry(row, text: str) -> dict:
    who = str(row.person) if row.person else None
    absent = str(row.instead_of) if row.instead_of else None
    named = {"seq": row.seq, "at": row.at, "verb": row.verb}
    return {**named, "person": who, "instead_of": absent, "text": text}


@router.get("/four-eyes", response=FourEyesNow, openapi_extra=reads())
def four_eyes(request: HttpRequest) -> HttpResponse:
    """What your organisation demands of its own people, step by step."""
    here = actor_of(request).organisation
    assert here is not None
    policy = Policy.objects.of(here)
    own = [name for name, party in PARTIES.items() if party in here.kinds]
    return answer({"steps": {name: policy.at(name) for name in own}})

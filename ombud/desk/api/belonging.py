"""Who belongs to your organisation, who wants to, and what hangs on whom."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from pydantic import BaseModel

from ombud.desk import leaving, organisation, rules
from ombud.desk.api.answers import page, reads
from ombud.desk.api.gate import actor_of
from ombud.desk.leaving import Hangs
from ombud.desk.words import Scopes
from ombud.lib import identifiers
from ombud.lib.errors import require
from ombud.people.models import Office, Registration
from ombud.people.roles import Role
from ombud.ui.pieces import Option

router = Router(tags=["people"])


class HeldRole(BaseModel):
    role: str
    scope: str
    since: datetime


class Belonging(BaseModel):
    """`can_sign`: the account is tied to an e-ID; a role that signs needs one."""

    person: str
    username: str
    has_logged_in: bool
    can_sign: bool
    roles: list[HeldRole]


class People(BaseModel):
    items: list[Belonging]
    next: str | None


class Registered(BaseModel):
    """Somebody waits to be let in; the personal number is masked, as on the page."""

    id: int
    person: str
    email: str
    is_confirmed: bool
    phone: str
    personal_number: str
    at: datetime


class Registrations(BaseModel):
    items: list[Registered]
    next: str | None


class Candidate(BaseModel):
    username: str
    name: str
    allowed: bool
    why: str


class Hanging(BaseModel):
    """`what` is what `deactivate_person` is told in `holders`."""

    what: str
    title: str
    role: str
    cases: list[str]
    candidates: list[Candidate]


class KeptOffice(BaseModel):
    id: int
    name: str
    scope: str
    closed_at: datetime | None


class Offices(BaseModel):
    items: list[KeptOffice]
    next: str | None


class Hangings(BaseModel):
    items: list[Hanging]
    next: str | None


@router.get("/people", response=People, openapi_extra=reads())
def people(request: HttpRequest) -> HttpResponse:
    """Who belongs to your organisation, and which roles each of them holds."""
    here = actor_of(request).organisation
    assert here is not None
    found = organisation.people(here, Scopes.at(here))
    return page([belonging(one) for one in found], None)


@router.get("/offices", response=Offices, openapi_extra=reads())
def offices(request: HttpRequest) -> HttpResponse:
    """The offices of your organisation: a role `office:<id>` is for one of them alone."""
    here = actor_of(request).organisation
    assert here is not None
    found = [as_office(one.office) for one in organisation.offices(here)]
    return page(found, None)


def as_office(office: Office) -> dict:
    closed = {"closed_at": office.closed_at}
    return {"id": office.pk, "name": office.name, "scope": office.scope, **closed}


def belonging(one: organisation.Belongs) -> dict:
    roles = [{"role": row.role, "scope": row.scope, "since": row.since} for row in one.held]
    named = {"person": str(one.person), "username": one.person.username}
    state = {"has_logged_in": one.has_come, "can_sign": one.person.can_sign}
    return {**named, **state, "roles": roles}


@router.get("/people/registered", response=Registrations, openapi_extra=reads())
def registered(request: HttpRequest) -> HttpResponse:
    """Who has registered with your organisation and waits: for its administrators."""
    actor = actor_of(request)
    here = actor.organisation
    assert here is not None
    found = organisation.registered(here) if actor.may_wear(Role.ADMINISTRATOR) else []
    return page([as_registered(row) for row in found], None)


def as_registered(row: Registration) -> dict:
    number = row.person.personal_number
    return {
        "id": row.pk,
        "person": str(row.person),
        "email": row.email,
        "is_confirmed": row.is_confirmed,
        "phone": row.person.phone,
        "personal_number": identifiers.masked_person(number) if number else "",
        "at": row.asked_at,
    }


@router.get("/people/{str:person}/hanging", response=Hangings, openapi_extra=reads(403, 404))
def hanging(request: HttpRequest, person: str) -> HttpResponse:
    """What hangs on a person who is to be deactivated, and who can take each thing over."""
    mine = actor_of(request)
    here = mine.organisation
    assert here is not None
    actor = next((one for one in mine.faces if one.holds(Role.ADMINISTRATOR, here)), mine)
    require(rules.may_deactivate(actor, here))
    found = rules.member(here, person.replace("\0", ""))
    if found is None:
        raise Http404
    return page([shown(one, here) for one in leaving.of(here, found, actor).hangs], None)


def shown(one: Hangs, here) -> dict:
    return {
        "what": one.what,
        "title": leaving.title(one, here),
        "role": str(one.role),
        "cases": [case.number for case in one.cases],
        "candidates": [candidate(option) for option in one.options],
    }


def candidate(option: Option) -> dict:
    why = str(option.barred or option.hint or "")
    return {
        "username": option.value,
        "name": option.label,
        "allowed": not option.barred,
        "why": why,
    }

"""A case as JSON, as its reader sees it: the same envelope for every kind."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from django.db.models import Max
from django.http import Http404
from django.utils import translation
from pydantic import BaseModel

from ombud.cases import sight, turns
from ombud.cases.deeds import Deed
from ombud.cases.models import PREFIXES, Case, Matter, Turn
from ombud.cases.sight import Eyes
from ombud.desk.api.answers import ROOT
from ombud.desk.kinds import DEEDS, EDITS, FOUND_BY, WHOLE_BY
from ombud.lib.errors import Reason
from ombud.orders.engagements import affected
from ombud.orders.engagements import pages as engagements
from ombud.orders.engagements.models import Engagement
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.settings import Pinned


def found(actor: Actor, number: str, *, whole: bool = False) -> tuple[Case, Eyes]:
    """The case and how the actor sees it, with all that it points at; or it is not there. `whole`:
    with all that is shown of it."""
    finders = WHOLE_BY if whole else FOUND_BY
    kind = kind_of(number.upper())
    if finder := finders.get(kind):
        matter, eyes = finder(actor, number)
        return matter.case, eyes
    case = Case.objects.select_related(*joined(kind)).filter(number=number.upper()).first()
    eyes = sight.eyes(actor, case) if case else None
    if case is None or eyes is None:
        raise Http404
    return case, eyes


def kind_of(number: str) -> str:
    return next((kind for kind, prefix in PREFIXES.items() if number.startswith(prefix)), "")


@cache
def joined(kind: str) -> list[str]:
    """The matter of that kind, and what it points at, in the one statement that reads the case:
    those of every kind would take the database fifty times as long to plan. Settings rows are known
    already."""
    if not kind:
        return []
    model: Any = Case._meta.get_field(kind).related_model
    fields = [field for field in model._meta.fields if is_joined(field)]
    return [kind, *(f"{kind}__{field.name}" for field in fields if field.name != "case")]


def is_joined(field) -> bool:
    return field.is_relation and not isinstance(field, Pinned)


def concerned(case: Case) -> dict:
    """Whom an end of an agent's engagement concerns, or has concerned; nothing of other cases."""
    matter = case.matter
    if not isinstance(matter, Engagement) or not engagements.sees_customers(matter):
        return {}
    return {"customers": affected.counted(matter)}


def whole(case: Case, eyes: Eyes, actor: Actor) -> dict:
    waiting = turns.open_of(case)
    here = href(case.number)
    return {
        **head(case, case.matter.state, eyes.moved_at, waiting),
        "parties": [party(row) for row in case.party_set.select_related("organisation")],
        "seats": [seat(row) for row in case.seat_set.select_related("person", "organisation")],
        "actions": [
            action(deed, actor, case.matter, f"{here}/{deed.name}") for deed in DEEDS[case.kind]
        ],
        "parts": [],
        "data": case.matter.view(eyes) | concerned(case),
        "events": f"{here}/events",
        "documents": f"{here}/documents",
    }


def brief(matter: Matter) -> dict:
    """No more than where it stands after a deed (shapes.Brief)."""
    case = matter.case
    named = {"number": case.number, "kind": case.kind, "title": case.title}
    return {**named, "state": str(matter.state), "href": href(case.number)}


def head(case, state: str, moved_at: datetime, waiting: Iterable[Turn]) -> dict:
    """`case` is a Case, or a row of a list."""
    dues = [turn.due_at for turn in waiting if turn.due_at]
    return {
        "number": case.number,
        "kind": case.kind,
        "title": case.title,
        "state": str(state),
        "request": case.request or None,
        "opened_at": case.opened_at,
        "due_at": min(dues, default=None),
        "updated_at": moved_at,
        "waiting_for": [waits(turn) for turn in waiting],
        "href": href(case.number),
    }


def version(case: Case, eyes: Eyes) -> str:
    """The number of the last event that these eyes see, as an ETag."""
    last = case.events.filter(circle__in=eyes.circles).aggregate(last=Max("seq"))["last"]
    return f'"{last or 0}"'


def href(number: str) -> str:
    return f"{ROOT}/cases/{number}"


def organisation(row: Organisation) -> dict:
    return {"name": row.name, "number": row.number}


def party(row) -> dict:
    return {"organisation": organisation(row.organisation), **term(row)}


def seat(row) -> dict:
    return {"person": str(row.person), "organisation": str(row.organisation), **term(row)}


def term(row) -> dict:
    until = {"from": row.from_at, "until": row.until_at}
    return {"role": row.role, "part": row.part or None, **until}


def waits(turn: Turn) -> dict:
    return {
        "organisation": str(turn.organisation) if turn.organisation_id else None,
        "role": turn.role,
        "person": str(turn.person) if turn.person else None,
        "part": turn.part or None,
        "since": turn.since,
        "due_at": turn.due_at,
    }


def action(deed: Deed, actor: Actor, matter: Matter | Organisation | None, where: str) -> dict:
    """A deed with what bars it; a signed deed with no way of signing open is barred too."""
    at = () if matter is None else (matter,)
    ways = deed.ways(actor, *at) if deed.signed_by else {}
    is_open = [method for method, bars in ways.items() if not bars]
    reasons = deed.reasons(actor, *at)
    if not reasons and ways and not is_open:
        reasons = [bar for bars in ways.values() for bar in bars]
    return {
        "name": deed.name,
        "label": str(deed.label),
        "method": "POST",
        "href": where,
        "schema": schema(deed.shape, translation.get_language()),
        "signed": is_open or list(ways) or list(deed.signed_by),
        "edits": deed.name in EDITS,
        "allowed": not reasons,
        "reasons": [said(reason) for reason in reasons],
        "part": None,
    }


def said(reason: Reason) -> dict:
    return reason.as_json()


@cache
def schema(shape: type[BaseModel], language: str) -> dict[str, Any]:
    """What a deed takes, as JSON Schema; titles in the reader's language."""
    return shape.model_json_schema()

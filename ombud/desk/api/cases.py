"""Cases: the list, the one, its events and its documents."""

import enum
from typing import Annotated, Any

from django.db.models import OuterRef, Subquery
from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from ombud.cases import lists, timeline, turns
from ombud.cases.models import Case, Sight, Turn
from ombud.desk.api import envelope, files, shapes
from ombud.desk.api.answers import PAGE, answer, page, reads
from ombud.desk.api.gate import actor_of
from ombud.lib.errors import misshapen
from ombud.lib.shapes import is_keepable, plain
from ombud.people import keys
from ombud.people.actors import Actor

router = Router(tags=["cases"])

LONGEST = 200
ROUNDS = 10  # pages of turns that are looked through for one filtered page


def states_of(kind: str) -> list[str]:
    model: Any = Case._meta.get_field(kind).related_model
    return [value for value, _ in model._meta.get_field("state").choices]


STATES = list(dict.fromkeys(state for kind in Case.Kind.values for state in states_of(kind)))


def given(value: Any) -> Any:
    """A parameter that stands there empty is not given."""
    return None if value == "" else value


def keepable(value: str | None) -> str | None:
    if value and (len(value) > LONGEST or not is_keepable(value)):
        raise ValueError(plain(""))
    return value


def one_of(values: list[str]) -> Any:
    known: Any = enum.StrEnum("Known", values)  # type: ignore[misc]
    told = WithJsonSchema({"type": "string", "enum": ["", *values]})
    return Annotated[known | None, BeforeValidator(given), told]


Text = Annotated[
    str | None,
    BeforeValidator(given),
    AfterValidator(keepable),
    WithJsonSchema({"type": "string", "maxLength": LONGEST}),
]
Kind: Any = one_of(list(Case.Kind.values))
State: Any = one_of(STATES)
Mine = Annotated[bool | None, BeforeValidator(given), WithJsonSchema({"type": "boolean"})]


@router.get("/cases", response=shapes.Cases, by_alias=True, openapi_extra=reads(422))
def cases(
    request: HttpRequest,
    kind: Kind = None,
    state: State = None,
    q: Text = None,
    mine: Mine = None,
    cursor: Text = None,
) -> HttpResponse:
    """The cases that you see, the latest moved first; with mine=true those that wait for you, the
    most urgent first."""
    actor = actor_of(request)
    find = waiting if mine else seen
    rows, further = find(actor, kind and kind.value, state and state.value, q or "", cursor or "")
    return page(rows, further)


def seen(actor: Actor, kind, state, q: str, cursor: str) -> tuple[list[dict], str | None]:
    require_place(lists.read_cursor(cursor), cursor)
    states = narrowed(kind, state)
    if states == []:
        return [], None
    found = lists.of(actor, states=states or (), words=q, cursor=cursor, limit=PAGE)
    waiting = turns_of([row.case_id for row in found.rows])
    rows = [
        envelope.head(row, row.state, row.moved_at, waiting.get(row.case_id, []))
        for row in found.rows
    ]
    return rows, found.next


def narrowed(kind: str | None, state: str | None) -> list[str] | None:
    """The states as Sight keeps them; None is all, an empty list is none."""
    if not (kind or state):
        return None
    kinds = [kind] if kind else list(Case.Kind.values)
    return [f"{k}.{s}" for k in kinds for s in states_of(k) if state in (None, s)]


def waiting(actor: Actor, kind, state, q: str, cursor: str) -> tuple[list[dict], str | None]:
    """What waits for the actor; a page that a filter thins out is filled from the next ones."""
    require_place(turns.read_cursor(cursor), cursor)
    rows: list[dict] = []
    further: str | None = cursor
    for _ in range(ROUNDS):
        mine, further = turns.of(actor, words=q, cursor=further or "", limit=PAGE - len(rows))
        heads = heads_of(actor, list(dict.fromkeys(row.case_id for row in mine)))
        rows += [row for row in heads if fits(row, kind, state)]
        if further is None or len(rows) >= PAGE:
            break
    return rows, further


def fits(row: dict, kind: str | None, state: str | None) -> bool:
    return kind in (None, row["kind"]) and state in (None, row["state"])


def heads_of(actor: Actor, case_ids: list[int]) -> list[dict]:
    """The heads of cases that wait for somebody, in the given order, in one statement."""
    sights = Sight.objects.filter(case=OuterRef("case"), key__in=list(keys.of(actor)))
    latest = sights.order_by("-moved_at")
    found = turns_of(
        case_ids,
        state=Subquery(latest.values("state")[:1]),
        moved_at=Subquery(latest.values("moved_at")[:1]),
    )
    heads = []
    for rows in (found.get(case_id, []) for case_id in case_ids):
        first: Any = next(iter(rows), None)
        if first and first.moved_at:
            state = first.state.partition(".")[2]
            heads.append(envelope.head(first.case, state, first.moved_at, rows))
    return heads


def turns_of(case_ids: list[int], **more) -> dict[int, list[Turn]]:
    """Whom each case waits for, in one statement."""
    rows = Turn.objects.filter(case__in=case_ids, until=None, shadow=False)
    rows = rows.select_related("case", "organisation", "person").annotate(**more)
    found: dict[int, list[Turn]] = {}
    for row in rows.order_by("case", "part", "pk"):
        found.setdefault(row.case_id, []).append(row)
    return found


def require_place(place, cursor: str) -> None:
    """A cursor is one of ours, or it is wrong."""
    if cursor and (place is None or not 0 <= place[1] < 2**63):
        raise misshapen(cursor=plain(""))


@router.get("/cases/{slug:number}", response=shapes.Case, by_alias=True, openapi_extra=reads(404))
def case(request: HttpRequest, number: str) -> HttpResponse:
    """The whole case as you see it. Its ETag is the number of the last event that you see."""
    return show(request, number)


def show(request: HttpRequest, number: str, status: int = 200, **headers: str) -> HttpResponse:
    actor = actor_of(request)
    row, eyes = envelope.found(actor, number, whole=True)
    tag = envelope.version(row, eyes)
    return answer(envelope.whole(row, eyes, actor), status, ETag=tag, **headers)


@router.get("/cases/{slug:number}/events", response=shapes.Events, openapi_extra=reads(404, 422))
def events(request: HttpRequest, number: str, cursor: Text = None) -> HttpResponse:
    """What happened, the first first."""
    row, eyes = envelope.found(actor_of(request), number)
    after = place(cursor)
    rows = list(timeline.of(row, eyes).filter(seq__gt=after)[: PAGE + 1])
    further = str(rows[PAGE - 1].seq) if len(rows) > PAGE else None
    return page([timeline.as_json(event) for event in rows[:PAGE]], further)


@router.get(
    "/cases/{slug:number}/documents", response=shapes.Documents, openapi_extra=reads(404, 422)
)
def documents(request: HttpRequest, number: str, cursor: Text = None) -> HttpResponse:
    """Its files, the first first."""
    row, eyes = envelope.found(actor_of(request), number)
    rows = row.document_set.filter(circle__in=eyes.circles, pk__gt=place(cursor))
    found = list(rows.select_related("person", "organisation", "case").order_by("pk")[: PAGE + 1])
    further = str(found[PAGE - 1].pk) if len(found) > PAGE else None
    return page([files.shown(one) for one in found[:PAGE]], further)


def place(cursor: str | None) -> int:
    """Where a numbered list goes on."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 18):
        raise misshapen(cursor=plain(""))
    return int(cursor or 0)

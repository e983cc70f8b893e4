"""Whose turn it is: the one source of "waits for me", its counts and its list."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from ombud.cases import titles
from ombud.cases.models import Case, Turn
from ombud.lib.counts import CAP
from ombud.people import keys
from ombud.people.actors import Key
from ombud.people.models import Person

Held = dict[str, list[Key]]  # keys as keys.of gives them


@dataclass(frozen=True)
class Mine:
    """One thing that waits for the reader."""

    case_id: int
    number: str
    kind: str
    title: str
    part: str
    role: str
    scope: str
    since: datetime
    due_at: datetime | None
    key: str
    instead_of: Person | None = None


# A turn s that the bearer u of a key may take: neither the reader nor whose place is taken is
# among those who may not. The list, the count and the tally ask the same.
MAY = "NOT s.not_persons && ARRAY[u.me, u.face]"

SQL = f"""
SELECT k.id, k.number, k.kind, {{title}}, t.part, t.role, t.scope, t.since, t.due_at, t.key, t.face
FROM (SELECT DISTINCT ON (x.due, x.case_id, x.part) x.*, u.face
  FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) u(key, me, face) CROSS JOIN LATERAL (
    SELECT s.*, coalesce(s.due_at, 'infinity') AS due FROM cases_turn s
    WHERE s.key = u.key AND s.until IS NULL AND {MAY} {{after}}
    ORDER BY s.due_at, s.case_id LIMIT %s) x
  ORDER BY x.due, x.case_id, x.part, u.face <> u.me LIMIT %s) t
JOIN cases_case k ON k.id = t.case_id
{{words}}
ORDER BY t.due, t.case_id, t.part"""


def of(
    actor, *, words: str = "", cursor: str = "", limit: int = 25
) -> tuple[list[Mine], str | None]:
    """What waits for the actor, in person or by role: the late first, then by due time."""
    held = keys.of(actor)
    after, values = "", list[Any](bearers(actor, held))
    if place := read_cursor(cursor):
        after = "AND (coalesce(s.due_at, 'infinity'), s.case_id) > (%s::timestamptz, %s)"
        values += place
    found = f"WHERE ({titles.EVERY} || ' ' || k.number) ILIKE %s" if words else ""
    most = limit + 1 if not words else 2000
    values += [most, most]
    if words:
        values.append(f"%{escaped(words)}%")
    rows = read(SQL.format(after=after, words=found, title=titles.sql()), values)
    mine = [as_mine(row, actor, held) for row in rows]
    further = write_cursor(mine[limit - 1]) if len(mine) > limit else None
    return mine[:limit], further


def count(actor) -> int:
    """How many wait for the actor, up to CAP + 1."""
    return tally({0: keys.of(actor)}, actor.person).get(0, 0)


# How many wait under each hat, up to CAP + 1; its four values go in as `worn` gives them.
TALLY = f"""SELECT hat, least(count(*), {CAP + 1}) FROM (
  SELECT DISTINCT u.hat, x.case_id, x.part
  FROM unnest({{hats}}::bigint[], {{keys}}::text[], {{mes}}::bigint[], {{faces}}::bigint[])
    u(hat, key, me, face)
  CROSS JOIN LATERAL (SELECT s.case_id, s.part FROM cases_turn s
      WHERE s.key = u.key AND s.until IS NULL AND {MAY} LIMIT {CAP + 1}) x) t GROUP BY hat"""

AS_JSON = f"(SELECT json_agg(json_build_array(n.hat, n.least)) FROM ({TALLY}) n)"
PLACES = {"hats": "%s", "keys": "%s", "mes": "%s", "faces": "%s"}


def tally(hats: dict[int, Held], me: Person | None) -> dict[int, int]:
    """How many wait under each of several hats, each up to CAP + 1, in one query."""
    return dict(read(TALLY.format(**PLACES), worn(hats, me)))


def worn(hats: dict[int, Held], me: Person | None) -> list[list]:
    """What TALLY asks for."""
    rows = [(hat, *one) for hat, held in hats.items() for one in bearing(me, held)]
    return [[row[place] for row in rows] for place in range(4)]


def bearers(actor, held: Held) -> list[list]:
    """Who bears each key of an actor, column by column: the key, the person, and whose rights."""
    rows = bearing(actor.person, held)
    return [[row[place] for row in rows] for place in range(3)]


def bearing(me: Person | None, held: Held) -> list[tuple[str, int, int]]:
    """Each key to a turn, the person, and whose rights; none under a wider one of the same rights,
    where every turn stands too."""
    mine = me.pk if me else 0
    rows = [
        (key, mine, face)
        for key in keys.called(held)
        for face in dict.fromkeys(
            why.instead_of.pk if why.instead_of else mine for why in held[key]
        )
    ]
    borne = {(key, face) for key, _mine, face in rows}
    return [row for row in rows if not any((key, row[2]) in borne for key in keys.wider(row[0]))]


def open_of(case: Case) -> list[Turn]:
    """Whom the case waits for, told once each."""
    rows = case.turn_set.filter(until=None, shadow=False)
    return list(rows.select_related("organisation", "person").order_by("part", "pk"))


def is_mine(turn: Turn, actor) -> bool:
    """Whether the actor can act now: holds a key to the turn, and is not barred from it."""
    held = keys.of(actor)
    barred = set(turn.not_persons)
    return any(
        not barred & {me, face}
        for key in names(turn)
        for _key, me, face in bearing(actor.person, {key: held.get(key, [])})
    )


def is_barred(turn: Turn, actor) -> bool:
    """Whether the actor holds the role that is waited for, and is barred all the same."""
    held = keys.of(actor)
    return any(key in held for key in names(turn)) and not is_mine(turn, actor)


def stood_in(turn: Turn, actor) -> Person | None:
    """The colleague in whose place alone the actor can act."""
    held = keys.of(actor) if actor.wardrobe.colleagues else {}
    faces = [why.instead_of or actor.person for key in names(turn) for why in held.get(key, [])]
    able = [face for face in faces if face.pk not in turn.not_persons]
    return able[0] if able and actor.person not in able else None


def names(turn: Turn) -> list[str]:
    if turn.organisation_id is None or turn.person_id or not turn.key:
        return [turn.key]
    return keys.prefixes(keys.turn, turn.organisation_id, turn.role, turn.scope)


def read(sql: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def as_mine(row: Any, actor, held: Held) -> Mine:
    *plain, face = row
    place = in_place(actor, held, plain[-1], face)
    return Mine(*plain, instead_of=place)  # type: ignore[misc]


def in_place(actor, held: Held, key: str, face: int) -> Person | None:
    """Whose place is taken: the own right goes first."""
    if face == actor.person.pk:
        return None
    return next(why.instead_of for why in held[key] if why.instead_of and why.instead_of.pk == face)


def escaped(words: str) -> str:
    return words.strip().replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def write_cursor(row: Mine) -> str:
    due = row.due_at.isoformat() if row.due_at else "infinity"
    return base64.urlsafe_b64encode(json.dumps([due, row.case_id]).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> list | None:
    """A cursor that was not ours starts from the beginning."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        due, case_id = json.loads(base64.urlsafe_b64decode(padded.encode()))
        known = due if due == "infinity" else datetime.fromisoformat(due).isoformat()
        return [known, int(case_id)]
    except (ValueError, TypeError):
        return None

"""Whose turn it is: the one source of "waits for me", its counts and its list."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from ombud.cases.models import Case, Turn
from ombud.lib.counts import CAP
from ombud.people import keys
from ombud.people.models import Person


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


SQL = """
SELECT k.id, k.number, k.kind, k.title, t.part, t.role, t.scope, t.since, t.due_at, t.key
FROM (SELECT DISTINCT ON (x.due, x.case_id, x.part) x.* FROM unnest(%s::text[]) u(key)
  CROSS JOIN LATERAL (
    SELECT s.*, coalesce(s.due_at, 'infinity') AS due FROM cases_turn s
    WHERE s.key = u.key AND s.until IS NULL {after}
    ORDER BY s.due_at, s.case_id LIMIT %s) x
  ORDER BY x.due, x.case_id, x.part LIMIT %s) t
JOIN cases_case k ON k.id = t.case_id
{words}
ORDER BY t.due, t.case_id, t.part"""


def of(
    actor, *, words: str = "", cursor: str = "", limit: int = 25
) -> tuple[list[Mine], str | None]:
    """What waits for the actor, in person or by role: the late first, then by due time."""
    held = keys.of(actor)
    after, values = "", list[Any]([list(held)])
    if place := read_cursor(cursor):
        after = "AND (coalesce(s.due_at, 'infinity'), s.case_id) > (%s::timestamptz, %s)"
        values += place
    found = "WHERE (k.title || ' ' || k.number) ILIKE %s" if words else ""
    most = limit + 1 if not words else 2000
    values += [most, most]
    if words:
        values.append(f"%{escaped(words)}%")
    rows = read(SQL.format(after=after, words=found), values)
    mine = [as_mine(row, held) for row in rows]
    further = write_cursor(mine[limit - 1]) if len(mine) > limit else None
    return mine[:limit], further


def count(actor) -> int:
    """How many wait for the actor, up to CAP + 1."""
    return tally({0: list(keys.of(actor))}).get(0, 0)


def tally(hats: dict[int, list[str]]) -> dict[int, int]:
    """How many wait under each of several hats, each up to CAP + 1, in one query."""
    names = [(hat, key) for hat, held in hats.items() for key in held]
    sql = """SELECT hat, count(*) FROM (
        SELECT DISTINCT u.hat, x.case_id, x.part FROM unnest(%s::bigint[], %s::text[]) u(hat, key)
        CROSS JOIN LATERAL (SELECT s.case_id, s.part FROM cases_turn s
            WHERE s.key = u.key AND s.until IS NULL LIMIT %s) x) t GROUP BY hat"""
    rows = read(sql, [[hat for hat, _ in names], [key for _, key in names], CAP + 1])
    return {hat: min(number, CAP + 1) for hat, number in rows}


def open_of(case: Case) -> list[Turn]:
    """Whom the case waits for, told once each."""
    rows = case.turn_set.filter(until=None, shadow=False)
    return list(rows.select_related("organisation", "person").order_by("part", "pk"))


def is_mine(turn: Turn, actor) -> bool:
    held = keys.of(actor)
    if turn.organisation_id is None:  # a guest's
        return turn.key in held
    names = keys.prefixes(keys.turn, turn.organisation_id, turn.role, turn.scope)
    return any(key in held for key in ([turn.key] if turn.person_id else names))


def read(sql: str, values: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def as_mine(row: Any, held) -> Mine:
    whys = held[row[-1]]
    own = any(why.instead_of is None for why in whys)
    return Mine(*row, instead_of=None if own else whys[0].instead_of)  # type: ignore[misc]


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

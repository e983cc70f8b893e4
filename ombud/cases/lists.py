"""Lists of cases: they walk Sight key by key, newest first, a page at a time."""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from ombud.cases import titles
from ombud.lib.counts import CAP
from ombud.people import keys

HITS = 500  # full-text hits looked at
MOST = 2000  # cases looked at when a list is sorted otherwise than by when they moved


class Row(NamedTuple):
    """One case in a list, as its reader sees it."""

    case_id: int
    number: str
    kind: str
    state: str
    title: str
    request: str
    opened_at: datetime
    moved_at: datetime
    is_new: bool
    more: tuple = ()


@dataclass(frozen=True)
class Extra:
    """What an upper floor wants beside each case `k` of a page, in the same statement: columns and
    the joins they need, with the values of both in their order."""

    columns: str
    joins: str
    values: tuple = ()


@dataclass(frozen=True)
class Sort:
    """Another order than the latest moved first, among the MOST that moved latest: SQL of the case
    `k`, its sight `t` and what Extra joins; pages are counted."""

    by: str
    offset: int = 0


@dataclass(frozen=True)
class Page:
    rows: list[Row]
    next: str | None
    capped: bool = False  # there are more than a sorted list looks at


def of(
    actor,
    *,
    states: Iterable[str] = (),
    words: str = "",
    updated: bool = False,
    only: Iterable[str] | None = None,
    cursor: str = "",
    limit: int = 25,
    extra: Extra | None = None,
    sort: Sort | None = None,
) -> Page:
    """`states` as Sight keeps them ("order.draft"); `only` narrows the actor's keys."""
    held = keys.sighted(key for key in keys.of(actor) if only is None or key in set(only))
    person = actor.person.pk if actor.person else 0
    after = None if sort else read_cursor(cursor)
    return Query(held, list(states), words, updated, person, after, limit, extra, sort).page()


def count(actor, **narrowed) -> int:
    """How many, up to CAP + 1."""
    return len(of(actor, limit=CAP + 1, **narrowed).rows)


@dataclass
class Query:
    held: list[str]
    states: list[str]
    words: str
    updated: bool
    person: int
    after: tuple[str, int] | None
    limit: int
    extra: Extra | None = None
    sort: Sort | None = None
    filled: bool = False
    total: int = 0  # of a sorted list, up to MOST + 1

    def page(self) -> Page:
        shown = self.rows()[: self.limit]
        if not (self.filled and shown):
            return Page(shown, None, self.total > MOST)
        further = str(self.sort.offset + self.limit) if self.sort else write_cursor(shown[-1])
        return Page(shown, further, self.total > MOST)

    def rows(self) -> list[Row]:
        if not self.held:
            return []
        sql, values = self.sql()
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            found = cursor.fetchall()
        self.filled = len(found) > self.limit
        if self.sort and found:
            self.total = found[0][TOTAL]
            found = [(*row[:TOTAL], *row[TOTAL + 1 :]) for row in found]
        return [as_row(row) for row in found]

    def sql(self) -> tuple[str, list]:
        """One lateral walk a key (and state), merged, each case once under its latest key."""
        values: list = [self.held]
        within, more = "", ""
        if self.states:
            within = "CROSS JOIN unnest(%s::text[]) v(state)"
            values.append(self.states)
            more += " AND s.state = v.state"
        else:
            more += HIDDEN
        if self.after:
            more += " AND (s.moved_at, s.case_id) < (%s::timestamptz, %s)"
            values += self.after
        if self.words:
            more += f" AND s.case_id IN ({FOUND})"
            values += [
                tsquery(self.words),
                [quoted(key) for key in self.held],
                number_of(self.words),
            ]
        if self.updated:
            more += NOT_SEEN
            values.append(self.person)
        values += [self.held, self.person]
        columns, joins, more_values = "", "", tuple[Any, ...]()
        if self.extra:
            columns, joins = f", {self.extra.columns}", self.extra.joins
            more_values = self.extra.values
        said = {"within": within, "more": more, "title": titles.sql(), **self.order()}
        return WALK.format(**said, columns=columns, joins=joins), [*more_values, *values]

    def order(self) -> dict[str, Any]:
        """How many are walked, and in which order what was found is told."""
        latest = "t.moved_at DESC, t.case_id DESC"
        if self.sort is None:
            return {"limit": self.limit + 1, "total": "", "order": latest}
        page = f"LIMIT {self.limit + 1} OFFSET {min(self.sort.offset, MOST)}"
        order = f"{self.sort.by}, {latest} {page}"
        return {"limit": MOST + 1, "total": ", count(*) OVER ()", "order": order}


TOTAL = 9  # the place of a sorted list's count in its rows
FOUND = """SELECT case_id FROM (SELECT case_id FROM cases_findable
    WHERE document @@ (to_tsquery('simple', %s) && array_to_string(%s::text[], ' | ')::tsquery)
    LIMIT 500) hits UNION ALL SELECT id FROM cases_case WHERE number = %s"""

# What was thrown away is listed only where its state is asked for.
HIDDEN = " AND s.state NOT LIKE '%%.discarded'"

NOT_SEEN = """ AND NOT EXISTS (SELECT 1 FROM cases_seen l
    WHERE l.person_id = %s AND l.case_id = s.case_id AND l.at >= s.moved_at)"""

WALK = """
SELECT k.id, k.number, k.kind, t.state, {title}, k.request, k.opened_at, t.moved_at,
       l.at IS NULL OR l.at < t.moved_at{total}{columns}
FROM (SELECT m.moved_at, m.case_id, m.state FROM (
    SELECT x.* FROM unnest(%s::text[]) u(key) {within} CROSS JOIN LATERAL (
        SELECT s.key, s.moved_at, s.case_id, s.state FROM cases_sight s WHERE s.key = u.key {more}
        ORDER BY s.moved_at DESC, s.case_id DESC LIMIT {limit}) x
    ORDER BY x.moved_at DESC, x.case_id DESC, x.key OFFSET 0) m
  WHERE NOT EXISTS (SELECT 1 FROM cases_sight d WHERE d.case_id = m.case_id
      AND d.key = ANY(%s) AND (d.moved_at, d.key) > (m.moved_at, m.key) OFFSET 0)
  LIMIT {limit}) t
JOIN cases_case k ON k.id = t.case_id
LEFT JOIN cases_seen l ON l.case_id = k.id AND l.person_id = %s
{joins}
ORDER BY {order}"""


def as_row(row: tuple) -> Row:
    case_id, number, kind, state, title, request, opened_at, moved_at, is_new, *more = row
    name = state.partition(".")[2]
    return Row(
        case_id, number, kind, name, title, request, opened_at, moved_at, is_new, tuple(more)
    )


def tsquery(words: str) -> str:
    """Every word, the last letters of each open: "sven nor" finds "Svensson Nord"."""
    plain = "".join(letter if letter.isalnum() else " " for letter in words.lower()).split()
    return " & ".join(f"{word}:*" for word in plain[:8]) or "''"


def quoted(key: str) -> str:
    escaped = key.replace("\\", "\\\\").replace("'", "''")
    return f"'{escaped}'"


def number_of(words: str) -> str:
    """A pasted number, with blanks, in lower case or with a trailing stop."""
    return "".join(words.split()).strip(".,").upper()[:20]


def write_cursor(row: Row) -> str:
    plain = json.dumps([row.moved_at.isoformat(), row.case_id])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, int] | None:
    """A cursor that was not ours starts from the beginning."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        moved_at, case_id = json.loads(base64.urlsafe_b64decode(padded.encode()))
        return datetime.fromisoformat(moved_at).isoformat(), int(case_id)
    except (ValueError, TypeError):
        return None

"""Who sees what: the one table, its keys and its one query.

The only writer of Sight. A list walks Sight key by key; it never asks Case.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from ombud.cases.models import BRIEF, CASE, Case
from ombud.lib import clock, live, rows
from ombud.people import keys
from ombud.people.actors import Key
from ombud.people.terms import CURRENT


@dataclass(frozen=True)
class Eyes:
    """How an actor sees one case: through which keys, and into which circles."""

    keys: tuple[str, ...]
    circles: frozenset[str]
    moved_at: datetime
    roles: frozenset[str] = field(default_factory=frozenset)

    def see(self, circle: str) -> bool:
        return circle in self.circles


def eyes(actor, case: Case) -> Eyes | None:
    """None where no key opens: for this actor the case does not exist."""
    held = keys.of(actor)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, circles, moved_at FROM cases_sight WHERE case_id = %s AND key = ANY(%s)",
            [case.pk, list(held)],
        )
        return opened(cursor.fetchall(), held)


def opened(rows: list[tuple[str, list[str], datetime]], held: dict[str, list[Key]]) -> Eyes | None:
    """What these rows of Sight (key, circles, moved at) let see; every way to a case ends here."""
    if not rows:
        return None
    return Eyes(
        keys=tuple(key for key, *_ in rows),
        circles=frozenset(circle for _, circles, _ in rows for circle in circles),
        moved_at=max(moved_at for *_, moved_at in rows),
        roles=frozenset(why.role for key, *_ in rows for why in held[key]),
    )


def wanted(case: Case) -> dict[str, list[str]]:
    """What Sight should hold of a case: each key with the circles it sees."""
    found: dict[str, set[str]] = {}
    for how, whose, one, role, scope, circles in rows.asked(
        TERMS, {"case": case.pk, "now": clock.now()}
    ):
        for key in opening(how, whose, one, role, scope):
            found.setdefault(key, {BRIEF, CASE}).update(circles)
    return {key: sorted(circles) for key, circles in found.items()}


def opening(how: str, whose: int, one: int, role: str, scope: str) -> list[str]:
    if how == "party":
        return keys.prefixes(keys.party, whose, role, scope)
    return [keys.seat(one, whose) if how == "seat" else keys.guest(one)]


# A pass that has run out opens no door, and need not be taken out of Sight at that moment.
TERMS = f"""SELECT 'party', organisation_id, 0, role, scope, circles FROM cases_party t
WHERE case_id = %(case)s AND {CURRENT.format("t")}
UNION ALL SELECT 'seat', organisation_id, person_id, role, '', circles FROM cases_seat t
WHERE case_id = %(case)s AND {CURRENT.format("t")}
UNION ALL SELECT 'pass', 0, id, '', '', circles FROM cases_pass
WHERE case_id = %(case)s AND revoked_at IS NULL"""


def project(case: Case, state: str, circle: str, words: str, told: list[int]) -> None:
    """Write anew who sees the case and by which words it is found, after a party or a seat has
    come or gone; it moves as in `move`. Words are those of the circle `case`: whoever can open the
    case may read them."""
    known = wanted(case)
    asked = asking(case, state, circle, told)
    asked |= {"rows": json.dumps(known), "keys": list(known)}
    asked |= {"words": f"{case.number} {case.request} {words}"}
    with connection.cursor() as cursor:
        cursor.execute(PROJECT, asked)


def move(case: Case, state: str, circle: str, told: list[int]) -> None:
    """Something happened in a circle: it moves for the keys that see it, and the pages of whoever
    holds one of them are woken once the transaction is through; so are those of who was told."""
    with connection.cursor() as cursor:
        cursor.execute(MOVE, asking(case, state, circle, told))


def asking(case: Case, state: str, circle: str, told: list[int]) -> dict[str, Any]:
    named = {"case": case.pk, "number": case.number, "state": f"{case.kind}.{state}"}
    return {**named, "circle": circle, "now": clock.now(), "told": told, "channel": live.CHANNEL}


WAKE = """SELECT pg_notify(%(channel)s, json_build_object('keys', coalesce(json_agg(key)
  FILTER (WHERE key IS NOT NULL), '[]'), 'people', %(told)s::bigint[], 'number', %(number)s::text,
  'what', 'case')::text) FROM moved"""
MOVE = f"""WITH moved AS (UPDATE cases_sight SET state = %(state)s,
    moved_at = CASE WHEN %(circle)s = ANY(circles) THEN %(now)s ELSE moved_at END
  WHERE case_id = %(case)s RETURNING CASE WHEN %(circle)s = ANY(circles) THEN key END AS key)
{WAKE}"""
PROJECT = f"""WITH gone AS (DELETE FROM cases_sight
    WHERE case_id = %(case)s AND key <> ALL(%(keys)s)),
  found AS (INSERT INTO cases_findable (case_id, document)
    VALUES (%(case)s, to_tsvector('simple', %(words)s) || array_to_tsvector(%(keys)s::text[]))
    ON CONFLICT (case_id) DO UPDATE SET document = excluded.document),
  moved AS (INSERT INTO cases_sight (case_id, key, state, moved_at, circles)
    SELECT %(case)s, key, %(state)s, %(now)s, ARRAY(SELECT jsonb_array_elements_text(circles))
    FROM jsonb_each(%(rows)s::jsonb) AS row (key, circles)
    ON CONFLICT (case_id, key) DO UPDATE SET circles = excluded.circles, state = excluded.state,
      moved_at = CASE WHEN %(circle)s = ANY(excluded.circles) THEN excluded.moved_at
        ELSE cases_sight.moved_at END
    RETURNING CASE WHEN %(circle)s = ANY(circles) THEN key END AS key)
{WAKE}"""


def forget(key: str) -> None:
    """A key that opens nothing any more, in no case."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_sight WHERE key = %s", [key])


def check(case: Case) -> bool:
    """Whether Sight says of a case what Party, Seat and Pass say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, circles FROM cases_sight WHERE case_id = %s", [case.pk])
        kept = {key: sorted(circles) for key, circles in cursor.fetchall()}
    return kept == wanted(case)


def check_held(case: Case) -> bool:
    """Once more while nobody can write: the case may have gone on between the two looks."""
    with transaction.atomic():
        return check(Case.objects.locked(case))


def check_all(progress: Callable[[int], None] = lambda done: None) -> str | None:
    """The number of the first case whose Sight is not what it should be."""
    for done, case in enumerate(Case.objects.order_by("pk").iterator(), start=1):
        if not check(case) and not check_held(case):
            return case.number
        progress(done)
    return None

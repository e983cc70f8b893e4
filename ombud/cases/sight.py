"""Who sees what: the one table, its keys and its one query.

The only writer of Sight. A list walks Sight key by key; it never asks Case.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection

from ombud.cases.models import BRIEF, CASE, Case
from ombud.lib import clock
from ombud.people import keys
from ombud.people.actors import Key


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
    guests = case.pass_set.unrevoked()  # one that has run out opens no door
    rows: list[Any] = [*case.party_set.current(), *case.seat_set.current(), *guests]
    for row in rows:
        for key in row.opening():
            found.setdefault(key, {BRIEF, CASE}).update(row.circles)
    return {key: sorted(circles) for key, circles in found.items()}


def project(case: Case, state: str) -> list[str]:
    """Write anew who sees the case, after a party or a seat has come or gone. Its keys."""
    rows = wanted(case)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM cases_sight WHERE case_id = %s AND key <> ALL(%s)", [case.pk, list(rows)]
        )
        cursor.execute(
            """INSERT INTO cases_sight (case_id, key, state, moved_at, circles)
            SELECT %s, key, %s, %s, ARRAY(SELECT jsonb_array_elements_text(circles))
            FROM jsonb_each(%s::jsonb) AS row (key, circles)
            ON CONFLICT (case_id, key) DO UPDATE SET circles = excluded.circles""",
            [case.pk, f"{case.kind}.{state}", clock.now(), json.dumps(rows)],
        )
    return list(rows)


def move(case: Case, state: str, circle: str) -> list[str]:
    """Something happened in a circle: it moves for the keys that see it. The keys it moved for."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE cases_sight SET state = %s,
                moved_at = CASE WHEN %s = ANY(circles) THEN %s ELSE moved_at END
            WHERE case_id = %s RETURNING CASE WHEN %s = ANY(circles) THEN key END""",
            [f"{case.kind}.{state}", circle, clock.now(), case.pk, circle],
        )
        return [key for (key,) in cursor.fetchall() if key]


def check(case: Case) -> bool:
    """Whether Sight says of a case what Party, Seat and Pass say."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT key, circles FROM cases_sight WHERE case_id = %s", [case.pk])
        kept = {key: sorted(circles) for key, circles in cursor.fetchall()}
    return kept == wanted(case)


def check_all(progress: Callable[[int], None] = lambda done: None) -> str | None:
    """The number of the first case whose Sight is not what it should be."""
    for done, case in enumerate(Case.objects.order_by("pk").iterator(), start=1):
        if not check(case):
            return case.number
        progress(done)
    return None

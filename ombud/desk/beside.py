"""What a list tells of each case beside what Sight knows: its customer, and who has the ball."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from ombud.cases import turns
from ombud.cases.lists import Extra, Row, Sort
from ombud.desk import words
from ombud.desk.frame import Frame
from ombud.lib import days
from ombud.people import roles

COLUMNS = """coalesce(c.name, a.name, nullif(d.company, ''), d.given || ' ' || d.family),
  CASE WHEN b.role IS NULL THEN '' ELSE coalesce(h.name, a.name) END, b.role,
  concat_ws(' ', b.given, b.family), b.due_at"""
JOINS = """LEFT JOIN servicecases_servicecase w ON w.case_id = k.id
LEFT JOIN orders_order o ON o.case_id = coalesce(w.origin_id, k.id)
LEFT JOIN engagements_engagement e ON e.case_id = k.id
LEFT JOIN people_organisation c ON c.id = coalesce(o.customer_id, e.agent_id)
LEFT JOIN agreements_agreement a ON a.case_id = k.id
LEFT JOIN servicecases_repair r ON r.case_id = k.id
LEFT JOIN servicecases_card d ON d.id = r.card_id
LEFT JOIN LATERAL (SELECT s.organisation_id, s.role, s.due_at, p.given, p.family FROM cases_turn s
    LEFT JOIN people_person p ON p.id = s.person_id
    WHERE s.case_id = k.id AND s.until IS NULL AND NOT s.shadow ORDER BY s.part, s.id LIMIT 1) b
  ON true
LEFT JOIN people_organisation h ON h.id = b.organisation_id"""
TALLY = turns.AS_JSON.format(**turns.PLACES)


# Other orders than the latest moved first; a state stands where it comes in the life of a case.
ALONG = ", ".join(
    f"'{kind}.{state}'" for kind, states in words.STATE_NAMES.items() for state in states
)
SORTS = {
    "opened": "k.opened_at",
    "title": "lower(k.title)",
    "customer": "c.sort_key",
    "state": f"array_position(ARRAY[{ALONG}], t.state::text)",
    "due": "b.due_at",
}


def sort(asked: str, cursor: str) -> Sort | None:
    """By "title", or the other way round by "-title"; none is the latest moved first."""
    name = asked.removeprefix("-")
    if name not in SORTS:
        return None
    way = "DESC" if asked.startswith("-") else "ASC"
    return Sort(f"{SORTS[name]} {way} NULLS LAST", int(cursor) if cursor.isdecimal() else 0)


def known_sort(asked: str) -> str:
    return asked if asked.removeprefix("-") in SORTS else ""


def sorts(asked: str) -> list[tuple[str, str]]:
    """To choose from, the latest moved first apart; and how it is sorted now, by a header."""
    return _sorts(get_language(), asked)


@lru_cache
def _sorts(_language: str | None, asked: str) -> list[tuple[str, str]]:
    known = [
        ("-opened", _("Opened last")),
        ("opened", _("Opened first")),
        ("title", _("Service")),
        ("customer", pgettext("column", "Customer")),
        ("state", pgettext("column", "State")),
        ("due", _("By when")),
    ]
    named = dict(known)
    if asked and asked not in named:
        backwards = _("%(what)s, from the end") % {"what": named[asked.removeprefix("-")]}
        known.append((asked, backwards))
    return known


class Beside(NamedTuple):
    customer: str
    organisation: str
    role: str
    person: str
    due_at: datetime | None

    @property
    def ball(self) -> str:
        """Who has the ball: organisation, and the person chosen or the role."""
        if not self.organisation:
            return ""
        who = self.person or roles.label(self.role)
        return _("%(organisation)s: %(who)s") % {"organisation": self.organisation, "who": who}

    @property
    def is_late(self) -> bool:
        return bool(self.due_at and days.is_late(self.due_at))


def wanted(frame: Frame) -> Extra:
    """For a list of cases: what stands beside each, and what the frame counts, in one statement."""
    return Extra(f"{COLUMNS}, {TALLY}", JOINS, tuple(turns.worn(frame.held, frame.actor.person)))


def known(frame: Frame, rows: Iterable[Row]) -> list[Beside]:
    """What was wanted, row by row; the frame gets its counts."""
    found = []
    for row in rows:
        customer, organisation, role, person, due_at, counts = row.more
        frame.know(counts)
        found.append(Beside(customer or "", organisation or "", role or "", person, due_at))
    return found

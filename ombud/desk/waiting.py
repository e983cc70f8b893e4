"""What waits for somebody, as the pages list it: with the deed, the customer and the service.

It walks the same turns by the same keys as the count in the frame (turns.tally).
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from ombud.cases import titles, turns
from ombud.desk.frame import Frame
from ombud.people import keys, ways
from ombud.people.models import Person
from ombud.people.settings import said

LIMIT = 25
MOST = 2000  # turns looked at when a list is searched, filtered or sorted otherwise than by due

SQL = f"""
WITH waits AS (
  SELECT DISTINCT ON (x.due, x.case_id, x.part) x.*, u.face
  FROM unnest(%(keys)s::text[], %(mes)s::bigint[], %(faces)s::bigint[]) u(key, me, face)
  CROSS JOIN LATERAL (
    SELECT s.*, coalesce(s.due_at, 'infinity') AS due FROM cases_turn s
    WHERE s.key = u.key AND s.until IS NULL AND {turns.MAY}
      AND (coalesce(s.due_at, 'infinity'), s.case_id) > (%(due)s::timestamptz, %(after)s)
    ORDER BY s.due_at, s.case_id LIMIT %(most)s) x
  ORDER BY x.due, x.case_id, x.part, u.face <> u.me LIMIT %(most)s)
SELECT t.case_id, k.number, k.kind, {{title}}, t.part, t.role, t.since, t.due_at, t.key, t.face,
       coalesce(c.name, a.name, nullif(cc.company, ''), cc.given || ' ' || cc.family),
       coalesce(c.number, a.number), v.key, v.body -> 'name', d.deed,
       {{tally}}
FROM waits t
JOIN cases_case k ON k.id = t.case_id
LEFT JOIN servicecases_servicecase w ON w.case_id = k.id
LEFT JOIN orders_order o ON o.case_id = coalesce(w.origin_id, k.id)
LEFT JOIN agreements_agreement a ON a.case_id = k.id
LEFT JOIN servicecases_repair rr ON rr.case_id = k.id
LEFT JOIN servicecases_card cc ON cc.id = rr.card_id
LEFT JOIN engagements_engagement e ON e.case_id = k.id
LEFT JOIN people_organisation c ON c.id = coalesce(o.customer_id, e.agent_id)
LEFT JOIN orders_service v ON v.id = coalesce(o.service_id, e.service_id)
LEFT JOIN orders_chain h ON h.id = o.chain_id
LEFT JOIN LATERAL (SELECT CASE WHEN k.kind = 'engagement' THEN CASE e.state
  WHEN 'operator_review' THEN 'review' WHEN 'agent_attest' THEN 'attest' ELSE 'complete' END
  WHEN k.kind <> 'order' THEN 'handle'
  WHEN o.state = 'case_open' THEN 'start' WHEN o.state = 'connecting' THEN 'report_connected'
  ELSE (SELECT s ->> 'deed' FROM jsonb_array_elements(h.body -> 'steps') s
    WHERE s ->> 'state' = o.state) END AS deed) d ON true
WHERE (%(q)s = ''
       OR {{every}} || ' ' || k.number || ' ' || coalesce(c.name, a.name, '') ILIKE %(like)s
       OR k.number = %(number)s)
  AND (%(service)s = '' OR v.key = %(service)s)
  AND (%(customer)s = '' OR coalesce(c.number, a.number) = %(customer)s)
  AND (%(deed)s = '' OR d.deed = %(deed)s)
ORDER BY {{order}} LIMIT %(limit)s OFFSET %(offset)s"""

OPTIONS = f"""
SELECT DISTINCT v.key, v.body -> 'name', c.number, c.name
FROM unnest(%s::text[], %s::bigint[], %s::bigint[]) u(key, me, face)
CROSS JOIN LATERAL (SELECT s.case_id FROM cases_turn s
  WHERE s.key = u.key AND s.until IS NULL AND {turns.MAY} LIMIT 2000) t
LEFT JOIN servicecases_servicecase w ON w.case_id = t.case_id
JOIN orders_order o ON o.case_id = coalesce(w.origin_id, t.case_id)
JOIN people_organisation c ON c.id = o.customer_id
JOIN orders_service v ON v.id = o.service_id"""

SORTS = {
    "due": "t.due, t.case_id, t.part",
    "since": "t.since, t.case_id, t.part",
    "title": "lower({title}), t.due, t.case_id, t.part",
    "customer": "c.sort_key, t.due, t.case_id, t.part",
    "deed": "d.deed, t.due, t.case_id, t.part",
}


@dataclass(frozen=True)
class Asked:
    """How the reader wants the list; every part stands in the address."""

    q: str = ""
    service: str = ""
    customer: str = ""
    deed: str = ""
    sort: str = "due"
    cursor: str = ""

    @classmethod
    def of(cls, query) -> "Asked":
        names = ("q", "service", "customer", "deed", "sort", "cursor")
        plain = {name: ways.said_in(query, name) for name in names}
        known = plain["sort"].removeprefix("-") in SORTS
        return cls(**{**plain, "sort": plain["sort"] if known else "due"})

    @property
    def filters(self) -> int:
        return sum(bool(one) for one in (self.service, self.customer, self.deed))

    @property
    def is_narrowed(self) -> bool:
        return bool(self.q or self.filters)

    @property
    def is_plain(self) -> bool:
        return not self.is_narrowed and self.sort == "due"


@dataclass(frozen=True)
class Waits:
    """One thing that waits for the reader."""

    case_id: int
    number: str
    kind: str
    title: str
    part: str
    role: str
    since: datetime
    due_at: datetime | None
    key: str
    customer: str
    customer_number: str
    service: str
    service_name: str
    deed: str
    instead_of: Person | None = None


TALLY = turns.AS_JSON.format(
    hats="%(hats)s", keys="%(hat_keys)s", mes="%(hat_mes)s", faces="%(hat_faces)s"
)


def of(actor, asked: Asked, frame: Frame | None = None) -> tuple[list[Waits], str]:
    """A page of it, the late first; and the cursor of the next. The frame gets its counts."""
    held = keys.of(actor)
    if not held:
        return [], ""
    place = turns.read_cursor(asked.cursor) if asked.is_plain else None
    offset = int(asked.cursor) if asked.cursor.isdigit() and not asked.is_plain else 0
    sql = SQL.format(**words_of(asked), tally=TALLY if frame else "NULL")
    names = ("hats", "hat_keys", "hat_mes", "hat_faces")
    worn = dict(zip(names, turns.worn(frame.held if frame else {}, actor.person), strict=True))
    rows = ask(sql, values(actor, asked, held, place, offset) | worn)
    if frame and rows:
        frame.know(rows[0][-1])
    found = [as_waits(row[:-1], actor, held) for row in rows]
    if len(found) <= LIMIT:
        return found, ""
    last: Any = found[LIMIT - 1]
    further = turns.write_cursor(last) if asked.is_plain else str(offset + LIMIT)
    return found[:LIMIT], further


def words_of(asked: Asked) -> dict[str, str]:
    """What stands in the SQL for the reader's language and order."""
    title = titles.sql()
    by = order(asked.sort).format(title=title)
    return {"title": title, "every": titles.EVERY, "order": by}


def order(sort: str) -> str:
    """SORTS' words, the first of them turned round for "-due" and its like."""
    first, _comma, rest = SORTS[sort.removeprefix("-")].partition(",")
    return f"{first} DESC NULLS LAST,{rest}" if sort.startswith("-") else f"{first},{rest}"


def values(actor, asked: Asked, held, place, offset: int) -> dict:
    due, after = place or ("-infinity", 0)
    return {
        **dict(zip(("keys", "mes", "faces"), turns.bearers(actor, held), strict=True)),
        "due": due,
        "after": after,
        "most": LIMIT + 1 if asked.is_plain else MOST,
        "q": asked.q,
        "like": f"%{turns.escaped(asked.q)}%",
        "number": "".join(asked.q.split()).strip(".,").upper(),
        "service": asked.service,
        "customer": asked.customer,
        "deed": asked.deed,
        "limit": LIMIT + 1,
        "offset": min(offset, MOST),
    }


def options(actor) -> dict[str, list[tuple[str, str]]]:
    """The services and customers among what waits, to filter by."""
    services, customers = {}, {}
    for key, name, number, customer in ask(OPTIONS, turns.bearers(actor, keys.of(actor))):
        services[key], customers[number] = said(as_words(name)), customer
    by_name = {"key": lambda pair: pair[1].casefold()}
    return {
        "services": sorted(services.items(), **by_name),
        "customers": sorted(customers.items(), **by_name),
    }


def options_in(rows: list[Waits]) -> dict[str, list[tuple[str, str]]]:
    """The same from a list that is shown whole: nothing more is asked."""
    services = {row.service: row.service_name for row in rows if row.service}
    customers = {row.customer_number: row.customer for row in rows if row.customer}
    return {"services": list(services.items()), "customers": list(customers.items())}


def as_waits(row: Any, actor, held) -> Waits:
    *plain, face, customer, number, service, name, deed = row
    return Waits(
        *plain,  # type: ignore[misc]
        customer=customer or "",
        customer_number=number or "",
        service=service or "",
        service_name=said(as_words(name)),
        deed=deed or "handle",
        instead_of=turns.in_place(actor, held, plain[8], face),
    )


def as_words(name) -> dict:
    return json.loads(name) if isinstance(name, str) else name or {}


def ask(sql: str, given) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchall()

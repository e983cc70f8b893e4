"""An order as its reader meets it, with all that its page shows: found, or it does not exist.

In SQL of our own: a page reads this at every visit, and wording it anew costs more than asking.
"""

from datetime import datetime
from uuid import UUID

from django.http import Http404

from ombud.cases import sight, turns
from ombud.cases.models import Case, Document, Turn
from ombud.cases.sight import Eyes
from ombud.lib import rows
from ombud.orders.models import Approval, Order
from ombud.people import keys
from ombud.people.actors import Actor
from ombud.people.models import Organisation, Person
from ombud.people.rules import ADMINISTRATORS, administering, name_administrators
from ombud.signing.models import Signature

LONG = ("document", "snapshot", "claims")

# What an order points at, by the name of its field and of the alias.
POINTED: dict[str, type] = {
    "case": Case,
    "customer": Organisation,
    "operator": Organisation,
    "agent": Organisation,
    "orderer": Person,
    "attestant": Person,
    "copied_from": Case,
}
ALIAS = {name: f"a_{name}" for name in POINTED}
COLUMNS = ", ".join(rows.columns(model, ALIAS[name]) for name, model in POINTED.items())
ORDER = f"""SELECT {rows.columns(Order, "o")}, {COLUMNS},
  (SELECT json_agg(json_build_object('key', s.key, 'circles', s.circles, 'moved_at', s.moved_at))
    FROM cases_sight s WHERE s.case_id = o.case_id AND s.key = ANY(%(keys)s)),
  (SELECT json_agg(d ORDER BY d.id) FROM (SELECT id, key, content, circle, name, media_type, size,
    sha256, person_id, organisation_id, at FROM cases_document
    WHERE case_id = o.case_id AND circle <> '') d) {{beside}}
FROM cases_case a_case JOIN orders_order o ON o.case_id = a_case.id
JOIN people_organisation a_customer ON a_customer.id = o.customer_id
JOIN people_organisation a_operator ON a_operator.id = o.operator_id
JOIN people_person a_orderer ON a_orderer.id = o.orderer_id
LEFT JOIN people_organisation a_agent ON a_agent.id = o.agent_id
LEFT JOIN people_person a_attestant ON a_attestant.id = o.attestant_id
LEFT JOIN cases_case a_copied_from ON a_copied_from.id = o.copied_from_id
WHERE a_case.number = %(number)s"""

# What stands beside an order, as rows of plain facts; circles are looked at by whoever shows them.
BESIDE = {
    "turns": """(SELECT json_agg(t ORDER BY t.id) FROM (SELECT id, organisation_id, role, scope,
        person_id, not_persons, since, due_at, key FROM cases_turn
        WHERE case_id = o.case_id AND until IS NULL AND NOT shadow) t)""",
    "notes": """(SELECT json_agg(n ORDER BY n.at, n.id) FROM (SELECT m.id, m.circle, m.at, m.body,
        m.person_id, p.given, p.family, g.name AS organisation FROM cases_message m
        JOIN people_person p ON p.id = m.person_id
        JOIN people_organisation g ON g.id = m.organisation_id WHERE m.case_id = o.case_id) n)""",
    # Who of the actor's own organisation was told what, and how the mail fared; `is_over` is for
    # those that called the actor.
    "told": """(SELECT json_agg(n ORDER BY n.id) FROM (SELECT n.id, n.circle, n.words, n.at,
        (SELECT state FROM post_letter WHERE key = 'notice:' || n.id || ':email'
          AND key <> '') AS mail, p.given, p.family,
        CASE WHEN n.calls AND n.person_id = %(person)s THEN n.over_at IS NOT NULL END AS is_over
        FROM people_notice n JOIN people_person p ON p.id = n.person_id
        WHERE n.case_number = a_case.number AND n.organisation_id = %(organisation)s) n)""",
    # The customer-service cases that came of the order, if the actor sees them.
    "cases": """(SELECT json_agg(w ORDER BY w.id) FROM (SELECT k.id, w.state, k.number
        FROM servicecases_servicecase w JOIN cases_case k ON k.id = w.case_id
        WHERE w.origin_id = o.case_id AND EXISTS (SELECT 1 FROM cases_sight s
          WHERE s.case_id = w.case_id AND s.key = ANY(%(keys)s))) w)""",
    # What was signed, and came to nothing.
    "vain": """(SELECT json_agg(g.id) FROM signing_signature g
        WHERE g.case_id = o.case_id AND g.status = 'failed' AND g.signed_at IS NOT NULL)""",
    "administrators": f"""(SELECT json_agg(json_build_array(a.place, a.name)) FROM ({
        ADMINISTRATORS.replace("%(here)s", "ARRAY[o.customer_id, o.operator_id, o.agent_id]")
    }) a (place, name))""",
    # What waits under each of the reader's hats, which the frame of the page counts.
    "tally": turns.AS_JSON.format(
        hats="%(hats)s", keys="%(hat_keys)s", mes="%(hat_mes)s", faces="%(hat_faces)s"
    ),
    "looked_at": """(SELECT at FROM cases_seen
        WHERE case_id = o.case_id AND person_id = %(person)s)""",
    "unread": """(SELECT count(*) FROM people_notice WHERE case_number = a_case.number
        AND person_id = %(person)s AND organisation_id = %(organisation)s AND read_at IS NULL)""",
}
WORN = ("hats", "hat_keys", "hat_mes", "hat_faces")
LISTS = ("turns", "notes", "told", "cases", "vain", "administrators", "tally")
ALONE = ORDER.format(beside="")
WHOLE = ORDER.format(beside="".join(f", {sql}" for sql in BESIDE.values()))


def of(actor: Actor, number: str) -> tuple[Order, Eyes]:
    """The order and its reader's eyes, in one statement, then its approvals."""
    order, eyes, _more = seen(actor, number, ALONE, {})
    return order, eyes


def whole(actor: Actor, number: str, hats: dict | None = None) -> tuple[Order, Eyes]:
    """As `of`, in as many statements; also turns, notes, letters and linked cases. `hats`: the keys
    under each of the reader's, where the page counts what waits."""
    order, eyes, more = seen(actor, number, WHOLE, hats or {})
    for name, value in zip(BESIDE, more, strict=True):
        setattr(order, name, (value or []) if name in LISTS else value)
    parties = [order.customer, order.operator, order.agent]
    named = dict(zip(BESIDE, more, strict=True))["administrators"] or []
    name_administrators([party for party in parties if party], named)
    return order, eyes


def seen(actor: Actor, number: str, sql: str, hats: dict) -> tuple[Order, Eyes, tuple]:
    held = keys.of(actor)
    here = actor.organisation.pk if actor.organisation else None
    person = actor.person.pk if actor.person else None
    asked = {"keys": list(held), "number": number.upper(), "organisation": here, "person": person}
    worn = zip(WORN, turns.worn(hats, actor.person), strict=True)
    found = rows.asked(sql, {**asked, **administering(), **dict(worn)})
    width = rows.width(Order) + sum(map(rows.width, POINTED.values()))
    eyes = sight.opened(sights(found[0][width]), held) if found else None
    if eyes is None:
        raise Http404
    order = made(found[0][:width])
    order.read_at = order.case.head_seq
    order.attached = [attached(order, row) for row in found[0][width + 1] or []]
    know_road(order)
    return order, eyes, found[0][width + 2 :]


def made(values: tuple) -> Order:
    """The order with what it points at."""
    at = rows.width(Order)
    order = rows.made(Order, values[:at])
    for name, model in POINTED.items():
        there, at = values[at : at + rows.width(model)], at + rows.width(model)
        setattr(order, name, None if there[0] is None else rows.made(model, there))
    return order


def attached(order: Order, row: dict) -> Document:
    read = {"key": UUID(row["key"]), "content": UUID(row["content"]), "at": moment(row["at"])}
    return Document(case=order.case, loose_at=None, **{**row, **read})


def sights(found: list[dict] | None) -> list[tuple[str, list[str], datetime]]:
    return [
        (row["key"], row["circles"], datetime.fromisoformat(row["moved_at"])) for row in found or []
    ]


# The road, with whom and how: its long signed texts are left where they are.

BY = {"organisation": Organisation, "person": Person, "decided_by": Person, "instead_of": Person}
ROAD = f"""SELECT {rows.columns(Approval, "v")},
  {", ".join(rows.columns(model, f"a_{name}") for name, model in BY.items())},
  {rows.columns(Signature, "s", LONG)}
FROM orders_approval v
JOIN people_organisation a_organisation ON a_organisation.id = v.organisation_id
LEFT JOIN people_person a_person ON a_person.id = v.person_id
LEFT JOIN people_person a_decided_by ON a_decided_by.id = v.decided_by_id
LEFT JOIN people_person a_instead_of ON a_instead_of.id = v.instead_of_id
LEFT JOIN signing_signature s ON s.id = v.signature_id
WHERE v.order_id = %s ORDER BY v.id"""


def know_road(order: Order) -> None:
    """Read its approvals, so that nobody asks for them again."""
    order.known_road = [approval(order, row) for row in rows.asked(ROAD, [order.pk])]


def approval(order: Order, values: tuple) -> Approval:
    at = rows.width(Approval)
    row = rows.made(Approval, values[:at])
    row.order = order
    for name, model in BY.items():
        there, at = values[at : at + rows.width(model)], at + rows.width(model)
        setattr(row, name, None if there[0] is None else rows.made(model, there))
    if values[at] is not None:
        row.signature = rows.made(Signature, values[at:], LONG)
    return row


def turn_of(order: Order) -> Turn | None:
    """The turn that is open, out of what `whole` found."""
    found = getattr(order, "turns", None) or []
    if not found:
        return None
    plain = {**found[0], "since": moment(found[0]["since"]), "due_at": moment(found[0]["due_at"])}
    return Turn(case=order.case, **plain)


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None

"""Who stands in for whom, as pages and programs show it; and the brief for whoever stands in."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404
from django.urls import reverse

from ombud.cases import lists, titles
from ombud.desk import waiting
from ombud.lib import clock, rows
from ombud.lib.counts import CAP
from ombud.people import keys, standing_in
from ombud.people.actors import Actor
from ombud.people.models import Organisation, Person, StandIn
from ombud.people.stand_ins import Away

MOST = 50


@dataclass(frozen=True)
class Shown:
    """One stand-in, as the reader meets it."""

    row: StandIn
    is_mine: bool  # the reader stands in
    is_for_me: bool

    @property
    def roles(self) -> str:
        return standing_in.role_words(self.row.roles)

    @property
    def href(self) -> str:
        return reverse("desk:stand_in", args=[self.row.pk])

    @property
    def brief(self) -> str:
        is_open = self.is_mine and self.row.has_begun and not self.row.is_over
        return reverse("desk:brief", args=[self.row.pk]) if is_open else ""


def of(organisation: Organisation, reader: Person) -> list[Shown]:
    """Those under way and to come, the next to end first."""
    found = StandIn.objects.at(organisation).unended()
    return [as_shown(row, reader) for row in found.order_by("until_at", "pk")]


def as_shown(row: StandIn, reader: Person) -> Shown:
    return Shown(row, row.person_id == reader.pk, row.instead_of_id == reader.pk)


def away(shown: list[Shown]) -> dict[int, str]:
    """Who of them is away now, in words, by person."""
    rows = [one.row for one in shown if one.row.has_begun]
    return {row.instead_of_id: Away(row.until_at, str(row.person)).words for row in rows}


def mine(actor: Actor) -> list[Shown]:
    """Those whom the actor stands in for now; asked only where there are any."""
    if not actor.wardrobe.colleagues or actor.person is None or actor.organisation is None:
        return []
    found = StandIn.objects.at(actor.organisation).current().filter(person=actor.person)
    return [as_shown(row, actor.person) for row in found]


def found(actor: Actor, pk: int) -> StandIn:
    """Of the organisation acted for; elsewhere there is none."""
    row = StandIn.objects.at(actor.organisation).filter(pk=pk).first() if actor.person else None
    if row is None:
        raise Http404
    return row


# The brief


@dataclass(frozen=True)
class Happened:
    """One thing that has happened since, in a case seen in the colleague's place."""

    number: str
    kind: str
    title: str
    seq: int
    verb: str
    at: datetime
    who: str
    is_new: bool

    @property
    def href(self) -> str:
        return f"{reverse('desk:case', args=[self.number])}#event-{self.seq}"


@dataclass(frozen=True)
class Brief:
    """What whoever stands in must know: what waits, what falls due, what has happened."""

    row: StandIn
    open: list[waiting.Waits]
    due: list[waiting.Waits]
    happened: list[Happened]
    unread: int


def brief(actor: Actor, row: StandIn) -> Brief:
    """Only for whoever stands in, and only while it lasts."""
    if row.person != actor.person or not row.has_begun or row.is_over:
        raise Http404
    held = keys_for(actor, row)
    waits = open_for(actor, held)
    now, until = clock.now(), row.until_at
    dues = [one for one in waits if one.due_at and until and now <= one.due_at <= until]
    moved = lists.of(actor, updated=True, only=held, limit=CAP).rows if held else []
    unread = [one for one in moved if one.moved_at >= row.from_at]
    return Brief(row, waits, dues, since(actor, held, row.from_at), len(unread))


def keys_for(actor: Actor, row: StandIn) -> dict[str, Any]:
    """The actor's keys that come of this colleague."""
    return {
        key: theirs
        for key, whys in keys.of(actor).items()
        if (theirs := [why for why in whys if why.instead_of == row.instead_of])
    }


def open_for(actor: Actor, held: dict[str, Any]) -> list[waiting.Waits]:
    if not held:
        return []
    asked = waiting.Asked()
    sql = waiting.SQL.format(**waiting.words_of(asked), tally="NULL")
    values = waiting.values(actor, asked, held, None, 0) | {"most": MOST, "limit": MOST}
    return [waiting.as_waits(row[:-1], actor, held) for row in waiting.ask(sql, values)]


HAPPENED = """SELECT k.number, k.kind, {title}, e.seq, e.verb, e.at,
  coalesce(p.given || ' ' || p.family, ''), l.at IS NULL OR l.at < e.at
FROM (SELECT s.case_id, array_agg(DISTINCT c) AS circles
  FROM unnest(%(keys)s::text[]) u(key)
  JOIN cases_sight s ON s.key = u.key AND s.moved_at >= %(since)s
  CROSS JOIN LATERAL unnest(s.circles) c GROUP BY s.case_id) seen
JOIN cases_case k ON k.id = seen.case_id
JOIN cases_event e ON e.case_id = k.id AND e.at >= %(since)s AND e.circle = ANY(seen.circles)
  AND e.verb NOT LIKE '%%.signed'
LEFT JOIN people_person p ON p.id = e.person_id
LEFT JOIN cases_seen l ON l.case_id = k.id AND l.person_id = %(person)s
ORDER BY e.at DESC, e.id DESC LIMIT %(most)s"""


def since(actor: Actor, held: dict[str, Any], begun: datetime) -> list[Happened]:
    """What has happened since it began, the newest first, each within the reader's circles."""
    if not held or actor.person is None:
        return []
    asked = {"keys": list(held), "since": begun, "person": actor.person.pk, "most": MOST}
    return [Happened(*row) for row in rows.asked(HAPPENED.format(title=titles.sql()), asked)]

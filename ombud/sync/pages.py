"""What the pages of ledgers and links show."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.http import Http404
from django.utils.dateparse import parse_datetime

from ombud.cases import sight, timeline
from ombud.cases.models import Case
from ombud.people.models import Entry, Organisation
from ombud.sync import ledger, rules, wording
from ombud.sync.columns import label
from ombud.sync.models import Field, Link, System
from ombud.sync.states import CIRCLE, Direction, Side, State

MOST = 100


def shown_once(entry: Entry) -> dict[str, str]:
    """The secret that a deed has just made, for whoever did it; nobody is shown it again."""
    row = System.objects.get(pk=entry.data["system"])
    return {"webhook_url": row.hook_url, "state_key": row.state_key}


def mark(row: System) -> str:
    """Which secret it has, without telling it."""
    return row.hook_index[:16]


def found(actor, number: str) -> tuple[Case, sight.Eyes]:
    """A case whose ledger the actor sees, or it does not exist."""
    case = Case.objects.select_related("portal").filter(number=number.upper()).first()
    eyes = sight.eyes(actor, case) if case else None
    if case is None or eyes is None or not eyes.see(CIRCLE):
        raise Http404
    return case, eyes


@dataclass(frozen=True)
class Row:
    """One field in the table."""

    name: str
    label: str
    here: str
    there: str
    agreed: str
    direction: str
    state: str
    tone: str
    why: str
    is_conflict: bool
    is_taken_over: bool
    id: str = ""


@dataclass(frozen=True)
class Shown:
    """A ledger as it is read."""

    link: Link
    sentences: list[str]
    tone: str
    rows: list[Row]
    state: State
    is_dead: bool
    frozen: str

    @property
    def is_choosing(self) -> bool:
        """Whether somebody has to say which side is right, and may say theirs."""
        return any(row.is_conflict and row.is_taken_over for row in self.rows)


def books(case: Case) -> list[Shown]:
    return [shown(book) for book in ledger.books(case)]


def shown(book: ledger.Book) -> Shown:
    frozen = str(Side(book.link.frozen).label) if book.link.frozen else ""
    return Shown(
        link=book.link,
        sentences=wording.state(book),
        tone=wording.TONES[book.state],
        rows=[row_of(book.link, row) for row in book.rows],
        state=book.state,
        is_dead=bool(book.counts[State.DEAD]),
        frozen=frozen,
    )


def row_of(link: Link, row: Field) -> Row:
    def said(told: str | None) -> str:
        return wording.value(link, row.name, told)

    return Row(
        name=row.name,
        label=label(row.name),
        here=said(row.ours),
        there=said(row.theirs),
        agreed=said(row.agreed),
        direction=str(Direction(row.direction).label),
        state=str(wording.LET_STAND if row.is_let_stand else row.state.label),
        tone="neutral" if row.is_let_stand else wording.TONES[row.state],
        why=wording.error(row),
        is_conflict=row.state == State.CONFLICT,
        is_taken_over=row.direction != Direction.OUT,
        id=row.name,
    )


def history(case: Case, eyes: sight.Eyes) -> list[dict]:
    """What happened to the ledger, the newest first."""
    rows = timeline.of(case, eyes).filter(circle=CIRCLE).order_by("-seq")[:MOST]
    told = [{"event": row, "text": wording.happened(row), "words": error_in(row)} for row in rows]
    return [row for row in told if row["text"]]


def error_in(event) -> str:
    return wording.said(str(timeline.words_of(event).get("error", "")))


@dataclass
class Told:
    """A link to another system in the list."""

    system: System
    counts: dict[str, int] = field(default_factory=dict)


def systems(organisation: Organisation) -> list[Told]:
    """Every link with how many of its fields wait, differ and have failed: one query."""
    waits = Q(links__fields__is_pending=True, links__fields__dead_at=None)
    rows = System.objects.filter(organisation=organisation).order_by("name", "pk")
    counted = rows.annotate(
        waiting=Count("links__fields", filter=waits & Q(links__fields__is_conflict=False)),
        differing=Count("links__fields", filter=Q(links__fields__is_conflict=True)),
        dead=Count("links__fields", filter=Q(links__fields__dead_at__isnull=False)),
    )
    names = ("waiting", "differing", "dead")
    return [Told(row, {name: getattr(row, name) for name in names}) for row in counted]


def system_of(actor, pk: int) -> System:
    """A link that the actor keeps, or it does not exist."""
    here = actor.organisation
    if here is None or rules.keeps(actor, here):
        raise Http404
    row = rules.of(here, pk)
    if row is None:
        raise Http404
    return row


@dataclass(frozen=True)
class Check:
    label: str
    ok: bool
    text: str
    at: datetime | None


def checks(system: System) -> list[Check]:
    return [
        Check(
            wording.check(one["name"]),
            bool(one["ok"]),
            wording.outcome(one["why"], one["code"]),
            parse_datetime(one["at"]),
        )
        for one in system.checks
    ]


@dataclass(frozen=True)
class Dead:
    """What could not be written; whoever keeps the link sees what and why, and the case itself only
    with a key to it."""

    number: str
    label: str
    why: str
    at: Any
    is_seen: bool


def dead(actor, system: System) -> list[Dead]:
    rows = Field.objects.dead().filter(link__system=system).select_related("link__case")
    found = list(rows.order_by("-dead_at")[:MOST])
    cases = {row.link.case_id for row in found}
    seen = set(Case.objects.visible_to(actor).filter(pk__in=cases).values_list("pk", flat=True))
    return [
        Dead(
            row.link.case.number,
            label(row.name),
            wording.error(row),
            row.dead_at,
            row.link.case_id in seen,
        )
        for row in found
    ]

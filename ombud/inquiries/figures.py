"""How requests fare: how many are answered, how fast, and by which version of the texts."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ombud.inquiries.states import State
from ombud.lib import clock, days, rows
from ombud.people import keys
from ombud.people.actors import Actor

WEEKS = 12
SIGNED = [State.APPLIED, State.COMPLETED]
# What the actor sees, without those that came to nothing before a message went.
SEEN = """SELECT i.* FROM inquiries_inquiry i WHERE i.first_at IS NOT NULL AND EXISTS (
  SELECT 1 FROM cases_sight s WHERE s.case_id = i.case_id AND s.key = ANY(%(keys)s))"""
TOTAL = f"""SELECT count(*), count(*) FILTER (WHERE i.state = ANY(%(signed)s)),
  count(*) FILTER (WHERE i.state = 'failed'),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM i.applied_at - i.first_at)),
  avg(i.sent - 1) FILTER (WHERE i.state = ANY(%(signed)s))
FROM ({SEEN}) i WHERE i.started_at >= %(since)s"""
BY_VERSION = f"""SELECT t.version, count(*), count(*) FILTER (WHERE i.state = ANY(%(signed)s)),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM i.applied_at - i.first_at))
FROM ({SEEN}) i JOIN inquiries_inquirytexts t ON t.id = i.texts_id
WHERE i.started_at >= %(since)s GROUP BY t.version ORDER BY t.version DESC"""
BY_WEEK = f"""SELECT date_trunc('week', i.started_at, 'Europe/Stockholm'), count(*),
  count(*) FILTER (WHERE i.state = ANY(%(signed)s))
FROM ({SEEN}) i WHERE i.started_at >= %(since)s GROUP BY 1"""


@dataclass(frozen=True)
class Figures:
    """Of so many asked, so many have signed; seconds from the first message to the signature."""

    asked: int
    signed: int
    failed: int = 0
    median: float | None = None
    reminders: float | None = None
    version: int = 0

    @property
    def rate(self) -> str:
        return f"{round(100 * self.signed / self.asked)} %" if self.asked else "–"

    @property
    def hours(self) -> str:
        """The median in minutes, hours or days, as people say it."""
        return "–" if self.median is None else days.span(self.median)


@dataclass(frozen=True)
class Bar:
    """One week of the plot, in its own units: 0 to 100 up, 40 a week to the side."""

    label: str
    asked: int
    signed: int
    x: int
    asked_height: float
    signed_height: float


def of(actor: Actor) -> tuple[Figures, list[Figures], list[Bar]]:
    now = clock.now()
    monday = week_of(now)
    since = monday - timedelta(weeks=WEEKS - 1)
    told = {"keys": list(keys.of(actor)), "signed": SIGNED, "since": since}
    (total,) = rows.asked(TOTAL, told)
    versions = [
        Figures(asked, signed, median=median, version=version)
        for version, asked, signed, median in rows.asked(BY_VERSION, told)
    ]
    return Figures(*total), versions, bars(rows.asked(BY_WEEK, told), monday)


def week_of(now: datetime) -> datetime:
    """The first moment of the week, in the portal's zone."""
    local = now.astimezone(days.STOCKHOLM)
    first = local.date() - timedelta(days=local.weekday())
    return datetime.combine(first, datetime.min.time(), days.STOCKHOLM)


def bars(found: list[tuple], monday: datetime) -> list[Bar]:
    """Every week has its place, also one in which nobody was asked."""
    known = {at.astimezone(days.STOCKHOLM).date(): counts for at, *counts in found}
    most = max((asked for asked, _signed in known.values()), default=0) or 1
    weeks = [monday.date() - timedelta(weeks=WEEKS - 1 - n) for n in range(WEEKS)]
    return [bar(n, week, known.get(week, [0, 0]), most) for n, week in enumerate(weeks)]


def bar(nth: int, week, counts, most: int) -> Bar:
    asked, signed = counts
    label = str(week.isocalendar().week)
    return Bar(label, asked, signed, nth * 40, 100 * asked / most, 100 * signed / most)

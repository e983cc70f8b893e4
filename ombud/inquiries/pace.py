"""When the next message is due: days by the calendar and hours on the clock's face, in the portal's
zone, whatever summer time does."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ombud.inquiries.catalogue import REMINDERS, PaceBody
from ombud.lib.days import UTC


def is_open(pace: PaceBody, now: datetime) -> bool:
    return opening(pace, now) == now


def opening(pace: PaceBody, moment: datetime) -> datetime:
    """The moment itself when messages may be sent then; else when they may next."""
    there = ZoneInfo(pace.zone)
    local = moment.astimezone(there)
    opens, closes = time.fromisoformat(pace.opens), time.fromisoformat(pace.closes)
    is_day = local.weekday() in pace.weekdays
    if is_day and opens <= local.time() < closes:
        return moment
    day = local.date()
    if not is_day or local.time() >= closes:
        day += timedelta(days=1)
    while day.weekday() not in pace.weekdays:
        day += timedelta(days=1)
    return datetime.combine(day, opens, there).astimezone(UTC)


def reminder(pace: PaceBody, first_at: datetime, nth: int) -> datetime:
    """When reminder `nth` (from 1) is due."""
    return opening(pace, later(pace, first_at, pace.after[nth - 1]))


def end(pace: PaceBody, first_at: datetime) -> datetime:
    """When a request that nobody has answered has failed."""
    return later(pace, first_at, pace.after[-1] + pace.give_up)


def following(pace: PaceBody, first_at: datetime, sent: int) -> datetime:
    """What comes after `sent` messages: a reminder, or the end."""
    return reminder(pace, first_at, sent) if sent <= REMINDERS else end(pace, first_at)


def later(pace: PaceBody, moment: datetime, count: int) -> datetime:
    """The same time on the clock's face, some days on."""
    there = ZoneInfo(pace.zone)
    local = moment.astimezone(there).replace(tzinfo=None) + timedelta(days=count)
    return local.replace(tzinfo=there).astimezone(UTC)

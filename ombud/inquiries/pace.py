"""When the next message is due: days by the calendar and hours on the clock's face, in the portal's
zone, whatever summer time does."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from ombud.inquiries.catalogue import REMINDERS, PaceBody
from ombud.lib.days import UTC

APART = timedelta(hours=20)  # at least, between two messages
LATE = timedelta(hours=1)  # how late a message may go, and count as in time


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


def following(pace: PaceBody, first_at: datetime, sent: int, last_at: datetime) -> datetime:
    """What comes after `sent` messages, the last at `last_at`: a reminder, or the end. When a
    message went late, what follows it waits: nobody gets two within a day, nor has failed before
    the days after the last one are over."""
    if sent <= REMINDERS:
        return max(reminder(pace, first_at, sent), opening(pace, last_at + APART))
    return max(end(pace, first_at), later(pace, last_at - LATE, pace.give_up))


def later(pace: PaceBody, moment: datetime, count: int) -> datetime:
    """The same time on the clock's face, some days on."""
    there = ZoneInfo(pace.zone)
    local = moment.astimezone(there).replace(tzinfo=None) + timedelta(days=count)
    return local.replace(tzinfo=there).astimezone(UTC)

"""Days and times as people say them, in the portal's zone and the reader's language."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date
from django.utils.translation import get_language, gettext, ngettext

from ombud.lib import clock

UTC = ZoneInfo("UTC")
STOCKHOLM = ZoneInfo("Europe/Stockholm")
OSLO = ZoneInfo("Europe/Oslo")
KNOWN = 5000  # moments whose words are remembered, by day and language


def when(moment: datetime, now: datetime | None = None) -> str:
    """ "today 14.05", "yesterday", "Tue 12 March"; with the year from last year on."""
    locale, there = _here()
    return _when(moment, (now or clock.now()).astimezone(there).date(), locale, there)


@lru_cache(maxsize=KNOWN)
def _when(moment: datetime, current: date, locale: str, there: ZoneInfo) -> str:
    day = moment.astimezone(there).date()
    if day == current:
        return gettext("today %(time)s") % {"time": at(moment)}
    if day == current - timedelta(days=1):
        return gettext("yesterday")
    if day == current + timedelta(days=1):
        return gettext("tomorrow %(time)s") % {"time": at(moment)}
    return _written(day, "EEE d MMMM", current, locale)


def moment(then: datetime, now: datetime | None = None) -> str:
    """ "today 14.05", "yesterday 14.05", "Tue 12 March 14.05"."""
    is_today = local(then).date() == local(now or clock.now()).date()
    return when(then, now) if is_today else clocked(then, now)


def clocked(moment: datetime, now: datetime | None = None) -> str:
    """ "14.05", "yesterday 14.05", "Tue 12 March 14.05": when somebody else was faster."""
    locale, there = _here()
    then, current = moment.astimezone(there), (now or clock.now()).astimezone(there).date()
    if then.date() == current:
        return f"{then:%H.%M}"
    if then.date() == current - timedelta(days=1):
        return gettext("yesterday %(time)s") % {"time": f"{then:%H.%M}"}
    return f"{_written(then.date(), 'EEE d MMMM', current, locale)} {then:%H.%M}"


def waited(since: datetime, now: datetime | None = None) -> str:
    """ "Waited 3 days"; on the first day in hours."""
    locale, there = _here()
    now = now or clock.now()
    hours = max(0, int((now - since).total_seconds() // 3600))
    nights = (now.astimezone(there).date() - since.astimezone(there).date()).days
    return _waited(hours, nights, locale)


@lru_cache(maxsize=KNOWN)
def _waited(hours: int, nights: int, _locale: str) -> str:
    if hours >= 24 and nights > 0:
        return ngettext("Waited %(n)s day", "Waited %(n)s days", nights) % {"n": nights}
    if hours:
        return ngettext("Waited %(n)s hour", "Waited %(n)s hours", hours) % {"n": hours}
    return gettext("Waited less than an hour")


def span(seconds: float) -> str:
    """ "25 minutes", "3 hours", "2 days": how long something took."""
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    hours = round(minutes / 60)
    if hours < 48:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s day", "%(n)s days", round(hours / 24)) % {"n": round(hours / 24)}


def due(by: date | datetime, now: datetime | None = None) -> str:
    """ "By 26 March", "By today", "Late by 2 days"."""
    locale, there = _here()
    day = by.astimezone(there).date() if isinstance(by, datetime) else by
    return _due(day, (now or clock.now()).astimezone(there).date(), locale)


@lru_cache(maxsize=KNOWN)
def _due(day: date, current: date, locale: str) -> str:
    late = (current - day).days
    if late > 0:
        return ngettext("Late by %(n)s day", "Late by %(n)s days", late) % {"n": late}
    if late == 0:
        return gettext("By today")
    return gettext("By %(day)s") % {"day": _written(day, "d MMMM", current, locale)}


def is_late(by: date | datetime, now: datetime | None = None) -> bool:
    there = zone()
    day = by.astimezone(there).date() if isinstance(by, datetime) else by
    return day < (now or clock.now()).astimezone(there).date()


class Now:
    """One moment of one reader: for a list, which says a hundred times. `locale`: the language,
    where it is known."""

    def __init__(self, locale: str = "") -> None:
        self.locale = locale or _locale()
        self.there = OSLO if self.locale == "nb" else STOCKHOLM
        self.now = clock.now()
        self.today = self.now.astimezone(self.there).date()

    def when(self, moment: datetime) -> str:
        return _when(moment, self.today, self.locale, self.there)

    def full(self, moment: datetime) -> str:
        return _full(moment, self.locale, self.there)

    def named(self, day: date | datetime) -> str:
        there = day.astimezone(self.there).date() if isinstance(day, datetime) else day
        return _written(there, "EEE d MMMM", self.today, self.locale)

    def at(self, moment: datetime) -> str:
        return f"{moment.astimezone(self.there):%H.%M}"

    def waited(self, since: datetime) -> str:
        hours = max(0, int((self.now - since).total_seconds() // 3600))
        nights = (self.today - since.astimezone(self.there).date()).days
        return _waited(hours, nights, self.locale)

    def due(self, by: date | datetime) -> tuple[str, bool]:
        """In words, and whether it is late."""
        day = by.astimezone(self.there).date() if isinstance(by, datetime) else by
        return _due(day, self.today, self.locale), day < self.today


def named(day: date | datetime, now: datetime | None = None) -> str:
    """ "Tue 12 March", with the year unless it is this year's."""
    return _counted(day, "EEE d MMMM", now)


def plain(day: date | datetime, now: datetime | None = None) -> str:
    """ "12 March", with the year unless it is this year's."""
    return _counted(day, "d MMMM", now)


def full(moment: datetime) -> str:
    """ "12 March 2026 14.05": for records, where nothing may hang on when it is read."""
    return _full(moment, *_here())


@lru_cache(maxsize=KNOWN)
def _full(moment: datetime, locale: str, there: ZoneInfo) -> str:
    then = moment.astimezone(there)
    return f"{_in_words(then.date(), 'd MMMM y', locale)} {then:%H.%M}"


def dated(moment: datetime) -> str:
    """ "12 March 2026": the day alone, for records."""
    return _in_words(local(moment).date(), "d MMMM y", _locale())


def at(moment: datetime) -> str:
    """ "14.05"."""
    return f"{local(moment):%H.%M}"


def zone() -> ZoneInfo:
    """The zone in which the reader counts days."""
    return _here()[1]


def _here() -> tuple[str, ZoneInfo]:
    """The reader's language and zone: looked up once for all that one moment takes."""
    locale = _locale()
    return locale, OSLO if locale == "nb" else STOCKHOLM


def local(moment: datetime) -> datetime:
    return moment.astimezone(zone())


def today() -> date:
    return local(clock.now()).date()


def add_days(moment: datetime, count: int) -> datetime:
    """The same time on the clock's face, some days on, whatever summer time does; in UTC."""
    return (local(moment) + timedelta(days=count)).astimezone(UTC)


def months_after(day: date, count: int) -> date:
    """The same day some months on (count below 0: before); the month's last where it is shorter."""
    years, month = divmod(day.month - 1 + count, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def end_of(day: date) -> datetime:
    """The moment this day is over in the portal's zone; in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), zone()).astimezone(UTC)


def _counted(day: date | datetime, pattern: str, now: datetime | None) -> str:
    locale, there = _here()
    then = day.astimezone(there).date() if isinstance(day, datetime) else day
    return _written(then, pattern, (now or clock.now()).astimezone(there).date(), locale)


def _written(day: date, pattern: str, today: date, locale: str) -> str:
    return _in_words(day, pattern if day.year == today.year else f"{pattern} y", locale)


@lru_cache(maxsize=2000)
def _in_words(day: date, pattern: str, locale: str) -> str:
    if locale == "nb":  # Norwegian writes a full stop after the day of the month
        pattern = pattern.replace("d MMMM", "d. MMMM")
    return format_date(day, pattern, locale=locale)


def _locale() -> str:
    return (get_language() or "sv").split("-")[0]

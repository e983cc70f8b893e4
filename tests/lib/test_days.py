from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from ombud.lib import days

NOON = datetime(2026, 3, 12, 11, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(2026, 3, 12, 13, 5), "today 14.05"),
        (at(2026, 3, 11, 23, 30), "today 00.30"),
        (at(2026, 3, 11, 22, 30), "yesterday"),
        (at(2026, 3, 10, 9), "Tue 10 March"),
        (at(2025, 12, 30, 9), "Tue 30 December 2025"),
        (at(2026, 3, 13, 7), "tomorrow 08.00"),
    ],
)
def test_moments_are_told_as_days_of_the_portal(moment, words):
    assert days.when(moment, NOON) == words


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at(2026, 3, 12, 13, 5), "14.05"),
        (at(2026, 3, 11, 13, 5), "yesterday 14.05"),
        (at(2026, 3, 11, 23, 30), "00.30"),
        (at(2026, 3, 10, 9), "Tue 10 March 10.00"),
        (at(2025, 12, 30, 9), "Tue 30 December 2025 10.00"),
    ],
)
def test_a_deed_is_told_with_its_time(moment, words):
    assert days.clocked(moment, NOON) == words


def test_a_deed_is_told_in_the_readers_language():
    for language, told in (("sv", "i går 14.05"), ("nb", "i går 14.05")):
        with translation.override(language):
            assert days.clocked(at(2026, 3, 11, 13, 5), NOON) == told


def test_the_year_is_told_from_last_year_on():
    assert days.plain(date(2025, 3, 26), NOON) == "26 March 2025"
    assert days.plain(date(2026, 3, 26), NOON) == "26 March"


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        (timedelta(minutes=10), "Waited less than an hour"),
        (timedelta(hours=1), "Waited 1 hour"),
        (timedelta(hours=23), "Waited 23 hours"),
        (timedelta(days=1), "Waited 1 day"),
        (timedelta(days=3), "Waited 3 days"),
        (timedelta(seconds=-5), "Waited less than an hour"),
    ],
)
def test_waiting_is_never_told_as_no_days(ago, words):
    assert days.waited(NOON - ago, NOON) == words


@pytest.mark.parametrize(
    ("by", "words"),
    [
        (date(2026, 3, 26), "By 26 March"),
        (date(2026, 3, 12), "By today"),
        (date(2026, 3, 11), "Late by 1 day"),
        (date(2026, 3, 10), "Late by 2 days"),
        (date(2027, 1, 2), "By 2 January 2027"),
    ],
)
def test_when_something_is_due(by, words):
    assert days.due(by, NOON) == words


def test_months_and_weekdays_follow_the_language():
    with translation.override("sv"):
        assert days.named(date(2026, 3, 10), NOON) == "tis 10 mars"
    with translation.override("nb"):
        assert days.named(date(2026, 3, 10), NOON) == "tir. 10. mars"


def test_added_days_keep_the_clocks_face_over_summer_time():
    start = at(2026, 3, 28, 8)  # 09.00 in Stockholm, the day before summer time
    assert days.add_days(start, 1) == at(2026, 3, 29, 7)
    assert days.at(days.add_days(start, 1)) == days.at(start) == "09.00"
    assert days.add_days(at(2026, 10, 24, 7), 1) == at(2026, 10, 25, 8)


def test_a_day_ends_at_midnight_in_the_portal():
    assert days.end_of(date(2026, 3, 29)) == at(2026, 3, 29, 22)

import contextlib
import re

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ombud.lib import identifiers
from ombud.lib.identifiers import Mistyped

SAFE = "199008232382"


@pytest.mark.parametrize(
    "typed",
    ["19900823-2382", "199008232382", "900823-2382", "9008232382", " 1990 0823 - 2382 "],
)
def test_a_person_may_write_the_number_in_any_usual_way(typed):
    assert identifiers.se_person(typed) == SAFE


@pytest.mark.parametrize(
    "typed",
    ["", "abc", "199008232381", "199013012380", "20260230-1234", "19900823+2382", "2990082323 82"],
)
def test_what_is_no_personal_number_is_refused_in_words(typed):
    with pytest.raises(Mistyped) as refused, translation.override("en"):
        identifiers.se_person(typed)
    assert str(refused.value).endswith(".")


def test_plus_means_a_hundred_years_earlier():
    assert identifiers.se_person("900823+2382") == "189008232382"


def test_every_official_number_we_carry_is_accepted_and_known():
    numbers = identifiers.official_test_persons()
    assert len(numbers) > 290
    for number in numbers:
        assert identifiers.se_person(number) == number
        assert identifiers.is_official_test_person(number)


def test_one_wrong_digit_is_always_refused():
    for number in sorted(identifiers.official_test_persons())[:60]:
        for place in range(2, 12):
            wrong = number[:place] + str((int(number[place]) + 3) % 10) + number[place + 1 :]
            with pytest.raises(Mistyped):
                identifiers.se_person(wrong)


@pytest.mark.parametrize("number", ["192302812389", "202310742388", "197908872380", "201501892382"])
def test_coordination_numbers_are_people(number):
    assert identifiers.se_person(number) == number


@given(st.text(max_size=20))
def test_nothing_typed_makes_the_readers_fall(typed):
    readers = (
        identifiers.se_person,
        identifiers.se_org,
        identifiers.no_org,
        identifiers.no_person,
        identifiers.hsa_id,
    )
    for read in readers:
        with contextlib.suppress(Mistyped):
            assert re.fullmatch(r"[A-Z0-9-]+", read(typed))


def test_swedish_organisations():
    assert identifiers.se_org("402000-0008") == "4020000008"
    assert identifiers.se_org("16 402000-0016") == "4020000016"
    for wrong in ("402000-0009", "900823-2382", "40200000", ""):
        with pytest.raises(Mistyped):
            identifiers.se_org(wrong)


def test_norwegian_organisations_and_people():
    assert identifiers.no_org("988 077 917") == "988077917"
    assert identifiers.no_person("17858500060", allow_synthetic=True) == "17858500060"
    assert identifiers.is_official_test_person("17858500060")
    for read, wrong in (
        (identifiers.no_org, "923609017"),
        (identifiers.no_person, "17858500060"),
        (identifiers.no_person, "17058500187"),
    ):
        with pytest.raises(Mistyped):
            read(wrong)


@pytest.mark.parametrize(
    "typed", ["SE4020000008-A1B2", "se4020000008-a1b2", " SE 402000 0008 - A1B2\n"]
)
def test_a_care_unit_is_known_in_any_case_and_spacing(typed):
    assert identifiers.hsa_id(typed) == "SE4020000008-A1B2"


@pytest.mark.parametrize(
    "typed",
    [
        "SE4020000008",
        "SE4020000008-",
        "SE4020000008-Å1",
        "SE4020000008-A@1",
        "NO4020000008-A1",
        "SE402000000-A1",
        "SE4020000008-" + "A" * 19,
    ],
)
def test_what_is_no_care_unit_is_refused(typed):
    with pytest.raises(Mistyped):
        identifiers.hsa_id(typed)


def test_the_longest_care_unit_has_31_characters():
    assert len(identifiers.hsa_id("SE4020000008-" + "A" * 18)) == 31


def test_numbers_are_shown_as_people_read_them():
    assert identifiers.masked_person(SAFE) == "19900823-••••"
    assert identifiers.org_text("4020000008") == "402000-0008"
    assert identifiers.org_text("988077917") == "988\u00a0077\u00a0917"

"""The code by SMS: short-lived, counted, bound, and never told twice."""

import pytest
from django.db import IntegrityError

from ombud.eid import codes
from ombud.eid.codes import Locked, NoPhone, TooMany, TooSoon, Tried
from ombud.eid.models import Challenge
from ombud.lib.errors import Refused

pytestmark = pytest.mark.django_db

PHONE, OTHER = "+46701740605", "+46701740606"
WRONG = "not it"


def ask(binding="b1", phone=PHONE, owner="p1"):
    return codes.begin_sms(purpose="sign", binding=binding, phone=phone, owner=owner)


def test_the_right_code_completes_once():
    challenge, code = ask()
    assert len(code) == 6
    assert code.isdigit()
    assert codes.try_code(challenge, code) == Tried(ok=True, tries_left=0, gone=False)
    assert challenge.is_complete
    assert codes.try_code(challenge, code) == Tried(ok=False, tries_left=0, gone=True)
    assert challenge.is_complete


def test_a_code_may_be_typed_in_two_groups():
    challenge, code = ask()
    assert codes.try_code(challenge, f" {code[:3]} {code[3:]}").ok


def test_neither_code_nor_number_is_kept():
    challenge, code = ask()
    row = Challenge.objects.filter(pk=challenge.pk).values().get()
    assert code not in str(row.values())
    assert PHONE not in str(row.values())
    assert challenge.phone_masked == "••• •• 05"


def test_leading_zeros_are_kept(monkeypatch):
    monkeypatch.setattr(codes.secrets, "randbelow", lambda most: 42)
    challenge, code = ask()
    assert code == "000042"
    assert codes.try_code(challenge, code).ok


def test_three_wrong_tries_end_it():
    challenge, code = ask()
    assert codes.try_code(challenge, WRONG) == Tried(ok=False, tries_left=2, gone=False)
    assert codes.try_code(challenge, WRONG) == Tried(ok=False, tries_left=1, gone=False)
    assert codes.try_code(challenge, WRONG) == Tried(ok=False, tries_left=0, gone=True)
    assert codes.try_code(challenge, code).gone
    assert challenge.hint == "tries_used_up"
    assert challenge.words == "Wrong code too many times. Ask for a new code."


def test_a_code_lives_five_minutes(later):
    challenge, code = ask()
    later(minutes=5, seconds=1)
    assert codes.try_code(challenge, code) == Tried(ok=False, tries_left=0, gone=True)
    assert challenge.hint == "code_expired"


def test_a_new_code_kills_the_old(later):
    old, old_code = ask()
    later(seconds=61)
    new, new_code = ask()
    assert codes.try_code(old, old_code).gone
    assert old.hint == "superseded"
    assert codes.try_code(new, new_code).ok


def test_the_code_of_one_challenge_opens_no_other(later):
    _first, code = ask("b1")
    other, another = ask("b2", OTHER, "p2")
    if another != code:
        assert not codes.try_code(other, code).ok


@pytest.mark.parametrize("again", [{"owner": "p2"}, {"phone": OTHER}, {"binding": "b2"}])
def test_a_minute_must_pass_for_the_phone_and_for_the_person(again, later):
    ask()
    with pytest.raises(TooSoon) as refused:
        ask(**again)
    assert 0 < refused.value.wait <= 60
    assert codes.wait_before_next(PHONE, "p1") == refused.value.wait
    later(seconds=60)
    ask(**again)


def test_others_are_not_made_to_wait():
    ask()
    ask("b2", OTHER, "p2")


@pytest.mark.parametrize("again", [{"owner": "p2"}, {"phone": OTHER}])
def test_five_codes_an_hour_are_enough(again, later):
    for number in range(5):
        ask(f"b{number}")
        later(seconds=61)
    with pytest.raises(TooMany) as refused:
        ask("b9", **again)
    assert "minutes" in str(refused.value)
    later(seconds=refused.value.wait)
    ask("b9", **again)


def test_twenty_codes_an_hour_are_enough_from_one_address(later):
    for number in range(20):
        ask_from("192.0.2.7", number)
    with pytest.raises(TooMany) as refused:
        ask_from("192.0.2.7", 20)
    assert refused.value.status == 409
    assert "from your network" in str(refused.value)
    assert "use BankID" in str(refused.value)
    assert codes.wait_before_next("+46701740999", "p99", "192.0.2.7") == refused.value.wait
    ask_from("192.0.2.8", 21)
    later(seconds=refused.value.wait)
    ask_from("192.0.2.7", 22)


def test_whoever_has_a_whole_network_has_one_address():
    for number in range(20):
        ask_from(f"2001:db8:1:2::{number + 1:x}", number)
    with pytest.raises(TooMany):
        ask_from("2001:db8:1:2:ffff::1", 20)
    ask_from("2001:db8:1:3::1", 21)


def ask_from(address, number):
    """Always another phone, person and binding: only the address is the same."""
    phone, owner = f"+467017406{number:02d}", f"p{number}"
    return codes.begin_sms(
        purpose="sign", binding=f"b{number}", phone=phone, owner=owner, ip=address
    )


def test_ten_wrong_codes_in_a_day_lock_the_person(later):
    for number in range(4):
        challenge, _code = ask(f"b{number}")
        for _ in range(3 if number < 3 else 1):
            codes.try_code(challenge, WRONG)
        later(minutes=20)
    with pytest.raises(Locked) as refused:
        ask("b9")
    assert refused.value.wait > 0
    ask("b9", OTHER, "p2")
    later(seconds=refused.value.wait)
    ask("b9")


def test_a_code_sent_before_the_lock_is_no_way_around_it(later):
    for number in range(3):
        challenge, _code = ask(f"b{number}")
        for _ in range(3):
            codes.try_code(challenge, WRONG)
        later(minutes=20)
    last, code = ask("b9")
    codes.try_code(last, WRONG)
    assert codes.try_code(last, code).gone


def test_right_codes_never_lock():
    for number in range(12):
        phone = f"+467017406{number:02d}"
        challenge, code = codes.begin_sms(purpose="sign", binding=f"b{number}", phone=phone)
        Challenge.objects.filter(pk=challenge.pk).update(owner_index="x")
        challenge.refresh_from_db()
        assert codes.try_code(challenge, code).ok


@pytest.mark.parametrize("phone", ["+2252722480000", ""])
def test_codes_go_to_phones_of_the_neighbours_only(phone):
    with pytest.raises(NoPhone) as refused:
        ask(phone=phone)
    assert refused.value.status == 403


def test_a_refusal_is_a_polite_no():
    ask()
    with pytest.raises(Refused) as refused:
        ask()
    assert refused.value.status == 409
    assert refused.value.as_json()["reasons"][0]["code"] == "too_soon"


def test_the_database_refuses_a_fourth_try():
    challenge, _code = ask()
    with pytest.raises(IntegrityError):
        Challenge.objects.filter(pk=challenge.pk).update(tries=4)

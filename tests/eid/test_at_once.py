"""What many who come at the same moment may do: real commits, real threads."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from ombud.eid import challenges, codes
from ombud.eid.models import Challenge
from tests.sandbox.outside import KARIN

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("commits")]

PHONE = "+46701740605"


def crowd(deed, size=8) -> Counter:
    """How often each answer was given to so many who asked at once."""
    begun = threading.Barrier(size)

    def come(number):
        begun.wait()
        try:
            return deed(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(size) as people:
        return Counter(people.map(come, range(size)))


def order(outside) -> Challenge:
    challenge = challenges.begin_bankid(
        purpose="sign", ip="198.51.100.7", visible="Jag godkänner.", personal_number=KARIN
    )
    outside.ask("bankid/open", auto_start_token=challenge.auto_start_token, person=KARIN)
    outside.ask("bankid/approve", person=KARIN)
    return challenge


def questions(outside) -> int:
    entries = outside.items("journal", part="bankid")
    return sum("/rp/v6.0/collect" in str(entry) for entry in entries)


def test_many_who_ask_are_one_question(outside):
    challenge = order(outside)

    def ask(_):
        return challenges.collect(Challenge.objects.get(pk=challenge.pk)).status

    assert crowd(ask)["complete"] >= 1
    assert questions(outside) == 1
    challenge.refresh_from_db()
    assert challenge.is_complete


def test_a_question_within_two_seconds_is_answered_from_what_we_know(outside, later):
    challenge = challenges.begin_bankid(purpose="auth", ip="198.51.100.7")
    for _ in range(5):
        challenges.collect(challenge)
    assert questions(outside) == 1
    later(seconds=2)
    challenges.collect(challenge)
    assert questions(outside) == 2


def test_nothing_is_asked_from_within_a_deeds_transaction(outside):
    challenge = order(outside)
    with pytest.raises(RuntimeError), transaction.atomic():
        challenges.collect(challenge)
    assert questions(outside) == 0
    assert challenges.collect(challenge).is_complete


def test_a_crowd_has_three_guesses_and_no_more():
    challenge, right = codes.begin_sms(purpose="sign", binding="b1", phone=PHONE, owner="p1")
    wrong = "000000" if right != "000000" else "111111"

    def guess(_):
        return codes.try_code(Challenge.objects.get(pk=challenge.pk), wrong).gone

    told = crowd(guess, 10)
    assert told[False] == 2
    challenge.refresh_from_db()
    assert (challenge.tries, challenge.hint) == (3, "tries_used_up")
    assert not codes.try_code(challenge, right).ok


def test_the_right_code_is_right_once():
    challenge, right = codes.begin_sms(purpose="sign", binding="b1", phone=PHONE, owner="p1")

    def give(_):
        return codes.try_code(Challenge.objects.get(pk=challenge.pk), right).ok

    assert crowd(give, 3)[True] == 1


def test_of_many_who_ask_for_a_code_one_gets_it():
    def ask(number):
        try:
            codes.begin_sms(purpose="sign", binding=f"b{number}", phone=PHONE, owner="p1")
        except codes.TooSoon:
            return "too soon"
        return "sent"

    assert crowd(ask) == {"sent": 1, "too soon": 7}


def test_of_many_who_ask_from_one_address_no_more_than_may_get_a_code():
    def ask(number):
        where = {"phone": f"+467017406{number:02d}", "ip": "192.0.2.7"}
        try:
            codes.begin_sms(purpose="sign", binding=f"b{number}", owner=f"p{number}", **where)
        except codes.TooMany:
            return "too many"
        return "sent"

    for number in range(codes.MOST_PER_ADDRESS - 2):
        assert ask(number + 20) == "sent"
    assert crowd(ask) == {"sent": 2, "too many": 6}

"""Delivery reports: late, twice, out of order, forged; real ones come over the wire."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.urls import reverse

from ombud.post import office, tasks
from ombud.post.models import Letter
from tests.sandbox.outside import until

pytestmark = pytest.mark.slow

PHONE = "+46701740605"


def sent(**more) -> Letter:
    letter = office.hand_in("sms", PHONE, "Hej", **more)
    tasks.carry(letter_id=letter.pk)
    letter.refresh_from_db()
    return letter


def state(letter: Letter) -> str:
    return Letter.objects.values_list("state", flat=True).get(pk=letter.pk)


def door(letter: Letter, secret: str = "") -> str:
    return reverse("post:report", args=[letter.reference, secret or letter.report_secret])


@pytest.mark.usefixtures("web")
class TestOverTheWire:
    @pytest.mark.parametrize("fault", ["", "double_report", "mixed_reports"])
    def test_a_delivered_sms_is_known_to_be(self, outside, fault):
        if fault:
            outside.ask("faults", part="sms", fault=fault, times=1)
        letter = sent()
        until(lambda: state(letter) == "delivered")
        expected = 2 if fault else 1
        until(lambda: len(heard(outside)) >= expected)
        assert set(heard(outside)) == {204}
        assert state(letter) == "delivered"

    def test_a_failed_report_is_known(self, outside):
        outside.ask("faults", part="sms", fault="failed_report", times=1)
        letter = sent()
        until(lambda: state(letter) == "failed")

    def test_a_late_report_is_heard(self, outside):
        outside.ask("timing", scale=0.05)
        outside.ask("faults", part="sms", fault="late_report", times=1)
        letter = sent()
        assert state(letter) == "accepted"
        until(lambda: state(letter) == "delivered")
        outside.ask("timing", scale=1)

    def test_without_a_report_it_stays_sent(self, outside):
        outside.ask("faults", part="sms", fault="no_report", times=1)
        assert sent().state == "accepted"

    def test_a_report_tells_of_an_sms_whose_answer_was_lost(self, outside):
        outside.ask("faults", part="sms", fault="accept_lost", times=1)
        letter = sent()
        until(lambda: state(letter) == "delivered")
        letter.refresh_from_db()
        assert letter.provider_id == outside.items("sms")[0]["id"]

    def test_many_jobs_for_one_letter_are_one_sms(self, outside):
        letter = office.hand_in("sms", PHONE, "Hej")

        def carry(_):
            tasks.carry(letter_id=letter.pk)
            connection.close()

        with ThreadPoolExecutor(6) as crowd:
            list(crowd.map(carry, range(6)))
        assert len(outside.items("sms")) == 1


def heard(outside) -> list[int]:
    """What we answered to each report."""
    entries = outside.items("journal", part="sms")
    return [entry["detail"]["answer"] for entry in entries if entry["way"] == "out"]


@pytest.mark.django_db
class TestTheDoor:
    @pytest.mark.parametrize(
        ("told", "ends"),
        [
            (["sent", "delivered"], "delivered"),
            (["delivered", "sent"], "delivered"),
            (["delivered", "failed"], "delivered"),
            (["failed", "delivered"], "failed"),
            (["delivered", "delivered"], "delivered"),
            (["nonsense"], "accepted"),
            ([""], "accepted"),
        ],
    )
    def test_reports_only_move_a_letter_up(self, outside, client, told, ends):
        letter = sent()
        for status in told:
            answer = client.post(door(letter), {"id": letter.provider_id, "status": status})
            assert (answer.status_code, answer.content) == (204, b"")
        assert state(letter) == ends

    def test_a_report_may_come_before_our_own_record(self, outside, client):
        letter = office.hand_in("sms", PHONE, "Code 123456", secret=True)
        tasks._take(letter)
        client.post(door(letter), {"id": "s1", "status": "delivered"})
        tasks.accept(letter, "s1")
        letter.refresh_from_db()
        assert (letter.state, letter.body, letter.provider_id) == ("delivered", "", "s1")

    def test_a_wrong_secret_is_not_heard(self, outside, client):
        letter = sent()
        answer = client.post(door(letter, "guessed"), {"status": "delivered"})
        assert answer.status_code == 404
        assert state(letter) == "accepted"

    def test_an_unknown_letter_is_answered_so_that_nobody_asks_again(self, outside, client):
        stranger = Letter(reference=uuid.uuid4())
        assert client.post(door(stranger), {"status": "delivered"}).status_code == 204

    def test_looking_changes_nothing(self, outside, client):
        letter = sent()
        assert client.get(door(letter)).status_code == 405
        assert state(letter) == "accepted"

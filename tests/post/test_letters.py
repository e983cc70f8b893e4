"""Letters reach their address once, whatever happens on the way."""

import pytest
from django.db import IntegrityError, connection, transaction

from ombud.post import office, tasks
from ombud.post.carriers import sms
from ombud.post.models import Letter

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

EVA, PHONE = "eva@region.example", "+46701740605"


def mail(**more) -> Letter:
    usual = {"subject": "Attestera: Åtkomst till NPÖ", "html": "<p>Hej Eva – nu</p>"}
    return office.hand_in("email", EVA, "Hej Eva – nu", **usual | more)


def text(body="Attestera nu – RITM0000001", **more) -> Letter:
    return office.hand_in("sms", PHONE, body, **more)


def carry(letter: Letter) -> Letter:
    tasks.carry(letter_id=letter.pk)
    letter.refresh_from_db()
    return letter


def jobs_for(letter: Letter) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'post.carry'"
            " AND args->>'letter_id' = %s",
            [str(letter.pk)],
        )
        return cursor.fetchone()[0]


@pytest.fixture
def impatient(settings, monkeypatch):
    settings.EMAIL_TIMEOUT = 0.5
    monkeypatch.setattr(sms, "TIMEOUT", 0.5)
    sms._client.cache_clear()
    yield
    sms._client.cache_clear()


def test_a_mail_arrives_as_it_was_written(outside, settings):
    settings.WEB_URL = "https://ombud.example"
    letter = carry(mail(thread="RITM0000001", language="sv", about="RITM0000001"))
    (got,) = outside.items("mail", to=EVA)
    assert letter.state == "accepted"
    assert got["subject"] == "Attestera: Åtkomst till NPÖ"
    assert got["text"].strip() == "Hej Eva – nu"
    assert got["html"].strip() == "<p>Hej Eva – nu</p>"
    assert got["headers"]["From"] == "Ombud <no-reply@ombud.example>"
    assert got["headers"]["Auto-Submitted"] == "auto-generated"
    assert got["headers"]["X-Auto-Response-Suppress"] == "All"
    assert got["headers"]["Content-Language"] == "sv"
    assert got["headers"]["Message-ID"] == f"<{letter.reference}@ombud.example>"
    assert "RITM0000001" in got["headers"]["References"]


def test_mails_of_one_case_are_one_thread(outside):
    for _ in range(2):
        carry(mail(thread="RITM0000001"))
    one, other = (mail["headers"] for mail in outside.items("mail", to=EVA))
    assert one["References"] == other["References"] == one["In-Reply-To"]
    assert one["Message-ID"] != other["Message-ID"]


def test_no_line_can_be_smuggled_into_the_subject(outside):
    carry(mail(subject="Hej\nBcc: all@world.example"))
    (got,) = outside.items("mail")
    assert "Bcc" not in got["headers"]


def test_an_sms_is_plain_and_keeps_names(outside):
    letter = carry(text("Žofia Ærø – kör “nu”…"))
    (got,) = outside.items("sms", to=PHONE)
    assert got["message"] == 'Žofia Ærø - kör "nu"...'
    assert (letter.state, letter.provider_id) == ("accepted", got["id"])


def test_a_letter_rolled_back_was_never_written():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        letter = mail(key="k")
        assert jobs_for(letter) == 1
        raise ZeroDivisionError
    assert not Letter.objects.exists()
    assert jobs_for(letter) == 0


def test_the_same_key_is_the_same_letter(outside):
    one, other = mail(key="notice:1"), mail(key="notice:1", subject="Again")
    assert one == other
    assert jobs_for(one) == 1
    carry(one), carry(other)
    assert len(outside.items("mail")) == 1


def test_letters_without_key_are_letters_of_their_own():
    assert mail() != mail()


def test_a_job_run_twice_sends_once(outside):
    letter = text()
    carry(letter), carry(letter)
    assert len(outside.items("sms")) == 1


def test_a_secret_lies_sealed_and_is_gone_once_sent(outside):
    letter = text("Code 123456", secret=True)
    assert "123456" not in str(Letter.objects.filter(pk=letter.pk).values().get())
    carry(letter)
    assert (letter.state, letter.body) == ("accepted", "")
    (got,) = outside.items("sms")
    assert got["message"] == "Code 123456"
    assert "123456" not in str(outside.items("journal", part="sms"))


def test_the_database_keeps_no_secret_that_has_gone(outside):
    letter = carry(text("Code 123456", secret=True))
    with pytest.raises(IntegrityError):
        Letter.objects.filter(pk=letter.pk).update(body="Code 123456")


@pytest.mark.parametrize(
    ("part", "fault"),
    [("smtp", "refuse"), ("smtp", "451"), ("sms", "500"), ("sms", "429"), ("sms", "refuse")],
)
def test_an_outage_is_waited_out_by_the_ladder(outside, later, part, fault):
    letter = mail() if part == "smtp" else text()
    outside.ask("faults", part=part, fault=fault, times=2)
    assert (carry(letter).state, letter.attempts) == ("queued", 1)
    assert letter.error
    assert carry(letter).attempts == 1  # a job that comes too early does nothing
    later(minutes=1)
    assert (carry(letter).state, letter.attempts) == ("queued", 2)
    later(minutes=5)
    assert (carry(letter).state, letter.attempts) == ("accepted", 3)
    assert letter.error == ""
    assert not letter.may_be_twice


def test_nobody_at_home_is_waited_out(outside, settings):
    settings.EMAIL_PORT, settings.SMS_URL = 1, "http://127.0.0.1:1/a1/"
    assert carry(mail()).state == carry(text()).state == "queued"
    settings.SMS_URL = ""
    assert carry(text()).state == "queued"


def test_the_ladder_has_an_end(outside, later):
    letter = mail()
    outside.ask("faults", part="smtp", fault="451", times=99)
    for _ in range(len(tasks.LADDER) + 1):
        carry(letter)
        later(days=1)
    assert letter.state == "failed"
    assert tasks.sweep() == 0


def test_a_code_nobody_could_send_in_time_is_given_up(outside, later):
    letter = text("Code 123456", secret=True)
    outside.ask("faults", part="sms", fault="500", times=99)
    for _ in range(len(tasks.SECRET_LADDER) + 1):
        carry(letter)
        later(seconds=60)
    assert (letter.state, letter.body) == ("failed", "")


@pytest.mark.parametrize("fault", ["550", "552"])
def test_an_address_that_is_refused_has_failed(outside, fault):
    outside.ask("faults", part="smtp", fault=fault, times=1)
    letter = carry(mail())
    assert letter.state == "failed"
    assert fault in letter.error


def test_an_address_that_cannot_be_one_has_failed(outside):
    letter = carry(office.hand_in("email", "eva@region.example\nBcc: all@x.example", "Hej"))
    assert letter.state == "failed"


def test_a_number_the_gateway_refuses_has_failed(outside):
    letter = carry(office.hand_in("sms", "12", "Hej"))
    assert letter.state == "failed"
    assert "Invalid to" in letter.error


@pytest.mark.usefixtures("impatient")
class TestNoAnswer:
    def test_an_sms_that_went_is_found_at_the_gateway_and_not_sent_again(self, outside, later):
        outside.ask("faults", part="sms", fault="accept_lost", times=1)
        letter = carry(text())
        assert letter.state == "unknown"
        later(seconds=20)
        assert carry(letter).state == "accepted"
        (got,) = outside.items("sms")
        assert letter.provider_id == got["id"]

    def test_an_sms_that_never_went_is_sent_once_more_and_says_so(self, outside, later):
        outside.ask("faults", part="sms", fault="hang", times=1)
        letter = carry(text())
        assert letter.state == "unknown"
        later(seconds=20)
        assert (carry(letter).state, letter.may_be_twice) == ("queued", True)
        assert carry(letter).state == "accepted"
        assert len(outside.items("sms")) == 1

    def test_a_code_is_never_sent_again_on_a_doubt(self, outside, later):
        outside.ask("faults", part="sms", fault="hang", times=1)
        letter = carry(text("Code 123456", secret=True))
        assert (letter.state, letter.body) == ("unknown", "")
        for _ in range(5):
            later(minutes=10)
            carry(letter)
        assert letter.state == "unknown"
        assert tasks.sweep() == 0
        assert outside.items("sms") == []

    def test_a_code_that_went_after_all_is_known_to_have_gone(self, outside, later):
        outside.ask("faults", part="sms", fault="accept_lost", times=1)
        letter = carry(text("Code 123456", secret=True))
        later(seconds=20)
        assert carry(letter).state == "accepted"

    def test_a_doubt_stays_while_the_gateway_cannot_say(self, outside, later, settings):
        outside.ask("faults", part="sms", fault="hang", times=1)
        letter = carry(text())
        there, settings.SMS_URL = settings.SMS_URL, "http://127.0.0.1:1/a1/"
        later(seconds=20)
        assert carry(letter).state == "unknown"
        settings.SMS_URL = there
        later(minutes=2)
        assert (carry(letter).state, letter.may_be_twice) == ("queued", True)

    def test_an_older_sms_with_the_same_words_is_not_taken_for_this_one(self, outside, later):
        first = carry(text())
        outside.ask("faults", part="sms", fault="hang", times=1)
        second = carry(text())
        later(seconds=20)
        assert carry(second).state == "queued"
        assert carry(second).provider_id != first.provider_id

    @pytest.mark.parametrize(("fault", "copies"), [("hang", 1), ("drop-after-data", 2)])
    def test_a_mail_in_doubt_is_sent_again_under_the_same_id(self, outside, later, fault, copies):
        outside.ask("faults", part="smtp", fault=fault, times=1)
        letter = carry(mail())
        assert letter.state == "unknown"
        later(seconds=20)
        carry(letter)
        assert (carry(letter).state, letter.may_be_twice) == ("accepted", True)
        got = outside.items("mail", to=EVA)
        assert len(got) == copies
        assert len({one["headers"]["Message-ID"] for one in got}) == 1


def crashed(letter: Letter) -> Letter:
    """As a worker leaves it that dies in the middle of an attempt."""
    assert tasks._take(letter)
    letter.refresh_from_db()
    assert letter.state == "sending"
    return letter


def test_what_a_crash_left_behind_is_picked_up(outside, later):
    letter = crashed(text())
    assert tasks.sweep() == 0
    later(minutes=3)
    assert tasks.sweep() == 1
    assert jobs_for(letter) == 2
    carry(letter)
    assert (carry(letter).state, letter.may_be_twice) == ("accepted", True)
    assert len(outside.items("sms")) == 1


def test_a_code_in_a_crash_is_not_sent_again(outside, later):
    letter = crashed(text("Code 123456", secret=True))
    later(minutes=3)
    assert (carry(letter).state, letter.body) == ("unknown", "")
    assert outside.items("sms") == []


def test_a_letter_whose_job_was_lost_is_found(outside, later):
    letter = mail()
    later(seconds=11)
    assert tasks.sweep() == 1
    assert carry(letter).state == "accepted"
    assert tasks.sweep() == 0


def test_how_letters_fared_can_be_shown(outside):
    carry(mail(about="RITM0000001"))
    text(about="RITM0000001")
    text(about="RITM0000002")
    sent, waiting = office.states_for("RITM0000001")
    assert (sent["to"], sent["words"]) == (EVA, "Sent")
    assert (waiting["to"], waiting["words"]) == ("••• •• 05", "Waiting to be sent")
    assert office.states_for("") == []

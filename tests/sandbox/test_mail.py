"""The mail server: whatever is posted is kept and can be read."""

import smtplib
from email.message import EmailMessage

import pytest

from tests.sandbox.outside import Outside

pytestmark = pytest.mark.slow
TO = "karin.provsson@example.test"


def letter(subject: str = "Att attestera: beställning å") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Ombud <no-reply@ombud.example>"
    mail["To"] = f"Karin Provsson <{TO}>"
    mail["Subject"] = subject
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("Hej Karin.\nÖppna http://localhost:8000/o/1?a=1&b=2.\n")
    mail.add_alternative(
        '<p>Hej <b>Karin</b></p><a href="http://localhost:8000/o/1?a=1&amp;b=2">Öppna</a>'
        '<a href="mailto:x@example.test">x</a>',
        subtype="html",
    )
    return mail


def post(outside: Outside, *recipients: str, mail: EmailMessage | None = None) -> None:
    given = outside.environment
    place = given["OMBUD_SMTP_HOST"], int(given["OMBUD_SMTP_PORT"])
    with smtplib.SMTP(*place, timeout=3) as smtp:
        smtp.send_message(mail or letter(), to_addrs=list(recipients) or None)


def test_a_mail_can_be_read(outside: Outside) -> None:
    post(outside)
    (item,) = outside.items("mail", to=TO)
    assert item["subject"] == "Att attestera: beställning å"
    assert (item["from"], item["to"]) == ("no-reply@ombud.example", TO)
    assert item["text"].startswith("Hej Karin.")
    assert "<b>Karin</b>" in item["html"]
    assert item["links"] == ["http://localhost:8000/o/1?a=1&b=2"]
    assert item["headers"]["Auto-Submitted"] == "auto-generated"
    raw = outside.control.get(f"mail/{item['id']}/raw").content
    assert b"Content-Type: multipart/alternative" in raw


def test_each_recipient_has_a_mailbox(outside: Outside) -> None:
    post(outside, "a@example.test", "B@Example.test")
    assert len(outside.items("mail")) == 2
    assert len(outside.items("mail", to="b@example.TEST")) == 1


def test_newest_stands_last(outside: Outside) -> None:
    for subject in ("one", "two"):
        post(outside, mail=letter(subject))
    assert [item["subject"] for item in outside.items("mail", to=TO)] == ["one", "two"]


@pytest.mark.parametrize("code", [451, 550])
def test_a_recipient_is_refused(outside: Outside, code: int) -> None:
    outside.ask("faults", part="smtp", fault=str(code), times=1)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        post(outside)
    assert refused.value.recipients[TO][0] == code
    post(outside)
    assert len(outside.items("mail")) == 1


def test_a_full_mailbox(outside: Outside) -> None:
    outside.ask("faults", part="smtp", fault="552", times=1)
    with pytest.raises(smtplib.SMTPDataError):
        post(outside)
    assert outside.items("mail") == []


def test_nobody_answers_the_call(outside: Outside) -> None:
    outside.ask("faults", part="smtp", fault="refuse", times=1)
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        post(outside)
    post(outside)


def test_hung_up_after_the_mail_was_kept(outside: Outside) -> None:
    outside.ask("faults", part="smtp", fault="drop-after-data", times=1)
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        post(outside)
    assert len(outside.items("mail")) == 1


def test_silence_keeps_nothing(outside: Outside) -> None:
    outside.ask("faults", part="smtp", fault="hang", times=1)
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        post(outside)
    assert outside.items("mail") == []
    post(outside)

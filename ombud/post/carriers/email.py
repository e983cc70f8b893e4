"""Letters by e-mail: text and HTML over SMTP, nothing that follows the reader."""

import smtplib
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from ombud.lib import clock
from ombud.post.models import Letter
from ombud.post.outcomes import Accepted, NotSeen, Outcome, Postponed, Rejected, Trace, Unknown

GONE_BEFORE_ANSWER = (smtplib.SMTPServerDisconnected, OSError)


def carry(letter: Letter) -> Outcome:
    connection = EmailBackend(timeout=settings.EMAIL_TIMEOUT)
    try:
        connection.open()
    except (smtplib.SMTPException, OSError) as fault:
        return Postponed(repr(fault))
    try:
        connection.send_messages([written(letter)])
    except smtplib.SMTPRecipientsRefused as refused:
        code, _said = next(iter(refused.recipients.values()))
        return _refused(code, repr(refused))
    except smtplib.SMTPResponseException as refused:
        return _refused(refused.smtp_code, repr(refused))
    except GONE_BEFORE_ANSWER as fault:
        return Unknown(repr(fault))
    except (smtplib.SMTPException, ValueError) as refused:  # ValueError: an impossible header
        return Rejected(repr(refused))
    finally:
        _hang_up(connection)
    return Accepted(message_id(letter))


def trace(letter: Letter) -> Trace:
    """SMTP cannot be asked. The same Message-ID lets the receiver drop a second copy."""
    return NotSeen()


def written(letter: Letter) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives(
        letter.subject, letter.words, settings.DEFAULT_FROM_EMAIL, [letter.address]
    )
    mail.extra_headers = headers(letter)
    if letter.html:
        mail.attach_alternative(letter.page, "text/html")
    return mail


def headers(letter: Letter) -> dict[str, str]:
    root = f"<{quote(letter.thread, safe='')}.thread@{_host()}>"
    return {
        "Message-ID": message_id(letter),
        "Date": format_datetime(clock.now()),
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        **({"In-Reply-To": root, "References": root} if letter.thread else {}),
        **({"Content-Language": letter.language} if letter.language else {}),
    }


def message_id(letter: Letter) -> str:
    """The same for every attempt at one letter."""
    return f"<{letter.reference}@{_host()}>"


def _host() -> str:
    return urlsplit(settings.WEB_URL).hostname or "localhost"


def _refused(code: int, error: str) -> Outcome:
    return Rejected(error) if 500 <= code < 600 else Postponed(error)


def _hang_up(connection: EmailBackend) -> None:
    connection.fail_silently = True
    connection.close()

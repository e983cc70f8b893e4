"""Where letters are handed in, and where their way can be followed."""

from typing import Any

from django.utils.translation import pgettext

from ombud.lib import clock, phones, vault
from ombud.post.models import Letter
from ombud.post.tasks import carry


def hand_in(
    carrier: str,
    address: str,
    body: str,
    *,
    subject: str = "",
    html: str = "",
    thread: str = "",
    key: str = "",
    secret: bool = False,
    about: str = "",
    language: str = "",
) -> Letter:
    """Leave a letter to be carried once the present transaction has been committed.

    The same `key` twice is the same letter. What is `secret` lies sealed, is blanked once it has
    gone, and is never sent again on a doubt.
    """
    now = clock.now()
    written = {
        "carrier": carrier,
        "address": address,
        "body": vault.seal(body) if secret else body,
        "subject": " ".join(subject.split()),
        "html": vault.seal(html) if secret and html else html,
        "thread": thread,
        "secret": secret,
        "about": about,
        "language": language,
        "written_at": now,
        "next_at": now,
    }
    if key:
        letter, is_new = Letter.objects.get_or_create(key=key, defaults=written)
    else:
        letter, is_new = Letter.objects.create(**written), True
    if is_new:
        carry.defer(letter_id=letter.pk)
    return letter


def states_for(about: str) -> list[dict[str, Any]]:
    """How the letters about a case have fared, the oldest first."""
    letters = Letter.objects.filter(about=about).order_by("pk") if about else []
    return [_shown(letter) for letter in letters]


def _shown(letter: Letter) -> dict[str, Any]:
    is_sms = letter.carrier == Letter.Carrier.SMS
    return {
        "carrier": letter.carrier,
        "to": phones.masked(letter.address) if is_sms else letter.address,
        "subject": letter.subject,
        "state": letter.state,
        "words": _state_words(letter.state),
        "may_be_twice": letter.may_be_twice,
        "attempts": letter.attempts,
        "written_at": letter.written_at,
        "at": letter.settled_at or letter.accepted_at or letter.tried_at or letter.written_at,
    }


def _state_words(state: str) -> str:
    return {
        Letter.State.QUEUED: pgettext("letter", "Waiting to be sent"),
        Letter.State.SENDING: pgettext("letter", "Being sent"),
        Letter.State.UNKNOWN: pgettext("letter", "Perhaps sent: no answer came"),
        Letter.State.ACCEPTED: pgettext("letter", "Sent"),
        Letter.State.DELIVERED: pgettext("letter", "Delivered"),
        Letter.State.FAILED: pgettext("letter", "Could not be delivered"),
    }[Letter.State(state)]

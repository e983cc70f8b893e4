"""Where letters are handed in, and where their way can be followed."""

from typing import Any

from django.utils.translation import pgettext

from ombud.lib import clock, jobs, phones, rows, vault
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
    more = {"thread": thread, "key": key, "secret": secret, "about": about, "language": language}
    new = letter(carrier, address, body, subject=subject, html=html, **more)
    if hand_in_all([new]):
        return new
    return Letter.objects.get(key=key)


def letter(carrier: str, address: str, body: str, *, subject: str = "", **more: Any) -> Letter:
    """A letter that is not handed in yet."""
    now = clock.now()
    if more.get("secret"):
        body = vault.seal(body)
        more["html"] = (more.get("html") and vault.seal(more["html"])) or ""
    return Letter(
        carrier=carrier,
        address=address,
        body=body,
        subject=" ".join(subject.split()),
        written_at=now,
        next_at=now,
        **more,
    )


def hand_in_all(letters: list[Letter]) -> list[Letter]:
    """Those that are new, with the jobs that carry them; one that has its key already is known."""
    keys = {row[1]: row[0] for row in rows.put_all(letters, ONCE, "reference")}
    new = [one for one in letters if one.reference in keys]
    for one in new:
        one.pk, one._state.adding = keys[one.reference], False
    if new:
        jobs.queue_all(carry, [{"letter_id": one.pk} for one in new])
    return new


ONCE = "ON CONFLICT (key) WHERE key <> '' DO NOTHING"


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
        "words": words_of(letter.state),
        "may_be_twice": letter.may_be_twice,
        "attempts": letter.attempts,
        "written_at": letter.written_at,
        "at": letter.settled_at or letter.accepted_at or letter.tried_at or letter.written_at,
    }


def words_of(state: str) -> str:
    return {
        Letter.State.QUEUED: pgettext("letter", "Waiting to be sent"),
        Letter.State.SENDING: pgettext("letter", "Being sent"),
        Letter.State.UNKNOWN: pgettext("letter", "Perhaps sent: no answer came"),
        Letter.State.ACCEPTED: pgettext("letter", "Sent"),
        Letter.State.DELIVERED: pgettext("letter", "Delivered"),
        Letter.State.FAILED: pgettext("letter", "Could not be delivered"),
    }[Letter.State(state)]

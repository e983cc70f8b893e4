"""Carrying letters: the attempt is on record before the network, its outcome after.

A letter in `sending` or `unknown` is never simply sent again: those who carried it are asked first.
"""

from datetime import timedelta

import structlog
from django.db.models import F

from ombud.lib import clock, jobs
from ombud.post.carriers import CARRIERS
from ombud.post.models import Letter
from ombud.post.outcomes import Accepted, NotSeen, Outcome, Postponed, Rejected, Unknown

LADDER = [timedelta(minutes=m) for m in (1, 5, 30, 120, 480, 1440)]
SECRET_LADDER = [timedelta(seconds=s) for s in (10, 20, 40)]  # later the code is worth nothing
LEASE = timedelta(minutes=2)  # longer than any attempt takes
OVERDUE = timedelta(seconds=10)
State = Letter.State

log = structlog.get_logger()


@jobs.task(name="post.carry", retry=jobs.patiently)
def carry(letter_id: int) -> None:
    """Carry one letter a step. No transaction is open while the network is slow."""
    letter = Letter.objects.filter(pk=letter_id, next_at__lte=clock.now()).first()
    if letter is None or not _take(letter):
        return
    if letter.state == State.QUEUED:
        _settle(letter, CARRIERS[letter.carrier].carry(letter))
    else:
        _trace(letter)


@jobs.every(cron="* * * * * */15")
@jobs.task(name="post.sweep", queueing_lock="post.sweep")
def sweep(timestamp: int = 0) -> int:
    """Pick up the letters that wait for another attempt, and those that a crash left behind."""
    due = Letter.objects.filter(next_at__lte=clock.now() - OVERDUE).order_by("next_at")
    left = list(due.values_list("pk", flat=True)[:200])
    for letter_id in left:
        carry.defer(letter_id=letter_id)
    return len(left)


def _take(letter: Letter) -> bool:
    """Make the attempt ours, on record: of two who come at once only one goes on."""
    now = clock.now()
    ours = Letter.objects.filter(pk=letter.pk, state=letter.state, next_at=letter.next_at)
    if letter.state == State.QUEUED:
        letter.attempts, letter.tried_at = letter.attempts + 1, now
        attempt = {"state": State.SENDING, "attempts": F("attempts") + 1, "tried_at": now}
        return bool(ours.update(next_at=now + LEASE, **attempt))
    return bool(ours.update(next_at=now + LEASE))


def _settle(letter: Letter, outcome: Outcome) -> None:
    log.info("letter", letter=str(letter.reference), outcome=type(outcome).__name__)
    match outcome:
        case Accepted(provider_id):
            accept(letter, provider_id)
        case Rejected(error):
            _fail(letter, error)
        case Postponed(error):
            _wait(letter, State.QUEUED, error)
        case Unknown(error):
            _doubt(letter, error)


def _trace(letter: Letter) -> None:
    """An attempt whose outcome nobody knows: ask, and only then send a notice once more."""
    match CARRIERS[letter.carrier].trace(letter):
        case Accepted(provider_id):
            accept(letter, provider_id)
        case Unknown(error):
            _wait(letter, State.UNKNOWN, error)
        case NotSeen() if letter.secret or letter.may_be_twice:
            _move(letter, state=State.UNKNOWN, next_at=None, **_blanked(letter))
        case NotSeen():
            log.warning("letter.again", letter=str(letter.reference), possible_duplicate=True)
            _move(letter, state=State.QUEUED, next_at=clock.now(), may_be_twice=True)
            carry.defer(letter_id=letter.pk)


def accept(letter: Letter, provider_id: str) -> None:
    now = clock.now()
    Letter.objects.filter(pk=letter.pk).update(provider_id=provider_id)
    _move(letter, state=State.ACCEPTED, accepted_at=now, next_at=None, error="", **_blanked(letter))


def _doubt(letter: Letter, error: str) -> None:
    """The words of a secret are gone from here at once: it will not be sent again."""
    soon = clock.now() + SECRET_LADDER[0]
    _move(letter, state=State.UNKNOWN, next_at=soon, error=error[:500], **_blanked(letter))


def _wait(letter: Letter, state: Letter.State, error: str) -> None:
    """Try again later, further and further apart; at the end of the ladder it has failed."""
    is_code = letter.secret and letter.carrier == Letter.Carrier.SMS and not letter.about
    ladder = SECRET_LADDER if is_code else LADDER  # a link, of a case, is worth something longer
    if letter.attempts > len(ladder):
        return _fail(letter, error)
    later = clock.now() + ladder[letter.attempts - 1]
    given_up_at = (letter.tried_at or letter.written_at) + sum(ladder, timedelta())
    is_over = state == State.UNKNOWN and given_up_at < clock.now()
    words = _blanked(letter) if state == State.UNKNOWN else {}
    _move(letter, state=state, next_at=None if is_over else later, error=error[:500], **words)


def _fail(letter: Letter, error: str) -> None:
    now = clock.now()
    log.warning("letter.failed", letter=str(letter.reference))  # the error may name the address
    _move(
        letter,
        state=State.FAILED,
        settled_at=now,
        next_at=None,
        error=error[:500],
        **_blanked(letter),
    )


def _blanked(letter: Letter) -> dict[str, str]:
    return {"body": "", "html": ""} if letter.secret else {}


def _move(letter: Letter, **change: object) -> None:
    """A report may have come before us: what is accepted or settled stays so."""
    Letter.objects.filter(
        pk=letter.pk, state__in=[State.QUEUED, State.SENDING, State.UNKNOWN]
    ).update(**change)

"""Delivery reports: late, twice or out of order, they only ever move a letter forward."""

from ombud.lib import clock
from ombud.post.models import Letter

State = Letter.State
BELOW = {
    "sent": [State.SENDING, State.UNKNOWN],
    "delivered": [State.QUEUED, State.SENDING, State.UNKNOWN, State.ACCEPTED],
    "failed": [State.QUEUED, State.SENDING, State.UNKNOWN, State.ACCEPTED],
}


def take(letter: Letter, said: str, provider_id: str) -> bool:
    """Whether the report told anything new."""
    if said not in BELOW:
        return False
    now = clock.now()
    words = {"body": "", "html": ""} if letter.secret else {}
    came = Letter.objects.filter(pk=letter.pk, state__in=BELOW[said])
    known = {"provider_id": provider_id[:200]} if provider_id and not letter.provider_id else {}
    if said == "sent":
        return bool(
            came.update(state=State.ACCEPTED, accepted_at=now, next_at=None, **known, **words)
        )
    error = {} if said == "delivered" else {"error": "reported as failed"}
    return bool(
        came.update(state=State(said), settled_at=now, next_at=None, **known, **words, **error)
    )

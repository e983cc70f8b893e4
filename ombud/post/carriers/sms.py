"""Letters by SMS, through a gateway that speaks as 46elks does."""

import os
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import httpx
from django.conf import settings
from django.urls import reverse

from ombud.lib import segments
from ombud.post.models import Letter
from ombud.post.outcomes import Accepted, NotSeen, Outcome, Postponed, Rejected, Trace, Unknown

ROAD = "/a1"
TIMEOUT = httpx.Timeout(10, connect=5)
NOT_TAKEN = {401, 402, 403, 408, 429, 500, 503}  # an answer that says no, for now
PERHAPS_TAKEN = {502, 504}  # somebody in between gave up waiting
NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)
SKEW = timedelta(seconds=30)


def carry(letter: Letter) -> Outcome:
    try:
        answer = _gateway().post("/sms", data=form(letter))
    except NEVER_LEFT as fault:
        return Postponed(repr(fault))
    except httpx.HTTPError as fault:
        return Unknown(repr(fault))
    if answer.is_success:
        provider_id = _object(answer).get("id")
        return Accepted(str(provider_id)) if provider_id else Unknown("an answer without id")
    return _refused(answer)


def trace(letter: Letter) -> Trace:
    """Look for the message among those the gateway has sent."""
    try:
        answer = _gateway().get("/sms", params={"limit": 100})
    except httpx.HTTPError as fault:
        return Unknown(repr(fault))
    if not answer.is_success:
        return Unknown(f"{answer.status_code} {answer.text[:200]}")
    sent = _object(answer).get("data")
    for message in sent if isinstance(sent, list) else []:
        if _is_of(letter, message):
            return Accepted(str(message["id"]))
    return NotSeen()


def form(letter: Letter) -> dict[str, str]:
    path = reverse("post:report", args=[letter.reference, letter.report_secret])
    return {
        "from": settings.SMS_SENDER,
        "to": letter.address,
        "message": segments.plain(letter.words),
        "whendelivered": f"{settings.WEB_URL}{path}",
        **({"dontlog": "message"} if letter.secret else {}),
    }


def _is_of(letter: Letter, message: dict[str, Any]) -> bool:
    """Same number, not before our attempt, same words where both still have them, and not known."""
    if message.get("to") != letter.address or message.get("direction", "outgoing") == "incoming":
        return False
    said, words = message.get("message"), segments.plain(letter.words)
    if said and words and said != words:
        return False
    known = Letter.objects.filter(provider_id=str(message.get("id", ""))).exclude(pk=letter.pk)
    return _moment(message) >= (letter.tried_at or letter.written_at) - SKEW and not known.exists()


def _moment(message: dict[str, Any]) -> datetime:
    try:
        at = datetime.fromisoformat(str(message.get("created")))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _refused(answer: httpx.Response) -> Outcome:
    error = f"{answer.status_code} {answer.text[:200]}"
    if answer.status_code in PERHAPS_TAKEN:
        return Unknown(error)
    return Postponed(error) if answer.status_code in NOT_TAKEN else Rejected(error)


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _gateway() -> httpx.Client:
    return _client(os.getpid(), settings.SMS_URL, settings.SMS_USER, settings.SMS_PASSWORD)


@cache
def _client(_pid: int, url: str, user: str, password: str) -> httpx.Client:
    base = url.rstrip("/").removesuffix("/sms").removesuffix(ROAD) + ROAD
    return httpx.Client(base_url=base, auth=(user, password), timeout=TIMEOUT, trust_env=False)

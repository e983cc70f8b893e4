"""Asking a person to prove who they are with BankID, and hearing how it went.

The functions that talk to BankID want no open transaction. The final answer, which BankID gives
only once, is kept before anyone hears of it. The code by SMS has a room of its own: codes.py.
"""

import secrets
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.utils.safestring import SafeString

from ombud.eid import bankid, hints, judgement, qr
from ombud.eid.bankid import BankIDRefused, Order
from ombud.eid.codes import CodeRefused, Tried, begin_sms, try_code
from ombud.eid.hints import Outcome
from ombud.eid.judgement import claims, evidence
from ombud.eid.models import Challenge
from ombud.lib import clock, vault

__all__ = [
    "CodeRefused",
    "Tried",
    "begin_bankid",
    "begin_sms",
    "belongs_to",
    "cancel",
    "claims",
    "collect",
    "evidence",
    "may_renew",
    "qr_svg",
    "qr_text",
    "renew",
    "returned",
    "start_link",
    "try_code",
]

PACE = timedelta(seconds=2)  # between two questions to BankID about one order
LIFE = timedelta(minutes=6)  # an order lives three minutes, its answer three more
MOST_RESTARTS = 10  # a QR code lives thirty seconds: five minutes in all
BEFORE_THE_APP = {"", "outstandingTransaction", "noClient"}

log = structlog.get_logger()


def begin_bankid(
    *,
    purpose: str,
    ip: str,
    user_agent: str = "",
    visible: str = "",
    nonvisible: bytes = b"",
    personal_number: str | None = None,
    return_url: str | None = None,
    session: str = "",
    binding: str = "",
    same_device: bool = False,
) -> Challenge:
    """Order a login or a signature. When BankID refuses or is silent, it is a failed challenge.

    ValueError when a text is too long for BankID, or there is none to sign.
    """
    challenge = Challenge(
        method=Challenge.Method.BANKID,
        purpose=purpose,
        ip=ip,
        user_agent=user_agent[:256],
        visible=visible,
        nonvisible=nonvisible,
        subject_index=vault.index(personal_number) if personal_number else "",
        subject_sealed=vault.seal(personal_number) if personal_number else "",
        session_index=vault.index(session) if session else "",
        binding=binding,
        return_url=return_url or "",
        same_device=same_device,
    )
    _end_others_of(challenge)
    _place_order(challenge)
    challenge.save(force_insert=True)
    return challenge


def renew(challenge: Challenge, *, ip: str | None = None) -> Challenge:
    """A new order in place of one that nobody started: a fresh QR code for the same challenge."""
    unstarted = Challenge.objects.filter(
        pk=challenge.pk, hint=Outcome.NOT_STARTED, restarts__lt=MOST_RESTARTS
    )
    if unstarted.filter(restarts=challenge.restarts).update(restarts=F("restarts") + 1):
        challenge.refresh_from_db()
        challenge.ip = ip or challenge.ip
        _place_order(challenge)
        challenge.save()
    return _fresh(challenge)


def may_renew(challenge: Challenge) -> bool:
    return challenge.hint == Outcome.NOT_STARTED and challenge.restarts < MOST_RESTARTS


def qr_text(challenge: Challenge) -> str:
    """What the QR code says this second; empty once the app has been opened."""
    if not challenge.is_pending or challenge.provider_hint not in BEFORE_THE_APP:
        return ""
    age = clock.now() - (challenge.ordered_at or challenge.begun_at)
    secret = vault.open(challenge.qr_start_secret_sealed)
    return qr.text(challenge.qr_start_token, secret, max(0, int(age.total_seconds())))


def qr_svg(challenge: Challenge) -> SafeString:
    content = qr_text(challenge)
    return qr.svg(content) if content else SafeString()


def start_link(
    challenge: Challenge, *, redirect: str | None = None, mobile: bool | None = None
) -> str:
    """The address that opens the app on this device; a person's click must follow it."""
    if mobile is None:
        mobile = any(kind in challenge.user_agent for kind in ("iPhone", "iPad", "Android"))
    query = urlencode(
        {"autostarttoken": challenge.auto_start_token, "redirect": redirect or "null"}
    )
    return f"https://app.bankid.com/?{query}" if mobile else f"bankid:///?{query}"


def returned(challenge: Challenge, nonce: str) -> bool:
    """Whether this is the app coming back, for the first time, to the address we gave it."""
    waiting = Challenge.objects.filter(
        pk=challenge.pk, return_nonce_hash__in=vault.indexes(nonce, "return")
    )
    return bool(nonce) and waiting.update(return_nonce_hash="") == 1


def belongs_to(challenge: Challenge, session: str) -> bool:
    """Whether the challenge was begun in this session."""
    return bool(challenge.session_index) and challenge.session_index in vault.indexes(session)


def collect(challenge: Challenge) -> Challenge:
    """Ask BankID how it goes, at most once in two seconds an order whoever asks."""
    if challenge.method != Challenge.Method.BANKID or not _take_turn(challenge):
        return _fresh(challenge)
    challenge.refresh_from_db()
    if challenge.evidence:  # a crash came between keeping and judging
        return judgement.judge(challenge)
    try:
        progress = bankid.client().collect(vault.open(challenge.reference_sealed))
    except BankIDRefused as refused:
        return _unanswered(challenge, refused)
    if progress.status == "complete":
        return judgement.keep_and_judge(challenge, progress.completion)
    if progress.status == "failed":
        return judgement.fail(challenge, hints.outcome(progress.hint), progress.hint)
    _pending(challenge).update(provider_hint=progress.hint[:100])
    return _fresh(challenge)


def cancel(challenge: Challenge) -> Challenge:
    """The person changed their mind here; BankID is told, but not waited for in vain."""
    return _end(challenge, Outcome.USER_CANCELLED)


def _place_order(challenge: Challenge) -> None:
    """Fill in the order, or the failure; the row is the caller's to save."""
    signs, nonce = challenge.purpose == Challenge.Purpose.SIGN, secrets.token_urlsafe(16)
    try:
        client = bankid.client()
        order = (client.sign if signs else client.auth)(
            ip=str(challenge.ip),
            visible=challenge.visible,
            nonvisible=bytes(challenge.nonvisible),
            personal_number=vault.open(challenge.subject_sealed)
            if challenge.subject_sealed
            else None,
            pin_code=signs,
            return_url=_return_address(challenge.return_url, nonce),
        )
    except BankIDRefused as refused:
        _fill_in_refusal(challenge, refused)
    else:
        _fill_in(challenge, order, nonce)


def _fill_in(challenge: Challenge, order: Order, nonce: str) -> None:
    challenge.status, challenge.hint, challenge.provider_hint = Challenge.Status.PENDING, "", ""
    challenge.ended_at = challenge.collected_at = None
    challenge.ordered_at = clock.now()
    challenge.reference_sealed = vault.seal(order.reference)
    challenge.auto_start_token = order.auto_start_token
    challenge.qr_start_token = order.qr_start_token
    challenge.qr_start_secret_sealed = vault.seal(order.qr_start_secret)
    challenge.return_nonce_hash = vault.index(nonce, "return") if challenge.return_url else ""


def _fill_in_refusal(challenge: Challenge, refused: BankIDRefused) -> None:
    log.warning("bankid.refused", code=refused.code, details=refused.details)
    challenge.status, challenge.ended_at = Challenge.Status.FAILED, clock.now()
    challenge.hint, challenge.provider_hint = hints.outcome(refused.code), refused.code[:100]


def _return_address(return_url: str, nonce: str) -> str:
    if not return_url:
        return ""
    return f"{return_url}{'&' if '?' in return_url else '?'}nonce={nonce}"


def _end_others_of(challenge: Challenge) -> None:
    """One live order a session: a newer one of the same purpose ends the older."""
    if not challenge.session_index:
        return
    older = Challenge.objects.filter(
        session_index=challenge.session_index,
        method=Challenge.Method.BANKID,
        purpose=challenge.purpose,
        status=Challenge.Status.PENDING,
    )
    for other in older:
        _end(other, Outcome.SUPERSEDED)


def _end(challenge: Challenge, why: Outcome) -> Challenge:
    if not _pending(challenge).filter(evidence__isnull=True).exists():
        return _fresh(challenge)
    ended = judgement.fail(challenge, why)
    if ended.method == Challenge.Method.BANKID:
        _tell_bankid(ended)
    return ended


def _tell_bankid(challenge: Challenge) -> None:
    try:
        bankid.client().cancel(vault.open(challenge.reference_sealed))
    except BankIDRefused as refused:
        log.info("bankid.not_cancelled", code=refused.code, details=refused.details)


def _take_turn(challenge: Challenge) -> bool:
    """Of all who ask, one in two seconds goes on; nobody from within a transaction."""
    now = clock.now()
    rested = Q(collected_at=None) | Q(collected_at__lte=now - PACE)
    clock_was_set_back = Q(collected_at__gt=now + timedelta(minutes=2))
    with transaction.atomic(durable=True):
        ours = _pending(challenge).filter(rested | clock_was_set_back)
        return bool(ours.update(collected_at=now))


def _unanswered(challenge: Challenge, refused: BankIDRefused) -> Challenge:
    """An order outlives BankID's bad moments; what is gone is gone."""
    log.warning("bankid.unanswered", code=refused.code, details=refused.details)
    since: datetime = challenge.ordered_at or challenge.begun_at
    if not refused.retryable or clock.now() - since > LIFE:
        return judgement.fail(challenge, hints.outcome(refused.code), refused.code)
    if refused.wait:
        later = clock.now() + timedelta(seconds=refused.wait)
        _pending(challenge).update(collected_at=later)
    return _fresh(challenge)


def _pending(challenge: Challenge):
    return Challenge.objects.filter(pk=challenge.pk, status=Challenge.Status.PENDING)


def _fresh(challenge: Challenge) -> Challenge:
    challenge.refresh_from_db()
    return challenge

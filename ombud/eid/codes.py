"""A code by SMS: six digits, five minutes, three tries, once. Weaker than BankID, and says so."""

import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ombud.eid.hints import Outcome
from ombud.eid.models import Challenge
from ombud.lib import clock, phones, vault
from ombud.lib.errors import Reason, Refused

LIFE = timedelta(minutes=5)
TRIES = 3
APART = timedelta(seconds=60)
HOUR, MOST_PER_HOUR, MOST_PER_ADDRESS = timedelta(hours=1), 5, 20
DAY, MOST_FAILURES = timedelta(hours=24), 10
COUNTRIES = ("+46", "+47", "+45", "+358", "+354")  # others would let us be pumped for money


class CodeRefused(Refused):
    """No code now; the text says why and `wait` how many seconds remain (0: waiting is no help)."""

    def __init__(self, code: str, text: str, wait: int = 0):
        self.wait = wait
        super().__init__([Reason(code, text, "time" if wait else "right")])


class TooSoon(CodeRefused):
    pass


class TooMany(CodeRefused):
    pass


class Locked(CodeRefused):
    pass


class NoPhone(CodeRefused):
    pass


@dataclass(frozen=True)
class Tried:
    ok: bool
    tries_left: int
    gone: bool


def begin_sms(
    *,
    purpose: str,
    binding: str,
    phone: str,
    owner: str = "",
    session: str = "",
    ip: str | None = None,
    user_agent: str = "",
    visible: str = "",
) -> tuple[Challenge, str]:
    """A new code for one binding; it kills the older one. The code itself is told only here.

    Call it in the transaction that hands in the letter. `owner` is whoever the limits count for.
    """
    challenge = Challenge(
        method=Challenge.Method.SMS,
        purpose=purpose,
        binding=binding,
        phone_index=vault.index(phone),
        phone_masked=phones.masked(phone),
        owner_index=vault.index(owner) if owner else "",
        session_index=vault.index(session) if session else "",
        ip=ip,
        user_agent=user_agent[:256],
        visible=visible,
    )
    code = f"{secrets.randbelow(10**6):06d}"
    challenge.code_digest = _digest(challenge, code)
    with transaction.atomic():
        _one_at_a_time(challenge)
        _require_allowed(challenge, phone)
        _live(binding).update(
            status=Challenge.Status.FAILED, hint=Outcome.SUPERSEDED, ended_at=clock.now()
        )
        challenge.save(force_insert=True)
    return challenge, code


def try_code(challenge: Challenge, code: str) -> Tried:
    """Count the try, and only then compare: a crash or a crowd gives nobody an extra guess."""
    with transaction.atomic(durable=True):
        return _counted_try(challenge, code)


def wait_before_next(phone: str, owner: str = "", ip: str | None = None) -> int:
    """Seconds until a new code may be asked for; 0 is now."""
    asked = _asked_by(vault.index(phone), vault.index(owner) if owner else "")
    try:
        _require_apart(asked)
        _require_few(asked)
        _require_few_from(ip)
    except CodeRefused as refused:
        return refused.wait
    return 0


def locked_until(owner_index: str) -> datetime | None:
    """When an owner with too many wrong codes behind them may try again."""
    if not owner_index:
        return None
    tried = Challenge.objects.filter(
        owner_index=owner_index, method="sms", begun_at__gt=clock.now() - DAY, tries__gt=0
    )
    counts = tried.aggregate(
        tries=Sum("tries"), right=Count("pk", filter=Q(status="complete")), first=Min("begun_at")
    )
    wrong = (counts["tries"] or 0) - counts["right"]
    return counts["first"] + DAY if wrong >= MOST_FAILURES else None


def _counted_try(challenge: Challenge, code: str) -> Tried:
    row = Challenge.objects.filter(pk=challenge.pk, method="sms", status="pending")
    alive = row.filter(begun_at__gt=clock.now() - LIFE, tries__lt=TRIES)
    if locked_until(challenge.owner_index) or not alive.update(tries=F("tries") + 1):
        _end(row, _why_gone(challenge))
        challenge.refresh_from_db()
        return Tried(ok=False, tries_left=0, gone=True)
    challenge.refresh_from_db()
    if _is_right(challenge, code):
        row.update(status="complete", ended_at=clock.now())
        challenge.refresh_from_db()
        return Tried(ok=True, tries_left=0, gone=False)
    left = TRIES - challenge.tries
    if not left:
        _end(row, Outcome.TRIES_USED_UP)
        challenge.refresh_from_db()
    return Tried(ok=False, tries_left=left, gone=not left)


def _why_gone(challenge: Challenge) -> Outcome:
    in_time = challenge.begun_at > clock.now() - LIFE
    return Outcome.TRIES_USED_UP if in_time else Outcome.CODE_EXPIRED


def _end(row: QuerySet[Challenge], why: Outcome) -> None:
    row.update(status="failed", hint=why, ended_at=clock.now())


def _is_right(challenge: Challenge, code: str) -> bool:
    typed = "".join(code.split())
    digests = vault.indexes(f"{challenge.pk}:{typed}", "code")
    return any([hmac.compare_digest(challenge.code_digest, digest) for digest in digests])


def _digest(challenge: Challenge, code: str) -> str:
    return vault.index(f"{challenge.pk}:{code}", "code")


def _one_at_a_time(challenge: Challenge) -> None:
    """Two who ask at the same moment are judged one after the other."""
    whose = {challenge.phone_index, challenge.owner_index, challenge.binding}
    names = sorted((whose | {f"from {_network(challenge.ip)}" if challenge.ip else ""}) - {""})
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _require_allowed(challenge: Challenge, phone: str) -> None:
    if not phone:
        raise NoPhone("no_phone", _("There is no mobile phone to send a code to."))
    if not phone.startswith(COUNTRIES):
        raise NoPhone("country", _("Codes are not sent to phones of this country."))
    if until := locked_until(challenge.owner_index):
        raise Locked(
            "locked",
            _("Too many wrong codes. Use BankID, or try again tomorrow."),
            _seconds(until),
        )
    asked = _asked_by(challenge.phone_index, challenge.owner_index)
    _require_apart(asked)
    _require_few(asked)
    _require_few_from(challenge.ip)


def _require_apart(asked: list[QuerySet[Challenge]]) -> None:
    latest = [last for rows in asked if (last := rows.aggregate(at=Max("begun_at"))["at"])]
    wait = _seconds(max(latest) + APART) if latest else 0
    if wait > 0:
        words = ngettext(
            "A code was just sent. You may ask for a new one in %(n)s second.",
            "A code was just sent. You may ask for a new one in %(n)s seconds.",
            wait,
        )
        raise TooSoon("too_soon", words % {"n": wait}, wait)


def _require_few(asked: list[QuerySet[Challenge]]) -> None:
    for rows in asked:
        times = rows.order_by("-begun_at").values_list("begun_at", flat=True)[:MOST_PER_HOUR]
        if len(times) >= MOST_PER_HOUR:
            wait = _seconds(min(times) + HOUR)
            minutes = -(-wait // 60)
            words = ngettext(
                "Too many codes have been sent. You may ask again in %(n)s minute.",
                "Too many codes have been sent. You may ask again in %(n)s minutes.",
                minutes,
            )
            raise TooMany("too_many", words % {"n": minutes}, wait)


def _require_few_from(ip: str | None) -> None:
    """Whoever has many phones to send codes to still has few addresses to ask from."""
    if not ip:
        return
    network = _network(ip)
    within = {"ip__gte": str(network[0]), "ip__lte": str(network[-1])}
    times = _recent().filter(**within).order_by("-begun_at").values_list("begun_at", flat=True)
    latest = times[:MOST_PER_ADDRESS]
    if len(latest) < MOST_PER_ADDRESS:
        return
    wait = _seconds(min(latest) + HOUR)
    minutes = -(-wait // 60)
    words = ngettext(
        "Many codes have been asked for from your network in the last hour."
        " You may ask again in %(n)s minute, or use BankID.",
        "Many codes have been asked for from your network in the last hour."
        " You may ask again in %(n)s minutes, or use BankID.",
        minutes,
    )
    raise TooMany("too_many_from_here", words % {"n": minutes}, wait)


def _network(ip: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    """The address itself; of the newer kind the network that one subscriber has whole."""
    address = ipaddress.ip_address(ip)
    return ipaddress.ip_network((address, 32 if address.version == 4 else 64), strict=False)


def _recent() -> QuerySet[Challenge]:
    return Challenge.objects.filter(method="sms", begun_at__gt=clock.now() - HOUR)


def _asked_by(phone_index: str, owner_index: str) -> list[QuerySet[Challenge]]:
    """The codes of the last hour: to this phone, and by this owner."""
    recent = _recent()
    by_phone = recent.filter(phone_index=phone_index)
    return [by_phone, recent.filter(owner_index=owner_index)] if owner_index else [by_phone]


def _live(binding: str) -> QuerySet[Challenge]:
    return Challenge.objects.filter(method="sms", status="pending", binding=binding)


def _seconds(until: datetime) -> int:
    return max(0, -int((clock.now() - until).total_seconds() // 1))

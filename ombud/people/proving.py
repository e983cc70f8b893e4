"""Somebody proves by BankID who it is, without being logged in by it: to register, to ask for help,
to tie an account to the e-ID. One proof a session, for one purpose, good for half an hour."""

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from ombud.eid import challenges
from ombud.eid.models import Challenge
from ombud.lib import clock
from ombud.people import ways

KEPT = "proving"
FRESH = timedelta(minutes=30)


@dataclass(frozen=True)
class Attempt:
    challenge: str = ""
    secret: str = ""
    purpose: str = ""
    next: str = "/"


def begin(request, purpose: str, target: str, *, same_device: bool) -> Challenge:
    secret = kept(request).secret or secrets.token_urlsafe(24)
    back = settings.WEB_URL + reverse("desk:prove_back")
    challenge = challenges.begin_bankid(
        purpose=Challenge.Purpose.AUTH,
        ip=ways.address_of(request),
        user_agent=request.headers.get("User-Agent", ""),
        visible=intention(request),
        return_url=back if same_device else None,
        session=secret,
        same_device=same_device,
    )
    attempt = Attempt(str(challenge.pk), secret, purpose, target)
    request.session[KEPT] = asdict(attempt)
    return challenge


def intention(request) -> str:
    """What the app shows before one says yes."""
    return _("I identify myself to Ombud at %(site)s. I have started this myself.") % {
        "site": request.get_host()
    }


def kept(request) -> Attempt:
    return Attempt(**request.session.get(KEPT, {}))


def under_way(request) -> Challenge | None:
    """The challenge that this session began, and no other."""
    attempt = kept(request)
    if not attempt.challenge:
        return None
    found = Challenge.objects.filter(pk=attempt.challenge).first()
    return found if found and challenges.belongs_to(found, attempt.secret) else None


def has_come_back(challenge: Challenge) -> bool:
    """On the same device the app must have led back to the very browser that began."""
    return not challenge.same_device or not challenge.return_nonce_hash


def proven(request, purpose: str) -> dict[str, str]:
    """Who it is (eid's claims), if this session has proven it for this purpose; else nothing."""
    challenge = under_way(request) if kept(request).purpose == purpose else None
    if challenge is None or not challenge.is_complete or not has_come_back(challenge):
        return {}
    is_fresh = bool(challenge.ended_at and challenge.ended_at > clock.now() - FRESH)
    return challenges.claims(challenge) if is_fresh else {}


def forget(request) -> None:
    request.session.pop(KEPT, None)

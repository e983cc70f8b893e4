"""Whose account an OpenID login opens: by an identity number that is vouched for; otherwise only
the account whose person linked it while logged in. Never by an address."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from ombud.eid import oidc
from ombud.eid.oidc import Begun, OidcRefused
from ombud.eid.providers import Provider
from ombud.lib import clock
from ombud.people.account.models import Identity
from ombud.people.models import Person

KEPT = "oidc_logins"
LIFE = timedelta(minutes=15)
MOST = 5  # tabs that may be under way at once
LOGIN, CONFIRM, LINK = "login", "confirm", "link"


@dataclass(frozen=True)
class Attempt:
    """One login under way, bound to the session that began it."""

    begun: Begun
    purpose: str
    next: str
    at: str


def back_address() -> str:
    return settings.WEB_URL + reverse("people:oidc_back")


def begin(request, provider: Provider, purpose: str, target: str) -> str:
    """Where the browser is to go. OidcRefused when the provider cannot be reached."""
    begun, address = oidc.begin(provider, back_address(), translation.get_language())
    attempt = Attempt(begun, purpose, target, clock.now().isoformat())
    kept = dict(list(request.session.get(KEPT, {}).items())[-(MOST - 1) :])
    request.session[KEPT] = {**kept, begun.state: asdict(attempt)}
    return address


def taken(request, state: str) -> Attempt:
    """The login that this answer belongs to: only in the session that began it, and only once."""
    kept = dict(request.session.get(KEPT, {}))
    told = kept.pop(state, None)
    request.session[KEPT] = kept
    if told is None or datetime.fromisoformat(told["at"]) < clock.now() - LIFE:
        raise OidcRefused("state")
    return Attempt(**{**told, "begun": Begun(**told["begun"])})


def person_of(seen: oidc.Identity) -> Person | None:
    """Whom the provider has seen, if that person has an account here."""
    if seen.number:
        return Person.objects.of_number(seen.number)
    known = Identity.objects.known_as(seen.issuer, seen.subject)
    if known is None:
        return None
    Identity.objects.filter(pk=known.pk).update(used_at=clock.now())
    return known.person


def is_strong(provider: Provider, seen: oidc.Identity) -> bool:
    """An e-ID that told the number, or a login that proved the person as surely as was asked."""
    return bool(seen.number or provider.acr)


def method(provider: Provider, seen: oidc.Identity) -> str:
    return "oidc" if is_strong(provider, seen) else "company"

"""OpenID Connect, spoken to as a relying party: code with PKCE, and what the answer is worth.

One road for the Norwegian BankID, for brokers and for a company's own login. Knows no person.
"""

import hashlib
import hmac
import os
import secrets
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import jwt
import structlog
from django.conf import settings

from ombud.eid import tokens
from ombud.eid.providers import Provider
from ombud.eid.tokens import Claims, TokenRefused
from ombud.lib import identifiers

TIMEOUT = httpx.Timeout(10, connect=5)
KEPT_SECONDS = 3600  # what discovery says
PAUSE_SECONDS = 60  # between two questions for keys that nobody knew
MOST_BYTES = 256 * 1024
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")

log = structlog.get_logger()


class OidcRefused(Exception):
    """The provider said no, or nothing, or something that does not hold. `reason` is for the log
    and for choosing words: cancelled, down, state, issuer, or the check of a token."""

    def __init__(self, reason: str, details: str = ""):
        self.reason, self.details = reason, details
        super().__init__(f"{reason}: {details}" if details else reason)


@dataclass(frozen=True)
class Begun:
    """One login under way: what the browser's session keeps until the provider leads back."""

    provider: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Identity:
    """Whom the provider has seen. `number` is an identity number it vouches for, or empty."""

    provider: str
    issuer: str
    subject: str
    number: str
    name: str


def providers() -> list[Provider]:
    return list(settings.OIDC)


def named(key: str) -> Provider | None:
    return next((one for one in providers() if one.key == key), None)


def begin(provider: Provider, back: str, language: str = "") -> tuple[Begun, str]:
    """What to keep, and where the browser is to go."""
    begun = Begun(provider.key, *(secrets.token_urlsafe(32) for _ in range(3)))
    asked = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": provider.scope,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": challenge(begun.verifier),
        "code_challenge_method": "S256",
        "acr_values": provider.acr,
        "login_hint": provider.hint,
        "ui_locales": language,
        "prompt": "login",
    }
    told = urlencode({name: value for name, value in asked.items() if value})
    address = client(provider).endpoint("authorization_endpoint")
    return begun, address + ("&" if "?" in address else "?") + told


def finish(provider: Provider, begun: Begun, answer: dict[str, str], back: str) -> Identity:
    """Whom the provider has seen, out of what it led the browser back with."""
    if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
        raise OidcRefused("state")
    known = client(provider)
    if answer.get("iss", known.unnamed()) != provider.issuer:
        raise OidcRefused("issuer", answer.get("iss", "")[:200])
    if "error" in answer:
        was_cancelled = answer["error"] in ("access_denied", "user_cancelled", "login_required")
        raise OidcRefused("cancelled" if was_cancelled else "down", answer["error"][:100])
    said = known.redeem(answer.get("code", ""), begun.verifier, back)
    claims = known.verified(str(said.get("id_token", "")), begun.nonce)
    if provider.claim not in claims and said.get("access_token"):
        claims = known.more(claims, str(said["access_token"]))
    return identity(provider, claims)


def identity(provider: Provider, claims: Claims) -> Identity:
    told = str(claims.get(provider.claim, "")) if provider.vouches else ""
    return Identity(
        provider=provider.key,
        issuer=provider.issuer,
        subject=str(claims["sub"])[:255],
        number=number_of(provider, told) if told else "",
        name=str(claims.get("name", ""))[:200],
    )


def number_of(provider: Provider, told: str) -> str:
    """The identity number as we write it; a provider that tells nonsense is refused."""
    try:
        if provider.country == "no":
            return identifiers.no_person(told, allow_synthetic=settings.ENV.env != "production")
        return identifiers.se_person(told)
    except identifiers.Mistyped as wrong:
        raise OidcRefused("number") from wrong


def challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return urlsafe_b64encode(digest).rstrip(b"=").decode()


def client(provider: Provider) -> "Client":
    """The client of this process; a forked child makes its own."""
    return _client(os.getpid(), provider)


@cache
def _client(_pid: int, provider: Provider) -> "Client":
    return Client(provider)


class Client:
    """One provider; remembers what it says of itself for an hour."""

    def __init__(self, provider: Provider):
        self.provider = provider
        self._http = httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False)
        self._said: tuple[float, dict[str, Any]] = (0, {})
        self._keys: tuple[float, dict[str, jwt.PyJWK]] = (0, {})

    def endpoint(self, name: str) -> str:
        return str(self.discovered()[name])

    def discovered(self) -> dict[str, Any]:
        at, said = self._said
        if said and time.monotonic() - at < KEPT_SECONDS:
            return said
        address = self.provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
        said = self._read(self._get(address))
        self._require_own(said)
        self._said = (time.monotonic(), said)
        return said

    def unnamed(self) -> str:
        """Whose an answer is that names no issuer: nobody's, where they are always named."""
        names = self.discovered().get("authorization_response_iss_parameter_supported")
        return "" if names else self.provider.issuer

    def redeem(self, code: str, verifier: str, back: str) -> dict[str, Any]:
        """The tokens for a code; it works once."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        provider, auth = self.provider, None
        if provider.client_secret and self._takes_basic():
            auth = httpx.BasicAuth(provider.client_id, provider.client_secret)
        else:
            secret = {"client_secret": provider.client_secret} if provider.client_secret else {}
            form |= {"client_id": provider.client_id, **secret}
        return self._read(self._ask("POST", self.endpoint("token_endpoint"), data=form, auth=auth))

    def verified(self, token: str, nonce: str) -> Claims:
        try:
            _named, kid = tokens.algorithm(token)
            return tokens.verified(token, self._key(kid), self.provider, nonce)
        except TokenRefused as no:
            log.warning("oidc.token", provider=self.provider.key, reason=no.reason)
            raise OidcRefused(no.reason, no.details) from no

    def more(self, claims: Claims, access: str) -> Claims:
        """What userinfo adds; it must speak of the same subject."""
        address = self.discovered().get("userinfo_endpoint")
        if not address:
            return claims
        bearer = {"Authorization": f"Bearer {access}"}
        told = self._read(self._ask("GET", str(address), headers=bearer))
        if told.get("sub") != claims["sub"]:
            raise OidcRefused("subject")
        return {**told, **claims}

    def _takes_basic(self) -> bool:
        known = self.discovered().get("token_endpoint_auth_methods_supported")
        return not known or "client_secret_basic" in known

    def _key(self, kid: str) -> jwt.PyJWK:
        """The published key of this name; asked for anew, not too often, when it is unknown."""
        at, keys = self._keys
        age = time.monotonic() - at
        if not keys or age > KEPT_SECONDS or (kid not in keys and age > PAUSE_SECONDS):
            keys = self._published()
            self._keys = (time.monotonic(), keys)
        if not kid and len(keys) == 1:
            return next(iter(keys.values()))
        if kid not in keys:
            raise TokenRefused("key", kid[:100])
        return keys[kid]

    def _published(self) -> dict[str, jwt.PyJWK]:
        said = self._read(self._get(self.endpoint("jwks_uri")))
        rows = said.get("keys")
        found = {}
        for row in rows if isinstance(rows, list) else []:
            if isinstance(row, dict) and row.get("use", "sig") == "sig" and row.get("kty") != "oct":
                try:
                    found[str(row.get("kid", ""))] = jwt.PyJWK(row)
                except jwt.PyJWTError:
                    continue  # of a kind that we do not use
        return found

    def _require_own(self, said: dict[str, Any]) -> None:
        """Discovery must speak of the issuer asked for, and lead nowhere less safe than it."""
        if said.get("issuer") != self.provider.issuer:
            raise OidcRefused("issuer", str(said.get("issuer"))[:200])
        for name in ENDPOINTS:
            scheme = urlsplit(str(said.get(name, ""))).scheme
            if scheme != "https" and (self.provider.is_secure or scheme != "http"):
                raise OidcRefused("down", f"{name} is no safe address")

    def _get(self, address: str) -> httpx.Response:
        return self._ask("GET", address)

    def _ask(self, method: str, address: str, **more: Any) -> httpx.Response:
        try:
            return self._http.request(method, address, **more)
        except httpx.HTTPError as fault:
            raise OidcRefused("down", repr(fault)) from fault

    def _read(self, answer: httpx.Response) -> dict[str, Any]:
        """The body as an object; proxies may answer with anything, or nothing."""
        if answer.status_code != 200 or len(answer.content) > MOST_BYTES:
            raise OidcRefused("down", f"{answer.status_code} {answer.text[:200]}")
        try:
            said = answer.json()
        except ValueError as wrong:
            raise OidcRefused("down", "no JSON") from wrong
        if not isinstance(said, dict):
            raise OidcRefused("down", "no object")
        return said

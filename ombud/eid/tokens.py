"""Whether an ID token is what it claims: signature, issuer, audience, nonce, time and level.

Times are judged by our own clock, everything else by the library.
"""

import hmac
from typing import Any

import jwt

from ombud.eid.providers import Provider
from ombud.lib import clock

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"]
LEEWAY = 60  # seconds, for clocks that differ
OLDEST = 600  # seconds since a token was issued
NEEDED = ["iss", "sub", "aud", "exp", "iat"]

Claims = dict[str, Any]


class TokenRefused(Exception):
    """`reason` names the check that failed: form, key, signature, issuer, audience, nonce, …"""

    def __init__(self, reason: str, details: str = ""):
        self.reason, self.details = reason, details
        super().__init__(f"{reason}: {details}" if details else reason)


REASONS: tuple[tuple[type[Exception], str], ...] = (
    (jwt.InvalidAlgorithmError, "algorithm"),
    (jwt.InvalidSignatureError, "signature"),
    (jwt.InvalidIssuerError, "issuer"),
    (jwt.InvalidAudienceError, "audience"),
    (jwt.MissingRequiredClaimError, "form"),
)


def algorithm(token: str) -> tuple[str, str]:
    """The algorithm and the key that the token names; refused unless it is one of ours."""
    try:
        header = jwt.get_unverified_header(token)
    except jwt.PyJWTError as wrong:
        raise TokenRefused("form", str(wrong)) from wrong
    named = str(header.get("alg", ""))
    if named not in ALGORITHMS:
        raise TokenRefused("algorithm", named)
    return named, str(header.get("kid", ""))


def verified(token: str, key: jwt.PyJWK, provider: Provider, nonce: str) -> Claims:
    """The token's claims, or TokenRefused."""
    named, _kid = algorithm(token)
    if key.algorithm_name and key.algorithm_name != named:
        raise TokenRefused("algorithm", f"{named} by a key for {key.algorithm_name}")
    try:
        claims: Claims = jwt.decode(
            token,
            key,
            algorithms=[named],
            audience=provider.client_id,
            issuer=provider.issuer,
            options={
                "require": NEEDED,
                "verify_exp": False,  # by our own clock, below
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.PyJWTError as wrong:
        raise TokenRefused(reason_of(wrong), str(wrong)) from wrong
    require_meant_for_us(claims, provider)
    require_in_time(claims)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), nonce.encode()):
        raise TokenRefused("nonce")
    if provider.acr and str(claims.get("acr", "")) not in provider.acr.split():
        raise TokenRefused("acr", str(claims.get("acr", "")))
    return claims


def reason_of(wrong: Exception) -> str:
    return next((reason for kind, reason in REASONS if isinstance(wrong, kind)), "form")


def require_meant_for_us(claims: Claims, provider: Provider) -> None:
    """A token for several is ours only if we are who asked for it."""
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    asked = claims.get("azp")
    if (several or asked is not None) and asked != provider.client_id:
        raise TokenRefused("audience", f"azp {asked}")


def require_in_time(claims: Claims) -> None:
    now = clock.now().timestamp()
    try:
        ends, begins = float(claims["exp"]), float(claims["iat"])
        since = float(claims.get("nbf", begins))
        seen = float(claims["auth_time"]) if "auth_time" in claims else None
    except (TypeError, ValueError) as wrong:
        raise TokenRefused("form", str(wrong)) from wrong
    if ends <= now - LEEWAY or begins < now - OLDEST - LEEWAY:
        raise TokenRefused("expired")
    if seen is not None and seen < now - OLDEST - LEEWAY:
        raise TokenRefused("stale")  # we asked for the person to be proved anew
    if begins > now + LEEWAY or since > now + LEEWAY:
        raise TokenRefused("early")

"""How often one address may ask what is answered to anybody; reading is asking too."""

from allauth.core.internal import ratelimit


def allow(request, action: str) -> bool:
    """One more, if the limit of this name (ACCOUNT_RATE_LIMITS) has room for it."""
    more = {"action": action, "limit_get": True}
    return bool(ratelimit.consume(request, app="allauth.account", **more))

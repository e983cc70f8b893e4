"""Which addresses of another system may lie within the house."""

from django.conf import settings

from ombud.lib.outward import host_of

HERE = ("localhost", "127.0.0.1", "::1")


def is_here(host: str) -> bool:
    """On this machine, where demo and tests have theirs."""
    return host in HERE and bool(settings.SANDBOX_URL or settings.IS_TEST)


def is_permitted(host: str) -> bool:
    """The installation's own word goes further than an administrator's: what it names may lie
    wherever it does."""
    named = (settings.AGILOFT_URL, settings.AGILOFT_OAUTH_URL)
    return is_here(host) or (bool(host) and host in map(host_of, named))

"""The one way to say that a signature does not hold, and which check found it out."""

from collections.abc import Iterator
from contextlib import contextmanager


class NotGenuine(Exception):
    """`reason` names the check that failed: form, digest, signature, chain, validity, ocsp, …"""

    def __init__(self, reason: str, details: str = ""):
        self.reason, self.details = reason, details
        super().__init__(f"{reason}: {details}" if details else reason)


@contextmanager
def checking(reason: str) -> Iterator[None]:
    """Whatever goes wrong within, even in a library, is a failed check."""
    try:
        yield
    except NotGenuine:
        raise
    except Exception as fault:
        raise NotGenuine(reason, repr(fault)) from fault


def demand(holds: object, reason: str, details: str = "") -> None:
    if not holds:
        raise NotGenuine(reason, details)

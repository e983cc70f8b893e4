"""What can come of handing a letter to those who carry it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """They have it."""

    provider_id: str = ""


@dataclass(frozen=True)
class Postponed:
    """They certainly do not have it, and it is worth trying again."""

    error: str


@dataclass(frozen=True)
class Rejected:
    """They will never take it."""

    error: str


@dataclass(frozen=True)
class Unknown:
    """No answer: they may have it or not."""

    error: str


@dataclass(frozen=True)
class NotSeen:
    """They were asked, and have never seen it."""


Outcome = Accepted | Postponed | Rejected | Unknown
Trace = Accepted | NotSeen | Unknown

"""What a person may be told when the house says no."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Reason:
    """One thing that stands against a deed, and who can put it right. Where a role is lacking, the
    pages know which, and the number of the organisation in which it is given, to ask for it."""

    code: str
    text: str
    because: Literal["right", "time"]
    who: str = ""
    role: str = ""
    at: str = ""

    def as_json(self) -> dict:
        return {name: str(getattr(self, name)) for name in ("code", "text", "because", "who")}


def right(code: str, text: str, who: str = "", **lacking: str) -> Reason:
    return Reason(code, text, "right", who, **lacking)


def time(code: str, text: str, who: str = "") -> Reason:
    return Reason(code, text, "time", who)


def against(*doubts: tuple[object, Reason | Callable[[], Reason]]) -> list[Reason]:
    """The reasons whose doubt holds; empty means allowed. One that must be looked up is handed over
    as what looks it up, and is, only if its doubt holds."""
    return [reason() if callable(reason) else reason for holds, reason in doubts if holds]


def any_of(*ways: list[Reason]) -> list[Reason]:
    """Allowed if one way is; else the reasons of the nearest."""
    return min(ways, key=lambda reasons: (any(r.because == "right" for r in reasons), len(reasons)))


class Refused(Exception):
    """Understood, but no. A missing right outweighs a wrong moment."""

    def __init__(self, reasons: Iterable[Reason]):
        self.reasons = list(reasons)
        super().__init__(" ".join(str(reason.text) for reason in self.reasons))

    @property
    def status(self) -> int:
        return 403 if any(reason.because == "right" for reason in self.reasons) else 409

    def as_json(self) -> dict:
        return {"detail": str(self), "reasons": [reason.as_json() for reason in self.reasons]}


class Misshapen(Exception):
    """What was typed has the wrong shape, field by field."""

    status = 422

    def __init__(self, errors: list[dict]):
        self.errors = errors
        super().__init__("; ".join(f"{error['field']}: {error['text']}" for error in errors))

    def as_json(self) -> dict:
        return {"detail": str(self), "errors": self.errors}


def misshapen(**faults: str) -> Misshapen:
    return Misshapen([{"field": field, "text": str(text)} for field, text in faults.items()])


def require(reasons: list[Reason]) -> None:
    """Stop here if a rule found anything against it."""
    if reasons:
        raise Refused(reasons)

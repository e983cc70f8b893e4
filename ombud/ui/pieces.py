"""The plain things that components draw; a page may hand over anything with the same fields."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

Tone = Literal["neutral", "turn", "late", "done", "info"]
StepState = Literal[
    "done",
    "current",
    "resting",
    "coming",
    "rejected",
    "recalled",
    "expired",
    "not_needed",
    "cancelled",
]


@dataclass(frozen=True)
class Step:
    """One step on the road, in the timeline."""

    deed: str
    state: StepState
    organisation: str = ""
    who: str = ""  # a role's name, or a person's where policy shows it
    at: datetime | None = None
    due: date | datetime | None = None
    lines: tuple[str, ...] = ()  # reminders, hand-overs, method
    reason: str = ""  # why rejected, in the words of whoever did it
    instead_of: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a list; `sort` is the address that sorts by it."""

    key: str
    label: str
    sort: str = ""
    order: Literal["ascending", "descending", "none"] = "none"
    end: bool = False  # figures stand to the right
    main: bool = False  # carries the row's link and heads its card on a phone
    wide: bool = False


@dataclass(frozen=True)
class Tab:
    label: str
    href: str
    count: int | str | None = None
    current: bool = False


@dataclass(frozen=True)
class Option:
    """One answer to a question; `barred` says why it cannot be chosen."""

    value: str
    label: str
    hint: str = ""
    barred: str = ""


@dataclass(frozen=True)
class Guard:
    """One thing that must be in place first; `who` can put it right, at `href`."""

    label: str
    holds: bool
    text: str = ""
    who: str = ""
    href: str = ""
    deed: str = ""  # words on the button
    role: str = ""  # what is lacking: asked for in one press
    at: str = ""  # the number of the organisation that gives it
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class PriceLine:
    label: str
    amount: str  # written: "12 500 kr"
    note: str = ""
    total: bool = False


@dataclass(frozen=True)
class Attached:
    name: str
    href: str
    size: str  # written: "240 kB"
    kind: str  # "PDF"
    note: str = ""
    remove: str = ""  # address of the deed that removes it
    key: str = ""  # what a button of the surrounding form names it by


@dataclass(frozen=True)
class Note:
    """One notice."""

    words: str
    href: str
    at: datetime
    why: str = ""
    number: str = ""
    source: str = ""  # from whom
    due: date | datetime | None = None
    read: bool = False
    settled: str = ""  # "Already decided by ...": no longer anybody's turn


@dataclass(frozen=True)
class Said:
    """One message in a case."""

    person: str
    organisation: str
    at: datetime
    words: str
    seen_by: str = ""
    mine: bool = False
    attached: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class Hat:
    """An organisation one may act for, and what waits there."""

    id: int
    name: str
    waiting: int = 0


@dataclass(frozen=True)
class RailEntry:
    key: str
    label: str
    url: str
    icon: str
    count: int | str | None = None


@dataclass
class Frame:
    """What stands around every page once somebody is logged in."""

    person: str | None
    organisation: Any
    rail: list[RailEntry]
    hats: list[Hat] = field(default_factory=list)
    unread: int = 0
    waiting: int = 0
    language: str = "sv"
    languages: list[tuple[str, str]] = field(default_factory=list)
    current: str = ""  # the rail entry one stands in
    demo: bool = False
    phones_url: str = ""
    push_url: str = ""
    session_seconds: int = 0  # until the session ends; 0 = do not warn
    last_login: datetime | None = None
    asked: dict[str, str] = field(default_factory=dict)  # roles asked for, each with the answer
    ask_url: str = ""
    give_url: str = ""
    gives_roles: bool = False
    username: str = ""
    here: str = "/"  # to come back to

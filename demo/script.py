"""The words in which the orders of the demo world are told: who asks for what, who does what."""

from dataclasses import dataclass, field

from demo.papers import Paper
from demo.places import BY_KEY


@dataclass(frozen=True)
class Deed:
    """What somebody does, so many working days ago, at a time of that day."""

    days: int
    at: str
    who: str
    name: str
    typed: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Story:
    """One order: who begins it, what is asked for, and what is done with it in the end."""

    key: str
    state: str
    """Where it is to stand in the end."""
    place: str
    offer: str
    asks: dict
    deeds: tuple[Deed, ...]
    copied_from: str = ""
    papers: tuple[Paper, ...] = ()
    """What is attached from the beginning."""


# Deeds, as the script says them


def begins(who: str, days: int, at: str) -> Deed:
    return Deed(days, at, who, "start_order")


def copies(who: str, days: int, at: str) -> Deed:
    return Deed(days, at, who, "copy")


def sends(who: str, days: int, at: str) -> Deed:
    return Deed(days, at, who, "send", {"accept_terms": True})


def approves(who: str, attestant: str, days: int, at: str, note: str = "") -> Deed:
    given = {"attestant": attestant, "certify": True, "accept_terms": True, "note": note}
    return Deed(days, at, who, "approve", {**given, "method": "bankid"})


def rejects(who: str, days: int, at: str, note: str) -> Deed:
    return Deed(days, at, who, "reject", {"note": note, "method": "bankid"})


def attests(who: str, days: int, at: str, method: str = "bankid") -> Deed:
    return Deed(days, at, who, "attest", {"decision": "approve", "method": method})


def refuses(who: str, days: int, at: str, note: str) -> Deed:
    typed = {"decision": "reject", "note": note, "method": "bankid"}
    return Deed(days, at, who, "attest", typed)


def sends_back(who: str, days: int, at: str, note: str) -> Deed:
    return Deed(days, at, who, "send_back", {"note": note})


def notes(who: str, days: int, at: str, text: str) -> Deed:
    return Deed(days, at, who, "note", {"text": text})


def releases(who: str, days: int, at: str) -> Deed:
    return Deed(days, at, who, "release")


def starts(who: str, days: int, at: str) -> Deed:
    return Deed(days, at, who, "start")


def connects(who: str, days: int, at: str) -> Deed:
    return Deed(days, at, who, "report_connected")


# What an order asks for


def via(
    place: str, agent: str, purpose: str, *units: int, source: str = "", technician: str = ""
) -> dict:
    """Asked of an agent: which units, of which source system, and who there is told."""
    own = {"processing_agreement": True, "technician": technician}
    answers = {"purpose": purpose, "start": "", **own}
    asked = {"agent": BY_KEY[agent].number, "units": BY_KEY[place].care_units(*units)}
    return {**asked, "answers": answers, **({"source": source} if source else {})}


def webcert(place: str, agent: str, purpose: str, *units: int, source: str = "") -> dict:
    answers = {"edition": "integrated", "purpose": purpose, "start": ""}
    return {**via(place, agent, purpose, *units, source=source), "answers": answers}


def direct(place: str, purpose: str, *units: int) -> dict:
    answers = {"purpose": purpose, "start": ""}
    return {"units": BY_KEY[place].care_units(*units), "answers": answers}


def licences(users: int) -> dict:
    return {"units": [], "answers": {"users": users, "start": ""}}

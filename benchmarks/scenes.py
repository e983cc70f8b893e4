"""What is measured: each scene as Ombud is asked, and as the floor is asked the same."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Ask:
    path: str
    headers: dict[str, str]
    method: str = "GET"
    body: bytes = b""


Asking = Callable[[dict, str], Ask]
FORGERY = "0123456789abcdefghijABCDEFGHIJ12"


@dataclass(frozen=True)
class Scene:
    """`goal` times the floor's CPU and time; `statements` at most, 0 where no number is asked for.
    `uses` names the scene whose new cases this one is done to, each once."""

    key: str
    label: str
    goal: float
    of_ombud: Asking
    of_floor: Asking
    statements: int = 0
    uses: str = ""
    shows: tuple[bytes, int] = field(default=(b"", 0))  # what must stand in the answer, how often

    @property
    def writes(self) -> bool:
        return self.key in ("create", "send", "note")


def page(reader: str, path: str) -> Asking:
    return lambda known, number: Ask(path.format(number=number), cookie(known, reader))


def cookie(known: dict, reader: str) -> dict[str, str]:
    """As a browser sends it: the login, and the cookie against forgery that it has got before."""
    return {"Cookie": f"sessionid={known[reader]['session']}; csrftoken={FORGERY}"}


def program(path: str, body: dict) -> Asking:
    """Through the programs' door, by one that wants to know no more than the floor tells."""

    def ask(known: dict, number: str) -> Ask:
        bearer = f"Bearer {known['orderer']['token']}"
        headers = {"Authorization": bearer, "Prefer": "return=minimal"}
        return posted(path.format(number=number), headers, body, known)

    return ask


def raw(path: str, body: dict) -> Asking:
    return lambda known, number: posted(
        path.format(number=number), cookie(known, "orderer"), body, known
    )


def posted(path: str, headers: dict, body: dict, known: dict) -> Ask:
    given = {name: known["agent"] if name == "agent" else value for name, value in body.items()}
    headers = {**headers, "Content-Type": "application/json"}
    return Ask(path, headers, "POST", json.dumps(given).encode())


ORDER = {
    "offer": "service-1",
    "agent": "",
    "units": [
        {"hsa_id": "SE2321000016-AB12", "name": "Ward one"},
        {"hsa_id": "SE2321000016-AB13", "name": "Ward two"},
    ],
    "answers": {"purpose": "Care"},
    "contact": {"name": "Kim Test", "email": "kim@example.org", "phone": "+46701740605"},
    "billing": {"reference": "8765", "address": "", "e_invoice": ""},
}
TEXT = {"text": "Spoke with the head of the ward; it may wait until Monday."}
API = "/api/v1/cases/{number}"

SCENES = [
    Scene(
        "list",
        "List by owner and state",
        2.0,
        page("handler", "/cases/?state=order.active"),
        page("handler", "/cases/?state=active"),
        statements=6,
        shows=(b"RITM", 25),
    ),
    Scene(
        "approvals",
        "My approvals",
        2.0,
        page("handler", "/approvals/"),
        page("handler", "/approvals/"),
        statements=6,
        shows=(b"RITM", 25),
    ),
    Scene(
        "open",
        "Open, 20 events",
        2.5,
        page("orderer", "/orders/{number}/"),
        page("orderer", "/cases/{number}"),
        statements=10,
        shows=(b"RITM", 1),
    ),
    Scene(
        "create",
        "Create an order",
        2.0,
        program("/api/v1/actions/start_order", ORDER),
        raw("/create", ORDER),
    ),
    Scene(
        "send",
        "Send it, three letters",
        2.0,
        program(f"{API}/send", {"accept_terms": True}),
        raw("/cases/{number}/send", {}),
        uses="create",
    ),
    Scene(
        "note", "Write a note", 2.0, program(f"{API}/note", TEXT), raw("/cases/{number}/note", TEXT)
    ),
]

"""The sandbox as the demo asks it: phones, mailboxes and the clock, over HTTP."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import httpx

CODE = re.compile(r"#(\d{6})\s*$")


class Outside:
    def __init__(self, url: str):
        self._http = httpx.Client(base_url=f"{url}/control/", timeout=30, trust_env=False)

    @classmethod
    def named(cls) -> "Outside":
        """The sandbox that the environment names."""
        return cls(os.environ["OMBUD_SANDBOX_URL"])

    def ask(self, path: str, **query: str) -> list[dict]:
        return self._http.get(path, params=query).raise_for_status().json()["items"]

    def tell(self, path: str, **body) -> dict:
        return self._http.post(path, json=body).raise_for_status().json()

    def declare(self, people: list[dict]) -> None:
        self._http.post("people", json=people).raise_for_status()

    # Phones

    def sign(self, personal_number: str, **order: str) -> None:
        """The person opens the order (by auto_start_token, or a qr code), reads and approves."""
        self.tell("bankid/open", person=personal_number, **order)
        self.tell("bankid/approve", person=personal_number)

    def code(self, phone: str, number: str) -> str | None:
        """The code in the last message to the phone about a case."""
        got = [row["message"] for row in self.ask("sms", to=phone) if number in row["message"]]
        found = CODE.search(got[-1]) if got else None
        return found[1] if found else None

    def mails(self) -> list[dict]:
        return self.ask("mail")

    # Time

    def go_to(self, when: datetime) -> None:
        """From now on it is then, here and in the world outside; time goes on from there."""
        self.shift((when - datetime.now(UTC)).total_seconds())

    def shift(self, seconds: float) -> None:
        self.tell("clock", offset_seconds=seconds)

    @contextmanager
    def travelling(self) -> Iterator[None]:
        """Whatever happens on the way, in the end it is now again."""
        try:
            yield
        finally:
            self.shift(0)

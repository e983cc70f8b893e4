"""One persona at the programs' door, with nothing but a token, a phone and a mailbox."""

import os
import time
import uuid
from urllib.parse import parse_qs, urlsplit

import httpx

from demo.outside import Outside

PATIENCE = 30  # seconds for what is carried and signed meanwhile
MOST_WAIT = 65  # seconds until a new code may be asked for


class Broken(Exception):
    """A step did not hold; the words say what came instead."""


class Visitor:
    def __init__(self, row: dict, outside: Outside):
        self.row, self.outside = row, outside
        headers = {"Authorization": f"Bearer {row['token']}", "Accept-Language": "sv"}
        self.http = httpx.Client(base_url=address(), headers=headers, timeout=30, trust_env=False)

    def __str__(self) -> str:
        return f"{self.row['name']}, {self.row['organisation']['name']}"

    @property
    def number(self) -> str:
        return self.row["organisation"]["number"]

    # Asking

    def get(self, path: str) -> dict:
        return answered(self.http.get(f"/api/v1/{path}"), 200)

    def sees(self, number: str) -> bool:
        return self.http.get(f"/api/v1/cases/{number}").status_code == 200

    def has_turn(self, number: str) -> bool:
        return any(row["number"] == number for row in self.get("cases?mine=true")["items"])

    def case(self, number: str) -> dict:
        return self.get(f"cases/{number}")

    # Doing

    def begins(self, deed: str, **typed) -> dict:
        return self.post(self.found(self.get("actions")["items"], deed)["href"], typed, 201)

    def does(self, number: str, deed: str, **typed) -> dict:
        """A deed of a case, found in the case itself, once however often it is sent."""
        answer = self.http.get(f"/api/v1/cases/{number}")
        action = self.found(answered(answer, 200)["actions"], deed)
        if not action["allowed"]:
            why = "; ".join(reason["text"] for reason in action["reasons"])
            raise Broken(f"{self} may not {deed} {number}: {why}")
        match = {"If-Match": answer.headers.get("ETag", "")}
        return self.post(action["href"], typed, 202 if action["signed"] else 200, **match)

    def found(self, actions: list[dict], deed: str) -> dict:
        for action in actions:
            if action["name"] == deed:
                return action
        raise Broken(f"{self} is offered no deed {deed}.")

    def post(self, href: str, typed: dict, status: int, **headers: str) -> dict:
        keyed = {"Idempotency-Key": str(uuid.uuid4()), **headers}
        answer = self.http.post(href, json=typed, headers=keyed)
        wait = int(answer.headers.get("Retry-After", 0)) if answer.status_code == 429 else 0
        if 0 < wait <= MOST_WAIT:
            time.sleep(wait + 1)
            keyed["Idempotency-Key"] = str(uuid.uuid4())
            answer = self.http.post(href, json=typed, headers=keyed)
        return answered(answer, status)

    # Signing

    def signs_by_qr(self, number: str, deed: str, **typed) -> None:
        """The page on a computer, the app on the phone: the code is scanned."""
        signing = self.does(number, deed, method="bankid", **typed)["signing"]
        text = answered(self.http.get(signing["qr_href"]), 200)["qr"]
        self.outside.sign(self.row["personal_number"], qr=text)
        self.awaits(signing)

    def signs_here(self, number: str, deed: str, **typed) -> None:
        """Page and app on the same device: the link opens the app."""
        signing = self.does(number, deed, method="bankid", **typed)["signing"]
        query = parse_qs(urlsplit(signing["autostart_url"]).query)
        self.outside.sign(self.row["personal_number"], auto_start_token=query["autostarttoken"][0])
        self.awaits(signing)

    def signs_by_code(self, number: str, deed: str, **typed) -> None:
        """The code comes to the phone; a wrong one counts, the right one decides."""
        before = self.outside.code(self.row["phone"], number)
        signing = self.does(number, deed, method="sms", **typed)["signing"]
        code = until(lambda: self.new_code(number, before), f"a code to {self}")
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        tried = self.http.post(signing["code_href"], json={"code": wrong})
        if tried.status_code != 422 or tried.json().get("tries_left") != 2:
            raise Broken(f"A wrong code was answered {tried.status_code} {tried.text}")
        answered(self.http.post(signing["code_href"], json={"code": code}), 200)
        self.awaits(signing)

    def new_code(self, number: str, before: str | None) -> str | None:
        code = self.outside.code(self.row["phone"], number)
        return code if code != before else None

    def awaits(self, signing: dict) -> None:
        def ended():
            told = answered(self.http.get(signing["href"]), 200)
            return told if told["status"] != "pending" else None

        told = until(ended, f"the signature of {self}")
        if told["status"] != "complete":
            raise Broken(f"The signature of {self} ended as {told}")


def address() -> str:
    return os.environ.get("OMBUD_WEB_URL", "http://localhost:8000")


def answered(answer: httpx.Response, status: int) -> dict:
    if answer.status_code != status:
        asked = f"{answer.request.method} {answer.request.url.path}"
        raise Broken(f"{asked} answered {answer.status_code}: {answer.text[:600]}")
    return answer.json()


def until(look, what: str):
    """What `look` finds, as soon as it finds something."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > end:
            raise Broken(f"Waited {PATIENCE} s for {what}.")
        time.sleep(0.3)
    return found

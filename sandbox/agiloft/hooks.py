"""Webhooks: subscriptions, the handshake, and notifications that are repeated by the clock."""

import asyncio
import json
import secrets
import urllib.error
import urllib.request
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sandbox import web
from sandbox.agiloft import query
from sandbox.agiloft.records import Records
from sandbox.agiloft.tables import TABLES
from sandbox.agiloft.tokens import Tokens, bearer_of
from sandbox.agiloft.wrong import No
from sandbox.faults import HOOK, Faults
from sandbox.journal import Journal

WAITS = (10, 30, 300, 900, 2400)  # seconds after each try that was not heard
LOOK_EVERY, ANSWER_WITHIN = 0.1, 5
CODE = "Verification-Code"
NEEDED = ("title", "webhook_url", "table_name", "event_type")
DEFAULTS = {
    "description": "",
    "webhook_status": "Inactive",
    "user_permissions": "",
    "entry_fields": [],
    "record_filter": "",
    "modification_type": ["Email", "Web"],
    "state_key": "",
    "webhook_confirmation": "Yes",
    "by_rule": "No",
}
HERE = ("localhost", "127.0.0.1", "::1")  # the one departure: on this machine plain HTTP will do


class Hooks:
    def __init__(self, records: Records, tokens: Tokens, faults: Faults, journal: Journal) -> None:
        self.records, self.tokens = records, tokens
        self.faults, self.journal = faults, journal
        records.heard.append(self.notify)

    @property
    def known(self) -> dict[str, Any]:
        found: dict[str, Any] = self.records.state["hooks"]
        return found

    @property
    def owed(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.records.state["owed"]
        return found

    # Subscriptions

    async def answer(self, request: web.Request) -> web.Answer:
        try:
            self.tokens.of(bearer_of(request.headers))
        except No:
            return error(401, "INVALID_ACCESS_TOKEN", "The token is not good")
        deeds = {"POST": self.add, "GET": self.show, "PUT": self.change, "DELETE": self.remove}
        act = deeds.get(request.method)
        if act is None:
            return error(405, "METHOD_NOT_ALLOWED", request.method)
        return await act(request)

    async def add(self, request: web.Request) -> web.Answer:
        body = parsed(request)
        if body is None:
            return error(400, "INVALID_JSON", "The body is not JSON")
        if missing := [name for name in NEEDED if not body.get(name)]:
            return error(400, "MISSING_REQUIRED_PARAM", ", ".join(missing))
        row = DEFAULTS | body
        if wrong := fault_of(row):
            return wrong
        if len(self.known) >= 20:
            return error(400, "WEBHOOK_LIMIT_EXCEEDED", "20")
        key = secrets.token_hex(12)
        wanted, row["webhook_status"] = row["webhook_status"], "Inactive"
        self.known[key] = row | {"id": len(self.known) + 1, "webhook_key": key}
        if wanted == "Active" and not await self.verified(self.known[key]):
            del self.known[key]
            return error(400, "INVALID_URL", "The address did not repeat the verification code")
        self.known[key]["webhook_status"] = wanted
        self.records.keep()
        place = {"Location": f"/ewws/webhooks?wh_key={key}"}
        return web.as_json({"id": self.known[key]["id"], "webhook_key": key}, 201, place)

    async def show(self, request: web.Request) -> web.Answer:
        if key := request.query.get("wh_key"):
            found = self.known.get(key)
            return web.as_json(found) if found else unknown_key()
        return web.as_json({"webhooks": list(self.known.values())})

    async def change(self, request: web.Request) -> web.Answer:
        row = self.known.get(request.query.get("wh_key", ""))
        body = parsed(request)
        if row is None:
            return unknown_key()
        if body is None or set(body) - {*DEFAULTS, *NEEDED}:
            return error(400, "INVALID_PARAMETERS", "Unknown names")
        changed = row | body
        if wrong := fault_of(changed):
            return wrong
        begins = changed["webhook_status"] == "Active" and row["webhook_status"] != "Active"
        moved = changed["webhook_url"] != row["webhook_url"]
        if (begins or moved) and not await self.verified(changed):
            return error(400, "INVALID_URL", "The address did not repeat the verification code")
        row.update(changed)
        self.records.keep()
        return web.as_json(row)

    async def remove(self, request: web.Request) -> web.Answer:
        key = request.query.get("wh_key", "")
        if key not in self.known:
            return unknown_key()
        if self.known[key]["webhook_status"] == "Active":
            return error(400, "BAD_REQUEST", "Disable the webhook before deleting it")
        del self.known[key]
        self.records.keep()
        return web.as_json({})

    async def verified(self, row: dict[str, Any]) -> bool:
        code = secrets.token_hex(8)
        status, echoed = await asyncio.to_thread(call, "GET", row["webhook_url"], code, "", None)
        self.journal.note("agiloft", "out", "GET webhook", answer=status, echoed=echoed == code)
        return 200 <= status < 300 and echoed == code

    # Notifications

    def notify(self, table: str, number: str, event: str, way: str) -> None:
        for key, row in self.known.items():
            if self.concerns(row, table, number, event, way):
                self.owe(key, row, table, number, event)
        self.records.keep()

    def concerns(self, row: dict[str, Any], table: str, number: str, event: str, way: str) -> bool:
        if row["webhook_status"] != "Active" or row["table_name"] != table:
            return False
        if row["event_type"] != event or way not in row["modification_type"]:
            return False
        record = self.records.state["records"][table].get(number)
        known = {one.name for one in TABLES[table][1]}
        words = row["record_filter"]
        return record is None or query.matches(words, record | {"id": number}, known, table)

    def owe(self, key: str, row: dict[str, Any], table: str, number: str, event: str) -> None:
        fault = self.faults.take("agiloft", HOOK)
        if fault == "hook_drop":
            self.journal.note("agiloft", "here", "a notification is dropped", record=number)
            return
        record = self.records.state["records"][table].get(number, {})
        shown = self.records.shown(table, number, record)
        wait = {"hook_delay": 60, "hook_reorder": 2}.get(fault, 0)
        due = (self.records.clock.now() + timedelta(seconds=wait)).isoformat()
        body = {
            "event_type": event,
            "table_name": table,
            "record_id": number,
            "entry_fields": {name: shown.get(name) for name in row["entry_fields"]},
        }
        one = {"key": key, "body": body, "due": due, "tries": 0, "code": secrets.token_hex(8)}
        self.owed.extend([one, dict(one)] if fault == "hook_double" else [one])

    async def run(self) -> None:
        while True:
            await self.carry()
            await asyncio.sleep(LOOK_EVERY)

    async def carry(self) -> None:
        now = self.records.clock.now()
        due = [one for one in self.owed if datetime.fromisoformat(one["due"]) <= now]
        for one in sorted(due, key=lambda one: one["due"]):
            row = self.known.get(one["key"])
            heard = row is None or await self.give(row, one)
            if heard or one["tries"] > len(WAITS):
                self.owed.remove(one) if one in self.owed else None
            self.records.keep()

    async def give(self, row: dict[str, Any], one: dict[str, Any]) -> bool:
        url, state = row["webhook_url"], row["state_key"]
        body = one["body"] | {"state_key": state}
        status, echoed = await asyncio.to_thread(call, "POST", url, one["code"], state, body)
        asked = row["webhook_confirmation"] == "Yes"
        heard = 200 <= status < 300 and (not asked or echoed == one["code"])
        one["tries"] += 1
        if not heard and one["tries"] <= len(WAITS):
            wait = timedelta(seconds=WAITS[one["tries"] - 1])
            one["due"] = (self.records.clock.now() + wait).isoformat()
        what = {"record": one["body"]["record_id"], "tries": one["tries"], "heard": heard}
        self.journal.note("agiloft", "out", "POST webhook", answer=status, **what)
        return heard


def call(method: str, url: str, code: str, state: str, body: Any) -> tuple[int, str]:
    """The status, and the code that was repeated in a header or in the JSON."""
    headers = {CODE: code, "Content-Type": "application/json"} | (
        {"state_key": state} if state else {}
    )
    data = json.dumps(body).encode() if body is not None else None
    try:
        asked = urllib.request.Request(url, data, headers, method=method)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(asked, timeout=ANSWER_WITHIN) as answer:
            return int(answer.status), answer.headers.get(CODE) or in_json(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, ""
    except (OSError, ValueError):
        return 0, ""


def in_json(body: bytes) -> str:
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    return str(told.get(CODE, "")) if isinstance(told, dict) else ""


def parsed(request: web.Request) -> dict[str, Any] | None:
    try:
        body = request.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def fault_of(row: dict[str, Any]) -> web.Answer | None:
    parts = urlsplit(str(row["webhook_url"]))
    if parts.scheme != "https" and parts.hostname not in HERE:
        return error(400, "INVALID_URL", "HTTPS is wanted")
    if row["event_type"] not in ("Create", "Update", "Delete") or row["table_name"] not in TABLES:
        return error(400, "INVALID_PARAMETERS", "event_type or table_name")
    if len(str(row["state_key"])) > 255:
        return error(400, "INVALID_PARAMETERS", "state_key is longer than 255")
    return None


def unknown_key() -> web.Answer:
    return error(404, "INVALID_WEBHOOK_KEY", "No such webhook")


def error(status: int, name: str, words: str) -> web.Answer:
    return web.as_json({"error": name, "error_description": words}, status)

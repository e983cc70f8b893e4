"""The gateway's own door: send a message, ask about one, and be told plainly what was wrong."""

import re
import secrets
from typing import Any

from sandbox import web
from sandbox.bankid.orders import Timing
from sandbox.clock import Clock
from sandbox.faults import SMS, Faults
from sandbox.journal import Journal
from sandbox.people import phone_number
from sandbox.sms import parts
from sandbox.sms.reports import Reports, elks_time
from sandbox.store import Row, Store

COST = 3500  # ten-thousandths of a krona a part
LATE_SECONDS = 20
SENDER = re.compile(r"\+[1-9][0-9]{5,14}|[A-Za-z][A-Za-z0-9 ]{0,10}|[0-9]{3,8}")
RECIPIENT = re.compile(r"\+[1-9][0-9]{6,14}")
REFUSALS = {
    "refuse": (403, "Not enough credits"),
    "500": (500, "Internal server error"),
    "429": (429, "Too many requests"),
}


class Gateway:
    def __init__(
        self, store: Store, clock: Clock, journal: Journal, faults: Faults, timing: Timing
    ) -> None:
        self.store = store
        self.clock = clock
        self.journal = journal
        self.faults = faults
        self.timing = timing
        self.reports = Reports(store, clock, journal)
        self.user, self.password = self.credentials()
        self.doors = web.Doors()
        self.doors.add("POST", "/a1/sms", self.send)
        self.doors.add("GET", "/a1/sms", self.sent)
        self.doors.add("GET", "/a1/sms/{number}", self.show)
        self.doors.add("GET", "/a1/me", self.me)

    def credentials(self) -> tuple[str, str]:
        """Made on the first start, and the same ever after."""
        kept = self.store.setting("sms_account")
        if kept is None:
            kept = ["u" + secrets.token_hex(16), secrets.token_hex(16).upper()]
            self.store.set("sms_account", kept)
        return kept[0], kept[1]

    async def __call__(self, request: web.Request) -> web.Answer:
        answer = self.answer(request)
        asked = request.form()
        if "dontlog" in asked:
            asked["message"] = "(not logged)"
        self.journal.note(
            "sms",
            "in",
            f"{request.method} {request.path}",
            status=answer.status,
            broken=answer.broken,
            form=asked,
        )
        return answer

    def answer(self, request: web.Request) -> web.Answer:
        if request.basic() != (self.user, self.password):
            realm = {"WWW-Authenticate": 'Basic realm="46elks"'}
            return web.as_text("API access requires Basic HTTP authentication", 401, realm)
        found, words, known = self.doors.find(request)
        if found is None:
            return (
                web.as_text("Method not allowed", 405) if known else web.as_text("Not found", 404)
            )
        answer: web.Answer = found(request, **words)
        return answer

    def send(self, request: web.Request) -> web.Answer:
        form = request.form()
        if wrong := fault_of(form):
            return web.as_text(wrong, 400)
        if form.get("dryrun") == "yes":
            return web.as_json(self.estimate(form))
        fault = self.faults.take("sms", SMS)
        if fault in REFUSALS:
            status, words = REFUSALS[fault]
            return web.as_text(words, status)
        if fault == "hang":
            return web.Answer(broken="hang")
        answer = web.as_json(self.accept(form, fault))
        answer.broken = "cut" if fault == "accept_lost" else ""
        return answer

    def estimate(self, form: dict[str, str]) -> Row:
        number = parts.count(form["message"])
        row = {name: form[name] for name in ("from", "to", "message")}
        return row | {
            "status": "created",
            "direction": "outgoing",
            "parts": number,
            "estimated_cost": COST * number,
        }

    def accept(self, form: dict[str, str], fault: str) -> Row:
        number = parts.count(form["message"])
        row: Row = {
            "id": "s" + secrets.token_hex(16),
            "at": self.clock.stamp(),
            "from": form["from"],
            "to": form["to"],
            "message": form["message"],
            "status": "created",
            "parts": number,
            "cost": COST * number,
            "flash": int(form.get("flashsms") == "yes"),
            "dontlog": int("dontlog" in form),
            "delivered": "",
        }
        self.store.add("sms", **row)
        self.report(row["id"], form.get("whendelivered", ""), fault)
        return outward(row)

    def report(self, number: str, url: str, fault: str) -> None:
        wait = self.timing.of("sms")
        last = "failed" if fault == "failed_report" else "delivered"
        self.reports.owe(number, "sent", "", wait / 2)
        if fault == "late_report":
            wait += LATE_SECONDS * self.timing.scale
        self.reports.owe(number, last, "" if fault == "no_report" else url, wait)
        if fault == "double_report":
            self.reports.owe(number, last, url, wait + 0.2)
        if fault == "mixed_reports":
            self.reports.owe(number, "sent", url, wait + 0.2)

    def sent(self, request: web.Request) -> web.Answer:
        limit = request.query.get("limit", "10")
        most = min(int(limit), 100) if limit.isdigit() else 10
        start = request.query.get("start") or "9999"
        sql = "SELECT * FROM sms WHERE at <= ? ORDER BY at DESC, rowid DESC LIMIT ?"
        rows = self.store.rows(sql, start, most + 1)
        body: dict[str, Any] = {"data": [outward(row) for row in rows[:most]]}
        return web.as_json(body | ({"next": rows[most]["at"]} if len(rows) > most else {}))

    def show(self, request: web.Request, number: str) -> web.Answer:
        row = self.store.row("SELECT * FROM sms WHERE id = ?", number)
        return web.as_json(outward(row)) if row else web.as_text("No such sms", 404)

    def me(self, request: web.Request) -> web.Answer:
        return web.as_json(
            {
                "id": self.user,
                "displayname": "Ombud Sandbox",
                "email": "sandbox@example.test",
                "mobilenumber": "+46701740605",
                "currency": "SEK",
                "balance": 100_000_000,
                "created": elks_time(self.clock),
            }
        )

    def received(self, to: str = "") -> list[Row]:
        """What has come to a phone (or to all), newest last."""
        sql = "SELECT * FROM sms WHERE ? IN ('', \"to\") ORDER BY at, rowid"
        wanted = phone_number(to)
        names = ("id", "at", "from", "to", "message", "status", "parts")
        return [{name: row[name] for name in names} for row in self.store.rows(sql, wanted)]


def fault_of(form: dict[str, str]) -> str:
    """What is wrong with a message, in a sentence; '' when nothing is."""
    for name in ("from", "to", "message"):
        if not form.get(name):
            return f"Missing key {name}"
    if not SENDER.fullmatch(form["from"]):
        return "Invalid from: a number, or a name of at most 11 letters and digits"
    if not RECIPIENT.fullmatch(form["to"]):
        return "Invalid to: a number such as +46701740605"
    address = form.get("whendelivered", "")
    return "" if re.match(r"(https?://.+)?$", address) else "Invalid whendelivered"


def outward(row: Row) -> Row:
    """As the gateway's API shows a message; what was not to be logged it does not know."""
    at = str(row["at"]).replace("Z", "").ljust(26, "0")
    shown = {"id": row["id"], "status": row["status"], "direction": "outgoing"}
    shown |= {"from": row["from"], "to": row["to"], "parts": row["parts"], "cost": row["cost"]}
    shown["created"] = at
    if row["delivered"]:
        shown["delivered"] = row["delivered"]
    if row["flash"]:
        shown["flashsms"] = "yes"
    return shown if row["dontlog"] else shown | {"message": row["message"]}

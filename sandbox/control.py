"""The control API: what tests and the demo ask of the world outside."""

import json
import math
from collections.abc import Callable
from dataclasses import fields
from typing import Any

from sandbox import web
from sandbox.agiloft.control import AgiloftControl
from sandbox.bankid.app import Refused, describe
from sandbox.bankid.orders import Order, Timing
from sandbox.faults import KNOWN, Fault
from sandbox.people import NotAPerson, number_of
from sandbox.world import World

Body = dict[str, Any]


class Control:
    def __init__(self, world: World, doors: web.Doors) -> None:
        self.world = world
        rows: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "mail", self.mail),
            ("GET", "mail/{number}/raw", self.raw_mail),
            ("GET", "sms", self.sms),
            ("POST", "bankid/open", self.open),
            ("POST", "bankid/scan", self.open),
            ("POST", "bankid/approve", self.approve),
            ("POST", "bankid/cancel", self.cancel),
            ("POST", "bankid/decline-call", self.decline_call),
            ("GET", "bankid/{person}", self.bankid),
            ("GET", "clock", self.clock),
            ("POST", "clock", self.set_clock),
            ("GET", "timing", self.timing),
            ("POST", "timing", self.set_timing),
            ("GET", "faults", self.faults),
            ("POST", "faults", self.set_fault),
            ("GET", "journal", self.journal),
            ("GET", "people", self.people),
            ("POST", "people", self.declare),
            ("POST", "reset", self.reset),
        ]
        rows += AgiloftControl(world.agiloft, parse).rows
        for method, path, answer in rows:
            doors.add(method, f"/control/{path}", polite(answer))

    async def mail(self, request: web.Request) -> web.Answer:
        return items(self.world.mail.received(request.query.get("to", "")))

    async def raw_mail(self, request: web.Request, number: str) -> web.Answer:
        raw = self.world.mail.raw(number)
        if raw is None:
            raise Refused(404, "No such mail.")
        return web.Answer(body=raw, kind="message/rfc822")

    async def sms(self, request: web.Request) -> web.Answer:
        return items(self.world.sms.received(request.query.get("to", "")))

    async def open(self, request: web.Request) -> web.Answer:
        body, app = parse(request), self.world.app
        if "qr" in body:
            return shown(app.open(app.by_qr(str(body["qr"])), person_in(body), by_qr=True))
        if "auto_start_token" not in body:
            raise Refused(422, "Give auto_start_token, or the text of a QR code as qr.")
        order = app.by_token(str(body["auto_start_token"]))
        if not body.get("person"):
            app.start(order)
            return shown(order)
        return shown(app.open(order, person_in(body)))

    async def approve(self, request: web.Request) -> web.Answer:
        return shown(await self.world.app.approve(person_in(parse(request))))

    async def cancel(self, request: web.Request) -> web.Answer:
        return shown(self.world.app.cancel(person_in(parse(request))))

    async def decline_call(self, request: web.Request) -> web.Answer:
        return shown(self.world.app.decline_call(person_in(parse(request))))

    async def bankid(self, request: web.Request, person: str) -> web.Answer:
        number, orders = number_of(person), self.world.orders
        order = orders.opened_by(number) or orders.latest_of(number)
        if order is None:
            raise Refused(404, "Nothing is open in this person's BankID app.")
        return shown(order)

    async def clock(self, request: web.Request) -> web.Answer:
        clock = self.world.clock
        return web.as_json({"offset_seconds": clock.offset, "now": clock.stamp()})

    async def set_clock(self, request: web.Request) -> web.Answer:
        offset = number_in(parse(request), "offset_seconds")
        if abs(offset) > 9 * 365 * 86_400:
            raise Refused(422, "The clock moves at most nine years.")
        self.world.clock.move(offset)
        self.world.store.changes += 1
        self.world.journal.note("control", "in", "clock", offset_seconds=offset)
        return await self.clock(request)

    async def timing(self, request: web.Request) -> web.Answer:
        return web.as_json(self.world.timing.as_row())

    async def set_timing(self, request: web.Request) -> web.Answer:
        body, known = parse(request), {field.name for field in fields(Timing)}
        if unknown := sorted(set(body) - known):
            raise Refused(422, f"Unknown: {', '.join(unknown)}. Known: {', '.join(sorted(known))}.")
        wanted = {name: number_in(body, name) for name in body}
        if any(value < 0 for value in wanted.values()):
            raise Refused(422, "No time is shorter than nothing.")
        for name, value in wanted.items():
            setattr(self.world.timing, name, value)
        self.world.journal.note("control", "in", "timing", **wanted)
        return await self.timing(request)

    async def faults(self, request: web.Request) -> web.Answer:
        rows = [vars(row) for row in self.world.faults.rows]
        return web.as_json({"items": rows, "known": KNOWN})

    async def set_fault(self, request: web.Request) -> web.Answer:
        body = parse(request)
        part, name = str(body.get("part", "")), str(body.get("fault") or "")
        times = int(number_in({"times": 1} | body, "times"))
        if part not in KNOWN:
            raise Refused(422, f"part is one of {', '.join(KNOWN)}.")
        if not name and times == 0:
            self.world.faults.clear(part)
        elif name not in KNOWN[part]:
            raise Refused(422, f"fault is one of {', '.join(KNOWN[part])}.")
        else:
            self.world.faults.set(Fault(part, name, times, str(body.get("on") or "")))
        self.world.journal.note("control", "in", "faults", part=part, fault=name, times=times)
        return await self.faults(request)

    async def journal(self, request: web.Request) -> web.Answer:
        query = request.query
        after, limit = query.get("after", "0"), query.get("limit", "10000")
        if not (after.isdigit() and limit.isdigit()):
            raise Refused(422, "after and limit are whole numbers.")
        return items(self.world.journal.entries(query.get("part", ""), int(after), int(limit)))

    async def people(self, request: web.Request) -> web.Answer:
        return items([person.as_row() for person in self.world.people.all()])

    async def declare(self, request: web.Request) -> web.Answer:
        rows = parse(request, wanted=list | dict)
        rows = rows.get("people", [rows]) if isinstance(rows, dict) else rows
        return items([person.as_row() for person in self.world.people.declare(rows)])

    async def reset(self, request: web.Request) -> web.Answer:
        """Empties mail, SMS, orders, faults, journal and clock; people too when asked."""
        body = parse(request) if request.body else {}
        self.world.reset(people=bool(body.get("people")))
        return web.as_json({"reset": True})


def polite(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Any no is a 4xx with a sentence in 'detail'."""

    async def ask(request: web.Request, **words: str) -> web.Answer:
        try:
            result: web.Answer = await answer(request, **words)
            return result
        except Refused as refused:
            return web.as_json({"detail": str(refused)}, refused.status)
        except NotAPerson as wrong:
            return web.as_json({"detail": str(wrong)}, 422)

    return ask


def items(rows: list[Body]) -> web.Answer:
    return web.as_json({"items": rows})


def shown(order: Order) -> web.Answer:
    return web.as_json(describe(order))


def parse(request: web.Request, wanted: Any = dict) -> Any:
    try:
        body = json.loads(request.body.decode("utf-8"))
    except ValueError:
        raise Refused(422, "The body is not JSON.") from None
    if not isinstance(body, wanted):
        raise Refused(422, "A JSON object is wanted.")
    return body


def person_in(body: Body) -> str:
    return number_of(body.get("person"))


def number_in(body: Body, name: str) -> float:
    value = body.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Refused(422, f"{name} is a number.")
    return float(value)

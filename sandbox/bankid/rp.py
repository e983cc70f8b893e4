"""The relying party's door: BankID's RP API v6.0 over mutual TLS."""

import asyncio
from typing import Any

from sandbox import web
from sandbox.bankid import requests
from sandbox.bankid.orders import Order, Orders
from sandbox.clock import Clock
from sandbox.faults import CALL, COLLECT, START, Faults
from sandbox.journal import Journal

BASE = "/rp/v6.0/"
MAKES = {
    "auth": ("auth", False),
    "sign": ("sign", False),
    "phone/auth": ("auth", True),
    "phone/sign": ("sign", True),
}
REFUSALS = {
    "internalError": (500, "internalError", "Internal technical error"),
    "maintenance": (503, "maintenance", "The service is temporarily out of service"),
    "requestTimeout": (408, "requestTimeout", "Timeout"),
    "tooManyRequests": (429, "tooManyRequests", "Too many requests"),
    "unauthorized": (401, "unauthorized", "RP does not have access to the service"),
    "unknownError": (400, "somethingNobodyKnows", "A new kind of error"),
}
SLOW_SECONDS = 5
LIMITS = {"RateLimit-Limit": "10", "RateLimit-Remaining": "0", "RateLimit-Reset": "2"}


class RelyingPartyDoor:
    def __init__(self, orders: Orders, faults: Faults, journal: Journal, clock: Clock) -> None:
        self.orders = orders
        self.faults = faults
        self.journal = journal
        self.clock = clock

    async def __call__(self, request: web.Request) -> web.Answer:
        answer = await self.spoil(request)
        self.journal.note(
            "bankid",
            "in",
            f"{request.method} {request.path}",
            status=answer.status,
            broken=answer.broken,
            caller=request.subject.get("commonName", ""),
            asked=readable(request.body),
            answered=readable(answer.body),
        )
        return answer

    async def spoil(self, request: web.Request) -> web.Answer:
        """A fault answers in the door's place, or harms its answer on the way out."""
        if request.method != "POST":
            return self.answer(request)
        fault = self.faults.take("bankid", CALL, request.path.removeprefix(BASE))
        if fault in REFUSALS:
            return refuse(*REFUSALS[fault], headers=LIMITS if fault == "tooManyRequests" else None)
        if fault.startswith("html"):
            return web.as_page(f"<html><body><h1>{fault[4:]}</h1></body></html>", int(fault[4:]))
        if fault in ("hang", "timeout"):
            return web.Answer(broken="hang")
        if fault == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        answer = self.answer(request)
        answer.broken = "cut" if fault == "cut" else ""
        return answer

    def answer(self, request: web.Request) -> web.Answer:
        name = request.path.removeprefix(BASE)
        if not request.path.startswith(BASE) or name not in (*MAKES, "collect", "cancel"):
            return refuse(404, "notFound", "No such resource")
        if request.method != "POST":
            return web.Answer(405, headers={"Allow": "POST"})
        if request.headers.get("content-type") != "application/json":
            return refuse(415, "unsupportedMediaType", "Content-Type must be application/json")
        try:
            body = parse(request)
            if name in MAKES:
                return self.make(request, body, *MAKES[name])
            return self.end(name, request, body)
        except requests.Invalid as why:
            return refuse(400, "invalidParameters", str(why))

    def make(self, request: web.Request, body: object, kind: str, phone: bool) -> web.Answer:
        asked = requests.check(body, kind, phone)
        order = Order(
            kind=kind,
            phone=phone,
            body=asked,
            certificate=request.certificate,
            relying_party=distinguished(request.subject),
            display_name=request.subject.get("name") or request.subject.get("commonName", ""),
            made_at=self.clock.stamp(),
        )
        call = request.path.removeprefix(BASE)
        if self.taken(order) or self.faults.take("bankid", START, call):
            return refuse(400, "alreadyInProgress", "Order already in progress for pno")
        self.orders.add(order)
        return web.as_json({"orderRef": order.reference} | tokens(order))

    def taken(self, order: Order) -> bool:
        """A second order for a named person is not made, and the first is ended too."""
        rivals = self.orders.active(order.meant_for) if order.meant_for else []
        for rival in rivals:
            self.orders.fail(rival, "cancelled")
        return bool(rivals)

    def end(self, name: str, request: web.Request, body: object) -> web.Answer:
        reference = requests.check_reference(body)
        order = self.orders.find(reference, request.certificate)
        if order is None:
            raise requests.Invalid("No such order")
        return self.collect(order) if name == "collect" else self.cancel(order)

    def collect(self, order: Order) -> web.Answer:
        """Complete and failed are told once; then the order is gone."""
        fault = self.faults.take("bankid", COLLECT, "collect")
        if fault in ("startFailed", "expiredTransaction") and order.pending:
            self.orders.fail(order, fault)
        if not order.pending:
            self.orders.forget(order)
            self.orders.changed(order, "collected")
        row = order.answer()
        if fault == "unknownHint" and order.pending:
            row["hintCode"] = "somethingNobodyKnows"
        return web.as_json(row | ({"newField": {"a": [1]}} if fault == "extraFields" else {}))

    def cancel(self, order: Order) -> web.Answer:
        if not order.pending:
            raise requests.Invalid("No such order")
        self.orders.forget(order)
        self.orders.changed(order, "cancelled by the relying party")
        return web.as_json({})


def parse(request: web.Request) -> object:
    try:
        return request.json()
    except ValueError:
        raise requests.Invalid("Invalid request") from None


def refuse(
    status: int, code: str, details: str, headers: dict[str, str] | None = None
) -> web.Answer:
    return web.as_json({"errorCode": code, "details": details}, status, headers)


def tokens(order: Order) -> dict[str, str]:
    if order.phone:
        return {}
    return {
        "autoStartToken": order.auto_start_token,
        "qrStartToken": order.qr_token,
        "qrStartSecret": order.qr_secret,
    }


def distinguished(subject: dict[str, str]) -> str:
    """As BankID names a relying party in what is signed."""
    names = {
        "cn": "commonName",
        "name": "name",
        "serialNumber": "serialNumber",
        "o": "organizationName",
        "c": "countryName",
    }
    return ",".join(f"{short}={subject[long]}" for short, long in names.items() if long in subject)


def readable(body: bytes) -> Any:
    """For the journal: the fields, long ones shortened."""
    try:
        row = web.Request("", "", {}, {}, body).json()
    except ValueError:
        return body[:200].decode("utf-8", "replace")
    return shorten(row)


def shorten(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: shorten(one) for name, one in value.items()}
    return value[:120] + "…" if isinstance(value, str) and len(value) > 120 else value

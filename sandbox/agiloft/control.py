"""What tests and the demo ask of the service desk besides its own surfaces."""

from collections.abc import Callable
from dataclasses import fields
from typing import Any

from sandbox import web
from sandbox.agiloft.server import Agiloft
from sandbox.agiloft.tables import CASE, KB, Options
from sandbox.agiloft.wrong import No
from sandbox.bankid.app import Refused

Parse = Callable[[web.Request], Any]


class AgiloftControl:
    def __init__(self, agiloft: Agiloft, parse: Parse) -> None:
        self.agiloft, self.parse = agiloft, parse
        self.rows: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "agiloft/options", self.options),
            ("POST", "agiloft/options", self.set_options),
            ("GET", "agiloft/records", self.records),
            ("POST", "agiloft/records", self.set_record),
            ("POST", "agiloft/press", self.press),
            ("POST", "agiloft/lock", self.lock),
            ("POST", "agiloft/unlock", self.unlock),
            ("POST", "agiloft/down", self.down),
            ("POST", "agiloft/expire", self.expire),
            ("GET", "agiloft/hooks", self.hooks),
            ("POST", "agiloft/queue", self.queue),
        ]

    async def options(self, request: web.Request) -> web.Answer:
        return web.as_json(self.agiloft.records.options.as_row())

    async def set_options(self, request: web.Request) -> web.Answer:
        body, known = self.parse(request), {one.name for one in fields(Options)}
        if unknown := sorted(set(body) - known):
            raise Refused(422, f"Unknown: {', '.join(unknown)}.")
        for name, value in body.items():
            setattr(self.agiloft.records.options, name, value)
        self.agiloft.records.keep()
        return await self.options(request)

    async def records(self, request: web.Request) -> web.Answer:
        table, number = request.query.get("table", CASE), request.query.get("id", "")
        rows = self.agiloft.records.state["records"].get(table, {})
        return web.as_json(
            {"items": [{"id": one} | row for one, row in rows.items() if number in ("", one)]}
        )

    async def set_record(self, request: web.Request) -> web.Answer:
        """Somebody at the service desk writes: with `id` a record that is there, else a new one."""
        body = self.parse(request)
        table, number = str(body.get("table", CASE)), str(body.get("id", ""))
        kept, written = self.agiloft.records, dict(body.get("fields", {}))
        try:
            if number:
                kept.update(KB, table, number, written, force=True, way="Web", by="anna.agent")
            else:
                number = kept.create(KB, table, written, way="Web")
        except No as no:
            raise Refused(422, no.words) from None
        return web.as_json({"id": number})

    async def press(self, request: web.Request) -> web.Answer:
        body = self.parse(request)
        by = str(body.get("by", "anna.agent"))
        try:
            self.agiloft.press(str(body.get("id", "")), by, str(body.get("stamp", "")))
        except No as no:
            raise Refused(422, no.words) from None
        return web.as_json({"pressed": True})

    async def lock(self, request: web.Request) -> web.Answer:
        body = self.parse(request)
        where = str(body.get("table", CASE)), str(body.get("id", ""))
        self.agiloft.records.lock(
            *where, str(body.get("by", "anna.agent")), float(body.get("minutes", 25))
        )
        return web.as_json({"locked": True})

    async def unlock(self, request: web.Request) -> web.Answer:
        body = self.parse(request)
        self.agiloft.records.unlock(str(body.get("table", CASE)), str(body.get("id", "")))
        return web.as_json({"locked": False})

    async def down(self, request: web.Request) -> web.Answer:
        """Nothing answers for so many seconds of the sandbox's clock; 0 is up again."""
        seconds = self.parse(request).get("seconds", 0)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise Refused(422, "seconds is a number.")
        self.agiloft.go_down(seconds)
        return web.as_json({"down": self.agiloft.is_down()})

    async def expire(self, request: web.Request) -> web.Answer:
        self.agiloft.tokens.expire()
        return web.as_json({"expired": True})

    async def hooks(self, request: web.Request) -> web.Answer:
        hooks = self.agiloft.hooks
        return web.as_json({"items": list(hooks.known.values()), "owed": hooks.owed})

    async def queue(self, request: web.Request) -> web.Answer:
        """Let a queued thing end otherwise: {callback_id, end: 200 or 501}."""
        body = self.parse(request)
        found = self.agiloft.records.state["queued"].get(str(body.get("callback_id")))
        if found is None:
            raise Refused(404, "Nothing is queued under this name.")
        found["end"] = int(body.get("end", 200))
        self.agiloft.records.keep()
        return web.as_json(found)

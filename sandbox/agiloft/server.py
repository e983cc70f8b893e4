"""The service desk's one door: which surface a call is for, what goes wrong, what is noted."""

import asyncio
import re
from datetime import datetime, timedelta

from sandbox import web
from sandbox.agiloft import wrong
from sandbox.agiloft.alrest import ROOT, Alrest, refused
from sandbox.agiloft.calls import Call, form_of
from sandbox.agiloft.hooks import Hooks
from sandbox.agiloft.legacy import Legacy
from sandbox.agiloft.page import Desk
from sandbox.agiloft.records import Records
from sandbox.agiloft.tables import CASE, KB
from sandbox.agiloft.tokens import CLIENT, USER, Tokens
from sandbox.agiloft.wrong import No
from sandbox.clock import Clock
from sandbox.faults import AGILOFT, Faults
from sandbox.journal import Journal
from sandbox.store import Store

SLOW_SECONDS = 2
SECRET = re.compile(r"((?:\$|%24)?(?:password|client_secret|refresh_token)=)[^&\s]*", re.I)


class Agiloft:
    def __init__(self, store: Store, clock: Clock, journal: Journal, faults: Faults) -> None:
        self.clock, self.journal, self.faults = clock, journal, faults
        self.records = Records(store, clock)
        self.tokens = Tokens(self.records)
        self.hooks = Hooks(self.records, self.tokens, faults, journal)
        self.legacy = Legacy(self.records, self.tokens)
        self.alrest = Alrest(self.records, self.tokens)
        self.desk = Desk(self.records)

    async def __call__(self, request: web.Request) -> web.Answer:
        if self.is_down():
            self.journal.note("agiloft", "in", f"{request.method} {request.path}", broken="down")
            return web.Answer(broken="drop")
        if not request.path.startswith("/ewws/"):
            return await self.desk.answer(request)
        answer = await self.rest(request)
        if wait := self.records.options.delay_seconds:
            await asyncio.sleep(wait)
        return answer

    def is_down(self) -> bool:
        until = self.records.state["down_until"]
        return bool(until) and datetime.fromisoformat(until) > self.clock.now()

    def go_down(self, seconds: float) -> None:
        until = (self.clock.now() + timedelta(seconds=seconds)).isoformat() if seconds else ""
        self.records.state["down_until"] = until
        self.records.keep()

    async def rest(self, request: web.Request) -> web.Answer:
        """A call, the fault that strikes it, and its line in the journal."""
        surface = self.alrest if request.path.startswith(ROOT) else self.legacy
        call = self.other(request) or surface.understand(request)
        if call is None:
            return web.as_page(wrong.html(No(404, "Not here")), 404)
        fault = self.faults.take("agiloft", AGILOFT, on=call.op)
        if fault == "slow":
            await asyncio.sleep(SLOW_SECONDS)
        if fault in ("hang", "drop"):
            answer = web.Answer(broken=fault)
        else:
            answer = self.broken(fault, request, call) or await self.done(request, call)
        if fault == "timeout_after":
            answer = web.Answer(answer.status, broken="drop")
        self.note(request, call, answer, fault)
        return answer

    def other(self, request: web.Request) -> Call | None:
        if request.path.startswith("/ewws/webhooks"):
            return Call("webhooks")
        return Call("otoken") if request.path == "/ewws/otoken" else None

    async def done(self, request: web.Request, call: Call) -> web.Answer:
        if call.op == "webhooks":
            return await self.hooks.answer(request)
        if call.op == "otoken":
            return self.otoken(request)
        surface = self.alrest if request.path.startswith(ROOT) else self.legacy
        return surface.answer(request, call)

    def otoken(self, request: web.Request) -> web.Answer:
        """client_credentials and refresh_token; the authorise page is for people, and not here."""
        form = dict(form_of(request))
        try:
            if form.get("grant_type") == "refresh_token":
                row = self.tokens.refresh(form.get("refresh_token", ""), "")
            elif form.get("grant_type") == "client_credentials":
                row = self.tokens.by_client(
                    form.get("client_id", ""), form.get("client_secret", "")
                )
            else:
                return web.as_json({"error": "unsupported_grant_type"}, 400)
        except No as no:
            return web.as_json({"error": "invalid_client", "error_description": no.words}, 401)
        return web.as_json(
            {
                "access_token": row["access"],
                "refresh_token": row["refresh"],
                "token_type": "Bearer ",
                "expiration_time_unit": "minute",
                "expires_in": self.records.options.minutes,
            }
        )

    def broken(self, fault: str, request: web.Request, call: Call) -> web.Answer | None:
        if fault == "expire":
            self.tokens.expire()
        if fault == "500":
            return web.as_text("Error executing query, please consult logs", 500)
        if fault == "html":
            said = f" in $login={USER}&amp;$password={self.tokens.password}"
            no = No(500, "No active connection to the database", "EWUnexpectedException")
            return web.as_page(wrong.html(no, said), 500)
        if fault == "html502":
            return web.as_page("<html><h1>502 Bad Gateway</h1></html>", 502)
        no = {"refuse": No(400, "Update failed"), "lock": wrong.locked("anna.agent")}.get(fault)
        if no is None:
            return None
        if request.path.startswith(ROOT):
            return refused(no)
        return self.legacy.no(no, ".json" in request.path, call)

    def note(self, request: web.Request, call: Call, answer: web.Answer, fault: str) -> None:
        body = SECRET.sub(r"\1(hidden)", request.body[:4000].decode("utf-8", "replace"))
        body = re.sub(r'("password"\s*:\s*)"[^"]*"', r'\1"(hidden)"', body)
        self.journal.note(
            "agiloft",
            "in",
            f"{request.method} {request.path}",
            op=call.op,
            table=call.table,
            record=call.id,
            user=call.user,
            fields=call.fields if call.op in ("create", "update", "upsert") else {},
            status=answer.status,
            broken=answer.broken,
            fault=fault,
            body=body,
        )

    def press(self, number: str, by: str = "anna.agent", stamp: str = "") -> None:
        """Somebody presses the button of a case: it is stamped, and the webhook fires."""
        pressed = stamp or self.clock.stamp()
        fields = {"ehub_pressed_at": pressed, "ehub_pressed_by": by}
        self.records.update(KB, CASE, number, fields, force=True, way="Web", by=by)

    def reset(self) -> None:
        self.records.reset()

    def environment(self, host: str, port: int) -> dict[str, str]:
        base = f"http://{host}:{port}"
        return {
            "OMBUD_AGILOFT_URL": base,
            "OMBUD_AGILOFT_OAUTH_URL": f"{base}/ewws/otoken",
            "OMBUD_AGILOFT_KB": KB,
            "OMBUD_AGILOFT_LOGIN": USER,
            "OMBUD_AGILOFT_PASSWORD": self.tokens.password,
            "OMBUD_AGILOFT_CLIENT": CLIENT,
            "OMBUD_AGILOFT_CLIENT_SECRET": self.tokens.client_secret,
        }

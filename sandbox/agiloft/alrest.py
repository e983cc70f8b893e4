"""The JSON surface: by token alone, and a no that says 200."""

from collections.abc import Callable
from typing import Any

from sandbox import web
from sandbox.agiloft import calls
from sandbox.agiloft.calls import Call
from sandbox.agiloft.legacy import RULES, as_file, good
from sandbox.agiloft.records import Records
from sandbox.agiloft.tables import column
from sandbox.agiloft.tokens import Tokens, bearer_of
from sandbox.agiloft.wrong import No, no_column

ROOT = "/ewws/alrest/"
NAMED = {
    "search": "search",
    "upsert": "upsert",
    "attach": "attach",
    "attachInfo": "info",
    "retrieveAttach": "retrieve",
    "removeAttach": "remove",
    "actionButton": "button",
}
PLAIN = {"GET": "read", "PUT": "update", "DELETE": "delete", "POST": "create"}


class Alrest:
    def __init__(self, records: Records, tokens: Tokens) -> None:
        self.records, self.tokens = records, tokens

    def understand(self, request: web.Request) -> Call | None:
        kb, *rest = [part for part in request.path.removeprefix(ROOT).split("/") if part] or [""]
        if rest == ["login"]:
            return Call("login", kb)
        if not rest or len(rest) > 3:
            return None
        op = NAMED.get(rest[1], "") if len(rest) > 1 else ""
        number = rest[2] if len(rest) > 2 else ""
        if not op:
            op, number = PLAIN.get(request.method, ""), rest[1] if len(rest) > 1 else ""
        call = Call(op, kb, rest[0], number, list(request.pairs))
        if "json" in request.headers.get("content-type", "") and request.body:
            call.fields = body_of(request)
        return call if op else None

    def answer(self, request: web.Request, call: Call) -> web.Answer:
        try:
            if call.op == "login":
                return self.login(body_of(request), call)
            call.user = self.tokens.of(bearer_of(request.headers))
            if not self.records.options.rest_group:
                raise No(403, f"User {call.user} lacks permission", "EWPermissionException")
            act: Callable[..., web.Answer] = getattr(self, call.op)
            return act(request, call)
        except No as no:
            return refused(no)

    def login(self, body: dict[str, Any], call: Call) -> web.Answer:
        self.records.table(call.kb, "case")
        row = self.tokens.by_password(str(body.get("login")), str(body.get("password")))
        minutes = self.records.options.minutes
        return good(
            {"access_token": row["access"], "refresh_token": row["refresh"], "expires_in": minutes}
        )

    def create(self, request: web.Request, call: Call) -> web.Answer:
        call.id = self.records.create(call.kb, call.table, call.fields)
        return self.whole(call)

    def read(self, request: web.Request, call: Call) -> web.Answer:
        return self.whole(call)

    def update(self, request: web.Request, call: Call) -> web.Answer:
        self.records.update(call.kb, call.table, call.id, call.fields, by=call.user)
        return self.whole(call)

    def delete(self, request: web.Request, call: Call) -> web.Answer:
        if call.said("deleteRule", "ERROR_IF_DEPENDANTS") not in RULES.split():
            raise No(400, "One has to specify deleteRule, id and substitute values.")
        self.records.delete(call.kb, call.table, call.id)
        return good({})

    def search(self, request: web.Request, call: Call) -> web.Answer:
        body = call.fields
        if "search" in body or not isinstance(body.get("field"), list):
            raise No(400, "No value for 'field' parameter specified.", "bad_request")
        wanted = [str(name) for name in body["field"]]
        found = self.records.found(call.kb, call.table, str(body.get("query", "")))
        for name in wanted:
            if column(call.table, name) is None:
                raise no_column(name, call.table)
        call.pairs += [(name, str(body[name])) for name in ("limit", "page") if name in body]
        page = calls.page_of(self.records, call, found)
        shown = [self.records.shown(call.table, number, row) for number, row in page]
        return good([{name: row[name] for name in wanted} for row in shown])

    def upsert(self, request: web.Request, call: Call) -> web.Answer:
        status, call.id = calls.upsert(self.records, call, call.said("query"))
        answer = self.whole(call)
        answer.status = status
        return answer

    def attach(self, request: web.Request, call: Call) -> web.Answer:
        return good({f"{call.said('field')}.length": calls.attach(self.records, call, request)})

    def info(self, request: web.Request, call: Call) -> web.Answer:
        return good(calls.info_of(self.records, call))

    def retrieve(self, request: web.Request, call: Call) -> web.Answer:
        return as_file(calls.file_of(self.records, call))

    def remove(self, request: web.Request, call: Call) -> web.Answer:
        return good(calls.remove(self.records, call))

    def button(self, request: web.Request, call: Call) -> web.Answer:
        self.records.one(call.kb, call.table, call.id)
        return good({"EWCALLBACK_ID": calls.queue(self.records, f"button {call.table} {call.id}")})

    def whole(self, call: Call) -> web.Answer:
        record = self.records.one(call.kb, call.table, call.id)
        return good(self.records.shown(call.table, call.id, record))


def refused(no: No) -> web.Answer:
    """200 with success:false, but for who may not come in at all."""
    said = {
        "success": False,
        "message": no.words,
        "errors": [{"message": f"{no.kind}: {no.words}"}],
    }
    if no.kind == "EWSessionException":
        return web.as_json(said, 401)
    if no.kind in ("EWPermissionException", "bad_request"):
        return web.as_json(said, no.status)
    return web.as_json(said)


def body_of(request: web.Request) -> dict[str, Any]:
    try:
        body = request.json()
    except ValueError:
        raise No(400, "The body is not JSON", "bad_request") from None
    if not isinstance(body, dict) or any(str(name).startswith("$") for name in body):
        raise No(400, "The body is not an object of fields", "bad_request")
    return body

"""The older surface: EWRead, EWUpdate and their sisters, parameters in, EWREST text out."""

import base64
from collections.abc import Callable
from typing import Any

from sandbox import web
from sandbox.agiloft import calls, text, wrong
from sandbox.agiloft.calls import Call
from sandbox.agiloft.records import Records
from sandbox.agiloft.tables import TABLES, column
from sandbox.agiloft.tokens import Tokens, bearer_of
from sandbox.agiloft.wrong import No

OPS = {
    "EWLogin": "login",
    "EWLogout": "logout",
    "EWCreate": "create",
    "EWRead": "read",
    "EWUpdate": "update",
    "EWDelete": "delete",
    "EWSelect": "select",
    "EWSearch": "search",
    "EWUpsert": "upsert",
    "EWAttach": "attach",
    "EWAttachInfo": "info",
    "EWRetrieve": "retrieve",
    "EWRemoveAttachment": "remove",
    "EWLock": "lock",
    "EWGetChoiceLineId": "choice",
    "EWActionButton": "button",
    "EWAsyncStatus": "status",
    "EWTable": "tables",
}
METHODS = {"upsert": {"POST"}, "attach": {"PUT"}, "button": {"POST"}, "login": {"POST"}}
METHODS |= {"lock": {"GET", "PUT", "DELETE"}, "delete": {"GET", "POST", "DELETE"}}
METHODS |= {"update": {"GET", "POST", "PUT"}}
REST = {"POST": "create", "GET": "read", "PUT": "update", "DELETE": "delete"}
RULES = "ERROR_IF_DEPENDANTS APPLY_DELETE_WHERE_POSSIBLE DELETE_WHERE_POSSIBLE_OTHERWISE_UNLINK"
RULES += " APPLY_UNLINK UNLINK_WHERE_POSSIBLE_OTHERWISE_DELETE REPLACE_WITH_ANOTHER"
OURS = {"id", "search", "query", "field", "page", "limit", "deleteRule", "fileName", "where"}
OURS |= {"filePosition", "name", "callback_id", "table", "err_code_resp", "lang", "value"}
OURS |= {"refresh_token", "includelinkedinfo", "skipColumnsInfo", "force"}


class Legacy:
    def __init__(self, records: Records, tokens: Tokens) -> None:
        self.records, self.tokens = records, tokens

    def understand(self, request: web.Request) -> Call | None:
        parts = [part for part in request.path.removeprefix("/ewws/").split("/") if part]
        pairs = [*request.pairs, *calls.form_of(request)]
        if parts[:1] == ["REST"] and len(parts) in (3, 4):
            known = [*pairs, ("$KB", parts[1]), ("$table", parts[2])]
            op, number = REST.get(request.method, ""), "".join(parts[3:])
        else:
            named = [part for part in parts if part not in (".json", ".async", "async", "redirect")]
            op = OPS.get(named[0], "") if len(named) == 1 else ""
            known, number = pairs, ""
        if not op:
            return None
        call = Call(op, pairs=known)
        call.kb, call.table = call.said("$KB"), call.said("$table") or call.said("table")
        call.id = number or call.said("id")
        call.fields = calls.gathered(known, OURS)
        return call

    def answer(self, request: web.Request, call: Call) -> web.Answer:
        as_json = ".json" in request.path
        try:
            self.refuse_method(request, call)
            if call.op in ("login", "logout"):
                return self.come_or_go(request, call)
            call.user = self.user(request, call)
            if not self.records.options.rest_group:
                words = f"User {call.user} lacks permission: group is not allowed for REST"
                raise No(403, words, "EWPermissionException")
            act: Callable[..., web.Answer] = getattr(self, call.op)
            return act(request, call)
        except No as no:
            return self.no(no, as_json, call)

    def no(self, no: No, as_json: bool, call: Call) -> web.Answer:
        """HTML with a typed exception in it; with /.json 200 and success:false, unless asked."""
        if as_json:
            status = no.status if call.said("err_code_resp") == "1" else 200
            return web.as_json({"success": False, "message": no.words}, status)
        return web.as_page(wrong.html(no), no.status)

    def refuse_method(self, request: web.Request, call: Call) -> None:
        if "/REST/" in request.path:
            return
        if request.method not in METHODS.get(call.op, {"GET", "POST"}):
            words = f"HTTP method {request.method} is not supported by this URL"
            raise No(405, words, "EWUnexpectedException")

    def user(self, request: web.Request, call: Call) -> str:
        bearer, inline = bearer_of(request.headers), call.said("$password")
        if bool(bearer) is bool(inline):
            raise No(
                400, "One has to specify $login and $password parameters or authentication token."
            )
        takes = self.records.options.legacy_auth
        if bearer:
            if takes == "inline":
                raise No(401, "Wrong Authorization data", "EWSessionException")
            return self.tokens.of(bearer)
        if takes == "bearer":
            raise No(401, "Wrong Authorization data", "EWSessionException")
        row = self.tokens.by_password(call.said("$login"), inline)
        self.tokens.end(row["access"])
        return str(row["user"])

    def come_or_go(self, request: web.Request, call: Call) -> web.Answer:
        wanted = ["$KB", "$lang"] + (["$table"] if self.records.options.table_at_login else [])
        if call.op == "login" and not all(call.said(name) for name in wanted):
            raise No(400, "One has to specify $table, $KB, $lang parameters")
        self.records.table(call.kb, call.table or "case")
        if call.op == "logout":
            self.tokens.end(bearer_of(request.headers))
            return web.as_text("")
        if call.said("refresh_token"):
            row = self.tokens.refresh(call.said("refresh_token"), bearer_of(request.headers))
        else:
            row = self.tokens.by_password(call.said("$login"), call.said("$password"))
        return web.as_json(
            {
                "access_token": row["access"],
                "refresh_token": row["refresh"],
                "expiration_time_unit": "minute",
                "expires_in": self.records.options.minutes,
                "authentication_scheme": "Bearer ",
            }
        )

    # What is done

    def create(self, request: web.Request, call: Call) -> web.Answer:
        number = self.records.create(call.kb, call.table, call.fields)
        return self.rows(request, [("id", number)])

    def read(self, request: web.Request, call: Call) -> web.Answer:
        self.by_search(call)
        record = self.records.one(call.kb, call.table, call.id)
        return self.whole(request, call, record)

    def by_search(self, call: Call) -> None:
        words = call.said("$searchSQL")
        if not call.id and words:
            found = self.records.found(call.kb, call.table, words)
            if len(found) != 1:
                raise No(400, "no data found for id range(s)")
            call.id = found[0][0]
        if not call.id:
            raise No(400, "One has to specify id or searchSQL value.")

    def update(self, request: web.Request, call: Call) -> web.Answer:
        self.by_search(call)
        force = "NOLOCK" in call.said("$operationHints")
        record = self.records.update(
            call.kb, call.table, call.id, call.fields, force=force, by=call.user
        )
        return self.whole(request, call, record)

    def delete(self, request: web.Request, call: Call) -> web.Answer:
        if call.said("deleteRule") not in RULES.split():
            raise No(400, "One has to specify deleteRule, id and substitute values.")
        self.records.delete(call.kb, call.table, call.id)
        return web.as_text("")

    def select(self, request: web.Request, call: Call) -> web.Answer:
        found = self.records.found(call.kb, call.table, call.said("where"))
        rows = [(f"id_{place}", number) for place, (number, _row) in enumerate(found)]
        return self.rows(request, [("id_length", len(found)), *rows], spaced=True)

    def search(self, request: web.Request, call: Call) -> web.Answer:
        if call.said("search"):
            raise No(400, f"No search {call.said('search')} for table {call.table}")
        wanted = call.every("field")
        if not wanted:
            raise No(400, "No value for 'field' parameter specified.")
        for name in wanted:
            if column(call.table, name) is None:
                raise wrong.no_column(name, call.table)
        found = self.records.found(call.kb, call.table, call.said("query"))
        page = calls.page_of(self.records, call, found)
        shown = [self.records.shown(call.table, number, row) for number, row in page]
        rows = [(f"{name}_{at}", row[name]) for at, row in enumerate(shown) for name in wanted]
        return self.rows(request, [("length", len(page)), *rows], spaced=True)

    def upsert(self, request: web.Request, call: Call) -> web.Answer:
        match = call.said("$match")
        words = call.said("$query") or calls.quoted(match, str(call.fields.get(match, "")))
        if not match and not call.said("$query"):
            raise No(400, "No value for '$match' parameter specified.")
        if call.said("$async"):
            name = calls.queue(self.records, f"upsert {call.table}")
            calls.upsert(self.records, call, words)
            return self.rows(request, [("EWCALLBACK_ID", name)], 202)
        status, number = calls.upsert(self.records, call, words)
        return self.rows(request, [("id", number)], status)

    def attach(self, request: web.Request, call: Call) -> web.Answer:
        count = calls.attach(self.records, call, request)
        return self.rows(request, [(f"{call.said('field')}.length", count)])

    def info(self, request: web.Request, call: Call) -> web.Answer:
        return good(calls.info_of(self.records, call))

    def retrieve(self, request: web.Request, call: Call) -> web.Answer:
        return as_file(calls.file_of(self.records, call))

    def remove(self, request: web.Request, call: Call) -> web.Answer:
        return self.rows(request, [("length", calls.remove(self.records, call))])

    def lock(self, request: web.Request, call: Call) -> web.Answer:
        self.records.one(call.kb, call.table, call.id)
        held = self.records.lock_of(call.table, call.id)
        if request.method == "PUT":
            if held and held["by"] != call.user:
                said = {"error": "LOCKED", "error_description": f"Locked by {held['by']}"}
                return web.as_json(said, 400)
            self.records.lock(call.table, call.id, call.user)
        if request.method == "DELETE":
            self.records.unlock(call.table, call.id)
        held = self.records.lock_of(call.table, call.id)
        row = {"id": int(call.id), "table_id": 2788, "locked_by": held["by"] if held else ""}
        row |= {"lock_status": "LOCKED" if held else "NO_LOCK"}
        return web.as_json(row | ({"lock_expires_in_minutes": 25} if held else {}))

    def choice(self, request: web.Request, call: Call) -> web.Answer:
        self.records.table(call.kb, call.table)
        name, value = call.said("field"), call.said("value")
        found = column(call.table, name)
        if found is None or value not in found.choices:
            raise No(400, f"No choice line found for value {value}")
        return self.rows(request, [("choiceLineId", found.choices.index(value) + 1)], spaced=True)

    def button(self, request: web.Request, call: Call) -> web.Answer:
        self.records.one(call.kb, call.table, call.id)
        found = column(call.table, call.said("name"))
        if found is None or found.kind != "button":
            raise wrong.no_column(call.said("name"), call.table)
        name = calls.queue(self.records, f"button {call.table} {call.id}")
        rows: list[tuple[str, Any]] = [("id", call.id), ("EWCALLBACK_ID", name)]
        plain = text.said(rows, one_line=self.records.options.one_line)
        return web.as_text(plain)

    def status(self, request: web.Request, call: Call) -> web.Answer:
        return web.as_text("", calls.look(self.records, call.said("callback_id")))

    def tables(self, request: web.Request, call: Call) -> web.Answer:
        """By token alone; the one table asked for, or all."""
        if not bearer_of(request.headers):
            raise No(401, "Wrong Authorization data", "EWSessionException")
        wanted = call.said("table")
        self.records.table(call.kb, wanted or "case")
        found = [
            {"label": label, "logicalName": name, "fields": [one.as_row() for one in columns]}
            for name, (label, columns) in TABLES.items()
            if wanted in ("", name)
        ]
        return good({"tables": found})

    # Saying

    def whole(self, request: web.Request, call: Call, record: dict[str, Any]) -> web.Answer:
        shown = self.records.shown(call.table, call.id, record)
        rows = [
            (name, one)
            for name, value in shown.items()
            for one in (value if isinstance(value, list) else [value])
        ]
        return self.rows(request, rows)

    def rows(
        self, request: web.Request, rows: list[tuple[str, Any]], status: int = 200, spaced=False
    ) -> web.Answer:
        if ".json" in request.path:
            return good(dict(rows), status)
        return web.as_text(text.said(rows, spaced or self.records.options.spaced), status)


def good(result: object, status: int = 200) -> web.Answer:
    return web.as_json({"success": True, "message": "", "result": result}, status)


def as_file(row: dict[str, str]) -> web.Answer:
    named = {"Content-Disposition": f'attachment; filename="{row["fileName"]}"'}
    return web.Answer(200, base64.b64decode(row["data"]), row["type"], named)

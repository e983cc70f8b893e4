"""The service desk as whoever works there sees it: its cases, and the button on each."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sandbox import web
from sandbox.agiloft.records import Records
from sandbox.agiloft.tables import CASE, KB, TABLES, column
from sandbox.agiloft.wrong import No

HERE = Path(__file__).parent
GUARD = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
}
ME = "anna.agent"
EDITABLE = (
    "summary description wfstate customer_name customer_mobile customer_email customer_address"
    " customer_postcode customer_city object_type brand model serial fault_text"
).split()
ANSWERED = (
    "signed_at signed_by approved_cost ehub_repair_number ehub_continue_in ehub_failed_reason"
    " ehub_sms_count ehub_last_sms_at ehub_request_id"
).split()


class Desk:
    def __init__(self, records: Records) -> None:
        self.records = records
        self.jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.doors = web.Doors()
        self.doors.add("GET", "/", self.cases)
        self.doors.add("GET", "/desk.css", self.style)
        self.doors.add("GET", "/case/{number}", self.case)
        self.doors.add("POST", "/case/{number}/request", self.press)
        self.doors.add("POST", "/case/{number}/save", self.save)
        self.doors.add("POST", "/case/{number}/lock", self.lock)
        self.doors.add("POST", "/new", self.new)

    async def answer(self, request: web.Request) -> web.Answer:
        found, words, known = self.doors.find(request)
        if found is None:
            return web.as_text("Not so." if known else "Not here.", 405 if known else 404)
        try:
            answer: web.Answer = await found(request, **words)
        except No as no:
            return self.show("no.html", 409, said=no.words)
        return answer

    def show(self, name: str, status: int = 200, **given: Any) -> web.Answer:
        markup = self.jinja.get_template(name).render(me=ME, kb=KB, label=label, **given)
        return web.as_page(markup, status, GUARD)

    async def cases(self, request: web.Request) -> web.Answer:
        kept = self.records.state["records"][CASE].items()
        rows = [(number, whole(row)) for number, row in sorted(kept, reverse=True)]
        return self.show("cases.html", rows=rows)

    async def case(self, request: web.Request, number: str) -> web.Answer:
        try:
            record = self.records.one(KB, CASE, number)
        except No:
            return web.as_text("Not here.", 404)
        states = column(CASE, "wfstate")
        return self.show(
            "case.html",
            number=number,
            record=whole(record),
            editable=EDITABLE,
            answered=ANSWERED,
            states=states.choices if states else (),
            held=self.records.lock_of(CASE, number),
            files=self.records.files(CASE, number, "attached_file"),
        )

    async def press(self, request: web.Request, number: str) -> web.Answer:
        fields = {"ehub_pressed_at": self.records.clock.stamp(), "ehub_pressed_by": ME}
        fields["ehub_request_status"] = "Requested"
        self.records.update(KB, CASE, number, fields, way="Web", by=ME)
        return web.go_to(f"/case/{number}")

    async def save(self, request: web.Request, number: str) -> web.Answer:
        typed = {name: value for name, value in request.form().items() if name in EDITABLE}
        self.records.update(KB, CASE, number, typed, way="Web", by=ME)
        return web.go_to(f"/case/{number}")

    async def lock(self, request: web.Request, number: str) -> web.Answer:
        """Open it for editing, as one who works on it does; once more lets it go."""
        if self.records.lock_of(CASE, number):
            self.records.unlock(CASE, number)
        else:
            self.records.lock(CASE, number, ME)
        return web.go_to(f"/case/{number}")

    async def new(self, request: web.Request) -> web.Answer:
        fields = {"summary": "Nytt serviceärende", "wfstate": "Open"}
        return web.go_to(f"/case/{self.records.create(KB, CASE, fields, way='Web')}")

    async def style(self, request: web.Request) -> web.Answer:
        css = (HERE / "templates" / "desk.css").read_bytes()
        return web.Answer(200, css, "text/css; charset=utf-8", {"Cache-Control": "no-cache"})


def whole(record: dict[str, Any]) -> dict[str, Any]:
    """Every column, also those that nobody has filled in."""
    return {one.name: record.get(one.name) for one in TABLES[CASE][1]}


def label(name: str) -> str:
    found = column(CASE, name)
    return found.label if found else name

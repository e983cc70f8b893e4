"""The doors of the page: look at a phone, scan, approve, cancel; move the clock, set a fault."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sandbox import web
from sandbox.bankid.app import Refused
from sandbox.bankid.orders import Order
from sandbox.faults import KNOWN, Fault
from sandbox.oidc.provider import Wrong
from sandbox.page import shows, words
from sandbox.people import NotAPerson, number_of
from sandbox.world import World

HERE = Path(__file__).parent
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
KINDS |= {".svg": "image/svg+xml"}
GUARD = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
MAIL_GUARD = GUARD | {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    )
}
STEPS = {"One hour on": 3600, "One day on": 86_400, "Three days on": 259_200}
STEPS |= {"One week on": 604_800}


class Pages:
    def __init__(self, world: World, doors: web.Doors) -> None:
        self.world = world
        self.jinja = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        rows: list[tuple[str, str, Callable[..., Any]]] = [
            ("GET", "/", self.table),
            ("GET", "/world", self.panel),
            ("GET", "/journal", self.journal),
            ("GET", "/app", self.app),
            ("GET", "/pulse", self.pulse),
            ("GET", "/mail/{number}", self.mail),
            ("GET", "/static/{file}", self.static),
            ("GET", "/language/{code}", self.language),
            ("POST", "/phones/{person}/scan", self.scan),
            ("POST", "/phones/{person}/{deed}", self.do),
            ("POST", "/app", self.answer_app),
            ("GET", "/oidc/authorize", self.who),
            ("POST", "/oidc/authorize", self.am),
            ("POST", "/world/clock", self.move_clock),
            ("POST", "/world/faults", self.set_fault),
        ]
        for method, path, answer in rows:
            doors.add(method, path, answer)

    def show(self, request: web.Request, name: str, status: int = 200, **given: Any) -> web.Answer:
        cookies = dict(one.strip().partition("=")[::2] for one in cookie_rows(request))
        accepted = request.headers.get("accept-language", "")
        code = words.chosen(cookies.get("sandbox_language", ""), accepted)
        pulse = shows.pulse(self.world)  # before anything is read: what comes meanwhile is news
        markup = self.jinja.get_template(name).render(
            t=lambda text, **values: words.say(code, text, **values),
            clock=lambda at, seconds=False: shows.time_of_day(self.world, at, code, seconds),
            gist=shows.gist,
            language=code,
            languages=words.LANGUAGES,
            here=request.path + ("?" + urlencode(request.query) if request.query else ""),
            said=words.refusal(code, request.query.get("said", "")),
            refusal=lambda text: words.refusal(code, text),
            t_role=lambda name: words.role(code, name),
            pulse=pulse,
            offset=self.world.clock.offset,
            offset_words=shows.offset_words(self.world.clock.offset),
            initials=shows.initials,
            hue=shows.hue,
            answer_of=shows.answer_of,
            faults_set=len(self.world.faults.rows),
            service_desk=self.service_desk(request),
            **given,
        )
        return web.as_page(markup, status, GUARD)

    def service_desk(self, request: web.Request) -> str:
        """The other page of the sandbox, on a port of its own."""
        port = self.world.store.setting("ports", {}).get("agiloft", 0)
        return f"http://{request.headers.get('host', 'localhost').rpartition(':')[0]}:{port}/"

    async def table(self, request: web.Request) -> web.Answer:
        search = request.query.get("q", "")
        person = request.query.get("person", "")
        if not person:
            groups = shows.cards(self.world, search)
            found = shows.screens(self.world)
            return self.show(request, "table.html", groups=groups, screens=found, search=search)
        try:
            phone = shows.phone(self.world, number_of(person))
        except NotAPerson:
            return web.go_to("/")
        groups = shows.cards(self.world, search)
        return self.show(request, "phone.html", phone=phone, groups=groups, search=search)

    async def scan(self, request: web.Request, person: str) -> web.Answer:
        form, app = request.form(), self.world.app
        try:
            number = number_of(person)
            order = app.by_id(form["order"]) if form.get("order") else app.by_qr(form.get("qr", ""))
            app.open(order, number, by_qr=True)
        except (Refused, NotAPerson) as why:
            return back_to(person, str(why))
        return back_to(person)

    async def do(self, request: web.Request, person: str, deed: str) -> web.Answer:
        try:
            await self.perform(deed, number_of(person))
        except (Refused, NotAPerson) as why:
            return back_to(person, str(why))
        return back_to(person)

    async def perform(self, deed: str, person: str) -> Order:
        if deed == "approve":
            return await self.world.app.approve(person)
        if deed == "decline":
            return self.world.app.decline_call(person)
        if deed == "cancel":
            return self.world.app.cancel(person)
        raise Refused(404, "No such deed.")

    async def app(self, request: web.Request) -> web.Answer:
        """An autostart link was followed on this device: the app comes up with the order."""
        query = request.query
        token, back = query.get("autostarttoken", ""), way_back(query.get("redirect", ""))
        given: dict[str, Any] = {"token": token, "redirect": back, "order": None}
        try:
            order = self.world.app.by_token(token)
            person = query.get("person") or order.person or order.meant_for
            self.bring_up(order, person)
        except (Refused, NotAPerson) as why:
            given |= {"why": str(why), "back": back}
            return self.show(request, "app.html", **given | {"people": []}, person=None)
        given |= {"why": "", "order": shows.shown(order), "back": way_back_of(order) or back}
        chosen = self.world.people.find(order.person) if order.person else None
        return self.show(
            request, "app.html", **given, people=self.world.people.all(), person=chosen
        )

    def bring_up(self, order: Order, person: str) -> None:
        if not order.pending:
            raise Refused(409, f"The order is over: {order.hint or order.status}.")
        if not person:
            self.world.app.start(order)
        elif order.person != number_of(person):
            self.world.app.open(order, number_of(person))

    async def answer_app(self, request: web.Request) -> web.Answer:
        """Approve or cancel on this device, and back to where the order says."""
        form = request.form()
        back = way_back(form.get("redirect", ""))
        try:
            order = self.world.app.by_token(form.get("token", ""))
            await self.perform(form.get("deed", ""), number_of(order.person))
        except (Refused, NotAPerson) as why:
            given: dict[str, Any] = {
                "token": "",
                "redirect": back,
                "back": back,
                "order": None,
                "people": [],
            }
            return self.show(request, "app.html", 409, **given, person=None, why=str(why))
        back = way_back_of(order) or back
        return web.go_to(back) if back else back_to(order.person)

    async def who(self, request: web.Request) -> web.Answer:
        """The OpenID provider's page: choose who you are."""
        try:
            client = self.world.oidc.check(request.query)
        except Wrong as why:
            given: dict[str, Any] = {"why": str(why), "client": None, "asked": {}, "people": []}
            return self.show(request, "who.html", 400, **given)
        given = {"why": "", "client": client, "asked": request.query}
        return self.show(request, "who.html", **given, people=self.world.people.all())

    async def am(self, request: web.Request) -> web.Answer:
        form = request.form()
        number = form.pop("person", "")
        try:
            person = self.world.people.find(number_of(number)) if number else None
            return web.go_to(self.world.oidc.choose(form, person))
        except (Wrong, NotAPerson) as why:
            given: dict[str, Any] = {"why": str(why), "client": None, "asked": {}, "people": []}
            return self.show(request, "who.html", 400, **given)

    async def mail(self, request: web.Request, number: str) -> web.Answer:
        """A mail's HTML, alone in its frame: no scripts, no pictures from afar."""
        found = self.world.mail.find(number)
        if found is None:
            return web.as_text("No such mail.", 404)
        head = '<!doctype html><meta charset="utf-8"><base target="_blank">'
        return web.as_page(head + found["html"], 200, MAIL_GUARD)

    async def panel(self, request: web.Request) -> web.Answer:
        now = self.world.clock.now().astimezone(shows.ZONE).strftime("%Y-%m-%d %H:%M")
        rows = self.world.faults.rows
        return self.show(request, "world.html", now=now, faults=rows, known=KNOWN, steps=STEPS)

    async def move_clock(self, request: web.Request) -> web.Answer:
        step = request.form().get("by", "0")
        clock = self.world.clock
        moved = clock.offset + int(step) if step.isdigit() and step != "0" else 0
        clock.move(min(moved, 9 * 365 * 86_400))
        self.world.store.changes += 1
        self.world.journal.note("control", "in", "clock", offset_seconds=moved)
        return web.go_to("/world")

    async def set_fault(self, request: web.Request) -> web.Answer:
        form = request.form()
        part, _, name = form.get("fault", "").partition(":")
        times = form.get("times", "1")
        if name in KNOWN.get(part, {}) and times.isdigit():
            self.world.faults.set(Fault(part, name, min(int(times), 1000)))
            self.world.journal.note("control", "in", "faults", part=part, fault=name, times=times)
        return web.go_to("/world")

    async def journal(self, request: web.Request) -> web.Answer:
        rows = self.world.journal.entries(limit=200)
        return self.show(request, "journal.html", rows=list(reversed(rows)))

    async def pulse(self, request: web.Request) -> web.Answer:
        return web.as_text(shows.pulse(self.world), 200, {"Cache-Control": "no-store"})

    async def language(self, request: web.Request, code: str) -> web.Answer:
        answer = web.go_to(inside(request.query.get("back", "/")))
        if code in words.LANGUAGES:
            answer.headers["Set-Cookie"] = (
                f"sandbox_language={code}; Path=/; Max-Age=31536000; SameSite=Lax"
            )
        return answer

    async def static(self, request: web.Request, file: str) -> web.Answer:
        path = HERE / "static" / file
        if path.parent != HERE / "static" or path.suffix not in KINDS or not path.is_file():
            return web.as_text("Not here.", 404)
        fresh = {"Cache-Control": "no-cache"}
        return web.Answer(200, path.read_bytes(), KINDS[path.suffix], fresh)


def cookie_rows(request: web.Request) -> list[str]:
    return request.headers.get("cookie", "").split(";")


def back_to(person: str, said: str = "") -> web.Answer:
    query = {"person": person} | ({"said": said} if said else {})
    return web.go_to(f"/?{urlencode(query)}")


def inside(address: str) -> str:
    """Only a place on this page, never another site."""
    return address if address.startswith("/") and not address.startswith(("//", "/\\")) else "/"


def way_back(address: str) -> str:
    """'null', as BankID writes it, is no way back; nor is anything but the web."""
    return address if urlsplit(address).scheme in ("http", "https") else ""


def way_back_of(order: Order) -> str:
    return way_back(str(order.body.get("returnUrl") or ""))

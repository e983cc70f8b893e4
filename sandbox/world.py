"""Everything the sandbox is, gathered: what it keeps, and the parts that keep it."""

import json
import ssl
from pathlib import Path

from sandbox import web
from sandbox.agiloft.server import Agiloft
from sandbox.bankid.app import App, describe
from sandbox.bankid.orders import Order, Orders, Timing
from sandbox.bankid.rp import RelyingPartyDoor
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.mail import Mailbox
from sandbox.people import People
from sandbox.pki import Pki
from sandbox.sms.gateway import Gateway
from sandbox.store import Row, Store

ENDED_KEPT = 8


class World:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(folder / "sandbox.sqlite3")
        self.clock = Clock(folder / "clock")
        self.journal = Journal(self.store, self.clock)
        self.faults = Faults(self.store)
        self.timing = Timing()
        self.people = People(self.store)
        self.ended: dict[str, list[Row]] = {}
        """What each person has approved or not, newest first; for the page, until a restart."""
        self.pki = Pki(folder / "pki")
        self.orders = Orders(self.timing, self.tell)
        self.app = App(self.orders, self.people, self.pki, self.faults, self.clock)
        self.bankid = RelyingPartyDoor(self.orders, self.faults, self.journal, self.clock)
        self.sms = Gateway(self.store, self.clock, self.journal, self.faults, self.timing)
        self.agiloft = Agiloft(self.store, self.clock, self.journal, self.faults)
        self.mail = Mailbox(self.store, self.clock, self.journal, self.faults)

    def tell(self, order: Order, what: str) -> None:
        """Every turn of an order stands in the journal."""
        seen = describe(order)
        told = {name: seen[name] for name in ("id", "kind", "state", "hint", "person", "meant_for")}
        self.journal.note("bankid", "here", f"order {what}", **told)
        if order.person and what in ("approved", "failed"):
            before = self.ended.get(order.person, [])
            self.ended[order.person] = [seen | {"at": self.clock.stamp()}, *before][:ENDED_KEPT]

    def declare(self, file: Path) -> None:
        rows = json.loads(file.read_text())
        self.people.declare(rows.get("people", []) if isinstance(rows, dict) else rows)

    def reset(self, people: bool = False) -> None:
        self.orders.by_reference.clear()
        self.ended.clear()
        self.faults.clear()
        self.clock.move(0)
        for name, value in Timing().as_row().items():
            setattr(self.timing, name, value)
        self.store.empty("mail", "sms", "report", "journal", *(["person"] if people else []))
        self.agiloft.reset()
        self.journal.note("control", "in", "reset", people=people)

    def tls(self) -> ssl.SSLContext:
        """A client certificate is demanded, of our own root alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        server = self.pki.path("tls-server.crt"), self.pki.path("tls-server.key")
        context.load_cert_chain(*server)
        context.load_verify_locations(self.pki.path("tls-root.crt"))
        context.verify_mode = ssl.CERT_REQUIRED
        return context

    def environment(self, host: str, ports: dict[str, int]) -> dict[str, str]:
        """All that differs from the real world."""
        return {
            "OMBUD_BANKID_URL": f"https://localhost:{ports['bankid']}/rp/v6.0/",
            "OMBUD_BANKID_CA": str(self.pki.path("tls-root.crt")),
            "OMBUD_BANKID_CERT": str(self.pki.path("rp.crt")),
            "OMBUD_BANKID_KEY": str(self.pki.path("rp.key")),
            "OMBUD_BANKID_SIGN_ROOT": str(self.pki.path("sign-root.crt")),
            "OMBUD_SMS_URL": f"http://{host}:{ports['sms']}/a1/",
            "OMBUD_SMS_USER": self.sms.user,
            "OMBUD_SMS_PASSWORD": self.sms.password,
            "OMBUD_SMTP_HOST": host,
            "OMBUD_SMTP_PORT": str(ports["smtp"]),
            "OMBUD_CLOCK": str(self.clock.path),
            **self.agiloft.environment(host, ports["agiloft"]),
        }


async def answer(doors: web.Doors, request: web.Request) -> web.Answer:
    """The page server's door: find who answers, or say that nobody does."""
    found, words, known = doors.find(request)
    if found is None:
        return web.as_json({"detail": "Not so." if known else "Not here."}, 405 if known else 404)
    told: web.Answer = await found(request, **words)
    return told

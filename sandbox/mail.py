"""The mail server: takes anything, keeps it whole, and shows it as a reader would see it."""

import asyncio
import email
import html
import json
import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from email.utils import getaddresses
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.clock import Clock
from sandbox.faults import SMTP as FAULTS
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.store import Row, Store

HANG_SECONDS = 120
LINK = re.compile(r"https?://[^\s<>\"')\]]+")
HREF = re.compile(r"href\s*=\s*[\"']([^\"']+)[\"']", re.IGNORECASE)
AT_CALL = {"refuse": FAULTS["refuse"]}
AT_RECIPIENT = {name: FAULTS[name] for name in ("451", "550")}
AFTER_DATA = {name: FAULTS[name] for name in ("552", "hang", "drop-after-data")}
REPLIES = {
    "451": "451 4.7.1 Try again later",
    "550": "550 5.1.1 No such mailbox here",
    "552": "552 5.2.2 Mailbox full",
}


class Conversation(SMTP):
    """One SMTP session; may hang up the moment it is called."""

    faults: Faults

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if self.faults.take("smtp", AT_CALL):
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
            return
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        if self.session is not None:
            super().connection_lost(error)


class Mailbox:
    """What aiosmtpd calls as a session goes on, and where the mail is kept."""

    def __init__(self, store: Store, clock: Clock, journal: Journal, faults: Faults) -> None:
        self.store = store
        self.clock = clock
        self.journal = journal
        self.faults = faults

    async def open(self, host: str, port: int) -> int:
        loop = asyncio.get_running_loop()
        self.server = await loop.create_server(self.converse, host, port, backlog=256)
        return int(self.server.sockets[0].getsockname()[1])

    def converse(self) -> Conversation:
        session = Conversation(
            self, hostname="sandbox", ident="Ombud Sandbox", enable_SMTPUTF8=True, timeout=60
        )
        session.faults = self.faults
        return session

    def close(self) -> None:
        self.server.close()

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if fault := self.faults.take("smtp", AT_RECIPIENT):
            self.journal.note("smtp", "in", f"RCPT {address}", answer=REPLIES[fault])
            return REPLIES[fault]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self.faults.take("smtp", AFTER_DATA)
        kept = fault in ("", "drop-after-data")
        if kept:
            self.keep(envelope)
        answer = REPLIES.get(fault, "250 OK: kept")
        self.journal.note(
            "smtp",
            "in",
            "DATA",
            sender=envelope.mail_from,
            recipients=envelope.rcpt_tos,
            kept=kept,
            fault=fault,
        )
        if fault == "hang":
            await asyncio.sleep(HANG_SECONDS)
        if fault in ("hang", "drop-after-data"):
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
        return answer

    def keep(self, envelope: Envelope) -> None:
        """A row for each recipient: each has a mailbox of their own."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        read = reading(raw)
        for to in envelope.rcpt_tos:
            self.store.add(
                "mail",
                at=self.clock.stamp(),
                to=to.lower(),
                envelope_from=envelope.mail_from or "",
                raw=raw,
                **read | {name: json.dumps(read[name]) for name in ("links", "headers")},
            )

    def received(self, to: str = "") -> list[Row]:
        """What has come to an address (or to all), newest last."""
        sql = "SELECT * FROM mail WHERE ? IN ('', \"to\") ORDER BY id"
        return [inward(row) for row in self.store.rows(sql, to.strip().lower())]

    def find(self, number: str) -> Row | None:
        row = self.store.row("SELECT * FROM mail WHERE id = ?", number)
        return inward(row) if row else None

    def raw(self, number: str) -> bytes | None:
        row = self.store.row("SELECT raw FROM mail WHERE id = ?", number)
        return row["raw"] if row else None


def inward(row: Row) -> Row:
    shown = {name: value for name, value in row.items() if name != "raw"}
    return shown | {name: json.loads(row[name]) for name in ("links", "headers")}


def reading(raw: bytes) -> dict[str, Any]:
    """Subject, words and links of a mail, as a reader's program would find them."""
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    text, markup = body(message, "plain"), body(message, "html")
    return {
        "from": sender(message),
        "subject": str(message.get("subject", "")).strip(),  # folding leaves a blank
        "text": text,
        "html": markup,
        "links": links(text, markup),
        "headers": {name: str(value).strip() for name, value in message.items()},
    }


def body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):
        return ""


def sender(message: EmailMessage) -> str:
    found: list[Address] = list(getattr(message.get("from"), "addresses", ()))
    if found:
        return found[0].addr_spec
    return getaddresses([str(message.get("from", ""))])[0][1]


def links(text: str, markup: str) -> list[str]:
    found = [html.unescape(one) for one in HREF.findall(markup)]
    found += [one.rstrip(".,;:!?") for one in LINK.findall(text)]
    return [one for one in dict.fromkeys(found) if one.startswith(("http://", "https://"))]

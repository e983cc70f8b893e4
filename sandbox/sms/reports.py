"""Delivery reports: told to the caller's address until it says it has heard."""

import asyncio
import base64
import time
import urllib.error
import urllib.request
from urllib.parse import urlencode, urlsplit, urlunsplit

from sandbox.clock import Clock
from sandbox.journal import Journal
from sandbox.store import Row, Store

WAITS = (1, 2, 5, 10, 30, 60, 120, 300, 600)
GIVE_UP_AFTER = 60
LOOK_EVERY = 0.1
ANSWER_WITHIN = 10


class Reports:
    """Kept as rows, so a report owed before a sudden death is still given after it."""

    def __init__(self, store: Store, clock: Clock, journal: Journal) -> None:
        self.store = store
        self.clock = clock
        self.journal = journal
        self.under_way: dict[int, asyncio.Task[None]] = {}

    def owe(self, sms: str, status: str, url: str, wait: float) -> None:
        self.store.add("report", sms=sms, status=status, url=url, due=time.time() + wait)

    async def run(self) -> None:
        while True:
            for row in self.due():
                if row["id"] not in self.under_way:
                    task = asyncio.create_task(self.give(row))
                    self.under_way[row["id"]] = task
            await asyncio.sleep(LOOK_EVERY)

    def due(self) -> list[Row]:
        sql = "SELECT * FROM report WHERE done = 0 AND due <= ? ORDER BY due LIMIT 50"
        return self.store.rows(sql, time.time())

    async def give(self, row: Row) -> None:
        try:
            heard = await self.tell(row)
            attempts = row["attempts"] + 1
            done = heard or attempts >= GIVE_UP_AFTER
            due = time.time() + WAITS[min(attempts, len(WAITS)) - 1]
            sql = "UPDATE report SET attempts = ?, due = ?, done = ? WHERE id = ?"
            self.store.write(sql, attempts, due, int(done), row["id"])
        finally:
            self.under_way.pop(row["id"], None)

    async def tell(self, row: Row) -> bool:
        self.mark(row)
        if not row["url"]:
            return True
        form = {"id": row["sms"], "status": row["status"]}
        if row["status"] == "delivered":
            form["delivered"] = self.delivered_at(row["sms"])
        heard = await asyncio.to_thread(post, row["url"], form)
        self.journal.note(
            "sms", "out", f"POST {without_secret(row['url'])}", form=form, answer=heard
        )
        return 200 <= heard < 300

    def mark(self, row: Row) -> None:
        """The message's own status only goes forward."""
        delivered = elks_time(self.clock) if row["status"] == "delivered" else ""
        sql = (
            "UPDATE sms SET status = ?, delivered = ? "
            "WHERE id = ? AND status NOT IN ('delivered', 'failed')"
        )
        self.store.write(sql, row["status"], delivered, row["sms"])

    def delivered_at(self, sms: str) -> str:
        row = self.store.row("SELECT delivered FROM sms WHERE id = ?", sms)
        return row["delivered"] if row and row["delivered"] else elks_time(self.clock)


def elks_time(clock: Clock) -> str:
    return clock.now().strftime("%Y-%m-%dT%H:%M:%S.%f")


def post(url: str, form: dict[str, str]) -> int:
    """The answer's status; 0 when there was none. Credentials may stand in the address."""
    parts = urlsplit(url)
    bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if parts.username is not None:
        pair = f"{parts.username}:{parts.password or ''}".encode()
        headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
    try:
        call = urllib.request.Request(bare, urlencode(form).encode(), headers, method="POST")
        with urllib.request.urlopen(call, timeout=ANSWER_WITHIN) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code
    except (OSError, ValueError):
        return 0


def without_secret(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2], query=""))

"""Who is listening to what, and the one connection on which the database tells what moved."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from types import SimpleNamespace

import psycopg
import structlog
from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string

from ombud.lib import clock

CHANNEL = "ombud_live"
FULL = 200  # messages that wait for one slow reader before it is let go
log = structlog.get_logger("ombud.live")


@dataclass(eq=False)
class Subscriber:
    """One open page: whose it is, which keys it holds, and what waits to be sent."""

    person: int
    keys: frozenset[str]
    until: datetime | None = None  # when the keys change by the clock
    waiting: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(FULL))

    @property
    def is_stale(self) -> bool:
        return self.until is not None and self.until <= clock.now()

    def concerns(self, told: dict) -> bool:
        """Keys that have changed open nothing until they are read anew."""
        if self.person in told.get("people", ()):
            return True
        return not self.is_stale and not self.keys.isdisjoint(told.get("keys", ()))

    def tell(self, message: str) -> None:
        with contextlib.suppress(asyncio.QueueFull):
            self.waiting.put_nowait(message)
            return
        self.let_go()

    def let_go(self) -> None:
        """End the stream: the browser comes back by itself and reads the page anew."""
        with contextlib.suppress(asyncio.QueueEmpty):
            while True:
                self.waiting.get_nowait()
        self.waiting.put_nowait(None)


class Listener:
    """Fans out what the database tells to those whom it concerns, and to nobody else."""

    def __init__(self) -> None:
        self.subscribers: set[Subscriber] = set()

    async def listen(self) -> None:
        """For ever; after a lost connection all streams begin again, as something may be missed."""
        while True:
            try:
                await self._listen_once()
            except (psycopg.Error, ValueError, KeyError) as fault:
                log.warning("listening broke off", fault=type(fault).__name__)
            for subscriber in list(self.subscribers):
                subscriber.let_go()
            await asyncio.sleep(1)

    async def _listen_once(self) -> None:
        url = settings.DATABASE_DIRECT_URL
        async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
            await connection.execute(f"LISTEN {CHANNEL}")
            async for notice in connection.notifies():
                self.fan_out(notice.payload)

    def fan_out(self, payload: str) -> None:
        told = json.loads(payload)
        message = as_event(told)
        for subscriber in list(self.subscribers):
            if subscriber.concerns(told):
                if told["what"] == "keys":
                    subscriber.until = clock.now()
                subscriber.tell(message)


def as_event(told: dict) -> str:
    """What the browser reads: which case moved, or only that there is a notice."""
    what = "case" if told["what"] == "case" else "notice"
    data = {"number": told["number"]} if what == "case" else {}
    return f"event: {what}\ndata: {json.dumps(data)}\n\n"


def subscriber_of(session_key: str) -> Subscriber | None:
    """Whoever is logged in with this session and the hat it wears, read as the pages read it."""
    close_old_connections()
    session = import_string(f"{settings.SESSION_ENGINE}.SessionStore")(session_key)
    cookies = {settings.SESSION_COOKIE_NAME: session_key}
    asked = SimpleNamespace(session=session, COOKIES=cookies)
    person = import_string("ombud.people.middleware.logged_in")(asked)
    if person is None:
        return None
    worn = import_string("ombud.people.hats.of")(person)
    hat = import_string("ombud.people.hats.chosen")(worn, session.get("organisation"))
    here = hat.organisation_id if hat else 0
    held = import_string("ombud.people.keys.of_person")(person.pk, here)
    until = import_string("ombud.people.stand_ins.changes_at")(person.pk, here)
    return Subscriber(person.pk, frozenset(held), until)

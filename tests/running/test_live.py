"""Live updates reach whom they concern, on an open stream, and nobody else."""

import asyncio
import contextlib
import json
from datetime import timedelta

from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import connections
from django.test import SimpleTestCase

from ombud.config import asgi, live
from ombud.lib import clock
from ombud.lib import live as told
from ombud.people import keys
from ombud.people.models import Membership, Organisation, Person
from tests.emptying import RealTestCase


class Page:
    """A browser's open page: what it asks with, and what it has been sent."""

    def __init__(self, **headers):
        self.headers = {"origin": settings.WEB_URL, **headers}
        self.sent, self.closed = [], asyncio.Event()

    async def open(self, path="/events", method="GET"):
        headers = [(name.encode(), value.encode()) for name, value in self.headers.items()]
        scope = {"type": "http", "path": path, "method": method, "headers": headers}
        await asgi.application(scope, self._receive, self._send)

    async def until(self, words, seconds=10):
        async with asyncio.timeout(seconds):
            while words not in self.text:
                await asyncio.sleep(0.01)

    @property
    def status(self):
        return self.sent[0]["status"]

    @property
    def allows(self):
        return dict(self.sent[0]["headers"]).get(b"access-control-allow-origin")

    @property
    def text(self):
        return b"".join(part.get("body", b"") for part in self.sent).decode()

    async def _receive(self):
        await self.closed.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        self.sent.append(message)


class FanOutTest(SimpleTestCase):
    def test_only_holders_of_a_key_and_named_people_hear(self):
        async def story():
            listener = live.Listener()
            holder, named, stranger = (
                live.Subscriber(n, frozenset(held)) for n, held in enumerate([["a"], ["b"], ["c"]])
            )
            listener.subscribers |= {holder, named, stranger}
            news = {"keys": ["a"], "people": [1], "number": "RITM1", "what": "case"}
            listener.fan_out(json.dumps(news))
            self.assertEqual(
                holder.waiting.get_nowait(), 'event: case\ndata: {"number": "RITM1"}\n\n'
            )
            self.assertEqual(named.waiting.qsize(), 1)
            self.assertTrue(stranger.waiting.empty())

        asyncio.run(story())

    def test_keys_that_have_run_out_open_nothing(self):
        async def story():
            listener, now = live.Listener(), clock.now()
            held, over = (live.Subscriber(n, frozenset(["a"])) for n in (1, 2))
            over.until = now - timedelta(seconds=1)
            held.until = now + timedelta(minutes=1)
            listener.subscribers |= {held, over}
            listener.fan_out(json.dumps({"keys": ["a"], "number": "RITM1", "what": "case"}))
            self.assertEqual((held.waiting.qsize(), over.waiting.qsize()), (1, 0))
            listener.fan_out(json.dumps({"people": [1], "number": "", "what": "keys"}))
            self.assertTrue(held.is_stale)
            held.waiting.get_nowait()
            self.assertEqual(held.waiting.get_nowait(), "event: notice\ndata: {}\n\n")

        asyncio.run(story())

    def test_a_reader_that_does_not_read_is_let_go(self):
        async def story():
            slow = live.Subscriber(1, frozenset())
            for _ in range(live.FULL + 1):
                slow.tell("event")
            self.assertIsNone(slow.waiting.get_nowait())

        asyncio.run(story())

    def test_a_notice_tells_nothing_of_its_case(self):
        news = {"keys": [], "people": [1], "number": "RITM1", "what": "notice"}
        self.assertEqual(live.as_event(news), "event: notice\ndata: {}\n\n")


class DoorTest(RealTestCase):
    def setUp(self):
        self.kari = Person(username="kari", email="kari@example.org")
        self.kari.set_password("pw")
        self.kari.save()
        self.region = Organisation.objects.create(name="Region", number="5560000001")
        Membership.objects.create(person=self.kari, organisation=self.region)
        self.client.force_login(self.kari)
        self.cookie = self.client.cookies[settings.SESSION_COOKIE_NAME].OutputString()

    def test_strangers_and_other_origins_are_refused(self):
        async def story():
            for page, status, allowed in [
                (Page(), 401, settings.WEB_URL.encode()),
                (Page(cookie=f"{settings.SESSION_COOKIE_NAME}=guess"), 401, None),
                (Page(cookie=self.cookie, origin="https://evil.example"), 403, None),
            ]:
                await page.open()
                self.assertEqual(page.status, status)
                if status == 403 or allowed:
                    self.assertEqual(page.allows, allowed)
            await sync_to_async(connections.close_all)()

        asyncio.run(story())

    def test_what_the_database_tells_reaches_the_open_page(self):
        asyncio.run(self.story_of_an_open_page())

    async def story_of_an_open_page(self):
        page = Page(cookie=self.cookie)
        listening = asyncio.create_task(asgi.listener.listen())
        streaming = asyncio.create_task(page.open())
        await page.until("welcome")
        await self.until_it_listens()
        await sync_to_async(self.tell)()
        await page.until('event: case\ndata: {"number": "RITM0000001"}')
        await page.until("event: notice\ndata: {}")
        self.assertNotIn("RITM0000002", page.text)
        page.closed.set()
        await streaming
        self.assertFalse(asgi.listener.subscribers)
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await sync_to_async(connections.close_all)()

    def tell(self):
        mine = keys.seat(self.kari.pk, self.region.pk)
        told.tell([keys.seat(self.kari.pk + 1, self.region.pk)], [], "RITM0000002", "case")
        told.tell([mine], [], "RITM0000001", "case")
        told.tell([], [self.kari.pk], "RITM0000001", "notice")

    async def until_it_listens(self):
        asked = """SELECT 1 FROM pg_stat_activity WHERE query LIKE 'LISTEN %%'
            AND state = 'idle' AND datname = current_database()"""
        while not await sync_to_async(self.answer)(asked):
            await asyncio.sleep(0.02)

    def answer(self, statement):
        with connections["default"].cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchone()

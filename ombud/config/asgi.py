"""Live updates: server-sent events for whoever is logged in."""

import asyncio
import contextlib
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.conf import settings

from ombud.config import live

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
settings.PROCRASTINATE_AUTODISCOVER_MODULE_NAME = None  # no jobs here: what they do stays unread
django.setup()

Message = dict[str, Any]
Send = Callable[[Message], Awaitable[None]]
Receive = Callable[[], Awaitable[Message]]

HEARTBEAT = 15  # seconds; proxies close what is silent for long
REFRESH = 60  # seconds until a stream asks again whose it is and which keys it holds
EVENTS = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
PLAIN = [(b"content-type", b"text/plain")]

listener = live.Listener()
who = sync_to_async(live.subscriber_of)


async def application(scope: Message, receive: Receive, send: Send) -> None:
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http":
        await answer(scope, receive, send)


async def lifespan(receive: Receive, send: Send) -> None:
    """Listen to the database from the start of the process to its end."""
    await receive()
    listening = asyncio.create_task(listener.listen())
    await send({"type": "lifespan.startup.complete"})
    await receive()
    listening.cancel()
    for subscriber in list(listener.subscribers):
        subscriber.let_go()
    await send({"type": "lifespan.shutdown.complete"})


async def answer(scope: Message, receive: Receive, send: Send) -> None:
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    origin = headers.get("origin")
    if scope["path"] == "/healthz":
        return await say(send, 200, "alive\n")
    if scope["path"] != "/events" or scope["method"] != "GET":
        return await say(send, 404, "There is nothing here.\n")
    if origin not in (None, settings.WEB_URL):
        return await say(send, 403, "This origin may not listen.\n")
    session = session_of(headers.get("cookie", ""))
    subscriber = await who(session) if session else None
    if subscriber is None:
        return await say(send, 401, "Log in first.\n", origin)
    await stream(subscriber, session, receive, send, origin)


async def stream(
    subscriber: live.Subscriber, session: str, receive: Receive, send: Send, origin: str | None
) -> None:
    """Send what concerns the subscriber until either side ends."""
    gone = asyncio.create_task(until_gone(receive))
    listener.subscribers.add(subscriber)
    headers = [*EVENTS, *allowed(origin)]
    try:
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        async for text in messages(subscriber, session, gone):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
        await send({"type": "http.response.body", "body": b""})
    finally:
        listener.subscribers.discard(subscriber)
        gone.cancel()


async def messages(
    subscriber: live.Subscriber, session: str, gone: asyncio.Task
) -> AsyncIterator[str]:
    yield "retry: 3000\n: welcome\n\n"
    asked_at = time.monotonic()
    while True:
        text = await next_message(subscriber, gone)
        if text is None:
            return
        yield text
        if subscriber.is_stale or time.monotonic() - asked_at > REFRESH:
            fresh = await who(session)
            if fresh is None:
                return
            subscriber.keys, subscriber.until = fresh.keys, fresh.until
            asked_at = time.monotonic()


async def next_message(subscriber: live.Subscriber, gone: asyncio.Task) -> str | None:
    """The next event, a heartbeat when there is none for a while, None at the end."""
    waiting = asyncio.ensure_future(subscriber.waiting.get())
    await asyncio.wait({waiting, gone}, timeout=HEARTBEAT, return_when=asyncio.FIRST_COMPLETED)
    if waiting.done():
        return waiting.result()
    waiting.cancel()
    return None if gone.done() else ": beat\n\n"


async def until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def say(send: Send, status: int, words: str, origin: str | None = None) -> None:
    headers = [*PLAIN, *allowed(origin)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": words.encode()})


def allowed(origin: str | None) -> list[tuple[bytes, bytes]]:
    """CORS, for exactly the web's origin; and nothing of it is ever kept."""
    kept = [(b"cache-control", b"no-store"), (b"vary", b"Origin")]
    if origin != settings.WEB_URL:
        return kept
    name, credentials = b"access-control-allow-origin", b"access-control-allow-credentials"
    return [*kept, (name, settings.WEB_URL.encode()), (credentials, b"true")]


def session_of(cookies: str) -> str:
    found: SimpleCookie = SimpleCookie()
    with contextlib.suppress(CookieError):
        found.load(cookies)
    cookie = found.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""

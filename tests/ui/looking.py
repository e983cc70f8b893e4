"""A browser that is handed pages already drawn, and the static files beside them: no server."""

import mimetypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page, Route, sync_playwright

from ombud.config import csp

HERE = "http://ombud.test"


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    flags = ["--disable-gpu", *(["--no-sandbox"] if os.getuid() == 0 else [])]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=flags)
        yield started
        started.close()


def look(browser: Browser, pages: dict, path: str, size: tuple[int, int], **more) -> Page:
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, **more)
    page = context.new_page()
    page.faults = []  # type: ignore[attr-defined]
    page.on("console", lambda said: said.type == "error" and page.faults.append(said.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.route("**/*", lambda route: answer(route, pages))
    page.goto(HERE + path)
    return page


def answer(route: Route, pages: dict) -> None:
    address = urlsplit(route.request.url)
    path = f"{address.path}?{address.query}" if address.query else address.path
    if path in pages:
        policy = csp.WRITTEN.format(nonce="x", push="")
        headers = {"Content-Security-Policy": policy, "Content-Type": "text/html; charset=utf-8"}
        return route.fulfill(body=pages[path], headers=headers)
    found = finders.find(address.path.removeprefix("/static/"))
    if not found:
        return route.fulfill(status=404)
    kind = mimetypes.guess_type(found)[0] or "application/octet-stream"
    return route.fulfill(body=Path(found).read_bytes(), content_type=kind)

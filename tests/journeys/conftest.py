"""A house for all journeys of a worker, a browser for each file, people who come and go."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys import house as houses
from tests.journeys.house import House
from tests.journeys.visit import DESK, Visitor, chromium


@pytest.fixture(scope="session")
def house(chromium_path, tmp_path_factory) -> Iterator[House]:
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    with houses.house(tmp_path_factory.mktemp("house"), worker) as here:
        yield here


@pytest.fixture(scope="module")
def browser(house, chromium_path) -> Iterator[Browser]:
    with chromium(chromium_path) as started:
        yield started


@pytest.fixture(scope="session")
def cookies() -> dict[str, dict]:
    """Who has logged in once need not do it again in every journey."""
    return {}


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.fixture
def comes(house, browser, cookies, request, tmp_path) -> Iterator[Callable[..., Visitor]]:
    """Somebody, by the name of the demo's script, in a browser of their own and logged in;
    `as_stranger` before the login. What the browser complained of fails the journey."""
    here: list[Visitor] = []

    def come(key: str, path: str = "/", *, as_stranger: bool = False, **more) -> Visitor:
        width, height = more.pop("size", DESK)
        known = {} if as_stranger else {"storage_state": cookies.get(key)}
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="sv-SE", **known, **more
        )
        visitor = Visitor(house, context, house.person(key))
        here.append(visitor)
        visitor.goes(path)
        if not as_stranger and "/login" in visitor.page.url:
            visitor.logs_in()
            cookies[key] = context.storage_state()
        return visitor

    yield come
    for visitor in here:
        if request.node.stash.get(FAILED, False):
            show(visitor, tmp_path)
        visitor.context.close()
    assert [fault for visitor in here for fault in visitor.faults] == []


@pytest.fixture(scope="module")
def stays(house, browser, cookies) -> Iterator[Callable[[str, str], Visitor]]:
    """As `comes`, for a file in which the same people look at page after page: each keeps one
    browser, which has loaded what all pages share."""
    here: dict[str, Visitor] = {}

    def stay(key: str, path: str) -> Visitor:
        if key not in here:
            context = browser.new_context(locale="sv-SE", storage_state=cookies.get(key))
            here[key] = Visitor(house, context, house.person(key))
        visitor = here[key]
        visitor.faults.clear()
        visitor.goes(path)
        if "/login" in visitor.page.url:
            visitor.logs_in()
            cookies[key] = visitor.context.storage_state()
        return visitor

    yield stay
    for visitor in here.values():
        visitor.context.close()


def show(visitor: Visitor, folder: Path) -> None:
    """What somebody saw last, when a journey has failed."""
    path = folder / f"{visitor.me.username}.png"
    visitor.page.screenshot(path=path, full_page=True)
    print(f"{visitor.me.name} at {visitor.page.url}: {path}")

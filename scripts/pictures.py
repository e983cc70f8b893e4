"""Take the pictures of the guides and of the README from the running program, in every language.

pictures.py            all of them
pictures.py NAME ...   only those whose name begins so: "order", "review-words", "readme"
"""
# ruff: noqa: E402

import base64
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HERE))

from tests import databases

os.environ.update(databases.environment(), OMBUD_TEST_RUN=str(os.getpid()))

import django

django.setup()

from playwright.sync_api import Browser, Page

from ombud.desk.guides import DENSITY, GUIDES, WIDTH, Step
from tests.conftest import chromium
from tests.journeys import house as houses
from tests.journeys import visit
from tests.journeys.arranging import Arranging
from tests.journeys.fitting import speaks
from tests.journeys.house import House
from tests.journeys.looks import places

FOLDER = HERE / "ombud/desk/static/desk/guides"
MOST = 60_000  # bytes a picture
QUALITIES = (80, 65, 50, 35)
ALONE = ".demo, .top, .rail, .filters, .screen-only { display: none !important; }"
ALONE += ".page { padding: 24px; }"
EDGE = 16

# Each picture: who looks, where, and what stands at its top
LOOKS = {
    "order-service": ("norrsund-orderer", "/orders/new/", ".page-head"),
    "order-offer": ("norrsund-orderer", "/orders/new/npo/", ".offer-cards"),
    "order-units": ("norrsund-orderer", "/orders/{draft}/details/", "#units"),
    "order-send": ("norrsund-orderer", "/orders/{draft}/check/", "#send"),
    "review-waiting": ("systempartner-handler", "/approvals/", ".page-head"),
    "review-words": ("systempartner-handler", "/orders/{review}/review/", "#summary"),
    "review-choices": ("systempartner-handler", "/orders/{review}/review/", "#decide"),
    "review-decide": ("systempartner-handler", "/orders/{review}/review/", ".field:has(#f-note)"),
    "attest-before": ("norrsund-chief", "/orders/{last}/attest/", "#before"),
    "attest-words": ("norrsund-chief", "/orders/{last}/attest/", "#summary"),
    "attest-decide": ("norrsund-chief", "/orders/{last}/attest/", ".field:has(#f-note)"),
    "attest-road": ("norrsund-orderer", "/orders/{connecting}/", "#road"),
    "roles-held": ("systempartner-admin", "/organisation/", "#people"),
    "roles-give": ("systempartner-admin", "/organisation/grant/", ".page-head"),
    "roles-add": ("systempartner-admin", "/organisation/people/add/", ".page-head"),
}
README = ("norrsund-orderer", "/orders/{review}/", HERE / "docs/order.png")


def main(wanted: list[str]) -> None:
    path = chromium()
    if path is None:
        sys.exit("Chromium is needed to take pictures; set OMBUD_CHROMIUM.")
    with running() as house, visit.chromium(path) as browser:
        for guide in GUIDES.values():
            for step in guide.steps:
                if is_wanted(step.picture, wanted):
                    take(house, browser, step)
        if is_wanted("readme", wanted):
            take_readme(house, browser)


def is_wanted(name: str, wanted: list[str]) -> bool:
    return not wanted or any(name.startswith(one) for one in wanted)


@contextmanager
def running() -> Iterator[House]:
    """The house of the journeys, with its small world, in a database of its own."""
    with (
        databases.CLUSTER.running(),
        tempfile.TemporaryDirectory() as folder,
        houses.house(Path(folder), "pictures") as house,
    ):
        yield house


@cache
def there(house: House) -> dict[str, str]:
    """The orders to look at; `last`: one that only the customer has still to attest."""
    arranged = Arranging(house)
    last = arranged.sent("norrsund-orderer", "npo-agent", "systempartner")
    arranged.reviewed(last, "systempartner-handler", "systempartner-attestant")
    arranged.attested(last, "systempartner-attestant")
    return places(house) | {"last": last}


def comes(house: House, browser: Browser, who: str, path: str, **more) -> visit.Visitor:
    context = browser.new_context(locale="sv-SE", bypass_csp=True, **more)
    visitor = visit.Visitor(house, context, house.person(who))
    return visitor.goes(path.format_map(there(house))).logs_in()


def take(house: House, browser: Browser, step: Step) -> None:
    who, path, top = LOOKS[step.picture]
    size = {"width": WIDTH + 2 * EDGE, "height": 1000}
    visitor = comes(house, browser, who, path, viewport=size)
    for language in ("nb", "en", "sv"):  # the last is what everybody leaves behind
        speaks(visitor, language)
        file = FOLDER / language / f"{step.picture}.webp"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(small(visitor.page, top, step.height))
        print(f"{file.relative_to(HERE)} {file.stat().st_size // 1000} kB")
    visitor.context.close()


def small(page: Page, top: str, height: int) -> bytes:
    """A piece of the page as WebP, as good as its weight allows."""
    page.add_style_tag(content=ALONE)
    box = page.locator(top).first.bounding_box()
    assert box is not None
    scrolled = page.evaluate("scrollY")
    clip = {"x": EDGE, "y": max(0, box["y"] + scrolled - EDGE)}
    clip |= {"width": WIDTH, "height": height, "scale": DENSITY}
    session = page.context.new_cdp_session(page)
    for quality in QUALITIES:
        asked = {"format": "webp", "quality": quality, "clip": clip, "captureBeyondViewport": True}
        content = base64.b64decode(session.send("Page.captureScreenshot", asked)["data"])
        if len(content) <= MOST:
            return content
    raise ValueError(f"{top} is too heavy: {len(content)} bytes")


def take_readme(house: House, browser: Browser) -> None:
    who, path, file = README
    visitor = comes(house, browser, who, path, viewport={"width": 1280, "height": 1400})
    visitor.page.screenshot(path=file)
    print(f"{file.relative_to(HERE)} {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main(sys.argv[1:])

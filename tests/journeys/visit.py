"""A person at the browser: what they see, press and type; and the phone in their hand."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright

from demo.people import Someone
from tests.journeys.house import House

AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "tags => axe.run({runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"
DESK, PHONE = (1280, 900), (390, 844)
BROKEN = r"""() => {
  const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, box = text.parentElement.getBoundingClientRect();
    if (!text.parentElement.checkVisibility() || box.width <= 1) continue;
    for (const word of text.data.matchAll(/(?<!\S)\p{L}{5,16}(?!\S)/gu)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const lines = [...range.getClientRects()].filter((part) => part.width > 1);
      if (new Set(lines.map((part) => Math.round(part.top))).size > 1) found.push(word[0]);
    }
  }
  return found;
}"""
HARMLESS = re.compile("Failed to load resource|ERR_ABORTED")  # a refusal is an answer, too
PATIENCE = 20_000  # milliseconds: two cores carry web, push, worker, sandbox and the browser


@contextmanager
def chromium(path: str) -> Iterator[Browser]:
    flags = ["--disable-gpu", *(["--no-sandbox"] if os.getuid() == 0 else [])]
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        started = playwright.chromium.launch(executable_path=path, args=flags)
        yield started
        started.close()


class Visitor:
    """Somebody with a browser of their own."""

    def __init__(self, house: House, context: BrowserContext, someone: Someone | None = None):
        self.house, self.context, self.someone = house, context, someone
        self.faults: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.on("page", self._listen)
        self.page: Page = context.new_page()

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self._hear(said.type, said.text))

    def _hear(self, kind: str, text: str) -> None:
        if kind == "error" and not HARMLESS.search(text):
            self.faults.append(text)

    @property
    def me(self) -> Someone:
        assert self.someone is not None
        return self.someone

    # Coming in

    def goes(self, path: str) -> "Visitor":
        self.page.goto(path if path.startswith("http") else self.house.at.url + path)
        return self

    def logs_in(self) -> "Visitor":
        """By password, on whatever page the login has come up."""
        self.types("Användarnamn eller e-post", self.me.username)
        self.types("Lösenord", self.me.password)
        self.presses("Logga in med lösenord")
        self.page.wait_for_url(lambda url: "/login" not in url)
        return self

    # Doing

    def button(self, name: str, **which: Any) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True, **which)

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name, exact=True)

    def presses(self, name: str) -> "Visitor":
        self.button(name).first.click()
        return self

    def follows(self, name: str) -> "Visitor":
        self.link(name).first.click()
        return self

    def field(self, label: str) -> Locator:
        fields = self.page.locator("input, textarea, select")
        return self.page.get_by_label(label).and_(fields).first

    def types(self, label: str, words: str) -> "Visitor":
        self.field(label).fill(words)
        return self

    def ticks(self, label: str) -> "Visitor":
        self.field(label).check()
        return self

    # Seeing

    @property
    def heading(self) -> Locator:
        return self.page.locator("h1")

    @property
    def main(self) -> Locator:
        return self.page.locator("main")

    @property
    def card(self) -> Locator:
        return self.page.locator(".status-words")

    def reads(self, *words: str) -> "Visitor":
        """These stand in the page, or will in a moment."""
        for one in words:
            expect(self.main).to_contain_text(one)
        return self

    def reads_on_card(self, *words: str) -> "Visitor":
        for one in words:
            expect(self.card).to_contain_text(one)
        return self

    def reads_not(self, *words: str) -> "Visitor":
        for one in words:
            expect(self.main).not_to_contain_text(one)
        return self

    def stands_at(self, *words: str) -> "Visitor":
        """The heading of the page."""
        for one in words:
            expect(self.heading).to_contain_text(one)
        return self

    def step(self, deed: str) -> Locator:
        """A step of the road, by its deed."""
        return self.page.locator(".road .step", has_text=deed)

    def sees_road(self, **words: str) -> "Visitor":
        """Each step of the road with its word: done, under way, coming."""
        for deed, word in words.items():
            expect(self.step(deed).first.locator(".step-word")).to_have_text(word)
        return self

    # Looking closely

    def axe(self) -> list[str]:
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE)
        found = self.page.evaluate(RUN, TAGS)
        return [
            f"{fault['id']}: {node['html'][:160]}"
            for fault in found["violations"]
            for node in fault["nodes"]
        ]

    def sideways(self) -> int:
        """How many pixels the page can be pushed to the side; none is right."""
        return self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )

    def broken_words(self) -> list[str]:
        """Words that go on in the next line without need: they would have fitted into one."""
        return self.page.evaluate(BROKEN)

    def widest(self) -> str:
        """What reaches furthest to the right, to be put right."""
        return self.page.evaluate(
            """[...document.querySelectorAll('body *')].filter(e => e.checkVisibility())
            .map(e => [e.getBoundingClientRect().right, e.outerHTML.slice(0, 120)])
            .sort((a, b) => b[0] - a[0]).slice(0, 2).map(row => row.join(' ')).join(' | ')"""
        )

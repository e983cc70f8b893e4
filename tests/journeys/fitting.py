"""Whether a page fits: at every width, in every language, light and dark."""

from playwright.sync_api import expect

from tests.journeys.visit import Visitor

WIDTHS = (320, 360, 390, 1280)
LANGUAGES = ("nb", "en", "sv")  # the last is what most people speak


def faults(visitor: Visitor) -> list[str]:
    """Everything wrong with the page that is open, said with language, width and what."""
    found: list[str] = []
    for language in LANGUAGES:
        speaks(visitor, language)
        looked_at = (390, 1280) if language == "sv" else (390,)
        found += [f"{language} {fault}" for fault in misfits(visitor, looked_at)]
    visitor.page.emulate_media(color_scheme="dark")
    found += [f"dark {fault}" for fault in visitor.axe()]
    visitor.page.emulate_media(color_scheme="light")
    return found


def speaks(visitor: Visitor, language: str) -> None:
    """By the page's own switch, which stays on the page."""
    here = visitor.page.url
    if visitor.page.locator("html").get_attribute("lang") != language:
        button = visitor.page.locator(f"[data-language] button[value={language}]").first
        button.evaluate("button => button.click()")
    expect(visitor.page.locator("html")).to_have_attribute("lang", language)
    assert visitor.page.url == here


def misfits(visitor: Visitor, looked_at: tuple[int, ...]) -> list[str]:
    found = []
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        if (over := visitor.sideways()) > 0:
            found.append(f"{width}: {over} px too wide, {visitor.widest()}")
        if width == 320 and (broken := visitor.broken_words()):
            found.append(f"{width}: broken in the midst: {', '.join(broken)}")
        if width in looked_at:
            found += [f"{width}: {fault}" for fault in visitor.axe()]
    return found

"""The page of components in a real browser: nothing for axe to find, nothing cut or too small."""

from pathlib import Path

import pytest
from django.conf import settings
from django.template import loader
from django.test import RequestFactory, override_settings
from playwright.sync_api import Page, expect

from tests.ui import asking, looking
from tests.ui.looking import HERE, answer, look

AXE = (Path(__file__).parents[1] / "vendor/axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, DESK, NARROW = (360, 740), (1280, 900), (320, 640)

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    """Every page looked at, drawn before the browser's own loop begins."""
    with override_settings(ROOT_URLCONF="tests.ui.urls"):
        return components() | refusals()


def components() -> dict[str, str]:
    return {
        f"/ui/?lang={code}": asking.page(code).content.decode() for code, _ in settings.LANGUAGES
    }


def refusals() -> dict[str, str]:
    request, context = RequestFactory().get("/gone/"), {"reference": "K7Q2"}
    plain = {f"/{n}/": loader.get_template(f"{n}.html") for n in (403, 404, 500, 503)}
    return {path: page.render(context, request) for path, page in plain.items()}


@pytest.fixture(scope="module")
def browser(pages, chromium_path):
    with looking.chromium(chromium_path) as started:
        yield started


def faults(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", TAGS)
    return [
        f"{fault['id']}: {node['html'][:200]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", [code for code, _ in settings.LANGUAGES])
def test_axe_finds_nothing(browser, pages, language, size):
    page = look(browser, pages, f"/ui/?lang={language}", size)
    assert faults(page) == []
    assert page.faults == []
    page.context.close()


def test_axe_finds_nothing_in_the_dark(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", DESK, color_scheme="dark")
    assert faults(page) == []
    page.context.close()


@pytest.mark.parametrize("path", ["/403/", "/404/", "/500/", "/503/"])
def test_axe_finds_nothing_on_a_refusal(browser, pages, path):
    page = look(browser, pages, path, PHONE)
    assert faults(page) == []
    page.context.close()


@pytest.mark.parametrize("size", [NARROW, PHONE, (390, 844), (768, 900), DESK], ids=str)
def test_nothing_scrolls_sideways(browser, pages, size):
    page = look(browser, pages, "/ui/?lang=sv", size)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.context.close()


def test_nothing_scrolls_sideways_with_spaced_and_larger_text(browser, pages):
    page = look(browser, pages, "/ui/?lang=sv", (640, 900), bypass_csp=True)
    spaced = "letter-spacing: .12em !important; word-spacing: .16em !important"
    page.add_style_tag(content=f"* {{ {spaced} }} html {{ font-size: 200% }}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 640
    page.context.close()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_three_type_sizes_are_enough(browser, pages, size):
    page = look(browser, pages, "/ui/?lang=sv", size)
    sizes = page.evaluate(
        """[...new Set([...document.querySelectorAll('body *')]
        .filter(e => e.checkVisibility() && [...e.childNodes].some(n => n.nodeType === 3
            && n.textContent.trim()))
        .map(e => getComputedStyle(e).fontSize))]"""
    )
    assert len(sizes) <= 3, sizes
    page.context.close()


def test_controls_are_large_enough_for_a_thumb(browser, pages):
    page = look(browser, pages, "/ui/?lang=sv", PHONE)
    small = page.evaluate(
        """[...document.querySelectorAll('main .ds-button, main select, main textarea,'
        + 'main input:not([type=hidden], [type=checkbox], [type=radio]), main .choice,'
        + '.rail a, .rail summary, .top a, .top summary')]
        .filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 44)
        .map(e => e.outerHTML.slice(0, 120))"""
    )
    assert small == []
    page.context.close()


def test_without_javascript_everything_is_there(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", PHONE, java_script_enabled=False)
    assert page.locator(".step").count() == page.locator(".step:visible").count()
    assert not page.locator("[data-copy]").first.is_visible()
    assert page.locator("#f-reason").is_visible()
    page.context.close()


def test_the_keyboard_reaches_content_first_and_search_by_slash(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", DESK)
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "find"
    assert page.locator("a, button, input").first.get_attribute("class") == "skip"
    page.context.close()


def test_a_number_is_copied_as_plain_text(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", DESK)
    page.evaluate(
        "Object.defineProperty(navigator, 'clipboard', {value:"
        " {writeText: text => { window.copied = text; return Promise.resolve(); }}})"
    )
    page.locator("[data-copy]").first.click()
    assert page.evaluate("window.copied") == "RITM0010042"
    assert page.locator(".copy-word").first.inner_text() == "Copied"
    page.context.close()


def test_select_all_ticks_and_unticks_the_list(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", DESK)
    master, boxes = page.locator("[data-all=known]"), page.locator("input[name=known]")
    master.check()
    assert all(box.is_checked() for box in boxes.all())
    boxes.first.uncheck()
    assert master.evaluate("box => box.indeterminate")
    page.context.close()


def test_a_phone_shows_three_steps_and_all_at_a_press(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", PHONE)
    road = page.locator(".road-box").first
    assert road.locator(".step:visible").count() == 3
    road.locator("[data-road]").click()
    assert road.locator(".step:visible").count() == 7
    page.context.close()


def test_what_was_typed_comes_back_after_a_lost_session(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", DESK)
    page.fill("#f-reason", "The wrong source system was given.")
    page.reload()
    assert page.input_value("#f-reason") == "The wrong source system was given."
    page.context.close()


def test_the_card_changes_by_itself_but_never_under_a_hand(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", DESK)
    page.evaluate("document.activeElement.blur()")
    changed = pages["/ui/?lang=en"].replace("Your turn: attest the order.", "Attested by Eva Lind.")
    page.unroute("**/*")
    page.route("**/*", lambda route: answer(route, {**pages, "/ui/?lang=en": changed}))
    page.locator("#status-card a").first.focus()
    page.evaluate("window.ombud.renew('RITM0010042')")
    page.wait_for_timeout(300)
    assert "Your turn" in page.locator("#status-card").inner_text()
    page.locator("#find").focus()
    page.evaluate("window.ombud.renew('RITM0010042')")
    expect(page.locator("#said")).to_contain_text("Attested by Eva Lind.")
    assert "Attested by Eva Lind." in page.locator("#status-card").inner_text()
    assert page.evaluate("document.activeElement.id") == "find"
    page.context.close()


def test_an_event_from_the_stream_renews_the_card(browser, pages):
    told = 'event: case\ndata: {"number": "RITM0010042"}\n\n'
    drawn = pages["/ui/?lang=en"].replace(
        '<body class="framed"', '<body class="framed" data-push="/s/"'
    )
    changed = drawn.replace("Your turn: attest the order.", "Attested by Eva Lind.")
    asked = iter([drawn])
    page = look(browser, pages, "/503/", DESK)
    page.unroute("**/*")
    page.route("**/*", lambda route: answer(route, {"/ui/?lang=en": next(asked, changed)}))
    stream = {"content_type": "text/event-stream", "body": told}
    page.route("**/s/", lambda route: route.fulfill(**stream))
    page.goto(HERE + "/ui/?lang=en")
    expect(page.locator("#status-card")).to_contain_text("Attested by Eva Lind.")
    page.context.close()


def test_a_second_press_is_not_sent(browser, pages):
    page, sent = look(browser, pages, "/ui/?lang=en", DESK), []
    page.route("**/sent/", lambda route: sent.append(route.request.method))
    page.evaluate("document.querySelector('form[data-keep]').action = '/sent/'")
    page.evaluate(
        """() => { const form = document.querySelector('form[data-keep]');
        form.requestSubmit(); form.requestSubmit(); }"""
    )
    page.wait_for_timeout(300)
    assert sent == ["POST"]
    page.context.close()


def test_a_change_of_language_keeps_what_was_typed(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", DESK)
    to = {"status": 302, "headers": {"Location": "/ui/?lang=nb"}}
    page.route("**/people/language/", lambda route: route.fulfill(**to))
    page.fill("#f-name", "Eva Lind")
    page.locator(".me summary").click()
    page.locator(".me [data-language] button[value=nb]").click()
    page.wait_for_url("**lang=nb")
    assert page.input_value("#f-name") == "Eva Lind"
    page.context.close()


def test_the_end_of_a_session_is_told_before(browser, pages):
    soon = pages["/ui/?lang=en"].replace(
        '<body class="framed"', '<body class="framed" data-session="121"'
    )
    page = look(browser, {**pages, "/soon/": soon}, "/soon/", DESK)
    assert not page.locator("#warn").is_visible()
    expect(page.locator("#warn")).to_be_visible()
    page.locator("[data-continue]").click()
    expect(page.locator("#warn")).to_be_hidden()
    page.context.close()


def test_print_shows_the_order_and_none_of_the_furniture(browser, pages):
    page = look(browser, pages, "/ui/?lang=en", DESK)
    page.emulate_media(media="print")
    assert not page.locator(".rail, .top, .actions").locator("visible=true").count()
    assert page.locator(".print-foot").is_visible()
    page.context.close()

"""The phones on the table: what a person at the demo sees and presses."""

import re
from collections.abc import Iterator

import httpx
import pytest
from lxml import html
from playwright.sync_api import Browser, Page, sync_playwright

from sandbox.page import markdown, words
from tests.sandbox.outside import KARIN, ROOT, TOLVAN, Outside, encoded
from tests.sandbox.test_bankid import qr
from tests.sandbox.test_mail import post
from tests.sandbox.test_running import send

pytestmark = pytest.mark.slow
CAST = [
    {
        "personal_number": KARIN,
        "given": "Karin",
        "family": "Provsson",
        "organisation": "Region Exempel",
        "roles": ["orderer"],
        "phone": "070-174 06 05",
        "email": "karin.provsson@example.test",
    },
    {
        "personal_number": TOLVAN,
        "given": "Tolvan",
        "family": "Tolvansson",
        "organisation": "Agentbolaget",
        "roles": ["agent_handler"],
    },
]


@pytest.fixture
def page(outside: Outside) -> Iterator[httpx.Client]:
    outside.ask("people", people=CAST)
    with httpx.Client(base_url=outside.url, follow_redirects=True, trust_env=False) as client:
        yield client


def seen(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    return " ".join(html.fromstring(answer.text).find("body").text_content().split())


def test_every_person_has_a_phone_on_the_table(page: httpx.Client) -> None:
    words_seen = seen(page.get("/"))
    assert "Sandbox – not real" in words_seen
    for word in ("Karin Provsson", "Region Exempel", "orderer", "agent handler"):
        assert word in words_seen
    found = seen(page.get("/", params={"q": "agent handler"}))
    assert "Tolvan" in found
    assert "Karin" not in found


def test_it_speaks_swedish_to_those_who_ask(page: httpx.Client) -> None:
    asked = {"Accept-Language": "sv-SE,sv;q=0.9,en;q=0.8"}
    assert "Sandlåda – inte på riktigt" in seen(page.get("/", headers=asked))
    page.get("/language/sv", params={"back": "/world"})
    assert "Fel och klocka" in seen(page.get("/"))
    assert page.get("/language/en", params={"back": "//evil.example"}).url.path == "/"


def test_every_word_of_the_templates_has_its_swedish() -> None:
    templates = (ROOT / "sandbox/page/templates").glob("*.html")
    used = {word for path in templates for word in re.findall(r'\bt\("(.+?)"', path.read_text())}
    assert used - set(words.SWEDISH) == set()


def test_sms_and_mail_lie_on_the_phone(page: httpx.Client, outside: Outside) -> None:
    send(outside)
    post(outside)
    answer = page.get("/", params={"person": KARIN})
    assert "Att attestera: beställning å" in seen(answer)
    tree = html.fromstring(answer.text)
    assert tree.xpath("//a[@target='_blank']/@href") == ["http://localhost:8000/o/1?a=1&b=2"]
    (frame,) = tree.xpath("//iframe")
    assert "allow-scripts" not in frame.get("sandbox")
    mail = page.get(frame.get("src"))
    assert "<b>Karin</b>" in mail.text
    assert "sandbox" in mail.headers["content-security-policy"]


def test_a_code_can_be_copied_and_a_link_followed(page: httpx.Client, outside: Outside) -> None:
    given = outside.environment
    account = (given["OMBUD_SMS_USER"], given["OMBUD_SMS_PASSWORD"])
    words_sent = "Kod 012345. Se http://localhost:8000/i/99999999.\n@localhost #012345 <b>"
    form = {"from": "Ombud", "to": "+46701740605", "message": words_sent}
    httpx.post(given["OMBUD_SMS_URL"] + "sms", data=form, auth=account).raise_for_status()
    tree = html.fromstring(page.get("/", params={"person": KARIN}).text)
    assert tree.xpath("//code/text()") == ["012345"]
    assert tree.xpath("//section[@id='sms']//a/@href") == ["http://localhost:8000/i/99999999"]
    assert "#012345 <b>" in tree.xpath("string(//p[@class='message'])")


def test_one_press_scans_the_screen_beside(page: httpx.Client, outside: Outside) -> None:
    order = outside.order("auth", userVisibleData=encoded("Logga in <i>här</i>"))
    tree = html.fromstring(page.get("/", params={"person": KARIN}).text)
    (number,) = tree.xpath("//input[@name='order']/@value")
    shown = page.post(f"/phones/{KARIN}/scan", data={"order": number})
    assert "Logga in <i>här</i>" in seen(shown)
    assert "Approved" in seen(page.post(f"/phones/{KARIN}/approve"))
    done = outside.collect(order)
    assert done["completionData"]["user"]["name"] == "Karin Provsson"


def test_a_code_can_be_pasted_and_a_bad_one_is_explained(
    page: httpx.Client, outside: Outside
) -> None:
    order = outside.order("auth")
    said = seen(page.post(f"/phones/{KARIN}/scan", data={"qr": "bankid.x"}))
    assert "not the text of a BankID QR code" in said
    assert "Approve" in seen(page.post(f"/phones/{KARIN}/scan", data={"qr": qr(order, 0)}))
    assert "Cancelled" in seen(page.post(f"/phones/{KARIN}/cancel"))
    assert outside.collect(order)["hintCode"] == "userCancel"
    assert "did not work" in seen(page.post(f"/phones/{KARIN}/approve"))


def test_a_code_for_another_cannot_be_scanned(page: httpx.Client, outside: Outside) -> None:
    outside.order(requirement={"personalNumber": TOLVAN})
    tree = html.fromstring(page.get("/", params={"person": KARIN}).text)
    assert tree.xpath("//input[@name='order']") == []
    assert "Tolvan Tolvansson" in tree.xpath("string(//details[@id='others'])")


def test_a_call_is_answered_on_the_phone(page: httpx.Client, outside: Outside) -> None:
    body = {"personalNumber": KARIN, "callInitiator": "RP"}
    order = outside.bankid.post("phone/auth", json=body).json()
    assert "on the phone with Ombud Demo right now" in seen(page.get("/", params={"person": KARIN}))
    page.post(f"/phones/{KARIN}/decline")
    assert outside.collect(order)["hintCode"] == "userDeclinedCall"


# On the same device


def link(order: dict[str, str], **more: str) -> dict[str, str]:
    return {"autostarttoken": order["autoStartToken"]} | more


def test_the_named_person_approves_and_goes_back_where_the_order_says(
    page: httpx.Client, outside: Outside
) -> None:
    back = "http://localhost:8000/signing/1/?nonce=abc"
    order = outside.order(requirement={"personalNumber": KARIN}, returnUrl=back)
    shown = page.get("/app", params=link(order, redirect="http://localhost:8000/other"))
    assert "Karin Provsson" in seen(shown)
    assert outside.collect(order)["hintCode"] == "userSign"
    form = {"token": order["autoStartToken"], "deed": "approve", "redirect": ""}
    answer = page.post("/app", data=form, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, back)
    assert outside.collect(order)["status"] == "complete"


def test_whoever_holds_the_device_chooses_a_person(page: httpx.Client, outside: Outside) -> None:
    order = outside.order("auth")
    shown = page.get("/app", params=link(order, redirect="http://localhost:8000/login"))
    assert "Whose BankID is on this device?" in seen(shown)
    assert outside.collect(order)["hintCode"] == "started"
    page.get("/app", params=link(order, person=TOLVAN))
    assert outside.collect(order)["hintCode"] == "userSign"
    form = {"token": order["autoStartToken"], "deed": "cancel"}
    form["redirect"] = "http://localhost:8000/login"
    answer = page.post("/app", data=form, follow_redirects=False)
    assert answer.headers["location"] == "http://localhost:8000/login"
    assert outside.collect(order)["hintCode"] == "userCancel"


def test_null_and_scripts_are_no_way_back(page: httpx.Client, outside: Outside) -> None:
    for redirect in ("null", "javascript:alert(1)"):
        order = outside.order(requirement={"personalNumber": KARIN})
        page.get("/app", params=link(order, redirect=redirect))
        form = {"token": order["autoStartToken"], "deed": "approve", "redirect": redirect}
        answer = page.post("/app", data=form, follow_redirects=False)
        assert answer.headers["location"] == f"/?person={KARIN}"


def test_a_dead_or_foreign_link_is_explained(page: httpx.Client, outside: Outside) -> None:
    assert "No order answers to that link" in seen(page.get("/app?autostarttoken=x"))
    order = outside.order(requirement={"personalNumber": KARIN})
    assert "another person" in seen(page.get("/app", params=link(order, person=TOLVAN)))
    assert "12 digits" in seen(page.get("/app", params=link(order, person="Kalle")))


# The world


def test_the_clock_is_moved_and_put_back(page: httpx.Client, outside: Outside) -> None:
    page.post("/world/clock", data={"by": "86400"})
    page.post("/world/clock", data={"by": "3600"})
    assert outside.control.get("clock").json()["offset_seconds"] == 90_000
    assert "moved +1 d 01:00" in seen(page.get("/"))
    page.post("/world/clock", data={"by": "0"})
    assert outside.control.get("clock").json()["offset_seconds"] == 0


def test_faults_are_set_and_taken_away(page: httpx.Client, outside: Outside) -> None:
    assert "451" in seen(page.post("/world/faults", data={"fault": "smtp:451", "times": "2"}))
    assert outside.items("faults") == [{"part": "smtp", "fault": "451", "times": 2, "on": ""}]
    said = seen(page.post("/world/faults", data={"fault": "smtp:451", "times": "0"}))
    assert "All is well" in said
    page.post("/world/faults", data={"fault": "moon:451", "times": "2"})
    assert outside.items("faults") == []


def test_the_journal_can_be_read(page: httpx.Client, outside: Outside) -> None:
    outside.signed()
    assert "order approved" in seen(page.get("/journal"))


def test_the_pulse_beats_when_something_happens(page: httpx.Client, outside: Outside) -> None:
    before = page.get("/pulse").text
    assert page.get("/pulse").text == before
    send(outside)
    after = page.get("/pulse").text
    assert after != before
    outside.order()
    assert page.get("/pulse").text != after


def test_files_outside_the_folder_are_not_served(page: httpx.Client) -> None:
    assert page.get("/static/style.css").headers["content-type"].startswith("text/css")
    for path in ("/static/..%2fpages.py", "/static/%2e%2e", "/static/pages.py"):
        assert page.get(path).status_code == 404


TEXT = """# Attestera

**Viktigt** och *också*
rad två

+ en
+ två

| A | B |
|---|---|
| 1 | 2 |
---
<b>"""


def test_simple_markdown_is_shown_as_the_app_shows_it() -> None:
    assert str(markdown.render(TEXT, "simpleMarkdownV1")) == (
        "<h3>Attestera</h3>"
        "<p><strong>Viktigt</strong> och <strong>också</strong><br>rad två</p>"
        "<ul><li>en</li><li>två</li></ul>"
        "<table><tr><td>A</td><td>B</td></tr><tr><td>1</td><td>2</td></tr></table>"
        "<hr><p>&lt;b&gt;</p>"
    )
    assert str(markdown.render("# <b>", "plaintext")) == '<p class="plain"># &lt;b&gt;</p>'


# In a browser


@pytest.fixture(scope="module")
def browser(chromium_path: str) -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.mark.browser
def test_the_page_follows_what_happens(
    browser: Browser, page: httpx.Client, outside: Outside
) -> None:
    tab = browser.new_page(locale="en-GB")
    wrong: list[str] = []
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    tab.goto(f"{outside.url}/?person={KARIN}")
    tab.get_by_text("Nothing is open in the app.").wait_for()
    order = outside.order("auth", userVisibleData=encoded("Logga in"))
    tab.locator("[data-action=scan]").click()
    tab.get_by_role("button", name="Approve").click()
    tab.get_by_text("Approved").wait_for()
    assert outside.collect(order)["status"] == "complete"
    post(outside)
    tab.get_by_text("Att attestera: beställning å").click()
    frame = tab.frame_locator("iframe")
    frame.get_by_text("Karin").wait_for()
    with tab.context.expect_page():
        frame.get_by_role("link", name="Öppna").click()
    assert wrong == []
    tab.context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_nothing_sticks_out_and_all_works_without_scripts(
    browser: Browser, page: httpx.Client, outside: Outside, width: int
) -> None:
    post(outside)
    context = browser.new_context(
        viewport={"width": width, "height": 800}, java_script_enabled=False, locale="sv-SE"
    )
    tab = context.new_page()
    back = f"{outside.url}/world"
    order = outside.order(requirement={"personalNumber": KARIN}, returnUrl=back)
    for path in ("/", f"/?person={KARIN}", "/world", "/journal"):
        tab.goto(outside.url + path)
        assert sticks_out(tab) == 0, path
    tab.goto(f"{outside.url}/app?autostarttoken={order['autoStartToken']}")
    assert sticks_out(tab) == 0
    tab.get_by_role("button", name="Godkänn").click()
    tab.wait_for_url(back)
    assert outside.collect(order)["status"] == "complete"
    context.close()


def sticks_out(tab: Page) -> int:
    session = tab.context.new_cdp_session(tab)
    sizes = session.send("Page.getLayoutMetrics")
    return int(sizes["cssContentSize"]["width"] - sizes["cssLayoutViewport"]["clientWidth"])


def test_roles_are_said_in_swedish_and_found_by_it(page: httpx.Client) -> None:
    page.headers["accept-language"] = "sv"
    found = seen(page.get("/", params={"q": "handläggare agent"}))
    assert "handläggare agent" in found
    assert "agent handler" not in found
    assert "Tolvan" in found
    assert "Karin" not in found

"""Twice, late, from elsewhere, and by machines: one effect, and the first answer shown again."""

import re

import httpx
import pytest
from playwright.sync_api import expect

from tests.journeys import ordering, phones
from tests.journeys.arranging import Arranging
from tests.journeys.visit import Visitor

pytestmark = pytest.mark.browser

AGENT = "Systempartner Nord AB (demo)"


@pytest.fixture
def arranged(house) -> Arranging:
    return Arranging(house)


def orders_of(house, key: str) -> list[str]:
    rows = house.program(key).get("cases?kind=order")["items"]
    return [row["number"] for row in rows]


def test_a_double_click_makes_one_draft_and_one_order(comes, house):
    orderer = ordering.chooses(comes("solglantan-orderer"), "Webcert", "Beställ via agent")
    orderer.ticks("Journalis")
    before = orders_of(house, "solglantan-orderer")
    orderer.button("Gå vidare").dblclick()
    orderer.stands_at("Uppgifter")
    (number,) = set(orders_of(house, "solglantan-orderer")) - set(before)
    orderer.field("Hur ska Webcert användas?").select_option("integrated")
    ordering.fills_in(orderer, "Intyg.")
    ordering.checks(orderer)
    orderer.ticks("Jag godkänner villkoren").button("Skicka beställningen").dblclick()
    orderer.stands_at("Beställningen är skickad")
    events = house.program("solglantan-orderer").get(f"cases/{number}/events")["items"]
    assert [event["verb"] for event in events].count("order.sent") == 1


def test_the_back_button_after_a_decision_shows_what_was_decided(comes, arranged):
    number = arranged.sent("norrsund-orderer", "npo-direct")
    attestant = comes("norrsund-attestant", f"/orders/{number}/attest/")
    attestant.ticks("BankID på den här enheten").presses("Godkänn med BankID")
    attestant.follows("Öppna BankID-appen")
    phones.approves_here(attestant)
    attestant.stands_at("Du har godkänt beställningen")
    receipt = attestant.page.url
    attestant.page.reload()
    attestant.stands_at("Du har godkänt beställningen")
    for _ in range(4):
        attestant.page.go_back()
        if attestant.page.url.startswith(attestant.house.at.url):
            attestant.page.reload()
            expect(attestant.heading).not_to_contain_text("Attestera")
            assert attestant.button("Godkänn med BankID").count() == 0
    attestant.goes(f"/orders/{number}/attest/")
    assert attestant.page.url == receipt


def test_ten_looks_of_a_scanner_change_nothing(comes, house, arranged):
    number = arranged.sent("norrsund-orderer", "npo-direct")
    attestant = Visitor.__new__(Visitor)
    attestant.house, attestant.someone = house, house.person("norrsund-attestant")
    letter = phones.mail(attestant, "Attestera", number)
    program = house.program("norrsund-orderer")
    before = program.get(f"cases/{number}/events"), program.case(number)["waiting_for"]
    with httpx.Client(trust_env=False, follow_redirects=True, timeout=30) as scanner:
        for link in letter["links"] * 5:
            assert scanner.get(link).status_code == 200
            assert scanner.head(link).status_code == 200
    assert (program.get(f"cases/{number}/events"), program.case(number)["waiting_for"]) == before
    unread = house.program("norrsund-attestant").get("notices")["items"]
    assert [row["read_at"] for row in unread if row["case"] == number] == [None]


def test_a_tab_from_before_the_switch_acts_for_nobody(comes, house, arranged):
    number = arranged.draft("fyrbaken-owner", "npo-direct")
    owner = comes("fyrbaken-owner", f"/orders/{number}/check/", as_stranger=True).logs_in()
    other = owner.context.new_page()
    other.goto(f"{house.at.url}/")
    other.locator(".hats summary").click()
    other.locator(".hats").get_by_role("button", name="Vårdlänken AB (demo)").click()
    expect(other.locator(".hats-name")).to_have_text("Vårdlänken AB (demo)")
    owner.ticks("Jag godkänner villkoren").presses("Skicka beställningen")
    owner.reads("Fyrbåkens Rehab AB (demo)", "Vårdlänken AB (demo)", "Inget har ändrats")
    assert arranged.state("fyrbaken-owner", number, "fyrbaken") == "draft"


def test_the_card_changes_by_itself_when_another_acts(comes, arranged):
    number = arranged.sent("norrsund-orderer", "npo-direct")
    orderer = comes("norrsund-orderer", f"/orders/{number}/")
    orderer.reads_on_card("Väntar på Region Norrsund (demo)")
    orderer.page.locator("#find").focus()
    arranged.attested(number, "norrsund-attestant")
    orderer.reads_on_card("Attesterad. Kundservice hos Nordvård Tjänster (demo) tar över.")
    expect(orderer.page.locator("#said")).to_contain_text("Attesterad")
    expect(orderer.page.locator("#bell")).to_contain_text("ny")
    assert orderer.page.evaluate("document.activeElement.id") == "find"


def test_a_notice_opens_its_item_and_is_read(comes, arranged):
    number = arranged.sent("norrsund-orderer", "npo-direct")
    attestant = comes("norrsund-chief", "/notices/")
    attestant.page.locator(".notice-new", has_text=number).get_by_role("link").first.click()
    attestant.reads_on_card("Din tur: attestera.")
    attestant.goes("/notices/")
    expect(attestant.page.locator(".notice", has_text=number).first).to_be_visible()
    assert attestant.page.locator(".notice-new", has_text=number).count() == 0


def test_what_is_read_in_one_tab_is_read_in_all(comes, arranged):
    """Bell, badge, title and list; also where the focus still stands on the link."""
    number = arranged.sent("norrsund-orderer", "npo-direct")
    attestant = comes("norrsund-chief", "/approvals/")
    listed = attestant.context.new_page()
    listed.goto(f"{attestant.house.at.url}/notices/")
    before = new_in(listed)
    item = listed.locator(".notice-new", has_text=number).get_by_role("link").first
    listed.locator("#bell > summary").click()
    expect(listed.locator("#bell-panel")).to_contain_text(number)
    listed.locator("#bell > summary").click()
    item.focus()
    address = item.get_attribute("href")
    opened = attestant.context.new_page()
    opened.goto(f"{attestant.house.at.url}{address}")
    for tab in (opened, listed, attestant.page):
        expect(tab).to_have_title(titled(before - 1))
        expect(tab.locator("#bell .bell-count")).to_have_count(1 if before > 1 else 0)
        assert new_in(tab) == before - 1
    expect(listed.locator(".notice-new", has_text=number)).to_have_count(0)
    expect(listed.locator("#told")).to_contain_text(f"{before - 1} ny" if before > 1 else "Inget")
    assert listed.evaluate("document.activeElement.getAttribute('href')") == address


def new_in(tab) -> int:
    """How many the rail's badge says are new."""
    badge = tab.locator(".rail > ul > li > a[href='/notices/'] .rail-count")
    return int(re.sub(r"\D", "", badge.inner_text())) if badge.count() else 0


def titled(number: int) -> re.Pattern:
    return re.compile(rf"^\({number}\) ") if number else re.compile(r"^[^(]")

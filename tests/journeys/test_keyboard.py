"""One attest by the keyboard alone, from the list to the receipt, the focus always in sight."""

import pytest
from playwright.sync_api import expect

from tests.journeys.arranging import Arranging
from tests.journeys.visit import Visitor

pytestmark = pytest.mark.browser

FOCUS = """() => {
  const at = document.activeElement, label = at.labels && at.labels[0];
  const ring = [at, label].filter(Boolean)
    .flatMap(e => [getComputedStyle(e), getComputedStyle(e, '::after')])
    .some(s => s.outlineStyle !== 'none' || s.boxShadow !== 'none');
  const name = at.getAttribute('aria-label') || (label || at).innerText || at.value || '';
  return {name: name.trim().replace(/\\s+/g, ' '), ring, tag: at.tagName};
}"""
MOST = 80


def tabs_to(visitor: Visitor, words: str) -> Visitor:
    """Press Tab until the focus stands on something of this name; it is seen all the way."""
    for _ in range(MOST):
        visitor.page.keyboard.press("Tab")
        focus = visitor.page.evaluate(FOCUS)
        if focus["tag"] in ("BODY", "HTML"):
            continue
        assert focus["ring"], f"No ring around {focus}"
        if words in focus["name"]:
            return visitor
    raise AssertionError(f"{words} is not reached by {MOST} presses of Tab.")


def presses(visitor: Visitor, key: str) -> Visitor:
    visitor.page.keyboard.press(key)
    return visitor


def test_an_attest_by_the_keyboard_alone(comes, house):
    number = Arranging(house).sent("norrsund-orderer", "npo-direct")
    attestant = comes("norrsund-chief", "/approvals/")
    presses(attestant, "Tab")
    assert attestant.page.evaluate(FOCUS)["name"] == "Hoppa till innehållet"
    presses(attestant, "Enter")
    assert attestant.page.evaluate("document.activeElement.id") == "main"
    presses(tabs_to(attestant, number), "Enter")
    attestant.reads_on_card("Din tur: attestera.")
    presses(tabs_to(attestant, "Attestera"), "Enter")
    attestant.stands_at("Attestera beställning")
    chooses_this_device(attestant)
    presses(tabs_to(attestant, "Godkänn med BankID"), "Enter")
    presses(tabs_to(attestant.stands_at("Godkänn med BankID"), "Öppna BankID-appen"), "Enter")
    attestant.page.wait_for_url("**/app?**")
    tabs_in_the_app(attestant)
    attestant.stands_at("Du har godkänt beställningen")
    expect(attestant.heading).to_be_focused()


def chooses_this_device(attestant: Visitor) -> None:
    """A group of choices is one stop; arrows walk within it."""
    tabs_to(attestant, "BankID på en annan enhet")
    ways = attestant.page.locator("input[name=way]")
    for _ in range(ways.count()):
        if "här enheten" in attestant.page.evaluate(FOCUS)["name"]:
            return
        presses(attestant, "ArrowDown")
    raise AssertionError("The arrows do not reach this device.")


def tabs_in_the_app(attestant: Visitor) -> None:
    approve = attestant.page.locator("[data-action=approve]")
    for _ in range(20):
        presses(attestant, "Tab")
        if approve.evaluate("button => button === document.activeElement"):
            attestant.page.keyboard.press("Enter")
            return
    raise AssertionError("The app cannot be answered by the keyboard.")

"""The whole story: an order via an agent, from the catalogue to active, by pressing."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import ordering, phones
from tests.journeys.test_login import logs_in_by_qr
from tests.journeys.visit import Visitor

pytestmark = pytest.mark.browser

CUSTOMER, AGENT = "Älvsunda kommun (demo)", "Systempartner Nord AB (demo)"
ORDERED, REVIEWED = "Beställd", f"Granskas av {AGENT}"
ATTESTED_BY_AGENT, ATTESTED = f"Attesteras av {AGENT}", f"Attesteras av {CUSTOMER}"
CASE, CONNECTED, ACTIVE = "Ärende hos kundservice", "Ansluts", "Aktiv"
OVER = {"Granskas": "Granskad", "Attesteras": "Attesterad"}  # a step that is done is worded so
STEPS = (ORDERED, REVIEWED, ATTESTED_BY_AGENT, ATTESTED, CASE, CONNECTED, ACTIVE)
CERTIFIED = "Jag intygar att uppgifterna är kontrollerade och att vi kan ansluta kunden"


def test_an_order_via_an_agent_from_catalogue_to_active(comes):
    orderer = logs_in_by_qr(comes("alvsunda-orderer", as_stranger=True))
    number = orders(orderer)
    handler = reviews(comes, orderer, number)
    agent_attests(comes, orderer, number)
    customer_attests(comes, orderer, number)
    customer_service_has_a_case(comes, number)
    connects(handler, orderer, number)


def road(visitor: Visitor, number: str, done: int, ball: str) -> None:
    """The page of the order: so many steps done, the next under way, and who has the ball."""
    visitor.goes(f"/orders/{number}/").reads_on_card(ball)
    for place, deed in enumerate(STEPS):
        word = "Klart" if place < done else "Pågår" if place == done else "Kommer"
        expect(
            visitor.step(over(deed) if place < done else deed).first.locator(".step-word")
        ).to_have_text(word)


def over(deed: str) -> str:
    first, *rest = deed.split(" ")
    return " ".join([OVER.get(first, first), *rest])


def orders(orderer: Visitor) -> str:
    orderer.follows("Beställ").stands_at("Beställ en tjänst")
    orderer.follows("NPÖ – Nationell patientöversikt").stands_at("Hur vill ni beställa")
    orderer.reads("Attesteras av agenten", "Startavgift", "12 500 kr", "exkl. moms")
    orderer.follows("Beställ via agent").stands_at("Vilken agent beställer ni via?")
    orderer.reads("Kurvan Journalsystem AB (demo)", "Saknar attestant.")
    orderer.ticks(AGENT).presses("Gå vidare")
    orderer.reads("Ny beställning senare: ytterligare 12 500 kr")
    ordering.fills_in(orderer, "Läsa journaler i hemsjukvården.", units=2)
    ordering.checks(orderer)
    orderer.reads("2 vårdenheter", "Läsa journaler i hemsjukvården.")
    number = ordering.sends(orderer)
    orderer.reads(f"Väntar på {AGENT}: en Handläggare agent ska granska beställningen.")
    orderer.page.reload()
    orderer.stands_at("Beställningen är skickad")
    road(orderer, number, 1, f"Väntar på {AGENT}: en Handläggare agent ska granska")
    return number


def reviews(comes, orderer: Visitor, number: str) -> Visitor:
    """The handler follows the mail's link while logged out, and signs on this device."""
    handler = comes("systempartner-handler", as_stranger=True)
    letter = phones.mail(handler, "Granska", number)
    assert letter["subject"] == f"Granska: {number} från {CUSTOMER}"
    handler.goes(phones.link_in(letter)).logs_in().reads_on_card("Din tur: granska.")
    handler.follows("Granska")
    handler.stands_at("Granska beställning").reads(number, CUSTOMER, "Vårdenheter: 2")
    assert not handler.field(CERTIFIED).is_checked()
    chosen = handler.house.person("systempartner-attestant").name
    handler.reads("Saknar rollen Attestant.").ticks(chosen).presses("Godkänn med BankID")
    expect(handler.page.locator("#errors")).to_contain_text("Kryssa i att du intygar det här")
    expect(handler.field(chosen)).to_be_checked()  # an error loses nothing
    handler.ticks("Jag godkänner villkoren").ticks("BankID på den här enheten").ticks(CERTIFIED)
    handler.presses("Godkänn med BankID").stands_at("Godkänn med BankID")
    same_words_in_the_app(handler)
    phones.approves_here(handler)
    handler.stands_at("Du har godkänt beställningen").reads(
        "Godkänd med BankID", f"{AGENT} som Handläggare agent", "ska attestera beställningen"
    )
    road(orderer, number, 2, f"Väntar på {AGENT}: {chosen} ska attestera beställningen.")
    orderer.reads(CERTIFIED)
    return handler


def same_words_in_the_app(signer: Visitor) -> None:
    """What the page shows is what the app shows, line for line."""
    page = signer.page.locator(".signed").inner_text().split()
    signer.follows("Öppna BankID-appen")
    signer.page.wait_for_url("**/app?**")
    expect(signer.page.locator("body")).to_contain_text("Jag godkänner beställning")
    app = signer.page.locator("body").inner_text().split()
    missing = [word for word in page if word not in app]
    assert missing == []


def agent_attests(comes, orderer: Visitor, number: str) -> None:
    """By BankID on another device: the code is on the screen, the phone scans it."""
    attestant = comes("systempartner-attestant")
    letter = phones.mail(attestant, "Attestera", number)
    attestant.goes(phones.link_in(letter)).reads_on_card("Din tur: attestera.")
    attestant.follows("Attestera").stands_at("Attestera beställning").reads(CERTIFIED)
    attestant.reads("som Attestant").ticks("BankID på en annan enhet")
    attestant.presses("Godkänn med BankID").reads("tryck på Skanna QR-kod")
    phones.scans(attestant)
    attestant.stands_at("Du har godkänt beställningen").reads(f"Väntar på {CUSTOMER}")
    road(orderer, number, 3, f"Väntar på {CUSTOMER}: en Attestant ska attestera beställningen.")


def customer_attests(comes, orderer: Visitor, number: str) -> None:
    """By a code by SMS, after a wrong one; it is never called a signature."""
    attestant = comes("alvsunda-attestant")
    letter = phones.mail(attestant, "Attestera", number)
    assert letter["subject"] == f"Attestera: {number} från {CUSTOMER}"
    attestant.page.get_by_role("link", name=re.compile("^Mina godkännanden")).first.click()
    attestant.reads("väntar på dig")
    attestant.page.locator(".list tbody tr", has_text=number).locator(".list-link").click()
    attestant.follows("Attestera").stands_at("Attestera beställning").reads(
        CERTIFIED, "12 500 kr", "exkl. moms"
    )
    attestant.page.locator("input[name=way][value=sms]").check()
    attestant.reads("Svagare än BankID").presses("Godkänn med kod via SMS")
    attestant.stands_at("Godkänn med kod via SMS").reads_not("underskrift")
    code = phones.code(attestant, number)
    attestant.types("Koden i SMS:et", f"{(int(code) + 1) % 10**6:06d}").presses("Godkänn")
    attestant.reads("Det här är inte koden som skickades", "2 försök kvar")
    attestant.types("Koden i SMS:et", code).presses("Godkänn")
    attestant.stands_at("Du har godkänt beställningen").reads("Bekräftad med SMS-kod")
    attestant.reads(f"Alla har attesterat. {AGENT} kan påbörja den tekniska anslutningen.")
    road(orderer, number, 4, "Alla har attesterat.")
    expect(orderer.step(over(ATTESTED)).first).to_contain_text("Bekräftad med SMS-kod")


def customer_service_has_a_case(comes, number: str) -> None:
    desk = comes("desk-one", "/cases/")
    desk.page.locator(".list-link", has_text="CS0").first.click()
    desk.page.wait_for_url("**/service/CS**")
    desk.reads(number)


def connects(handler: Visitor, orderer: Visitor, number: str) -> None:
    letter = phones.mail(handler, "Klart att ansluta", number)
    assert letter["subject"] == f"Klart att ansluta: {CUSTOMER}, {number}"
    assert "Ni kan påbörja den tekniska anslutningen" in letter["text"]
    handler.goes(phones.link_in(letter)).presses("Påbörja anslutningen")
    handler.reads_on_card("Din tur: rapportera när tjänsten är ansluten.")
    road(orderer, number, 5, f"{AGENT} ansluter tjänsten.")
    handler.presses("Rapportera som ansluten").reads_on_card("Tjänsten är aktiv.")
    road(orderer, number, 7, "Tjänsten är aktiv.")
    assert phones.mail(orderer, "Aktiv", number)

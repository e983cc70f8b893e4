"""A case handler's day with customers and repairs, by pressing: two cards become one and two again;
a repair passes its price; another goes on in the other system."""

import re

import pytest
from playwright.sync_api import expect

from demo import repairs
from tests.journeys.visit import PHONE, Visitor

pytestmark = pytest.mark.browser

ASTRID = repairs.ASTRID
NUMBER = re.compile(r"K\d{5}")


def test_two_cards_become_one_and_two_again(comes):
    desk = comes("desk-one", "/customers/").stands_at("Kunder")
    desk.types("Sök på namn, nummer, telefon eller e-post", "070-174 06 41").presses("Visa")
    expect(desk.page.locator("tbody tr")).to_have_count(2)
    desk.page.locator("tbody a").first.click()
    first = NUMBER.search(desk.page.url)[0]
    desk.stands_at(f"{ASTRID.given} {ASTRID.family}").reads("Kanske samma kund")
    looks_well(desk)
    desk.follows("Jämför korten").stands_at("Slå ihop två kundkort")
    desk.reads(ASTRID.street, repairs.ASTRID_AGAIN.street, "Lika på båda")
    looks_well(desk)
    desk.page.get_by_role("radio", name=repairs.ASTRID_AGAIN.street).check()
    desk.presses("Slå ihop korten").reads("Det kan ångras här på sidan.")
    desk.reads(repairs.ASTRID_AGAIN.street, "TV, Nordvisio 55", "Surfplatta, Myr 10")
    assert NUMBER.search(desk.page.url)[0] == first
    desk.page.get_by_role("button", name="Ångra sammanslagningen").click()
    desk.reads("Båda korten är som de var.")
    desk.goes(f"/customers/{first}/").reads(ASTRID.street)
    desk.reads_not("Surfplatta, Myr 10")


def test_the_whole_number_is_shown_once_and_for_a_reason(comes):
    number = ASTRID.details()["personal_number"]
    desk = comes("desk-one", f"/customers/?q={number}")
    desk.page.locator("tbody a").first.click()
    desk.reads_not(number).follows("Visa hela numret")
    desk.types("Varför behöver du hela numret?", "Försäkringsbolaget frågar efter det.")
    desk.presses("Visa hela numret").reads(number, "Visas bara nu.")
    desk.page.goto(desk.page.url.replace("/number/", "/"))
    desk.reads("Hela numret visades", "Försäkringsbolaget frågar efter det.").reads_not(number)


def test_a_repair_passes_its_price_and_another_is_no_case_elsewhere(comes):
    desk = comes("desk-two", "/repairs/").stands_at("Reparationer")
    row(desk, "Bærbar PC, Granit 14")
    desk.types("Skriv en anteckning", "Batteriet har kommit.").presses("Spara anteckningen")
    desk.reads("Batteriet har kommit.")
    adds(desk, "Batteri", "1 500,00")
    desk.reads("Raden är tillagd.").reads_not("Mer än kunden har godkänt")
    adds(desk, "Arbete", "800")
    desk.reads("Mer än kunden har godkänt", "Kunden har godkänt 2 500 kr")
    looks_well(desk)
    desk.goes("/repairs/")
    row(desk, "Telefon, Fjäll 6")
    desk.follows("Välj var ärendet fortsätter").stands_at("Välj var ärendet fortsätter")
    desk.reads("Reparationen är inget ärende i Agiloft")
    assert desk.page.locator("input[value=agiloft]").count() == 0
    desk.page.locator("input[value=ombud]").check()
    desk.presses("Fortsätt där").reads("Spara anteckningen")


def test_it_fits_a_phone(comes):
    desk = comes("desk-one", "/repairs/", size=PHONE)
    row(desk, "Telefon, Fjäll 8")
    desk.reads("Mer än kunden har godkänt")
    looks_well(desk)
    desk.page.set_viewport_size({"width": 360, "height": 760})
    assert desk.sideways() == 0, desk.widest()


def row(desk: Visitor, thing: str) -> None:
    desk.page.get_by_role("link", name=thing).first.click()
    desk.stands_at(thing)


def adds(desk: Visitor, what: str, price: str) -> None:
    if not desk.field("À-pris").is_visible():
        desk.page.locator("#add-line summary").click()
    desk.types("Vad", what).types("À-pris", price).presses("Lägg till raden")


def looks_well(desk: Visitor) -> None:
    assert desk.axe() == []
    assert desk.sideways() == 0, desk.widest()
    assert desk.broken_words() == []

"""What comes out of the printer: number, date, page and address at the foot of every page, all that
is folded unfolded, full terms; nothing to press."""

import io
import re

import pytest
from pypdf import PdfReader

from tests.journeys import phones
from tests.journeys.arranging import Arranging
from tests.journeys.looks import places
from tests.journeys.visit import PHONE, Visitor

pytestmark = pytest.mark.browser

FURNITURE = ("Mina godkännanden", "Aviseringar", "Mer", "Logga ut", "Skriv ut", "Kopiera", "Språk")
TERMS = ("1. Avtalet", "5. Avgifter", "Startavgift tas ut för varje beställning")
A4 = (595, 842)

# Who prints what: what must stand there, and which buttons and links must not
PRINTED = {
    "order": (
        "norrsund-orderer",
        "/orders/{connecting}/",
        ("Vägen", "Aktiv", "Vilka som underrättats", "Händelser", *TERMS),
        ("Skriv anteckningen", "Det här kan göras", "Ladda ner", "Villkoren som PDF", "Visa alla"),
    ),
    "receipt": (
        "norrsund-orderer",
        "/orders/{review}/sent/",
        ("Beställningen är skickad", "exkl. moms", *TERMS),
        ("Följ beställningen", "Du kan stänga"),
    ),
    "form": (
        "norrsund-orderer",
        "/orders/{draft}/check/",
        ("Kontrollera och skicka", "Vägen framåt", "Jag godkänner villkoren", *TERMS),
        ("Skicka beställningen", "Ändra"),
    ),
    "review": (
        "systempartner-handler",
        "/orders/{review}/review/",
        ("Granska beställning", "Det här godkänner du", "1. Uppdraget", "Jag intygar"),
        ("Godkänn med BankID", "Avslå", "Tillbaka utan att besluta"),
    ),
    "all of it": (
        "systempartner-handler",
        "/orders/{connecting}/whole/",
        ("Vägen", "1. Uppdraget", *TERMS),
        ("Stäng fliken", "För att läsa"),
    ),
    "service case": ("desk-one", "/service/{case}/", ("Det som har hänt",), ("Avsluta",)),
}


@pytest.mark.parametrize("name", PRINTED)
def test_a_page_prints_on_paper(comes, house, name):
    who, path, there, not_there = PRINTED[name]
    visitor = comes(who, path.format_map(places(house)))
    told = printed(visitor)
    assert [words for words in there if words not in told] == []
    assert [words for words in (*FURNITURE, *not_there) if stands(words, told)] == []


def test_from_a_phone_in_the_dark_the_same_paper_comes(comes, house):
    path = f"/orders/{places(house)['connecting']}/"
    visitor = comes("norrsund-chief", path, size=PHONE, color_scheme="dark")
    told = printed(visitor)
    for words in ("Beställd", "Granskad av", "Ansluts", "Aktiv", *TERMS):
        assert words in told
    visitor.page.emulate_media(media="print", color_scheme="dark")
    inks = "[...document.querySelectorAll('main *')].map(e => getComputedStyle(e))"
    assert visitor.page.evaluate(f"[...new Set({inks}.map(s => s.color))]") == ["rgb(0, 0, 0)"]
    ground = visitor.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == "rgb(255, 255, 255)"


def test_the_receipt_of_a_decision_prints_its_words_and_the_terms(comes, house):
    number = Arranging(house).sent("osterlund-orderer", "npo-direct")
    signer = comes("osterlund-attestant", f"/orders/{number}/attest/")
    signer.page.locator("input[name=way][value=sms]").check()
    signer.presses("Godkänn med kod via SMS")
    signer.types("Koden i SMS:et", phones.code(signer, number)).presses("Godkänn")
    signer.stands_at("Du har godkänt beställningen")
    told = printed(signer)
    for words in (number, f"Jag godkänner beställning {number}.", "Region Österlund", *TERMS):
        assert words in told
    assert not stands("Öppna beställningen", told)


def printed(visitor: Visitor) -> str:
    """The words on paper, once every page's size and foot are seen to be right."""
    address = visitor.page.url.split("?")[0]
    pages = PdfReader(io.BytesIO(visitor.page.pdf(prefer_css_page_size=True))).pages
    for place, page in enumerate(pages, 1):
        words = " ".join(page.extract_text().split())
        assert (round(page.mediabox.width), round(page.mediabox.height)) == A4
        assert f"Sida {place} av {len(pages)}" in words
        foot = re.search(r"(RITM|CS)\d{7} \d+ \w+ 20\d\d \d\d\.\d\d http://\S+", words)
        assert foot, words
        assert foot[0].endswith(address)
        assert len(words) > len(foot[0]) + 40, "an empty page"
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def stands(words: str, told: str) -> bool:
    return re.search(rf"\b{re.escape(words)}\b", told) is not None

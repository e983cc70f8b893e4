"""The order form, page by page, as somebody at a customer fills it in."""

import re

from tests.journeys.visit import Visitor

NUMBER = re.compile(r"RITM\d{7}")


def chooses(orderer: Visitor, service: str, way: str) -> Visitor:
    """Pages 1 and 2: a service from the catalogue, directly or via an agent."""
    orderer.goes("/orders/new/").follows(service).stands_at("Hur vill ni beställa")
    if way == "Beställ direkt":
        return orderer.presses(way)
    return orderer.follows(way)


def fills_in(orderer: Visitor, purpose: str, units: int = 1) -> Visitor:
    """Page 3: units, questions, contact and invoice; what the house knows stands there."""
    orderer.stands_at("Uppgifter").reads("Steg 3 av 5")
    boxes = orderer.page.locator("input[name=units]")
    for box in boxes.all():
        box.uncheck()
    for box in boxes.all()[:units]:
        box.check()
    orderer.types("Vad ska ni använda tjänsten till?", purpose)
    if (vow := orderer.page.get_by_label("Vi har ett eget personuppgiftsbiträdesavtal")).count():
        vow.check()
    return orderer.presses("Spara och gå vidare")


def checks(orderer: Visitor) -> Visitor:
    """Page 4: what it costs, and the terms."""
    orderer.stands_at("Pris och villkor").reads("exkl. moms", "Startavgift", "Villkor")
    return orderer.follows("Gå vidare och kontrollera")


def sends(orderer: Visitor) -> str:
    """Page 5, and the receipt; the number of the order."""
    orderer.stands_at("Kontrollera och skicka").reads("Vägen framåt")
    orderer.ticks("Jag godkänner villkoren").presses("Skicka beställningen")
    orderer.stands_at("Beställningen är skickad")
    return number_on(orderer)


def number_on(visitor: Visitor) -> str:
    found = NUMBER.search(visitor.page.url) or NUMBER.search(visitor.main.inner_text())
    assert found, visitor.page.url
    return found[0]

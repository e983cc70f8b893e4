"""An agent's engagement by pressing: applied for, reviewed and attested, the agent can be chosen;
ended, it can not, and the order under way is held."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import phones
from tests.journeys.arranging import Arranging
from tests.journeys.ordering import chooses
from tests.journeys.visit import Visitor

pytestmark = pytest.mark.browser

AGENT, SERVICE = "Vårdlänken AB (demo)", "Pascal"
NUMBER = re.compile(r"ENG\d{7}")


def test_from_application_to_the_end(comes, house):
    orderer = comes("norrsund-orderer")
    cannot_choose(orderer)
    number = applies(comes("vardlanken-admin", "/engagements/"))
    reviewed(comes("reviewer"), number)
    attested(comes("vardlanken-attestant"), number)
    chooses(orderer, SERVICE, "Beställ via agent").ticks(AGENT)
    order = Arranging(house).sent("norrsund-orderer", "pascal-agent", "vardlanken")
    ended(comes("reviewer", f"/engagements/{number}/"), order)
    cannot_choose(orderer)
    held(orderer, comes("vardlanken-handler", f"/orders/{order}/review/"), order)


def cannot_choose(orderer: Visitor) -> None:
    chooses(orderer, SERVICE, "Beställ via agent").reads("Går inte att välja nu")
    expect(orderer.page.locator(".choices")).not_to_contain_text(AGENT)
    expect(orderer.page.locator(".barred")).to_contain_text(AGENT)


def applies(agent: Visitor) -> str:
    agent.stands_at("Agentuppdrag").follows("Ansök om agentuppdrag")
    agent.stands_at("Ansök om agentuppdrag").reads("Allt som måste vara på plats först")
    assert agent.axe() == []
    agent.follows(SERVICE).stands_at("Ansök om att bli agent för Pascal")
    assert agent.axe() == []
    agent.types("Genom vilket system ansluts kunderna?", "Vårdlänken Dos 2")
    agent.presses("Skicka ansökan")
    expect(agent.page.locator("#errors")).to_contain_text("Godkänn villkoren")
    assert agent.field("Genom vilket system").input_value() == "Vårdlänken Dos 2"
    agent.ticks("Systemet är testat").ticks("Jag godkänner villkoren").presses("Skicka ansökan")
    agent.reads_on_card("Väntar på Nordvård Tjänster (demo)", "Sedan: attest hos Vårdlänken")
    assert agent.axe() == []
    return NUMBER.search(agent.page.url)[0]


def reviewed(reviewer: Visitor, number: str) -> None:
    letter = phones.mail(reviewer, "Granska", number)
    reviewer.goes(phones.link_in(letter)).stands_at("Agent för Pascal")
    reviewer.reads_on_card("Din tur: granska").presses("Godkänn ansökan")
    reviewer.reads_on_card(f"Väntar på {AGENT}: Attestant ska attestera.")


def attested(attestant: Visitor, number: str) -> None:
    letter = phones.mail(attestant, "Attestera", number)
    attestant.goes(phones.link_in(letter)).reads_on_card("Din tur: attestera")
    attestant.follows("Attestera").stands_at("Attestera agentuppdrag")
    attestant.reads(f"Jag godkänner agentuppdrag {number}.", "Jag intygar att vi har den bemanning")
    assert attestant.axe() == []
    attestant.ticks("BankID på den här enheten").presses("Godkänn med BankID")
    attestant.follows("Öppna BankID-appen")
    phones.approves_here(attestant)
    attestant.stands_at("Du attesterade agentuppdraget").reads("Godkänd med BankID")
    assert attestant.axe() == []


def ended(reviewer: Visitor, order: str) -> None:
    reviewer.reads_on_card("Aktivt: Vårdlänken").follows("Avsluta agentuppdraget …")
    reviewer.stands_at("Avsluta agentuppdraget")
    reviewer.reads("1 pågående beställning blir vilande", "Region Norrsund (demo)", order)
    assert reviewer.axe() == []
    reviewer.types("Varför avslutas det?", "Systemet tas ur drift vid årsskiftet.")
    reviewer.presses("Avsluta agentuppdraget")
    reviewer.reads_on_card("Avslutat: Vårdlänken", "Varför: Systemet tas ur drift")
    reviewer.reads("1 beställning vilar")
    assert reviewer.axe() == []


def held(orderer: Visitor, handler: Visitor, order: str) -> None:
    handler.reads("The order is held: Vårdlänken AB (demo) no longer has an engagement for Pascal")
    orderer.goes(f"/orders/{order}/")
    orderer.reads_on_card("Vilande: Vårdlänken AB (demo) har inte längre agentuppdrag för Pascal.")
    orderer.reads_not("tas ur drift")
    assert phones.mail(orderer, "Vilande", order)

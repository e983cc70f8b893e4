"""An attestant goes away: a deputy is named, told, attests in the attestant's place, and stops."""

import re
from datetime import timedelta

import pytest

from ombud.lib import clock, days
from tests.journeys import phones
from tests.journeys.arranging import Arranging
from tests.journeys.visit import Visitor

pytestmark = pytest.mark.browser


def test_a_deputy_attests_for_an_absent_attestant(comes, house):
    arranged = Arranging(house)
    number = arranged.sent("osterlund-orderer", "journalen-agent", "vardlanken")
    arranged.reviewed(number, "vardlanken-handler", "vardlanken-attestant")
    absent, deputy = (house.person(f"vardlanken-{who}").name for who in ("attestant", "admin"))
    attestant = names(comes("vardlanken-attestant", "/me/"), deputy)
    stand_in = comes("vardlanken-admin", as_stranger=True)
    letter = phones.mail(stand_in, f"Du är nu ställföreträdare för {absent}")
    assert re.search(r"\d+ sak(er)? väntar redan", letter["text"])
    stand_in.goes(phones.link_in(letter)).logs_in().stands_at(f"I stället för {absent}")
    stand_in.page.locator(f"a[href$='/cases/{number}/']").first.click()
    attests(stand_in, absent)
    stand_in.goes(f"/orders/{number}/").reads(deputy, f"i stället för {absent}")
    ends(attestant, deputy, absent)
    stand_in.goes(f"/orders/{number}/")  # still seen as administrator, not in another's place
    stand_in.goes("/me/").reads("Ingen är ställföreträdare för dig")


def names(attestant: Visitor, deputy: str) -> Visitor:
    attestant.follows("Utse din ställföreträdare").stands_at("Utse din ställföreträdare")
    attestant.page.get_by_label("Vem är ställföreträdare?").select_option(label=deputy)
    until = days.local(clock.now() + timedelta(days=7)).strftime("%Y-%m-%dT17:00")
    attestant.page.locator("#f-until_at").fill(until)
    attestant.presses("Utse ställföreträdaren").stands_at(deputy)
    return attestant.reads("Pågår", "Alla roller")


def attests(stand_in: Visitor, absent: str) -> None:
    stand_in.reads_on_card("Din tur: attestera").follows("Attestera")
    stand_in.reads(f"i stället för {absent}")
    stand_in.ticks("BankID på den här enheten").presses("Godkänn med BankID")
    stand_in.follows("Öppna BankID-appen")
    phones.approves_here(stand_in)
    stand_in.stands_at("Du har godkänt beställningen")
    stand_in.reads(f"i stället för {absent}", "Godkänd med BankID")


def ends(attestant: Visitor, deputy: str, absent: str) -> None:
    attestant.presses("Avsluta ställföreträdandet nu")
    attestant.reads(f"{deputy} är inte längre ställföreträdare för {absent}.")

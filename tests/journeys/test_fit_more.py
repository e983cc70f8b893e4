"""Pages in other states, of a login and of a signing: they fit too, at every width and in every
language."""

import pytest
from playwright.sync_api import expect

from tests.journeys import phones
from tests.journeys.arranging import Arranging
from tests.journeys.fitting import faults, speaks
from tests.journeys.looks import MORE_LOOKS, places

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("name", MORE_LOOKS)
def test_a_page_fits(comes, stays, house, name):
    who, path = MORE_LOOKS[name]
    path = path.format_map(places(house))
    if name == "another hat":  # which would stay on in a session that is shared
        visitor = comes(who, path, as_stranger=True).logs_in()
    else:
        visitor = stays(who, path) if who else comes("norrsund-orderer", path, as_stranger=True)
    assert faults(visitor) == []
    speaks(visitor, visitor.me.language)
    assert visitor.faults == []


def test_the_pages_of_a_login_fit(comes):
    visitor = comes("norrsund-chief", as_stranger=True).presses("BankID på en annan enhet")
    assert faults(visitor) == []


def test_the_pages_of_the_ways_in_fit(comes):
    visitor = comes("alvsunda-orderer", "/me/security/")
    for path in ("app", "passkeys/add", "phone"):
        visitor.goes(f"/me/security/{path}/").stands_at("Bekräfta att det är du")
    assert faults(visitor) == []
    visitor.presses("BankID på en annan enhet")
    assert faults(visitor) == []
    phones.scans(visitor)
    visitor.stands_at("Säkerhetskod via SMS")
    assert faults(visitor) == []
    visitor.presses("Skicka en kod dit").stands_at("Skriv koden")
    assert faults(visitor) == []
    for path in ("security/app/", "security/passkeys/add/"):
        visitor.goes(f"/me/{path}")
        assert faults(visitor) == []
    visitor.goes("/confirm/programs/").stands_at("Låt dina program handla")
    assert faults(visitor) == []
    visitor.goes("/login/oidc/back/?state=x").stands_at("Börja om")
    assert faults(visitor) == []


def test_the_pages_of_a_signing_fit(comes, house):
    arranged = Arranging(house)
    number = arranged.sent("hjorten-orderer", "npo-direct")
    signer = comes("hjorten-attestant", f"/orders/{number}/attest/")
    signer.ticks("BankID på en annan enhet").presses("Godkänn med BankID")
    expect(signer.page.locator("[data-qr] svg")).to_be_visible()
    assert faults(signer) == []
    signer.goes(f"/orders/{number}/attest/")
    signer.page.locator("input[name=way][value=sms]").check()
    signer.presses("Godkänn med kod via SMS").stands_at("Godkänn med kod via SMS")
    right = phones.code(signer, number)
    signer.types("Koden i SMS:et", f"{(int(right) + 1) % 10**6:06d}").presses("Godkänn")
    signer.reads("2 försök kvar")
    assert faults(signer) == []
    signer.types("Koden i SMS:et", right).presses("Godkänn")
    signer.stands_at("Du har godkänt beställningen")
    assert faults(signer) == []


def test_the_pages_of_a_signing_by_link_fit(comes, house):
    signer = comes("norrsund-orderer", places(house)["sign"], as_stranger=True)
    signer.presses("Skriv under med BankID på en annan enhet")
    expect(signer.page.locator("[data-qr] svg")).to_be_visible()
    assert faults(signer) == []
    signer.presses("Avbryt").reads("Du avbröt. Inget är underskrivet.")


def test_a_signing_that_failed_fits(comes, house):
    arranged = Arranging(house)
    number = arranged.sent("alvsunda-orderer", "npo-direct")
    signer = comes("alvsunda-attestant", f"/orders/{number}/attest/")
    signer.ticks("BankID på den här enheten").presses("Godkänn med BankID")
    assert faults(signer) == []
    signer.follows("Öppna BankID-appen")
    phones.approves_here(signer, "cancel")
    signer.stands_at("Inget är beslutat")
    assert faults(signer) == []

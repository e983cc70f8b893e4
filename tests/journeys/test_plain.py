"""Without JavaScript: the direct order, from the catalogue to the attest by a code by SMS."""

import pytest

from tests.journeys import ordering, phones
from tests.journeys.visit import PHONE

pytestmark = pytest.mark.browser


def test_a_direct_order_attested_by_sms_without_javascript(comes):
    orderer = comes("solglantan-orderer", java_script_enabled=False, size=PHONE)
    ordering.chooses(orderer, "Utbudstjänsten", "Beställ direkt")
    ordering.fills_in(orderer, "Visa våra väntetider.", units=2)
    ordering.checks(orderer)
    number = ordering.sends(orderer)
    orderer.follows("Följ beställningen").reads_on_card("Väntar på Solgläntans Vårdcentral AB")
    assert orderer.page.locator(".road .step:visible").count() == 5
    attestant = comes("solglantan-manager", java_script_enabled=False, size=PHONE)
    attestant.goes(phones.link_in(phones.mail(attestant, "Attestera", number)))
    attestant.follows("Attestera").ticks("Kod via SMS")
    attestant.page.get_by_role("button", name="Godkänn med kod via SMS").click()
    attestant.types("Koden i SMS:et", phones.code(attestant, number)).presses("Godkänn")
    attestant.stands_at("Du har godkänt beställningen").reads("Bekräftad med SMS-kod")
    orderer.page.reload()
    orderer.reads_on_card("Attesterad. Kundservice hos Nordvård Tjänster (demo) tar över.")


def test_bankid_by_qr_code_without_javascript(comes):
    """The page asks again by itself; the code of each look can be scanned."""
    visitor = comes("solglantan-manager", as_stranger=True, java_script_enabled=False)
    visitor.presses("BankID på en annan enhet")
    phones.scans(visitor)
    visitor.stands_at(f"Hej, {visitor.me.given}")


def test_an_agreement_is_signed_by_link_without_javascript(comes, house):
    reviewer = house.program("reviewer")
    number = reviewer.get("cases?kind=agreement&q=Sjöviks")["items"][0]["number"]
    reviewer.does(number, "approve")
    signer = comes("sjovik-signatory", as_stranger=True, java_script_enabled=False, size=PHONE)
    signer.goes(phones.link_in(phones.mail(signer, "Skriv under", number)))
    signer.stands_at("Skriv under: Kundavtal")
    signer.presses("Skriv under med BankID på en annan enhet")
    phones.scans(signer)
    signer.reads("Du har skrivit under avtalet.", "Avtalet är underskrivet och gäller.")
    assert reviewer.case(number)["state"] == "active"

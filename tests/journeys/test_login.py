"""Coming in: BankID by QR code and on this device, password, and a link that keeps its target."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import phones
from tests.journeys.arranging import Arranging
from tests.journeys.visit import PHONE, Visitor

pytestmark = pytest.mark.browser


def logs_in_by_qr(visitor: Visitor) -> Visitor:
    """The real BankID page on one screen, the phone beside it."""
    visitor.stands_at("Logga in i Ombud").presses("BankID på en annan enhet")
    visitor.stands_at("Logga in med BankID").reads("tryck på Skanna QR-kod")
    expect(visitor.page.locator("[data-qr] svg")).to_be_visible()
    phones.scans(visitor)
    expect(visitor.page.locator(".me-name")).to_have_text(visitor.me.name)
    return visitor


def test_bankid_by_a_qr_code_that_changes_each_second(comes):
    visitor = comes("norrsund-chief", as_stranger=True)
    visitor.presses("BankID på en annan enhet")
    code = visitor.page.locator("[data-qr] svg path").last
    first = code.get_attribute("d")
    expect(code).not_to_have_attribute("d", re.compile(re.escape(first[:400])))
    phones.scans(visitor)
    visitor.stands_at(f"Hej, {visitor.me.given}")


def test_bankid_on_a_phone_opens_the_app_and_comes_back(comes):
    visitor = comes("norrsund-chief", as_stranger=True, size=PHONE)
    visitor.presses("BankID på den här enheten").follows("Öppna BankID")
    phones.approves_here(visitor)
    visitor.stands_at(f"Hej, {visitor.me.given}")


def test_a_login_cancelled_in_the_app_is_told_and_can_be_begun_again(comes):
    visitor = comes("norrsund-chief", as_stranger=True)
    visitor.presses("BankID på den här enheten").follows("Öppna BankID")
    phones.approves_here(visitor, "cancel")
    visitor.page.wait_for_url("**/login/**")
    visitor.stands_at("Logga in med BankID").presses("Börja om")
    visitor.follows("Öppna BankID")
    phones.approves_here(visitor)
    visitor.stands_at(f"Hej, {visitor.me.given}")


def test_a_wrong_password_is_said_at_the_field_and_above(comes):
    visitor = comes("norrsund-chief", as_stranger=True)
    visitor.types("Användarnamn eller e-post", visitor.me.username)
    visitor.types("Lösenord", "fel lösenord").presses("Logga in med lösenord")
    expect(visitor.page.locator("#errors")).to_contain_text(
        "Användarnamnet eller lösenordet är fel"
    )
    expect(visitor.page).to_have_title(re.compile("^Fel:"))
    assert visitor.page.evaluate("document.activeElement.id") == "errors"


def test_a_link_keeps_its_target_through_login(comes):
    visitor = comes("norrsund-chief", "/cases/?view=updated", as_stranger=True)
    visitor.logs_in()
    assert visitor.page.url.endswith("/cases/?view=updated")


def test_the_last_login_is_shown(comes):
    comes("norrsund-chief", as_stranger=True).logs_in()
    visitor = comes("norrsund-chief", as_stranger=True).logs_in()
    visitor.page.locator(".me summary").click()
    expect(visitor.page.locator(".me .pop-box")).to_contain_text("Senast inloggad i dag")


def test_a_letter_for_another_hat_offers_the_switch_and_lands_on_the_item(comes, house):
    number = Arranging(house).sent("strandkoping-orderer", "sdk-agent", "vardlanken")
    owner = comes("fyrbaken-owner", as_stranger=True).logs_in()
    expect(owner.page.locator(".hats-name")).to_have_text("Fyrbåkens Rehab AB (demo)")
    owner.goes(phones.link_in(phones.mail(owner, "Granska", number)))
    owner.stands_at("Byta till Vårdlänken AB (demo)?").presses(
        "Byt till Vårdlänken AB (demo) och öppna"
    )
    owner.reads_on_card("Din tur: granska.")
    expect(owner.page.locator(".hats-name")).to_have_text("Vårdlänken AB (demo)")


def test_a_session_that_ends_in_a_form_loses_no_words(comes, house):
    number = Arranging(house).sent("norrsund-orderer", "npo-direct")
    visitor = comes("norrsund-chief", as_stranger=True).logs_in()
    visitor.goes(f"/orders/{number}/attest/").types("Kommentar", "Det är i sin ordning.")
    visitor.context.clear_cookies(name="sessionid")
    visitor.presses("Godkänn med BankID")
    visitor.stands_at("Logga in i Ombud").logs_in().stands_at("Attestera beställning")
    expect(visitor.field("Kommentar")).to_have_value("Det är i sin ordning.")


def test_a_forgotten_password_is_chosen_anew_without_javascript(comes):
    """At the keyboard of a phone, from the login by way of the mailbox and in again."""
    visitor = comes("norrsund-chief", as_stranger=True, java_script_enabled=False, size=PHONE)
    visitor.follows("Glömt lösenordet?").stands_at("Glömt lösenordet?")
    visitor.types("E-post", "ingen adress").presses("Skicka länken")
    visitor.reads("Skriv e-postadressen som namn@example.org.")
    visitor.types("E-post", visitor.me.email).presses("Skicka länken")
    visitor.stands_at("Titta i din e-post").reads("Om adressen hör till ett konto här")
    link = phones.link_in(phones.mail(visitor, "Välj ett nytt lösenord"))
    visitor.goes(link).stands_at("Välj ett nytt lösenord")
    assert link not in visitor.page.url
    visitor.types("Nytt lösenord", visitor.me.password).presses("Spara lösenordet")
    visitor.stands_at("Ditt lösenord är ändrat").follows("Logga in").logs_in()
    visitor.stands_at(f"Hej, {visitor.me.given}")
    visitor.goes(link).stands_at("Länken gäller inte längre")
    phones.mail(visitor, "Ditt lösenord till Ombud är ändrat")

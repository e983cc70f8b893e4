"""The other ways in, at a real browser: a persona's e-ID, an app for codes, a passkey of a virtual
authenticator; and a deed that asks its person to confirm."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.journeys import phones
from tests.journeys.visit import PHONE, Visitor

pytestmark = pytest.mark.browser

SECURITY = "/me/security/"


def code(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


@contextmanager
def authenticator(visitor: Visitor, verifies: bool = True) -> Iterator[None]:
    """A passkey's keeper built into this device, whose owner says yes (or does not)."""
    session = visitor.context.new_cdp_session(visitor.page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": verifies,
        "automaticPresenceSimulation": True,
    }
    found = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield
    session.send("WebAuthn.removeVirtualAuthenticator", found)


def confirms_by_bankid(visitor: Visitor) -> None:
    visitor.stands_at("Bekräfta att det är du").presses("BankID på en annan enhet")
    visitor.stands_at("Bekräfta med BankID")
    phones.scans(visitor)


def chooses_oneself(visitor: Visitor) -> None:
    """At the provider's page."""
    visitor.page.wait_for_url("**/oidc/authorize?**")
    visitor.page.locator(f"button[value='{visitor.me.personal_number}']").click()


def test_an_e_id_of_another_provider_by_persona(comes):
    visitor = comes("norrsund-chief", "/cases/?view=updated", as_stranger=True)
    visitor.presses("E-legitimation via mäklare")
    chooses_oneself(visitor)
    visitor.page.wait_for_url("**/cases/?view=updated")
    expect(visitor.page.locator(".me-name")).to_have_text(visitor.me.name)


def test_and_without_javascript_on_a_phone(comes):
    visitor = comes("norrsund-chief", as_stranger=True, java_script_enabled=False, size=PHONE)
    visitor.presses("E-legitimation via mäklare")
    chooses_oneself(visitor)
    visitor.stands_at(f"Hej, {visitor.me.given}")


def test_cancelled_at_the_provider_is_told(comes):
    visitor = comes("norrsund-chief", as_stranger=True)
    visitor.presses("E-legitimation via mäklare")
    visitor.page.locator("[data-action=cancel]").click()
    visitor.stands_at("Du avbröt").presses("Försök igen")
    chooses_oneself(visitor)
    visitor.stands_at(f"Hej, {visitor.me.given}")


def test_a_company_login_is_linked_and_then_opens(comes):
    visitor = comes("norrsund-chief", as_stranger=True)
    visitor.presses("Företagsinloggning")
    chooses_oneself(visitor)
    visitor.stands_at("Inloggningen är inte kopplad ännu").follows("Till inloggningen")
    visitor.presses("E-legitimation via mäklare")
    chooses_oneself(visitor)
    visitor.stands_at("Hej").goes(SECURITY).presses("Koppla Företagsinloggning")
    chooses_oneself(visitor)
    visitor.reads("Din inloggning hos Företagsinloggning är kopplad", "Kopplad")
    phones.mail(visitor, "En inloggning har kopplats")
    other = comes("norrsund-chief", as_stranger=True)
    other.presses("Företagsinloggning")
    chooses_oneself(other)
    other.stands_at(f"Hej, {visitor.me.given}")
    visitor.goes(SECURITY)
    visitor.page.get_by_role("button", name="Ta bort Företagsinloggning").click()
    if visitor.heading.inner_text() == "Bekräfta att det är du":
        confirms_by_bankid(visitor)
        visitor.page.get_by_role("button", name="Ta bort Företagsinloggning").click()
    visitor.reads("Borttaget.")


def test_an_app_for_codes_is_added_used_and_removed(comes):
    visitor = comes("norrsund-attestant", as_stranger=True).logs_in()
    visitor.goes(SECURITY).follows("Lägg till en app för koder")
    confirms_by_bankid(visitor)
    visitor.stands_at("Lägg till en app för koder")
    visitor.page.locator("summary", has_text="Jag kan inte skanna").click()
    secret = visitor.page.locator(".folded .number").inner_text().replace(" ", "")
    visitor.types("Kod från appen", "000000").presses("Börja använda appen")
    visitor.reads("Koden är fel. Skriv den som appen visar nu.")
    visitor.types("Kod från appen", code(secret)).presses("Börja använda appen")
    visitor.stands_at("Dina återställningskoder")
    spare = visitor.page.locator(".recovery li").first.inner_text()
    assert visitor.axe() == []
    visitor.follows("Jag har sparat dem").reads("Används sedan", "10 koder kvar.")
    phones.mail(visitor, "En app för koder har lagts till")

    again = comes("norrsund-attestant", as_stranger=True)
    again.types("Användarnamn eller e-post", again.me.username)
    again.types("Lösenord", again.me.password).presses("Logga in med lösenord")
    again.stands_at("Ett steg till")
    assert again.axe() == []
    again.types("Kod", "000000").presses("Logga in").reads("Koden är fel")
    again.types("Kod", code(secret, 1)).presses("Logga in")
    again.stands_at(f"Hej, {again.me.given}")

    lost = comes("norrsund-attestant", as_stranger=True)
    lost.types("Användarnamn eller e-post", lost.me.username)
    lost.types("Lösenord", lost.me.password).presses("Logga in med lösenord")
    lost.stands_at("Ett steg till").types("Kod", spare).presses("Logga in")
    lost.stands_at(f"Hej, {lost.me.given}").goes(SECURITY).reads("9 koder kvar.")
    lost.page.get_by_role("button", name="Ta bort App för koder").click()
    lost.reads("Borttaget.", "Används inte.")


def test_a_passkey_is_added_logs_in_and_is_removed(comes):
    visitor = comes("norrsund-chief", as_stranger=True).logs_in()
    with authenticator(visitor):
        visitor.goes(SECURITY).follows("Lägg till en passkey")
        confirms_by_bankid(visitor)
        visitor.stands_at("Lägg till en passkey").types("Vad kallar du den?", "Min dator")
        visitor.presses("Lägg till passkeyn").stands_at("Dina återställningskoder")
        visitor.page.locator(".flash", has_text="Passkeyn ”Min dator” har lagts till").wait_for()
        visitor.follows("Jag har sparat dem").reads("Min dator")
        phones.mail(visitor, "En ny passkey har lagts till")
        visitor.page.locator(".me summary").click()
        visitor.presses("Logga ut").stands_at("Logga in i Ombud")
        visitor.presses("Logga in med passkey").stands_at(f"Hej, {visitor.me.given}")
        visitor.page.locator(".me summary").click()
        visitor.presses("Logga ut").types("Användarnamn eller e-post", visitor.me.username)
        visitor.types("Lösenord", visitor.me.password).presses("Logga in med lösenord")
        visitor.stands_at("Ett steg till").presses("Använd passkey")
        visitor.stands_at(f"Hej, {visitor.me.given}")
        visitor.goes(SECURITY).reads("Passkey", "Senast använd")
        visitor.follows("Ändra eller ta bort").types("Vad kallar du den?", "Jobbdatorn")
        visitor.presses("Spara").reads("Jobbdatorn")
        visitor.follows("Ändra eller ta bort").presses("Ta bort passkeyn")
        visitor.reads("Borttaget.").reads_not("Jobbdatorn")
        phones.mail(visitor, "En passkey har tagits bort")
        visitor.page.locator(".me summary").click()
        visitor.presses("Logga ut").stands_at("Logga in i Ombud")
        visitor.presses("Logga in med passkey")  # it lies on the device still, and opens nothing
        visitor.reads("Passkeyn kunde inte användas här.")


def test_a_passkey_whose_owner_says_no_lets_nobody_in(comes):
    visitor = comes("norrsund-chief", as_stranger=True)
    with authenticator(visitor, verifies=False):
        visitor.presses("Logga in med passkey").reads("Inget valdes.")
        assert visitor.axe() == []


def test_making_an_administrator_asks_first_and_keeps_what_was_chosen(comes):
    visitor = comes("norrsund-admin", as_stranger=True).logs_in()
    visitor.goes("/organisation/grant/")
    visitor.field("Person").select_option(label=comes("norrsund-chief").me.name)
    visitor.ticks("Administratör").presses("Ge rollen")
    visitor.stands_at("Bekräfta att det är du").reads("göra någon till administratör")
    assert visitor.axe() == []
    confirms_by_bankid(visitor)
    visitor.page.wait_for_url("**/organisation/grant/")
    expect(visitor.field("Administratör")).to_be_checked()
    expect(visitor.field("Person")).not_to_have_value("")
    visitor.presses("Ge rollen")
    expect(visitor.page.locator(".flash")).to_contain_text("har nu rollen Administratör")


def test_a_passkey_confirms(comes, house):
    visitor = comes("norrsund-chief", as_stranger=True).logs_in()
    with authenticator(visitor):
        visitor.goes(f"{SECURITY}passkeys/add/")
        confirms_by_bankid(visitor)
        visitor.presses("Lägg till passkeyn").stands_at("Dina återställningskoder")
        with house.outside.travelling():
            house.outside.shift(11 * 60)
            visitor.goes(f"{SECURITY}app/").stands_at("Bekräfta att det är du")
            visitor.presses("Använd passkey").stands_at("Lägg till en app för koder")
            visitor.goes(SECURITY).follows("Ändra eller ta bort").presses("Ta bort passkeyn")
            visitor.reads("Borttaget.")


def test_a_login_elsewhere_is_seen_and_ended(comes):
    elsewhere = comes("norrsund-chief", as_stranger=True).logs_in()
    visitor = comes("norrsund-chief", as_stranger=True).logs_in()
    visitor.goes(SECURITY).reads("Här är du inloggad", "(här och nu)", "127.0.0.1")
    assert visitor.axe() == []
    assert visitor.sideways() == 0
    visitor.presses("Logga ut överallt utom här").reads("Du är utloggad där.")
    elsewhere.goes("/cases/").stands_at("Logga in i Ombud")
    visitor.goes("/cases/").stands_at(re.compile("Ärenden").pattern)

"""An attestant leaves and the wizard hands over what waits; a stranger registers and is let in."""

import pytest

from tests.cast import NUMBERS
from tests.journeys import phones
from tests.journeys.arranging import BILLING, Arranging
from tests.journeys.house import House
from tests.journeys.visit import PHONE, Visitor

pytestmark = pytest.mark.browser

LEAVER = {"given": "Tage", "family": "Avgång", "email": "tage@systempartner.example.org"}


def test_what_waits_for_an_attestant_who_leaves_goes_to_another(comes, house):
    number = waits_for_a_newcomer(house)
    chief = house.person("systempartner-chief")
    admin = comes("systempartner-admin", "/organisation/")
    admin.page.locator("a[href*='deactivate'][href*='tage']").click()
    admin.stands_at("Inaktivera Tage Avgång").reads("1 sak hänger på Tage", number)
    assert admin.axe() == []
    admin.presses("Lämna över och inaktivera Tage Avgång")
    admin.reads("Välj vem som tar över detta.")
    admin.page.locator("select").first.select_option(chief.username)
    admin.presses("Lämna över och inaktivera Tage Avgång")
    admin.stands_at(house.place("systempartner").name)
    admin.reads("Tage Avgång har inaktiverats. 1 sak har lämnats över.")
    taker = comes("systempartner-chief", "/approvals/").reads(number)
    assert phones.mail(taker, "Attestera", number)
    taker.goes(f"/orders/{number}/").reads_on_card("Din tur: attestera")
    taker.reads("Överlämnad", f"Tage Avgång → {chief.name}")
    admin.page.get_by_text("Inaktiverade personer").click()
    admin.page.locator("button", has_text="Återställ utan någon roll").first.click()
    admin.reads("Tage Avgång hör till organisationen igen, utan någon roll.")


def waits_for_a_newcomer(house: House) -> str:
    """An order whose reviewer has chosen an attestant who is new here."""
    program = house.program("systempartner-admin")
    program.begins("add_person", personal_number=NUMBERS[15], **LEAVER)
    program.begins("grant", person=LEAVER["email"], role="attestant")
    number = Arranging(house).sent("norrsund-orderer", "npo-agent", "systempartner")
    given = {"certify": True, "accept_terms": True, "billing": BILLING}
    handler = house.program("systempartner-handler")
    handler.signs_here(number, "approve", attestant=LEAVER["email"], **given)
    return number


def test_a_stranger_registers_by_bankid_and_is_given_a_role(comes, house):
    stranger = comes("hamnen-contact", "/login/", as_stranger=True, size=PHONE)
    stranger.follows("Skapa konto").stands_at("Skapa konto")
    assert stranger.axe() == []
    stranger.presses("BankID på den här enheten").stands_at("Legitimera dig med BankID")
    stranger.follows("Öppna BankID")
    phones.approves_here(stranger)
    stranger.stands_at("Hos vilken organisation?").reads(stranger.me.name)
    place = house.place("solglantan")
    stranger.types("Organisationsnummer", place.number)
    stranger.types("E-post", stranger.me.email).ticks("Uppgifterna stämmer")
    assert (stranger.axe(), stranger.sideways()) == ([], 0)
    stranger.presses("Registrera dig").stands_at("Var du har registrerat dig")
    stranger.reads(place.name, "Väntar på att organisationens administratör ger dig en roll.")
    lets_in(comes("solglantan-manager"), stranger)
    stranger.goes("/registrations/").reads("Du har släppts in.")
    stranger.goes("/organisation/").stands_at(place.name).reads("Kontaktperson")
    confirms(stranger, place.number)


def lets_in(manager: Visitor, stranger: Visitor) -> None:
    letter = phones.mail(manager, f"{stranger.me.name} har registrerat sig")
    manager.goes(phones.link_in(letter)).reads("Har registrerat sig och väntar", stranger.me.name)
    assert manager.axe() == []
    manager.page.locator("#registered select").select_option("contact")
    manager.page.locator("#registered button", has_text="Ge rollen").click()
    manager.reads(f"{stranger.me.name} hör nu till organisationen som Kontaktperson.")


def confirms(stranger: Visitor, number: str) -> None:
    """The address is the person's only when the letter there has been answered."""
    letter = phones.mail(stranger, "Bekräfta dina uppgifter")
    stranger.goes(phones.link_in(letter)).stands_at("Bekräfta ditt konto")
    assert stranger.axe() == []
    stranger.types("E-post", stranger.me.email).types("Organisationsnummer", "2321999001")
    stranger.presses("Gå vidare").reads("Uppgifterna öppnar ingenting.")
    stranger.types("Organisationsnummer", number).presses("Gå vidare")
    stranger.stands_at("Bekräfta dina uppgifter").reads(stranger.me.email)
    stranger.presses("Bekräfta mina uppgifter").reads("Dina uppgifter är ändrade.")

"""A brand-new customer: from the application to the first order, by pressing."""

import re

import pytest
from playwright.sync_api import expect

from demo.people import Someone
from tests.journeys import phones
from tests.journeys.test_login import logs_in_by_qr
from tests.journeys.visit import Visitor

pytestmark = pytest.mark.browser

NAME, NUMBER = "Ekens Vårdcentral AB (demo)", "559999-9124"
CASE = re.compile(r"AGR\d{7}")
ADMIN = Someone(
    "ekens-admin",
    "Elsa",
    "Ekenstam",
    "elsa@eken.example.org",
    "elsa@eken.example.org",
    "+46701740695",
    "199902132381",
    "sv",
    False,
)
SIGNATORY = Someone(
    "ekens-signatory",
    "Erik",
    "Ekroth",
    "erik@eken.example.org",
    "erik@eken.example.org",
    "+46701740696",
    "199905012390",
    "sv",
    False,
)


def test_from_application_to_first_order(comes, house):
    house.outside.declare([phone(ADMIN), phone(SIGNATORY)])
    applicant = applies(stranger(comes, ADMIN))
    number = CASE.search(applicant.main.inner_text())[0]
    reviewed(comes, number)
    signed_by_link(stranger(comes, SIGNATORY), number)
    admin = stranger(comes, ADMIN)
    gives_roles(logs_in_by_qr(admin.goes("/login/")))
    begins_first_order(admin)
    applicant.page.reload()
    applicant.reads("Avtalet är underskrivet och gäller.")


def phone(someone: Someone) -> dict:
    names = ("given", "family", "email", "phone", "personal_number")
    return {name: getattr(someone, name) for name in names}


def stranger(comes, someone: Someone) -> Visitor:
    """Somebody the script knows nothing of, in a browser of their own."""
    visitor = comes("reviewer", "/login/", as_stranger=True)
    visitor.someone = someone
    return visitor


def applies(visitor: Visitor) -> Visitor:
    visitor.follows("Bli kund eller agent").stands_at("Bli kund eller agent")
    visitor.follows("Ansök som kund").types("Organisationsnummer", NUMBER).presses("Gå vidare")
    fills = {
        "name": NAME,
        "email": "info@eken.example.org",
        "administrator.given": ADMIN.given,
        "administrator.family": ADMIN.family,
        "administrator.email": ADMIN.email,
        "administrator.phone": ADMIN.phone,
        "administrator.personal_number": ADMIN.personal_number,
        "signatories.0.given": SIGNATORY.given,
        "signatories.0.family": SIGNATORY.family,
        "signatories.0.email": SIGNATORY.email,
        "applicant.name": "Elsa Ekenstam",
        "applicant.email": ADMIN.email,
    }
    for name, words in fills.items():
        visitor.page.locator(f"[name='{name}']").fill(words)
    visitor.ticks("Privat vårdgivare").ticks("Administratören är kontaktperson")
    visitor.presses("Skicka ansökan")
    expect(visitor.page.locator("#errors")).to_contain_text("Personnummer")
    assert visitor.page.locator("[name='administrator.given']").input_value() == ADMIN.given
    number = visitor.page.locator("[name='signatories.0.personal_number']")
    number.fill(SIGNATORY.personal_number)
    visitor.presses("Skicka ansökan")
    return visitor.reads_on_card("Väntar på att Nordvård Tjänster (demo) ska granska ansökan.")


def reviewed(comes, number: str) -> None:
    reviewer = comes("reviewer")
    letter = phones.mail(reviewer, "Granska", number)
    reviewer.goes(phones.link_in(letter)).stands_at(NAME)
    reviewer.presses("Godkänn ansökan").reads_on_card("Väntar på att Erik Ekroth ska skriva under.")


def signed_by_link(signatory: Visitor, number: str) -> None:
    """The link is read twice, as mail scanners do; then it is signed on another device."""
    letter = phones.mail(signatory, "Skriv under", number)
    link = phones.link_in(letter)
    for _ in range(2):
        signatory.goes(link).stands_at("Skriv under: Kundavtal")
    signatory.reads("Ingen annan kan skriva under med den.", NAME)
    signatory.presses("Skriv under med BankID på en annan enhet")
    signatory.reads("tryck på Skanna QR-kod")
    phones.scans(signatory)
    signatory.reads("Du har skrivit under avtalet.", "Avtalet är underskrivet och gäller.")
    signatory.page.reload()
    signatory.reads("Du har skrivit under avtalet.")
    assert phones.mail(signatory, "Underskrivet", number)


def gives_roles(admin: Visitor) -> None:
    """The new administrator holds both roles: small places have few people."""
    for role in ("Beställare", "Attestant"):
        admin.goes("/organisation/grant/").field("Person").select_option(label=str(ADMIN.name))
        admin.ticks(role).presses("Ge rollen")
        admin.stands_at(NAME)


def begins_first_order(admin: Visitor) -> None:
    admin.follows("Beställ").stands_at("Beställ en tjänst")
    admin.follows("NPÖ – Nationell patientöversikt").presses("Beställ direkt")
    admin.stands_at("Uppgifter").reads("Steg 3 av 5")

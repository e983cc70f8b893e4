"""An information request on a cheap phone: from the SMS to the receipt, by pressing; and all that
the shop's staff see of it."""

import re

import pytest
from playwright.sync_api import expect

from demo.door import until
from demo.papers import SCREEN
from demo.people import Someone
from demo.repairs import spare_numbers
from tests.journeys import phones
from tests.journeys.visit import Visitor

pytestmark = pytest.mark.browser

PHONE = {
    "size": (360, 740),
    "user_agent": "Mozilla/5.0 (Linux; Android 9; SM-J330F) Chrome/119 Mobile Safari/537.36",
    "device_scale_factor": 2,
}
LINK = re.compile(r"https?://\S+/i/[\w-]{22}/")
CUSTOMER = Someone(
    "customer",
    "Vera",
    "Kundström",
    "vera.kundstrom@example.org",
    "vera.kundstrom@example.org",
    "+46701740672",
    spare_numbers()[60],
    "sv",
    False,
)
CONTACT = {
    "Förnamn": "Vera",
    "Efternamn": "Kundström",
    "Gatuadress": "Storgatan 1",
    "Postnummer": "85231",
    "Ort": "Sundsvall",
}
MATTER = {
    "Vad ska lagas?": "Mobiltelefon",
    "Märke och modell": "Fjäll 8",
    "Vad är felet?": "Sprucken skärm",
}


def test_from_the_message_to_the_receipt_on_a_phone(comes, house):
    declare(house)
    staff = starts(comes("desk-one", "/inquiries/"), "77001")
    customer = opens(comes, house, "77001")
    fits(customer)
    customer.presses("Börja").stands_at("Kontaktuppgifter").reads("Steg 1 av 5")
    fits(customer)
    customer.presses("Gå vidare").reads("Fyll i det här.")
    fits(customer)
    fills(customer, CONTACT)
    expect(customer.page.locator("[data-saved]")).to_contain_text("Sparat")
    customer.presses("Gå vidare").stands_at("Ärendet")
    fills(customer, MATTER)
    photo = {"name": SCREEN.name, "mimeType": "image/png", "buffer": SCREEN.content}
    customer.page.set_input_files("#f-photo", [photo])
    expect(customer.page.locator(".thumbs img")).to_be_visible()
    expect(customer.field("Vad är felet?")).to_have_value("Sprucken skärm")
    fits(customer)
    customer.presses("Gå vidare").stands_at("Kostnad och villkor").reads("Högst")
    fits(customer)
    customer.follows("Gå vidare").stands_at("Granska dina uppgifter").reads("Storgatan 1")
    fits(customer)
    customer.presses("Gå vidare till underskrift")
    customer.reads("Jag intygar att uppgifterna är riktiga.", "inkl. moms")
    fits(customer)
    signs(customer)
    customer.stands_at("Tack. Vi har fått dina uppgifter.")
    fits(customer)
    customer.page.reload()
    customer.stands_at("Tack. Vi har fått dina uppgifter.")
    customer.types("E-post", CUSTOMER.email).presses("Skicka kopian").reads("Kopian är på väg")
    staff.page.reload()
    staff.reads("Klart: kunden har skrivit under.", "REP", "Storgatan 1", "Kundström")
    assert staff.axe() == []


def test_cancelled_and_tried_again_with_a_code_to_scan(comes, house):
    declare(house)
    starts(comes("desk-one", "/inquiries/"), "77002")
    customer = opens(comes, house, "77002")
    to_signature(customer)
    customer.presses("Öppna BankID").follows("Öppna BankID")
    phones.approves_here(customer, "cancel")
    customer.follows("Försök igen").presses("BankID finns på en annan telefon")
    customer.reads("Skanna QR-kod").presses("BankID på den här enheten")
    expect(customer.link("Öppna BankID")).to_be_visible()
    customer.presses("BankID finns på en annan telefon").reads("Skanna QR-kod")
    phones.scans(customer)
    customer.stands_at("Tack. Vi har fått dina uppgifter.")


def test_a_photo_after_a_fault_erases_nothing(comes, house):
    declare(house)
    starts(comes("desk-one", "/inquiries/"), "77005")
    customer = opens(comes, house, "77005")
    customer.presses("Börja")
    fills(customer, CONTACT)
    customer.presses("Gå vidare").stands_at("Ärendet")
    customer.presses("Gå vidare").reads("Fyll i det här.")
    fills(customer, {"Vad ska lagas?": "Mobiltelefon"})
    customer.types("Vad är felet?", "Sprucken skärm")
    photo = {"name": SCREEN.name, "mimeType": "image/png", "buffer": SCREEN.content}
    note = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"no photo"}
    customer.page.set_input_files("#f-photo", [note, photo])
    expect(customer.page.locator(".thumbs img")).to_be_visible()
    customer.reads("note.txt: Det här är ingen bild.")
    expect(customer.field("Vad ska lagas?")).to_have_value("Mobiltelefon")
    expect(customer.field("Vad är felet?")).to_have_value("Sprucken skärm")
    customer.faults.clear()  # 422 is what was wanted


def test_the_next_day_on_another_phone_and_without_a_script(comes, house):
    declare(house)
    starts(comes("desk-one", "/inquiries/"), "77003")
    first = opens(comes, house, "77003")
    first.presses("Börja")
    fills(first, CONTACT)
    expect(first.page.locator("[data-saved]")).to_contain_text("Sparat")
    plain = comes("desk-one", first.page.url, as_stranger=True, java_script_enabled=False, **PHONE)
    plain.goes(link_to(house, "77003")).reads("Du har börjat.")
    plain.presses("Gå vidare").stands_at("Kontaktuppgifter")
    expect(plain.field("Gatuadress")).to_have_value("Storgatan 1")
    plain.presses("Gå vidare").stands_at("Ärendet")
    for label, words in MATTER.items():
        plain.types(label, words)
    plain.presses("Gå vidare").follows("Gå vidare").presses("Gå vidare till underskrift")
    plain.reads("Jag intygar att uppgifterna är riktiga.")


def test_whoever_comes_late_finds_the_number_to_call(comes, house):
    declare(house)
    staff = starts(comes("desk-one", "/inquiries/"), "77004")
    staff.follows("Avbryt förfrågan …").types("Motivering", "Kunden kom in.")
    staff.presses("Avbryt förfrågan").reads("Länken gäller inte längre.")
    customer = opens(comes, house, "77004")
    customer.stands_at("Länken används inte längre")
    expect(customer.link("Ring 08-465 004 20")).to_be_visible()
    fits(customer)
    customer.faults.clear()  # 410 is what was wanted


def test_the_administrator_changes_a_text_and_sees_it_counted(comes):
    admin = comes("operator-admin", "/inquiries/settings/")
    admin.follows("Meddelanden").stands_at("Meddelanden")
    area = admin.page.locator("[name='first.sv']")
    expect(admin.page.locator(".counted").first).to_contain_text("delar")
    area.fill("{butik}: ärende {arende} – {lank}")
    expect(admin.page.locator(".counted").first).to_contain_text("längre sorts meddelande")
    area.fill("{butik}: utan länk")
    admin.presses("Publicera").reads("Texten behöver länken")
    area.fill("{butik}: skriv under ärende {arende}: {lank} Ring {telefon}.")
    admin.presses("Förhandsgranska").reads("Det här kommer kunden att se")
    admin.presses("Publicera").reads("Publicerat.")
    assert admin.axe() == []


# On the way


def declare(house) -> None:
    names = ("given", "family", "email", "phone", "personal_number")
    house.outside.declare([{name: getattr(CUSTOMER, name) for name in names}])


def starts(staff: Visitor, reference: str) -> Visitor:
    staff.follows("Begär information").types("Ärendenummer", reference)
    staff.types("Kundens namn", "Vera Kundström").types("Mobilnummer", "070-174 06 72")
    staff.presses("Se meddelandet").stands_at("Det här får kunden").reads("070-174 06 72")
    staff.presses("Skicka meddelandet").reads("Meddelandet har skickats.")
    return staff


def link_to(house, reference: str) -> str:
    """What stands in the message about a case."""

    def came() -> str | None:
        got = [row["message"] for row in house.outside.ask("sms", to=CUSTOMER.phone)]
        fitting = [text for text in got if reference in text]
        return LINK.search(fitting[-1])[0] if fitting else None

    return until(came, f"a message about {reference}")


def opens(comes, house, reference: str) -> Visitor:
    """The customer follows the link, on a phone of 360 pixels."""
    customer = comes("desk-one", link_to(house, reference), as_stranger=True, **PHONE)
    customer.someone = CUSTOMER
    return customer


def fills(customer: Visitor, answers: dict[str, str]) -> None:
    for label, words in answers.items():
        customer.types(label, words)
        customer.page.keyboard.press("Tab")


def to_signature(customer: Visitor) -> None:
    customer.presses("Börja")
    fills(customer, CONTACT)
    customer.presses("Gå vidare").stands_at("Ärendet")
    fills(customer, MATTER)
    customer.presses("Gå vidare").follows("Gå vidare").presses("Gå vidare till underskrift")


def signs(customer: Visitor) -> None:
    """BankID on the same phone; it leads back by itself."""
    customer.presses("Öppna BankID").follows("Öppna BankID")
    phones.approves_here(customer)


def fits(customer: Visitor) -> None:
    assert customer.sideways() == 0, customer.widest()
    assert customer.axe() == []

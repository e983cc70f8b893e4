"""Each no, said kindly where it is met: nothing is decided, and what can be done now is told."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys import phones
from tests.journeys.arranging import Arranging
from tests.journeys.visit import Visitor

pytestmark = pytest.mark.browser

AGENT = "Systempartner Nord AB (demo)"


@pytest.fixture
def arranged(house) -> Arranging:
    return Arranging(house)


def begins_here(visitor: Visitor, number: str, door: str = "attest") -> Visitor:
    """Up to the app on this device."""
    visitor.goes(f"/orders/{number}/{door}/").ticks("BankID på den här enheten")
    return visitor.presses("Godkänn med BankID").follows("Öppna BankID-appen")


# Before anything is typed


def test_without_the_role_the_checklist_says_whom_to_ask(comes, house):
    visitor = comes("norrsund-attestant", "/orders/new/")
    visitor.reads("Det här måste vara på plats innan du kan beställa")
    visitor.reads("Du saknar rollen Beställare hos Region Norrsund (demo).")
    visitor.reads(house.person("norrsund-admin").name)
    assert visitor.page.locator(".service-list a").count() == 0
    visitor.goes("/orders/new/npo/").reads("Du saknar rollen Beställare")


def test_one_press_asks_for_the_role_and_the_administrator_says_no(comes, house):
    admin = house.person("norrsund-admin").name
    visitor = comes("norrsund-attestant", "/orders/new/?q=npö")
    visitor.presses(f"Be {admin} om rollen").reads(f"Du har frågat {admin}.")
    assert visitor.page.url.endswith("/orders/new/?q=np%C3%B6")
    visitor.reads(f"Du frågade {admin} i dag")
    expect(visitor.button(f"Be {admin} om rollen")).to_have_count(0)
    asker = house.person("norrsund-attestant").name
    answerer = comes("norrsund-admin", "/notices/")
    answerer.page.get_by_role("link", name=f"{asker} vill ha rollen Beställare").first.click()
    answerer.stands_at("Region Norrsund (demo)").reads("Väntar på ditt svar")
    answerer.follows("Säg nej …").types("Motivering", "Det är inte ditt uppdrag.")
    answerer.presses(f"Säg nej till {asker}").reads("Du har sagt nej.")
    visitor.page.reload()
    visitor.reads(f"{admin} sade nej i dag", "Det är inte ditt uppdrag.")


def test_without_an_attestant_nothing_can_be_ordered_until_there_is_one(comes, house):
    owner, attestant = house.program("fyrbaken-owner"), house.person("fyrbaken-attestant")
    role = {"person": attestant.username, "role": "attestant", "scope": "*"}
    owner.begins("revoke", **role)
    visitor = comes("fyrbaken-owner", "/orders/new/")
    visitor.reads("Ingen kan attestera för Fyrbåkens Rehab AB (demo) än.")
    assert visitor.page.locator(".service-list a").count() == 0
    owner.begins("grant", **role)
    visitor.page.reload()
    visitor.reads("Allt som måste vara på plats först är på plats")


def test_the_checklist_names_an_agent_that_cannot_be_chosen(comes, house):
    visitor = comes("norrsund-orderer", "/orders/new/npo/")
    visitor.page.locator("#guards summary").click()
    admin = house.person("kurvan-admin").name
    visitor.reads("En agent med uppdrag, handläggare och attestant")
    visitor.reads(f"Kurvan Journalsystem AB (demo): Saknar attestant. {admin} kan hjälpa till.")
    visitor.follows("Beställ via agent").reads("Går inte att välja nu", "Saknar attestant.")


def test_where_no_agent_can_be_chosen_nobody_types_in_vain(comes, house):
    admin, attestant = house.program("vardlanken-admin"), house.person("vardlanken-attestant")
    role = {"person": attestant.username, "role": "attestant", "scope": "*"}
    admin.begins("revoke", **role)
    visitor = comes("norrsund-orderer", "/orders/new/?q=sdk")
    visitor.reads("Via agent: ingen agent kan väljas nu.").follows(
        "Säker digital kommunikation (SDK)"
    )
    visitor.reads("Det här måste vara på plats innan du kan beställa via agent")
    who = house.person("vardlanken-admin").name
    visitor.reads(f"Vårdlänken AB (demo): Saknar attestant. {who} kan hjälpa till.")
    expect(visitor.link("Beställ via agent")).to_have_count(0)
    expect(visitor.button("Beställ direkt")).to_be_visible()
    admin.begins("grant", **role)
    visitor.page.reload()
    expect(visitor.link("Beställ via agent")).to_be_visible()


# On the road


def test_an_agent_rejects_and_the_orderer_copies_and_corrects(comes, arranged):
    number = arranged.sent("hjorten-orderer", "eremiss-agent", "systempartner")
    handler = comes("systempartner-narrow", f"/orders/{number}/").follows("Avslå …")
    handler.stands_at("Avslå beställning").types("Varför avslår du beställningen?", "Fel")
    handler.ticks("BankID på den här enheten").presses("Avslå med BankID")
    expect(handler.page.locator("#errors")).to_contain_text("minst 10 tecken")
    handler.types("Varför avslår du beställningen?", "Fel enhet: välj hemsjukvården.")
    handler.presses("Avslå med BankID").follows("Öppna BankID-appen")
    phones.approves_here(handler)
    handler.stands_at("Du har avslagit beställningen").reads("Avslagen med BankID")
    copies_and_corrects(comes("hjorten-orderer", f"/orders/{number}/"), number)


def copies_and_corrects(orderer: Visitor, number: str) -> None:
    """The orderer reads Norwegian: the page follows, and so does the new draft."""
    expect(orderer.page.locator("html")).to_have_attribute("lang", "nb")
    orderer.reads_on_card(AGENT, "Fel enhet: välj hemsjukvården.")
    expect(orderer.page.locator(".step-rejected .step-reason")).to_contain_text("Fel enhet")
    expect(orderer.page.locator(".step-cancelled")).to_have_count(5)
    orderer.card.get_by_role("button").first.click()
    orderer.page.wait_for_url("**/details/")
    assert number not in orderer.page.url
    expect(orderer.field("Hva skal dere bruke tjenesten til?")).to_have_value(
        "Prövas i webbläsaren."
    )


def test_another_person_signs_and_nothing_is_decided(comes, house, arranged):
    number = arranged.sent("strandkoping-orderer", "npo-direct")
    attestant = begins_here(comes("strandkoping-attestant"), number)
    house.outside.tell("faults", part="bankid", fault="wrongPerson", times=1)
    phones.approves_here(attestant)
    attestant.stands_at("Inget är beslutat")
    attestant.reads("Du skrev under som någon annan än den inloggade.")
    assert arranged.state("strandkoping-orderer", number) == "customer_attest"
    attestant.presses("Försök igen").follows("Öppna BankID-appen")
    phones.approves_here(attestant)
    attestant.stands_at("Du har godkänt beställningen")


def test_cancelled_in_the_app_is_no_rejection(comes, arranged):
    number = arranged.sent("strandkoping-orderer", "npo-direct")
    attestant = comes("strandkoping-attestant", f"/orders/{number}/attest/")
    attestant.types("Kommentar", "Budgeten räcker.")
    attestant.ticks("BankID på den här enheten").presses("Godkänn med BankID")
    attestant.follows("Öppna BankID-appen")
    phones.approves_here(attestant, "cancel")
    attestant.stands_at("Inget är beslutat").reads_not("Avslagen")
    attestant.follows("Tillbaka till beslutet")
    expect(attestant.field("Kommentar")).to_have_value("Budgeten räcker.")
    assert arranged.state("strandkoping-orderer", number) == "customer_attest"


def test_a_code_that_nobody_scanned_is_shown_anew(comes, house, arranged):
    number = arranged.sent("strandkoping-orderer", "npo-direct")
    attestant = comes("strandkoping-attestant", f"/orders/{number}/attest/")
    attestant.ticks("BankID på en annan enhet").presses("Godkänn med BankID")
    expect(attestant.page.locator("[data-qr] svg")).to_be_visible()
    house.outside.tell("faults", part="bankid", fault="startFailed", times=1)
    attestant.stands_at("Inget är beslutat").reads("Det du fyllde i är sparat.")
    attestant.presses("Visa ny QR-kod").stands_at("Godkänn med BankID")
    expect(attestant.page.locator("[data-qr] svg")).to_be_visible()
    phones.scans(attestant)
    attestant.stands_at("Du har godkänt beställningen")


def test_a_login_s_code_that_nobody_scanned_is_shown_anew(comes, house):
    visitor = comes("strandkoping-attestant", as_stranger=True)
    visitor.presses("BankID på en annan enhet")
    expect(visitor.page.locator("[data-qr] svg")).to_be_visible()
    house.outside.tell("faults", part="bankid", fault="startFailed", times=1)
    visitor.reads("QR-koden lästes inte av i tid.").presses("Visa ny QR-kod")
    expect(visitor.page.locator("[data-qr] svg")).to_be_visible()
    phones.scans(visitor)
    visitor.stands_at(f"Hej, {visitor.me.given}")


def test_what_changed_while_it_was_signed_is_shown_and_signed_anew(comes, house, arranged):
    """Sent back and reviewed again, in another tab, while the app lies open on the phone."""
    number = arranged.sent("hjorten-orderer", "eremiss-agent", "systempartner")
    arranged.reviewed(number, "systempartner-narrow", "systempartner-attestant")
    attestant = begins_here(comes("systempartner-attestant"), number)
    attestant.page.wait_for_url("**/app?**")
    arranged.does("systempartner-attestant", number, "send_back", note="Fel referens på fakturan.")
    arranged.reviewed(number, "systempartner-narrow", "systempartner-attestant")
    phones.approves_here(attestant)
    attestant.stands_at("Inget är beslutat").reads("Beställningen ändrades medan du beslutade.")
    assert arranged.state("hjorten-orderer", number) == "agent_attest"
    attestant.follows("Se vad som har ändrats").stands_at("Attestera beställning")
    attestant.reads("Det du bekräftade gällde en annan text. Inget beslutades.")
    expect(attestant.page.locator("#changed li")).not_to_have_count(0)
    expect(attestant.page.locator("#changed")).to_contain_text(
        house.person("systempartner-narrow").name
    )
    attestant.ticks("BankID på den här enheten").presses("Godkänn med BankID")
    attestant.follows("Öppna BankID-appen")
    phones.approves_here(attestant)
    attestant.stands_at("Du har godkänt beställningen")
    assert arranged.state("hjorten-orderer", number) == "customer_attest"


def test_three_wrong_codes_end_the_try_and_say_so(comes, arranged):
    number = arranged.sent("strandkoping-orderer", "npo-direct")
    attestant = comes("strandkoping-attestant", f"/orders/{number}/attest/")
    attestant.page.locator("input[name=way][value=sms]").check()
    attestant.presses("Godkänn med kod via SMS")
    right = phones.code(attestant, number)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for left in ("2 försök kvar", "1 försök kvar"):
        attestant.types("Koden i SMS:et", wrong).presses("Godkänn").reads(left)
        expect(attestant.page).to_have_title(re.compile("^Fel:"))
    attestant.types("Koden i SMS:et", wrong).presses("Godkänn")
    attestant.stands_at("Inget är beslutat").reads("Fel kod för många gånger")
    assert arranged.state("strandkoping-orderer", number) == "customer_attest"


# Who may


def test_under_four_eyes_nobody_attests_the_own_order(comes, arranged):
    number = arranged.sent("osterlund-both", "npo-direct")
    visitor = comes("osterlund-both", f"/orders/{number}/")
    visitor.page.get_by_text("Det här kan inte göras här").click()
    visitor.reads("Region Österlund (demo) kräver fyra ögon: en annan attestant beslutar.")
    visitor.goes(f"/orders/{number}/attest/").reads("kräver fyra ögon")
    assert visitor.page.get_by_role("button", name="Godkänn med BankID").count() == 0


def test_who_ordered_attests_only_by_bankid_without_logging_out(comes, arranged):
    number = arranged.sent("lindhamra-both", "npo-direct")
    visitor = comes("lindhamra-both", f"/orders/{number}/").follows("Attestera")
    visitor.reads("Den som har berett ärendet attesterar det bara med BankID")
    assert visitor.page.locator("input[name=way][value=sms]").count() == 0
    begins_here(visitor, number)
    phones.approves_here(visitor)
    visitor.stands_at("Du har godkänt beställningen").reads("Godkänd med BankID")


def test_a_stranger_finds_nothing(comes, arranged):
    number = arranged.sent("norrsund-orderer", "npo-direct")
    visitor = comes("lindhamra-attestant")
    for door in ("", "attest/", "whole/", "terms/"):
        answer = visitor.page.goto(f"{visitor.house.at.url}/orders/{number}/{door}")
        assert answer.status == 404
        visitor.reads("Det finns inget här")


def test_somebody_was_faster(comes, house, arranged):
    number = arranged.sent("norrsund-orderer", "npo-direct")
    slow = comes("norrsund-chief", f"/orders/{number}/attest/")
    slow.types("Kommentar", "Jag har läst allt.").ticks("BankID på den här enheten")
    fast = begins_here(comes("norrsund-attestant"), number)
    phones.approves_here(fast)
    fast.stands_at("Du har godkänt beställningen")
    slow.presses("Godkänn med BankID")
    slow.reads(f"Redan avgjord av {house.person('norrsund-attestant').name}")
    expect(slow.main.get_by_role("textbox")).to_have_value("Jag har läst allt.")

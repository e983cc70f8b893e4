"""Every page at every width, in every language, light and dark: nothing for axe to find, nothing
that has to be pushed sideways."""

from functools import cache

import pytest
from playwright.sync_api import expect

from tests.journeys import phones
from tests.journeys.arranging import Arranging
from tests.journeys.house import House
from tests.journeys.visit import Visitor
from tests.leak.policy import PAGES

pytestmark = pytest.mark.browser

WIDTHS = (320, 360, 390, 1280)
LANGUAGES = ("nb", "en", "sv")  # the last is what everybody leaves behind

# Who looks at a page, and where: {draft}, {review} and so on are orders of the house
LOOKS = {
    "desk:home": ("norrsund-orderer", "/"),
    "desk:approvals": ("systempartner-handler", "/approvals/"),
    "desk:cases": ("norrsund-orderer", "/cases/"),
    "desk:agent_orders": ("systempartner-handler", "/agent/orders/"),
    "desk:notices": ("norrsund-orderer", "/notices/"),
    "desk:organisation": ("systempartner-admin", "/organisation/"),
    "desk:journal": ("systempartner-admin", "/organisation/journal/"),
    "desk:grant": ("systempartner-admin", "/organisation/grant/"),
    "desk:revoke": ("systempartner-admin", "/organisation/revoke/?{granted}"),
    "desk:dead_ends": ("systempartner-admin", "/organisation/dead-ends/"),
    "desk:four_eyes": ("norrsund-admin", "/organisation/four-eyes/"),
    "desk:stand_in": ("systempartner-chief", "/organisation/stand-ins/{stand_in}/"),
    "desk:brief": ("systempartner-admin", "/organisation/stand-ins/{stand_in}/brief/"),
    "desk:name_stand_in": ("systempartner-admin", "/organisation/stand-ins/name/"),
    "desk:decline_role": ("systempartner-admin", "/organisation/decline/?{asked}"),
    "desk:add_person": ("systempartner-admin", "/organisation/people/add/"),
    "desk:change_person": ("systempartner-admin", "/organisation/people/change/?{someone}"),
    "desk:deactivate_person": ("norrsund-admin", "/organisation/people/deactivate/?{orderer}"),
    "desk:announce": ("catalogue", "/organisation/terms/"),
    "agreement:replace": ("reviewer", "/agreements/{backen}/replace/"),
    "desk:appoint": ("desk-one", "/organisation/appoint/"),
    "desk:registrations": ("norrsund-orderer", "/registrations/"),
    "desk:whose": ("", "/administrator/?number=2321999001"),
    "desk:seek_help": ("", "/administrator/help/?number=2321999001"),
    "desk:register": ("", "/register/"),
    "desk:verify": ("", "/verify/AAAAAAAAAAAAAAAAAAAAAA/"),
    "desk:tie_account": ("", "/account/tie/"),
    "desk:guide": ("systempartner-handler", "/guide/review/"),
    "desk:offices": ("strandkoping-admin", "/organisation/offices/"),
    "desk:rename_office": ("strandkoping-admin", "/organisation/offices/1/"),
    "desk:reference": ("systempartner-admin", "/organisation/reference/"),
    "desk:search": ("norrsund-orderer", "/search/?q=Norrsund"),
    "people:profile": ("norrsund-orderer", "/me/"),
    "people:security": ("norrsund-orderer", "/me/security/"),
    "order:new": ("norrsund-orderer", "/orders/new/"),
    "order:offers": ("norrsund-orderer", "/orders/new/tidbokning/"),
    "order:begin": ("norrsund-orderer", "/orders/new/tidbokning/tidbokning-agent/"),
    "order:offer": ("norrsund-orderer", "/orders/{draft}/offer/"),
    "order:agent": ("hjorten-orderer", "/orders/{again}/agent/"),
    "order:details": ("norrsund-orderer", "/orders/{draft}/details/"),
    "order:price": ("norrsund-orderer", "/orders/{draft}/price/"),
    "order:check": ("norrsund-orderer", "/orders/{draft}/check/"),
    "order:sent": ("norrsund-orderer", "/orders/{review}/sent/"),
    "order:terms": ("norrsund-orderer", "/orders/{review}/terms/"),
    "order:case": ("norrsund-orderer", "/orders/{connecting}/"),
    "order:whole": ("systempartner-handler", "/orders/{connecting}/whole/"),
    "order:review": ("systempartner-handler", "/orders/{review}/review/"),
    "order:reject": ("systempartner-handler", "/orders/{review}/reject/"),
    "order:attest": ("strandkoping-attestant", "/orders/{attest}/attest/"),
    "order:send_back": ("systempartner-attestant", "/orders/{agent_attest}/send-back/"),
    "servicecase:case": ("desk-one", "/service/{case}/"),
    "servicecase:close": ("desk-one", "/service/{case}/close/"),
    "sync:systems": ("operator-admin", "/links/"),
    "sync:new": ("operator-admin", "/links/new/"),
    "sync:system": ("operator-admin", "/links/1/"),
    "sync:edit": ("operator-admin", "/links/1/edit/"),
    "sync:mapping": ("operator-admin", "/links/1/fields/"),
    "sync:rotate_hook": ("operator-admin", "/links/1/secret/"),
    "sync:ledger": ("desk-one", "/links/case/{case}/"),
    "card:list": ("desk-one", "/customers/"),
    "card:new": ("desk-one", "/customers/new/"),
    "card:duplicates": ("desk-one", "/customers/duplicates/"),
    "card:card": ("desk-one", "/customers/{card}/"),
    "card:edit": ("desk-one", "/customers/{card}/edit/"),
    "card:show_number": ("desk-one", "/customers/{card}/number/"),
    "card:merge": ("desk-one", "/customers/{double}/merge/{card}/"),
    "repair:list": ("desk-one", "/repairs/?view=all"),
    "repair:case": ("desk-one", "/repairs/{over}/"),
    "repair:continue_in": ("desk-one", "/repairs/{undecided}/continue/"),
    "repair:close": ("desk-one", "/repairs/{undecided}/close/"),
    "account_login": ("", "/login/"),
    "agreement:choose": ("", "/agreements/apply/"),
    "agreement:apply": ("", "/agreements/apply/agent/?number=5599999124"),
    "agreement:case": ("reviewer", "/agreements/{molnet}/"),
    "agreement:ask": ("reviewer", "/agreements/{molnet}/ask/"),
    "agreement:reject": ("reviewer", "/agreements/{molnet}/reject/"),
    "agreement:guest": ("", "{sign}"),
    "agreement:decline": ("", "{sign}decline/"),
    "agreement:complete": ("", "{to_complete}complete/"),
    "agreement:back": ("", "/agreements/signing/back/"),
    "engagement:all": ("vardlanken-admin", "/engagements/"),
    "engagement:new": ("vardlanken-admin", "/engagements/new/"),
    "engagement:apply": ("vardlanken-admin", "/engagements/new/pascal/"),
    "engagement:case": ("reviewer", "/engagements/{eng_ended}/"),
    "engagement:ask": ("reviewer", "/engagements/{eng_review}/ask/"),
    "engagement:reject": ("reviewer", "/engagements/{eng_review}/reject/"),
    "engagement:complete": ("vardlanken-admin", "/engagements/{eng_complete}/complete/"),
    "engagement:attest": ("vardlanken-attestant", "/engagements/{eng_attest}/attest/"),
    "engagement:refuse": ("vardlanken-attestant", "/engagements/{eng_attest}/refuse/"),
    "engagement:end": ("reviewer", "/engagements/{eng_active}/end/"),
    "inquiry:list": ("desk-one", "/inquiries/"),
    "inquiry:new": ("desk-one", "/inquiries/new/"),
    "inquiry:figures": ("desk-one", "/inquiries/figures/"),
    "inquiry:start": ("operator-admin", "/inquiries/start/"),
    "inquiry:callers": ("operator-admin", "/inquiries/callers/"),
    "inquiry:settings": ("operator-admin", "/inquiries/settings/"),
    "inquiry:edit": ("operator-admin", "/inquiries/settings/texts/"),
    "inquiry:version": ("operator-admin", "/inquiries/settings/terms/1/"),
    "inquiry:case": ("desk-one", "/inquiries/{inquiry}/"),
    "inquiry:correct": ("desk-one", "/inquiries/{inquiry}/correct/"),
    "inquiry:withdraw": ("desk-one", "/inquiries/{inquiry}/withdraw/"),
    "inquiry:restart": ("desk-one", "/inquiries/{inquiry}/restart/"),
    "account_reset_password": ("", "/password/reset/"),
    "account_reset_password_done": ("", "/password/reset/sent/"),
    "account_reset_password_from_key": ("", "/password/reset/key/1-abc-def/"),
    "account_reset_password_from_key_done": ("", "/password/reset/done/"),
}
MORE_LOOKS = {
    "nothing to do": ("norrsund-orderer", "/approvals/"),
    "no hits": ("systempartner-handler", "/approvals/?q=ingenting"),
    "what is decided": ("systempartner-handler", "/approvals/?view=decided"),
    "no role": ("norrsund-attestant", "/orders/new/"),
    "who holds what, and asking": ("norrsund-attestant", "/organisation/"),
    "asked": ("systempartner-admin", "/organisation/?{asked}"),
    "my turn": ("systempartner-handler", "/orders/{review}/"),
    "late": ("strandkoping-attestant", "/orders/{attest}/"),
    "rejected": ("hjorten-orderer", "/orders/{rejected}/"),
    "active": ("norrsund-orderer", "/orders/{active}/"),
    "a draft": ("norrsund-orderer", "/orders/{draft}/"),
    "questions to edit": ("operator-admin", "/inquiries/settings/form/"),
    "costs to edit": ("operator-admin", "/inquiries/settings/terms/"),
    "times to edit": ("operator-admin", "/inquiries/settings/pace/"),
    "a signed request": ("desk-one", "/inquiries/{inquired}/"),
    "an organisation number": ("", "/agreements/apply/customer/"),
    "an agreement already": ("", "/agreements/apply/customer/?number=2321999001"),
    "an application to complete": ("", "{to_complete}"),
    "a signed agreement to keep": ("", "{signed}"),
    "an agreement in waiting": ("backen-admin", "/agreements/{backen}/"),
    "roles before the signature": ("backen-admin", "/organisation/"),
    "an engagement to review": ("reviewer", "/engagements/{eng_review}/"),
    "an engagement too late": ("vardlanken-attestant", "/engagements/{eng_complete}/attest/"),
    "all engagements": ("reviewer", "/engagements/?view=closed"),
    "a customer who is none": ("desk-one", "/customers/?q=ingen"),
    "a repair elsewhere": ("desk-one", "/repairs/{elsewhere}/"),
    "no repairs for me": ("norrsund-orderer", "/repairs/"),
    "not found": ("norrsund-orderer", "/orders/RITM9999999/"),
    "another hat": ("fyrbaken-owner", "/approvals/?as={vardlanken}"),
}
# Posts, programs' and machines' answers, ways that lead on; a signing's pages are looked at below.
NOT_LOOKED_AT = {
    "order:tell_agent",
    "healthz",
    "readyz",
    "post:report",
    "ui:page",  # in tests/ui
    "ui:scheme",
    "desk:ask_for_role",
    "desk:case",
    "desk:end_stand_in",
    "desk:document",  # a file itself
    "desk:invite",
    "desk:close_office",
    "desk:reopen_office",
    "desk:admit_person",  # looked at in test_people, as are the pages of a proof by BankID
    "desk:confirm_details",
    "desk:set_signing_reminders",
    "desk:refuse_person",
    "desk:restore_person",
    "desk:notice",
    "desk:notices_panel",
    "desk:notices_read",
    "order:copy",
    "order:discard",
    "order:restore",
    "order:evidence",
    "order:terms_pdf",
    "order:note",
    "order:release",
    "order:report_connected",
    "order:start",
    "card:keep_apart",
    "card:undo",
    "repair:add_line",
    "repair:note",
    "repair:remove_line",
    "repair:set_photos",
    "repair:set_status",
    "agreement:approve",
    "engagement:approve",
    "engagement:evidence",
    "engagement:withdraw",
    "agreement:deliver",
    "agreement:file",
    "agreement:guest_paper",
    "agreement:note",
    "agreement:paper",
    "agreement:resend",
    "agreement:sign",
    "agreement:tick",
    "sync:compare",
    "sync:replay",
    "sync:settle",
    "sync:verify",
    "sync:switch",
    "sync:replay_dead",
    "inquiry:bulk",
    "inquiry:count",
    "inquiry:hook",
    "inquiry:resend",
    "inquiry:set_up",
    "inquiry:staff_photo",
    "inquiry:test",
    # the customer's, in tests/journeys/test_inquiry
    *(name for name, policy in PAGES.items() if policy == "link" and name.startswith("inquiry:")),
    *(
        name
        for name in PAGES
        if name.startswith(("people:", "desk:signing", "desk:prove", "agreement:signing"))
    ),
} - {"people:profile", "people:security"}


def test_every_page_is_looked_at():
    assert set(PAGES) - NOT_LOOKED_AT - set(LOOKS) == set()


@pytest.mark.parametrize("name", [*LOOKS, *MORE_LOOKS])
def test_a_page_fits(comes, house, name):
    who, path = (LOOKS | MORE_LOOKS)[name]
    path = path.format_map(places(house))
    visitor = comes(who, path) if who else comes("norrsund-orderer", path, as_stranger=True)
    assert faults(visitor) == []


def faults(visitor: Visitor) -> list[str]:
    """Everything wrong with the page that is open, said with language, width and what."""
    found: list[str] = []
    for language in LANGUAGES:
        speaks(visitor, language)
        looked_at = (390, 1280) if language == "sv" else (390,)
        found += [f"{language} {fault}" for fault in misfits(visitor, looked_at)]
    visitor.page.emulate_media(color_scheme="dark")
    found += [f"dark {fault}" for fault in visitor.axe()]
    visitor.page.emulate_media(color_scheme="light")
    return found


def speaks(visitor: Visitor, language: str) -> None:
    """By the page's own switch, which stays on the page."""
    here = visitor.page.url
    if visitor.page.locator("html").get_attribute("lang") != language:
        button = visitor.page.locator(f"[data-language] button[value={language}]").first
        button.evaluate("button => button.click()")
    expect(visitor.page.locator("html")).to_have_attribute("lang", language)
    assert visitor.page.url == here


def misfits(visitor: Visitor, looked_at: tuple[int, ...]) -> list[str]:
    found = []
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 900})
        if (over := visitor.sideways()) > 0:
            found.append(f"{width}: {over} px too wide, {visitor.widest()}")
        if width == 320 and (broken := visitor.broken_words()):
            found.append(f"{width}: broken in the midst: {', '.join(broken)}")
        if width in looked_at:
            found += [f"{width}: {fault}" for fault in visitor.axe()]
    return found


def places(house: House) -> dict[str, str]:
    """The cases of the house's world by what stands to be done with them. Who is to sign may be
    reminded by a fresh letter meanwhile, whose link is the one that holds."""
    return known(house) | {"sign": link(house, "backen-director", "skriv under")}


@cache
def known(house: House) -> dict[str, str]:

    def first(key: str, query: str) -> str:
        return house.program(key).get(f"cases?{query}")["items"][0]["number"]

    someone = house.person("systempartner-attestant").username
    cards = house.program("desk-one").get("cards?q=Astrid")["items"]
    house.program("systempartner-attestant").begins("ask_for_role", role="contact")
    return {
        "asked": f"person={someone}&role=contact",
        "someone": f"person={someone}",
        "orderer": f"person={house.person('norrsund-orderer').username}",
        "draft": first("norrsund-orderer", "kind=order&state=draft"),
        "again": first("hjorten-orderer", "kind=order&state=draft"),
        "review": first("norrsund-orderer", "kind=order&state=agent_review"),
        "connecting": first("norrsund-orderer", "kind=order&state=connecting"),
        "active": first("norrsund-orderer", "kind=order&state=active"),
        "rejected": first("hjorten-orderer", "kind=order&state=rejected_by_agent"),
        "attest": first("strandkoping-attestant", "kind=order&state=customer_attest&q=Webcert"),
        "agent_attest": first("lindhamra-both", "kind=order&state=agent_attest"),
        "case": first("desk-one", "kind=servicecase"),
        "card": cards[0]["number"],
        "double": cards[1]["number"],
        "over": first("desk-one", "kind=repair&q=Fj%C3%A4ll+8"),
        "undecided": first("desk-one", "kind=repair&q=Myr"),
        "elsewhere": first("desk-one", "kind=repair&q=%C3%84lv"),
        "granted": f"person={someone}&role=attestant&scope=*",
        "stand_in": house.program("systempartner-admin").get("stand-ins")["items"][0]["id"],
        "molnet": first("reviewer", "kind=agreement&q=Molnets"),
        "backen": first("reviewer", "kind=agreement&q=Tandvård"),
        "eng_review": first("reviewer", "kind=engagement&state=operator_review"),
        "eng_complete": first("reviewer", "kind=engagement&state=needs_completion"),
        "eng_attest": first("reviewer", "kind=engagement&state=agent_attest&q=NPÖ"),
        "eng_active": first("reviewer", "kind=engagement&state=active&q=Webcert"),
        "eng_ended": first("reviewer", "kind=engagement&state=ended"),
        "signed": link(house, "tallbacken-signatory", "underskrivet"),
        "to_complete": link(house, "granby-admin", "komplettera"),
        "vardlanken": house.place("vardlanken").number,
        "inquiry": first("desk-one", "kind=inquiry&state=sms_delivered"),
        "inquired": first("desk-one", "kind=inquiry&state=completed"),
    }


def link(house: House, key: str, words: str) -> str:
    """The address behind the button of the newest such letter."""
    got = house.outside.ask("mail", to=house.person(key).email)
    return phones.link_in([one for one in got if words in one["subject"].lower()][-1])


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

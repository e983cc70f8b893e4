"""Information requests of the repair shop at the operator, in every state, by the deeds that staff,
customers and the house itself do; the customers sign with their own phones."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from demo import papers
from demo.places import NORDVARD
from demo.repairs import spare_numbers
from demo.stage import NotDone, Stage
from ombud.cases import files
from ombud.cases.deeds import named
from ombud.inquiries import actions, saved, tasks
from ombud.inquiries.catalogue import newest
from ombud.inquiries.deeds import DEEDS
from ombud.inquiries.models import Inquiry
from ombud.people.actors import THE_SYSTEM
from ombud.post import reports
from ombud.signing import ceremony
from ombud.signing.models import Signature
from ombud.sync.models import System

PRESSES = "anna.agent"  # as the service desk knows who presses its button
SHOP_PHONE = "08-465 004 20"  # set aside for fiction


@dataclass(frozen=True)
class Asked:
    """One request: whom, of what, and what happened: (days ago, time of day, what)."""

    reference: str
    given: str
    family: str
    phone: str
    nth: int
    thing: str
    model: str
    fault: str
    road: tuple[tuple[int, str, str], ...]
    language: str = "sv"
    town: str = "Sundsvall"
    picture: bool = False

    @property
    def is_lost(self) -> bool:
        """Whether its number takes no SMS."""
        return any(what == "lose" for _days, _at, what in self.road)

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def contact(self) -> dict[str, str]:
        email = f"{self.given}.{self.family}@example.org".lower()
        plain = email.translate(str.maketrans("åäöøæ", "aaooa"))
        return {
            "given": self.given,
            "family": self.family,
            "street": f"Strandvägen {self.nth}",
            "postcode": f"85{self.nth % 10} 31",
            "city": self.town,
            "mobile": self.phone,
            "email": plain,
        }

    @property
    def matter(self) -> dict[str, str]:
        return {
            "object": self.thing,
            "model": self.model,
            "fault": self.fault,
            "since": "Förra veckan",
        }


def signed(days: int) -> tuple[tuple[int, str, str], ...]:
    return (
        (days, "10:05", "start"),
        (days, "10:06", "deliver"),
        (days, "10:21", "open"),
        (days, "10:24", "fill"),
        (days, "10:26", "sign"),
    )


REQUESTS = (
    Asked("10437", "Johan", "Sjödin", "0701740652", 31, "Dator", "Granit 15",
          "Fläkten låter.", ((31, "10:05", "start"), (31, "10:06", "deliver"),
                             (31, "10:21", "open"), (30, "09:15", "cancel"))),
    Asked("10444", "Karin", "Ödman", "0701740653", 32, "Surfplatta", "Myr 9",
          "Glaset är spräckt i ett hörn.", signed(24), picture=True),
    Asked("10446", "Sven", "Åström", "0701740654", 33, "TV", "Nordvisio 43", "Ingen bild.",
          ((23, "15:10", "start"), (23, "15:11", "deliver"), (22, "15:12", "remind"),
           (20, "15:12", "remind"), (17, "15:12", "remind"), (15, "15:12", "remind"))),
    Asked("10452", "Ingrid", "Haugen", "0701740655", 34, "Telefon", "Fjäll 8",
          "Skjermen er knust.", signed(16), language="nb"),
    Asked("10459", "Per", "Wallin", "0701740656", 35, "Dator", "Granit 14", "Startar inte.",
          ((9, "11:20", "start"), (9, "11:21", "lose"), (9, "11:22", "lose"))),
    Asked("10463", "Maja", "Lindroth", "0701740657", 36, "Mobiltelefon", "Fjäll 8",
          "Laddar inte.", ((8, "09:40", "start"), (8, "09:41", "deliver"), (8, "13:05", "cancel"))),
    Asked("10467", "Gustav", "Berglöf", "0701740658", 37, "Mobiltelefon", "Fjäll 8 Plus",
          "Skärmen är sprucken.", signed(6), picture=True),
    Asked("10471", "Anna", "Ek", "0701740659", 38, "Tvättmaskin", "Älv 6", "Tar inte in vatten.",
          ((3, "14:15", "start"), (3, "14:16", "deliver"), (2, "14:16", "remind"),
           (2, "18:30", "open"), (2, "18:38", "fill"))),
    Asked("10475", "Lars", "Holmgren", "0701740660", 39, "TV", "Nordvisio 55",
          "Ränder i bilden.", ((2, "10:30", "start"), (2, "10:31", "deliver"),
                               (1, "10:31", "remind"), (1, "16:02", "open"))),
    Asked("10478", "Sara", "Nyqvist", "0701740661", 40, "Surfplatta", "Myr 10",
          "Batteriet sväller.", ((1, "15:45", "start"), (1, "15:46", "deliver"))),
    Asked("10480", "Nils", "Forsell", "0701740662", 41, "Dator", "Granit 14",
          "Tangentbordet är blött.", ((1, "18:20", "start"),)),
    Asked("10481", "Ulla", "Bergman", "0701740663", 42, "Mobiltelefon", "Fjäll 6",
          "Knappen har fastnat.", ((1, "19:40", "start"),)),
)  # fmt: skip


def customers() -> list[dict[str, Any]]:
    """Their phones, for the sandbox's page."""
    spare = spare_numbers()
    return [
        {
            "name": asked.name,
            "personal_number": spare[asked.nth],
            "phone": f"+46{asked.phone[1:]}",
            "email": asked.contact["email"],
        }
        for asked in REQUESTS
    ]


def play(stage: Stage, references: tuple[str, ...] = (), **pace: str) -> None:
    """Settings first; then everything that happened, or some of it, in the order of time."""
    set_up(stage, **pace)
    chosen = [asked for asked in REQUESTS if asked.reference in (references or (asked.reference,))]
    told = [(asked, step) for asked in chosen for step in asked.road]
    begun: dict[str, Inquiry] = {}
    for asked, (ago, at, what) in sorted(told, key=lambda row: (-row[1][0], row[1][1])):
        stage.go_to(ago, at)
        with translation.override(asked.language):
            begun[asked.reference] = DOES[what](stage, asked, begun.get(asked.reference))
    send_at_any_hour(stage)


def set_up(stage: Stage, **pace: str) -> None:
    """The settings that a portal begins with, and a second version of them. `pace`: what else is
    otherwise there."""
    stage.go_to(45, "08:30")
    by = stage.actor("operator-admin", NORDVARD)
    here = by.organisation
    actions.set_up_inquiries(here, by=by, phone=SHOP_PHONE)
    body = newest(here)["pace"].body
    who = {
        "name": "Supporten",
        "phone": SHOP_PHONE,
        "email": "support@nordvard.example.org",
        "hours": "vardagar 9–17",
    }
    hours = {"sv": "vardagar 9–17", "nb": "hverdager 9–17", "en": "weekdays 9–17"}
    texts = newest(here)["texts"].body
    short = {**texts, "shop": "Nordvård Service", "hours": hours}
    actions.set_inquiries(here, by=by, part="texts", body=short)
    actions.set_inquiries(here, by=by, part="pace", body={**body, "support": who, **pace})
    stage.go_to(20, "08:40")
    terms = newest(here)["terms"].body
    repair = {
        "label": {"sv": "Reparation", "nb": "Reparasjon", "en": "Repair"},
        "kind": "approximate",
        "amount": 140_000,
    }
    changed = {**terms, "costs": [*terms["costs"], repair], "ceiling": 200_000}
    actions.set_inquiries(here, by=by, part="terms", body=changed)
    first = {
        **texts["first"],
        "sv": "Hej från {butik}! Fyll i och skriv under ärende {arende}: {lank} Frågor? {telefon}",
    }
    actions.set_inquiries(here, by=by, part="texts", body={**short, "first": first})


def send_at_any_hour(stage: Stage) -> None:
    """From now on, so that whoever tries it in the evening gets the message at once; what runs
    keeps the hours that it began with."""
    by = stage.actor("operator-admin", NORDVARD)
    here = by.organisation
    always = {"opens": "00:00", "closes": "23:59", "weekdays": list(range(7))}
    actions.set_inquiries(here, by=by, part="pace", body={**newest(here)["pace"].body, **always})


def link_caller(stage: Stage, system: System) -> None:
    """Whoever presses the button at the service desk is one of the shop's own."""
    by = stage.actor("operator-admin", NORDVARD)
    whom = stage.cast["desk-one"].username
    actions.link_caller(by.organisation, by=by, name=PRESSES, person=whom, system=system.pk)


# What happens


def start(stage: Stage, asked: Asked, none: Inquiry | None) -> Inquiry:
    by = stage.actor("desk-one", NORDVARD)
    known = {"given": asked.given, "family": asked.family, "object": asked.thing}
    inquiry = actions.start_inquiry(
        by=by,
        mobile=asked.phone,
        language=asked.language,
        name=asked.name,
        reference=asked.reference,
        known=known,
    )
    stage.sees(by, inquiry.case)
    stage.carry()
    return inquiry


def fares(said: str):
    """What the gateway tells of the last message."""

    def told(stage: Stage, asked: Asked, inquiry: Inquiry | None) -> Inquiry:
        fresh = again(inquiry)
        sms = fresh.messages.select_related("letter").order_by("-pk").first()
        reports.take(sms.letter, said, "")
        actions.note_delivery(fresh, by=THE_SYSTEM, message=sms.pk, fate=said)
        stage.carry()
        return again(inquiry)

    return told


def remind(stage: Stage, asked: Asked, inquiry: Inquiry | None) -> Inquiry:
    fresh = again(inquiry)
    if not tasks.go_on(number=fresh.case.number):
        raise NotDone(f"{fresh.case.number} did not go on by itself.")
    stage.carry()
    after = again(inquiry)
    return after if not after.is_open else fares("delivered")(stage, asked, after)


def open_it(stage: Stage, asked: Asked, inquiry: Inquiry | None) -> Inquiry:
    return actions.open(again(inquiry), by=guest(inquiry))


def fill(stage: Stage, asked: Asked, inquiry: Inquiry | None) -> Inquiry:
    by = guest(inquiry)
    saved.keep(again(inquiry), "contact", asked.contact, by=by)
    saved.keep(again(inquiry), "matter", asked.matter, by=by)
    if asked.picture:
        paper = papers.SCREEN
        kept = files.keep(SimpleUploadedFile(paper.name, paper.content), by=by)
        actions.add_photo(again(inquiry), by=by, document=str(kept.key))
    fresh = again(inquiry)
    return actions.submit(fresh, by=by, terms=fresh.terms.version)


def sign(stage: Stage, asked: Asked, inquiry: Inquiry | None) -> Inquiry:
    done = ceremony.perform(
        named(DEEDS, "sign"), again(inquiry), {"method": "bankid"}, by=guest(inquiry)
    )
    number = spare_numbers()[asked.nth]
    stage.outside.sign(number, auto_start_token=done.challenge.auto_start_token)
    if (ended := ceremony.collect(done)).status != Signature.Status.COMPLETE:
        raise NotDone(f"{asked.name} could not sign: {ended.hint} {ended.reasons}")
    stage.carry()
    return again(inquiry)


def cancel(stage: Stage, asked: Asked, inquiry: Inquiry | None) -> Inquiry:
    by = stage.actor("desk-one", NORDVARD)
    done = actions.withdraw(again(inquiry), by=by, note="Kunden kom in med telefonen själv.")
    stage.sees(by, done.case)
    return done


DOES = {
    "start": start,
    "deliver": fares("delivered"),
    "lose": fares("failed"),
    "remind": remind,
    "open": open_it,
    "fill": fill,
    "sign": sign,
    "cancel": cancel,
}


def guest(inquiry: Inquiry | None):
    fresh = again(inquiry)
    return fresh.link.actor(fresh.portal)


def again(inquiry: Inquiry | None) -> Inquiry:
    assert inquiry is not None
    joined = ("case__portal", "portal", "link", "repair")
    return Inquiry.objects.select_related(*joined).get(pk=inquiry.pk)

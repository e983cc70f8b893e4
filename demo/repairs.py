"""A small repair shop at the operator: its customers, two of them with two cards, and repairs in
several states, made by the deeds that people have."""

from dataclasses import dataclass, field
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import translation

from demo import papers, people
from demo.places import NORDVARD
from demo.stage import Stage
from ombud.cases import files
from ombud.lib import identifiers
from ombud.people.actors import Actor
from ombud.people.settings import Said
from ombud.servicecases import steps
from ombud.servicecases.actions import card as cards
from ombud.servicecases.actions import repair as actions
from ombud.servicecases.models import Repair

Do = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Customer:
    """`nth`: which of the published test numbers that nobody in the cast has."""

    given: str
    family: str
    phone: str
    email: str
    street: str
    postal_code: str
    city: str
    nth: int | None = None
    language: str = "sv"

    def details(self) -> dict[str, str]:
        told = {name: value for name, value in vars(self).items() if name != "nth"}
        number = {} if self.nth is None else {"personal_number": spare_numbers()[self.nth]}
        return told | number


@dataclass(frozen=True)
class Wanted:
    """One repair: whose, of what, at what price, and what was done to it, so many days ago."""

    key: str
    customer: Customer
    thing: str
    fault: str
    days: int
    costs: dict[str, Any]
    answers: dict[str, str] = field(default_factory=dict)
    done: tuple[Do, ...] = ()
    first: str = "match"


def spare_numbers() -> list[str]:
    """Published for tests, and nobody's in the cast."""
    taken = {someone.personal_number for someone in people.cast().values()}
    known = sorted(identifiers.official_test_persons() - taken)
    return [number for number in known if "1950" < number[:4] < "2000" and number[6:8] < "32"]


ASTRID = Customer(
    "Astrid", "Björk", "0701740641", "astrid.bjork@example.org", "Storgatan 14", "852 30",
    "Sundsvall", 3,
)  # fmt: skip
ASTRID_AGAIN = Customer(
    "Astrid", "Björk", "0701740641", "a.bjork@example.org", "Köpmangatan 2", "852 31", "Sundsvall"
)
NILS = Customer(
    "Nils", "Hedlund", "0701740642", "nils.hedlund@example.org", "Norra vägen 7", "856 50",
    "Sundsvall", 8,
)  # fmt: skip
MARIT = Customer(
    "Marit", "Solberg", "0701740643", "marit.solberg@example.org", "Kyrkogatan 21", "871 31",
    "Härnösand", 12, "nb",
)  # fmt: skip
OLLE = Customer(
    "Olle", "Granström", "0701740644", "olle.granstrom@example.org", "Åkroken 3", "891 62",
    "Örnsköldsvik", 17,
)  # fmt: skip
OLLES_SON = Customer(
    "Oskar", "Granström", "0701740644", "", "Åkroken 3", "891 62", "Örnsköldsvik", 23
)
COMPANY = {
    "kind": "company",
    "company": "Kustens Redovisning AB (demo)",
    "given": "Inger",
    "family": "Lund",
    "number": "5599999132",
    "phone": "+46701740645",
    "email": "info@kusten.example.org",
    "street": "Hamngatan 9",
    "postal_code": "852 29",
    "city": "Sundsvall",
    "country": "SE",
    "language": "sv",
}
HERE: Do = ("continue_in", {"side": "ombud"})
SCREEN = {"what": "Skärm, originaldel", "quantity": "1", "unit": "st", "unit_price": 300_000}
WORK = {"what": "Arbete", "quantity": "1.5", "unit": "tim", "unit_price": 104_000}
REPAIRS = (
    Wanted(
        "astrid-tv", ASTRID, "TV, Nordvisio 55", "Bilden slocknar efter en stund.", 41,
        {"fixed": 119_500},
        {"Serienummer": "NV55-20931", "Sedan när": "I höstas"},
        (
            HERE,
            ("set_status", {"status": "in_progress"}),
            ("add_line", {"what": "Byte av kondensatorer", "quantity": "1", "unit_price": 95_600}),
            ("close", {"outcome": "closed", "note": "Kondensatorerna är bytta. Hämtad."}),
        ),
    ),
    Wanted(
        "nils-phone", NILS, "Telefon, Fjäll 8", "Skärmen är sprucken, den går inte att trycka på.",
        6, {"approximate": 500_000, "terms": "version 2"},
        {"Serienummer": "356938035643809", "Tillbehör": "Skal och laddare", "Sedan när": "Måndags"},
        (
            HERE,
            ("set_status", {"status": "in_progress"}),
            ("note", {"text": "Ramen är böjd också. Ringt och talat om att det blir dyrare."}),
            ("add_line", SCREEN),
            ("add_line", WORK),
            ("add_line", {"what": "Ram", "quantity": "1", "unit": "st", "unit_price": 30_000}),
        ),
    ),
    Wanted(
        "marit-laptop", MARIT, "Bærbar PC, Granit 14", "Batteriet varer en halv time.", 4,
        {"ceiling": 250_000, "terms": "version 2"}, {"Tilbehør": "Lader"},
        (
            HERE,
            ("set_status", {"status": "waiting", "note": "Batteriet är beställt, en vecka."}),
        ),
    ),
    Wanted(
        "olle-washer", OLLE, "Tvättmaskin, Älv 7", "Läcker vatten.", 3,
        {"fixed": 49_500, "approximate": 150_000},
        {"Modell": "Älv 7 kg, 2021"},
        (HERE,),
    ),
    Wanted(
        "oskar-phone", OLLES_SON, "Telefon, Fjäll 6", "Laddar inte.", 2, {"ceiling": 120_000},
        {"Sedan när": "Förra veckan"},
    ),
    Wanted(
        "astrid-tablet", ASTRID_AGAIN, "Surfplatta, Myr 10", "Startar inte efter en uppdatering.",
        1, {"approximate": 90_000}, {"Tillbehör": "Inga"}, first="new",
    ),
)  # fmt: skip


def play(stage: Stage) -> None:
    stage.go_to(60, "10:15")
    by = stage.actor("desk-one", NORDVARD)
    cards.new_card(by.organisation, by=by, **COMPANY)
    for wanted in REPAIRS:
        opened = open_one(stage, wanted)
        for nth, (name, typed) in enumerate(wanted.done):
            stage.go_to(max(wanted.days - 1, 0), f"{13 + nth // 4}:{nth % 4 * 15 + 5:02}")
            do(stage, opened, name, typed)
    stage.carry()


@transaction.atomic
def open_one(stage: Stage, wanted: Wanted) -> Repair:
    """As the flat above opens it when a customer has signed."""
    stage.go_to(wanted.days, "09:20")
    by = stage.actor("desk-one", NORDVARD)
    here = by.organisation
    card, how = steps.card_for(
        here, wanted.customer.details(), first=wanted.first, by=by, key=f"demo:{wanted.key}"
    )
    opened = steps.open_repair(
        here,
        card=card,
        how=how,
        title=titles(wanted.thing),
        object=wanted.thing,
        fault=wanted.fault,
        answers=[{"label": label, "value": value} for label, value in wanted.answers.items()],
        costs=wanted.costs,
        by=by,
        key=f"demo:{wanted.key}",
    )
    if wanted.key == "nils-phone":
        with_picture(opened, by)
    return opened


def titles(thing: str) -> Said:
    return {"sv": f"Reparation: {thing}", "nb": f"Reparasjon: {thing}", "en": f"Repair: {thing}"}


def with_picture(opened: Repair, by: Actor) -> None:
    paper = papers.SCREEN
    kept = files.keep(SimpleUploadedFile(paper.name, paper.content), by=by)
    actions.set_photos(again(opened), by=by, attachments=[str(kept.key)])


def do(stage: Stage, opened: Repair, name: str, typed: dict[str, Any]) -> None:
    by = stage.actor("desk-one", NORDVARD)
    assert by.person is not None
    with translation.override(by.person.language):
        getattr(actions, name)(again(opened), by=by, **typed)
    stage.sees(by, opened.case)


def again(opened: Repair) -> Repair:
    return Repair.objects.select_related("case", "provider", "card").get(pk=opened.pk)

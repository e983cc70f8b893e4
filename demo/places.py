"""The organisations of the demo world. Their numbers are valid and belong to nobody."""

from dataclasses import dataclass, field

from demo.services import ENGAGED


@dataclass(frozen=True)
class Seat:
    """A person's place: who (a name of ours, the same in two places for the same person), and
    the roles there, each with its scopes where it has any, or for these offices alone."""

    who: str
    roles: tuple[str, ...]
    scopes: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    key: str
    name: str
    number: str
    kinds: tuple[str, ...]
    seats: tuple[Seat, ...]
    category: str = ""
    town: str = ""
    reference: str = ""
    units: tuple[tuple[str, str], ...] = ()
    engaged: tuple[str, ...] = ()
    offices: tuple[str, ...] = ()
    four_eyes: bool = False
    languages: dict[str, str] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        return f"{self.key}.example.org"

    @property
    def billing(self) -> dict[str, str]:
        bare = self.name.removesuffix(" (demo)")
        address = f"{bare}, Fakturaenheten, {self.town}" if self.town else ""
        e_invoice = f"0007:{self.number}" if self.reference else ""
        return {"reference": self.reference, "address": address, "e_invoice": e_invoice}

    def care_units(self, *chosen: int) -> list[dict[str, str]]:
        """The units with these numbers, or all of them, as an order names them."""
        known = [{"hsa_id": f"SE{self.number}-{code}", "name": name} for code, name in self.units]
        return [known[n] for n in chosen] if chosen else known


def service(*keys: str) -> tuple[str, ...]:
    return tuple(f"service:{key}" for key in keys)


NORDVARD = Place(
    "nordvard",
    "Nordvård Tjänster (demo)",
    "5599999009",
    ("operator",),
    (
        Seat("operator-admin", ("administrator",)),
        Seat("desk-one", ("case_handler",)),
        Seat("desk-two", ("case_handler",)),
        Seat("reviewer", ("reviewer",)),
        Seat("catalogue", ("catalogue_admin",)),
    ),
    town="Sundsvall",
)
CUSTOMERS = (
    Place(
        "norrsund",
        "Region Norrsund (demo)",
        "2321999001",
        ("customer",),
        (
            Seat("norrsund-admin", ("administrator",)),
            Seat("norrsund-orderer", ("orderer",)),
            Seat("norrsund-attestant", ("attestant",)),
            Seat("norrsund-chief", ("attestant",)),
        ),
        category="region",
        town="Norrsund",
        reference="8123",
        units=(
            ("A101", "Norrsunds sjukhus, medicinkliniken"),
            ("A102", "Norrsunds sjukhus, akutmottagningen"),
            ("A103", "Hamnens hälsocentral"),
            ("A104", "Åsens hälsocentral"),
            ("A105", "Folktandvården Norrsund"),
        ),
    ),
    Place(
        "osterlund",
        "Region Österlund (demo)",
        "2321999019",
        ("customer",),
        (
            Seat("osterlund-admin", ("administrator",)),
            Seat("osterlund-orderer", ("orderer",)),
            Seat("osterlund-both", ("orderer", "attestant")),
            Seat("osterlund-attestant", ("attestant",)),
        ),
        category="region",
        town="Österlund",
        reference="8410",
        units=(
            ("B201", "Österlunds lasarett, kirurgkliniken"),
            ("B202", "Österlunds lasarett, barnkliniken"),
            ("B203", "Vårdcentralen Kvarnen"),
            ("B204", "Vårdcentralen Linden"),
        ),
        four_eyes=True,
    ),
    Place(
        "alvsunda",
        "Älvsunda kommun (demo)",
        "2120999004",
        ("customer",),
        (
            Seat("alvsunda-admin", ("administrator",)),
            Seat("alvsunda-orderer", ("orderer",)),
            Seat("alvsunda-attestant", ("attestant",)),
        ),
        category="municipality",
        town="Älvsunda",
        reference="9001",
        units=(
            ("C301", "Hemsjukvården Norr"),
            ("C302", "Hemsjukvården Söder"),
            ("C303", "Särskilt boende Almgården"),
        ),
    ),
    Place(
        "lindhamra",
        "Lindhamra kommun (demo)",
        "2120999012",
        ("customer",),
        (
            Seat("lindhamra-admin", ("administrator",)),
            Seat("lindhamra-both", ("orderer", "attestant")),
            Seat("lindhamra-attestant", ("attestant",)),
        ),
        category="municipality",
        town="Lindhamra",
        reference="9114",
        units=(
            ("D401", "Kommunrehab Lindhamra"),
            ("D402", "Särskilt boende Björken"),
        ),
    ),
    Place(
        "strandkoping",
        "Strandköpings kommun (demo)",
        "2120999020",
        ("customer",),
        (
            Seat("strandkoping-admin", ("administrator", "contact")),
            Seat("strandkoping-orderer", ("orderer",)),
            Seat("strandkoping-attestant", ("attestant",)),
            Seat("lindhamra-admin", ("orderer", "attestant"), offices=("Barn och utbildning",)),
        ),
        category="municipality",
        offices=("Barn och utbildning", "Vård och omsorg"),
        town="Strandköping",
        reference="9230",
        units=(
            ("E501", "Elevhälsan Strandköping"),
            ("E502", "Hemsjukvården Strandköping"),
            ("E503", "Korttidsboendet Fyren"),
        ),
    ),
    Place(
        "solglantan",
        "Solgläntans Vårdcentral AB (demo)",
        "5599999017",
        ("customer",),
        (
            Seat("solglantan-manager", ("administrator", "attestant")),
            Seat("solglantan-orderer", ("orderer",)),
        ),
        category="private",
        town="Norrsund",
        reference="Solgläntan 12",
        units=(("F601", "Solgläntans vårdcentral"), ("F602", "Solgläntans barnavårdscentral")),
    ),
    Place(
        "hjorten",
        "Hjortens Äldreomsorg AB (demo)",
        "5599999025",
        ("customer",),
        (
            Seat("hjorten-admin", ("administrator",)),
            Seat("hjorten-orderer", ("orderer",)),
            Seat("hjorten-attestant", ("attestant",)),
        ),
        category="private",
        town="Lindhamra",
        reference="Hjorten 40",
        units=(("G701", "Hjortens vårdboende"), ("G702", "Hjortens hemsjukvård")),
        languages={"hjorten-orderer": "nb"},
    ),
    Place(
        "fyrbaken",
        "Fyrbåkens Rehab AB (demo)",
        "5599999033",
        ("customer",),
        (
            Seat("fyrbaken-owner", ("administrator", "orderer")),
            Seat("fyrbaken-attestant", ("attestant",)),
        ),
        category="private",
        town="Strandköping",
        reference="Fyrbåken",
        units=(("H801", "Fyrbåkens rehab"),),
    ),
)
AGENTS = (
    Place(
        "systempartner",
        "Systempartner Nord AB (demo)",
        "5599999041",
        ("agent",),
        (
            Seat("systempartner-admin", ("administrator",)),
            Seat("systempartner-handler", ("agent_handler",), service(*ENGAGED["systempartner"])),
            Seat(
                "systempartner-narrow",
                ("agent_handler",),
                ("service:webcert/source:journalis", "service:eremiss"),
            ),
            Seat("systempartner-attestant", ("attestant",)),
            Seat("systempartner-chief", ("attestant", "engagement_orderer")),
        ),
        town="Sundsvall",
        reference="8765",
        engaged=ENGAGED["systempartner"],
    ),
    Place(
        "vardlanken",
        "Vårdlänken AB (demo)",
        "5599999058",
        ("agent",),
        (
            Seat("vardlanken-admin", ("administrator", "engagement_orderer")),
            Seat(
                "vardlanken-handler",
                ("agent_handler",),
                service("webcert", "journalen", "pascal"),
            ),
            Seat("vardlanken-attestant", ("attestant",)),
            # the same person as the owner of a customer: two organisations, one login
            Seat("fyrbaken-owner", ("agent_handler",), service("sdk", "eremiss")),
        ),
        town="Strandköping",
        reference="7410",
        engaged=ENGAGED["vardlanken"],
        languages={"vardlanken-handler": "en"},
    ),
    Place(
        "kurvan",
        "Kurvan Journalsystem AB (demo)",
        "5599999066",
        ("agent",),
        (  # nobody attests: cannot be chosen until somebody does
            Seat("kurvan-admin", ("administrator",)),
            Seat("kurvan-handler", ("agent_handler",), service(*ENGAGED["kurvan"])),
        ),
        town="Älvsunda",
        reference="6300",
        engaged=ENGAGED["kurvan"],
    ),
)
PLACES = (NORDVARD, *CUSTOMERS, *AGENTS)
BY_KEY = {place.key: place for place in PLACES}

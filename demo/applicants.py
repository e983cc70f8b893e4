"""Those who apply in the demo world: no part of it yet, or only just."""

from dataclasses import dataclass

from demo.places import AGENTS, CUSTOMERS, Place, Seat

Do = tuple[int, str, str, dict]  # working days ago, at a time, what is done, what is given with it


@dataclass(frozen=True)
class Applicant:
    """One application: where it is to stand in the end, and what was done with it."""

    place: Place
    state: str
    deeds: tuple[Do, ...]
    mode: str = "severally"

    @property
    def side(self) -> str:
        return self.place.kinds[0]

    def named(self, part: str) -> list[str]:
        """Who is named in a part: where no seat says it, whoever signed, and the administrator as
        the contact person."""
        signed = [str(deed[3]["who"]) for deed in self.deeds if deed[2] == "sign"]
        otherwise = signed if part == "signatory" else self.seated("administrator")
        return self.seated(part) or otherwise

    def seated(self, role: str) -> list[str]:
        return [seat.who for seat in self.place.seats if role in seat.roles]


def place(key: str, name: str, number: str, kind: str, *signatories: str, **more) -> Place:
    """An administrator, a contact person, and those who sign."""
    names = signatories or (f"{key}-signatory",)
    return Place(
        key,
        f"{name} (demo)",
        number,
        (kind,),
        (
            Seat(f"{key}-admin", ("administrator",)),
            *(Seat(who, ("signatory",)) for who in names),
            Seat(f"{key}-contact", ("contact",)),
        ),
        **more,
    )


TALLBACKEN = place(
    "tallbacken", "Tallbackens Vårdcentral AB", "5599999074", "customer", category="private"
)
BACKEN = place(
    "backen",
    "Bäckens Tandvård AB",
    "5599999082",
    "customer",
    "backen-chair",
    "backen-director",
    category="private",
)
SJOVIK = place("sjovik", "Sjöviks kommun", "2120999038", "customer", category="municipality")
GRANBY = place("granby", "Granby Journal AB", "5599999090", "agent")
MOLNET = place("molnet", "Molnets Vårdsystem AB", "5599999108", "agent")
HAMNEN = place("hamnen", "Hamnens Fotvård", "5599999116", "customer", category="private")

DPO = "Dataskyddsombud hos Advokatbyrån Lagrum (demo), dpo@lagrum.example.org, 070-174 06 05."
ISMS = "ISO/IEC 27001, certifierade sedan 2023. Certifikatet förnyas i maj."

APPLICANTS = (
    Applicant(
        TALLBACKEN,
        "active",
        (
            (11, "10:05", "submit", {}),
            (10, "09:20", "approve", {}),
            (9, "14:35", "sign", {"who": "tallbacken-signatory"}),
        ),
    ),
    Applicant(
        BACKEN,
        "awaiting_signature",
        (
            (6, "13:15", "submit", {}),
            (5, "08:50", "approve", {}),
            (3, "16:20", "sign", {"who": "backen-chair"}),
        ),
        mode="jointly",
    ),
    Applicant(SJOVIK, "submitted", ((2, "15:10", "submit", {}),)),
    Applicant(
        GRANBY,
        "needs_completion",
        (
            (8, "09:40", "submit", {}),
            (8, "10:10", "deliver", {"what": "dpo", "words": DPO}),
            (
                7,
                "13:05",
                "ask",
                {"note": "Skatteutdrag och kreditupplysning saknas. Högst tre månader gamla."},
            ),
        ),
    ),
    Applicant(
        MOLNET,
        "submitted",
        (
            (5, "10:30", "submit", {}),
            (5, "10:42", "deliver", {"what": "tax", "aged": 20}),
            (5, "10:44", "deliver", {"what": "credit", "aged": 9}),
            (5, "10:47", "deliver", {"what": "dpo", "words": DPO}),
            (5, "10:51", "deliver", {"what": "isms", "words": ISMS}),
            (4, "11:00", "tick", {"what": "tax"}),
            (4, "11:04", "tick", {"what": "credit"}),
            (4, "11:15", "note", {"text": "Ring och fråga vad certifikatet omfattar."}),
        ),
    ),
    Applicant(
        HAMNEN,
        "rejected",
        (
            (13, "11:25", "submit", {}),
            (
                12,
                "15:30",
                "reject",
                {"note": "Organisationen är ingen vårdgivare enligt IVO:s register."},
            ),
        ),
    ),
)
APPLYING = tuple(one.place for one in APPLICANTS)

# Those who belong to the house since its first days: their agreements were the first.
FIRST = 175  # working days ago


def of_old(place: Place, minute: int) -> Applicant:
    """Applied, was approved, and whoever attests (or else handles) signed for it."""
    at = f"09:{minute:02}"
    papers: tuple[Do, ...] = ()
    if "agent" in place.kinds:
        given = [
            {"what": "tax", "aged": 20},
            {"what": "credit", "aged": 9},
            {"what": "dpo", "words": DPO},
            {"what": "isms", "words": ISMS},
        ]
        papers = tuple((FIRST, f"10:{minute:02}", "deliver", one) for one in given)
        papers += tuple((FIRST, f"13:{minute:02}", "tick", {"what": one["what"]}) for one in given)
    approved = (FIRST, f"14:{minute:02}", "approve", {})
    signed = (FIRST - 1, at, "sign", {"who": signatory_of(place)})
    return Applicant(place, "active", ((FIRST, at, "submit", {}), *papers, approved, signed))


def signatory_of(place: Place) -> str:
    """The last of those who attest, else of those who work there."""
    others = place.seats[1:]
    attesting = [seat.who for seat in others if "attestant" in seat.roles and not seat.offices]
    return (attesting or [seat.who for seat in others])[-1]


MEMBERS = tuple(of_old(place, nth) for nth, place in enumerate((*CUSTOMERS, *AGENTS)))

"""The agents' engagements of the demo world, played by real deeds; those that are not played were
given before the house kept them, and stand without a case."""

from dataclasses import dataclass

from django.utils import translation

from demo.places import BY_KEY, NORDVARD
from demo.stage import Stage
from ombud.cases.deeds import named
from ombud.orders.engagements import actions
from ombud.orders.engagements.deeds import DEEDS
from ombud.orders.engagements.models import Engagement
from ombud.signing import ceremony
from ombud.signing.models import Signature

LONG_AGO = 100  # working days: what is older is played before the first order
Deed = tuple[int, str, str, str, dict]  # days ago, at, who, deed, what is typed


@dataclass(frozen=True)
class Engaged:
    """One application: by whom, for which service, and what became of it."""

    place: str
    service: str
    state: str
    deeds: tuple[Deed, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.place, self.service


def applies(who: str, days: int, at: str, system: str) -> Deed:
    answers = {"system": system, "tested": True}
    return days, at, who, "apply_for_engagement", {"answers": answers, "accept_terms": True}


def approves(days: int, at: str) -> Deed:
    return days, at, "reviewer", "approve", {}


def attests(who: str, days: int, at: str) -> Deed:
    return days, at, who, "attest", {"decision": "approve", "method": "bankid"}


def says(who: str, days: int, at: str, deed: str, note: str) -> Deed:
    return days, at, who, deed, {"note": note}


CHIEF, ADMIN = "systempartner-chief", "vardlanken-admin"
ONE, OTHER = "systempartner-attestant", "vardlanken-attestant"
ENGAGEMENTS = (
    Engaged(
        "systempartner",
        "npo",
        "active",
        (
            applies(CHIEF, 170, "09:20", "Journalis"),
            approves(169, "10:05"),
            attests(ONE, 168, "13:10"),
        ),
    ),
    Engaged(
        "systempartner",
        "webcert",
        "active",
        (
            applies(CHIEF, 170, "09:45", "Journalis och Vårdflöde"),
            approves(169, "10:20"),
            attests(ONE, 168, "13:25"),
        ),
    ),
    Engaged(
        "vardlanken",
        "webcert",
        "active",
        (
            applies(ADMIN, 167, "14:30", "Vårdlänken Journal"),
            approves(165, "09:00"),
            attests(OTHER, 164, "15:40"),
        ),
    ),
    Engaged(
        "vardlanken",
        "pascal",
        "ended",
        (
            applies(ADMIN, 150, "08:50", "Vårdlänken Dos"),
            approves(149, "11:15"),
            attests(OTHER, 148, "10:05"),
            says(
                ADMIN,
                1,
                "11:30",
                "end",
                "Vårdlänken Dos tas ur drift vid årsskiftet och tar inte emot fler kunder.",
            ),
        ),
    ),
    Engaged(
        "vardlanken",
        "tidbokning",
        "rejected_by_operator",
        (
            applies(ADMIN, 41, "13:00", "Vårdlänken Kalender"),
            says(
                "reviewer",
                39,
                "09:35",
                "reject",
                "Kalendern saknar stöd för av- och ombokning. Ansök igen när det är testat.",
            ),
        ),
    ),
    Engaged(
        "vardlanken",
        "npo",
        "agent_attest",
        (applies(ADMIN, 5, "10:40", "Vårdlänken Journal"), approves(2, "14:15")),
    ),
    Engaged(
        "vardlanken",
        "sakerhetstjanster",
        "needs_completion",
        (
            applies(ADMIN, 6, "15:25", "Vårdlänken Journal"),
            says("reviewer", 3, "10:50", "ask", "Vilken version av loggformatet stöder ni?"),
        ),
    ),
    Engaged(
        "systempartner",
        "sdk",
        "operator_review",
        (applies(CHIEF, 2, "09:05", "Vårdflöde"),),
    ),
)
PLAYED = {one.key for one in ENGAGEMENTS}


def of_old(place: str, applicant: str, attestant: str, system: str) -> tuple[Engaged, ...]:
    """Applied for in the first days, all of them on one, and attested the day after."""
    services = [key for key in BY_KEY[place].engaged if (place, key) not in PLAYED]
    return tuple(
        Engaged(
            place,
            service,
            "active",
            (
                applies(applicant, 172, f"10:{nth:02}", system),
                approves(172, f"14:{nth:02}"),
                attests(attestant, 171, f"11:{nth:02}"),
            ),
        )
        for nth, service in enumerate(services)
    )


ENGAGEMENTS += of_old("systempartner", CHIEF, ONE, "Journalis")
ENGAGEMENTS += of_old("vardlanken", ADMIN, OTHER, "Vårdlänken Journal")
PLAYED |= {one.key for one in ENGAGEMENTS}


def given(place: str, engaged: tuple[str, ...]) -> list[str]:
    """The services of an agent whose engagement is not played."""
    return [service for service in engaged if (place, service) not in PLAYED]


def play(stage: Stage, *, long_ago: bool) -> None:
    """The deeds of long ago, or those since, each in the order of time."""
    told = [(one, deed) for one in ENGAGEMENTS for deed in one.deeds]
    for one, deed in sorted(told, key=lambda row: (-row[1][0], row[1][1])):
        if (deed[0] > LONG_AGO) == long_ago:
            does(stage, one, deed)
            stage.carry()


def does(stage: Stage, one: Engaged, deed: Deed) -> None:
    days, at, who, name, typed = deed
    stage.go_to(days, at)
    by = stage.actor(who, NORDVARD if who == "reviewer" else BY_KEY[one.place])
    assert by.person is not None
    with translation.override(by.person.language):
        if name == "apply_for_engagement":
            person = by.person
            contact = {"name": str(person), "email": person.email, "phone": person.phone}
            asked = {"service": one.service, "contact": contact, **typed}
            stage.sees(by, actions.apply_for_engagement(by=by, **asked).case)
            return
        engagement = present(one)
        stage.sees(by, engagement.case)
        done = ceremony.perform(named(DEEDS, name), engagement, typed, by=by)
        if isinstance(done, Signature):
            stage.sign(done)
        stage.sees(by, engagement.case)


def present(one: Engaged) -> Engagement:
    rows = Engagement.objects.select_related("case", "agent", "operator", "applicant")
    return rows.get(agent__number=BY_KEY[one.place].number, key=one.service)

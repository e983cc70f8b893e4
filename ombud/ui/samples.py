"""Made-up matter for the living page of components: every state once, long words included."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from ombud.lib import clock, money
from ombud.lib.errors import Reason
from ombud.lib.shapes import Shape
from ombud.ui import forms, pieces

QR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 7 7" shape-rendering="crispEdges">'
    '<path fill="#fff" d="M0 0h7v7H0z"/><path d="M0 0h3v3H0zM4 0h3v3H4zM0 4h3v3H0zM4 4h1v1H4zM6 5h1'
    'v2H6zM4 6h1v1H4zM5 4h1v1H5z"/></svg>'
)


class Asked(Shape):
    """A form with every kind of field."""

    name: str = Field(title=_("Name"), max_length=80, json_schema_extra={"autocomplete": "name"})
    email: str = Field(
        title=_("Email"),
        description=_("The receipt is sent here."),
        json_schema_extra={"widget": "email", "autocomplete": "email", "inputmode": "email"},
    )
    phone: str = Field(
        "",
        title=_("Mobile phone"),
        json_schema_extra={"widget": "tel", "autocomplete": "tel", "width": "half"},
    )
    units: int = Field(
        title=_("Number of units"), ge=1, json_schema_extra={"suffix": "st", "width": "short"}
    )
    system: str = Field(title=_("Source system"), json_schema_extra={"widget": "select"})
    attestant: str = Field(
        title=_("Attestant"),
        description=_("The person who approves for your organisation."),
        json_schema_extra={"widget": "radio"},
    )
    known: list[str] = Field(
        default_factory=list, title=_("Care units"), description=_("Choose those to be connected.")
    )
    reason: str = Field(
        title=_("Why do you reject?"),
        description=_("At least 10 characters. Shown to the customer and to the agent."),
        min_length=10,
        json_schema_extra={"widget": "textarea"},
    )
    paper: str = Field(
        "",
        title=_("Attachment"),
        description=_("At most 10 MB; pdf, jpg or png."),
        json_schema_extra={"widget": "file", "accept": ".pdf,.jpg,.png"},
    )
    certify: bool = Field(
        title=_("I certify that the information has been checked."),
        json_schema_extra={"required": True},
    )


def context(request: HttpRequest, language: str) -> dict[str, Any]:
    now = clock.now()
    return {
        "LANGUAGE_CODE": language,
        "frame": frame(language, now),
        "now": now,
        "today": now.date(),
        "qr": QR,
        "steps": road(now),
        "long_road": [*road(now)[:3], *rejected(now)],
        "columns": columns(),
        "rows": rows(now),
        "fields": asked(),
        "wrong": asked(wrong=True),
        "guards": guards(),
        "files": [
            pieces.Attached("Bilaga åäö – förteckning över enheter.pdf", "#", "240 kB", "PDF")
        ],
        "notes": notes(now),
        "said": said(now),
        "prices": prices(),
        "attest": {"name": "attest", "label": _("Attest the order")},
        "recall": {"name": "recall", "label": _("Recall the order")},
        "support": {"name": "Kundservice (demo)", "phone": "+46846500410", "hours": "8–17"},
        "reasons": [
            Reason(
                "not_attestant", str(_("You do not have the role Attestant.")), "right", "Eva Lind"
            ),
            Reason("not_yet", str(_("The agent has not approved yet.")), "time"),
        ],
        "tabs": [
            pieces.Tab(str(_("Action needed")), "#", 3, current=True),
            pieces.Tab(str(_("Updated")), "#", 12),
            pieces.Tab(str(_("All")), "#", "100+"),
        ],
    }


def frame(language: str, now) -> pieces.Frame:
    organisation = {"name": "Region Västerhavet (demo)", "number": "2321000131"}
    return pieces.Frame(
        person="Karin Berg",
        organisation=organisation,
        rail=rail(),
        hats=[
            pieces.Hat(1, "Region Västerhavet (demo)"),
            pieces.Hat(2, "Källans Vårdcentral AB (demo)", 2),
            pieces.Hat(3, "Journalsystem i Norden AB (demo)", 101),
        ],
        unread=3,
        waiting=3,
        language=language,
        languages=[("sv", "Svenska"), ("nb", "Norsk bokmål"), ("en", "English")],
        current="approvals",
        demo=True,
        phones_url="#",
        last_login=now - timedelta(days=1),
        ask_url="#",
    )


def rail() -> list[pieces.RailEntry]:
    return [
        pieces.RailEntry("home", str(_("Home")), "#", "home"),
        pieces.RailEntry("approvals", str(_("My approvals")), "#", "approvals", 3),
        pieces.RailEntry("cases", str(_("Cases")), "#", "cases"),
        pieces.RailEntry("order", str(_("Order")), "#", "order"),
        pieces.RailEntry("notices", str(_("Notices")), "#", "bell", 3),
        pieces.RailEntry("organisation", str(_("Organisation")), "#", "organisation"),
    ]


def road(now) -> list[pieces.Step]:
    customer, agent = "Region Västerhavet (demo)", "Journalsystem i Norden AB (demo)"
    attestant = str(_("Attestant"))
    return [
        pieces.Step(str(_("Ordered")), "done", customer, "Karin Berg", now - timedelta(days=4)),
        pieces.Step(
            str(_("Reviewed by the agent")),
            "done",
            agent,
            "Ali Noor",
            now - timedelta(days=3),
            lines=(str(_("Reminder 1 of 3 sent")),),
        ),
        pieces.Step(
            str(_("Attested by the agent")),
            "current",
            agent,
            attestant,
            now - timedelta(days=1),
            due=now.date() + timedelta(days=11),
        ),
        pieces.Step(str(_("Attested by the customer")), "coming", customer, attestant),
        pieces.Step(str(_("Case at customer service")), "coming", "Inera"),
        pieces.Step(str(_("Being connected")), "coming", agent),
        pieces.Step(str(_("Active")), "coming"),
    ]


def rejected(now) -> list[pieces.Step]:
    agent = "Journalsystem i Norden AB (demo)"
    why = str(_("The source system is not the one that our customer uses."))
    return [
        pieces.Step("", "rejected", agent, "Ali Noor", now, reason=why),
        pieces.Step(str(_("Attested by the customer")), "cancelled"),
        pieces.Step("", "recalled", agent, "", now),
        pieces.Step("", "expired", agent, "", now),
        pieces.Step("", "resting", agent),
        pieces.Step("", "not_needed", agent),
    ]


def columns() -> list[pieces.Column]:
    return [
        pieces.Column("deed", str(_("To do")), sort="?sort=deed"),
        pieces.Column("title", str(_("Order")), main=True),
        pieces.Column("source", str(_("From"))),
        pieces.Column("since", str(_("Waited")), sort="?sort=since", order="descending"),
        pieces.Column("due", str(_("By")), sort="?sort=due"),
        pieces.Column("amount", str(_("Startup fee")), end=True),
    ]


def rows(now) -> list[dict[str, Any]]:
    facts = [
        (
            "RITM0010042",
            _("Attest"),
            "Säkerhetstjänster via Journalsystem i Norden",
            20,
            -2,
            "late",
        ),
        (
            "RITM0010051",
            _("Review"),
            "Nationell patientöversikt (NPÖ) via Journalsystem",
            3,
            11,
            "turn",
        ),
        ("RITM0010063", _("Complete"), "Informationsförfrågningar", 0, 12, ""),
    ]
    return [
        {
            "id": number,
            "number": number,
            "href": "#",
            "deed": deed,
            "title": title,
            "source": "Region Västerhavet (demo)",
            "since": now - timedelta(days=waited, hours=2),
            "due": (now + timedelta(days=left)).date(),
            "amount": money.text(1_250_000),
            "tone": tone,
        }
        for number, deed, title, waited, left, tone in facts
    ]


def asked(*, wrong: bool = False) -> list[forms.Field]:
    typed = {"name": "Karin Berg", "system": "x", "known": ["1", "2"], "attestant": "eva"}
    faults = {
        "email": [_("Fill this in.")],
        "attestant": [_("Choose one of those offered.")],
        "reason": [_("Write at least 10 characters.")],
        "certify": [_("Tick the box to go on.")],
    }
    choices: dict[str, forms.Choices] = {
        "system": [("x", "Journal X"), ("y", "Journal Y")],
        "attestant": [
            pieces.Option("eva", "Eva Lind", "Region Västerhavet (demo)"),
            pieces.Option("jon", "Jon Ek", "Region Västerhavet (demo)"),
            pieces.Option("ida", "Ida Ros", barred=str(_("Lacks the role Attestant."))),
        ],
        "known": [(str(n), f"Källans vårdcentral {n}") for n in range(1, 6)],
    }
    values = {} if wrong else typed
    found = forms.fields_of(Asked, values, faults if wrong else {}, choices)
    for field in found if wrong else ():
        field.name = f"wrong-{field.name}"
    return found


def guards() -> list[pieces.Guard]:
    who = "Eva Lind"
    return [
        pieces.Guard(str(_("Active customer agreement")), True),
        pieces.Guard(
            str(_("You hold the role Orderer")),
            False,
            who=who,
            role="orderer",
            at="2321000131",
        ),
        pieces.Guard(str(_("There is an attestant")), True, text="Jon Ek, Ida Ros"),
    ]


def notes(now) -> list[pieces.Note]:
    customer = "Region Västerhavet (demo)"
    return [
        pieces.Note(
            str(_("Attest the order of Säkerhetstjänster")),
            "#",
            now,
            why=str(_("Because you are Attestant.")),
            number="RITM0010042",
            source=customer,
            due=now.date() + timedelta(days=3),
        ),
        pieces.Note(
            str(_("Review the order of Pascal")),
            "#",
            now - timedelta(days=2),
            number="RITM0010051",
            source=customer,
            read=True,
            settled=str(_("Already decided by Ali Noor.")),
        ),
    ]


def said(now) -> list[pieces.Said]:
    words = str(_("Can the connection be ready before the summer?"))
    return [
        pieces.Said("Karin Berg", "Region Västerhavet (demo)", now - timedelta(days=1), words),
        pieces.Said(
            "Ali Noor",
            "Journalsystem i Norden AB (demo)",
            now,
            str(_("Yes, in week 20.")),
            seen_by=str(_("Seen by customer and agent")),
            mine=True,
        ),
    ]


def prices() -> list[pieces.PriceLine]:
    return [
        pieces.PriceLine(str(_("Startup fee")), money.text(1_250_000), "1 × 12 500 kr"),
        pieces.PriceLine(str(_("Per year")), money.text(480_000), "3 × 1 600 kr"),
        pieces.PriceLine(str(_("First year in all")), money.text(1_730_000), total=True),
    ]

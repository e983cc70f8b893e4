"""What the page of an order shows, gathered for its template; circles are obeyed here."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from ombud.cases import deeds
from ombud.cases.deeds import Deed
from ombud.cases.models import CASE, Event
from ombud.cases.sight import Eyes
from ombud.lib.errors import Reason
from ombud.orders import attaching, ball, costs, drawn, finding, questions, road, terms, vouched
from ombud.orders.deeds import DEEDS
from ombud.orders.models import Approval, Order
from ombud.orders.rules import already
from ombud.orders.states import UNSENT
from ombud.people.actors import Actor
from ombud.people.settings import said
from ombud.ui.doors import url
from ombud.ui.pieces import Said, Step

# The page on which a deed is done; those not named here are done at once, or on the order's page.
DOORS = {
    "save": "order:details",
    "send": "order:check",
    "approve": "order:review",
    "reject": "order:reject",
    "attest": "order:attest",
    "send_back": "order:send_back",
}
PRESSED = {
    "copy": "order:copy",
    "discard": "order:discard",
    "restore": "order:restore",
    "release": "order:release",
    "start": "order:start",
    "report_connected": "order:report_connected",
}
FIRST = ("restore", "send", "approve", "attest", "copy", "release", "start", "report_connected")
NOT_HERE = {"not_draft", "not_discarded"}  # what only a draft knows is not told of elsewhere
PASSED = {"already_handled", "not_rejected", "not_on_the_road", "nobody_before"}
VERBS = {
    "order.begun": gettext_lazy("Draft begun"),
    "order.saved": gettext_lazy("Draft saved"),
    "order.discarded": gettext_lazy("Draft deleted"),
    "order.restored": gettext_lazy("Draft restored"),
    "order.sent": gettext_lazy("Order sent"),
    "order.signed": gettext_lazy("Evidence kept"),
    "order.approved": gettext_lazy("Reviewed and approved"),
    "order.attested": gettext_lazy("Attested"),
    "order.rejected": gettext_lazy("Rejected"),
    "order.sent_back": gettext_lazy("Sent back"),
    "order.noted": gettext_lazy("Inner note written"),
    "order.handed_over": gettext_lazy("Handed over"),
    "order.copied": gettext_lazy("Copied and corrected"),
    "order.released": gettext_lazy("Connection released"),
    "order.started": gettext_lazy("Connection begun"),
    "order.connected": gettext_lazy("Reported as connected"),
    "order.held": gettext_lazy("Held: the agent's engagement has ended"),
    "order.resumed": gettext_lazy("Goes on: the agent has an engagement again"),
    "order.dead_end": gettext_lazy("A step to come has nobody who can take it"),
}
TOLD = {
    "sent": gettext_lazy("Receipt of the order"),
    "review": gettext_lazy("Asked to review"),
    "attest": gettext_lazy("Asked to attest"),
    "rejected": gettext_lazy("Told of the rejection"),
    "moved_on": gettext_lazy("Told that it has moved on"),
    "taken_over": gettext_lazy("Told of having taken it over"),
    "may_connect": gettext_lazy("Told that the connection may begin"),
    "awaits_release": gettext_lazy("Told that the order is attested"),
    "connection_begins": gettext_lazy("Told that the connection begins"),
    "attested_direct": gettext_lazy("Told that the order is attested"),
    "started": gettext_lazy("Told that the connection has begun"),
    "connected": gettext_lazy("Told that the service is active"),
    "held": gettext_lazy("Told that the order is held"),
    "resumed": gettext_lazy("Told that the order goes on"),
    "dead_end": gettext_lazy("Told that nobody can go on"),
}
MAIL = {
    "queued": pgettext_lazy("letter", "Waiting to be sent"),
    "sending": pgettext_lazy("letter", "Being sent"),
    "unknown": pgettext_lazy("letter", "Perhaps sent: no answer came"),
    "accepted": pgettext_lazy("letter", "Sent"),
    "delivered": pgettext_lazy("letter", "Delivered"),
    "failed": pgettext_lazy("letter", "Could not be delivered"),
}
CONNECTED = {"may_connect", "connection_begins", "attested_direct"}


@dataclass(frozen=True)
class Worded:
    """What a history says again and again, in one language."""

    verbs: dict[str, str]
    told: dict[str, str]
    mail: dict[str, str]


@cache
def worded(_language: str | None) -> Worded:
    """In the present language, whose name keeps them apart."""
    return Worded(*({key: str(said) for key, said in of.items()} for of in (VERBS, TOLD, MAIL)))


@dataclass(frozen=True)
class Button:
    """A deed on the page: where it is done, or why it is not."""

    deed: Deed
    reasons: list[Reason]
    href: str = ""
    get: bool = True
    danger: bool = False
    label: str = ""


@dataclass(frozen=True)
class Told:
    who: str
    key: str
    words: str
    at: datetime
    mail: str


@dataclass
class Page:
    """One order, to one pair of eyes."""

    order: Order
    actor: Actor
    eyes: Eyes
    events: list[Event]

    @property
    def number(self) -> str:
        return self.order.case.number

    def context(self) -> dict[str, Any]:
        self.know()
        primary, allowed, barred, others = self.buttons()
        return {
            **facts(self.order, self.eyes),
            "certified": self.vouched(),
            "ball": self.ball(),
            "taken": self.taken(),
            "steps": self.steps(),
            "primary": primary,
            "allowed": allowed,
            "barred": barred,
            "others": others,
            "notes": self.notes(),
            "may_note": not self.reasons_of("note"),
            "cases": getattr(self.order, "cases", []),
            "told": self.told(),
            "happened": drawn.events(
                self.events, worded(get_language()).verbs, getattr(self.order, "vain", [])
            ),
            "signed": self.signed(),
        }

    def ball(self) -> ball.Ball:
        reason = next((step.reason for step in self.road if step.reason), "")
        return ball.of(self.order, self.actor, finding.turn_of(self.order), reason)

    @cached_property
    def road(self) -> list[Step]:
        return road.of(self.order, self.eyes, self.events)

    def steps(self) -> list[Step]:
        """The road; who was told that the connection may begin stands in its step."""
        names = [row.who for row in self.told() if row.key in CONNECTED]
        is_agent = self.actor.is_here(self.order.agent)
        if names and is_agent and self.order.technician:
            names.append(self.order.technician)
        if not names:
            return self.road
        line = _("Told: %(names)s") % {"names": ", ".join(dict.fromkeys(names))}
        place = len(self.road) - 3
        return [
            replace(step, lines=(*step.lines, line)) if at == place else step
            for at, step in enumerate(self.road)
        ]

    def know(self) -> None:
        """What the rules would ask for one by one, looked up at once."""
        done = (
            event
            for event in reversed(self.events)
            if event.circle == CASE and event.verb != "order.signed" and event.person
        )
        self.order.last_deed = next(done, None)

    def offered(self) -> list[tuple[Deed, list[Reason]]]:
        return deeds.offered(DEEDS, self.actor, self.order)

    def reasons_of(self, name: str) -> list[Reason]:
        return deeds.named(DEEDS, name).reasons(self.actor, self.order)

    def buttons(self) -> tuple[Button | None, list[Button], list[Button], list[Button]]:
        """The first thing to do, what else is allowed, what will be, and what others can do."""
        found = [
            button(deed, why, self.number)
            for deed, why in self.offered()
            if deed.name != "note"
            and (deed.name != "release" or self.order.needs_release)
            and not {reason.code for reason in why} & NOT_HERE
        ]
        allowed = [one for one in found if not one.reasons]
        barred = [one for one in found if one.reasons and is_to_come(one.reasons)]
        others = [one for one in found if one.reasons and one not in barred]
        primary = next((one for one in allowed if one.deed.name in FIRST), None)
        rest = [one for one in allowed if one is not primary]
        return primary, rest, barred, others

    def vouched(self) -> list[vouched.Vouched]:
        return [one for one in vouched.of(self.order, self.events) if one.says_something]

    def notes(self) -> list[Said]:
        me = self.actor.person.pk if self.actor.person else None
        return [
            Said(
                f"{row['given']} {row['family']}",
                row["organisation"],
                datetime.fromisoformat(row["at"]),
                row["body"],
                mine=row["person_id"] == me,
            )
            for row in self.order.notes
            if self.eyes.see(row["circle"])
        ]

    def told(self) -> list[Told]:
        words = worded(get_language())
        return [
            Told(
                f"{row['given']} {row['family']}",
                row["words"],
                words.told.get(row["words"], ""),
                datetime.fromisoformat(row["at"]),
                words.mail.get(row["mail"] or "", ""),
            )
            for row in getattr(self.order, "told", [])
            if self.eyes.see(row["circle"])
        ]

    def taken(self) -> str:
        """Who decided what the reader was called to, for whoever comes by an old letter."""
        rows = [row for row in getattr(self.order, "told", []) if row["is_over"] is not None]
        if not rows or not rows[-1]["is_over"]:
            return ""
        called_at = datetime.fromisoformat(rows[-1]["at"])
        decided = [row for row in self.order.road if row.was_open(called_at) and row.decided_at]
        is_own = any(row.decided_by == self.actor.person for row in decided)
        return "" if is_own or not decided else str(already(self.order, decided[-1]).text)

    def signed(self) -> list[dict]:
        """The decisions with their signatures; the evidence itself is for the signer's own."""
        rows = [row for row in self.order.road if row.decided_by and row.is_seen_by(self.eyes)]
        return [self.decision(row) for row in rows]

    def decision(self, row: Approval) -> dict:
        way, href = road.way(row), ""
        if way and self.actor.is_here(row.organisation):
            href = reverse("order:evidence", args=[self.number, row.signature_id])
        return {"row": row, "way": way[0] if way else "", "href": href}


def is_to_come(reasons: list[Reason]) -> bool:
    """The role is there, only the moment is not, or the person who may: it is shown with why."""
    codes = {reason.code for reason in reasons}
    is_about_time = all(reason.because == "time" for reason in reasons)
    return codes == {"four_eyes"} or (is_about_time and not codes & PASSED)


def button(deed: Deed, reasons: list[Reason], number: str) -> Button:
    door = DOORS.get(deed.name) or PRESSED.get(deed.name)
    return Button(
        deed,
        reasons,
        url(door, number) if door else "",
        get=deed.name not in PRESSED,
        danger=deed.name in ("reject", "discard"),
        label=str(LABELS.get(deed.name, "")),
    )


LABELS = {"reject": gettext_lazy("Reject …"), "send_back": gettext_lazy("Send back …")}
LABELS |= {"save": gettext_lazy("Change the draft"), "send": gettext_lazy("Check and send")}


def facts(order: Order, eyes: Eyes) -> dict[str, Any]:
    """What was ordered, as these eyes see it: nothing outside `order.view(eyes)`."""
    view = order.ordered(eyes)
    parts = [part for part in ("customer", "agent") if f"{part}_billing" in view]
    return {
        "order": order,
        "number": order.case.number,
        "title": order.case.title if order.state not in UNSENT else order.titled(),
        "view": view,
        "answers": answered(order),
        "source": order.source_name,
        "contact": questions.readable(order.contact),
        "attached": attaching.listed(order, eyes),
        "bills": [bill(order, part, view) for part in parts],
        "hidden": hidden(order, eyes),
        "terms_title": said(order.terms.read.title),
        "terms_text": terms.text(order.terms),
        "agent_terms_text": terms.text(order.agent_terms) if order.agent_terms else "",
        "agent_terms": order.agent_terms if "agent_terms" in view else None,
    }


def answered(order: questions.Asks) -> list[tuple[str, str]]:
    """The offer's own questions with the answers given."""
    known = {f.name: f for f in (order.form.read.fields if order.form else [])}
    return [
        (said(known[name].label) if name in known else name, answer_words(known.get(name), answer))
        for name, answer in order.answers.items()
        if answer not in (None, "")
    ]


def answer_words(question, answer) -> str:
    """An answer as it is read: the label of what was chosen, yes or no, or the words themselves."""
    if isinstance(answer, bool):
        return _("Yes") if answer else _("No")
    chosen = {o.value: said(o.label) for o in question.options} if question else {}
    return chosen.get(answer, str(answer))


def bill(order: Order, part: str, view: dict) -> dict[str, Any]:
    """What one party pays and where its invoice goes."""
    return {
        "organisation": order.party(part),
        "lines": costs.of(order, part),
        "billing": view[f"{part}_billing"],
    }


def hidden(order: Order, eyes: Eyes) -> list:
    """The parties whose billing these eyes do not see."""
    parts = ["customer", *(["agent"] if order.agent and order.is_via_agent else [])]
    return [order.party(part) for part in parts if not eyes.see(part)]

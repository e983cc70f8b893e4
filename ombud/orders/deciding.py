"""What the pages of a decision show and take: the words to be signed, the ways to sign them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from ombud.cases import timeline
from ombud.cases.deeds import Deed
from ombud.cases.sight import Eyes
from ombud.eid.codes import CodeRefused
from ombud.lib import chain, phones
from ombud.lib.errors import Misshapen, Reason, Refused, misshapen, require, time
from ombud.orders import attestants, methods, papers, questions, terms, vouched
from ombud.orders.answers import Kept
from ombud.orders.catalogue import Step, Terms
from ombud.orders.models import Approval, Order
from ombud.people.actors import Actor
from ombud.people.models import Person
from ombud.people.roles import Role
from ombud.signing import ceremony
from ombud.signing.models import Signature
from ombud.ui.forms import Field
from ombud.ui.pieces import Option

PHONES = ("iPhone", "iPad", "Android")


@dataclass
class Decision:
    """One decision that the actor is about to take on an order."""

    order: Order
    eyes: Eyes
    deed: Deed
    decision: str
    actor: Actor
    browser: str = ""

    def __post_init__(self) -> None:
        self.by = self.deed.fits(self.actor, self.order)
        assert self.order.step is not None
        self.step: Step = self.order.step

    @property
    def name(self) -> str:
        return f"order.{self.deed.name}"

    # What is shown

    def summary(self, attestant: str = "", note: str = "", alone: str = "") -> dict[str, str]:
        """The words that will be signed, with what is chosen and written so far."""
        if attestant and attestants.reasons(self.by, self.order, self.step, attestant):
            attestant = ""
        return {
            "text": self.sketch(attestant, note, alone),
            "shown": self.shown(attestant),
            "shown_with": attestant,
        }

    def shown(self, attestant: str = "") -> str:
        """What stands on the page, as a digest: changed in between, it is shown anew. Only the
        words that the person writes are left out."""
        facts = papers.facts(self.order, self.decision, by=self.by)
        return chain.sha256(f"{self.sketch(attestant)}\n{chain.canonical(facts)}")

    def sketch(self, attestant: str, note: str = "", alone: str = "") -> str:
        why = alone if self.tells_why else None
        return papers.sketch(self.order, self.decision, attestant, note, alone=why, by=self.by)

    def context(self, kept: Kept) -> dict[str, Any]:
        organisation = self.order.party(self.step.party)
        return {
            "step": self.step,
            "by_code": self.by_code,
            "organisation": organisation,
            "role": Role(self.step.role).label,
            "instead_of": self.by.instead_of,
            "before": self.before(),
            "way": self.way(kept),
            "changed": self.changed(),
        }

    @cached_property
    def tells_why(self) -> bool:
        """Whether the organisation lets who prepared the order decide on it with a reason."""
        is_asked = methods.policy_for(self.by, self.order, self.step) == "reason"
        return is_asked and self.decision == "approve"

    def before(self) -> list[vouched.Vouched]:
        """What holds of what was decided before, with the words that were written beside it."""
        if not self.approved:
            return []
        said = timeline.of(self.order.case, self.eyes).filter(verb__in=vouched.SAID_IN)
        return vouched.of(self.order, said)

    @property
    def approved(self) -> list[Approval]:
        """Who has said yes so far."""
        return [row for row in self.order.road if row.outcome == "approved"]

    def way(self, kept: Kept) -> Field:
        """How to sign: what was chosen last time is chosen again, if it is open."""
        options = self.ways()
        is_open = {option.value for option in options if not option.barred}
        person = self.actor.person
        wished = [kept.value("way"), person.method if person else "", *sorted_open(options)]
        return Field(
            "way",
            _("How do you want to sign?") if not self.by_code else _("How do you want to confirm?"),
            kind="radio",
            value=next((one for one in wished if one in is_open), ""),
            options=tuple(options),
            errors=tuple(kept.errors.get("way", ()) or kept.errors.get("method", ())),
        )

    @property
    def by_code(self) -> bool:
        return "sms" in self.step.methods

    def ways(self) -> list[Option]:
        """On a phone this device first, on a computer the QR code."""
        return ways_of(methods.of(self.by, self.order), self.actor, self.browser)

    def changed(self) -> dict | None:
        """What has changed since the actor's last signature, if that was for other words."""
        last = self.last
        if last is None or last.hint != "stale":
            return None
        given = {name: value for name, value in last.arguments.items() if name != "decision"}
        given["by"] = self.by
        with translation.override(last.language):  # word against word, as they were signed
            now = papers.text(self.order, self.decision, **given).splitlines()
        before = last.document.splitlines()
        events = timeline.of(self.order.case, self.eyes).filter(at__gte=last.begun_at)
        return {
            "since": last.begun_at,
            "gone": [line for line in before if line and line not in now],
            "new": [line for line in now if line and line not in before],
            "events": [event for event in events if event.verb != "order.signed"],
        }

    @cached_property
    def last(self) -> Signature | None:
        """The actor's latest attempt at this decision in this turn, when it led nowhere; also one
        that outlived its turn, and so was for other words."""
        tried = Signature.objects.filter(
            case=self.order.case, person=self.actor.person, deed=self.name
        )
        row = tried.order_by("-begun_at").first()
        if row is None or row.status != Signature.Status.FAILED:
            return None
        asked_at = [one.asked_at for one in self.order.road if one.outcome == "waiting"]
        is_now = not asked_at or asked_at[0] is None or row.begun_at >= asked_at[0]
        is_now = is_now or row.hint == "stale"
        return (
            row
            if is_now and row.arguments.get("decision", self.decision) == self.decision
            else None
        )

    # What is taken

    def require_unchanged(self, shown: str, shown_with: str = "") -> None:
        if shown != self.shown(shown_with):
            text = _(
                "The order has changed since this page was shown. Read it again before you go on."
            )
            raise Refused([time("changed", text)])

    def sign(self, typed: dict, way: str, asked: ceremony.Asked) -> Signature:
        """Begin the signing; the person's choice is remembered."""
        person = self.actor.person
        assert person is not None
        if way not in {option.value for option in self.ways() if not option.barred}:
            raise misshapen(way=_("Choose how."))
        Person.objects.filter(pk=person.pk).exclude(method=way).update(method=way)
        method = "sms" if way == "sms" else "bankid"
        try:
            begun = ceremony.perform(
                self.deed, self.order, {**typed, "method": method}, by=self.actor, asked=asked
            )
        except CodeRefused as no:
            raise misshapen(way=str(no)) from no
        assert isinstance(begun, Signature)
        return begun


def ways_of(open_to: dict[str, list[Reason]], actor: Actor, browser: str = "") -> list[Option]:
    """What the person chooses among, each with what bars it."""
    found = []
    for method, reasons in open_to.items():
        barred = " ".join(str(reason.text) for reason in reasons)
        found += by_sms(actor, barred) if method == "sms" else by_bankid(browser, barred)
    return found


def by_bankid(browser: str, barred: str) -> list[Option]:
    ways = [
        Option("here", _("BankID on this device"), barred=barred),
        Option("other", _("BankID on another device"), _("With a QR code"), barred),
    ]
    is_phone = any(kind in browser for kind in PHONES)
    return ways if is_phone else ways[::-1]


def by_sms(actor: Actor, barred: str) -> list[Option]:
    person = actor.person
    masked = phones.masked(person.phone) if person and person.phone else ""
    label = _("Code by SMS to %(phone)s") % {"phone": masked} if masked else _("Code by SMS")
    return [Option("sms", label, _("Weaker than BankID"), barred)]


def sorted_open(options: list[Option]) -> list[str]:
    return [option.value for option in options if not option.barred]


def review_fields(decision: Decision, kept: Kept) -> dict[str, Any]:
    """What a review must give besides: attestant, billing, note; filled in with what was typed
    before, also when that signing came to nothing."""
    step, order = decision.step, decision.order
    organisation = order.party(step.party)
    tried = decision.last.arguments if decision.last else {}
    stored = tried.get("billing") or order.agent_billing or organisation.billing
    return {
        "attestant": chosen(decision, kept, tried) if step.chooses else None,
        "billing": questions.billing(stored, kept, organisation) if step.billing else [],
        "agent_terms": terms_of(order) if step.terms else None,
        "agent_terms_text": terms.text(terms_of(order)) if step.terms else "",
        "accept_terms": kept.value("accept_terms") == "on" or bool(tried.get("accept_terms")),
        "note": note_field(kept, tried),
        "certify": papers.certified(step),
    }


def terms_of(order: Order) -> Terms:
    return order.agent_terms or order.terms


def chosen(decision: Decision, kept: Kept, tried: dict) -> Field:
    options = attestants.of(
        decision.order.party(decision.step.party),
        decision.by,
        attestants.scope_of(decision.order, decision.step),
    )
    able = [option for option in options if not option.barred]
    only = able[0].value if len(able) == 1 else ""
    return Field(
        "attestant",
        _("Who attests?"),
        kind="radio" if len(able) <= 5 else "select",
        value=kept.value("attestant", tried.get("attestant") or only),
        options=tuple(options),
        errors=tuple(kept.errors.get("attestant", ())),
    )


def note_field(kept: Kept, tried: dict) -> Field:
    return Field(
        "note",
        _("Note"),
        kind="textarea",
        value=kept.value("note", tried.get("note", "")),
        hint=_("Shown to everybody who sees the order. It becomes part of the decision."),
        errors=tuple(kept.errors.get("note", ())),
        required=False,
        rows=3,
        maxlength=2000,
    )


def alone_field(decision: Decision, kept: Kept) -> Field | None:
    """Asked only where the organisation wants to be told why one person decides alone."""
    if not decision.tells_why:
        return None
    tried = decision.last.arguments if decision.last else {}
    return Field(
        "alone",
        _("Why do you decide on what you prepared yourself?"),
        kind="textarea",
        value=kept.value("alone", tried.get("alone", "")),
        hint=_("Your organisation asks for it. It is signed, and shown to all who see the order."),
        errors=tuple(kept.errors.get("alone", ())),
        rows=2,
        maxlength=2000,
    )


def alone_typed(decision: Decision, typed: str) -> str:
    if not decision.tells_why:
        return ""
    if len(typed.strip()) < 10:
        raise misshapen(alone=_("Say why in at least 10 characters."))
    return typed


def require_complete(decision: Decision, typed: dict) -> None:
    """Told before the signing, not after it."""
    given = {name: typed[name] for name in ("attestant", "certify", "accept_terms", "billing")}
    if lacking := papers.lacking(decision.order, **given):
        raise Misshapen(lacking)


def require_long_enough(note: str) -> None:
    if len(note) < 10:
        raise misshapen(note=_("Say why in at least 10 characters."))


def require_open(decision: Decision) -> None:
    require(decision.deed.reasons(decision.actor, decision.order))

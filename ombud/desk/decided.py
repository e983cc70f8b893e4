"""What has been decided in one's organisation, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from ombud.agreements.models import Agreement
from ombud.cases import lists
from ombud.cases.models import Case, Event
from ombud.orders.engagements.models import Engagement
from ombud.orders.models import Approval
from ombud.signing.models import Signature

LIMIT = 25

OUTCOMES = {
    Approval.Outcome.APPROVED: pgettext_lazy("decision", "Approved"),
    Approval.Outcome.REJECTED: pgettext_lazy("decision", "Rejected"),
    Approval.Outcome.SENT_BACK: pgettext_lazy("decision", "Sent back"),
}
TONES = {
    Approval.Outcome.APPROVED: "done",
    Approval.Outcome.REJECTED: "late",
    Approval.Outcome.SENT_BACK: "neutral",
}


# What is told of a decision where there are no steps in rows of their own.
SAID = [
    "engagement.approved",
    "engagement.attested",
    "engagement.rejected",
    "agreement.approved",
    "agreement.rejected",
]


@dataclass(frozen=True)
class Decided:
    case_id: int
    number: str
    title: str
    customer: str
    outcome: str
    tone: str
    who: str
    is_mine: bool
    instead_of: str
    at: datetime
    method: str

    @property
    def id(self) -> str:
        return self.number

    @property
    def href(self) -> str:
        return reverse("desk:case", args=[self.number])


def of(actor, *, q: str = "", cursor: str = "") -> tuple[list[Decided], str]:
    """Decisions of the actor's organisation in cases that the actor sees, of whatever kind."""
    place = lists.read_cursor(cursor)
    orders = [as_decided(row, actor) for row in steps(actor, q, place)]
    others = [as_said(row, actor) for row in said(actor, q, place)]
    found = sorted([*orders, *others], key=lambda one: (one.at, one.case_id), reverse=True)
    shown = found[:LIMIT]
    return shown, after(shown[-1]) if len(found) > LIMIT else ""


def steps(actor, q: str, place) -> list[Any]:
    """The steps of orders that were decided."""
    rows = Approval.objects.filter(
        organisation=actor.organisation,
        outcome__in=Approval.DECIDED,
        order__case__in=Case.objects.visible_to(actor),
    )
    if q:
        rows = rows.filter(named("order__case", q) | Q(order__customer__name__icontains=q))
    if place:
        at, case = place
        rows = rows.filter(Q(decided_at__lt=at) | Q(decided_at=at, order__lt=case))
    joined = rows.select_related(
        "order__case", "order__customer", "decided_by", "instead_of", "signature"
    ).defer("signature__document", "signature__snapshot", "signature__claims")
    return list(joined.order_by("-decided_at", "-order")[: LIMIT + 1])


def said(actor, q: str, place) -> list[Any]:
    """The decisions on engagements and applications, as their events tell."""
    here = actor.organisation
    engagements = Engagement.objects.filter(Q(agent=here) | Q(operator=here)).values("case")
    agreements = Agreement.objects.filter(operator=here).values("case")
    rows = Event.objects.filter(
        Q(case__in=engagements) | Q(case__in=agreements),
        organisation=here,
        verb__in=SAID,
        case__in=Case.objects.visible_to(actor),
    )
    if q:
        whose = Q(case__engagement__agent__name__icontains=q)
        rows = rows.filter(named("case", q) | whose | Q(case__agreement__name__icontains=q))
    if place:
        at, case = place
        rows = rows.filter(Q(at__lt=at) | Q(at=at, case__lt=case))
    joined = ("case__engagement__agent", "case__agreement", "person", "instead_of")
    return list(rows.select_related(*joined).order_by("-at", "-case")[: LIMIT + 1])


def named(case: str, q: str) -> Q:
    """Cases whose title, in any language, or number is asked for."""
    found = Q(**{f"{case}__first_title__icontains": q})
    for code, _name in settings.LANGUAGES:
        found |= Q(**{f"{case}__titles__{code}__icontains": q})
    return found | Q(**{f"{case}__number": lists.number_of(q)})


def after(last: Decided) -> str:
    place: Any = SimpleNamespace(moved_at=last.at, case_id=last.case_id)
    return lists.write_cursor(place)


def as_decided(row: Any, actor) -> Decided:
    return Decided(
        case_id=row.order_id,
        number=row.order.case.number,
        title=row.order.case.title,
        customer=row.order.customer.name,
        outcome=str(OUTCOMES[row.outcome]),
        tone=TONES[row.outcome],
        who=str(row.decided_by or ""),
        is_mine=row.decided_by_id == actor.person.pk,
        instead_of=str(row.instead_of or ""),
        at=row.decided_at,
        method=str(row.signature.get_method_display()) if row.signature else "",
    )


def as_said(row: Any, actor) -> Decided:
    outcome, method = outcome_of(row), row.data.get("method", "")
    of_agent = row.case.kind == Case.Kind.ENGAGEMENT
    return Decided(
        case_id=row.case_id,
        number=row.case.number,
        title=row.case.title,
        customer=row.case.engagement.agent.name if of_agent else row.case.agreement.name,
        outcome=str(OUTCOMES[outcome]),
        tone=TONES[outcome],
        who=str(row.person or ""),
        is_mine=row.person_id == actor.person.pk,
        instead_of=str(row.instead_of or ""),
        at=row.at,
        method=str(Signature.Method(method).label) if method else "",
    )


def outcome_of(row: Any) -> Approval.Outcome:
    is_no = row.verb.endswith(".rejected")
    return Approval.Outcome.REJECTED if is_no else Approval.Outcome.APPROVED

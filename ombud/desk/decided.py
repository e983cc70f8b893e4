"""What has been decided in one's organisation, the newest first."""

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from ombud.cases import lists
from ombud.cases.models import Case
from ombud.orders.models import Approval

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


@dataclass(frozen=True)
class Decided:
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
    """Decisions of the actor's organisation in cases that the actor sees."""
    rows = Approval.objects.filter(
        organisation=actor.organisation,
        outcome__in=Approval.DECIDED,
        order__case__in=Case.objects.visible_to(actor),
    )
    if q:
        number = lists.number_of(q)
        named = Q(order__case__first_title__icontains=q) | Q(order__customer__name__icontains=q)
        for code, _name in settings.LANGUAGES:
            named |= Q(**{f"order__case__titles__{code}__icontains": q})
        rows = rows.filter(named | Q(order__case__number=number))
    if place := lists.read_cursor(cursor):
        at, pk = place
        rows = rows.filter(Q(decided_at__lt=at) | Q(decided_at=at, pk__lt=pk))
    joined = rows.select_related(
        "order__case", "order__customer", "decided_by", "instead_of", "signature"
    ).defer("signature__document", "signature__snapshot", "signature__claims")
    found = list(joined.order_by("-decided_at", "-pk")[: LIMIT + 1])
    shown = [as_decided(row, actor) for row in found[:LIMIT]]
    return shown, after(found[LIMIT - 1]) if len(found) > LIMIT else ""


def after(last: Any) -> str:
    place: Any = SimpleNamespace(moved_at=last.decided_at, case_id=last.pk)
    return lists.write_cursor(place)


def as_decided(row: Any, actor) -> Decided:
    return Decided(
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

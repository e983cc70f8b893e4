"""The list of requests: state, age, reminders, how the message fared; narrowed and paged."""

from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL

from ombud.inquiries.models import Inquiry, Sms
from ombud.inquiries.states import OPEN, State
from ombud.lib import phones
from ombud.people.actors import Actor
from ombud.sync.ledger import STATE
from ombud.sync.states import State as Synced

PAGE = 25
SYNC = STATE.replace("k.id", "inquiries_inquiry.case_id")  # as the ledger says, for each row
GROUPS: dict[str, tuple[str, ...]] = {
    "open": tuple(OPEN),
    "signed": (State.APPLIED, State.COMPLETED),
    "ended": (State.FAILED, State.CANCELLED, State.REFUSED),
    **{state: (state,) for state in State.values},
}
DELIVERIES = {
    "none": Q(delivery=None),
    "waiting": Q(delivery__in=["queued", "sending"]),
    "sent": Q(delivery__in=["accepted", "unknown"]),
    "delivered": Q(delivery="delivered"),
    "failed": Q(delivery="failed"),
}


@dataclass(frozen=True)
class Asked:
    """How the reader wants the list; every part stands in the address."""

    q: str = ""
    state: str = ""
    delivery: str = ""
    sync: str = ""
    after: int = 0

    @property
    def active(self) -> int:
        return sum(bool(one) for one in (self.state, self.delivery, self.sync))


def read(query) -> Asked:
    """What is unknown is not asked for."""
    names = ("state", "delivery", "sync", "after")
    state, delivery, sync, after = (query.get(name, "") for name in names)
    return Asked(
        q=query.get("q", "").replace("\0", "").strip()[:100],
        state=state if state in GROUPS else "",
        delivery=delivery if delivery in DELIVERIES else "",
        sync=sync if sync in Synced.values else "",
        after=int(after) if after.isdecimal() and len(after) < 18 else 0,
    )


def of(actor: Actor, asked: Asked) -> tuple[list[Any], int | None]:
    """One page, the newest first, and where the next one begins: one statement."""
    rows = narrowed(Inquiry.objects.visible_to(actor), asked)
    if asked.after:
        rows = rows.filter(pk__lt=asked.after)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


def narrowed(rows: QuerySet, asked: Asked) -> QuerySet:
    latest = Sms.objects.filter(inquiry=OuterRef("pk")).order_by("-pk")
    rows = rows.filter(case__kind="inquiry").annotate(
        number=F("case__number"),
        reference=F("case__reference"),
        delivery=Subquery(latest.values("letter__state")[:1]),
        sync=RawSQL(SYNC, [], output_field=CharField(null=True)),
    )
    if asked.state:
        rows = rows.filter(state__in=GROUPS[asked.state])
    if asked.delivery:
        rows = rows.filter(DELIVERIES[asked.delivery])
    if asked.sync:
        rows = rows.filter(sync=asked.sync)
    return rows.filter(matching(asked.q)) if asked.q else rows


def matching(words: str) -> Q:
    found = Q(number__iexact=words) | Q(reference__icontains=words) | Q(name__icontains=words)
    try:
        return found | Q(mobile=phones.parse(words))
    except phones.NotAPhone:
        return found

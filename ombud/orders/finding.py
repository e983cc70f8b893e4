"""An order as its reader meets it, with all that its page shows: found, or it does not exist."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, Count, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Cast, Concat, JSONObject
from django.http import Http404

from ombud.cases.models import Message, Seen, Sight, Turn
from ombud.cases.sight import Eyes
from ombud.orders.models import Approval, Order
from ombud.people import keys
from ombud.people.actors import Actor
from ombud.people.models import Notice
from ombud.post.models import Letter
from ombud.servicecases.models import ServiceCase

JOINED = "case customer agent operator orderer attestant copied_from".split()
SIGNED = ("signature__document", "signature__snapshot", "signature__claims")


def of(actor: Actor, number: str) -> tuple[Order, Eyes]:
    """The order and its reader's eyes, in one statement, then its approvals."""
    return seen(actor, number, Order.objects.all())


def whole(actor: Actor, number: str) -> tuple[Order, Eyes]:
    """As `of`, in as many statements; also turns, notes, letters and linked cases."""
    return seen(actor, number, Order.objects.annotate(**beside(actor)))


def seen(actor: Actor, number: str, rows: QuerySet[Order]) -> tuple[Order, Eyes]:
    held = keys.of(actor)
    sights = Sight.objects.filter(case=OuterRef("pk"), key__in=list(held))
    found = rows.filter(case__number=number.upper()).select_related(*JOINED)
    found = found.annotate(sights=gathered(sights, "key", "circles", "moved_at"))
    order: Any = found.prefetch_related(Prefetch("approvals", road())).first()
    if order is None or not order.sights:
        raise Http404
    return order, eyes(order.sights, held)


def eyes(sights: list[dict], held: dict) -> Eyes:
    return Eyes(
        keys=tuple(row["key"] for row in sights),
        circles=frozenset(circle for row in sights for circle in row["circles"]),
        moved_at=max(datetime.fromisoformat(row["moved_at"]) for row in sights),
        roles=frozenset(why.role for row in sights for why in held[row["key"]]),
    )


def road() -> QuerySet[Approval]:
    people = ("organisation", "person", "decided_by", "instead_of", "signature")
    return Approval.objects.select_related(*people).defer(*SIGNED).order_by("pk")


def beside(actor: Actor) -> dict:
    """What stands beside an order, as rows of plain facts; circles are looked at by whoever shows
    them."""
    return {
        "turns": gathered(
            Turn.objects.filter(case=OuterRef("pk"), until=None, shadow=False).order_by("pk"),
            *("organisation_id", "role", "scope", "person_id", "since", "due_at", "key"),
        ),
        "notes": gathered(
            Message.objects.filter(case=OuterRef("pk")).order_by("at", "pk"),
            *("circle", "at", "body", "person_id"),
            given="person__given",
            family="person__family",
            organisation="organisation__name",
        ),
        "told": told(actor),
        "cases": cases(actor),
        "looked_at": Subquery(
            Seen.objects.filter(case=OuterRef("pk"), person=actor.person).values("at")
        ),
        "unread": Subquery(
            Notice.objects.of(actor.person, actor.organisation)
            .filter(case_number=OuterRef("case__number"), read_at=None)
            .values("case_number")
            .annotate(count=Count("pk"))
            .values("count")
        ),
    }


def told(actor: Actor) -> ArraySubquery:
    """Who of the actor's own organisation was told what, and how the mail fared."""
    key = Concat(Value("notice:"), Cast(OuterRef("pk"), CharField()), Value(":email"))
    mail = Subquery(Letter.objects.filter(key=key).values("state"))
    rows = Notice.objects.filter(
        case_number=OuterRef("case__number"), organisation=actor.organisation
    )
    return gathered(
        rows.annotate(mail=mail).order_by("pk"),
        *("circle", "words", "at", "mail"),
        given="person__given",
        family="person__family",
    )


def cases(actor: Actor) -> ArraySubquery:
    """The customer-service cases that came of the order, if the actor sees them."""
    opened = Sight.objects.filter(case=OuterRef("case"), key__in=list(keys.of(actor)))
    rows = ServiceCase.objects.filter(origin=OuterRef("pk"), case__in=opened.values("case"))
    return gathered(rows.order_by("pk"), "state", number="case__number")


def gathered(rows: QuerySet, *names: str, **more: str) -> ArraySubquery:
    wanted = {name: name for name in names} | more
    return ArraySubquery(rows.values(row=JSONObject(**wanted)))


def turn_of(order: Order) -> Turn | None:
    """The turn that is open, out of what `whole` found."""
    rows = getattr(order, "turns", None) or []
    if not rows:
        return None
    plain = {**rows[0], "since": moment(rows[0]["since"]), "due_at": moment(rows[0]["due_at"])}
    return Turn(case=order.case, **plain)


def moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None

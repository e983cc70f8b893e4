"""What those before one vouched for on the way: certified, accepted and said, as it holds now."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ombud.cases.models import Event
from ombud.cases.timeline import words_of
from ombud.orders import road
from ombud.orders.catalogue import Step, Terms
from ombud.orders.models import Approval, Order
from ombud.people.models import Person

SAID_IN = ("order.approved", "order.attested")


@dataclass(frozen=True)
class Vouched:
    """A yes that holds; `comment` is what was written beside it."""

    who: Person | None
    instead_of: Person | None
    organisation: str
    at: datetime | None
    way: str
    certified: str
    comment: str
    terms: Terms | None

    @property
    def says_something(self) -> bool:
        return bool(self.certified or self.comment)


def of(order: Order, events: Iterable[Event]) -> list[Vouched]:
    """One a step: what was sent back is asked anew, and holds no more."""
    said = comments(events)
    rows = [(step, latest(order, step)) for step in order.steps]
    return [one(order, step, row, said) for step, row in rows if row and row.outcome == "approved"]


def comments(events: Iterable[Event]) -> dict[str, str]:
    """What was written beside a yes, by its signature."""
    told = [event for event in events if event.verb in SAID_IN]
    return {event.data.get("signature", ""): words_of(event).get("note", "") for event in told}


def latest(order: Order, step: Step) -> Approval | None:
    rows = [row for row in order.road if row.step == step.state]
    return rows[-1] if rows else None


def one(order: Order, step: Step, row: Approval, said: dict[str, str]) -> Vouched:
    return Vouched(
        row.decided_by,
        row.instead_of,
        row.organisation.name,
        row.decided_at,
        road.way(row)[0],
        row.certified,
        said.get(str(row.signature_id), ""),
        order.agent_terms if step.terms else None,
    )

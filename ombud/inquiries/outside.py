"""What a request does beyond its own flat: the customer card and the repair case that come of it,
and what the other system is told."""

from typing import Any

from django.db.models import Q

from ombud.inquiries.models import Inquiry
from ombud.inquiries.states import State
from ombud.people.actors import Actor
from ombud.sync import ledger
from ombud.sync import steps as sync
from ombud.sync.states import State as Synced

COMPARED = "inquiries.compared"  # the job that the ledger wakes

# What is read there, by the names that the form's questions prefill from.
KNOWN = {
    "customer_mobile": "mobile",
    "customer_email": "email",
    "customer_address": "street",
    "customer_postcode": "postcode",
    "customer_city": "city",
    "object_type": "object",
    "brand": "brand",
    "model": "model",
    "serial": "serial",
    "fault": "fault",
}
STATUSES = {
    State.SMS_SENT: "Sent",
    State.SMS_DELIVERED: "Sent",
    State.OPENED: "Opened",
    State.SUBMITTED: "Opened",
    State.APPLIED: "Signed",
    State.COMPLETED: "Completed",
    State.REFUSED: "Refused",
    State.FAILED: "Failed",
    State.CANCELLED: "Failed",
}
REQUEST_OPEN, NOT_FOUND = "request_open", "case_not_found"


def known_of(record: dict[str, str | None]) -> dict[str, str]:
    """What a record there tells of the customer and the matter."""
    found = {ours: record.get(theirs) or "" for theirs, ours in KNOWN.items()}
    given, _blank, family = (record.get("customer_name") or "").strip().rpartition(" ")
    found |= {"given": given, "family": family}
    return {name: value for name, value in found.items() if value}


def connect(inquiry: Inquiry, *, by: Actor) -> None:
    """From now on the request is that record there."""
    if inquiry.system is None or inquiry.outcome == NOT_FOUND:
        return
    place = (inquiry.system, inquiry.table, inquiry.record)
    sync.link(inquiry.case, *place, by=by, then=COMPARED)


def tell(inquiry: Inquiry, *, by: Actor, mobile: bool = False) -> None:
    """How the request stands now. Each event of it is told once."""
    if inquiry.system is None:
        return
    key = f"{inquiry.case.number}:{inquiry.case.head_seq}"
    sync.owe(inquiry.case, facts(inquiry, mobile), by=by, key=key)


def facts(inquiry: Inquiry, mobile: bool) -> dict[str, Any]:
    """What may not disturb the open request that the record has already is left out."""
    why = "cancelled" if inquiry.state == State.CANCELLED else inquiry.outcome
    if inquiry.outcome == REQUEST_OPEN:
        return {"failed_reason": why}
    told: dict[str, Any] = {"request_id": inquiry.case.number, "sms_count": inquiry.sent}
    if status := STATUSES.get(State(inquiry.state)):
        told["request_status"] = status
    if why:
        told["failed_reason"] = why
    if last := inquiry.messages.order_by("pk").last():
        told["last_sms_at"] = last.at
    if mobile:
        told["customer_mobile"] = inquiry.mobile
    return told


def let_go(inquiry: Inquiry, *, by: Actor) -> None:
    """Another request speaks for the record from now on: this one only reads."""
    if inquiry.system is not None:
        sync.read_only(inquiry.case, "ours", by=by)


def request_of(number: str) -> Inquiry | None:
    """The request of this number, or the one that this repair has come of."""
    rows = Inquiry.objects.select_related("case", "portal", "repair")
    return rows.filter(Q(case__number=number) | Q(repair__number=number)).first()


def is_verified(inquiry: Inquiry) -> bool:
    """Whether all that was told of the request and of its repair reads back the same."""
    cases = [case for case in (inquiry.case, inquiry.repair) if case]
    found = ledger.states([case.pk for case in cases])
    return len(found) == len(cases) and set(found.values()) == {Synced.SYNCED}


def differs(inquiry: Inquiry, person: dict[str, str]) -> bool:
    """Whether whoever signed has another family name than whom the other system knows, or than
    stands in the form."""
    names = (inquiry.known.get("family", ""), inquiry.answers["values"].get("family", ""))
    return any(name and folded(name) != folded(person["family"]) for name in names)


def folded(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())

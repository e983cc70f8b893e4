"""What a request does beyond its own flat: the customer card and the repair case that come of it,
and what the other system is told."""

import unicodedata
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ombud.cases.models import Case
from ombud.inquiries import filing, papers
from ombud.inquiries.models import Inquiry
from ombud.inquiries.states import OPEN, State
from ombud.lib import days
from ombud.lib.errors import Reason, time
from ombud.lib.identifiers import masked_person
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.settings import said
from ombud.servicecases import steps as service
from ombud.servicecases.linked import Linked
from ombud.servicecases.models import Repair
from ombud.servicecases.states.repair import Side
from ombud.sync import ledger, webhooks, wording
from ombud.sync import steps as sync
from ombud.sync.faults import Absent, Fault
from ombud.sync.models import System
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
NOT_FOUND = "case_not_found"
LIVE = [*OPEN, State.APPLIED]
OVER = (State.REFUSED, State.FAILED, State.CANCELLED)


def known_of(record: dict[str, str | None]) -> dict[str, str]:
    """What a record there tells of the customer and the matter."""
    found = {ours: record.get(theirs) or "" for theirs, ours in KNOWN.items()}
    given, _blank, family = (record.get("customer_name") or "").strip().rpartition(" ")
    found |= {"given": given, "family": family}
    return {name: value for name, value in found.items() if value}


def system_of(portal: Organisation, pk: int) -> System | None:
    return System.objects.filter(organisation=portal, pk=pk).first()


def not_there(portal: Organisation | None, source: dict | None) -> list[Reason]:
    """Whether the record is known not to exist; where nobody can tell now, it may. Talks to the
    network: no transaction may be open."""
    system = system_of(portal, source["system"]) if portal and source else None
    if system is None or source is None:
        return []
    try:
        webhooks.fetch(system, system.table, source["record"])
    except Absent:
        text = _("There is no such case in %(system)s.") % {"system": system}
        return [time(NOT_FOUND, text)]
    except Fault:
        return []
    return []


def connect(inquiry: Inquiry, *, by: Actor) -> None:
    """From now on the request is that record there."""
    if inquiry.system is None or inquiry.outcome == NOT_FOUND or rival(inquiry):
        return
    for before in at_record(inquiry).filter(state__in=OVER, case__links__frozen=""):
        let_go(before, by=by)
    place = (inquiry.system, inquiry.table, inquiry.record)
    sync.link(inquiry.case, *place, by=by, then=COMPARED)


def at_record(inquiry: Inquiry) -> QuerySet[Inquiry]:
    """Other requests of the same record there."""
    rows = Inquiry.objects.filter(portal=inquiry.portal, system=inquiry.system)
    return rows.filter(record=inquiry.record).exclude(pk=inquiry.pk).select_related("case")


def rival(inquiry: Inquiry) -> Inquiry | None:
    """The request that the record has already, and that one which was refused may not disturb."""
    if inquiry.state != State.REFUSED:
        return None
    return at_record(inquiry).filter(state__in=LIVE).order_by("pk").last()


def hold_rival(portal: Organisation, source: dict | None) -> None:
    """Its case before the portal, in the order of whoever signs."""
    if not source:
        return
    rows = Inquiry.objects.filter(portal=portal, state__in=LIVE, record=source["record"])
    if row := rows.filter(system=source["system"]).order_by("pk").last():
        Inquiry.objects.locked(row)


def tell(inquiry: Inquiry, *, by: Actor, mobile: bool = False) -> None:
    """How the request stands now. Each event of it is told once."""
    if inquiry.system is None:
        return
    key = f"{inquiry.case.number}:{inquiry.case.head_seq}"
    if first := rival(inquiry):  # of the press only why it came to nothing; the rest is the first's
        sync.owe(first.case, {"failed_reason": inquiry.outcome}, by=by, key=key)
    else:
        sync.owe(inquiry.case, facts(inquiry, mobile), by=by, key=key)


def facts(inquiry: Inquiry, mobile: bool) -> dict[str, Any]:
    """Why it failed is emptied as long as it has not."""
    why = "cancelled" if inquiry.state == State.CANCELLED else inquiry.outcome
    told: dict[str, Any] = {"request_id": inquiry.case.number, "sms_count": inquiry.sent}
    told["failed_reason"] = why or None
    if status := STATUSES.get(State(inquiry.state)):
        told["request_status"] = status
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
    """Whether whoever signed has another name than whom the other system knows, or than stands in
    the form: another family name, or no given name in common, as one of the same household."""
    values = inquiry.answers["values"]
    families = (inquiry.known.get("family", ""), values.get("family", ""))
    givens = (inquiry.known.get("given", ""), values.get("given", ""))
    return any(name and folded(name) != folded(person["family"]) for name in families) or any(
        name and not shares(name, person.get("given", "")) for name in givens
    )


def shares(name: str, signed: str) -> bool:
    """Whether a given name is among the several that an e-ID tells; an initial counts. Where the
    e-ID tells none, nobody can say."""
    ours, theirs = given_names(name), given_names(signed)
    return not theirs or any(is_same(one, other) for one in ours for other in theirs)


def is_same(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return short == long or (len(short) == 1 and long.startswith(short))


def given_names(name: str) -> list[str]:
    """One by one, without accents and points: records are not careful with them."""
    plain = unicodedata.normalize("NFKD", folded(name).replace(".", " "))
    return "".join(one for one in plain if not unicodedata.combining(one)).split()


def folded(name: str) -> str:
    return " ".join(name.casefold().replace("-", " ").split())


# What comes of the signature


def apply(inquiry: Inquiry, person: dict[str, str], *, by: Actor) -> Repair:
    """Card, repair and the note of the signing; once, however often it is asked for."""
    portal, key = inquiry.portal, inquiry.case.number
    assert inquiry.applied_at is not None
    first = inquiry.goes_by.cards
    card, how = service.card_for(
        portal,
        filing.details(inquiry, person),
        first=first,
        by=by,
        key=key,
        other_signer=inquiry.signer_differs,
    )
    values = inquiry.answers["values"]
    thing = " ".join(filter(None, (values.get("object"), values.get("model"))))
    terms = inquiry.demands
    repair = service.open_repair(
        portal,
        card=card,
        how=how,
        title=filing.repair_called(thing),
        reference=inquiry.case.reference,
        object=thing,
        fault=values.get("fault", ""),
        answers=[{"label": label, "value": value} for label, value in filing.further(inquiry)],
        photos=list(inquiry.photos),
        costs=filing.costs(terms, inquiry.terms_version),
        by=by,
        key=key,
    )
    service.note_signing(
        repair,
        identity=f"{person['name']}, {masked_person(person['personal_number'])}",
        evidence=str(inquiry.signature_id),
        when=inquiry.applied_at,
        terms=f"{said(terms.title)}, {inquiry.terms_version}",
        form_sha256=papers.form_sha256(inquiry),
        by=by,
    )
    inquiry.repair, inquiry.card_how = repair.case, how.outcome
    inquiry.save(update_fields=["repair", "card_how"])
    return repair


def tell_of_repair(inquiry: Inquiry, repair: Repair, *, by: Actor) -> None:
    """The repair is the same record there: the customer, the matter and what was approved."""
    if inquiry.system is None:
        return
    case = Case.objects.locked(repair.case)
    sync.link(case, inquiry.system, inquiry.table, inquiry.record, by=by, then=COMPARED)
    values = inquiry.answers["values"]
    most = inquiry.demands.most
    told = {
        "customer_name": f"{values.get('given', '')} {values.get('family', '')}".strip(),
        "customer_mobile": values.get("mobile") or inquiry.mobile,
        "customer_email": values.get("email"),
        "customer_address": values.get("street"),
        "customer_postcode": values.get("postcode"),
        "customer_city": values.get("city"),
        "object_type": values.get("object"),
        "model": values.get("model"),
        "serial": values.get("serial"),
        "fault": values.get("fault"),
        "approved_cost": most // 100 if most % 100 == 0 else most / 100,
        "signed_at": inquiry.applied_at,
        "signed_by": inquiry.signer,
        "repair_number": case.number,
        "continue_in": SIDES[Side(repair.side)],
    }
    known = {name: value for name, value in told.items() if value not in (None, "")}
    sync.owe(case, known, by=by, key=f"{case.number}:signed")


SIDES = {Side.UNDECIDED: "Undecided", Side.OMBUD: "Ombud", Side.AGILOFT: "Agiloft"}
DEFAULTS = {"here": Side.OMBUD, "there": Side.AGILOFT}


def choose(inquiry: Inquiry, *, by: Actor) -> None:
    """Where it goes on, as the portal has settled it; else staff are asked each time."""
    side = DEFAULTS.get(inquiry.goes_by.goes_on)
    repair = Repair.objects.select_related("case").filter(case=inquiry.repair_id).first()
    is_nowhere = side == Side.AGILOFT and inquiry.system_id is None
    if side is None or repair is None or is_nowhere:
        return
    service.choose_side(repair, side, by=by)
    chosen(repair.case, side, by=by)


# What a repair asks of the system that it is mirrored in


def chosen(case: Case, side: str, *, by: Actor) -> None:
    """It goes on here, or there: they are told."""
    key = f"{case.number}:{case.head_seq}:side"
    sync.owe(case, {"continue_in": SIDES[Side(side)]}, by=by, key=key)


def fault(case: Case) -> str:
    """What could not be written in the other system, and why; nothing where all could."""
    dead = [(book, row) for book in ledger.books(case) for row in book.rows if row.dead_at]
    if not dead:
        return ""
    book, row = dead[0]
    return f"{wording.sentence(book)} {wording.error(row)}".strip()


def said_of(verb: str) -> str:
    """What happened to the ledger, as the history of its case has it."""
    return str(wording.VERBS.get(verb.partition(".")[2], verb))


def status(case: Case) -> Linked | None:
    """Whether both systems say the same of a repair, as its page shows it."""
    found = ledger.state(case)
    if found is None:
        return None
    at = ledger.verified_at(case)
    href = reverse("sync:ledger", args=[case.number])
    if found == Synced.SYNCED and at is not None:
        text = _("Synchronised and checked in both systems %(when)s") % {"when": days.moment(at)}
        return Linked(True, text, href)
    differing = [row for book in ledger.books(case) for row in book.differing]
    text = ngettext("Differs in %(n)s field", "Differs in %(n)s fields", len(differing))
    return Linked(False, text % {"n": len(differing)}, href)

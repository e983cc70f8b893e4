"""A press in another system becomes a request, or a refusal that is written back there."""

from typing import Any

from django.db import transaction

from ombud.inquiries import actions, outside
from ombud.inquiries.models import Caller, Inquiry
from ombud.lib.errors import Refused
from ombud.people.actors import THE_SYSTEM, Actor
from ombud.people.models import Organisation
from ombud.sync import webhooks
from ombud.sync.faults import Absent
from ombud.sync.models import System

PRESSED = "inquiries.pressed"
VIA = "hook"


def take(system: System, number: str, stamp: str = "") -> Inquiry | None:
    """Read the record there, and start what somebody asked for; nothing where nobody has pressed
    the button, or that press has been heard; a Fault of sync where it cannot be read now. `stamp`:
    of what was heard. Talks to the network: no transaction may be open."""
    portal = Organisation.objects.get(pk=system.organisation_id)
    source: dict[str, Any] = {"system": system.pk, "record": number}
    if not system.is_active:
        code = "integration_unverified" if system.is_on else "integration_inactive"
        return actions.turn_away(portal, by=THE_SYSTEM, code=code, source=source)
    try:
        record = webhooks.fetch(system, system.table, number)
    except Absent:
        return actions.turn_away(portal, by=THE_SYSTEM, code="case_not_found", source=source)
    source["caller"] = record.get("pressed_by") or ""
    with transaction.atomic():
        if not webhooks.is_press(system, number, record, stamp):
            return None
        return start(system, portal, source, record)


def start(system: System, portal: Organisation, source: dict, record: dict) -> Inquiry:
    """In the name of whoever pressed: somebody of ours, or it is refused."""
    told = {
        "mobile": record.get("customer_mobile") or "",
        "name": record.get("customer_name") or "",
    }
    found = Caller.objects.filter(portal=portal, name=source["caller"])
    caller = found.filter(system=system).select_related("person").first()
    if caller is None:
        code = "unknown_caller"
        return actions.turn_away(portal, by=THE_SYSTEM, code=code, source=source, **told)
    by = Actor(caller.person, portal, via=VIA)
    try:
        return actions.start_inquiry(by=by, source=source, known=outside.known_of(record), **told)
    except Refused as no:
        code = no.reasons[0].code
        return actions.turn_away(portal, by=THE_SYSTEM, code=code, source=source, **told)

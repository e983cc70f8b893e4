"""A press in another system becomes a request, or a refusal that is written back there."""

from typing import Any

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


def take(system: System, number: str) -> Inquiry:
    """Read the record there, and start what somebody asked for; a Fault of sync where it cannot be
    read now. Talks to the network: no transaction may be open."""
    portal = Organisation.objects.get(pk=system.organisation_id)
    source: dict[str, Any] = {"system": system.pk, "record": number}
    if not system.is_active:
        code = "integration_unverified" if system.is_on else "integration_inactive"
        return actions.turn_away(portal, by=THE_SYSTEM, code=code, source=source)
    try:
        record = webhooks.fetch(system, system.table, number)
    except Absent:
        return actions.turn_away(portal, by=THE_SYSTEM, code="case_not_found", source=source)
    return start(system, portal, {**source, "caller": record.get("pressed_by") or ""}, record)


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

"""What may stand against many a deed: who may, whether it is over, and what a number must be."""

from typing import Any

from django.utils.translation import gettext as _

from ombud.inquiries.catalogue import newest
from ombud.inquiries.models import Inquiry
from ombud.inquiries.states import OPEN, Outcome, State
from ombud.lib import days, phones
from ombud.lib.errors import Reason, against, right, time
from ombud.people.actors import Actor
from ombud.people.models import Organisation
from ombud.people.roles import Kind, Role
from ombud.people.rules import administrator_of, lacks
from ombud.sync.models import System


def not_staff(actor: Actor, portal: Organisation | None) -> list[Reason]:
    is_portal = portal is not None and Kind.OPERATOR in portal.kinds
    if portal is None or not is_portal:
        return [right("not_a_portal", _("Only a portal has information requests."))]
    text = _("Only a case handler at %(portal)s does this.") % {"portal": portal}
    return against(
        (
            not actor.holds(Role.CASE_HANDLER, portal),
            lacks("not_case_handler", text, Role.CASE_HANDLER, portal),
        ),
    )


def not_guest(actor: Actor, inquiry: Inquiry) -> list[Reason]:
    is_guest = actor.guest is not None and actor.guest == inquiry.link_id
    text = _("Only the customer does this, by the link in the message.")
    return against((not is_guest, right("not_guest", text)))


def system_only(actor: Actor) -> list[Reason]:
    text = _("The house does this by itself.")
    return against((actor.person or actor.guest, right("not_the_system", text)))


def over(inquiry: Inquiry) -> list[Reason]:
    """Answered, or ended: who was faster, and when."""
    return against((not inquiry.is_open, lambda: ended(inquiry)))


def ended(inquiry: Inquiry) -> Reason:
    at = inquiry.applied_at or inquiry.ended_at or inquiry.started_at
    when = {"when": days.clocked(at)}
    if inquiry.is_applied:
        return time("answered", _("The customer signed it %(when)s.") % when)
    if inquiry.state == State.FAILED:
        label = Outcome(inquiry.outcome).label
        return time("failed", _("The request has failed: %(why)s.") % {"why": label})
    event = inquiry.case.events.filter(verb="inquiry.cancelled").select_related("person").last()
    if event is None or event.person is None:
        return time("refused", _("The request was refused."))
    return time("cancelled", _("Cancelled by %(who)s %(when)s.") % {"who": event.person, **when})


def outside(portal: Organisation | None, source: dict | None) -> list[tuple]:
    """The link to the other system must be switched on, and verified as it is set up now."""
    if not source:
        return []
    system = System.objects.filter(organisation=portal, pk=source["system"]).first()
    return [
        (system is None, lambda: time("no_such_system", _("There is no such link any more."))),
        (system is not None and not system.is_on, lambda: inactive(portal)),
        (
            system is not None and system.is_on and not system.verified_at,
            lambda: time(
                "integration_unverified",
                _("The link to the other system has not been verified."),
                administrator_of(portal),
            ),
        ),
    ]


def placed(source: dict | None, reference: str = "") -> dict[str, Any]:
    """How a case outside is known: by its record, or by the number that somebody typed."""
    if source and source.get("record"):
        return {"system_id": source["system"], "record": source["record"]}
    return {"case__reference": reference} if reference else {}


def off(portal: Organisation | None) -> list[tuple]:
    """Whether the portal may send requests at all."""
    rows = newest(portal) if portal else {}
    is_set_up = bool(rows) and all(rows.values())
    is_on = is_set_up and rows["pace"].read.is_on  # type: ignore[union-attr]
    return [
        (
            not is_set_up,
            lambda: time(
                "not_set_up",
                _("Information requests are not set up here yet."),
                administrator_of(portal),
            ),
        ),
        (is_set_up and not is_on, lambda: inactive(portal)),
    ]


def inactive(portal: Organisation | None) -> Reason:
    text = _("Information requests are switched off here.")
    return time("integration_inactive", text, administrator_of(portal) if portal else "")


def mobile_missing() -> Reason:
    return time("mobile_missing", _("There is no mobile number to send the request to."))


def mobile_invalid() -> Reason:
    return time("mobile_invalid", _("This is not a mobile number."))


def reaches(raw: str) -> bool:
    """Whether an SMS can reach it."""
    try:
        return phones.is_mobile(phones.parse(raw))
    except phones.NotAPhone:
        return False


def open_for(portal, place: dict[str, Any]) -> Inquiry | None:
    if not place:
        return None
    rows = Inquiry.objects.filter(portal=portal, state__in=OPEN, **place)
    return rows.select_related("case").first()


def request_open(portal, place: dict[str, Any]) -> Reason:
    number = open_for(portal, place)
    text = _("The case has an open request already: %(number)s.") % {"number": number}
    return time("request_open", text)

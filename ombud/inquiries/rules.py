"""Who may do what with an information request, and why not."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _

from ombud.inquiries import pace, papers
from ombud.inquiries.catalogue import REMINDERS, TABLES, newest
from ombud.inquiries.doubts import (
    mobile_invalid,
    mobile_missing,
    not_guest,
    not_staff,
    off,
    open_for,
    outside,
    over,
    placed,
    reaches,
    request_open,
    system_only,
)
from ombud.inquiries.models import Inquiry
from ombud.inquiries.sending import following_at, got
from ombud.inquiries.states import State
from ombud.lib import clock, phones
from ombud.lib.errors import Reason, against, right, time
from ombud.people.actors import Actor
from ombud.people.models import Organisation, Person
from ombud.people.roles import Kind, Role
from ombud.people.rules import lacks
from ombud.post.models import Letter
from ombud.signing.models import Signature
from ombud.sync.models import System

MOST_PHOTOS = 5
MOST_ORDERS = 10
MOST_MISUSES = 10
BEFORE_ANSWER = (State.QUEUED, State.SMS_SENT, State.SMS_DELIVERED, State.SMS_FAILED)
AGAIN = timedelta(minutes=5)  # between two messages that staff send by hand


# Beginning


def start_inquiry(
    actor: Actor,
    mobile: str | None = None,
    source: dict | None = None,
    reference: str = "",
) -> list[Reason]:
    """Staff of a portal that has information requests set up and switched on; one open request a
    case outside."""
    portal, place = actor.organisation, placed(source, reference)
    return not_staff(actor, portal) or against(
        *off(portal),
        *outside(portal, source),
        (mobile is not None and not mobile, mobile_missing),
        (mobile and not reaches(mobile), mobile_invalid),
        (open_for(portal, place), lambda: request_open(portal, place)),
    )


def turn_away(actor: Actor, portal: Organisation) -> list[Reason]:
    """The house itself writes down that a press in another system came to nothing."""
    return system_only(actor)


# The customer, by link


def open(actor: Actor, inquiry: Inquiry) -> list[Reason]:
    return not_guest(actor, inquiry) or over(inquiry)


def keep(actor: Actor, inquiry: Inquiry) -> list[Reason]:
    """Typing into the form, and handing in photos."""
    return open(actor, inquiry) or against(
        (inquiry.state not in (State.OPENED, State.SUBMITTED), not_begun),
    )


def not_begun() -> Reason:
    return time("not_begun", _("The form has not been begun yet."))


def add_photo(actor: Actor, inquiry: Inquiry, document: str = "") -> list[Reason]:
    return keep(actor, inquiry) or against(
        (
            inquiry.photos.count() >= MOST_PHOTOS,
            time("enough_photos", _("Five photos are enough. Remove one first.")),
        ),
    )


def remove_photo(actor: Actor, inquiry: Inquiry, document: str = "") -> list[Reason]:
    return keep(actor, inquiry)


def submit(actor: Actor, inquiry: Inquiry, terms: int | None = None, **given) -> list[Reason]:
    other = terms is not None and inquiry.terms_version != terms
    text = _("The terms are not those that were shown. Read them again.")
    return keep(actor, inquiry) or against((other, time("other_terms", text)))


def sign(actor: Actor, inquiry: Inquiry, signature: Signature | None = None) -> list[Reason]:
    return (
        not_guest(actor, inquiry)
        or over(inquiry)
        or against(
            (
                inquiry.state != State.SUBMITTED,
                time("not_submitted", _("Fill in the form first, then sign.")),
            ),
            (
                signature is None and inquiry.orders >= MOST_ORDERS,
                time(
                    "too_many_orders",
                    _("BankID has been started too many times. Call us instead."),
                ),
            ),
        )
        or stale(inquiry, signature)
    )


def stale(inquiry: Inquiry, signature: Signature | None) -> list[Reason]:
    """A signature covers what was shown: changed in between, it counts for nothing."""

    def render():
        return papers.text(inquiry), papers.facts(inquiry)

    changed = signature is not None and not signature.is_of(render)
    text = _("The details have changed since they were shown. Read them again and sign anew.")
    return against((changed, time("stale", text)))


def misuse(actor: Actor, inquiry: Inquiry) -> list[Reason]:
    return open(actor, inquiry)


# By itself


def go_on(actor: Actor, inquiry: Inquiry) -> list[Reason]:
    """The next message, or the end: at its time, and not while somebody signs."""
    return (
        system_only(actor)
        or over(inquiry)
        or against(
            (not is_time(inquiry), time("later", _("It is not time yet."))),
            (is_signing(inquiry), time("signing", _("The customer is signing right now."))),
        )
    )


def is_time(inquiry: Inquiry) -> bool:
    body, now = inquiry.goes_by, clock.now()
    if inquiry.state == State.QUEUED or inquiry.first_at is None:
        return pace.is_open(body, now)
    at = following_at(inquiry)
    return at <= now and (inquiry.sent > REMINDERS or pace.is_open(body, now))


def is_signing(inquiry: Inquiry) -> bool:
    return Signature.objects.pending().filter(case=inquiry.case).exists()


def note_delivery(actor: Actor, inquiry: Inquiry, message: int = 0) -> list[Reason]:
    awaited = inquiry.messages.filter(pk=message, fate="")
    return system_only(actor) or against(
        (message and not awaited.exists(), time("noted", _("It has been noted already."))),
    )


def complete(actor: Actor, inquiry: Inquiry) -> list[Reason]:
    return system_only(actor) or against(
        (inquiry.state != State.APPLIED, time("not_applied", _("It is not signed, or done."))),
    )


# Staff


def resend(actor: Actor, inquiry: Inquiry) -> list[Reason]:
    """The next reminder now: never more than four messages in all."""
    return (
        not_staff(actor, inquiry.portal)
        or over(inquiry)
        or against(
            (inquiry.sent == 0, time("queued", _("The first message has not gone yet."))),
            (
                inquiry.sent > REMINDERS,
                time("all_sent", _("All three reminders have been sent.")),
            ),
            (
                inquiry.messages.filter(at__gt=clock.now() - AGAIN).exists(),
                time("just_sent", _("A message went less than five minutes ago.")),
            ),
            (
                not pace.is_open(inquiry.goes_by, clock.now()),
                time("closed_hours", _("No messages are sent at this time of day.")),
            ),
            (is_signing(inquiry), time("signing", _("The customer is signing right now."))),
        )
    )


def correct(actor: Actor, inquiry: Inquiry, mobile: str | None = None) -> list[Reason]:
    """Another number, as long as the customer has not begun."""
    return (
        not_staff(actor, inquiry.portal)
        or over(inquiry)
        or against(
            (
                inquiry.state not in BEFORE_ANSWER,
                time("begun", _("The customer has begun already, so the number is right.")),
            ),
            (mobile is not None and not mobile, mobile_missing),
            (mobile and not reaches(mobile), mobile_invalid),
            (
                mobile and reaches(mobile) and phones.parse(mobile) == inquiry.mobile,
                time("same_number", _("The request goes to this number already.")),
            ),
            (
                mobile and reaches(mobile) and got(inquiry, phones.parse(mobile)) > REMINDERS,
                time("number_full", _("This number has got all four messages already.")),
            ),
        )
    )


def withdraw(actor: Actor, inquiry: Inquiry) -> list[Reason]:
    return not_staff(actor, inquiry.portal) or over(inquiry)


def restart(actor: Actor, inquiry: Inquiry, mobile: str | None = None) -> list[Reason]:
    """A new request in place of one that came to nothing; the old one stays."""
    return not_staff(actor, inquiry.portal) or against(
        (
            inquiry.state not in (State.FAILED, State.CANCELLED, State.REFUSED),
            time("not_over", _("Only a request that has failed or was cancelled is restarted.")),
        ),
        *off(inquiry.portal),
        (
            inquiry.later.exists(),
            time("restarted", _("It has been restarted already.")),
        ),
        (mobile is not None and not (mobile or inquiry.mobile), mobile_missing),
        (
            mobile is not None
            and (mobile or inquiry.mobile)
            and not reaches(mobile or inquiry.mobile),
            mobile_invalid,
        ),
        (
            open_for(inquiry.portal, place_of(inquiry)),
            lambda: request_open(inquiry.portal, place_of(inquiry)),
        ),
    )


def place_of(inquiry: Inquiry) -> dict[str, Any]:
    source = {"system": inquiry.system_id, "record": inquiry.record}
    return placed(source, inquiry.case.reference)


# Settings


def set_up_inquiries(actor: Actor, portal: Organisation) -> list[Reason]:
    return keeps_settings(actor, portal) or against(
        (
            all(newest(portal).values()),
            time("set_up_already", _("Information requests are set up here already.")),
        ),
    )


def set_inquiries(actor: Actor, portal: Organisation, part: str = "") -> list[Reason]:
    return keeps_settings(actor, portal) or against(
        (part and part not in TABLES, time("no_such_part", _("There is no such setting."))),
    )


def test_sms(actor: Actor, portal: Organisation) -> list[Reason]:
    """To one's own phone, once a minute."""
    person = actor.person
    return keeps_settings(actor, portal) or against(
        (
            not newest(portal)["texts"],
            time("not_set_up", _("Information requests are not set up here yet.")),
        ),
        (
            not (person and phones.is_mobile(person.phone)),
            time("no_mobile", _("You have no mobile number of your own here.")),
        ),
        (
            person and Letter.objects.filter(key=test_key(portal, person)).exists(),
            time("just_sent", _("A test has been sent within the last minute.")),
        ),
    )


def test_key(portal: Organisation, person: Person) -> str:
    """One message a minute."""
    return f"inquiry:test:{portal.pk}:{person.pk}:{clock.now():%Y%m%d%H%M}"


def link_caller(
    actor: Actor, portal: Organisation, person: str = "", system: int = 0
) -> list[Reason]:
    held = Person.objects.filter(username=person, is_active=True)
    works_here = held.filter(grant__organisation=portal, grant__role=Role.CASE_HANDLER).exists()
    return keeps_settings(actor, portal) or against(
        (
            person and not works_here,
            time("not_handler", _("This person is not a case handler here.")),
        ),
        (
            system and not System.objects.filter(organisation=portal, pk=system).exists(),
            time("no_such_system", _("There is no such link any more.")),
        ),
    )


def keeps_settings(actor: Actor, portal: Organisation) -> list[Reason]:
    text = _("Only an administrator of %(portal)s changes this.") % {"portal": portal}
    return against(
        (
            Kind.OPERATOR not in portal.kinds,
            right("not_a_portal", _("Only a portal has information requests.")),
        ),
        (
            not actor.holds(Role.ADMINISTRATOR, portal),
            lacks("not_administrator", text, Role.ADMINISTRATOR, portal),
        ),
    )

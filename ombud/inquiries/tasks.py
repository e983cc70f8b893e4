"""What happens to requests by itself: messages at their time, and what became of them."""

from datetime import timedelta

from django.db import transaction

from ombud.cases.models import Due
from ombud.inquiries import actions, outside, pace, presses
from ombud.inquiries.models import Inquiry, Sms
from ombud.inquiries.presses import PRESSED
from ombud.inquiries.sending import GO_ON, following_at
from ombud.inquiries.states import OPEN, State
from ombud.lib import clock, jobs
from ombud.lib.errors import Refused
from ombud.people.actors import THE_SYSTEM
from ombud.post.models import Letter
from ombud.sync.models import System

SOON = timedelta(minutes=10)  # until somebody has finished signing
LONG_AGO = timedelta(days=14)  # no carrier tells anything new of a message after that
FATES = {Letter.State.DELIVERED: Sms.Fate.DELIVERED, Letter.State.FAILED: Sms.Fate.FAILED}


@jobs.task(name=GO_ON, retry=jobs.patiently)
def go_on(number: str) -> bool:
    """May run twice, or too early: the deed asks whether it is its time."""
    inquiry = Inquiry.objects.select_related("case", "portal").get(case__number=number)
    try:
        actions.go_on(inquiry, by=THE_SYSTEM)
    except Refused as no:
        if any(reason.code in ("later", "signing") for reason in no.reasons):
            put_off(inquiry)
        return False
    return True


@transaction.atomic
def put_off(inquiry: Inquiry) -> None:
    """Try again when messages may be sent, or somebody has finished signing."""
    inquiry = Inquiry.objects.locked(inquiry)
    waits = Due.objects.filter(case=inquiry.case, taken_at=None)
    if not inquiry.is_open or waits.exists():
        return
    body, now = inquiry.goes_by, clock.now()
    at = pace.opening(body, now)
    if inquiry.first_at and inquiry.state != State.QUEUED:
        at = max(at, following_at(inquiry))
    Due.objects.create(case=inquiry.case, deed=GO_ON, due_at=max(at, now + SOON))


@jobs.every(cron="* * * * * */15")
@jobs.task(name="inquiries.look_after", queueing_lock="inquiries.look_after")
def look_after(timestamp: int = 0) -> int:
    """What the carriers have told of messages since."""
    awaited = Sms.objects.filter(
        fate=Sms.Fate.AWAITED, at__gt=clock.now() - LONG_AGO, letter__state__in=list(FATES)
    )
    rows = awaited.select_related("inquiry__case", "inquiry__portal", "letter").order_by("pk")
    return sum(note(sms) for sms in rows[:500])


def note(sms: Sms) -> bool:
    fate = FATES[Letter.State(sms.letter.state)]
    try:
        actions.note_delivery(sms.inquiry, by=THE_SYSTEM, message=sms.pk, fate=fate)
    except Refused:  # another taker was faster
        return False
    return True


@jobs.every(cron="*/5 * * * *")
@jobs.task(name="inquiries.find_lost", queueing_lock="inquiries.find_lost")
@transaction.atomic
def find_lost(timestamp: int = 0) -> int:
    """Open requests that wait for nothing, since a job of theirs was lost: they are put back."""
    planned = Due.objects.filter(taken_at=None).values("case")
    taken_lately = Due.objects.filter(taken_at__gt=clock.now() - SOON).values("case")
    lost = Inquiry.objects.filter(state__in=OPEN).exclude(case__in=planned)
    rows = lost.exclude(case__in=taken_lately).select_related("case", "portal").order_by("pk")
    found = list(rows[:200])
    for inquiry in found:
        jobs.queue(GO_ON, number=inquiry.case.number)
    return len(found)


@jobs.task(name=PRESSED, retry=jobs.patiently)
def pressed(system: int, number: str, stamp: str = "") -> str:
    """Tried again while the other system is away; the case that came of it, if any did."""
    found = System.objects.select_related("organisation").get(pk=system)
    begun = presses.take(found, number, stamp)
    return begun.case.number if begun else ""


@jobs.task(name=outside.COMPARED, retry=jobs.patiently)
def compared(number: str) -> bool:
    """The ledger of a request or of its repair has come to something: once both hold the same in
    both systems, the request is done."""
    inquiry = outside.request_of(number)
    if inquiry is None or not outside.is_verified(inquiry):
        return False
    try:
        actions.complete(inquiry, by=THE_SYSTEM)
    except Refused:  # done already
        return False
    return True

"""Writing the messages of a request, and planning the next."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Max

from ombud.cases.models import Due
from ombud.inquiries import links, pace, templates
from ombud.inquiries.catalogue import TextsBody
from ombud.inquiries.models import Inquiry, Sms
from ombud.inquiries.states import State
from ombud.lib import clock, phones
from ombud.people.models import Person
from ombud.people.settings import Said
from ombud.post import office

GO_ON = "inquiries.go_on"  # the job that a due row wakes
SAMPLE_LINK = "x" * 22


def template(texts: TextsBody, nth: int, is_filled_in: bool = False) -> Said:
    if nth == 0:
        return texts.first
    return texts.unsigned if is_filled_in else texts.reminders[nth - 1]


def worded(said: Said, texts: TextsBody, language: str, number: str, link: str) -> str:
    """A text in one language, else in Swedish, else in any."""
    chosen = said.get(language) or said.get("sv") or next(iter(said.values()))
    known = {"butik": texts.shop, "arende": number, "lank": link}
    return templates.filled(chosen, **known, telefon=phones.national(texts.phone))


def sample_link() -> str:
    return f"{settings.WEB_URL}/i/{SAMPLE_LINK}/"


def send(inquiry: Inquiry, nth: int) -> Sms:
    """Owe a message; the caller holds the case. A key a reminder and attempt: never twice."""
    links.renewed(inquiry)
    now, texts = clock.now(), inquiry.told_by
    said = template(texts, nth, inquiry.state == State.SUBMITTED)
    body = worded(said, texts, inquiry.language, inquiry.number_told, links.address_of(inquiry))
    attempt = inquiry.messages.filter(nth=nth).count()
    letter = office.hand_in(
        "sms",
        inquiry.mobile,
        body,
        key=f"inquiry:{inquiry.case.number}:{nth}:{attempt}",
        secret=True,
        about=inquiry.case.number,
        language=inquiry.language,
    )
    inquiry.sent = max(inquiry.sent, nth + 1)
    inquiry.first_at = inquiry.first_at or now
    inquiry.save(update_fields=["sent", "first_at"])
    parts = templates.measured(body).parts
    return Sms.objects.create(
        inquiry=inquiry,
        nth=nth,
        attempt=attempt,
        mobile=inquiry.mobile,
        letter=letter,
        parts=parts,
        at=now,
    )


def send_test(texts: Any, person: Person, key: str) -> None:
    body: TextsBody = texts.read
    text = worded(body.first, body, person.language, "10482", sample_link())
    office.hand_in("sms", person.phone, text, key=key, language=person.language)


def got(inquiry: Inquiry, mobile: str = "") -> int:
    """How many messages a number has got, or may have: one that the carrier says has failed is
    none. Its own number when no other is given."""
    sent = inquiry.messages.filter(mobile=mobile or inquiry.mobile)
    return sent.exclude(fate=Sms.Fate.FAILED).count()


def send_first(inquiry: Inquiry) -> None:
    """Now, if messages may be sent now; else it stands in the queue. A number that has been left
    and come back to goes on where it was: nobody gets more than four."""
    if pace.is_open(inquiry.goes_by, clock.now()):
        send(inquiry, got(inquiry))
        goes(inquiry, State.SMS_SENT)
    else:
        goes(inquiry, State.QUEUED)
    plan(inquiry)


def send_anew(inquiry: Inquiry) -> None:
    """As if for the first time: the number has been put right."""
    inquiry.sent, inquiry.first_at = 0, None
    inquiry.save(update_fields=["sent", "first_at"])
    send_first(inquiry)


def next_message(inquiry: Inquiry) -> Sms:
    """The message whose turn it is, and the plan of what comes after it."""
    is_first = inquiry.state == State.QUEUED
    message = send(inquiry, got(inquiry) if is_first else inquiry.sent)
    if is_first:
        goes(inquiry, State.SMS_SENT)
    plan(inquiry)
    return message


def settle(inquiry: Inquiry, sms: Sms, fate: str) -> str:
    """What became of a message; in one word, as the history calls it."""
    sms.fate = fate
    sms.save(update_fields=["fate"])
    is_first = sms.nth == 0 and inquiry.state in ON_THE_WAY and sms.mobile == inquiry.mobile
    if fate == Sms.Fate.DELIVERED:
        if is_first:
            goes(inquiry, State.SMS_DELIVERED)
        return "delivered"
    if not is_first:
        return "undelivered"
    goes(inquiry, State.SMS_FAILED)
    failed = inquiry.messages.filter(nth=0, mobile=sms.mobile, fate=Sms.Fate.FAILED)
    if failed.count() > RETRIES:
        return "failed"
    send_first(inquiry)
    return "undelivered"


ON_THE_WAY = (State.SMS_SENT, State.SMS_DELIVERED, State.SMS_FAILED)
RETRIES = 1


def goes(inquiry: Inquiry, state: State) -> None:
    if inquiry.state != state:
        inquiry.become(state)


def plan(inquiry: Inquiry) -> None:
    """What comes next, in place of what was planned."""
    body = inquiry.goes_by
    Due.objects.filter(case=inquiry.case, taken_at=None).delete()
    at = (
        following_at(inquiry)
        if inquiry.first_at and inquiry.state != State.QUEUED
        else pace.opening(body, clock.now())
    )
    Due.objects.create(case=inquiry.case, deed=GO_ON, due_at=at)


def following_at(inquiry: Inquiry) -> datetime:
    """When the next message, or the end, is due; the first one has gone."""
    assert inquiry.first_at is not None
    last = inquiry.messages.aggregate(at=Max("at"))["at"] or inquiry.first_at
    return pace.following(inquiry.goes_by, inquiry.first_at, inquiry.sent, last)


def next_at(inquiry: Inquiry):
    due = Due.objects.filter(case=inquiry.case, taken_at=None).order_by("due_at").first()
    return due.due_at if due else None

"""Everything that can happen to an information request. Each action is one transaction:
lock, ask, change, record."""

from django.db import transaction

from ombud.cases.events import record
from ombud.eid import challenges
from ombud.inquiries import defaults, filing, notices, outside, papers, rules, sending
from ombud.inquiries.catalogue import KEY, REMINDERS, TABLES, newest
from ombud.inquiries.models import Caller, Draft, Inquiry, Sms
from ombud.inquiries.states import Outcome, State
from ombud.lib import clock
from ombud.lib.errors import require
from ombud.people import journal
from ombud.people.actors import Actor
from ombud.people.links import Link
from ombud.people.models import Organisation, Person
from ombud.signing.models import Signature


@transaction.atomic
def start_inquiry(
    *,
    by: Actor,
    mobile: str,
    language: str = "sv",
    name: str = "",
    reference: str = "",
    known: dict | None = None,
    source: dict | None = None,
) -> Inquiry:
    """Ask a customer for information, by SMS (sv. begära in uppgifter)."""
    told = {"mobile": mobile, "language": language, "name": name, "reference": reference}
    portal = by.organisation and Organisation.objects.locked(by.organisation)
    require(rules.start_inquiry(by, mobile, source, reference))
    assert portal is not None
    inquiry = filing.begin(portal, {**told, "source": source, "known": known}, by=by)
    record(inquiry.case, "started", by=by, sent=inquiry.sent)
    outside.connect(inquiry, by=by)
    outside.tell(inquiry, by=by)
    return inquiry


@transaction.atomic
def turn_away(portal: Organisation, *, by: Actor, code: str, **typed) -> Inquiry:
    """Write down that a press in another system came to nothing, and write that back."""
    outside.hold_rival(portal, typed.get("source"))
    portal = Organisation.objects.locked(portal)
    require(rules.turn_away(by, portal))
    inquiry = filing.turn_away(portal, typed, code)
    record(inquiry.case, "refused", by=by, tell=notices.told(inquiry, "refused"), code=code)
    outside.connect(inquiry, by=by)
    outside.tell(inquiry, by=by)
    return inquiry


@transaction.atomic
def go_on(inquiry: Inquiry, *, by: Actor) -> Inquiry:
    """What the plan has next: the first message, a reminder, or the end."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.go_on(by, inquiry))
    if inquiry.sent > REMINDERS:
        filing.end(inquiry, State.FAILED, Outcome.NO_RESPONSE)
        told = notices.told(inquiry, "failed")
        record(inquiry.case, "failed", by=by, tell=told, outcome=inquiry.outcome)
    else:
        message = sending.next_message(inquiry)
        verb = "reminded" if message.nth else "sent"
        record(inquiry.case, verb, by=by, nth=message.nth, parts=message.parts)
    outside.tell(inquiry, by=by)
    return inquiry


@transaction.atomic
def note_delivery(inquiry: Inquiry, *, by: Actor, message: int, fate: str) -> Inquiry:
    """What became of a message. Staff hear at once of a number that cannot be reached; the first
    message is tried once more, and then the request has failed."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.note_delivery(by, inquiry, message))
    sms = inquiry.messages.get(pk=message)
    told = sending.settle(inquiry, sms, fate)
    if told == "failed":
        filing.end(inquiry, State.FAILED, Outcome.UNDELIVERABLE)
    tell = notices.told(inquiry, "undeliverable") if fate == Sms.Fate.FAILED else []
    record(inquiry.case, told, by=by, tell=tell, nth=sms.nth, attempt=sms.attempt)
    if not inquiry.is_open:
        outside.tell(inquiry, by=by)
    return inquiry


# The customer


@transaction.atomic
def open(inquiry: Inquiry, *, by: Actor) -> Inquiry:
    """Begin (sv. börja): a press on the page, never a mere visit."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.open(by, inquiry))
    if inquiry.state in rules.BEFORE_ANSWER and inquiry.state != State.QUEUED:
        inquiry.become(State.OPENED)
        inquiry.opened_at = clock.now()
        inquiry.save(update_fields=["opened_at"])
        Draft.objects.get_or_create(inquiry=inquiry)
        record(inquiry.case, "opened", by=by)
        outside.tell(inquiry, by=by)
    return inquiry


@transaction.atomic
def add_photo(inquiry: Inquiry, *, by: Actor, document: str) -> Inquiry:
    """Put a photo with the answers; it stays if the customer comes back another day."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.add_photo(by, inquiry))
    photo = filing.put_photo(inquiry, document)
    key = str(photo.key)
    words = {"names": {key: photo.name}}
    record(inquiry.case, "photo_added", by=by, words=words, attached={key: photo.sha256})
    return inquiry


@transaction.atomic
def remove_photo(inquiry: Inquiry, *, by: Actor, document: str) -> Inquiry:
    """Take a photo out again."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.remove_photo(by, inquiry))
    if photo := filing.take_photo_out(inquiry, document):
        record(inquiry.case, "photo_removed", by=by, removed={str(photo.key): photo.sha256})
    return inquiry


@transaction.atomic
def submit(inquiry: Inquiry, *, by: Actor, terms: int) -> Inquiry:
    """Hand in the form as it has been shown; handed in anew, it is what is signed from then on."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.submit(by, inquiry, terms))
    filing.hand_in(inquiry)
    if inquiry.state != State.SUBMITTED:
        inquiry.become(State.SUBMITTED)
    record(inquiry.case, "submitted", by=by, sha256=papers.form_sha256(inquiry), terms=terms)
    outside.tell(inquiry, by=by)
    return inquiry


@transaction.atomic
def sign(inquiry: Inquiry, *, by: Actor, signature: Signature) -> Inquiry:
    """The customer has signed: card, repair case, the note of the signing and what the other
    system is to know follow in the same transaction; no message goes any more."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.sign(by, inquiry, signature))
    assert signature.challenge is not None
    person = challenges.claims(signature.challenge)
    inquiry.signature, inquiry.signer = signature, person["name"]
    inquiry.applied_at = clock.now()
    inquiry.signer_differs = outside.differs(inquiry, person)
    inquiry.save(update_fields=["signature", "signer", "applied_at", "signer_differs"])
    inquiry.become(State.APPLIED)
    filing.answered(inquiry)
    repair = outside.apply(inquiry, person, by=by)
    record(
        inquiry.case,
        "signed_by_customer",
        by=by,
        tell=notices.told(inquiry, "signed", repair=repair.case.number),
        words={"name": inquiry.signer},
        signature=str(signature.pk),
        repair=repair.case.number,
        card=inquiry.card_how,
        sha256=papers.form_sha256(inquiry),
    )
    outside.tell(inquiry, by=by)
    outside.tell_of_repair(inquiry, repair, by=by)
    if inquiry.system is None:
        filing.finish(inquiry)
        record(inquiry.case, "completed", by=by)
        outside.choose(inquiry, by=by)
    return inquiry


@transaction.atomic
def misuse(inquiry: Inquiry, *, by: Actor) -> Inquiry:
    """Something came by the link that no page of ours sends; too often, and it is locked."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.misuse(by, inquiry))
    inquiry.misuses += 1
    inquiry.save(update_fields=["misuses"])
    if inquiry.misuses < rules.MOST_MISUSES:
        record(inquiry.case, "misused", by=by, circle="operator:inner", count=inquiry.misuses)
        return inquiry
    filing.end(inquiry, State.FAILED, Outcome.LINK_LOCKED)
    record(inquiry.case, "locked", by=by, tell=notices.told(inquiry, "locked"))
    outside.tell(inquiry, by=by)
    return inquiry


@transaction.atomic
def complete(inquiry: Inquiry, *, by: Actor) -> Inquiry:
    """Both systems say the same: the request is done."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.complete(by, inquiry))
    filing.finish(inquiry)
    record(inquiry.case, "completed", by=by)
    outside.tell(inquiry, by=by)
    outside.choose(inquiry, by=by)
    return inquiry


# Staff


@transaction.atomic
def resend(inquiry: Inquiry, *, by: Actor) -> Inquiry:
    """Send the next reminder now."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.resend(by, inquiry))
    message = sending.next_message(inquiry)
    record(inquiry.case, "reminded", by=by, nth=message.nth, parts=message.parts)
    outside.tell(inquiry, by=by)
    return inquiry


@transaction.atomic
def correct(inquiry: Inquiry, *, by: Actor, mobile: str) -> Inquiry:
    """Put the number right: the first message goes to it with a link of its own, the one before
    leads nowhere; the other system is told."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.correct(by, inquiry, mobile))
    filing.reach(inquiry, mobile)
    record(inquiry.case, "corrected", by=by, words={"mobile": inquiry.mobile})
    outside.tell(inquiry, by=by, mobile=True)
    return inquiry


@transaction.atomic
def withdraw(inquiry: Inquiry, *, by: Actor, note: str) -> Inquiry:
    """Ask no longer, and say why."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.withdraw(by, inquiry))
    filing.end(inquiry, State.CANCELLED)
    record(inquiry.case, "cancelled", by=by, circle="operator:inner", words={"note": note})
    outside.tell(inquiry, by=by)
    return inquiry


@transaction.atomic
def restart(inquiry: Inquiry, *, by: Actor, mobile: str = "") -> Inquiry:
    """A new request in place of one that came to nothing; the old one is kept as it is."""
    inquiry = Inquiry.objects.locked(inquiry)
    require(rules.restart(by, inquiry, mobile))
    typed = filing.again(inquiry, mobile or inquiry.mobile)
    begun = filing.begin(inquiry.portal, typed, by=by, earlier=inquiry)
    record(inquiry.case, "restarted", by=by, later=begun.case.number)
    record(begun.case, "started", by=by, sent=begun.sent, earlier=inquiry.case.number)
    outside.let_go(inquiry, by=by)
    outside.connect(begun, by=by)
    outside.tell(begun, by=by)
    return begun


# Settings


@transaction.atomic
def set_up_inquiries(portal: Organisation, *, by: Actor, phone: str) -> Link:
    """Begin with texts, form, terms and hours that work as they are."""
    portal = Organisation.objects.locked(portal)
    require(rules.set_up_inquiries(by, portal))
    held = newest(portal)
    for part, body in defaults.bodies(portal, phone).items():
        if held[part] is None:
            TABLES[part].objects.add(portal, KEY, body)  # type: ignore[attr-defined]
    return journal.note(portal, "inquiry.set_up", by=by)


@transaction.atomic
def set_inquiries(portal: Organisation, *, by: Actor, part: str, body: dict) -> Link:
    """A new version of texts, form, terms or pace; requests that run keep what they began with."""
    portal = Organisation.objects.locked(portal)
    require(rules.set_inquiries(by, portal, part))
    row = TABLES[part].objects.add(portal, KEY, body)  # type: ignore[attr-defined]
    return journal.note(portal, "inquiry.set", by=by, part=part, version=row.version)


@transaction.atomic
def test_sms(portal: Organisation, *, by: Actor) -> Link:
    """Send the first message to one's own phone, to see it arrive; its link leads nowhere."""
    portal = Organisation.objects.locked(portal)
    require(rules.test_sms(by, portal))
    assert by.person is not None
    sending.send_test(newest(portal)["texts"], by.person, rules.test_key(portal, by.person))
    return journal.note(portal, "inquiry.tested", by=by)


@transaction.atomic
def link_caller(
    portal: Organisation, *, by: Actor, name: str, person: str, system: int = 0
) -> Link:
    """Say who, in the other system, is whom of ours (sv. koppla)."""
    portal = Organisation.objects.locked(portal)
    require(rules.link_caller(by, portal, person, system))
    whom = Person.objects.get(username=person)
    now = {"person": whom, "at": clock.now()}
    Caller.objects.update_or_create(
        portal=portal, system=outside.system_of(portal, system), name=name, defaults=now
    )
    return journal.note(portal, "inquiry.linked", by=by, to=whom.pk, name=name)

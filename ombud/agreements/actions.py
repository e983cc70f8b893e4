"""Everything that can happen to an agreement. Each action is one transaction:
lock, ask, change, record."""

from datetime import date, datetime, time

from django.db import transaction

from ombud.agreements import filing, letters, notices, rules
from ombud.agreements.catalogue import AgreementTerms, SigningPolicy, reminders_of
from ombud.agreements.models import Agreement
from ombud.agreements.states import State
from ombud.cases.events import record
from ombud.lib import clock, days, jobs
from ombud.lib.errors import require
from ombud.people import journal, steps
from ombud.people.actors import Actor
from ombud.people.links import Link
from ombud.people.models import Organisation
from ombud.people.roles import Kind
from ombud.signing.models import Signature


@transaction.atomic
def submit(
    operator: Organisation, *, by: Actor, side: str, number: str, token: str | None = None, **typed
) -> Agreement:
    """Apply (sv. kundansökan, agentansökan): anybody may, and follows it by a secret link."""
    operator = Organisation.objects.locked(operator)
    require(rules.submit(by, operator, side, number))
    agreement = filing.open_case(operator, side, {**typed, "number": number})
    filing.name_people(agreement, typed)
    filing.await_review(agreement)
    letters.to_applicant(agreement, "received", token=token or "")
    record(
        agreement.case,
        "submitted",
        by=by,
        tell=notices.to_review(agreement, "submitted"),
        side=side,
    )
    return agreement


@transaction.atomic
def deliver(
    agreement: Agreement,
    *,
    by: Actor,
    what: str,
    document: str | None = None,
    dated_on: str | None = None,
    words: str = "",
) -> Agreement:
    """Show one of the papers that an agent is asked for; a newer one takes its place."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.deliver(by, agreement, what))
    day = date.fromisoformat(dated_on) if dated_on else None
    filing.show(agreement, what, document, dated_on=day, words=words)
    record(agreement.case, "delivered", by=by, circle="applicant", what=what)
    return agreement


@transaction.atomic
def tick(agreement: Agreement, *, by: Actor, what: str) -> Agreement:
    """Tick a paper that has been looked at and found good."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.tick(by, agreement, what))
    agreement.papers.filter(what=what).update(ticked_at=clock.now(), ticked_by=by.person)
    record(agreement.case, "ticked", by=by, circle="operator:inner", what=what)
    return agreement


@transaction.atomic
def ask(agreement: Agreement, *, by: Actor, note: str) -> Agreement:
    """Ask whoever applied to complete the application (sv. begära komplettering)."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.ask(by, agreement))
    agreement.become(State.NEEDS_COMPLETION)
    letters.to_applicant(agreement, "asked", note=note)
    filing.await_completion(agreement)
    record(agreement.case, "asked", by=by, circle="applicant", words={"note": note})
    return agreement


@transaction.atomic
def complete(agreement: Agreement, *, by: Actor, answer: str, **typed) -> Agreement:
    """Complete the application; it is under review again."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.complete(by, agreement))
    filing.correct(agreement, typed)
    agreement.become(State.SUBMITTED)
    filing.await_review(agreement)
    record(
        agreement.case,
        "completed",
        by=by,
        circle="applicant",
        tell=notices.to_review(agreement, "completed"),
        words={"note": answer},
    )
    return agreement


@transaction.atomic
def approve(agreement: Agreement, *, by: Actor) -> Agreement:
    """Approve the application: the agreement is drawn up, and each of those it names hears what
    that person may do now."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.approve(by, agreement))
    agreement.organisation = filing.found(agreement)
    agreement.save(update_fields=["organisation"])
    filing.draw_up(agreement, by=by)
    agreement.become(State.AWAITING_SIGNATURE)
    filing.admit(agreement, by=by)
    filing.ask_to_sign(agreement)
    letters.to_applicant(agreement, "approved")
    assert agreement.paper is not None
    record(
        agreement.case,
        "approved",
        by=by,
        tell=notices.approved(agreement),
        terms=str(agreement.terms),
        paper=agreement.paper.sha256,
    )
    return agreement


@transaction.atomic
def reject(agreement: Agreement, *, by: Actor, note: str) -> Agreement:
    """Reject the application, and say why; a new one may be made."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.reject(by, agreement))
    filing.withdraw(agreement, by=by)
    agreement.become(State.REJECTED)
    letters.to_applicant(agreement, "rejected", note=note)
    record(agreement.case, "rejected", by=by, circle="applicant", words={"note": note})
    return agreement


@transaction.atomic
def sign(agreement: Agreement, *, by: Actor, signature: Signature) -> Agreement:
    """Sign as authorised signatory; when all who must have signed, the agreement is in force."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.sign(by, agreement, signature))
    mine = agreement.signatory_of(by)
    assert mine is not None
    mine.signed_at, mine.signature = clock.now(), signature
    mine.save(update_fields=["signed_at", "signature"])
    is_whole = agreement.is_signed_by_enough
    if is_whole:
        here = filing.put_in_force(agreement, by=by)
        steps.stand(here, agreement.standing, agreement.case.number, by=by)
        jobs.queue("agreements.tell_newer", number=agreement.case.number)
    record(
        agreement.case,
        "agreed",
        by=by,
        tell=notices.in_force(agreement) if is_whole else [],
        words={"name": str(mine)},
        signatory=mine.pk,
        signature=str(signature.pk),
        in_force=is_whole,
    )
    return agreement


@transaction.atomic
def decline(agreement: Agreement, *, by: Actor, note: str) -> Agreement:
    """Decline to sign, and say why. Where others may still sign, it waits for them."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.decline(by, agreement))
    mine = agreement.signatory_of(by)
    assert mine is not None
    mine.declined_at = clock.now()
    mine.save(update_fields=["declined_at"])
    if not agreement.can_be_signed:
        agreement.become(State.DECLINED)
        filing.await_reviewer(agreement)
    record(
        agreement.case,
        "declined",
        by=by,
        tell=notices.to_review(agreement, "declined"),
        words={"name": str(mine), "note": note},
        signatory=mine.pk,
    )
    return agreement


@transaction.atomic
def resend(agreement: Agreement, *, by: Actor, signatory: int, email: str = "") -> Agreement:
    """Send a new link to sign by, perhaps to another address; the one before it is dead."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.resend(by, agreement, signatory))
    one = next(row for row in agreement.signatories if row.pk == signatory)
    one.email = email or one.email
    letters.to_sign(agreement, one)
    if agreement.state == State.DECLINED and agreement.can_be_signed:
        agreement.become(State.AWAITING_SIGNATURE)
    filing.await_signature(agreement)
    record(agreement.case, "resent", by=by, signatory=signatory)
    return agreement


@transaction.atomic
def replace(
    agreement: Agreement,
    *,
    by: Actor,
    signatory: int,
    given: str,
    family: str,
    email: str,
    personal_number: str,
    phone: str = "",
) -> Agreement:
    """Somebody else signs in a signatory's place (sv. byta firmatecknare). The paper names the new
    one, so whoever has signed it signs anew."""
    agreement = Agreement.objects.locked(agreement)
    typed = {"given": given, "family": family, "email": email, "phone": phone}
    typed["personal_number"] = personal_number
    require(rules.replace(by, agreement, signatory, **typed))
    one = next(row for row in agreement.signatories if row.pk == signatory)
    new = filing.replace(agreement, one, typed)
    again = filing.redraw(agreement, by=by)
    letters.to_sign(agreement, new)
    if agreement.state == State.DECLINED and agreement.can_be_signed:
        agreement.become(State.AWAITING_SIGNATURE)
    filing.await_signature(agreement)
    assert agreement.paper is not None
    record(
        agreement.case,
        "replaced",
        by=by,
        words={"name": f"{one} → {new}"},
        signatory=new.pk,
        again=[row.pk for row in again],
        paper=agreement.paper.sha256,
    )
    return agreement


@transaction.atomic
def remind(agreement: Agreement, *, by: Actor, signatory: int) -> Agreement:
    """Remind a signatory who has not signed, with a fresh link."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.remind(by, agreement, signatory))
    one = next(row for row in agreement.signatories if row.pk == signatory)
    when = reminders_of(agreement.operator)
    one.reminded = one.reminders_due(when)
    letters.to_sign(agreement, one, "remind", nth=one.reminded, all=len(when))
    record(agreement.case, "reminded", by=by, signatory=signatory, nth=one.reminded)
    return agreement


@transaction.atomic
def lapse(agreement: Agreement, *, by: Actor) -> Agreement:
    """The links to sign by have run out, so that nobody can: the reviewer has the ball, and whoever
    administers the organisation is told."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.lapse(by, agreement))
    filing.await_reviewer(agreement)
    record(agreement.case, "lapsed", by=by, tell=notices.lapsed(agreement))
    return agreement


@transaction.atomic
def set_signing_reminders(operator: Organisation, *, by: Actor, reminders: list[int]) -> Link:
    """Say after how many days signatories are reminded. It holds at once."""
    operator = Organisation.objects.locked(operator)
    require(rules.set_signing_reminders(by, operator))
    row = SigningPolicy.objects.add(operator, "signing", {"reminders": reminders})
    return journal.note(operator, "signing_reminders.set", by=by, version=row.version)


@transaction.atomic
def note(agreement: Agreement, *, by: Actor, text: str) -> Agreement:
    """Write a note that only the operator reads."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.note(by, agreement))
    agreement.case.write("operator:inner", text, by=by)
    record(agreement.case, "noted", by=by, circle="operator:inner")
    return agreement


@transaction.atomic
def announce(
    operator: Organisation,
    *,
    by: Actor,
    side: str,
    title: dict,
    text: dict,
    valid_on: str,
    changes: dict | None = None,
    burdening: bool = False,
) -> Link:
    """Publish a version of the terms and its first day; contact persons are told, each in the
    agreement's own case. Agreements that have been signed keep their paper."""
    operator = Organisation.objects.locked(operator)
    require(rules.announce(by, operator, burdening, valid_on))
    told = {"title": title, "text": text, "changes": changes or {}, "burdening": burdening}
    row = AgreementTerms.objects.add(operator, side, told)
    day = date.fromisoformat(valid_on)
    if day > days.today():
        row.valid_from = datetime.combine(day, time(), days.STOCKHOLM)
        row.save(update_fields=["valid_from"])
    jobs.queue("agreements.tell_terms", terms=row.pk)
    return journal.note(
        operator, "agreement.announced", by=by, key=Kind(side).value, version=row.version
    )


@transaction.atomic
def tell_terms(agreement: Agreement, *, by: Actor, version: int) -> Agreement:
    """Tell the contact persons of one agreement of a version of its terms, once."""
    agreement = Agreement.objects.locked(agreement)
    require(rules.tell_terms(by, agreement, version))
    row = AgreementTerms.objects.get(
        organisation=agreement.operator, key=agreement.side, version=version
    )
    told = notices.terms(agreement, row)
    record(agreement.case, "terms_announced", by=by, tell=told, version=version)
    return agreement

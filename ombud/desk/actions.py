"""What can happen to who belongs to an organisation. Each action is one transaction:
lock, ask, change, note."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from ombud.cases import leaving as seats
from ombud.desk import arriving, leaving, rules
from ombud.lib import clock
from ombud.lib.errors import require
from ombud.people import journal, scopes, steps, told, welcome
from ombud.people import leaving as belonging
from ombud.people.actors import Actor
from ombud.people.links import Link
from ombud.people.models import (
    Appointment,
    Membership,
    Organisation,
    Person,
    Registration,
    Verification,
)
from ombud.people.roles import EVERYTHING, Role


@transaction.atomic
def deactivate_person(
    organisation: Organisation,
    *,
    by: Actor,
    person: str,
    holders: Sequence[Mapping[str, str]] = (),
    to: str = "",
) -> Link:
    """Let somebody go: what hangs on the person is taken over by others, roles, seats, stand-ins,
    keys of programs and logins end, and all of it at once."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.deactivate_person(by, organisation, person, holders, to))
    leaver = rules.member(organisation, person)
    assert leaver is not None
    handed = leaving.hand_over(leaving.of(organisation, leaver), holders, to, by=by)
    roles = belonging.end(leaver, organisation)
    seats.unseat(leaver, organisation)
    return journal.note(
        organisation, "person.deactivated", by=by, to=leaver.pk, roles=roles, handed=handed
    )


@transaction.atomic
def restore_person(organisation: Organisation, *, by: Actor, person: str) -> Link:
    """Let somebody back in. Nothing comes back with it: roles are given anew."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.restore_person(by, organisation, person))
    row = rules.former(organisation, person)
    assert row is not None
    now = clock.now()
    row.from_at, row.until_at, row.invited_at = now, None, now
    row.save(update_fields=["from_at", "until_at", "invited_at"])
    entry = journal.note(organisation, "person.restored", by=by, to=row.person_id)
    welcome.send(row.person, organisation, by=by, seq=entry.seq)
    return entry


@transaction.atomic
def change_person(
    organisation: Organisation,
    *,
    by: Actor,
    person: str,
    given: str,
    family: str,
    email: str,
    phone: str = "",
) -> Link:
    """Put somebody's details right. Who has never logged in and belongs here alone is written anew
    at once; anybody else confirms it, by a link to the address given and logged in."""
    organisation = Organisation.objects.locked(organisation)
    typed = {"given": given, "family": family, "email": email, "phone": phone}
    require(rules.change_person(by, organisation, person, **typed))
    found = rules.member(organisation, person)
    assert found is not None
    held = Person.objects.locked(found)
    is_new = not rules.must_confirm(organisation, held)
    if is_new:
        arriving.write(held, typed)
    verb = "person.changed" if is_new else "person.change_asked"
    entry = journal.note(organisation, verb, by=by, to=held.pk)
    if is_new:
        welcome.send(held, organisation, by=by, seq=entry.seq)
    else:
        arriving.ask_to_confirm(held, organisation, typed, by=by)
    return entry


@transaction.atomic
def confirm_details(verification: Verification, *, by: Actor) -> Person:
    """The person says yes to what somebody wrote of them; the address before is told."""
    verification = Verification.objects.locked(verification.pk)
    require(rules.confirm_details(by, verification))
    person = Person.objects.locked(verification.person)
    arriving.use(verification)
    before = person.email
    arriving.write(person, verification.changes)
    arriving.tell_changed(person, before)
    organisation = Organisation.objects.locked(verification.organisation)
    journal.note(organisation, "person.details_confirmed", by=by)
    return person


@transaction.atomic
def verify_account(verification: Verification, *, by: Actor, personal_number: str) -> Person:
    """Tie the account to whoever has proven by e-ID to be the person. Who has an account already
    goes on with that one: one person, one account."""
    verification = Verification.objects.locked(verification.pk)
    require(rules.verify_account(by, verification, personal_number))
    organisation = Organisation.objects.locked(verification.organisation)
    arriving.hold(personal_number)
    arriving.use(verification)
    person = arriving.tie(verification, personal_number)
    by = Actor(person, organisation, via=by.via)
    journal.note(organisation, "person.verified", by=by, to=person.pk)
    return person


@transaction.atomic
def register(
    organisation: Organisation,
    *,
    by: Actor,
    personal_number: str,
    given: str,
    family: str,
    email: str,
    phone: str = "",
    language: str = "sv",
) -> Person:
    """Register oneself with an organisation, by e-ID: an account without any right there until an
    administrator has answered."""
    organisation = Organisation.objects.locked(organisation)
    arriving.hold(personal_number)
    known = Person.objects.of_number(personal_number)
    require(rules.register(by, organisation, known))
    named = {"given": given, "family": family, "phone": phone, "language": language}
    person = known or arriving.begin(personal_number, named)
    row = Registration.objects.create(person=person, organisation=organisation)
    if not person.email:
        arriving.ask_to_confirm(person, organisation, {"email": email}, by=by)
    told.tell(arriving.registered(row))
    journal.note(organisation, "person.registered", by=Actor(person, None, via=by.via))
    return person


@transaction.atomic
def admit_person(
    organisation: Organisation, *, by: Actor, registration: int, role: str, scope: str = ""
) -> Link:
    """Let in somebody who has registered, with a first role."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.admit_person(by, organisation, registration, role, scope))
    scopes.require_known(organisation, role, scope)
    row = Registration.objects.locked(registration)
    row.answer(Registration.Answer.ADMITTED, by.person)
    now = clock.now()
    Membership.objects.update_or_create(
        person=row.person,
        organisation=organisation,
        defaults={"from_at": now, "until_at": None, "invited_at": now},
    )
    entry = journal.note(organisation, "person.admitted", by=by, to=row.person_id, role=role)
    steps.give(organisation, row.person, role, scope or EVERYTHING, by=by)
    told.tell([], over=row.part)
    welcome.send(row.person, organisation, by=by, seq=entry.seq)
    return entry


@transaction.atomic
def refuse_person(organisation: Organisation, *, by: Actor, registration: int) -> Link:
    """Say no to somebody who has registered; the person is told, and learns nothing else."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.refuse_person(by, organisation, registration))
    row = Registration.objects.locked(registration)
    row.answer(Registration.Answer.REFUSED, by.person)
    told.tell([], over=row.part)
    arriving.tell_refused(row.person, organisation)
    return journal.note(organisation, "person.refused", by=by, to=row.person_id)


@transaction.atomic
def appoint_administrator(
    operator: Organisation, *, by: Actor, number: str, grounds: str, **typed: Any
) -> Link:
    """Appoint an administrator where nobody is left who gives roles, and say on which grounds. It
    stands in both journals."""
    operator = Organisation.objects.locked(operator)
    require(rules.appoint_administrator(by, operator, number))
    found = rules.at(operator, number)
    assert found is not None and by.person is not None
    there = Organisation.objects.locked(found)
    require(rules.appoint_administrator(by, operator, number))  # now that nobody else is appointed
    known = {"phone": "", "language": by.person.language, **typed}
    person = steps.let_in(there, Role.ADMINISTRATOR, by=by, **known)
    salt, digest = arriving.salted(grounds)
    row = Appointment.objects.create(
        organisation=there,
        operator=operator,
        person=person,
        appointed_by=by.person,
        grounds=grounds,
        salt=salt,
    )
    facts = {"to": person.pk, "appointment": row.pk, "digest": digest}
    journal.note(there, "administrator.appointed", by=by, **facts)
    arriving.tell_appointed(person, there, operator)
    return journal.note(operator, "administrator.appointed", by=by, at=there.number, **facts)


@transaction.atomic
def ask_for_help(organisation: Organisation, *, by: Actor, note: str) -> Link:
    """Ask the administrators of one's organisation for help; customer service, if it has none."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.ask_for_help(by, organisation))
    assert by.person is not None
    asker = arriving.Asker(str(by.person), by.person.email)
    at = arriving.seek_help(organisation, asker, note, by=by)
    return journal.note(organisation, "person.sought_help", by=by, at=at)


@transaction.atomic
def seek_help(organisation: Organisation, *, by: Actor, note: str, name: str, contact: str) -> Link:
    """The same, of somebody who belongs nowhere yet and has proven by e-ID who it is."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.seek_help(by, organisation))
    asker = arriving.Asker(name, contact)
    at = arriving.seek_help(organisation, asker, note, by=by)
    return journal.note(organisation, "person.sought_help", by=by, at=at)

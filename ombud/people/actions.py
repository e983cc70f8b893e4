"""What can happen to people outside any case. Each action is one transaction:
lock, ask, change, note."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ombud.lib import clock
from ombud.lib.errors import require
from ombud.people import journal, resets, rules, scopes, stand_ins, standing_in, told, welcome
from ombud.people.actors import Actor
from ombud.people.links import Link
from ombud.people.models import Ask, Grant, Membership, Office, Organisation, Person, StandIn
from ombud.people.roles import EVERYTHING


@transaction.atomic
def grant(
    organisation: Organisation, *, by: Actor, person: str, role: str, scope: str = ""
) -> Link:
    """Give a role, within a scope; it takes effect at the next request."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.grant(by, organisation, person, role, scope))
    scopes.require_known(organisation, role, scope)
    to = Person.objects.get(username=person)
    Grant.objects.create(
        person=to,
        organisation=organisation,
        role=role,
        scope=scope or EVERYTHING,
        given_by=organisation,
    )
    if asked := rules.open_ask(organisation, person, role):
        asked.answer(Ask.Answer.GIVEN, by.person)
        told.tell(told.given(asked), over=asked.part)
    return journal.note(
        organisation, "person.granted", by=by, to=to.pk, role=role, scope=scope or EVERYTHING
    )


@transaction.atomic
def ask_for_role(organisation: Organisation, *, by: Actor, role: str) -> Link:
    """Ask the organisation's administrators for a role: a task of theirs until it is answered."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.ask_for_role(by, organisation, role))
    assert by.person is not None
    asked = Ask.objects.create(person=by.person, organisation=organisation, role=role)
    told.tell(told.asked(asked))
    return journal.note(organisation, "person.asked", by=by, role=role)


@transaction.atomic
def decline_role(
    organisation: Organisation, *, by: Actor, person: str, role: str, note: str = ""
) -> Link:
    """Say no to somebody who asked for a role; the reason goes to nobody else."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.decline_role(by, organisation, person, role))
    asked = rules.open_ask(organisation, person, role)
    assert asked is not None
    asked.answer(Ask.Answer.DECLINED, by.person, note)
    told.tell(told.declined(asked), over=asked.part)
    return journal.note(organisation, "person.declined", by=by, to=asked.person_id, role=role)


@transaction.atomic
def revoke(
    organisation: Organisation, *, by: Actor, person: str, role: str, scope: str = ""
) -> Link:
    """Take a role back; what was decided while it was held stays decided."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.revoke(by, organisation, person, role, scope))
    held = rules.held(organisation, person, role, scope).get()
    held.until_at = clock.now()
    held.save(update_fields=["until_at"])
    return journal.note(
        organisation, "person.revoked", by=by, to=held.person_id, role=role, scope=held.scope
    )


@transaction.atomic
def add_person(
    organisation: Organisation,
    *,
    by: Actor,
    given: str,
    family: str,
    email: str,
    phone: str = "",
    personal_number: str = "",
) -> Link:
    """Let a person in: a new account, or one known by its personal number or e-mail address. Who
    has an account elsewhere is invited like anybody unknown, and brings it along by proving to be
    that person: nobody is drawn in, or shown, by a number alone."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.add_person(by, organisation))
    if Person.objects.is_elsewhere(personal_number, organisation):
        personal_number, known = "", None
    else:
        known = Person.objects.known_by(personal_number, email, organisation)
    person = known or Person.objects.begin(
        Person.objects.free_name(email),
        given,
        family,
        email=email,
        phone=phone,
        phone_set_at=clock.now(),
        personal_number=personal_number,
    )
    membership, is_new = Membership.objects.get_or_create(
        person=person, organisation=organisation, defaults={"invited_at": clock.now()}
    )
    if not is_new:
        Membership.objects.filter(pk=membership.pk).update(until_at=None)
    entry = journal.note(organisation, "person.added", by=by, to=person.pk)
    welcome.send(person, organisation, by=by, seq=entry.seq)
    return entry


@transaction.atomic
def log_in(person: Person, *, by: Actor, method: str) -> Person:
    """Remember that the person came in, and how."""
    held = Person.objects.locked(person)
    require(rules.own(by, held))
    held.seen_login_at = clock.now()
    held.save(update_fields=["seen_login_at"])
    if by.organisation:
        organisation = Organisation.objects.locked(by.organisation)
        journal.note(organisation, "person.logged_in", by=by, method=method)
    return held


@transaction.atomic
def set_password(person: Person, *, by: Actor, known: str, hashed: str) -> Person:
    """Take a new password in place of the one known by; every login made with that one ends."""
    held = Person.objects.locked(person)
    require(rules.set_password(by, held, known))
    held.password = hashed
    held.save(update_fields=["password"])
    belongs = Membership.objects.current().filter(person=held).select_related("organisation")
    for membership in belongs.order_by("organisation"):  # in one order: none wait in a ring
        journal.note(membership.organisation, "person.password_set", by=by)
    resets.tell_changed(held)
    return held


@transaction.atomic
def keep_profile(person: Person, *, by: Actor, phone: str, language: str, by_sms: bool) -> Person:
    """Keep how one wants to be reached. A new number takes no codes the first day."""
    held = Person.objects.locked(person)
    require(rules.own(by, held))
    is_new = held.phone != phone
    held.phone, held.language, held.by_sms = phone, language, by_sms and bool(phone)
    held.phone_set_at = clock.now() if is_new else held.phone_set_at
    held.save(update_fields=["phone", "phone_set_at", "language", "by_sms"])
    if is_new and by.organisation:
        organisation = Organisation.objects.locked(by.organisation)
        journal.note(organisation, "person.number_changed", by=by)
    return held


@transaction.atomic
def invite(organisation: Organisation, *, by: Actor, person: str) -> Link:
    """Send the welcome letter once more, to somebody who has not logged in yet."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.invite(by, organisation, person))
    to = Person.objects.get(username=person)
    Membership.objects.filter(person=to, organisation=organisation).update(invited_at=clock.now())
    entry = journal.note(organisation, "person.invited", by=by, to=to.pk)
    welcome.send(to, organisation, by=by, seq=entry.seq)
    return entry


@transaction.atomic
def open_office(organisation: Organisation, *, by: Actor, name: str) -> Link:
    """Write down an office: from now on roles can be given, and orders sent, for it alone."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.open_office(by, organisation, name))
    office = Office.objects.create(organisation=organisation, name=name)
    return journal.note(organisation, "office.opened", by=by, office=office.pk, key=name)


@transaction.atomic
def rename_office(organisation: Organisation, *, by: Actor, office: int, name: str) -> Link:
    """Call an office something else, also where it was named before."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.rename_office(by, organisation, office, name))
    row = Office.objects.at(organisation).get(pk=office)
    before, row.name = row.name, name
    row.save(update_fields=["name"])
    named = {"office": row.pk, "key": name, "other": before}
    return journal.note(organisation, "office.renamed", by=by, **named)


@transaction.atomic
def close_office(organisation: Organisation, *, by: Actor, office: int) -> Link:
    """No new order or role is for it; what is under way goes on, and roles that are held hold."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.close_office(by, organisation, office))
    row = Office.objects.at(organisation).get(pk=office)
    row.closed_at = clock.now()
    row.save(update_fields=["closed_at"])
    return journal.note(organisation, "office.closed", by=by, office=row.pk, key=row.name)


@transaction.atomic
def reopen_office(organisation: Organisation, *, by: Actor, office: int) -> Link:
    """Take a closed office into use again."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.reopen_office(by, organisation, office))
    row = Office.objects.at(organisation).get(pk=office)
    row.closed_at = None
    row.save(update_fields=["closed_at"])
    return journal.note(organisation, "office.reopened", by=by, office=row.pk, key=row.name)


@transaction.atomic
def name_stand_in(
    organisation: Organisation,
    *,
    by: Actor,
    person: str,
    until_at: str,
    instead_of: str = "",
    roles: Sequence[str] = (EVERYTHING,),
    from_at: str | None = None,
) -> Link:
    """Name who acts for oneself, or for somebody absent (sv. ställföreträdare), for a while."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.name_stand_in(by, organisation, person, instead_of, roles, from_at, until_at))
    since, until = standing_in.period(from_at, until_at)
    row = StandIn.objects.create(
        person=Person.objects.get(username=person),
        instead_of=Person.objects.get(username=instead_of or standing_in.own_name(by)),
        organisation=organisation,
        roles=[*roles],
        from_at=since,
        until_at=until,
    )
    if not row.has_begun:
        stand_ins.tell(row, "named")
    stand_ins.wake()
    return journal.note(organisation, "stand_in.named", by=by, **stand_ins.facts(row))


@transaction.atomic
def change_stand_in(
    organisation: Organisation,
    *,
    by: Actor,
    stand_in: int,
    until_at: str,
    roles: Sequence[str] = (EVERYTHING,),
    from_at: str | None = None,
) -> Link:
    """Change roles or period; a beginning that lies behind stays where it is."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.change_stand_in(by, organisation, stand_in, roles, from_at, until_at))
    row = StandIn.objects.locked(stand_in)
    if not row.has_begun:
        row.from_at = standing_in.begun(from_at, row.from_at)
    row.roles, row.until_at = [*roles], datetime.fromisoformat(until_at)
    row.save(update_fields=["roles", "from_at", "until_at"])
    stand_ins.rearrange(row)
    stand_ins.tell(row, "changed")
    stand_ins.wake()
    return journal.note(organisation, "stand_in.changed", by=by, **stand_ins.facts(row))


@transaction.atomic
def end_stand_in(organisation: Organisation, *, by: Actor, stand_in: int) -> Link:
    """End it now: from the next request on nothing is open in the colleague's place."""
    organisation = Organisation.objects.locked(organisation)
    require(rules.end_stand_in(by, organisation, stand_in))
    row = StandIn.objects.locked(stand_in)
    row.end()
    stand_ins.wake()
    return journal.note(organisation, "stand_in.ended", by=by, **stand_ins.facts(row))


@transaction.atomic
def turn_stand_in(organisation: Organisation, *, by: Actor, stand_in: int) -> Link:
    """Tell both that it has begun, and hand over what waits; or that it is over."""
    organisation = Organisation.objects.locked(organisation)
    row = StandIn.objects.locked(stand_in)
    require(rules.turn_stand_in(by, row))
    verb = stand_ins.turn(row)
    return journal.note(organisation, f"stand_in.{verb}", by=by, **stand_ins.facts(row))

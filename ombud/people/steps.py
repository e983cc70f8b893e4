"""What a deed of an upper floor may have done here, in its own transaction."""

from datetime import datetime

from ombud.lib import clock
from ombud.people import journal, welcome
from ombud.people.actors import Actor
from ombud.people.models import Grant, Membership, Organisation, Person, Standing
from ombud.people.roles import EVERYTHING


def let_in(organisation: Organisation, role: str, *, by: Actor, **known: str) -> Person:
    """Let in whom an agreement names, with the role it is named for. `known`: given, family, email,
    phone, personal_number, language. A person is known by the personal number alone, if one is
    told: an address may be written by anybody. Whom no e-ID is known of gets a link to prove it."""
    number, email = known["personal_number"], known["email"]
    same = Person.objects.known_by(number, email, organisation)
    taken = Person.objects.filter(username=email).exists()
    username = f"{email} {organisation.number} {organisation.head_seq}" if taken else email
    person = same or Person.objects.begin(username, phone_set_at=clock.now(), **known)
    belongs, is_new = Membership.objects.get_or_create(
        person=person, organisation=organisation, defaults={"invited_at": clock.now()}
    )
    if not is_new:
        back = Membership.objects.filter(pk=belongs.pk, until_at__lte=clock.now())
        back.update(from_at=clock.now(), until_at=None)
    given = {"person": person, "organisation": organisation, "role": role, "scope": EVERYTHING}
    if not Grant.objects.current().filter(**given).exists():
        Grant.objects.create(given_by=organisation, **given)
        told = {"to": person.pk, "role": role, "scope": EVERYTHING}
        entry = journal.note(organisation, "person.granted", by=by, **told)
        if welcome.is_closed(person):
            welcome.send(person, organisation, by=by, seq=entry.seq)
    return person


def stand(
    organisation: Organisation, what: str, case_number: str, *, by: Actor, scope: str = ""
) -> Standing:
    """From now on the organisation stands so in the eyes of the whole house."""
    standing = Standing.objects.create(
        organisation=organisation, what=what, scope=scope, case_number=case_number
    )
    told = {"case": case_number, **({"scope": scope} if scope else {})}
    journal.note(organisation, f"{what}.signed", by=by, **told)
    return standing


def stand_down(
    organisation: Organisation, what: str, case_number: str, *, by: Actor, scope: str = ""
) -> None:
    """From now on it does not; what was done while it did stands."""
    here = Standing.objects.filter(organisation=organisation, what=what, scope=scope)
    here.end()
    journal.note(organisation, f"{what}.ended", by=by, case=case_number, scope=scope)


def let_out(
    organisation: Organisation, person: Person, role: str, *, since: datetime, by: Actor
) -> None:
    """Nothing came of what this person was let in for: the role that was given then ends. Whoever
    came for it and has no other role goes."""
    theirs = {"person": person, "organisation": organisation}
    known = {"role": role, "scope": EVERYTHING}
    is_ended = Grant.objects.filter(from_at__gte=since, **theirs, **known).end()
    came = Membership.objects.filter(from_at__gte=since, **theirs)
    if not Grant.objects.current().filter(**theirs).exists() and came.end():
        journal.note(organisation, "person.let_out", by=by, to=person.pk)
    elif is_ended:
        journal.note(organisation, "person.revoked", by=by, to=person.pk, **known)


def give(organisation: Organisation, person: Person, role: str, scope: str, *, by: Actor) -> None:
    """Give a role that a deed of an upper floor calls for; held already, it stays as it is."""
    given = {"person": person, "organisation": organisation, "role": role, "scope": scope}
    if Grant.objects.current().filter(**given).exists():
        return
    Grant.objects.create(given_by=organisation, **given)
    journal.note(organisation, "person.granted", by=by, to=person.pk, role=role, scope=scope)

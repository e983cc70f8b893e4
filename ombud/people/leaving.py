"""Somebody leaves an organisation: everything that hung on belonging there ends at once. Ended is
not deleted, and nothing of it comes back by itself."""

from ombud.lib import clock, live
from ombud.people import hats, stand_ins
from ombud.people.models import (
    Ask,
    Grant,
    Membership,
    Notice,
    Organisation,
    Person,
    Session,
    StandIn,
    Token,
    Verification,
)


def end(person: Person, organisation: Organisation) -> list[list[str]]:
    """From the next request on the person is nobody there; the roles that were held."""
    theirs = {"person": person, "organisation": organisation}
    held = Grant.objects.current().filter(**theirs).order_by("role", "scope")
    roles = [[role, scope] for role, scope in held.values_list("role", "scope")]
    Grant.objects.filter(**theirs).end()
    Membership.objects.filter(**theirs).end()
    Token.objects.filter(**theirs).delete()
    Verification.objects.filter(**theirs).spend()
    forget_asks(person, organisation)
    Notice.objects.of(person, organisation).filter(over_at=None).update(over_at=clock.now())
    end_stand_ins(person, organisation)
    end_sessions(person, organisation)
    live.tell([], [person.pk], "", "keys")
    return roles


def forget_asks(person: Person, organisation: Organisation) -> None:
    """Nobody waits for a role there any more, and no administrator is called to answer."""
    for asked in Ask.objects.filter(person=person, organisation=organisation, answered_at=None):
        asked.answer(Ask.Answer.LEFT, None)
        calling = Notice.objects.filter(kind=Notice.PERSON, part=asked.part, over_at=None)
        calling.update(over_at=clock.now())


def stand_ins_of(person: Person, organisation: Organisation) -> list[StandIn]:
    """Those in which the person stands in, or is stood in for; under way and to come."""
    rows = StandIn.objects.at(organisation).unended()
    return [row for row in rows if person in (row.person, row.instead_of)]


def end_stand_ins(person: Person, organisation: Organisation) -> None:
    for row in stand_ins_of(person, organisation):
        StandIn.objects.locked(row.pk).end()
    stand_ins.wake()


def end_sessions(person: Person, organisation: Organisation) -> None:
    """Logins that act there end; so do all, where the person belongs nowhere else."""
    others = Membership.objects.current().filter(person=person)
    is_elsewhere = others.exclude(organisation=organisation).exists()
    for session in Session.objects.filter(person=person):
        acts_for = session.get_decoded().get(hats.CHOSEN, organisation.pk)
        if acts_for == organisation.pk or not is_elsewhere:
            session.delete()

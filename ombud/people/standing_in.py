"""Who can stand in for whom, for how long, in which roles, and why not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ombud.lib import clock, days
from ombud.lib.errors import Reason, against, right, time
from ombud.people.actors import Actor
from ombud.people.models import Grant, Membership, Organisation, Person, StandIn
from ombud.people.roles import EVERYTHING, SIGNING, Role, given_in

LONGEST = timedelta(days=366)
EVERY_ROLE = gettext_lazy("All roles")


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for; `but` is the stand-in that is being changed."""

    person: Person | None
    absent: Person | None
    roles: Sequence[str]
    from_at: datetime
    until_at: datetime
    but: int = 0


def own_name(actor: Actor) -> str:
    return actor.person.username if actor.person else ""


def member(organisation: Organisation, username: str) -> Person | None:
    found = members(organisation).filter(person__username=username).first()
    return found.person if found else None


def members(organisation: Organisation):
    """Who belongs there now and can log in."""
    rows = Membership.objects.current().filter(organisation=organisation, person__is_active=True)
    return rows.select_related("person")


def gains(actor: Actor, person: Person) -> bool:
    """Whether somebody in an administrator's place would get what is given."""
    return actor.instead_of is not None and actor.person == person


def own_gain() -> Reason:
    return right("own_gain", _("Who stands in for an administrator gives no roles to oneself."))


def kept(organisation: Organisation, stand_in: int | None) -> StandIn | None:
    return StandIn.objects.at(organisation).filter(pk=stand_in or 0).first()


def is_kept(row: StandIn | None) -> list[Reason]:
    return against(
        (row is None, time("no_such_stand_in", _("There is no such stand-in."))),
        (row and row.is_over, time("is_over", _("This stand-in is over already."))),
    )


# For whom, in what, for how long


def judge(organisation: Organisation, wanted: Wanted) -> list[Reason]:
    absent, person = wanted.absent, wanted.person
    if absent is None or person is None:
        return [time("not_member", _("This person does not belong to the organisation."))]
    held = roles_of(absent, organisation)
    meant = held if EVERYTHING in wanted.roles else [*wanted.roles]
    return [
        *against_person(organisation, person, absent, meant),
        *against_roles(absent, held, meant),
        *against_period(wanted),
        *overlapping(organisation, wanted),
    ]


def against_person(
    organisation: Organisation, person: Person, absent: Person, roles: Sequence[str]
) -> list[Reason]:
    """Whether the one who stands in can hold the roles, as a natural person."""
    is_same = person == absent or bool(
        person.personal_index and person.personal_index == absent.personal_index
    )
    barred = [role for role in roles if role not in given_in(organisation.kinds)]
    who = {"name": person}
    return against(
        (is_same, time("oneself", _("Nobody stands in for oneself."))),
        (
            barred,
            time(
                "cannot_hold",
                _("%(name)s cannot hold this role here: %(roles)s.")
                % {**who, "roles": role_words(barred)},
            ),
        ),
        (
            SIGNING & set(roles) and not person.personal_index,
            time(
                "cannot_sign",
                _("%(name)s cannot sign: the account is not tied to a BankID yet.") % who,
            ),
        ),
    )


def against_roles(absent: Person, held: list[str], meant: Sequence[str]) -> list[Reason]:
    foreign = [role for role in meant if role not in held]
    who = {"name": absent, "roles": role_words(foreign)}
    return against(
        (
            not held,
            time("no_roles", _("%(name)s holds no role: there is nothing to stand in for.") % who),
        ),
        (
            held and foreign,
            time("role_not_held", _("%(name)s does not hold this role: %(roles)s.") % who),
        ),
    )


def against_period(wanted: Wanted) -> list[Reason]:
    since, until = wanted.from_at, wanted.until_at
    return against(
        (until <= clock.now(), time("period_over", _("The end lies in the past."))),
        (until <= since, time("period_backwards", _("The end comes before the beginning."))),
        (
            until - since > LONGEST,
            time("period_too_long", _("At most a year at a time; name somebody anew after that.")),
        ),
    )


def overlapping(organisation: Organisation, wanted: Wanted) -> list[Reason]:
    """One person at a time in a role; in different roles several may stand in side by side."""
    rows = StandIn.objects.at(organisation).within(wanted.from_at, wanted.until_at)
    others = rows.filter(instead_of=wanted.absent).exclude(pk=wanted.but)
    met = next((row for row in others if is_met(row.roles, wanted.roles)), None)
    if met is None:
        return []
    facts = {"name": met.person, "absent": met.instead_of, "until": until_words(met.until_at)}
    text = _("%(name)s stands in for %(absent)s in the same role, until %(until)s. End that first.")
    return [time("overlaps", text % facts)]


def is_met(some: Sequence[str], others: Sequence[str]) -> bool:
    return EVERYTHING in (*some, *others) or bool(set(some) & set(others))


def roles_of(person: Person, organisation: Organisation) -> list[str]:
    rows = Grant.objects.current().filter(person=person, organisation=organisation)
    held = set(rows.exclude(scope="").values_list("role", flat=True))
    return [role for role in Role.values if role in held]


def period(from_at: str | None, until_at: str) -> tuple[datetime, datetime]:
    """Nothing is given for what has been: a beginning in the past is now."""
    return begun(from_at, clock.now()), datetime.fromisoformat(until_at)


def begun(from_at: str | None, otherwise: datetime) -> datetime:
    return max(datetime.fromisoformat(from_at), clock.now()) if from_at else otherwise


def role_words(roles: Sequence[str]) -> str:
    if EVERYTHING in roles:
        return str(EVERY_ROLE)
    return ", ".join(str(Role(role).label) for role in roles if role in Role.values)


def until_words(until: datetime | None) -> str:
    return days.full(until) if until else _("further on")

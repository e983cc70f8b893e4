"""Who may decide who people are, and why not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from ombud.lib import clock, days, rows
from ombud.lib.errors import Reason, against, right, time
from ombud.people import standing_in
from ombud.people.actors import Actor
from ombud.people.models import (
    Ask,
    Grant,
    Membership,
    Office,
    Organisation,
    Person,
    StandIn,
    Standing,
)
from ombud.people.roles import EVERYTHING, SCOPED, Kind, Role, given_in
from ombud.people.terms import CURRENT

AGAIN = timedelta(days=1)  # after a no


def grant(
    actor: Actor, organisation: Organisation, person: str = "", role: str = "", scope: str = ""
) -> list[Reason]:
    member = Membership.objects.current().filter(
        organisation=organisation, person__username=person, person__is_active=True
    )
    found = member.select_related("person").first() if person else None
    return against(
        (not actor.holds(Role.ADMINISTRATOR, organisation), not_administrator(organisation)),
        (found and standing_in.gains(actor, found.person), standing_in.own_gain),
        (
            person and found is None,
            time("not_member", _("This person does not belong to the organisation.")),
        ),
        (not has_signed(organisation), not_signed()),
        (
            role and role not in given_in(organisation.kinds),
            no_such_role(),
        ),
        (
            person and role and held(organisation, person, role, scope).exists(),
            time("held_already", _("The person holds this role already.")),
        ),
    )


def revoke(
    actor: Actor, organisation: Organisation, person: str = "", role: str = "", scope: str = ""
) -> list[Reason]:
    last = Grant.objects.holding(Role.ADMINISTRATOR, organisation).values("person").distinct()
    return against(
        (not actor.holds(Role.ADMINISTRATOR, organisation), not_administrator(organisation)),
        (
            person and role and not held(organisation, person, role, scope).exists(),
            time("not_held", _("The person does not hold this role.")),
        ),
        (
            role == Role.ADMINISTRATOR and last.count() == 1,
            time(
                "last_administrator",
                _("The last administrator stays. Give the role to somebody else first."),
            ),
        ),
    )


def add_person(actor: Actor, organisation: Organisation) -> list[Reason]:
    return against(
        (not actor.holds(Role.ADMINISTRATOR, organisation), not_administrator(organisation)),
    )


def invite(actor: Actor, organisation: Organisation, person: str = "") -> list[Reason]:
    member = Membership.objects.current().filter(
        organisation=organisation, person__username=person, person__is_active=True
    )
    found = member.select_related("person").first() if person else None
    come = _("The person has logged in already.")
    return against(
        (not actor.holds(Role.ADMINISTRATOR, organisation), not_administrator(organisation)),
        (
            person and found is None,
            time("not_member", _("This person does not belong to the organisation.")),
        ),
        (found and found.person.seen_login_at, time("has_come", come)),
    )


def open_office(actor: Actor, organisation: Organisation, name: str = "") -> list[Reason]:
    nowhere = _("Only a customer has offices: orders and approvals are for them.")
    return may_keep_offices(actor, organisation) or against(
        (Kind.CUSTOMER not in organisation.kinds, time("not_customer", nowhere)),
        (name and office_named(organisation, name), name_taken),
    )


def rename_office(
    actor: Actor, organisation: Organisation, office: int | None = None, name: str = ""
) -> list[Reason]:
    found = office_at(organisation, office)
    other = office_named(organisation, name) if name else None
    return may_keep_offices(actor, organisation) or against(
        (office is not None and found is None, no_such_office),
        (other is not None and other != found, name_taken),
        (found and name == found.name, nothing_changed),
    )


def close_office(
    actor: Actor, organisation: Organisation, office: int | None = None
) -> list[Reason]:
    found = office_at(organisation, office)
    return may_keep_offices(actor, organisation) or against(
        (office is not None and found is None, no_such_office),
        (found and found.closed_at, time("closed_already", _("The office is closed already."))),
    )


def reopen_office(
    actor: Actor, organisation: Organisation, office: int | None = None
) -> list[Reason]:
    found = office_at(organisation, office)
    return may_keep_offices(actor, organisation) or against(
        (office is not None and found is None, no_such_office),
        (found and not found.closed_at, time("is_open", _("The office is open already."))),
    )


def may_keep_offices(actor: Actor, organisation: Organisation) -> list[Reason]:
    text = _("Only an administrator keeps the offices.")
    lacking = lacks("not_administrator", text, Role.ADMINISTRATOR, organisation)
    return against((not actor.holds(Role.ADMINISTRATOR, organisation), lacking))


def office_at(organisation: Organisation, office: int | None) -> Office | None:
    return Office.objects.at(organisation).filter(pk=office or 0).first()


def office_named(organisation: Organisation, name: str) -> Office | None:
    return Office.objects.at(organisation).filter(name__iexact=name).first()


def no_such_office() -> Reason:
    return time("no_such_office", _("There is no such office."))


def nothing_changed() -> Reason:
    return time("nothing_changed", _("Nothing has been changed."))


def name_taken() -> Reason:
    return time("name_taken", _("There is an office of this name already."))


def name_stand_in(
    actor: Actor,
    organisation: Organisation,
    person: str = "",
    instead_of: str = "",
    roles: Sequence[str] = (EVERYTHING,),
    from_at: str | None = None,
    until_at: str = "",
) -> list[Reason]:
    """A person for oneself, the administrator for anybody; nobody as a stand-in."""
    absent = instead_of or standing_in.own_name(actor)
    barred = may_name(actor, organisation, absent)
    if barred or not person:
        return barred
    wanted = standing_in.Wanted(
        standing_in.member(organisation, person),
        standing_in.member(organisation, absent),
        roles,
        *standing_in.period(from_at, until_at),
    )
    return standing_in.judge(organisation, wanted)


def change_stand_in(
    actor: Actor,
    organisation: Organisation,
    stand_in: int | None = None,
    roles: Sequence[str] = (EVERYTHING,),
    from_at: str | None = None,
    until_at: str = "",
) -> list[Reason]:
    row = standing_in.kept(organisation, stand_in)
    absent = row.instead_of.username if row else standing_in.own_name(actor)
    barred = may_name(actor, organisation, absent) or (
        standing_in.is_kept(row) if stand_in is not None else []
    )
    if barred or row is None or not until_at:
        return barred
    since = row.from_at if row.has_begun else standing_in.begun(from_at, row.from_at)
    until = datetime.fromisoformat(until_at)
    wanted = standing_in.Wanted(row.person, row.instead_of, roles, since, until, row.pk)
    return standing_in.judge(organisation, wanted)


def end_stand_in(
    actor: Actor, organisation: Organisation, stand_in: int | None = None
) -> list[Reason]:
    """Also by whoever stands in: nobody is held to it."""
    row = standing_in.kept(organisation, stand_in)
    if row and actor.instead_of is None and actor.person == row.person:
        return standing_in.is_kept(row)
    absent = row.instead_of.username if row else standing_in.own_name(actor)
    return may_name(actor, organisation, absent) or (
        standing_in.is_kept(row) if stand_in is not None else []
    )


def turn_stand_in(actor: Actor, row: StandIn) -> list[Reason]:
    """Tell that it has begun, or is over: the house does, once, when the time has come."""
    is_due = row.is_over if row.begun_at else row.has_begun
    return against(
        (actor.person is not None, right("not_the_house", _("This happens by itself."))),
        (row.over_at or not is_due, time("not_due", _("The time has not come."))),
    )


def may_name(actor: Actor, organisation: Organisation, absent: str) -> list[Reason]:
    is_self = absent == standing_in.own_name(actor) and actor.is_here(organisation)
    text = _("Only the person, or an administrator, says who stands in.")
    return against(
        (
            actor.instead_of is not None,
            right("stands_in", _("Who stands in for somebody names nobody: it never passes on.")),
        ),
        (
            not is_self and not actor.holds(Role.ADMINISTRATOR, organisation),
            right("not_administrator", text, administrator_of(organisation)),
        ),
    )


def ask_for_role(actor: Actor, organisation: Organisation, role: str = "") -> list[Reason]:
    """Whoever belongs here may ask for a role that is given here; once, until it is answered."""
    asked = Ask.objects.last_of(actor.person, organisation, role) if role else None
    answer = asked_before(asked) if asked else None
    gives = Grant.objects.holding(Role.ADMINISTRATOR, organisation).exclude(person=actor.person)
    nobody = _("Nobody else gives roles here.")
    return [
        *against(
            (
                not actor.is_here(organisation),
                right("not_member", _("You do not belong to this organisation.")),
            ),
            (not has_signed(organisation), not_signed()),
            (role and role not in given_in(organisation.kinds), no_such_role()),
            (
                role and role not in SCOPED and actor.holds(role, organisation),
                time("held_already", _("You hold this role already.")),
            ),
            (not gives.exists(), time("nobody_gives", nobody, _("customer service"))),
        ),
        *filter(None, [answer]),
    ]


def decline_role(
    actor: Actor, organisation: Organisation, person: str = "", role: str = "", **given
) -> list[Reason]:
    asked = open_ask(organisation, person, role) if person and role else None
    return against(
        (not actor.holds(Role.ADMINISTRATOR, organisation), not_administrator(organisation)),
        (
            person and role and asked is None,
            time("not_asked", _("Nobody waits for an answer to this any more.")),
        ),
    )


def open_ask(organisation: Organisation, person: str, role: str) -> Ask | None:
    rows = Ask.objects.filter(organisation=organisation, role=role, person__username=person)
    return rows.filter(answered_at=None).select_related("person").first()


def asked_before(asked: Ask) -> Reason | None:
    """Why one does not ask again: nobody has answered yet, or the no is not a day old."""
    if asked.answered_at is None:
        who = administrator_of(asked.organisation)
        text = _("You asked %(who)s %(when)s.") % {"who": who, "when": days.when(asked.asked_at)}
        return time("asked_already", text, who)
    is_fresh = asked.answered_at > clock.now() - AGAIN
    if asked.outcome != Ask.Answer.DECLINED or not is_fresh:
        return None
    facts = {"who": asked.answered_by, "when": days.when(asked.answered_at)}
    said = _("%(who)s said no %(when)s.") % facts
    why = _("Why: %(reason)s") % {"reason": asked.note} if asked.note else ""
    text = " ".join(filter(None, [said, why, _("You can ask again after a day.")]))
    return time("declined", text, str(asked.answered_by))


def switch(actor: Actor, organisation: Organisation) -> list[Reason]:
    worn = Membership.objects.current().filter(person=actor.person, organisation=organisation)
    return against(
        (not worn.exists(), right("not_member", _("You do not belong to this organisation."))),
    )


def own(actor: Actor, person: Person) -> list[Reason]:
    return against(
        (
            actor.person != person,
            right("not_yours", _("Only the person does this.")),
        ),
    )


def has_signed(organisation: Organisation) -> bool:
    """The operator needs no agreement with itself."""
    return Kind.OPERATOR in organisation.kinds or Standing.objects.is_signed(organisation)


def not_signed() -> Reason:
    return time("not_signed", _("Roles can be given once the agreement has been signed."))


def set_password(actor: Actor, person: Person, known: str = "") -> list[Reason]:
    closed = right("closed", _("This account is closed. Ask your administrator."))
    spent = time("link_spent", _("The link has been used already. Ask for a new one."))
    return [
        *own(actor, person),
        *against((not person.is_active, closed), (person.password != known, spent)),
    ]


def held(organisation: Organisation, person: str, role: str, scope: str):
    scope = scope or EVERYTHING
    rows = Grant.objects.current().filter(organisation=organisation, role=role, scope=scope)
    return rows.filter(person__username=person)


def no_such_role() -> Reason:
    return time("no_such_role", _("This role is not given in an organisation of this kind."))


def not_administrator(organisation: Organisation) -> Reason:
    text = _("Only an administrator gives and takes roles.")
    return lacks("not_administrator", text, Role.ADMINISTRATOR, organisation)


def lacks(code: str, text: str, role: str, organisation: Organisation | None) -> Reason:
    """A right that hangs on a role: its administrators give it, and whoever belongs there asks."""
    at = organisation.number if organisation else ""
    return right(code, text, administrator_of(organisation), role=str(role), at=at)


def administrator_of(organisation: Organisation | None) -> str:
    """The administrators by name, or the portal's customer service where there is none. They are
    looked up when somebody reads it: most reasons are never shown."""
    if organisation is None:
        return ""
    return _administrators(organisation)


def administrators(organisation: Organisation) -> str:
    if not hasattr(organisation, "administrators"):
        know_administrators([organisation])
    return organisation.administrators  # type: ignore[attr-defined]


_administrators = lazy(administrators, str)


def know_administrators(organisations: list[Organisation]) -> None:
    """Look up the administrators of several organisations at once; two names each."""
    asked: dict[str, Any] = {"here": [one.pk for one in organisations]}
    name_administrators(organisations, rows.asked(ADMINISTRATORS, asked | administering()))


def administering() -> dict[str, Any]:
    """What ADMINISTRATORS asks for besides `here`, the organisations."""
    return {"administrator": Role.ADMINISTRATOR, "all": EVERYTHING, "now": clock.now()}


def name_administrators(organisations: list[Organisation], found: list) -> None:
    """Out of what ADMINISTRATORS has found: organisation and name, by name."""
    for organisation in organisations:
        names = dict.fromkeys(name for place, name in found if place == organisation.pk)
        two = ", ".join([*names][:2])
        organisation.administrators = two or _("customer service")  # type: ignore[attr-defined]


ADMINISTRATORS = f"""SELECT g.organisation_id, p.given || ' ' || p.family
FROM people_grant g JOIN people_person p ON p.id = g.person_id
WHERE g.organisation_id = ANY(%(here)s) AND g.role = %(administrator)s AND g.scope = %(all)s
  AND {CURRENT.format("g")} AND p.is_active AND EXISTS (SELECT 1 FROM people_membership m
    WHERE m.person_id = g.person_id AND m.organisation_id = g.organisation_id
      AND {CURRENT.format("m")})
ORDER BY p.sort_key"""

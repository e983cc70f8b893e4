"""Who may decide who people are, and why not."""

from django.utils.functional import lazy
from django.utils.translation import gettext as _

from ombud.lib import clock, rows
from ombud.lib.errors import Reason, against, right, time
from ombud.people.actors import Actor
from ombud.people.models import Grant, Membership, Organisation, Person, Standing
from ombud.people.roles import EVERYTHING, SCOPED, Kind, Role, given_in
from ombud.people.terms import CURRENT


def grant(
    actor: Actor, organisation: Organisation, person: str = "", role: str = "", scope: str = ""
) -> list[Reason]:
    member = Membership.objects.current().filter(
        organisation=organisation, person__username=person, person__is_active=True
    )
    return against(
        (not actor.holds(Role.ADMINISTRATOR, organisation), not_administrator(organisation)),
        (
            person and not member.exists(),
            time("not_member", _("This person does not belong to the organisation.")),
        ),
        (not has_signed(organisation), not_signed()),
        (
            role and role not in given_in(organisation.kinds),
            time("no_such_role", _("This role is not given in an organisation of this kind.")),
        ),
        (
            role in SCOPED and scope in ("", EVERYTHING),
            time("scope_needed", _("Choose the services this role is for.")),
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


def held(organisation: Organisation, person: str, role: str, scope: str):
    scope = scope or EVERYTHING
    rows = Grant.objects.current().filter(organisation=organisation, role=role, scope=scope)
    return rows.filter(person__username=person)


def not_administrator(organisation: Organisation) -> Reason:
    return right(
        "not_administrator",
        _("Only an administrator gives and takes roles."),
        administrator_of(organisation),
    )


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
    asked = {"here": [one.pk for one in organisations], "role": Role.ADMINISTRATOR}
    found = rows.asked(ADMINISTRATORS, {**asked, "all": EVERYTHING, "now": clock.now()})
    for organisation in organisations:
        names = dict.fromkeys(name for place, name in found if place == organisation.pk)
        two = ", ".join([*names][:2])
        organisation.administrators = two or _("customer service")  # type: ignore[attr-defined]


ADMINISTRATORS = f"""SELECT g.organisation_id, p.given || ' ' || p.family
FROM people_grant g JOIN people_person p ON p.id = g.person_id
WHERE g.organisation_id = ANY(%(here)s) AND g.role = %(role)s AND g.scope = %(all)s
  AND {CURRENT.format("g")} AND p.is_active AND EXISTS (SELECT 1 FROM people_membership m
    WHERE m.person_id = g.person_id AND m.organisation_id = g.organisation_id
      AND {CURRENT.format("m")})
ORDER BY p.sort_key"""

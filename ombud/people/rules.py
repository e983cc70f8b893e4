"""Who may decide who people are, and why not."""

from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, against, right, time
from ombud.people.actors import Actor
from ombud.people.models import Grant, Membership, Organisation, Person
from ombud.people.roles import EVERYTHING, SCOPED, Role, given_in


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


def switch(actor: Actor, organisation: Organisation) -> list[Reason]:
    worn = Membership.objects.current().filter(person=actor.person, organisation=organisation)
    return against(
        (not worn.exists(), right("not_member", _("You do not belong to this organisation."))),
    )


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
    """The administrators by name, or the portal's customer service where there is none."""
    if organisation is None:
        return ""
    holding = Grant.objects.holding(Role.ADMINISTRATOR, organisation).values("person")
    people = Person.objects.filter(pk__in=holding).order_by("sort_key")[:2]
    return ", ".join(str(person) for person in people) or _("customer service")

"""Who may decide who belongs to an organisation, and why not."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.utils.translation import gettext as _

from ombud.desk import leaving
from ombud.lib import clock, days
from ombud.lib.errors import Reason, against, right, time
from ombud.people import verifying, welcome
from ombud.people.actors import Actor
from ombud.people.models import (
    Entry,
    Grant,
    Membership,
    Organisation,
    Person,
    Registration,
    Verification,
)
from ombud.people.roles import Role, given_in
from ombud.people.rules import (
    has_signed,
    lacks,
    no_such_role,
    not_administrator,
    not_signed,
)
from ombud.servicecases.models import ServiceCase

DAY = timedelta(days=1)
AFTER_NO = timedelta(days=30)  # before one registers again where one has been refused
MOST_OPEN = 3  # registrations of one person that wait
MOST_A_DAY = 20  # registrations with one organisation
MOST_HELP = 5  # requests for help to one organisation's administrators, a day


def deactivate_person(
    actor: Actor,
    organisation: Organisation,
    person: str = "",
    holders: Sequence[Mapping[str, str]] = (),
    to: str = "",
) -> list[Reason]:
    barred = may_deactivate(actor, organisation, person)
    leaver = member(organisation, person)
    return barred or (leaving.reasons(organisation, leaver, holders, to, actor) if leaver else [])


def may_deactivate(actor: Actor, organisation: Organisation, person: str = "") -> list[Reason]:
    """Whatever hangs on the person: who may, and that somebody is left to give roles."""
    holding = Grant.objects.holding(Role.ADMINISTRATOR, organisation)
    is_one = person and holding.filter(person__username=person).exists()
    others = holding.exclude(person__username=person).exists()
    text = _("The last administrator stays. Give the role to somebody else first.")
    return against(
        (not actor.holds(Role.ADMINISTRATOR, organisation), not_administrator(organisation)),
        (person and member(organisation, person) is None, not_member()),
        (is_one and not others, time("last_administrator", text)),
    )


def read_reports(actor: Actor, organisation: Organisation) -> list[Reason]:
    """Where orders will stop, and what has been done: for administrators, and who stands in."""
    may = actor.is_here(organisation) and actor.may_wear(Role.ADMINISTRATOR)
    return against((not may, not_administrator(organisation)))


def restore_person(actor: Actor, organisation: Organisation, person: str = "") -> list[Reason]:
    return against(
        (not actor.holds(Role.ADMINISTRATOR, organisation), not_administrator(organisation)),
        (
            person and former(organisation, person) is None,
            time("not_former", _("This person has not been deactivated here.")),
        ),
    )


def change_person(
    actor: Actor, organisation: Organisation, person: str = "", **given: str
) -> list[Reason]:
    found = member(organisation, person)
    same = found and given and all(getattr(found, name) == given[name] for name in given)
    may = actor.holds(Role.ADMINISTRATOR, organisation)
    shared = may and found and must_confirm(organisation, found) and not can_confirm(found)
    return against(
        (not may, not_administrator(organisation)),
        (person and found is None, not_member()),
        (same, time("nothing_changed", _("Nothing has been changed."))),
        (shared, not_yours_alone()),
    )


def must_confirm(organisation: Organisation, person: Person) -> bool:
    """Whether the person alone says what becomes of the details: who has logged in, and whose
    account is not this organisation's alone."""
    return person.seen_login_at is not None or verifying.is_shared(person, organisation)


def can_confirm(person: Person) -> bool:
    """By logging in: with what is known of the person already, never with what is written now."""
    return person.seen_login_at is not None or not welcome.is_closed(person)


def not_yours_alone() -> Reason:
    text = _(
        "The account is not this organisation's alone, and nobody has logged in to it yet who could"
        " confirm a change. Deactivate the person here, and add a new one with the right details."
    )
    return time("not_yours_alone", text, _("customer service"))


def confirm_details(actor: Actor, verification: Verification) -> list[Reason]:
    """By the person alone, logged in: the letter proves the address, the login the person."""
    return [
        *against(
            (
                actor.person != verification.person,
                right("not_yours", _("Only the person does this.")),
            ),
        ),
        *against_spent(verification),
    ]


def verify_account(actor: Actor, verification: Verification, personal_number: str) -> list[Reason]:
    """By whoever has the letter and an e-ID; an account that has one already keeps it, and who has
    been let go meanwhile comes in by no link. Nor does one organisation's letter tie an account
    that is another's too; that is told as if the link were spent."""
    belongs = member(verification.organisation, verification.person.username) is not None
    shared = verifying.is_shared(verification.person, verification.organisation)
    return [
        *against(
            (
                actor.person and actor.person != verification.person,
                right("not_yours", _("Only the person does this.")),
            ),
            (
                bool(verification.person.personal_index),
                time("verified_already", _("The account is tied to a BankID already.")),
            ),
            (not belongs, not_member()),
            (shared and verification.is_in_force, link_spent()),
        ),
        *against_spent(verification),
    ]


def against_spent(verification: Verification) -> list[Reason]:
    return against((not verification.is_in_force, link_spent()))


def link_spent() -> Reason:
    return time("link_spent", _("The link has been used already, or is too old."))


def register(
    actor: Actor, organisation: Organisation, person: Person | None = None
) -> list[Reason]:
    """Anybody with an e-ID; a few at a time, and not again at once after a no."""
    mine = Registration.objects.filter(person=person) if person else Registration.objects.none()
    here, now = mine.filter(organisation=organisation), clock.now()
    refused = here.filter(outcome=Registration.Answer.REFUSED, answered_at__gt=now - AFTER_NO)
    today = Registration.objects.filter(organisation=organisation, asked_at__gt=now - DAY)
    belongs = Membership.objects.current().filter(organisation=organisation, person=person)
    return against(
        (
            person is not None and belongs.exists(),
            time("member_already", _("You belong to this organisation already. Log in.")),
        ),
        (
            here.filter(answered_at=None).exists(),
            time("registered_already", _("You have registered here already, and wait for answer.")),
        ),
        (
            refused.exists(),
            time("refused", _("Your registration was refused. Speak with the administrator.")),
        ),
        (
            mine.filter(answered_at=None).count() >= MOST_OPEN,
            time("too_many", _("You wait for answer from several organisations already.")),
        ),
        (
            today.count() >= MOST_A_DAY,
            time("too_many_here", _("Many have registered here today. Try again tomorrow.")),
        ),
    )


def admit_person(
    actor: Actor,
    organisation: Organisation,
    registration: int | None = None,
    role: str = "",
    scope: str = "",
) -> list[Reason]:
    return [
        *answers(actor, organisation, registration),
        *against(
            (not has_signed(organisation), not_signed()),
            (role and role not in given_in(organisation.kinds), no_such_role()),
        ),
    ]


def refuse_person(
    actor: Actor, organisation: Organisation, registration: int | None = None
) -> list[Reason]:
    return answers(actor, organisation, registration)


def answers(actor: Actor, organisation: Organisation, registration: int | None) -> list[Reason]:
    row = waiting(organisation, registration) if registration is not None else None
    return against(
        (not actor.holds(Role.ADMINISTRATOR, organisation), not_administrator(organisation)),
        (
            registration is not None and row is None,
            time("not_registered", _("Nobody waits for an answer to this any more.")),
        ),
    )


def appoint_administrator(
    actor: Actor, operator: Organisation, number: str = "", **given: str
) -> list[Reason]:
    """By the operator, with grounds, and only where nobody is left who gives roles."""
    there = at(operator, number)
    may = actor.holds(Role.ADMINISTRATOR, operator) or actor.holds(Role.CASE_HANDLER, operator)
    text = _("Only customer service at the operator appoints an administrator.")
    held = there and Grant.objects.is_held(Role.ADMINISTRATOR, there)
    return against(
        (
            "operator" not in operator.kinds or not may,
            lacks("not_customer_service", text, Role.CASE_HANDLER, operator),
        ),
        (
            number and there is None,
            time("no_such_organisation", _("There is no organisation with this number here.")),
        ),
        (held, time("has_administrator", _("The organisation has an administrator."))),
        (there and not has_signed(there), not_signed()),
    )


def ask_for_help(actor: Actor, organisation: Organisation, **given: str) -> list[Reason]:
    """By whoever belongs there."""
    text = _("You do not belong to this organisation.")
    return [
        *against((not actor.is_here(organisation), right("not_member", text))),
        *seek_help(actor, organisation),
    ]


def seek_help(actor: Actor, organisation: Organisation) -> list[Reason]:
    """Anybody who says who it is; at most so often that nobody is drowned in it."""
    today = Entry.objects.filter(journal_of=organisation, verb="person.sought_help")
    asked = help_case(organisation)
    return against(
        (
            asked,
            lambda: time(
                "asked_already",
                _("Customer service has been asked for help already, %(when)s.")
                % {"when": days.when(asked.case.opened_at) if asked else ""},
            ),
        ),
        (
            today.filter(at__gt=clock.now() - DAY).count() >= MOST_HELP,
            time("too_many", _("Help has been asked for several times today. Try tomorrow.")),
        ),
    )


# What is asked of the rows


def member(organisation: Organisation, person: str) -> Person | None:
    """Who belongs there now, by user name."""
    rows = Membership.objects.current().filter(organisation=organisation, person__is_active=True)
    found = rows.filter(person__username=person).select_related("person").first()
    return found.person if found else None


def former(organisation: Organisation, person: str) -> Membership | None:
    rows = Membership.objects.filter(organisation=organisation, person__username=person)
    ended = rows.filter(until_at__lte=clock.now(), person__is_active=True)
    return ended.select_related("person").first()


def waiting(organisation: Organisation, registration: int | None) -> Registration | None:
    rows = Registration.objects.open().filter(organisation=organisation, pk=registration or 0)
    return rows.reachable().select_related("person").first()


def at(operator: Organisation, number: str) -> Organisation | None:
    """An organisation of this operator's portal, however its number is written."""
    digits = "".join(sign for sign in number if sign.isdigit())
    return Organisation.objects.filter(number=digits, portal=operator).first()


def help_case(organisation: Organisation) -> ServiceCase | None:
    """The open case in which customer service looks for an administrator of the organisation."""
    rows = ServiceCase.objects.filter(task="appoint", state="open", subject=organisation)
    return rows.select_related("case").first()


def not_member() -> Reason:
    return time("not_member", _("This person does not belong to the organisation."))

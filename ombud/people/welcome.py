"""The letter to somebody who has been let in: where, with which roles, and by whom."""

from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.people import verifying
from ombud.people.models import Grant, Organisation, Person
from ombud.people.roles import Role
from ombud.post import office


def send(person: Person, organisation: Organisation, *, by, seq: int) -> None:
    """Owed in the same transaction; `seq` is the entry of the journal that tells of it."""
    if not person.email:
        return
    with translation.override(person.language):
        said = words(person, organisation, by)
        if is_closed(person):
            said |= to_verify(person, organisation)
        env = engine()
        office.hand_in(
            "email",
            person.email,
            env.get_template("letter.txt").render(said),
            subject=said["subject"],
            html=env.get_template("letter.html").render(said),
            key=f"welcome:{organisation.number}:{seq}",
            secret=is_closed(person),
            language=person.language,
        )


def is_closed(person: Person) -> bool:
    """Whether nothing opens the account yet: neither an e-ID nor a password."""
    return not person.personal_index and not person.has_usable_password()


def engine():
    return engines["jinja2"].env


def words(person: Person, organisation: Organisation, by) -> dict[str, str]:
    facts = {"organisation": organisation, "by": by.person or _("The system")}
    held = roles(person, organisation)
    listed = _("Your roles there: %(roles)s.") % {"roles": ", ".join(held)}
    none = _("You have no role there yet; the administrator gives them.")
    way_in = _("Log in with BankID.")
    return {
        "subject": _("Welcome to Ombud for %(organisation)s") % facts,
        "lead": _("%(by)s has added you to %(organisation)s in Ombud.") % facts,
        "body": f"{listed if held else none} {way_in}",
        "button": _("Log in"),
        "url": settings.WEB_URL + reverse("account_login"),
        "why": _("You get this because you were added to %(organisation)s.") % facts,
        "language": person.language,
    }


def to_verify(person: Person, organisation: Organisation) -> dict[str, str]:
    """The letter's own link ties the account to the person's BankID."""
    held = roles(person, organisation)
    listed = _("Your roles there: %(roles)s.") % {"roles": ", ".join(held)}
    none = _("You have no role there yet; the administrator gives them.")
    how = _(
        "First confirm the account: write this e-mail address and the organisation number, then"
        " identify yourself with BankID. The link works once, for 72 hours."
    )
    return {
        "body": f"{listed if held else none} {how}",
        "button": _("Confirm the account"),
        "url": verifying.issue(person, organisation, person.email),
    }


def roles(person: Person, organisation: Organisation) -> list[str]:
    rows = Grant.objects.current().filter(person=person, organisation=organisation)
    return [str(Role(role).label) for role in sorted(set(rows.values_list("role", flat=True)))]

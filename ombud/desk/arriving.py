"""People coming to an organisation, step by step: what is written of them, who is told, in which
words."""

import secrets
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.agreements import filing as agreements
from ombud.lib import chain, clock, vault
from ombud.lib.names import sort_key
from ombud.orders import handovers
from ombud.orders import steps as orders
from ombud.people import leaving, letters, stand_ins, steps, told, verifying
from ombud.people.actors import Actor
from ombud.people.models import (
    Entry,
    Grant,
    Membership,
    Notice,
    Organisation,
    Person,
    Registration,
    Verification,
)
from ombud.people.roles import Role
from ombud.servicecases.steps import servicecase as servicecases

DETAILS = ("given", "family", "email", "phone")


@dataclass(frozen=True)
class Asker:
    """Who asks for help, and how to reach that person."""

    name: str
    contact: str


# What is written


def write(person: Person, changes: dict[str, str]) -> None:
    """A new number takes no codes the first day, whoever wrote it."""
    changes = {name: changes[name] for name in DETAILS if name in changes}
    if changes.get("phone", person.phone) != person.phone:
        person.phone_set_at = clock.now()
    for name, value in changes.items():
        setattr(person, name, value)
    person.sort_key = sort_key(f"{person.family} {person.given}")
    person.save(update_fields=[*changes, "phone_set_at", "sort_key"])


def begin(personal_number: str, named: dict[str, str]) -> Person:
    """A new account, known by its e-ID alone: the address is nobody's until it is confirmed."""
    username = secrets.token_hex(5)
    more: dict[str, Any] = {**named, "phone_set_at": clock.now()}
    return Person.objects.begin(username, personal_number=personal_number, **more)


def hold(personal_number: str) -> None:
    """One at a time makes an account for a person: until the transaction ends, the others wait."""
    with connection.cursor() as cursor:
        index = vault.index(personal_number)
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [index])


def use(verification: Verification) -> None:
    verification.used_at = clock.now()
    verification.save(update_fields=["used_at"])


def tie(verification: Verification, personal_number: str) -> Person:
    """The account that the person goes on with: this one, tied to the e-ID; or the one that the
    person has already, which takes over all that this one was given here."""
    invited = Person.objects.locked(verification.person)
    known = Person.objects.of_number(personal_number)
    if known is None or known == invited:
        invited.set_personal_number(personal_number)
        invited.save(update_fields=["personal_sealed", "personal_index"])
        return invited
    merge(invited, known, verification.organisation)
    return known


def merge(invited: Person, known: Person, organisation: Organisation) -> None:
    """One person, one account: roles and orders go over, and the invited account is closed unless
    it belongs elsewhere too."""
    by = Actor(known, organisation)
    Membership.objects.update_or_create(
        person=known, organisation=organisation, defaults={"until_at": None}
    )
    for hanging in handovers.on(invited, organisation):
        orders.hand_over(hanging, known, by=by)
    agreements.hand_over(invited, known, organisation)
    own = was_made_by(invited, known, organisation)
    for role, scope in leaving.end(invited, organisation):
        if not own:
            steps.give(organisation, known, role, scope, by=by)
    if not Membership.objects.current().filter(person=invited).exists():
        invited.is_active = False
        invited.save(update_fields=["is_active"])


def was_made_by(invited: Person, known: Person, organisation: Organisation) -> bool:
    """Whether somebody added, changed or gave a role to the account in an administrator's place,
    and now turns out to be the one whom it is of: no roles are got that way."""
    deeds = Entry.objects.filter(journal_of=organisation, person=known, data__to=invited.pk)
    return deeds.exclude(instead_of=None).exists()


def salted(grounds: str) -> tuple[str, str]:
    """A salt, and the digest by which a journal vouches for the words without telling them."""
    salt = secrets.token_hex(16)
    return salt, chain.sha256(salt + grounds)


# Who is told


def administrators(organisation: Organisation) -> list[Person]:
    holding = Grant.objects.holding(Role.ADMINISTRATOR, organisation).values("person")
    return list(Person.objects.filter(pk__in=holding).order_by("pk"))


def registered(row: Registration) -> list[Notice]:
    """Every administrator is to answer, or whoever stands in; who is told sees the name, and that
    it is proven."""
    facts = {"person": str(row.person), "organisation": row.organisation.name}
    here = row.organisation
    heard = [called(here, who, "registered", row.part, facts) for who in administrators(here)]
    for notice in heard:
        notice.not_persons = [row.person_id]
    return stand_ins.also(heard)


def sought(
    organisation: Organisation, people: list[Person], asker: Asker, note: str
) -> list[Notice]:
    facts = {
        "person": asker.name,
        "contact": asker.contact,
        "organisation": organisation.name,
        "note": note,
    }
    heard = [called(organisation, who, "sought_help", "help", facts) for who in people]
    for notice in heard:
        notice.calls = False
    return stand_ins.also(heard)


def called(
    organisation: Organisation, person: Person, words: str, part: str, facts: dict[str, str]
) -> Notice:
    return Notice(
        person=person,
        organisation=organisation,
        kind=Notice.PERSON,
        part=part,
        words=words,
        why=Role.ADMINISTRATOR,
        calls=True,
        data=facts,
    )


def seek_help(organisation: Organisation, asker: Asker, note: str, *, by: Actor) -> str:
    """To the administrators, or as a case at customer service where there is none; to whom."""
    if people := administrators(organisation):
        told.tell(sought(organisation, people, asker, note))
        return "administrators"
    operator = organisation.portal or organisation
    text = said_by(asker, note)
    servicecases.open_about(
        organisation, operator, titles(organisation), "appoint", by=by, note=text
    )
    return "customer_service"


def said_by(asker: Asker, note: str) -> str:
    return "\n".join(filter(None, [note, asker.name, asker.contact]))


def titles(organisation: Organisation) -> dict[str, str]:
    """What customer service's case is called, in each language that the house speaks."""
    found = {}
    for language, _named in settings.LANGUAGES:
        with translation.override(language):
            named = {"organisation": organisation.name}
            found[language] = _("Nobody gives roles at %(organisation)s") % named
    return found


# Letters


def ask_to_confirm(
    person: Person, organisation: Organisation, changes: dict[str, str], *, by: Actor
) -> None:
    """To the address that is to be proven: nothing is written before the person has said yes."""
    kept = {name: changes[name] for name in DETAILS if name in changes}
    url = verifying.issue(person, organisation, changes["email"], kept)
    with translation.override(person.language):
        facts = {"by": by.person or person, "organisation": organisation}
        if by.person:
            lead = _("%(by)s at %(organisation)s has written new details for your account.")
        else:
            lead = _("You have registered with %(organisation)s in Ombud with this address.")
        said = {
            "subject": _("Confirm your details in Ombud"),
            "lead": lead % facts,
            "body": _("Nothing is changed until you confirm. The link works once, for 72 hours."),
            "button": _("Read and confirm"),
            "url": url,
            "why": _("You get this because the address was given for an account in Ombud."),
        }
        letters.send(changes["email"], person.language, said, secret=True)


def tell_changed(person: Person, before: str) -> None:
    """To the address that held until now: if it was somebody else, this is how it is noticed."""
    with translation.override(person.language):
        said = {
            "subject": _("Your details in Ombud have been changed"),
            "lead": _("New details have been confirmed for your account, by somebody logged in."),
            "body": _("If it was not you, tell your administrator or customer service at once."),
            "button": _("Log in"),
            "url": settings.WEB_URL + reverse("account_login"),
            "why": _("You get this because it is your account."),
        }
        letters.send(before or person.email, person.language, said)


def tell_refused(person: Person, organisation: Organisation) -> None:
    with translation.override(person.language):
        named = {"organisation": organisation}
        said = {
            "subject": _("No to your registration with %(organisation)s") % named,
            "lead": _("Your registration with %(organisation)s in Ombud was refused.") % named,
            "body": _("If you think that this is a mistake, speak with the administrator there."),
            "button": _("Who is my administrator?"),
            "url": settings.WEB_URL + reverse("desk:whose"),
            "why": _("You get this because you registered."),
        }
        letters.send(person.email, person.language, said)


def tell_appointed(person: Person, organisation: Organisation, operator: Organisation) -> None:
    with translation.override(person.language):
        named = {"organisation": organisation, "operator": operator}
        said = {
            "subject": _("You are now administrator of %(organisation)s") % named,
            "lead": _("%(operator)s has appointed you administrator of %(organisation)s in Ombud.")
            % named,
            "body": _(
                "Log in with BankID. You give roles to the others there, and take them back."
            ),
            "button": _("See who holds what"),
            "url": f"{settings.WEB_URL}{reverse('desk:organisation')}?as={organisation.number}",
            "why": _("You get this because you were appointed."),
        }
        letters.send(person.email, person.language, said)

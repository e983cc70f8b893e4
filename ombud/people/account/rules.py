"""Who may change how a person logs in, and why not."""

from django.utils.translation import gettext as _

from ombud.lib.errors import Reason, against, right, time
from ombud.people import rules
from ombud.people.account import factors
from ombud.people.account.factors import MOST_PASSKEYS, Factors
from ombud.people.account.models import Identity
from ombud.people.actors import Actor
from ombud.people.models import Membership, Organisation, Person

own = rules.own


def add_app(actor: Actor, person: Person) -> list[Reason]:
    here = _("You have an app for codes already. Remove it first.")
    return [*own(actor, person), *against((factors.of(person).app, time("has_app", here)))]


def add_passkey(actor: Actor, person: Person) -> list[Reason]:
    many = time("many_passkeys", _("You have as many passkeys as one can have. Remove one first."))
    known = factors.of(person).passkeys
    return [*own(actor, person), *against((len(known) >= MOST_PASSKEYS, many))]


def passkey(actor: Actor, person: Person, pk: int) -> list[Reason]:
    known = [row.pk for row in factors.of(person).passkeys]
    return [*own(actor, person), *against((pk not in known, gone()))]


def new_codes(actor: Actor, person: Person) -> list[Reason]:
    """Spare codes are for a password with a second proof; without one they would be all."""
    known = factors.of(person)
    first = time("no_factor", _("Add an app for codes or a passkey first."))
    return [*own(actor, person), *against((not known.has_strong, first))]


def remove(actor: Actor, person: Person, kind: str, pk: int = 0) -> list[Reason]:
    """The last way in stays, whichever it is."""
    known = factors.of(person)
    last = _("This is the only way you can log in. Add another one first.")
    return [
        *own(actor, person),
        *against(
            (not is_there(known, kind, pk), gone()),
            (kind in OPENING and opening(person, known) == 1, time("last_way", last)),
        ),
    ]


OPENING = {"passkey", "identity"}


def opening(person: Person, known: Factors) -> int:
    """How many things let the person in by themselves, or together with a second proof."""
    own_ways = bool(person.personal_index) + person.has_usable_password()
    return own_ways + len(known.passkeys) + len(known.identities)


def is_there(known: Factors, kind: str, pk: int) -> bool:
    there = {
        "app": [0] if known.app else [],
        "code_phone": [0] if known.code_phone else [],
        "passkey": [row.pk for row in known.passkeys],
        "identity": [row.pk for row in known.identities],
    }
    return pk in there[kind]


def link(actor: Actor, person: Person, issuer: str, subject: str) -> list[Reason]:
    others = Identity.objects.filter(issuer=issuer, subject=subject).exclude(person=person)
    mine = Identity.objects.filter(issuer=issuer, person=person)
    taken = _("This login is linked to another account.")
    return [
        *own(actor, person),
        *against(
            (others.exists(), time("linked_elsewhere", taken)),
            (mine.exists(), time("linked_already", _("A login from there is linked already."))),
        ),
    ]


def consent(actor: Actor, organisation: Organisation) -> list[Reason]:
    belongs = Membership.objects.current().filter(person=actor.person, organisation=organisation)
    text = _("You do not belong to this organisation.")
    return against((actor.via != "web" or not belongs.exists(), right("not_member", text)))


def gone() -> Reason:
    return time("gone", _("It is no longer there."))

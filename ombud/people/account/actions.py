"""What can happen to the ways into an account. Each action is one transaction:
lock, ask, change, note."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.db import transaction

from ombud.eid.oidc import Identity as Seen
from ombud.lib import clock, phones
from ombud.lib.errors import require
from ombud.people import journal
from ombud.people.account import factors, letters, rules
from ombud.people.account.models import CodePhone, Consent, Identity
from ombud.people.actors import Actor
from ombud.people.links import Link
from ombud.people.models import Membership, Organisation, Person, Session


@transaction.atomic
def add_app(person: Person, *, by: Actor, secret: str) -> Authenticator:
    """Take an app for codes into use; recovery codes come with the first such thing."""
    held = Person.objects.locked(person)
    require(rules.add_app(by, held))
    row: Authenticator = TOTP.activate(held, secret).instance
    RecoveryCodes.activate(held)
    record(held, "person.factor_added", by=by, kind="app")
    letters.tell(held, "app_added")
    return row


@transaction.atomic
def add_passkey(person: Person, *, by: Actor, name: str, credential: dict) -> Authenticator:
    """Take a passkey into use: it opens the account by itself."""
    held = Person.objects.locked(person)
    require(rules.add_passkey(by, held))
    row: Authenticator = WebAuthn.add(held, name, credential).instance
    RecoveryCodes.activate(held)
    record(held, "person.factor_added", by=by, kind="passkey")
    letters.tell(held, "passkey_added", name)
    return row


@transaction.atomic
def rename_passkey(person: Person, *, by: Actor, pk: int, name: str) -> Authenticator:
    """Call it by another name, by which its person tells it from others."""
    held = Person.objects.locked(person)
    require(rules.passkey(by, held, pk))
    row: Authenticator = Authenticator.objects.get(pk=pk, user_id=held.pk)
    row.data["name"] = name
    row.save(update_fields=["data"])
    record(held, "person.factor_renamed", by=by, kind="passkey")
    return row


@transaction.atomic
def set_code_phone(person: Person, *, by: Actor, phone: str) -> CodePhone:
    """Send security codes to this phone, which has just shown that it gets them."""
    held = Person.objects.locked(person)
    require(rules.own(by, held))
    row, _is_new = CodePhone.objects.update_or_create(
        person=held, defaults={"phone": phone, "set_at": clock.now()}
    )
    record(held, "person.factor_added", by=by, kind="code_phone")
    letters.tell(held, "code_phone_added", phones.masked(phone))
    return row


@transaction.atomic
def link_identity(person: Person, *, by: Actor, seen: Seen, name: str) -> Identity:
    """From now on this login opens the account; `name` is the provider's."""
    held = Person.objects.locked(person)
    require(rules.link(by, held, seen.issuer, seen.subject))
    row = Identity.objects.create(
        person=held, provider=seen.provider, issuer=seen.issuer, subject=seen.subject
    )
    record(held, "person.factor_added", by=by, kind="identity", provider=seen.provider)
    letters.tell(held, "identity_added", name)
    return row


@transaction.atomic
def new_codes(person: Person, *, by: Actor) -> list[str]:
    """Make new recovery codes; those from before no longer work."""
    held = Person.objects.locked(person)
    require(rules.new_codes(by, held))
    Authenticator.objects.filter(user_id=held.pk, type=factors.Type.RECOVERY_CODES).delete()
    made: list[str] = RecoveryCodes.activate(held).generate_codes()
    record(held, "person.codes_made", by=by)
    letters.tell(held, "codes_made")
    return made


@transaction.atomic
def remove_factor(person: Person, *, by: Actor, kind: str, pk: int = 0, name: str = "") -> None:
    """It opens nothing any more. With the last strong one the recovery codes go too."""
    held = Person.objects.locked(person)
    require(rules.remove(by, held, kind, pk))
    REMOVED[kind](held, pk)
    if not factors.of(held).has_strong:
        Authenticator.objects.filter(user_id=held.pk, type=factors.Type.RECOVERY_CODES).delete()
    record(held, "person.factor_removed", by=by, kind=kind)
    letters.tell(held, f"{kind}_removed", name)


REMOVED: dict[str, Callable[[Person, int], Any]] = {
    "app": lambda person, pk: Authenticator.objects.filter(
        user_id=person.pk, type=factors.Type.TOTP
    ).delete(),
    "passkey": lambda person, pk: Authenticator.objects.filter(user_id=person.pk, pk=pk).delete(),
    "code_phone": lambda person, pk: CodePhone.objects.filter(person=person).delete(),
    "identity": lambda person, pk: Identity.objects.filter(person=person, pk=pk).delete(),
}


@transaction.atomic
def end_logins(person: Person, *, by: Actor, keys: list[str]) -> int:
    """Log the person out there, from the next request on."""
    held = Person.objects.locked(person)
    require(rules.own(by, held))
    ended = Session.objects.filter(person=held, session_key__in=keys).delete()[0]
    record(held, "person.logins_ended", by=by, number=ended)
    return ended


@transaction.atomic
def consent(organisation: Organisation, *, by: Actor) -> Link:
    """Let the person's programs do, for some minutes, what asks for a fresh proof."""
    held = Organisation.objects.locked(organisation)
    require(rules.consent(by, held))
    Consent.objects.update_or_create(
        person=by.person, organisation=held, defaults={"given_at": clock.now()}
    )
    return journal.note(held, "person.programs_let", by=by)


def record(person: Person, verb: str, *, by: Actor, **data) -> None:
    """In the journal of each organisation that the person belongs to; in one order, so that none
    wait in a ring."""
    belongs = Membership.objects.current().filter(person=person).select_related("organisation")
    for membership in belongs.order_by("organisation"):
        journal.note(membership.organisation, verb, by=by, **data)

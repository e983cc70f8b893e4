"""What a person has, beside a password, to show that it is they: read, and judged."""

import json
from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import RateLimited
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import generate_totp_secret, validate_totp_code
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ombud.eid import qr
from ombud.lib import phones, vault
from ombud.people.account.models import CodePhone, Identity
from ombud.people.models import Person

Type = Authenticator.Type
APP_SECRET = "app_secret"  # in the session, until the first code has been right
MOST_PASSKEYS = 10


class WrongProof(Exception):
    """What was shown does not prove the person; the text says so to whoever showed it."""


@dataclass(frozen=True)
class Factors:
    app: Authenticator | None
    codes: Authenticator | None
    passkeys: list[Authenticator]
    code_phone: CodePhone | None
    identities: list[Identity]

    @property
    def codes_left(self) -> int:
        return len(self.codes.wrap().get_unused_codes()) if self.codes else 0

    @property
    def has_second(self) -> bool:
        """Whether a password alone lets nobody in."""
        return bool(self.app or self.passkeys or self.code_phone)

    @property
    def has_strong(self) -> bool:
        return bool(self.app or self.passkeys)

    @property
    def phone_masked(self) -> str:
        return phones.masked(self.code_phone.phone) if self.code_phone else ""


def of(person: Person) -> Factors:
    rows = list(Authenticator.objects.filter(user_id=person.pk).order_by("pk"))
    by_type = {row.type: row for row in rows}
    return Factors(
        app=by_type.get(Type.TOTP),
        codes=by_type.get(Type.RECOVERY_CODES),
        passkeys=[row for row in rows if row.type == Type.WEBAUTHN],
        code_phone=CodePhone.objects.filter(person=person).first(),
        identities=list(Identity.objects.filter(person=person).order_by("pk")),
    )


# An app that shows codes


def app_secret(request) -> str:
    """The secret that the page shows; the same until it has been taken into use."""
    kept = request.session.get(APP_SECRET)
    if not kept:
        kept = request.session[APP_SECRET] = generate_totp_secret()
    return kept


def app_svg(person: Person, secret: str) -> SafeString:
    address = get_adapter().build_totp_url(person, secret)
    return qr.svg(address, _("QR code for your app"))


def spelled(secret: str) -> str:
    """In groups of four, to be typed by hand."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def fits_secret(secret: str, code: str) -> bool:
    return validate_totp_code(secret, "".join(code.split()))


def prove_by_code(person: Person, code: str) -> str:
    """`app` or `recovery`, by whichever the code is of; else WrongProof. Tries are counted for the
    person and for the address."""
    release = limited(person)
    typed = "".join(code.split())
    for row in Authenticator.objects.filter(user_id=person.pk).exclude(type=Type.WEBAUTHN):
        row.user = person
        if typed and row.wrap().validate_code(typed) and is_first(row, typed):
            release()
            row.record_usage()
            return "app" if row.type == Type.TOTP else "recovery"
    raise WrongProof(_("The code is wrong, or has been used already."))


def is_first(row: Authenticator, code: str) -> bool:
    """A code from an app is good once for as long as it is good at all: the library forgets it
    after thirty seconds, but takes it for ninety."""
    return row.type != Type.TOTP or cache.add(
        vault.index(f"{row.pk} {code}", "app code"), "used", timeout=120
    )


def limited(person: Person):
    """Count a try before it is judged; what takes it back again."""
    try:
        return check_rate_limit(person)
    except (ValidationError, RateLimited) as many:
        raise WrongProof(_("Too many failed attempts. Wait five minutes and try again.")) from many


# Passkeys


def passkey_options(person: Person | None = None) -> dict[str, Any]:
    """What the browser asks the authenticator; for nobody in particular, any passkey of this
    site."""
    return plain(webauthn.begin_authentication(person))


def new_passkey_options(person: Person) -> dict[str, Any]:
    return plain(webauthn.begin_registration(person, passwordless=True))


def plain(options: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return found


def prove_by_passkey(told: str, person: Person | None = None) -> Person:
    """Whose passkey has answered; else WrongProof."""
    credential = as_object(told)
    try:
        webauthn.parse_authentication_response(credential)
        owner = person or webauthn.extract_user_from_response(credential)
        row = webauthn.complete_authentication(owner, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise WrongProof(_("The passkey could not be used here. Try again.")) from wrong
    if not owner.is_active:
        raise WrongProof(_("This account is closed. Ask your administrator."))
    row.record_usage()
    return owner


def new_passkey(told: str) -> dict[str, Any]:
    """The credential that the authenticator has made, in order; else WrongProof."""
    credential = as_object(told)
    try:
        webauthn.parse_registration_response(credential)
        binding = webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise WrongProof(_("The passkey could not be added. Try again.")) from wrong
    if not binding.is_user_verified():
        raise WrongProof(_("The passkey must ask for a fingerprint, a face or a PIN."))
    return credential


def as_object(told: str) -> dict[str, Any]:
    try:
        found = json.loads(told or "null")
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise WrongProof(_("The browser gave no answer. Try again."))
    return found

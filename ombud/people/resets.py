"""A forgotten password: the letter with a link that is good once, and the word that it was used."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import transaction
from django.template import engines
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ombud.lib import clock
from ombud.people.models import Person
from ombud.post import office


class Tokens(PasswordResetTokenGenerator):
    """Good until the password is another, the address is another or the time is out."""

    def _now(self) -> datetime:
        return clock.now().replace(tzinfo=None)


def address(key: str) -> str:
    """Where the link leads: to our own address, whatever the browser called us."""
    path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
    return settings.WEB_URL + path.replace("UID-KEY", key)


def send(person: Person, url: str) -> None:
    """To whoever owns the address, and to nobody who only knows it."""
    with translation.override(person.language):
        hand_in(person, asked(person, url) if person.has_usable_password() else by_bankid())


@transaction.atomic
def pretend(email: str, url: str) -> None:
    """All that a known address costs, and nothing of it kept: how long the answer takes does not
    tell whether there is an account."""
    nobody = Person(username=email, email=email, language=translation.get_language() or "sv")
    nobody.set_unusable_password()
    Tokens().make_token(Person(pk=0, password="!"))
    send(nobody, url)
    transaction.set_rollback(True)


def tell_changed(person: Person) -> None:
    """In the same transaction as the new password."""
    if person.email:
        with translation.override(person.language):
            hand_in(person, changed())


@transaction.atomic
def hand_in(person: Person, said: dict[str, str]) -> None:
    env = engine()
    said = {**said, "language": person.language}
    office.hand_in(
        "email",
        person.email,
        env.get_template("letter.txt").render(said),
        subject=said["subject"],
        html=env.get_template("letter.html").render(said),
        secret=True,
        language=person.language,
    )


def engine():
    return engines["jinja2"].env


def asked(person: Person, url: str) -> dict[str, str]:
    hours = settings.PASSWORD_RESET_TIMEOUT // 3600
    once = ngettext(
        "The link works once, within %(n)s hour.", "The link works once, within %(n)s hours.", hours
    )
    name = _("Your username is %(username)s.") % {"username": person.username}
    other = _("If it was not you, do nothing: your password stays as it is.")
    return {
        "subject": _("Choose a new password for Ombud"),
        "lead": _("A new password has been asked for with your e-mail address."),
        "body": f"{name} {once % {'n': hours}} {other}",
        "button": _("Choose a new password"),
        "url": url,
        "why": _("You get this because somebody, probably you, asked for it at the login."),
    }


def by_bankid() -> dict[str, str]:
    """A password would be a new way in, which a mailbox alone does not open."""
    return {
        "subject": _("Log in to Ombud with BankID"),
        "lead": _("A new password has been asked for with your e-mail address."),
        "body": _("Your account has no password: you log in with BankID."),
        "button": _("Log in"),
        "url": settings.WEB_URL + reverse("account_login"),
        "why": _("You get this because somebody, probably you, asked for it at the login."),
    }


def changed() -> dict[str, str]:
    help_ = _("If it was not you, tell your administrator or customer service at once.")
    return {
        "subject": _("Your password for Ombud has been changed"),
        "lead": _("Your password has been changed. You have been logged out everywhere."),
        "body": help_,
        "button": _("Log in"),
        "url": settings.WEB_URL + reverse("account_login"),
        "why": _("You get this because it is your account."),
    }

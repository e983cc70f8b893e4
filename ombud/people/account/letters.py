"""The letters that tell a person that the ways into the account have changed."""

from django.conf import settings
from django.template import engines
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ombud.people.models import Person
from ombud.post import office


def tell(person: Person, what: str, name: str = "") -> None:
    """In the same transaction as what it tells of; in the person's own language."""
    if not person.email:
        return
    with translation.override(person.language):
        said = words(what, name)
        env = engine()
        known = {**said, "language": person.language}
        office.hand_in(
            "email",
            person.email,
            env.get_template("letter.txt").render(known),
            subject=said["subject"],
            html=env.get_template("letter.html").render(known),
            language=person.language,
        )


def engine():
    return engines["jinja2"].env


def words(what: str, name: str) -> dict[str, str]:
    subject, lead = SAID[what](name)
    return {
        "subject": subject,
        "lead": lead,
        "body": _(
            "If it was not you, log in and remove it, and tell your administrator or customer"
            " service at once."
        ),
        "button": _("See how you log in"),
        "url": settings.WEB_URL + reverse("people:security"),
        "why": _("You get this because it is your account."),
    }


def app_added(name: str) -> tuple[str, str]:
    return _("An app for codes was added"), _(
        "From now on a code from an app is asked for after your password in Ombud."
    )


def app_removed(name: str) -> tuple[str, str]:
    return _("The app for codes was removed"), _(
        "No code from an app is asked for after your password in Ombud any more."
    )


def passkey_added(name: str) -> tuple[str, str]:
    return _("A new passkey was added"), _(
        "The passkey “%(name)s” was added. It opens your account in Ombud."
    ) % {"name": name}


def passkey_removed(name: str) -> tuple[str, str]:
    return _("A passkey was removed"), _(
        "The passkey “%(name)s” no longer opens your account in Ombud."
    ) % {"name": name}


def code_phone_added(name: str) -> tuple[str, str]:
    return _("Security codes by SMS were switched on"), _(
        "Security codes to log in to Ombud are now sent to %(phone)s."
    ) % {"phone": name}


def code_phone_removed(name: str) -> tuple[str, str]:
    return _("Security codes by SMS were switched off"), _(
        "No security code by SMS is asked for after your password in Ombud any more."
    )


def identity_added(name: str) -> tuple[str, str]:
    return _("A login was linked to your account"), _(
        "Your login at %(name)s now opens your account in Ombud."
    ) % {"name": name}


def identity_removed(name: str) -> tuple[str, str]:
    return _("A linked login was removed"), _(
        "Your login at %(name)s no longer opens your account in Ombud."
    ) % {"name": name}


def codes_made(name: str) -> tuple[str, str]:
    return _("New recovery codes were made"), _(
        "The recovery codes that you had before no longer work in Ombud."
    )


SAID = {
    "app_added": app_added,
    "app_removed": app_removed,
    "passkey_added": passkey_added,
    "passkey_removed": passkey_removed,
    "code_phone_added": code_phone_added,
    "code_phone_removed": code_phone_removed,
    "identity_added": identity_added,
    "identity_removed": identity_removed,
    "codes_made": codes_made,
}

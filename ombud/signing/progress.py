"""How a signing goes, in the words of a page."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ombud.eid import challenges
from ombud.eid.models import Challenge
from ombud.lib import clock
from ombud.signing.models import Signature

LIFE, LAST_SECONDS = timedelta(minutes=3), 30


def start_link(challenge: Challenge) -> str:
    """Opens the app on this device; in the demo, the sandbox's."""
    link = challenges.start_link(challenge)
    sandbox = settings.SANDBOX_URL
    return f"{sandbox}/app?{urlsplit(link).query}" if sandbox else link


def words(signature: Signature) -> str:
    challenge = signature.challenge
    if signature.status == Signature.Status.COMPLETE:
        return _("Done")
    if challenge is None or signature.signed_at:
        return _("In progress …")
    told, left = challenge.words, seconds_left(challenge)
    if signature.status == Signature.Status.PENDING and 0 < left <= LAST_SECONDS:
        told += " " + ngettext("%(n)s second left.", "%(n)s seconds left.", left) % {"n": left}
    return told


def seconds_left(challenge: Challenge) -> int:
    """Of the three minutes that an opened app has; nothing is told before it is opened."""
    if challenge.provider_hint in challenges.BEFORE_THE_APP or challenge.ordered_at is None:
        return 0
    return int((challenge.ordered_at + LIFE - clock.now()).total_seconds())

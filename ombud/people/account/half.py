"""Half a login: the password was right, and the second proof is still to come.

It lies in the session, for ten minutes; nobody is logged in by it.
"""

import secrets
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from ombud.eid import challenges
from ombud.eid.models import Challenge
from ombud.lib import clock
from ombud.people import ways
from ombud.people.models import Person
from ombud.post import office

KEPT = "half_login"
LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class Half:
    person: int
    hash: str  # of the password known by: another one ends this
    at: str
    next: str
    method: str
    id: str
    challenge: str = ""

    @property
    def is_alive(self) -> bool:
        return datetime.fromisoformat(self.at) > clock.now() - LIFE


def begin(request, person: Person, method: str, target: str) -> None:
    """Under a new session id, as every step up."""
    request.session.cycle_key()
    keep(
        request,
        Half(
            person=person.pk,
            hash=person.get_session_auth_hash(),
            at=clock.now().isoformat(),
            next=target,
            method=method,
            id=secrets.token_urlsafe(12),
        ),
    )


def keep(request, half: Half) -> None:
    request.session[KEPT] = asdict(half)


def end(request) -> None:
    request.session.pop(KEPT, None)


def under_way(request) -> tuple[Half, Person] | None:
    """The half login of this session, while it holds."""
    told = request.session.get(KEPT)
    half = Half(**told) if told else None
    if half is None or not half.is_alive:
        return None
    person = Person.objects.filter(pk=half.person, is_active=True).first()
    if person is None or not constant_time_compare(half.hash, person.get_session_auth_hash()):
        return None
    return half, person


# A code by SMS


@transaction.atomic
def send_code(request, person: Person, phone: str, binding: str) -> Challenge:
    """Owe the person a security code; one before it is dead. CodeRefused when it is too soon."""
    challenge, code = challenges.begin_sms(
        purpose=Challenge.Purpose.AUTH,
        binding=binding,
        phone=phone,
        owner=str(person.pk),
        ip=ways.address_of(request),
        user_agent=request.headers.get("User-Agent", ""),
    )
    said = _("Code %(code)s to log in to Ombud. Never give it to anybody.") % {"code": code}
    words = f"{said}\n@{urlsplit(settings.WEB_URL).hostname} #{code}"
    office.hand_in("sms", phone, words, key=f"code:{challenge.pk}", secret=True)
    return challenge


def send_half_code(request, half: Half, person: Person, phone: str) -> Challenge:
    sent = send_code(request, person, phone, f"login:{half.id}")
    keep(request, replace(half, challenge=str(sent.pk)))
    return sent

"""Where a person is logged in: every session that is theirs, told apart without its key."""

import json
import re
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ombud.lib import clock, vault
from ombud.people import ways
from ombud.people.models import Person, Session

KEPT = "login"
MOST = 50

WAYS: dict[str, str | Promise] = {
    "bankid": _("BankID"),
    "oidc": _("e-ID"),
    "company": _("Linked login"),
    "passkey": _("Passkey"),
    "password": _("Password"),
    "app": _("Password and a code from an app"),
    "recovery": _("Password and a recovery code"),
    "sms": _("Password and a security code by SMS"),
}
BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome"}
BROWSERS |= {"Safari/": "Safari"}
MACHINES = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows"}
MACHINES |= {"Macintosh": "Mac", "Linux": "Linux"}
KNOWN = (BROWSERS, MACHINES)


@dataclass(frozen=True)
class Login:
    id: str
    at: datetime | None
    way: str
    where: str
    address: str
    is_here: bool


def remember(request, by: str) -> None:
    request.session[KEPT] = {
        "at": clock.now().isoformat(),
        "by": by,
        "ip": ways.address_of(request),
        "agent": request.headers.get("User-Agent", "")[:256],
    }


def of(person: Person, here: str) -> list[Login]:
    """The newest first, and this one before all."""
    rows = [as_login(row, here) for row in alive(person)[:MOST]]
    return sorted(rows, key=lambda one: (one.is_here, one.at or clock.now()), reverse=True)


def alive(person: Person):
    rows = Session.objects.filter(person=person, expire_date__gt=timezone.now())
    return rows.order_by("-expire_date")


def as_login(row: Session, here: str) -> Login:
    try:
        told = json.loads(row.session_data).get(KEPT, {})
    except ValueError:
        told = {}
    return Login(
        id=named(row.session_key),
        at=datetime.fromisoformat(told["at"]) if told.get("at") else None,
        way=str(WAYS.get(told.get("by", ""), "")),
        where=machine(told.get("agent", "")),
        address=told.get("ip", ""),
        is_here=row.session_key == here,
    )


def named(key: str) -> str:
    """The key itself opens the session, and stands on no page."""
    return vault.index(key, "session")[:24]


def keys(person: Person, named_as: str = "", but: str = "") -> list[str]:
    """The keys of the person's sessions: the one so named, or all but this one."""
    found = alive(person).values_list("session_key", flat=True)
    if named_as:
        return [key for key in found if named(key) == named_as]
    return [key for key in found if key != but]


def machine(agent: str) -> str:
    """A browser's own words about itself, in few."""
    found = [next((name for sign, name in known.items() if sign in agent), "") for known in KNOWN]
    return ", ".join(filter(None, found)) or re.sub(r"[^\w ./-]", "", agent)[:40]

"""How surely, and when, the session's person was proved; and what asks for a fresh strong proof.

The one list of such deeds and pages is LISTED. Where the proof is too old a page leads to the
confirmation and back, with what was typed kept; a program is told where its person confirms.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ombud.lib import clock
from ombud.lib.errors import Refused, right
from ombud.people import standing_in
from ombud.people.account import factors
from ombud.people.account.models import Consent
from ombud.people.actors import Actor
from ombud.people.roles import Role

KEPT = "proof"
WAITING = "confirm"
STRONG = {"bankid", "oidc", "passkey", "app", "recovery"}
FACTORS, PROGRAMS = "factors", "programs"


@dataclass(frozen=True)
class Listed:
    """A deed or a page that asks for a fresh proof, `when` its arguments are such."""

    why: str | Promise
    when: Callable[[Actor, dict], bool] = lambda actor, arguments: True


def gives_all(actor: Actor, arguments: dict) -> bool:
    return arguments.get("role") == Role.ADMINISTRATOR


def is_for_another(actor: Actor, arguments: dict) -> bool:
    return arguments.get("instead_of") not in ("", None, standing_in.own_name(actor))


def is_of_another(actor: Actor, arguments: dict) -> bool:
    here = actor.organisation
    row = standing_in.kept(here, arguments.get("stand_in")) if here else None
    return row is not None and row.instead_of != actor.person


LISTED: dict[str, Listed] = {
    "grant": Listed(gettext_lazy("You are about to make somebody an administrator."), gives_all),
    "admit_person": Listed(
        gettext_lazy("You are about to make somebody an administrator."), gives_all
    ),
    "appoint_administrator": Listed(
        gettext_lazy("You are about to make somebody an administrator.")
    ),
    "name_stand_in": Listed(
        gettext_lazy("You are about to name who stands in for a colleague."), is_for_another
    ),
    "change_stand_in": Listed(
        gettext_lazy("You are about to change who stands in for a colleague."), is_of_another
    ),
    FACTORS: Listed(gettext_lazy("You are about to change how you log in.")),
    PROGRAMS: Listed(gettext_lazy("You are about to let your programs act.")),
}


class StepUp(Refused):
    """Allowed, but not on a proof as old or as weak as this one."""

    def __init__(self) -> None:
        text = _(
            "This asks for a fresh confirmation by its person. Open the address in a browser,"
            " confirm there, and send it again within %(n)s minutes."
        )
        super().__init__([right("step_up", text % {"n": minutes()})])

    def as_json(self) -> dict:
        address = settings.WEB_URL + reverse("people:programs")
        return {**super().as_json(), "confirm": address}


# What the session knows


@dataclass(frozen=True)
class Proof:
    by: str = ""
    at: str = ""

    @property
    def is_fresh(self) -> bool:
        return bool(self.at) and datetime.fromisoformat(self.at) > clock.now() - span()

    @property
    def is_strong(self) -> bool:
        return self.by in STRONG


def minutes() -> int:
    return int(settings.CONFIRMED_MINUTES)


def span() -> timedelta:
    return timedelta(minutes=minutes())


def of(request) -> Proof:
    return Proof(**request.session.get(KEPT, {}))


def remember(request, by: str) -> None:
    request.session[KEPT] = asdict(Proof(by, clock.now().isoformat()))


def confirm(request, by: str) -> None:
    """The person has been proved anew: under a new session id, so that a stolen one is stale."""
    request.session.cycle_key()
    remember(request, by)


# What is asked for


def is_asked(request, name: str, arguments: dict | None = None) -> bool:
    """Whether this deed, by this session, waits for a fresh proof."""
    asked = LISTED.get(name)
    if asked is None or not asked.when(request.actor, arguments or {}):
        return False
    proof = of(request)
    return not (proof.is_fresh and (proof.is_strong or takes_weak(request, name)))


def takes_weak(request, name: str) -> bool:
    """Whoever has nothing stronger yet must be able to add it."""
    return name == FACTORS and not has_strong(request.actor.person)


def has_strong(person) -> bool:
    known = factors.of(person)
    return bool(person.personal_index or known.has_strong)


def leading(request, name: str, back: str, typed: dict[str, Any] | None = None):
    """To the confirmation; what was typed is kept for the way back."""
    request.session[WAITING] = {
        "name": name,
        "back": back,
        "typed": typed or {},
        "at": clock.now().isoformat(),
    }
    return HttpResponseRedirect(reverse("people:confirm"))


def asked(request, deed, typed: dict[str, Any], arguments: dict, back: str = ""):
    """The way to the confirmation, if this deed waits for one; what was typed is kept. One that is
    barred anyway waits for nothing, and is refused."""
    here = request.actor.organisation
    if not is_asked(request, deed.name, arguments) or deed.reasons(request.actor, here):
        return None
    return leading(request, deed.name, back or request.path, typed)


def waiting(request) -> dict[str, Any]:
    """What the person was about to do, while that is not too long ago."""
    kept = request.session.get(WAITING, {})
    if kept and datetime.fromisoformat(kept["at"]) < clock.now() - timedelta(hours=1):
        return {}
    return dict(kept)


def taken(request, name: str) -> dict[str, Any]:
    """What was typed before the confirmation, told once."""
    if waiting(request).get("name") != name:
        return {}
    return dict(request.session.pop(WAITING)["typed"])


# Programs


def require_for_program(actor: Actor, name: str, arguments: dict) -> None:
    """A token proves nobody: where the installation wants it, its person must have said so a moment
    ago, after a strong proof."""
    asked = LISTED.get(name)
    if not settings.CONFIRM_PROGRAMS or asked is None or not asked.when(actor, arguments):
        return
    told = Consent.objects.filter(person=actor.person, organisation=actor.organisation)
    if not told.filter(given_at__gt=clock.now() - span()).exists():
        raise StepUp

"""How a person comes in: by BankID or by password, and what holds from then on."""

import secrets
from dataclasses import asdict, dataclass

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context, ratelimit
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ombud.eid import challenges
from ombud.eid.codes import CodeRefused
from ombud.eid.models import Challenge
from ombud.people import actions, flashes, hats, resets, ways
from ombud.people.account import factors, half, logins, proofs
from ombud.people.actors import Actor
from ombud.people.models import Person

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
KEPT = "bankid_login"
LAST = "last_login"


@dataclass(frozen=True)
class Attempt:
    """One try with BankID, bound to the session that began it: to log in, or to confirm that it is
    still the one who did."""

    challenge: str = ""
    secret: str = ""
    next: str = "/"
    confirms: bool = False


def enter(request, person: Person, method: str, target: str) -> None:
    """From here on the session is the person's, under a new id. A link that names an
    organisation is followed under that hat."""
    before = person.seen_login_at
    auth.login(request, person, backend=BACKEND)
    request.session.set_expiry(0)
    request.session[LAST] = before.isoformat() if before else ""
    proofs.remember(request, method)
    logins.remember(request, method)
    worn = hats.of(person)
    hat = hats.numbered(worn, ways.organisation_in(target)) or hats.chosen(worn, None)
    if hat:
        request.session[hats.CHOSEN] = hat.organisation_id
    here = hat.organisation if hat else None
    actions.log_in(person, by=Actor(person, here), method=method)


def enter_half(request, person: Person, method: str, target: str) -> HttpResponseRedirect | None:
    """One who has a second proof is not in by the first alone: the way to the second."""
    known = factors.of(person)
    if not known.has_second:
        return None
    half.begin(request, person, method, target)
    if known.code_phone and not known.has_strong:
        begun = half.under_way(request)
        try:
            if begun:
                half.send_half_code(request, *begun, known.code_phone.phone)
        except CodeRefused as no:
            flashes.tell(request, str(no), "late")
    return HttpResponseRedirect(reverse("people:second"))


def begin(request, *, same_device: bool, confirms: bool = False) -> Challenge:
    """Ask BankID who this is; nobody types a personal number."""
    secret = kept(request).secret or secrets.token_urlsafe(24)
    challenge = challenges.begin_bankid(
        purpose=Challenge.Purpose.AUTH,
        ip=ways.address_of(request),
        user_agent=request.headers.get("User-Agent", ""),
        visible=confirmation(request) if confirms else intention(request),
        return_url=settings.WEB_URL + reverse("people:bankid_back") if same_device else None,
        session=secret,
        same_device=same_device,
    )
    attempt = Attempt(str(challenge.pk), secret, ways.wanted(request), confirms)
    request.session[KEPT] = asdict(attempt)
    return challenge


def intention(request) -> str:
    """What the app shows before one says yes: to whom, and that it was one's own idea."""
    return _("I log in to Ombud at %(site)s. I have started this myself.") % {
        "site": request.get_host()
    }


def confirmation(request) -> str:
    return _("I confirm in Ombud at %(site)s that it is I. I have started this myself.") % {
        "site": request.get_host()
    }


def kept(request) -> Attempt:
    return Attempt(**request.session.get(KEPT, {}))


def under_way(request) -> Challenge | None:
    """The challenge that this session began, and no other."""
    attempt = kept(request)
    if not attempt.challenge:
        return None
    found = Challenge.objects.filter(pk=attempt.challenge).first()
    return found if found and challenges.belongs_to(found, attempt.secret) else None


def has_come_back(challenge: Challenge) -> bool:
    """On the same device the app must have led back to the very browser that began: else whoever
    sends somebody else a link to the app would be let in as that person."""
    return not challenge.same_device or not challenge.return_nonce_hash


def person_of(challenge: Challenge) -> Person | None:
    number = challenges.claims(challenge).get("personal_number", "")
    return Person.objects.of_number(number) if number else None


def app_link(challenge: Challenge) -> str:
    """The address that opens the app on this device; in the demo it is the sandbox's."""
    link = challenges.start_link(challenge)
    stand_in = getattr(settings, "SANDBOX_URL", "")
    return f"{stand_in}/app?{link.partition('?')[2]}" if stand_in else link


class Adapter(DefaultAccountAdapter):
    """Login by password is allauth's; what it says and what follows is ours."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": gettext_lazy("The username or the password is wrong."),
        "email_password_mismatch": gettext_lazy("The username or the password is wrong."),
        "too_many_login_attempts": gettext_lazy(
            "Too many failed attempts. Wait a while, choose a new password, or log in with BankID."
        ),
    }

    def get_login_stages(self) -> list[str]:
        """None of the library's: pre_login leads to our own second step."""
        return []

    def pre_login(self, request, user, **known):
        barred = super().pre_login(request, user, **known)
        return barred or enter_half(request, user, "password", ways.wanted(request))

    def login(self, request, user) -> None:
        enter(request, user, "password", ways.wanted(request))

    def get_client_ip(self, request) -> str:
        return ways.address_of(request)

    def get_reset_password_from_key_url(self, key) -> str:
        return resets.address(key)

    def send_password_reset_mail(self, user, email, context) -> None:
        resets.send(user, context["password_reset_url"])

    def set_password(self, user, password) -> None:
        """The slow part is over before the person is locked."""
        known, hashed = user.password, make_password(password)
        actions.set_password(user, by=Actor(user, None), known=known, hashed=hashed)
        ratelimit.clear(context.request, action="login_failed", key=f"person {user.pk}")

    def _get_login_attempts_cache_key(self, request, **credentials) -> str:
        """Failed attempts count for the account, by whichever name it is called."""
        told = credentials.get("email") or credentials.get("username") or ""
        found = Person.objects.filter(Q(username__iexact=told) | Q(email__iexact=told))
        person = found.order_by("pk").values_list("pk", flat=True).first()
        return f"person {person}" if person else f"nobody {told.casefold()}"

    def is_open_for_signup(self, request) -> bool:
        return False

    def respond_user_inactive(self, request, user):
        flashes.tell(request, _("This account is closed. Ask your administrator."), "late")
        return HttpResponseRedirect(reverse("account_login"))

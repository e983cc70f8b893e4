"""Every request gets the actor that doors hand to deeds; a page without one leads to the login."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.middleware import SessionMiddleware as Sessions
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.crypto import constant_time_compare

from ombud.lib import clock, rows
from ombud.people import hats, wardrobe
from ombud.people.actors import NOBODY, Actor
from ombud.people.models import Organisation, Person, Token
from ombud.people.terms import CURRENT
from ombud.people.ways import to_login

# Rooms whose doors open to everybody, or ask for a key of their own.
OPEN = {"post", "ui"}
RESTED = timedelta(hours=1)  # a session is written anew at most this often


class SessionMiddleware(Sessions):
    """The cookie is taken back only where a session ends. Whatever a page asks late, with the
    cookie it had before the login, would else take the new one away again."""

    def process_response(self, request, response):
        session = request.session
        if not session.is_empty() or session.modified:
            return super().process_response(request, response)
        if session.accessed:
            patch_vary_headers(response, ("Cookie",))
        return response


class ActorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        at_api = is_api(request)
        request.hats = []
        request.actor = by_token(request) if at_api else by_session(request)
        speak(request)
        response = self.get_response(request)
        if request.actor.person:  # nobody's pages are kept for the next one at the same machine
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response

    def process_view(self, request, view, args, kwargs):
        """Every page asks who is there, unless it says otherwise (login_not_required)."""
        match = request.resolver_match
        is_open = is_api(request) or OPEN & set(match.app_names)
        if request.actor.person or is_open or not getattr(view, "login_required", True):
            return None
        return to_login(request)


def is_api(request) -> bool:
    return request.path.startswith("/api/")


def by_token(request) -> Actor:
    """A token acts only while its person still belongs to its organisation."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        return NOBODY
    found = rows.asked(BOUND, {"sha256": Token.digest(token), "now": clock.now()})
    if not found:
        return NOBODY
    width = rows.width(Person)
    person, held = rows.made(Person, found[0][:width]), found[0][-1]
    organisation = rows.made(Organisation, found[0][width:-1])
    return Actor.dressed(person, organisation, wardrobe.of_held(held, person), "api")


BOUND = f"""SELECT {rows.columns(Person, "p")}, {rows.columns(Organisation, "o")}, {wardrobe.HELD}
FROM people_token t JOIN people_person p ON p.id = t.person_id
JOIN people_organisation o ON o.id = t.organisation_id
JOIN people_membership m ON m.person_id = t.person_id AND m.organisation_id = t.organisation_id
WHERE t.sha256 = %(sha256)s AND p.is_active AND {CURRENT.format("m")} LIMIT 1"""


def by_session(request) -> Actor:
    person = logged_in(request)
    if person is None:
        return NOBODY
    keep_alive(request)
    request.hats = request.session.hats
    worn = hats.chosen(request.hats, request.session.get(hats.CHOSEN))
    if worn is None:
        return Actor(person, None)
    return Actor.dressed(person, worn.organisation, worn.wardrobe)  # type: ignore[attr-defined]


def logged_in(request) -> Person | None:
    """The session's person, unless the password was changed after the login."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    kept = request.session.get(HASH_SESSION_KEY, "")
    person = request.session.person
    if person is None:
        return None
    return person if constant_time_compare(kept, person.get_session_auth_hash()) else None


def keep_alive(request) -> None:
    """A session lives on while somebody reads; a page that renews itself is not somebody."""
    full = timedelta(seconds=settings.SESSION_COOKIE_AGE)
    ends_at = request.session.ends_at
    if "X-Live" not in request.headers and ends_at - timezone.now() < full - RESTED:
        request.session.modified = True


def speak(request) -> None:
    """The person's own language goes before cookie and browser."""
    person = request.actor.person
    if person and person.language != translation.get_language():
        translation.activate(person.language)
        request.LANGUAGE_CODE = translation.get_language()

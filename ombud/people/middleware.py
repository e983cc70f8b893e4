"""Every request gets the actor that doors hand to deeds."""

from django.contrib.auth import HASH_SESSION_KEY
from django.utils.crypto import constant_time_compare

from ombud.people import hats
from ombud.people.actors import NOBODY, Actor
from ombud.people.models import Membership, Person, Token


class ActorMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        at_api = request.path.startswith("/api/")
        request.actor = by_token(request) if at_api else by_session(request)
        return self.get_response(request)


def by_token(request) -> Actor:
    """A token acts only while its person still belongs to its organisation."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        return NOBODY
    keys = Token.objects.select_related("person", "organisation")
    key = keys.filter(sha256=Token.digest(token), person__is_active=True).first()
    if key is None or not hats.wears(key.person, key.organisation):
        return NOBODY
    return Actor(key.person, key.organisation, "api")


def by_session(request) -> Actor:
    person = logged_in(request)
    if person is None:
        return NOBODY
    membership: Membership | None = hats.chosen(person, request.session.get(hats.CHOSEN))
    return Actor(person, membership.organisation if membership else None, "web")


def logged_in(request) -> Person | None:
    """The session's person, unless the password was changed after the login."""
    request.session.get(HASH_SESSION_KEY)
    person = request.session.person
    if person is None:
        return None
    kept = request.session.get(HASH_SESSION_KEY, "")
    return person if constant_time_compare(kept, person.get_session_auth_hash()) else None

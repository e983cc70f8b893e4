"""What stands around every page; read from the database only by a page that draws it."""

from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.middleware.csrf import get_token
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from ombud.cases import turns
from ombud.lib import days
from ombud.lib.counts import capped
from ombud.people import keys, ways
from ombud.people.login import LAST
from ombud.people.models import Ask
from ombud.people.roles import Kind, Role
from ombud.people.rules import asked_before
from ombud.ui.doors import door
from ombud.ui.pieces import Hat, RailEntry

SEEN = (
    Role.ORDERER,
    Role.CASE_HANDLER,
    Role.ADMINISTRATOR,
)  # roles that have entries of their own in the menu
SHOWN = "acting_for"  # every form tells for which organisation its page was drawn


def context(request) -> dict:
    """Context processor. The page of components brings a frame of its own."""
    match = getattr(request, "resolver_match", None)
    if match and "ui" in match.app_names:
        return {}
    token = Masked(request)
    return {
        "frame": frame_of(request) if is_known(request) else None,
        "csrf_token": token,
        "csrf_input": SimpleLazyObject(lambda: hidden(request, token)),
    }


class Masked:
    """The token against forgery, masked once for a page and only where a page has a form."""

    def __init__(self, request):
        self.request = request

    @cached_property
    def text(self) -> str:
        return get_token(self.request)

    def __str__(self) -> str:
        return self.text


def is_known(request) -> bool:
    actor = getattr(request, "actor", None)
    return actor is not None and actor.person is not None


def frame_of(request) -> "Frame":
    """One for the whole request of somebody who is logged in."""
    if not hasattr(request, "frame"):
        request.frame = Frame(request)
    return request.frame


def hidden(request, token):
    """The hidden fields of every form: against forgery, and against a changed hat."""
    organisation = getattr(getattr(request, "actor", None), "organisation", None)
    field = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', token)
    if organisation is None:
        return field
    number = organisation.number
    return field + format_html('<input type="hidden" name="{}" value="{}">', SHOWN, number)


class Frame:
    """As ombud.ui.pieces.Frame, but each part is looked up when it is drawn."""

    current = ""

    def __init__(self, request):
        self.request, self.actor = request, request.actor
        self.person = str(self.actor.person)
        self.organisation = self.actor.organisation
        self.language = translation.get_language()
        self.languages = settings.LANGUAGES
        self.demo = settings.ENV.env == "demo"
        self.phones_url = settings.SANDBOX_URL
        self.push_url = f"{settings.PUSH_URL}/events"

    @property
    def key(self) -> tuple:
        """All that the frame says: two of the same key look the same."""
        here = self.organisation
        seen = (here.pk, here.name, *here.kinds, *map(self.actor.may_wear, SEEN)) if here else ()
        hats = tuple((hat.id, hat.name, hat.waiting) for hat in self.hats)
        login = days.when(self.last_login) if self.last_login else ""
        counts = (self.unread, self.waiting)
        return (self.actor.person.pk, self.person, counts, hats, login, self.phones_url, seen)

    @cached_property
    def held(self) -> dict[int, turns.Held]:
        """The keys under each hat."""
        return keys.everywhere(self.actor.person, self.request.hats)

    @cached_property
    def tally(self) -> dict[int, int]:
        """What waits under each hat, up to CAP + 1: the one count that every page shows."""
        if (known := getattr(self.request, "tally", None)) is not None:
            return known
        return turns.tally(self.held, self.actor.person) if any(self.held.values()) else {}

    def know(self, counts: list[tuple[int, int]] | None) -> None:
        """The tally, where a page's own statement has brought it along."""
        self.tally = dict(counts or ())

    @property
    def waiting(self) -> int:
        return self.tally.get(self.organisation.pk, 0) if self.organisation else 0

    @property
    def elsewhere(self) -> list[Hat]:
        """The other organisations in which something waits."""
        return [hat for hat in self.hats if hat.waiting and hat.id != self.organisation.pk]

    @cached_property
    def hats(self) -> list[Hat]:
        return [
            Hat(row.organisation_id, row.organisation.name, self.tally.get(row.organisation_id, 0))
            for row in self.request.hats
        ]

    @cached_property
    def unread(self) -> int:
        here = self.organisation.pk if self.organisation else None
        rows = (row.unread for row in self.request.hats if row.organisation_id == here)
        return next(rows, 0)

    @cached_property
    def asked(self) -> dict[str, str]:
        """The roles one has asked for here and has to wait with: each with why, in words."""
        rows = Ask.objects.last_each(self.actor.person, self.organisation)
        waits = {row.role: asked_before(row) for row in rows}
        return {role: str(reason.text) for role, reason in waits.items() if reason}

    @property
    def ask_url(self) -> str:
        return door("desk:ask_for_role")

    @property
    def give_url(self) -> str:
        return door("desk:grant")

    @property
    def gives_roles(self) -> bool:
        return self.actor.wears(Role.ADMINISTRATOR)

    @property
    def username(self) -> str:
        return self.actor.person.username

    @property
    def here(self) -> str:
        """The page one stands on, to come back to."""
        is_page = self.request.method in ("GET", "HEAD")
        return self.request.get_full_path() if is_page else ways.came_from(self.request)

    @cached_property
    def rail(self) -> list[RailEntry]:
        found = [RailEntry("home", _("Home"), door("desk:home"), "home")]
        if self.organisation is None:
            return found
        found.append(self.entry("approvals", _("My approvals"), "approvals", self.waiting))
        found.append(self.entry("cases", _("Cases"), "cases"))
        if self.actor.may_wear(Role.ORDERER):
            found.append(RailEntry("order", pgettext("menu", "Order"), door("order:new"), "order"))
        if self.has_inquiries:
            label, at = pgettext("menu", "Requests"), door("inquiry:list")
            found.append(RailEntry("inquiries", label, at, "mobile"))
        if self.actor.may_wear(Role.CASE_HANDLER):
            found.append(RailEntry("repairs", _("Repairs"), door("repair:list"), "receipt"))
            found.append(RailEntry("customers", _("Customers"), door("card:list"), "people"))
        if "agent" in self.organisation.kinds:
            found.append(self.entry("agent_orders", _("Orders from customers"), "agent"))
        found.append(self.entry("notices", _("Notices"), "bell", self.unread))
        if {"agent", "operator"} & set(self.organisation.kinds):
            to = door("engagement:all")
            found.append(RailEntry("engagements", _("Agent engagements"), to, "file"))
        found.append(self.entry("organisation", _("Organisation"), "organisation"))
        return found

    @property
    def has_inquiries(self) -> bool:
        """Whoever works with information requests, or keeps their settings."""
        wears = self.actor.may_wear
        is_portal = Kind.OPERATOR in self.organisation.kinds
        return is_portal and (wears(Role.CASE_HANDLER) or wears(Role.ADMINISTRATOR))

    def entry(self, key: str, label: str, icon: str, count: int = 0) -> RailEntry:
        return RailEntry(key, label, door(f"desk:{key}"), icon, capped(count) or None)

    @property
    def session_seconds(self) -> int:
        ends_at = self.request.session.ends_at
        left = (ends_at - timezone.now()).total_seconds() if ends_at else 0
        return settings.SESSION_COOKIE_AGE if self.request.session.modified else max(0, int(left))

    @property
    def last_login(self) -> datetime | None:
        kept = self.request.session.get(LAST)
        return datetime.fromisoformat(kept) if kept else None

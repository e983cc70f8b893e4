"""Every polite no as a page: what stands against it, who can help, the way back."""

import sys
from http import HTTPStatus

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from ombud.desk import doors, programs
from ombud.desk.frame import SHOWN
from ombud.inquiries import pages as inquiries
from ombud.lib.errors import Refused, time
from ombud.people import ways

FREE = {  # forms that mean the same whichever organisation one acts for
    "people:switch",
    "people:language",
    "people:logout",
    "people:profile",
    "people:app_add",
    "people:bankid_begin",
    "people:code_phone",
    "people:code_phone_code",
    "people:codes",
    "people:confirm_code",
    "people:confirm_passkey",
    "people:confirm_password",
    "people:confirm_send",
    "people:confirm_sms",
    "people:login_end",
    "people:oidc_begin",
    "people:passkey",
    "people:passkey_add",
    "people:remove",
    "ui:scheme",
    "account_login",
}
SECRET = {
    "secret",
    "client_secret",
    "csrfmiddlewaretoken",
    "password",
    "code",
    "personal_number",
    "token",
    "credential",
    SHOWN,
}
OUTAGES = (InterfaceError, OperationalError)
HIDDEN = {  # what a form carries without being asked, and what is chosen in it
    "deed", "device", "key", "next", "price_version", "shown", "shown_with", "terms_version",
    "version", "purpose", "terms", "chosen", "registration", "narrowed",
    "way", "do", "agent", "attestant", "offer", "organisation", "person", "role", "scope",
    "language", "units", "instead_of", "number", "signatory", "what", "provider", "confirm",
    "field", "take", "remove", "mark",
}  # fmt: skip
CUSTOMERS = "/i/"  # links in messages: who comes by a wrong one is a customer, not staff
WORTH_KEEPING = 12  # characters; shorter is quicker to write again


def page(request, no):
    """A refusal or a misshapen form, with what was typed to copy. Who belongs nowhere yet is told
    what to do now, on whatever page that is asked for."""
    if request.method == "GET" and belongs_nowhere(no):
        return render(request, "desk/nobody.html", status=no.status)
    context = {"no": no, "typed": typed(request), "back": ways.came_from(request)}
    return render(request, "desk/refusal.html", context, status=no.status)


def belongs_nowhere(no) -> bool:
    return isinstance(no, Refused) and any(one.code == "no_organisation" for one in no.reasons)


def typed(request) -> list[str]:
    """The words that a person wrote, and nothing that the form carried by itself."""
    if request.method != "POST":
        return []
    written = [name for name in request.POST if name not in SECRET | HIDDEN]
    texts = (text for name in written for text in named(request, name))
    return [text for text in texts if len(text) >= WORTH_KEEPING or " " in text.strip()]


def named(request, name: str) -> list[str]:
    return request.POST.getlist(name)


class HatMiddleware:
    """A form drawn before the person switched organisation does not act for the new one; a page
    that is asked for under another of one's hats offers the switch before it refuses anything."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        if request.path.startswith("/api/"):
            return None
        if request.method in ("GET", "HEAD") and "as" in request.GET and not kwargs:
            return doors.other_hat_named(request) if getattr(request, "hats", None) else None
        if request.method != "POST":
            return None
        drawn_for = request.POST.get(SHOWN) or request.headers.get("X-Acting-For")
        here = request.actor.organisation
        is_same = not drawn_for or here is None or drawn_for == here.number
        if is_same or request.resolver_match.view_name in FREE:
            return None
        return page(request, Refused([switched(request, drawn_for)]))


def switched(request, number: str):
    rows = [row.organisation for row in request.hats if row.organisation.number == number]
    text = _(
        "You have switched organisation since this page was opened. It was opened for %(then)s,"
        " and you now act for %(now)s. Switch back at the top of the page, and try again."
    )
    then = rows[0] if rows else _("another organisation")
    return time("switched", text % {"then": then, "now": request.actor.organisation})


# The framework's own refusals


def bad_request(request, exception=None):
    return told(request, HTTPStatus.BAD_REQUEST)


def forbidden(request, exception=None):
    return told(request, HTTPStatus.FORBIDDEN)


@requires_csrf_token
def not_found(request, exception=None):
    """What lies under another of the person's hats is offered there; else there is nothing."""
    if request.path.startswith(CUSTOMERS) and not programs.for_program(request):
        lost = {"shop": inquiries.anybody(), "step": 0}
        return render(request, "inquiry/lost.html", lost, status=HTTPStatus.NOT_FOUND)
    number = number_in(request)
    if number and getattr(request, "hats", None):
        organisation = doors.hat_for(request, number)
        if organisation and organisation != request.actor.organisation:
            return doors.offer(request, organisation, request.get_full_path(), status=404)
    return told(request, HTTPStatus.NOT_FOUND)


def number_in(request) -> str:
    match = getattr(request, "resolver_match", None)
    return str(match.kwargs.get("number", "")) if match else ""


def broken(request):
    """Our own fault, or a database that cannot be reached; asks neither it nor a session."""
    is_outage = isinstance(sys.exc_info()[1], OUTAGES)
    status = HTTPStatus.SERVICE_UNAVAILABLE if is_outage else HTTPStatus.INTERNAL_SERVER_ERROR
    with translation.override(language_of(request)):
        if programs.for_program(request):
            answer = programs.problem(status.value, {"detail": programs.words(status.value)})
        else:
            told = {"reference": request.reference, "LANGUAGE_CODE": translation.get_language()}
            answer = drawn(told, status)
    if is_outage:
        answer.headers["Retry-After"] = "30"
    return answer


def drawn(told: dict, status: HTTPStatus):
    """The page; where what draws pages is itself broken, its words alone."""
    try:
        return render(None, f"{status.value}.html", told, status=status)
    except Exception:  # the first fault has been logged; whoever reads gets an answer
        words = f"{programs.words(status.value)}\n{told['reference']}\n"
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")


def language_of(request) -> str:
    """The reader's own where it is known by now, else the browser's."""
    known = getattr(request, "LANGUAGE_CODE", None)
    return known or translation.get_language_from_request(request)


def forged(request, reason=""):
    """The form's secret did not fit: mostly a login that ended, or cookies that are barred."""
    text = _(
        "The form could not be trusted: you may have logged in or out in another tab since it"
        " was opened, or your browser keeps no cookies. Load the page again and send it anew."
    )
    return page(request, Forged([time("forged", text)]))


class Forged(Refused):
    @property
    def status(self) -> int:
        return 403


def told(request, status: HTTPStatus):
    return render(request, f"{status.value}.html", status=status)

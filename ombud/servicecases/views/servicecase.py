"""The page of a service case, and closing it."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from ombud.cases import looks, sight, timeline, turns
from ombud.cases.deeds import named
from ombud.lib import clock
from ombud.lib.errors import Misshapen
from ombud.people import flashes
from ombud.people.roles import Role
from ombud.servicecases.deeds.servicecase import DEEDS
from ombud.servicecases.forms import servicecase as forms
from ombud.servicecases.models import ServiceCase
from ombud.servicecases.states.servicecase import State
from ombud.ui import forms as fields
from ombud.ui import fragments

CLOSE = named(DEEDS, "close")
MIRROR = "sync"  # the circle of what happens between two systems: it has a page of its own


def found(actor, number: str):
    """The case and its reader's eyes, or it does not exist."""
    rows = ServiceCase.objects.select_related("case__portal", "origin", "subject")
    case = rows.filter(case__number=number.upper()).first()
    eyes = sight.eyes(actor, case.case) if case else None
    if case is None or eyes is None:
        raise Http404
    return case, eyes


@require_safe
def page(request, number):
    case, eyes = found(request.actor, number)
    if "X-Live" not in request.headers:
        seen(request, case.case)
    turn = next(iter(turns.open_of(case.case)), None)
    context = {
        "matter": case,
        "case": case.case,
        "is_open": case.state == State.OPEN,
        "state": State(case.state).label,
        "turn": turn,
        "is_to_release": case.task == "release" and case.state == State.OPEN,
        "is_to_appoint": case.task == "appoint" and case.state == State.OPEN,
        "is_mine": bool(turn and turns.is_mine(turn, request.actor)),
        "role": Role(turn.role).label if turn else "",
        "parties": parties(case.case),
        "events": [told(event) for event in timeline.of(case.case, eyes).exclude(circle=MIRROR)],
        "is_mirrored": eyes.see(MIRROR),
        "close": CLOSE,
        "barred": CLOSE.reasons(request.actor, case),
        "now": clock.now(),
    }
    return fragments.render(request, "servicecase/case.html", context)


def seen(request, case) -> None:
    """Who opens a case has seen it, and read what was told of it."""
    looks.look(request.actor.person, case, clock.now())
    looks.read(request, case.number)


def parties(case) -> list:
    return list(case.party_set.current().select_related("organisation").order_by("pk"))


def told(event) -> dict:
    words = {
        "servicecase.opened": pgettext("event", "The case was opened"),
        "servicecase.released": pgettext("event", "The connection was released"),
        "servicecase.closed": pgettext("event", "The case was closed"),
        "servicecase.followed": pgettext("event", "The order was connected"),
    }
    note = timeline.words_of(event).get("note", "")
    return {"event": event, "text": words.get(event.verb, event.verb), "note": note}


@require_http_methods(["GET", "POST"])
def close(request, number):
    """A page of its own: what was done, and then it is closed."""
    case, _eyes = found(request.actor, number)
    if request.method == "GET":
        return show_close(request, case, {})
    typed = fields.values_of(forms.Close, request.POST)
    try:
        arguments = CLOSE.read(typed)
    except Misshapen as no:
        return show_close(request, case, typed, no)
    CLOSE.action(case, by=CLOSE.fits(request.actor, case), **arguments)
    flashes.tell(request, _("The case is closed."))
    return redirect("servicecase:case", case.case.number)


def show_close(request, case, values: dict, no: Misshapen | None = None):
    asked = fields.fields_of(forms.Close, values, fields.errors_of(no) if no else {})
    context = {
        "case": case.case,
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": CLOSE.reasons(request.actor, case),
    }
    return fragments.render(request, "servicecase/close.html", context, status=422 if no else 200)

"""Asking for a role in one press, from wherever it was lacking; and saying no to it."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ombud.cases import deeds
from ombud.desk.kinds import JOURNALED
from ombud.desk.views.organisation import belonging
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes, forms, rules, ways
from ombud.people.models import Ask
from ombud.ui import forms as fields
from ombud.ui import fragments

ASK = deeds.named(JOURNALED, "ask_for_role")
DECLINE = deeds.named(JOURNALED, "decline_role")


@require_POST
def ask(request):
    """One press, and back to the page it was pressed on, which keeps its place."""
    here = belonging(request)
    arguments = ASK.read(fields.values_of(forms.AskForRole, request.POST))
    try:
        ASK.action(here, by=request.actor, **arguments)
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no), "info")
    else:
        text = _("You have asked %(who)s. You hear of the answer here and by e-mail.")
        flashes.tell(request, text % {"who": rules.administrator_of(here)})
    return redirect(ways.wanted(request))


@require_http_methods(["GET", "POST"])
def decline(request):
    """Say no, with a reason or without."""
    here = belonging(request)
    if request.method == "GET":
        named = {name: request.GET.get(name, "") for name in ("person", "role")}
        return show(request, named)
    typed = fields.values_of(forms.DeclineRole, request.POST)
    try:
        arguments = DECLINE.read(typed)
    except Misshapen as no:
        return show(request, typed, no)
    DECLINE.action(here, by=DECLINE.fits(request.actor, here), **arguments)
    flashes.tell(request, _("You have said no. Whoever asked is told."))
    return redirect("desk:organisation")


def show(request, typed: dict, no: Misshapen | None = None):
    here = belonging(request)
    person, role = typed.get("person", ""), typed.get("role", "")
    asked: Ask | None = rules.open_ask(here, person, role)
    barred = DECLINE.rule(request.actor, here, person, role)
    if asked is None and not any(reason.because == "right" for reason in barred):
        return redirect("desk:organisation")
    faults = fields.errors_of(no) if no else {}
    shown = fields.fields_of(forms.DeclineRole, typed, faults, only=["note"])
    context = {
        "asked": None if barred else asked,
        "fields": shown,
        "errors": fields.links_of(shown),
        "barred": barred,
    }
    return fragments.render(request, "desk/decline_role.html", context, status=422 if no else 200)

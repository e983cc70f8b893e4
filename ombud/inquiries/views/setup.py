"""Getting started: what must be in place, each with its state, and who in the other system is whom
of ours."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.inquiries import forms, rules
from ombud.inquiries.catalogue import newest
from ombud.inquiries.deeds import LINK_CALLER, SET_UP, TEST_SMS
from ombud.inquiries.models import Caller, Inquiry
from ombud.inquiries.states import State
from ombud.inquiries.views.desk import require_portal
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes, holders
from ombud.people.models import Entry
from ombud.people.roles import Role
from ombud.sync.models import System
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.pieces import Guard


@require_safe
def start(request) -> HttpResponse:
    return show_start(request)


def show_start(request, no: Misshapen | None = None, typed: dict | None = None) -> HttpResponse:
    require_portal(request)
    here = request.actor.organisation
    preset = typed or {"phone": here.phone}
    asked = fields.fields_of(forms.SetUp, preset, fields.errors_of(no) if no else {})
    context = {
        "steps": steps(request),
        "is_set_up": all(newest(here).values()),
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": rules.keeps_settings(request.actor, here),
        "test": (TEST_SMS, TEST_SMS.reasons(request.actor, here)),
    }
    return fragments.render(request, "inquiry/start.html", context, status=422 if no else 200)


def steps(request) -> list[Guard]:
    """What must be in place first, and how each stands now."""
    here = request.actor.organisation
    rows = newest(here)
    is_set_up = all(rows.values())
    pace: Any = rows["pace"].read if rows["pace"] else None
    handlers = holders.of(here, Role.CASE_HANDLER)
    tested = Entry.objects.filter(journal_of=here, verb="inquiry.tested").exists()
    change = _("Open the settings")
    return [
        Guard(_("Messages, form, terms and times are there"), is_set_up),
        Guard(
            _("Requests may be sent"),
            bool(pace and pace.is_on),
            deed=change,
            href=reverse("inquiry:settings"),
        ),
        Guard(
            _("Somebody works on cases"),
            bool(handlers),
            text=", ".join(str(person) for person in handlers),
            deed=_("Give the role"),
            href=reverse("desk:organisation"),
        ),
        Guard(
            _("Whom to ask is written down"),
            bool(pace and pace.support.name),
            deed=change,
            href=reverse("inquiry:edit", args=["pace"]),
        ),
        Guard(
            _("Users of the other system are linked to people here"),
            Caller.objects.filter(portal=here).exists(),
            deed=_("Link them"),
            href=reverse("inquiry:callers"),
        ),
        Guard(
            _("The link to the other system is on, and verified"),
            System.objects.active().filter(organisation=here).exists(),
            text=_("Needed only where requests are started over there."),
            deed=_("Linked systems"),
            href=reverse("sync:systems"),
        ),
        Guard(_("A test message has been sent"), tested),
    ]


@require_POST
def set_up(request) -> HttpResponse:
    require_portal(request)
    here, typed = request.actor.organisation, fields.values_of(forms.SetUp, request.POST)
    try:
        SET_UP.action(here, by=SET_UP.fits(request.actor, here), **SET_UP.read(typed))
    except Misshapen as no:
        return show_start(request, no, typed)
    flashes.tell(request, _("Information requests are set up, with texts that work as they are."))
    return redirect("inquiry:start")


@require_POST
def test(request) -> HttpResponse:
    require_portal(request)
    here = request.actor.organisation
    try:
        TEST_SMS.action(here, by=TEST_SMS.fits(request.actor, here))
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no), "late")
    else:
        flashes.tell(request, _("A test message is on its way to your phone."))
    return redirect("inquiry:start")


@require_http_methods(["GET", "POST"])
def callers(request) -> HttpResponse:
    """Who, in the other system, is whom of ours; those whom nobody knows yet stand first."""
    require_portal(request)
    here = request.actor.organisation
    if request.method == "GET":
        return show_callers(request, {"name": request.GET.get("name", "")[:150]})
    typed = fields.values_of(forms.LinkCaller, request.POST)
    try:
        LINK_CALLER.action(
            here, by=LINK_CALLER.fits(request.actor, here), **LINK_CALLER.read(typed)
        )
    except Misshapen as no:
        return show_callers(request, typed, no)
    flashes.tell(request, _("%(name)s is linked.") % {"name": typed["name"]})
    return redirect("inquiry:callers")


def show_callers(request, values: dict, no: Misshapen | None = None) -> HttpResponse:
    here = request.actor.organisation
    people = [(one.username, str(one)) for one in holders.of(here, Role.CASE_HANDLER)]
    systems = [(str(row.pk), row.name) for row in System.objects.filter(organisation=here)]
    asked = fields.fields_of(
        forms.LinkCaller,
        {"system": systems[0][0] if systems else "0", **values},
        fields.errors_of(no) if no else {},
        choices={"person": people, "system": systems or [("0", _("None"))]},
    )
    context = {
        "known": list(Caller.objects.filter(portal=here).select_related("person").order_by("name")),
        "unknown": unknown(here),
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": rules.keeps_settings(request.actor, here),
    }
    return fragments.render(request, "inquiry/callers.html", context, status=422 if no else 200)


def unknown(here) -> list[str]:
    """Whoever has pressed the button over there and is linked to nobody."""
    rows = Inquiry.objects.filter(portal=here, state=State.REFUSED, outcome="unknown_caller")
    linked = Caller.objects.filter(portal=here).values("name")
    names = rows.exclude(caller__in=linked).exclude(caller="").values_list("caller", flat=True)
    return list(names.distinct().order_by("caller")[:50])

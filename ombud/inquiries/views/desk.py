"""The list of requests, what is done with several at once, and the figures."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from ombud.cases.deeds import named
from ombud.inquiries import figures, listing, rules
from ombud.inquiries.deeds import DEEDS, START
from ombud.inquiries.models import Inquiry
from ombud.inquiries.pages import FATE_TONES, TONES, age, why
from ombud.inquiries.states import OPEN, State
from ombud.lib import clock, days
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes
from ombud.people.roles import Kind
from ombud.post import office
from ombud.signing import ceremony
from ombud.sync.states import State as Synced
from ombud.ui import fragments
from ombud.ui.pieces import Column

MOST_AT_ONCE = 100
NAMED = 5  # numbers in one message


def require_portal(request) -> None:
    here = request.actor.organisation
    if here is None or Kind.OPERATOR not in here.kinds:
        raise Http404


@require_safe
def page(request) -> HttpResponse:
    require_portal(request)
    asked = listing.read(request.GET)
    rows, further = listing.of(request.actor, asked)
    context = {
        "asked": asked,
        "columns": columns(any(row.sync for row in rows) or bool(asked.sync)),
        "rows": [shown(row) for row in rows],
        "next": address(asked, further) if further else "",
        "narrowed": address(asked, asked.after).lstrip("?"),
        "states": states(),
        "deliveries": deliveries(),
        "syncs": [(one.value, str(one.label)) for one in Synced],
        "barred": START.reasons(request.actor),
        "may_act": may_act(request),
    }
    return fragments.render(request, "inquiry/list.html", context)


def may_act(request) -> bool:
    return not rules.not_staff(request.actor, request.actor.organisation)


def address(asked: listing.Asked, after: int) -> str:
    names = ("q", "state", "delivery", "sync")
    told: dict[str, Any] = {**{name: getattr(asked, name) for name in names}, "after": after}
    kept = urlencode({name: value for name, value in told.items() if value})
    return f"?{kept}" if kept else ""


SYNC_TONES: dict[str, str] = {
    Synced.SYNCED: "done",
    Synced.CONFLICT: "turn",
    Synced.DEAD: "late",
}


def columns(is_linked: bool) -> list[Column]:
    """How the other system fares is told only where there is one."""
    plain = [
        Column("title", _("Case"), main=True),
        Column("state", _("State")),
        Column("age", _("Age")),
        Column("reminders", _("Reminders")),
        Column("delivery", _("Message")),
    ]
    return [*plain, Column("sync", _("The other system"))] if is_linked else plain


def shown(row) -> dict[str, Any]:
    state = State(row.state)
    return {
        "id": row.number,
        "href": reverse("inquiry:case", args=[row.number]),
        "title": " · ".join(part for part in (row.reference, row.name, row.number) if part),
        "state": state.label,
        "state_tone": TONES[state],
        "why": why(row),
        "age": age(row),
        "began": days.plain(row.started_at),
        "pickable": row.is_open,
        "reminders": _("%(n)s of 3") % {"n": max(0, row.sent - 1)} if row.sent else "",
        "delivery": office.words_of(row.delivery) if row.delivery else "",
        "delivery_tone": FATE_TONES.get(row.delivery or "", "neutral"),
        "sync": str(Synced(row.sync).label) if row.sync else "",
        "sync_tone": SYNC_TONES.get(row.sync or "", "neutral"),
        "tone": "late" if state in (State.SMS_FAILED, State.FAILED) else "",
    }


def states() -> list[tuple[str, str]]:
    wide = [
        ("open", _("Waiting for the customer")),
        ("signed", _("Signed")),
        ("ended", _("Came to nothing")),
    ]
    return [*wide, *((state.value, str(state.label)) for state in State)]


def deliveries() -> list[tuple[str, str]]:
    return [
        ("none", _("Not sent")),
        ("waiting", _("On its way")),
        ("sent", _("Sent")),
        ("delivered", _("Delivered")),
        ("failed", _("Not delivered")),
    ]


# Several at once


@require_POST
def bulk(request) -> HttpResponse:
    """Resend or cancel what was chosen; each by its own rule, and none hinders the others."""
    require_portal(request)
    chosen = list(dict.fromkeys(request.POST.getlist("chosen")))[:MOST_AT_ONCE]
    back = the_list(request)
    do = request.POST.get("do", "")
    if not chosen:
        flashes.tell(request, _("Choose one or several requests first."), "info")
        return redirect(back)
    if do == "cancel":
        return confirm(request, chosen)
    if do not in ("resend", "cancel_now"):
        raise Http404
    name = "withdraw" if do == "cancel_now" else do
    typed = {"note": request.POST.get("note", "").strip()} if name == "withdraw" else {}
    try:
        named(DEEDS, name).read(typed)
    except Misshapen as no:
        return confirm(request, chosen, no)
    done, left = each(request, chosen, name, typed)
    if done:
        flashes.tell(request, told(name, done))
    for reason, numbers_left in left.items():
        more = "" if len(numbers_left) <= NAMED else f" + {len(numbers_left) - NAMED}"
        flashes.tell(request, f"{', '.join(numbers_left[:NAMED])}{more}: {reason}", "late")
    return redirect(back)


def the_list(request) -> str:
    """The list as it was narrowed; what is no list of ours leads to the whole one."""
    asked = listing.read(QueryDict(request.POST.get("narrowed", "")[:500]))
    return reverse("inquiry:list") + address(asked, asked.after)


def each(request, chosen: list[str], name: str, typed: dict) -> tuple[int, dict[str, list[str]]]:
    """How many it was done to, and why not to the others: by reason."""
    rows = Inquiry.objects.visible_to(request.actor).filter(case__number__in=chosen)
    done, left = 0, dict[str, list[str]]()
    for inquiry in rows.select_related("case__portal", "portal").order_by("pk"):
        try:
            ceremony.perform(named(DEEDS, name), inquiry, typed, by=request.actor)
        except Refused as no:
            left.setdefault(str(no), []).append(inquiry.case.number)
        else:
            done += 1
    return done, left


def told(name: str, done: int) -> str:
    if name == "resend":
        text = ngettext("%(n)s reminder has been sent.", "%(n)s reminders have been sent.", done)
    else:
        text = ngettext(
            "%(n)s request has been cancelled.", "%(n)s requests have been cancelled.", done
        )
    return text % {"n": done}


def confirm(request, chosen: list[str], no: Misshapen | None = None) -> HttpResponse:
    """What will be cancelled, and why: written once for all of them."""
    rows = Inquiry.objects.visible_to(request.actor).filter(case__number__in=chosen)
    back = the_list(request)
    open_ones = list(rows.filter(state__in=OPEN).select_related("case").order_by("pk"))
    if not open_ones:
        flashes.tell(request, _("Those chosen have ended already."), "info")
        return redirect(back)
    context = {
        "rows": open_ones,
        "back": back,
        "narrowed": back.partition("?")[2],
        "note": request.POST.get("note", ""),
        "error": no.errors[0]["text"] if no else "",
    }
    return fragments.render(request, "inquiry/bulk.html", context, status=422 if no else 200)


@require_safe
def numbers(request) -> HttpResponse:
    """The figures, with a plot drawn by us and the same as a table."""
    require_portal(request)
    total, versions, bars = figures.of(request.actor)
    shown = {"total": total, "versions": versions, "bars": bars}
    context = {**shown, "may_act": may_act(request), "now": clock.now()}
    return fragments.render(request, "inquiry/figures.html", context)

"""My approvals: what I have to do, the late first; and what has been decided."""

from dataclasses import asdict
from typing import Literal
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from ombud.desk import decided, waiting
from ombud.desk.doors import other_hat_named
from ombud.desk.frame import frame_of
from ombud.desk.organisation import whom_to_ask
from ombud.desk.words import VERBS
from ombud.lib import days
from ombud.lib.counts import capped
from ombud.people import ways
from ombud.ui import fragments
from ombud.ui.pieces import Column, Tab


@require_safe
def approvals(request):
    """`?as=` in a letter's link names the organisation to act for."""
    if wrong := other_hat_named(request):
        return wrong
    if request.GET.get("view") == "decided":
        return show_decided(request)
    asked, actor = waiting.Asked.of(request.GET), request.actor
    rows, further = waiting.of(actor, asked)
    context = {
        "view": "waiting",
        "tabs": tabs(request, "waiting"),
        "asked": asked,
        "rows": [as_row(row) for row in rows],
        "columns": columns(asked),
        "next": address(asked, cursor=further) if further else "",
        "first": address(asked, cursor="") if asked.cursor else "",
        "options": options(actor, asked, rows, further),
        "verbs": list(VERBS.items()),
        "administrator": whom_to_ask(actor),
    }
    return fragments.render(request, "desk/approvals.html", context, block="list")


def show_decided(request):
    q = ways.said_in(request.GET, "q")
    rows, further = decided.of(request.actor, q=q, cursor=request.GET.get("cursor", ""))
    kept = {"view": "decided", "q": q}
    context = {
        "view": "decided",
        "tabs": tabs(request, "decided"),
        "q": q,
        "rows": rows,
        "next": f"?{urlencode(kept | {'cursor': further})}" if further else "",
        "first": f"?{urlencode(kept)}" if request.GET.get("cursor") else "",
    }
    return fragments.render(request, "desk/decided.html", context, block="list")


def tabs(request, current: str) -> list[Tab]:
    to = reverse("desk:approvals")
    waits = capped(frame_of(request).waiting)
    return [
        Tab(_("To do"), to, waits, current == "waiting"),
        Tab(_("Decided"), f"{to}?view=decided", None, current == "decided"),
    ]


def as_row(row: waiting.Waits) -> dict:
    late = bool(row.due_at and days.is_late(row.due_at))
    return {
        "id": f"{row.number}{row.part and '-' + row.part}",
        "href": reverse("desk:case", args=[row.number]),
        "tone": "late" if late else "turn",
        "late": late,
        "verb": VERBS[row.deed],
        "waits": row,
    }


def columns(asked: waiting.Asked, *, plain: bool = False) -> list[Column]:
    """`plain` where the list is not sorted by its headers."""
    named = {
        "deed": _("To do"),
        "title": pgettext("column", "Order"),
        "customer": pgettext("column", "From"),
        "since": pgettext("column", "Waited"),
        "due": pgettext("column", "By"),
    }
    if plain:
        return [Column(key, label, main=key == "title") for key, label in named.items()]
    return [column(asked, key, label) for key, label in named.items()]


def column(asked: waiting.Asked, key: str, label: str) -> Column:
    """Sorted by it already: the other way round."""
    is_up, is_down = asked.sort == key, asked.sort == f"-{key}"
    order: Literal["ascending", "descending", "none"] = "none"
    order = "ascending" if is_up else "descending" if is_down else order
    to = address(asked, sort=f"-{key}" if is_up else key, cursor="")
    return Column(key, label, to, order, main=key == "title")


def address(asked: waiting.Asked, **changed) -> str:
    """The same list, otherwise: everything that narrows it stands in the address."""
    kept = {name: value for name, value in {**asdict(asked), **changed}.items() if value}
    if kept.get("sort") == "due":
        del kept["sort"]
    return f"{reverse('desk:approvals')}?{urlencode(kept)}".rstrip("?")


def options(actor, asked: waiting.Asked, rows: list, further: str) -> dict:
    """What to filter by; asked for only where the list is not shown whole."""
    is_whole = asked.is_plain and not asked.cursor and not further
    return waiting.options_in(rows) if is_whole else waiting.options(actor)

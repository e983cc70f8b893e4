"""My approvals: what I have to do, the late first; and what has been decided."""

from dataclasses import asdict
from functools import lru_cache
from typing import Literal
from urllib.parse import urlencode

from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ombud.desk import decided, drawn, waiting
from ombud.desk.frame import frame_of
from ombud.desk.organisation import unasked, whom_to_ask
from ombud.desk.words import VERBS
from ombud.lib.counts import capped
from ombud.people import ways
from ombud.ui import fragments
from ombud.ui.doors import door
from ombud.ui.pieces import Column, Tab


@require_safe
def approvals(request):
    if request.GET.get("view") == "decided":
        return show_decided(request)
    asked, actor = waiting.Asked.of(request.GET), request.actor
    rows, further = waiting.of(actor, asked, frame_of(request))
    shown = columns(asked)
    context = {
        "view": "waiting",
        "tabs": tabs(request, "waiting"),
        "asked": asked,
        "rows": drawn.waiting(rows, shown),
        "columns": shown,
        "next": address(asked, cursor=further) if further else "",
        "first": address(asked, cursor="") if asked.cursor else "",
        "options": options(request, asked, rows, further),
        "to_filter": with_filters(address(asked, cursor="")),
        "verbs": list(VERBS.items()),
        "administrator": whom_to_ask(actor),
        "unasked": None if rows else unasked(actor),
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
    to = door("desk:approvals")
    waits = capped(frame_of(request).waiting)
    return [
        Tab(_("To do"), to, waits, current == "waiting"),
        Tab(_("Decided"), f"{to}?view=decided", None, current == "decided"),
    ]


def columns(asked: waiting.Asked, *, plain: bool = False) -> list[Column]:
    """`plain` where the list is not sorted by its headers."""
    return _columns(get_language(), asked, plain)


@lru_cache
def _columns(_language: str | None, asked: waiting.Asked, plain: bool) -> list[Column]:
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
    return f"{door('desk:approvals')}?{urlencode(kept)}".rstrip("?")


def with_filters(here: str) -> str:
    return f"{here}{'&' if '?' in here else '?'}filter=1"


def options(request, asked: waiting.Asked, rows: list, further: str) -> dict | None:
    """What to filter by: out of the list where it is shown whole, else asked for when wanted."""
    if asked.is_plain and not asked.cursor and not further:
        return waiting.options_in(rows)
    return waiting.options(request.actor) if asked.filters or "filter" in request.GET else None

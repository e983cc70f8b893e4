"""Cases (sv. ärenden): what calls for action, what has moved, and all."""

from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal
from urllib.parse import urlencode

from django.http import Http404, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from ombud.cases import lists
from ombud.cases.models import Case
from ombud.desk import beside, doors, drawn, waiting, words
from ombud.desk.frame import frame_of
from ombud.desk.organisation import unasked, whom_to_ask
from ombud.desk.views import approvals
from ombud.lib.counts import capped
from ombud.people import ways
from ombud.people.roles import Kind
from ombud.ui import fragments
from ombud.ui.doors import door
from ombud.ui.pieces import Column, Tab

Order = Literal["ascending", "descending", "none"]
LIMIT = 25
VIEWS = ("action", "updated", "all")


@dataclass(frozen=True)
class Asked:
    view: str = "all"
    q: str = ""
    kind: str = ""
    state: str = ""
    sort: str = ""
    cursor: str = ""

    @classmethod
    def of(cls, query) -> "Asked":
        view = query.get("view", "all")
        kind, _dot, state = query.get("state", "").partition(".")
        kind = kind or query.get("kind", "")
        known = kind in words.STATES
        return cls(
            view if view in VIEWS else "all",
            ways.said_in(query, "q"),
            kind if known else "",
            state if known and state in words.STATE_NAMES[Case.Kind(kind)] else "",
            beside.known_sort(query.get("sort", "")),
            query.get("cursor", "")[:200],
        )

    @property
    def states(self) -> list[str]:
        """As Sight keeps them; none is all."""
        if not self.kind:
            return []
        chosen = [self.state] if self.state else words.STATE_NAMES[Case.Kind(self.kind)]
        return [f"{self.kind}.{state}" for state in chosen]

    @property
    def filters(self) -> int:
        return bool(self.kind) + bool(self.state)

    def address(self, **changed) -> str:
        other = replace(self, **changed)
        chosen = {"view": other.view if other.view != "all" else "", "q": other.q}
        narrowed = {"kind": other.kind, "sort": other.sort, "cursor": other.cursor}
        narrowed["state"] = f"{other.kind}.{other.state}" if other.state else ""
        kept = {name: value for name, value in {**chosen, **narrowed}.items() if value}
        return f"{door('desk:cases')}?{query(tuple(kept.items()))}".rstrip("?")


@lru_cache(maxsize=2000)
def query(kept: tuple[tuple[str, str], ...]) -> str:
    """Its tabs and sorts lead from every list to the same few."""
    return urlencode(kept)


@require_safe
def cases(request):
    asked = Asked.of(request.GET)
    if asked.view == "action":
        return action(request, asked)
    updated = asked.view == "updated"
    narrowed = {"states": asked.states, "words": asked.q, "updated": updated}
    sort = beside.sort(asked.sort, asked.cursor)
    page = found(request, cursor=asked.cursor, sort=sort, **narrowed)
    shown = columns(request.actor.organisation, asked)
    context = {
        "asked": asked,
        "capped": page.capped,
        "sorts": beside.sorts(asked.sort),
        "columns": shown,
        "rows": rows_of(request, page.rows, shown),
        "tabs": tabs(request, asked),
        "kinds": list(words.KINDS.items()),
        "states": states(asked),
        "next": asked.address(cursor=page.next) if page.next else "",
        "first": asked.address(cursor="") if asked.cursor else "",
        "clear": Asked(asked.view).address(),
        "administrator": whom_to_ask(request.actor),
    }
    return fragments.render(request, "desk/cases.html", context, block="list")


def action(request, asked: Asked):
    """The same list as My approvals: one query, one count."""
    wanted = waiting.Asked(q=asked.q, cursor=asked.cursor)
    rows, further = waiting.of(request.actor, wanted, frame_of(request))
    shown = approvals.columns(wanted, plain=True)
    context = {
        "asked": asked,
        "tabs": tabs(request, asked),
        "columns": shown,
        "rows": drawn.waiting(rows, shown),
        "next": asked.address(cursor=further) if further else "",
        "first": asked.address(cursor="") if asked.cursor else "",
        "clear": Asked(asked.view).address(),
        "administrator": whom_to_ask(request.actor),
        "unasked": None if rows else unasked(request.actor),
    }
    return fragments.render(request, "desk/cases.html", context, block="list")


def tabs(request, asked: Asked) -> list[Tab]:
    return _tabs(get_language(), asked.view, asked.q, capped(frame_of(request).waiting))


@lru_cache
def _tabs(_language: str | None, current: str, q: str, waits: int | str | None) -> list[Tab]:
    labels = {
        "action": _("Action required"),
        "updated": _("Updated"),
        "all": pgettext("cases", "All"),
    }
    return [
        Tab(
            label,
            Asked(view, q).address(),
            waits if view == "action" else None,
            current == view,
        )
        for view, label in labels.items()
    ]


def columns(organisation, asked=None) -> list[Column]:
    """Who is only a customer is the customer of every case: that column is left out. `asked`, where
    the list is sorted by its headers."""
    is_own = organisation is None or organisation.kinds == [Kind.CUSTOMER]
    return _columns(get_language(), is_own, asked)


@lru_cache
def _columns(_language: str | None, is_own: bool, asked) -> list[Column]:
    named = {
        "title": pgettext("column", "Case"),
        "customer": pgettext("column", "Customer"),
        "state": pgettext("column", "State"),
        "ball": pgettext("column", "Waits for"),
        "moved": pgettext("column", "Updated"),
    }
    if is_own:
        del named["customer"]
    plain = [Column(key, label, main=key == "title") for key, label in named.items()]
    return [sorted_by(column, asked) for column in plain] if asked else plain


def sorted_by(column: Column, asked) -> Column:
    """Sorted by it already: the other way round; the latest moved stand first in any case."""
    key = column.key
    if key == "moved":
        is_now, to = not asked.sort, ""
    elif key in beside.SORTS:
        is_now, to = asked.sort.removeprefix("-") == key, f"-{key}" if asked.sort == key else key
    else:
        return column
    is_down = key == "moved" or asked.sort.startswith("-")
    order: Order = "none" if not is_now else "descending" if is_down else "ascending"
    return replace(column, sort=asked.address(sort=to, cursor=""), order=order)


def states(asked: Asked) -> list[tuple[str, str]]:
    return states_in(get_language(), asked.kind)


@cache
def states_in(_language: str | None, only: str) -> list[tuple[str, str]]:
    """The states of a kind, or of all, in the present language."""
    found: list[tuple[str, str]] = []
    for kind in [Case.Kind(only)] if only else list(words.STATES):
        found += [(f"{kind}.{value}", str(label)) for value, label in words.STATES[kind].choices]
    return found


def found(request, **narrowed) -> lists.Page:
    """A page of cases, each with its customer and who has the ball."""
    return lists.of(request.actor, extra=beside.wanted(frame_of(request)), **narrowed)


def rows_of(request, rows: list[lists.Row], shown: list[Column]) -> Markup:
    known = beside.known(frame_of(request), rows)
    return drawn.cases(zip(rows, known, strict=True), shown)


@require_safe
def case(request, number):
    """A number leads to the page of its kind; a letter's link says under which hat."""
    there = Case.objects.filter(number=lists.number_of(number)).first()
    if there is None:
        raise Http404
    if wrong := doors.other_hat_named(request):
        seen_there = doors.hat_for(request, there.number)
        if seen_there is None:
            raise Http404
        return wrong
    if not Case.objects.visible_to(request.actor).filter(pk=there.pk).exists():
        raise Http404
    return HttpResponseRedirect(address_of(there))


def address_of(case: Case) -> str:
    return reverse(f"{case.kind}:case", args=[case.number])


@require_safe
def search(request):
    """One box for everything: a number leads straight to its case."""
    typed = ways.said_in(request.GET, "q")
    number = lists.number_of(typed)
    seen = Case.objects.visible_to(request.actor)
    if typed and (named := seen.filter(number=number).first()):
        return HttpResponseRedirect(address_of(named))
    page = found(request, words=typed, cursor=request.GET.get("cursor", ""))
    here = door("desk:search")
    shown = columns(request.actor.organisation)
    context = {
        "q": typed,
        "columns": shown,
        "rows": rows_of(request, page.rows, shown) if typed else "",
        "next": f"{here}?{urlencode({'q': typed, 'cursor': page.next})}" if page.next else "",
    }
    return fragments.render(request, "desk/search.html", context, block="list")

"""The page of a case's ledger: both sides field by field, comparing, trying again, settling."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ombud.cases.deeds import named
from ombud.lib import clock
from ombud.people import flashes
from ombud.sync import forms, ledger, pages, wording
from ombud.sync.deeds import DEEDS
from ombud.sync.states import Side, State
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.pieces import Column

COMPARE, REPLAY, SETTLE = (named(DEEDS, name) for name in ("compare", "replay", "settle"))


@require_safe
def page(request, number):
    case, eyes = pages.found(request.actor, number)
    matter = case.matter
    context = {
        "case": case,
        "matter": matter,
        "books": pages.books(case),
        "events": pages.history(case, eyes),
        "compare": COMPARE,
        "replay": REPLAY,
        "compare_barred": COMPARE.reasons(request.actor, matter),
        "settle_barred": SETTLE.reasons(request.actor, matter),
        "columns": columns,
        "now": clock.now(),
    }
    return fragments.render(request, "sync/ledger.html", context)


def columns(system: str) -> list[Column]:
    return [
        Column("label", _("Field"), main=True),
        Column("here", _("Here")),
        Column("there", system),
        Column("agreed", _("Last agreed")),
        Column("direction", _("Direction")),
        Column("state", _("State")),
    ]


@require_POST
def compare(request, number):
    """Ask, then read it at once: the answer is what the reader waits for."""
    done(request, number, COMPARE)
    case, _eyes = pages.found(request.actor, number)
    wrong = ledger.compare(case)
    if wrong:
        why = {"why": wording.said(wrong)}
        flashes.tell(request, _("It could not be compared now: %(why)s") % why)
    else:
        flashes.tell(request, found(ledger.state(case), ledger.is_let_stand(case)))
    return redirect("sync:ledger", case.number)


def found(state: State | None, is_let_stand: bool) -> str:
    if is_let_stand and state == State.SYNCED:
        return _("Compared just now: nothing differs but what has been let stand.")
    if state == State.SYNCED:
        return _("Compared just now: both systems hold the same.")
    return _("Compared just now: the systems are not the same in everything, see below.")


@require_POST
def replay(request, number):
    done(request, number, REPLAY)
    case, _eyes = pages.found(request.actor, number)
    ledger.compare(case)
    flashes.tell(request, _("Tried again. How it went stands below."))
    return redirect("sync:ledger", case.number)


@require_POST
def settle(request, number):
    typed = fields.values_of(forms.Settle, request.POST)
    done(request, number, SETTLE, typed)
    case, _eyes = pages.found(request.actor, number)
    ledger.compare(case)
    if typed.get("take") == Side.THEIRS:
        told = _("The difference may stand. Both systems keep what they have.")
    else:
        told = _("Settled. How it went stands below.")
    flashes.tell(request, told)
    return redirect("sync:ledger", case.number)


def done(request, number, deed, typed=None) -> None:
    case, _eyes = pages.found(request.actor, number)
    matter = case.matter
    arguments = deed.read(typed or {})
    deed.action(matter, by=deed.fits(request.actor, matter), **arguments)

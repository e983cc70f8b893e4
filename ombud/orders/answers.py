"""What was typed on a page that could not be taken as it was: kept until it can, so that a reload
sends nothing again and nobody types twice."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponseRedirect

from ombud.lib import clock
from ombud.lib.errors import Misshapen, Reason, Refused

KEPT = "answers"
SECONDS = 30 * 60
NEVER = ("csrfmiddlewaretoken", "certify", "key")
Faults = Iterable[dict]
Reasons = Iterable[Reason]


@dataclass(frozen=True)
class Kept:
    """What was typed last time, field by field, what was wrong with it and what stood against."""

    typed: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    reasons: list[Reason] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str, otherwise: Any = "") -> Any:
        return self.typed.get(name, [otherwise])[-1]

    @property
    def plain(self) -> dict[str, str]:
        """One value a field, as a form has them."""
        return {name: values[-1] for name, values in self.typed.items() if values}

    def faults(self, name: str) -> list[str]:
        return self.errors.get(name, [])

    def values(self, name: str, otherwise: list) -> list:
        return self.typed.get(name, []) if self.typed else otherwise


def attempt(request, do: Callable[[], str]) -> HttpResponseRedirect:
    """Do it and go where it leads; what is wrong with the answers, or with the moment, leads back
    to the page."""
    try:
        led_to = do()
    except Misshapen as no:
        return back(request, errors=no.errors)
    except Refused as no:
        if no.status == 403:
            raise
        return back(request, reasons=no.reasons)
    if led_to.partition("#")[0] != request.get_full_path():
        forget(request)
    return HttpResponseRedirect(led_to)


def back(request, errors: Faults = (), reasons: Reasons = ()) -> HttpResponseRedirect:
    """To the page itself, which shows what was typed and what was wrong with it."""
    typed = {name: values for name, values in request.POST.lists() if name not in NEVER}
    return HttpResponseRedirect(keep(request, typed, errors, reasons))


def keep(request, typed: dict, errors: Faults = (), reasons: Reasons = (), **more) -> str:
    """What the page shows when it is read next; the address of the page."""
    request.session[KEPT] = {
        "path": request.path,
        "at": clock.now().timestamp(),
        "typed": typed,
        "errors": [{"field": one["field"], "text": str(one["text"])} for one in errors],
        "reasons": [reason.as_json() for reason in reasons],
        "more": more,
    }
    return request.get_full_path()


def kept(request) -> Kept:
    """What is kept for this page."""
    found = request.session.get(KEPT) or {}
    is_old = clock.now().timestamp() - found.get("at", 0) > SECONDS
    if found.get("path") != request.path or is_old:
        return Kept()
    errors: dict[str, list[str]] = {}
    for one in found["errors"]:
        errors.setdefault(one["field"], []).append(one["text"])
    reasons = [Reason(**reason) for reason in found["reasons"]]
    return Kept(found["typed"], errors, reasons, found["more"])


def forget(request) -> None:
    if KEPT in request.session:
        del request.session[KEPT]

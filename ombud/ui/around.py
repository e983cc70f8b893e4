"""While a page is drawn: what it was given, and the one moment at which it is drawn."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from ombud.lib import days

PAGE: ContextVar[dict[str, Any] | None] = ContextVar("the page that is being drawn", default=None)
MOMENT = "drawn at, in "


@contextmanager
def drawing(facts: dict[str, Any]) -> Iterator[None]:
    """While a page is drawn its components may ask for what it was given."""
    token = PAGE.set(facts)
    try:
        yield
    finally:
        PAGE.reset(token)


def around(name: str, default: Any = "") -> Any:
    """What the page that is being drawn was given. So a file of components that wants the page's
    csrf field or frame is imported without context: made once, not once a page."""
    facts = PAGE.get()
    return default if facts is None else facts.get(name, default)


def moment(language: str) -> days.Now:
    """The same for the whole page, whose times would else each ask what time it is."""
    facts = PAGE.get()
    if facts is None:
        return days.Now(language)
    name = MOMENT + language
    if (known := facts.get(name)) is None:
        known = facts[name] = days.Now(language)
    return known

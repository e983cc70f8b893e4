"""The frame around a page, drawn once for a reader and known until something in it changes.

Everything it says follows from the frame's `key` and the menu's present entry; what differs from
one page to the next (fields against forgery, the way back, the words sought) is filled in.
"""

import secrets
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from ombud.ui.doors import door

MOST = 300  # frames kept in a process; each weighs some 25 kB
SCHEMES = ("light", "dark")
# Marks that nobody can guess: a name that somebody chose must never be taken for one.
FILLED = {name: f"{name}-{secrets.token_hex(16)}" for name in ("csrf_input", "path", "sought")}

Kept = dict[tuple, str]


@pass_context
def framed(context: Context, frame: Any, here: str) -> Markup:
    """The frame of the page that is being drawn."""
    request = context.get("request")
    chosen = request.COOKIES.get("scheme", "") if request else ""
    scheme = chosen if chosen in SCHEMES else ""
    what = {"frame": frame, "here": here, "chosen_scheme": scheme}
    key = getattr(frame, "key", None) if frame else ()
    if key is None:
        html = drawn(context.environment, what)
    else:
        html = known(
            context.environment, (get_language(), settings.ROOT_URLCONF, here, scheme, *key), what
        )
    for name, value in filling(context, request).items():
        html = html.replace(FILLED[name], value)
    return Markup(html)


def known(environment: Environment, key: tuple, what: dict[str, Any]) -> str:
    kept: Kept = environment.__dict__.setdefault("frames", {})
    if key not in kept:
        if len(kept) >= MOST:
            kept.clear()
        kept[key] = drawn(environment, what)
    return kept[key]


def drawn(environment: Environment, what: dict[str, Any]) -> str:
    gaps = {name: Markup(mark) for name, mark in FILLED.items()}
    said = {"LANGUAGE_CODE": get_language(), **gaps, **what}
    return environment.get_template("framed.html").render(said)


def filling(context: Context, request: Any) -> dict[str, str]:
    is_search = request and request.path == door("desk:search")
    return {
        "csrf_input": str(context.get("csrf_input", "")),
        "path": str(escape(request.get_full_path() if request else "/")),
        "sought": str(escape(request.GET.get("q", "") if is_search else "")),
    }

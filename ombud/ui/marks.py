"""The small marks that a page draws a hundred times: times, tags and icons, each drawn once."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext
from jinja2 import Environment
from markupsafe import Markup, escape

from ombud.lib import days
from ombud.ui import around

UNSAFE = re.compile("[&<>\"']").search

TIME = Markup('<time datetime="{}"{}{}>{}</time>')
EXACT = Markup(' tabindex="0" data-exact="{0}" aria-label="{0}"')


def safe(words: str) -> str:
    """Escaped, where it must be; most words hold nothing that a page would read otherwise."""
    return escape(words) if UNSAFE(words) else words


def timed(language: str) -> Callable[..., Markup]:
    """The mark `time` of the pages of one language."""

    def time(moment: date, form: str = "when", focusable: bool = False) -> Markup:
        """A moment in words. The exact one stands in datetime, from where app.js shows it on
        hover; with focusable it is written out, and shown on focus too."""
        now, late = around.moment(language), False
        if form == "due":
            words, late = now.due(moment)
        else:
            words = FORMS.get(form, exact)(now, moment)
        if not focusable:
            return Markup(written(moment, words, late))
        kind = Markup(' class="is-late"') if late else ""
        return TIME.format(moment.isoformat(), EXACT.format(exact(now, moment)), kind, words)

    return time


def exact(now: days.Now, moment: date) -> str:
    return now.full(moment) if isinstance(moment, datetime) else now.named(moment)


FORMS: dict[str, Callable[[days.Now, Any], str]] = {
    "when": days.Now.when,
    "day": days.Now.named,
    "waited": days.Now.waited,
    "clock": days.Now.at,
}


def written(moment: date, words: str, late: bool = False) -> str:
    """A moment whose words are known. What stands here is ours, but for the words: no need to
    escape it piece by piece."""
    kind = ' class="is-late"' if late else ""
    return f'<time datetime="{moment.isoformat()}"{kind}>{safe(words)}</time>'


def person_org(
    person: Any = "", organisation: Any = "", role: Any = "", instead_of: Any = ""
) -> Markup:
    """Who, in which organisation, in which role."""
    said = []
    if person:
        said.append(f'<span class="who-person">{safe(str(person))}</span>')
    if instead_of:
        place = gettext("in the place of %(name)s") % {"name": instead_of}
        said.append(f" {safe(place)}")
    if organisation:
        comma = ", " if person else ""
        said.append(f'{comma}<span class="who-organisation">{safe(str(organisation))}</span>')
    if role:
        said.append(f' <span class="quiet">({safe(str(role))})</span>')
    return Markup(f'<span class="who">{"".join(said)}</span>')


def opened(column: Any) -> str:
    """What begins each cell of a column (pieces.Column)."""
    tag = "th role=rowheader scope=row" if column.main else "td role=cell"
    kinds = " ".join(
        name for name, held in (("list-main", column.main), ("end", column.end)) if held
    )
    kind = f' class="{kinds}"' if kinds else ""
    return f'<{tag} data-label="{escape(column.label)}"{kind}>'


def remembered(env: Environment, template: str, name: str) -> Callable[..., Markup]:
    """A macro of which the same words make the same mark: drawn once, then known. `typed`, for a
    text that is safe and the same text that is not must never stand in for each other."""

    @lru_cache(maxsize=2000, typed=True)
    def drawn(*args, **kwargs) -> Markup:
        return getattr(env.get_template(template).module, name)(*args, **kwargs)

    return drawn

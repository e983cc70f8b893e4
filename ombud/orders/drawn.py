"""What an order's page shows of its history, written out by hand: an order is opened often, and its
events are many. Whatever is not our own words is escaped."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from ombud.cases import timeline
from ombud.cases.models import Event
from ombud.orders import attaching
from ombud.ui import marks


def events(found: Iterable[Event], verbs: Mapping[str, Any]) -> Markup:
    """What happened, by whom, with which words, files and fingerprint."""
    mark = f'<abbr title="{escape(_("Fingerprint"))}">#</abbr>'
    return Markup("".join(event(one, str(verbs.get(one.verb, one.verb)), mark) for one in found))


def event(one: Event, words: str, mark: str) -> str:
    who = ""
    if one.person:
        who = marks.person_org(one.person, one.organisation or "", instead_of=one.instead_of or "")
    files = [f'\n  <p class="quiet file-name">{escape(line)}</p>' for line in attaching.filed(one)]
    note = timeline.words_of(one).get("note", "")
    said = f'\n  <p class="said-words">{escape(note)}</p>' if note else ""
    return (
        f'<li>\n  <p>{escape(words)} <span class="quiet">{marks.time(one.at, "full")}</span></p>\n'
        f'  <p class="quiet">{who}</p>{"".join(files)}{said}\n'
        f'  <p class="quiet hash">{mark} {one.seq} {one.hash}</p>\n</li>'
    )

"""What an order's page shows of its history, written out by hand: an order is opened often, and its
events are many. Whatever is not our own words is escaped."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from ombud.cases import timeline
from ombud.cases.models import Event
from ombud.orders import attaching
from ombud.ui import marks


def events(found: Iterable[Event], verbs: Mapping[str, Any], vain: Collection[str]) -> Markup:
    """What happened, by whom, with which words, files and fingerprint; `vain` are the signatures of
    which nothing came."""
    fingerprint, nothing = _("Fingerprint"), _("Evidence kept; nothing came of it")
    mark = f'<abbr title="{escape(fingerprint)}">#</abbr>'
    said = []
    for one in found:
        is_vain = one.data.get("signature") in vain
        said.append(event(one, nothing if is_vain else str(verbs.get(one.verb, one.verb)), mark))
    return Markup("".join(said))


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

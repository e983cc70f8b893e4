"""What an order's page shows of its history, written out by hand: an order is opened often, and its
events are many. Whatever is not our own words is escaped."""

from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from ombud.cases import timeline
from ombud.cases.models import Event
from ombud.lib import days
from ombud.orders import attaching
from ombud.ui import marks


def events(found: Iterable[Event], verbs: Mapping[str, str], vain: Collection[str]) -> Markup:
    """What happened, by whom, with which words, files and fingerprint; `vain` are the signatures of
    which nothing came."""
    fingerprint, nothing = _("Fingerprint"), _("Evidence kept; nothing came of it")
    mark = f'<abbr title="{escape(fingerprint)}">#</abbr>'
    said, now = [], days.Now()
    actors: dict[tuple, str] = {}
    for one in found:
        is_vain = one.data.get("signature") in vain
        words = nothing if is_vain else verbs.get(one.verb, one.verb)
        said.append(event(one, words, mark, now, who(one, actors)))
    return Markup("".join(said))


def who(one: Event, known: dict[tuple, str]) -> str:
    """By whom; the same few come back in every event."""
    actor = (one.person_id, one.organisation_id, one.instead_of_id)
    if actor not in known:
        named = (one.person, one.organisation or "", "", one.instead_of or "")
        known[actor] = marks.person_org(*named) if one.person_id else ""
    return known[actor]


def event(one: Event, words: str, mark: str, now: days.Now, who: str) -> str:
    at = marks.written(one.at, now.full(one.at))
    files = "".join(lined("quiet file-name", attaching.filed(one)))
    texts = timeline.words_of(one)
    lines = [texts.get("note"), alone(texts.get("alone"))]
    said = "".join(lined("said-words", lines))
    return (
        f'<li id="event-{one.seq}">\n'
        f'  <p>{marks.safe(words)} <span class="quiet">{at}</span></p>\n'
        f'  <p class="quiet">{who}</p>{files}{said}\n'
        f'  <p class="quiet hash">{mark} {one.seq} {one.hash}</p>\n</li>'
    )


def lined(kind: str, lines: Iterable[str | None]) -> list[str]:
    return [f'\n  <p class="{kind}">{marks.safe(line)}</p>' for line in lines if line]


def alone(reason: str | None) -> str:
    return _("The same person decided alone: %(reason)s") % {"reason": reason} if reason else ""

"""Writing down what happened. Timeline, notices and letters hang off this one row."""

import secrets
from collections.abc import Iterable

from ombud.cases import letters, sight
from ombud.cases.models import CASE, Case, Event, Words
from ombud.lib import chain, rows
from ombud.people import links, stand_ins
from ombud.people.actors import Actor
from ombud.people.models import Notice


def record(
    case: Case,
    verb: str,
    *,
    by: Actor,
    circle: str = CASE,
    part: str = "",
    tell: Iterable[Notice] = (),
    words: dict | None = None,
    **data,
) -> Event:
    """Write the event, the notices and letters it calls for and the jobs that carry them.

    `data` holds ids and plain facts; free text goes into `words`, a row of its own.
    """
    held = case if case.is_held else Case.objects.locked(case)
    salt = secrets.token_hex(16)
    event = links.append(
        held,
        held.events,
        held.number,
        f"{case.kind}.{verb}",
        by=by,
        circle=circle,
        part=part,
        data=data,
        digest=digest(salt, words) if words else "",
    )
    if words:
        rows.put(Words(event=event, salt=salt, body=words))
    matter = case.matter
    told = letters.tell(stand_ins.also(tell), held, event)
    people = [notice.person_id for notice in told]
    if case.is_stirred:
        sight.project(held, matter.state, circle, matter.words_to_find(), people)
        case.is_stirred = False
    else:
        sight.move(held, matter.state, circle, people)
    return event


def digest(salt: str, words: dict) -> str:
    return chain.sha256(salt + chain.canonical(words))

"""What is asked of the other system before a deed, outside its transaction."""

from typing import Any

from ombud.inquiries import actions, outside, rules
from ombud.inquiries.models import Inquiry
from ombud.lib.errors import require
from ombud.people.actors import Actor


def start_inquiry(*, by: Actor, source: dict | None = None, **typed: Any) -> Inquiry:
    """Where nobody has read the record there yet, one that is known not to exist is refused before
    anything is sent. Talks to the network: no transaction may be open."""
    require(rules.start_inquiry(by, typed["mobile"], source, typed.get("reference", "")))
    require(outside.not_there(by.organisation, source))
    return actions.start_inquiry(by=by, source=source, **typed)

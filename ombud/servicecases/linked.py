"""What the linked system is told, and says, of a repair. The flat that mirrors it stands on the
same floor and is not called from here: config names, by dotted path, who answers."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from ombud.cases.models import Case


@dataclass(frozen=True)
class Linked:
    """Whether both systems have been found to say the same, in words; `href` shows more."""

    is_checked: bool
    text: str
    href: str = ""


def status(case: Case) -> Any:
    """As Linked, or None where nothing mirrors the case."""
    path = settings.REPAIR_LINK.get("status")
    return import_string(path)(case) if path else None


def chosen(case: Case, side: str, *, by) -> None:
    """It goes on here, or there: told in the transaction of the deed."""
    if path := settings.REPAIR_LINK.get("chosen"):
        import_string(path)(case, side, by=by)


def said_of(verb: str) -> str:
    """What happened to the mirroring, in words."""
    path = settings.REPAIR_LINK.get("said_of")
    return import_string(path)(verb) if path else verb

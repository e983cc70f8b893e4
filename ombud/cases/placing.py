"""Which files stand in a case: a deed puts them in their place, takes them out, or copies them."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from ombud.cases.models import Case, Document
from ombud.lib import clock
from ombud.lib.errors import misshapen
from ombud.people.actors import Actor

MOST = 20  # files in a circle of a case


@dataclass(frozen=True)
class Change:
    """The files that came into a case, and those that went out of it."""

    came: list[Document] = field(default_factory=list)
    went: list[Document] = field(default_factory=list)

    def told(self) -> dict:
        """What the event says of it: the fingerprints in the chain, the names in its words."""
        parts = {"attached": self.came, "removed": self.went}
        told: dict = {
            name: {str(row.key): row.sha256 for row in rows} for name, rows in parts.items() if rows
        }
        names = {str(row.key): row.name for row in (*self.came, *self.went)}
        return {**told, "words": {"names": names}} if names else {}


def place(case: Case, keys: Iterable, *, circle: str, by: Actor) -> Change:
    """These files and no others stand in the circle from now on; the case is locked already."""
    wanted = {uuid.UUID(str(key)) for key in keys}
    rows = Document.objects.within_reach_of(by, case).filter(key__in=wanted).order_by("pk")
    found = list(rows.select_for_update(no_key=True))
    if len(found) < len(wanted):
        text = _("This file is not there, or it is not yours to attach. Hand it in first.")
        raise misshapen(attachments=text)
    came = [row for row in found if row.circle != circle]
    went = list(case.document_set.filter(circle=circle).exclude(key__in=wanted))
    put = Document.objects.filter(pk__in=[row.pk for row in came])
    put.update(case=case, circle=circle, loose_at=None)
    out = Document.objects.filter(pk__in=[row.pk for row in went])
    out.update(circle="", loose_at=clock.now())
    return Change(came, went)


def copy(rows: Iterable[Document], case: Case) -> Change:
    """The same files in another case: rows of their own, which share the bytes."""
    shared = ("content", "circle", "name", "media_type", "size", "sha256", "at")
    copies = [
        Document(
            key=uuid.uuid4(),
            case=case,
            person_id=row.person_id,
            organisation_id=row.organisation_id,
            loose_at=None,
            **{name: getattr(row, name) for name in shared},
        )
        for row in rows
    ]
    return Change(Document.objects.bulk_create(copies))

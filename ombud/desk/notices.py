"""What somebody was told, put into words; read once its matter has been opened."""

from django.urls import reverse
from django.utils.translation import gettext as _

from ombud.cases import letters
from ombud.people import told
from ombud.people.models import Notice
from ombud.ui.pieces import Note


def of(actor):
    """Under the hat that is worn now, and no other."""
    return Notice.objects.of(actor.person, actor.organisation)


def leads_to(row: Notice) -> str:
    """Where a notice leads: to its case, to a stand-in, or to what was told of a person."""
    if row.kind == Notice.STAND_IN:
        return reverse("desk:stand_in", args=[row.part])
    if row.kind == Notice.PERSON:
        return told.href(row)
    return letters.page_of(row)


def as_note(row: Notice) -> Note:
    said = letters.say(row)
    return Note(
        words=said["subject"],
        href=reverse("desk:notice", args=[row.pk]),
        at=row.at,
        why=said["lead"],
        source=source(row.data),
        due=row.by_when,
        read=row.read_at is not None,
        settled=_("No longer your turn: it has been handled.") if row.over_at else "",
    )


def source(facts: dict) -> str:
    """From whom: the first party that is not the reader's own organisation; or the person."""
    if "role" in facts:
        return facts["by"] or facts["person"]
    own = facts.get("organisation", "")
    names = [facts.get(part, "") for part in ("customer", "agent", "operator")]
    return next((name for name in names if name and name != own), own)

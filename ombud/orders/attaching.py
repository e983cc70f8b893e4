"""Files on the pages of an order: listed, and taken in one by one, each no with its reason."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as empty

from django.core.files.uploadedfile import UploadedFile
from django.urls import reverse
from django.utils.translation import gettext as _

from ombud.cases import files, timeline
from ombud.cases.models import CASE, Document, Event
from ombud.cases.placing import MOST
from ombud.cases.sight import Eyes
from ombud.lib import sizes
from ombud.lib.errors import Misshapen
from ombud.orders.models import Order
from ombud.people.actors import Actor
from ombud.ui.forms import Field
from ombud.ui.pieces import Attached

NAME = "attachments"
KINDS = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}


def listed(order: Order, eyes: Eyes) -> list[Attached]:
    """The files that these eyes see."""
    return [
        Attached(
            name=row.name,
            href=reverse("desk:document", args=[row.key]),
            size=sizes.text(row.size),
            kind=KINDS.get(row.media_type, row.media_type),
            key=str(row.key),
        )
        for row in order.attached
        if eyes.see(row.circle)
    ]


def field(order: Order, faults: Iterable[str] = ()) -> Field | None:
    """The question for more files, while there is room for one."""
    room = MOST - len(order.attachments())
    if room <= 0:
        return None
    told = {"most": sizes.text(files.LARGEST), "room": room}
    return Field(
        NAME,
        _("Choose files"),
        kind="file",
        hint=_(
            "PDF, JPG or PNG, at most %(most)s each. You can choose several at once, at most"
            " %(room)s more."
        )
        % told,
        errors=tuple(faults),
        required=False,
        accept=",".join(f".{extension}" for extension in files.KINDS),
        multiple=True,
    )


@dataclass
class Taken:
    """The files that were let in, and why the others were not."""

    files: list[Document] = empty(default_factory=list)
    faults: list[dict] = empty(default_factory=list)


def take(order: Order, uploads: Iterable[UploadedFile], *, by: Actor) -> Taken:
    """Let in what can be; one that is refused keeps no other out."""
    taken = Taken()
    room = MOST - len(order.attachments())
    for upload in uploads:
        if len(taken.files) >= room:
            why = _("An order has at most %(most)s files.") % {"most": MOST}
        else:
            why = let_in(taken, upload, by)
        if why:
            name = files.tidy(upload.name or "")
            taken.faults.append({"field": NAME, "text": f"{name}: {why}"})
    return taken


def let_in(taken: Taken, upload: UploadedFile, by: Actor) -> str:
    """Why not; nothing where it was."""
    try:
        taken.files.append(files.keep(upload, by=by))
    except files.TooLarge:
        return files.too_large()
    except Misshapen as no:
        return no.errors[0]["text"]
    return ""


def now(order: Order, taken: Taken, *, removed: str = "", restored: str = "") -> dict:
    """What the order's files are to be, as the deed takes them, out of what they are now; the same
    file sent twice is there once."""
    present = list(order.case.document_set.filter(circle=CASE))
    known = {(row.name, row.sha256) for row in present}
    came = {(row.name, row.sha256): row for row in taken.files}
    fresh = [row for same, row in came.items() if same not in known]
    if not (fresh or removed or restored):
        return {}
    keys = [str(row.key) for row in (*present, *fresh)]
    kept = [key for key in (*keys, *filter(None, [restored])) if key != removed]
    return {NAME: list(dict.fromkeys(kept))}


def filed(event: Event) -> list[str]:
    """Which files came and went with an event, by their names."""
    names = timeline.words_of(event).get("names", {})
    if not names:
        return []
    lines = {"attached": _("Attached: %(name)s"), "removed": _("Removed: %(name)s")}
    return [
        line % {"name": names[key]}
        for what, line in lines.items()
        for key in event.data.get(what, {})
        if key in names
    ]

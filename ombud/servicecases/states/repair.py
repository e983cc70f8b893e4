"""The life of a repair, and where it goes on. Read this first."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    NEW = "new", pgettext_lazy("repair", "New")
    IN_PROGRESS = "in_progress", pgettext_lazy("repair", "In progress")
    WAITING = "waiting", pgettext_lazy("repair", "Waiting")
    READY = "ready", pgettext_lazy("repair", "Ready")
    CLOSED = "closed", pgettext_lazy("repair", "Closed")
    CANCELLED = "cancelled", pgettext_lazy("repair", "Cancelled")


class Side(TextChoices):
    """In which system the case and its invoice go on."""

    UNDECIDED = "undecided", pgettext_lazy("side", "Not chosen yet")
    OMBUD = "ombud", "Ombud"
    AGILOFT = "agiloft", "Agiloft"


WORKED_ON = (State.NEW, State.IN_PROGRESS, State.WAITING, State.READY)
ENDED = (State.CLOSED, State.CANCELLED)
MOVES = {state: {*WORKED_ON, *ENDED} - {state} for state in WORKED_ON}

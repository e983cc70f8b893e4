"""The life of a field that two systems keep. Read this first."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

CIRCLE = "sync"  # who inside a case sees its ledger and what happens to it: never a customer


class State(TextChoices):
    """Of one field, and of a whole case: the gravest of its fields."""

    SYNCED = "synced", pgettext_lazy("ledger", "The same in both")
    PENDING = "pending", pgettext_lazy("ledger", "On its way")
    CONFLICT = "conflict", pgettext_lazy("ledger", "Differs")
    DEAD = "dead", pgettext_lazy("ledger", "Could not be written")
    OFF = "off", pgettext_lazy("ledger", "Link switched off")


class Direction(TextChoices):
    OUT = "out", pgettext_lazy("ledger", "From here")
    IN = "in", pgettext_lazy("ledger", "To here")
    BOTH = "both", pgettext_lazy("ledger", "Both ways")


class Side(TextChoices):
    OURS = "ours", pgettext_lazy("ledger", "What stands here")
    THEIRS = "theirs", pgettext_lazy("ledger", "What stands there")

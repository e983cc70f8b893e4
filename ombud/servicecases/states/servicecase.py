"""The life of a service case. Read this first."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    OPEN = "open", pgettext_lazy("service case", "Open")
    CLOSED = "closed", pgettext_lazy("service case", "Closed")


MOVES = {State.OPEN: {State.CLOSED}}

"""The life of an agreement, from the application on. Read this first."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    SUBMITTED = "submitted", pgettext_lazy("agreement", "Application under review")
    NEEDS_COMPLETION = "needs_completion", pgettext_lazy("agreement", "To be completed")
    AWAITING_SIGNATURE = "awaiting_signature", pgettext_lazy("agreement", "Waits for signature")
    DECLINED = "declined", pgettext_lazy("agreement", "Signature declined")
    ACTIVE = "active", pgettext_lazy("agreement", "In force")
    REJECTED = "rejected", pgettext_lazy("agreement", "Application rejected")


# An organisation has one of these at a time on each side; the database refuses a second.
OPEN = (State.SUBMITTED, State.NEEDS_COMPLETION, State.AWAITING_SIGNATURE, State.DECLINED)
MOVES = {
    State.SUBMITTED: {State.NEEDS_COMPLETION, State.AWAITING_SIGNATURE, State.REJECTED},
    State.NEEDS_COMPLETION: {State.SUBMITTED, State.REJECTED},
    State.AWAITING_SIGNATURE: {State.ACTIVE, State.DECLINED, State.REJECTED},
    State.DECLINED: {State.AWAITING_SIGNATURE, State.REJECTED},
}

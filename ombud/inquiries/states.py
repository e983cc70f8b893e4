"""The life of an information request. Read this first."""

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class State(TextChoices):
    QUEUED = "queued", pgettext_lazy("inquiry", "Waits to be sent")
    SMS_SENT = "sms_sent", pgettext_lazy("inquiry", "SMS sent")
    SMS_DELIVERED = "sms_delivered", pgettext_lazy("inquiry", "SMS delivered")
    SMS_FAILED = "sms_failed", pgettext_lazy("inquiry", "SMS not delivered")
    OPENED = "opened", pgettext_lazy("inquiry", "Begun by the customer")
    SUBMITTED = "submitted", pgettext_lazy("inquiry", "Filled in, not signed")
    APPLIED = "applied", pgettext_lazy("inquiry", "Signed, being synchronised")
    COMPLETED = "completed", pgettext_lazy("inquiry", "Done")
    REFUSED = "refused", pgettext_lazy("inquiry", "Refused")
    FAILED = "failed", pgettext_lazy("inquiry", "Failed")
    CANCELLED = "cancelled", pgettext_lazy("inquiry", "Cancelled")


class Outcome(TextChoices):
    """Why a request has failed."""

    NO_RESPONSE = "no_response", pgettext_lazy("inquiry", "No answer")
    UNDELIVERABLE = "undeliverable", pgettext_lazy("inquiry", "The number cannot be reached")
    LINK_LOCKED = "link_locked", pgettext_lazy("inquiry", "The link was misused and is locked")


# The customer is waited for: an outside case has one of these at a time.
OPEN = (
    State.QUEUED,
    State.SMS_SENT,
    State.SMS_DELIVERED,
    State.SMS_FAILED,
    State.OPENED,
    State.SUBMITTED,
)
ENDED = {State.FAILED, State.CANCELLED}
MOVES = {
    State.QUEUED: {State.SMS_SENT, *ENDED},
    State.SMS_SENT: {State.QUEUED, State.SMS_DELIVERED, State.SMS_FAILED, State.OPENED, *ENDED},
    State.SMS_DELIVERED: {
        State.QUEUED,
        State.SMS_SENT,
        State.SMS_FAILED,
        State.OPENED,
        *ENDED,
    },
    State.SMS_FAILED: {State.QUEUED, State.SMS_SENT, State.SMS_DELIVERED, State.OPENED, *ENDED},
    State.OPENED: {State.SUBMITTED, *ENDED},
    State.SUBMITTED: {State.APPLIED, *ENDED},
    State.APPLIED: {State.COMPLETED},
}

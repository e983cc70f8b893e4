"""What a challenge has to say to the person: every hint and error, in words.

The comments name the messages of BankID's own list that the words stand for.
"""

from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


class Outcome(StrEnum):
    """The few ways in which a challenge can fail, whoever the provider is."""

    USER_CANCELLED = "user_cancelled"
    EXPIRED = "expired"
    NOT_STARTED = "not_started"
    SUPERSEDED = "superseded"
    WRONG_PERSON = "wrong_person"
    CREDENTIAL_BLOCKED = "credential_blocked"
    RISK_BLOCKED = "risk_blocked"
    APP_TOO_OLD = "app_too_old"
    PROVIDER_DOWN = "provider_down"
    NOT_GENUINE = "not_genuine"
    TRIES_USED_UP = "tries_used_up"
    CODE_EXPIRED = "code_expired"


OUTCOMES = {
    "userCancel": Outcome.USER_CANCELLED,
    "userDeclinedCall": Outcome.USER_CANCELLED,
    "expiredTransaction": Outcome.EXPIRED,
    "startFailed": Outcome.NOT_STARTED,
    "cancelled": Outcome.SUPERSEDED,
    "alreadyInProgress": Outcome.SUPERSEDED,
    "certificateErr": Outcome.CREDENTIAL_BLOCKED,
    "transactionRiskBlocked": Outcome.RISK_BLOCKED,
    "notSupportedByUserApp": Outcome.APP_TOO_OLD,
}

UNDER_WAY: Words = _("In progress …")  # RFA21
WENT_WRONG: Words = _("Something went wrong. Try again.")  # RFA22
OPEN_THE_APP: Words = _("Open the BankID app.")  # RFA1
PROVIDER_DOWN: Words = _("BankID has a problem. Nothing is lost. Try again in a while.")  # RFA5
SUPERSEDED: Words = _("This was stopped by a newer attempt. Try again.")  # RFA3

# Hint or error code → words when scanning a QR code, and on the same device if they differ
PENDING: dict[str, tuple[Words, ...]] = {
    "": (OPEN_THE_APP, _("Trying to open the BankID app …")),
    "outstandingTransaction": (OPEN_THE_APP, _("Trying to open the BankID app …")),  # RFA1, RFA13
    "noClient": (OPEN_THE_APP,),
    "started": (
        _("Looking for your BankID on the phone …"),  # RFA15B
        _("Looking for your BankID on this device …"),  # RFA15A
    ),
    "userMrtd": (_("Photograph and scan your identity document in the BankID app."),),  # RFA23
    "userCallConfirm": (_("Answer in the BankID app whether you are in this call."),),
    "userSign": (_("Type your security code in the BankID app and approve."),),  # RFA9
}

FAILED: dict[str, tuple[Words, ...]] = {
    "expiredTransaction": (
        _("The BankID app did not answer in time. Check that it is open and online."),  # RFA8
    ),
    "certificateErr": (
        _(
            "Your BankID is blocked or too old. Use another, or get a new one at your bank."
        ),  # RFA16
    ),
    "userCancel": (_("You cancelled."),),  # RFA6
    "cancelled": (SUPERSEDED,),
    "startFailed": (
        _("The QR code was not scanned in time. Show a new one."),  # RFA17B
        _("The BankID app was not found. Is it installed on this device?"),  # RFA17A, RFA2
    ),
    "userDeclinedCall": (_("You answered in the BankID app that you are not in this call."),),
    "notSupportedByUserApp": (_("Your BankID app is too old. Update it and try again."),),
    "transactionRiskBlocked": (
        _("BankID stopped this for your safety. Contact your bank if you wonder why."),
    ),
    "alreadyInProgress": (
        _("A login or signature is already under way for you. Finish it and try again."),  # RFA4
    ),
    "requestTimeout": (PROVIDER_DOWN,),
    "internalError": (PROVIDER_DOWN,),
    "maintenance": (PROVIDER_DOWN,),
    "tooManyRequests": (PROVIDER_DOWN,),
    "unreachable": (PROVIDER_DOWN,),
}

OWN: dict[Outcome, Words] = {
    Outcome.USER_CANCELLED: _("You cancelled."),
    Outcome.EXPIRED: _("The time ran out. Try again."),
    Outcome.SUPERSEDED: SUPERSEDED,
    Outcome.WRONG_PERSON: _("This was done by somebody else than the person it is meant for."),
    Outcome.NOT_GENUINE: _("The signature from BankID could not be verified. Nothing was decided."),
    Outcome.TRIES_USED_UP: _("Wrong code too many times. Ask for a new code."),
    Outcome.CODE_EXPIRED: _("The code is no longer valid. Ask for a new code."),
}


def outcome(provider_hint: str) -> Outcome:
    return OUTCOMES.get(provider_hint, Outcome.PROVIDER_DOWN)


def words(status: str, provider_hint: str, hint: str, *, same_device: bool) -> str:
    """What to tell the person now; a hint that nobody has heard of is passed over calmly."""
    if status == "complete":
        return str(_("Done"))
    known = FAILED if status == "failed" else PENDING
    if status == "failed" and hint in OWN and OUTCOMES.get(provider_hint) != hint:
        return str(OWN[Outcome(hint)])
    unknown = WENT_WRONG if status == "failed" else UNDER_WAY
    choices = known.get(provider_hint, (unknown,))
    return str(choices[-1] if same_device else choices[0])

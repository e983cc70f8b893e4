"""The QR code and the words of every hint."""

import re

import pytest
from django.utils import translation

from ombud.eid import hints, qr
from ombud.eid.hints import Outcome

TOKEN, SECRET = "67df3917-fa0d-44e5-b327-edcc928297f8", "d28db9a7-4cde-429e-a983-359be676944c"
PROOFS = [
    "dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8",
    "949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2",
    "a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3",
]


@pytest.mark.parametrize(("second", "proof"), list(enumerate(PROOFS)))
def test_the_qr_code_is_that_of_bankids_own_examples(second, proof):
    assert qr.text(TOKEN, SECRET, second) == f"bankid.{TOKEN}.{second}.{proof}"


def test_the_qr_code_can_be_read_from_a_dark_page_and_by_a_screen_reader():
    with translation.override("en"):
        svg = qr.svg(qr.text(TOKEN, SECRET, 0))
    width, height = map(int, re.search(r'width="(\d+)" height="(\d+)"', svg).groups())
    assert min(width, height) >= 220
    assert 'role="img"' in svg
    assert "<title>QR code" in svg
    assert 'fill="#fff"' in svg
    assert "style=" not in svg  # the page's security policy forbids it


def say(status, provider_hint, hint="", same_device=False):
    with translation.override("en"):
        return hints.words(status, provider_hint, hint, same_device=same_device)


PENDING = [
    "outstandingTransaction",
    "noClient",
    "started",
    "userMrtd",
    "userCallConfirm",
    "userSign",
]
FAILED = [
    "expiredTransaction",
    "certificateErr",
    "userCancel",
    "cancelled",
    "startFailed",
    "userDeclinedCall",
    "notSupportedByUserApp",
    "transactionRiskBlocked",
]
ERRORS = ["alreadyInProgress", "requestTimeout", "internalError", "maintenance", "tooManyRequests"]


@pytest.mark.parametrize("same_device", [True, False])
@pytest.mark.parametrize("hint", PENDING)
def test_every_pending_hint_has_words_of_its_own(hint, same_device):
    assert say("pending", hint, same_device=same_device) != say("pending", "unheard of")


@pytest.mark.parametrize("hint", FAILED + ERRORS)
def test_every_failure_has_words_of_its_own(hint):
    words = say("failed", hint, hints.outcome(hint))
    assert words.endswith((".", "?"))
    assert words != say("failed", "unheard of", hints.outcome("unheard of"))


@pytest.mark.parametrize("hint", ["outstandingTransaction", "started", "startFailed"])
def test_words_differ_for_the_same_device(hint):
    status = "failed" if hint == "startFailed" else "pending"
    here = say(status, hint, hints.outcome(hint) if status == "failed" else "", same_device=True)
    assert here != say(status, hint, hints.outcome(hint) if status == "failed" else "")


def test_what_nobody_has_heard_of_is_passed_over_calmly():
    assert say("pending", "brandNewHint") == "In progress …"
    assert (
        say("failed", "brandNewHint", Outcome.PROVIDER_DOWN) == "Something went wrong. Try again."
    )


@pytest.mark.parametrize("outcome", list(Outcome))
def test_every_outcome_has_words(outcome):
    assert say("failed", "", outcome)


def test_our_own_finding_speaks_louder_than_the_last_hint():
    words = say("failed", "userSign", Outcome.WRONG_PERSON)
    assert "somebody else" in words

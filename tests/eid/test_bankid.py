"""A BankID challenge from beginning to end, against a BankID that speaks the real protocol."""

import os

import pytest

from ombud.eid import bankid, challenges, judgement
from ombud.eid.hints import Outcome
from ombud.eid.models import Challenge
from ombud.lib import vault
from tests.sandbox.outside import KARIN, TOLVAN, Outside

pytestmark = [pytest.mark.django_db, pytest.mark.slow, pytest.mark.usefixtures("restless")]

TEXT = "Jag godkänner beställning RITM0000001."


def begin(**more) -> Challenge:
    usual = {
        "purpose": "sign",
        "ip": "198.51.100.7",
        "user_agent": "Mozilla/5.0 (X11; Linux)",
        "visible": TEXT,
        "nonvisible": b'{"v":1}',
        "personal_number": KARIN,
    }
    return challenges.begin_bankid(**usual | more)


def login(**more) -> Challenge:
    return begin(purpose="auth", visible="", nonvisible=b"", personal_number=None, **more)


def approve(outside: Outside, challenge: Challenge, person: str = KARIN) -> Challenge:
    outside.ask("bankid/open", auto_start_token=challenge.auto_start_token, person=person)
    outside.ask("bankid/approve", person=person)
    return challenges.collect(challenge)


def questions(outside: Outside, road: str = "collect") -> int:
    entries = outside.items("journal", part="bankid")
    return sum(f"/rp/v6.0/{road}" in str(entry) for entry in entries)


def test_a_signature_is_verified_before_it_is_complete(outside):
    challenge = approve(outside, begin())
    assert challenge.is_complete
    assert challenge.words == "Done"
    assert challenges.claims(challenge)["personal_number"] == KARIN
    assert judgement.examine(challenge).visible == TEXT
    assert KARIN not in str(challenge.evidence)
    assert challenges.evidence(challenge)["device"]["ipAddress"] == "198.51.100.7"
    assert challenge.subject_index == vault.index(KARIN)


def test_a_login_tells_who_it_was(outside):
    assert challenges.claims(approve(outside, login(), TOLVAN))["personal_number"] == TOLVAN


def test_nobody_is_named_before_the_end(outside):
    assert challenges.claims(begin()) == {}


def test_the_order_says_what_we_mean(outside):
    begin(return_url="https://ombud.example/back?x=1")
    asked = next(e for e in outside.items("journal", part="bankid") if "asked" in str(e))
    said = str(asked)
    for words in ("'pinCode': True", KARIN, "plaintext", "back?x=1&nonce=", "198.51.100.7"):
        assert words in said


def test_the_qr_code_opens_the_app_until_it_is_open(outside):
    challenge = begin()
    text = challenges.qr_text(challenge)
    assert challenges.qr_svg(challenge).startswith("<svg ")
    outside.ask("bankid/scan", qr=text, person=KARIN)
    challenge = challenges.collect(challenge)
    assert challenge.provider_hint == "userSign"
    assert challenge.words == "Type your security code in the BankID app and approve."
    assert challenges.qr_text(challenge) == challenges.qr_svg(challenge) == ""


def test_the_start_link_fits_the_device(outside):
    challenge = begin(user_agent="Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)")
    token = f"autostarttoken={challenge.auto_start_token}&redirect=null"
    assert challenges.start_link(challenge) == f"https://app.bankid.com/?{token}"
    assert challenges.start_link(challenge, mobile=False) == f"bankid:///?{token}"


def test_the_way_back_works_once(outside):
    challenge = begin(return_url="https://ombud.example/back")
    said = str(outside.items("journal", part="bankid"))
    nonce = said.partition("nonce=")[2].partition("'")[0]
    assert not challenges.returned(challenge, "")
    assert not challenges.returned(challenge, "guessed")
    assert challenges.returned(challenge, nonce)
    assert not challenges.returned(challenge, nonce)


def test_a_challenge_belongs_to_its_session(outside):
    challenge = login(session="one")
    assert challenges.belongs_to(challenge, "one")
    assert not challenges.belongs_to(challenge, "two")
    assert not challenges.belongs_to(login(), "")


def test_a_newer_order_of_the_session_ends_the_older(outside):
    older, newer = login(session="one"), login(session="one")
    older.refresh_from_db()
    assert older.hint == Outcome.SUPERSEDED
    assert newer.is_pending
    assert questions(outside, "cancel") == 1


def test_too_long_a_text_is_our_own_fault(outside):
    with pytest.raises(ValueError, match="40000"):
        begin(visible="å" * 20_000)
    with pytest.raises(ValueError, match="visible text"):
        begin(visible="")


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        ("userCancel", Outcome.USER_CANCELLED),
        ("certificateErr", Outcome.CREDENTIAL_BLOCKED),
        ("cancelled", Outcome.SUPERSEDED),
        ("userDeclinedCall", Outcome.USER_CANCELLED),
        ("notSupportedByUserApp", Outcome.APP_TOO_OLD),
        ("transactionRiskBlocked", Outcome.RISK_BLOCKED),
        ("unknownFailure", Outcome.PROVIDER_DOWN),
        ("wrongPerson", Outcome.WRONG_PERSON),
        ("badSignature", Outcome.NOT_GENUINE),
        ("swappedText", Outcome.NOT_GENUINE),
        ("swappedFunction", Outcome.NOT_GENUINE),
        ("foreignRoot", Outcome.NOT_GENUINE),
        ("expiredCertificate", Outcome.NOT_GENUINE),
        ("realPolicy", Outcome.NOT_GENUINE),
        ("badOcsp", Outcome.NOT_GENUINE),
        ("revokedOcsp", Outcome.NOT_GENUINE),
        ("missingOcsp", Outcome.NOT_GENUINE),
    ],
)
def test_every_way_to_fail_ends_in_its_own_outcome(outside, fault, outcome):
    outside.ask("faults", part="bankid", fault=fault, times=1)
    challenge = approve(outside, begin())
    assert (challenge.status, challenge.hint) == ("failed", outcome)
    assert challenge.words
    assert challenges.claims(challenge) == {}
    was_signed = outcome in (Outcome.WRONG_PERSON, Outcome.NOT_GENUINE)
    assert bool(challenges.evidence(challenge)) == was_signed


@pytest.mark.parametrize(
    "fault",
    [
        "internalError",
        "requestTimeout",
        "tooManyRequests",
        "html502",
        "html503",
        "cut",
        "unauthorized",
    ],
)
def test_a_bankid_that_is_down_gives_a_failed_challenge_and_no_error(outside, fault):
    outside.ask("faults", part="bankid", fault=fault, times=5)
    challenge = begin()
    assert (challenge.status, challenge.hint) == ("failed", Outcome.PROVIDER_DOWN)
    assert "BankID" in challenge.words or "went wrong" in challenge.words
    assert "html" not in challenge.words.lower()


@pytest.mark.parametrize("address", ["https://localhost:1/rp/v6.0/", ""])
def test_nobody_at_home_gives_a_failed_challenge(outside, settings, address):
    settings.BANKID_URL = address
    assert begin().words == "BankID has a problem. Nothing is lost. Try again in a while."


def test_maintenance_is_waited_out(outside):
    outside.ask("faults", part="bankid", fault="maintenance", times=2)
    assert begin().is_pending


def test_one_already_under_way_is_said_in_words(outside):
    outside.ask("faults", part="bankid", fault="alreadyInProgress", times=1)
    assert "already under way" in begin().words


@pytest.mark.parametrize(
    "fault", ["internalError", "maintenance", "html502", "requestTimeout", "tooManyRequests"]
)
def test_an_order_outlives_a_bad_moment(outside, later, fault):
    challenge = begin()
    outside.ask("faults", part="bankid", fault=fault, times=1, on="collect")
    assert challenges.collect(challenge).is_pending
    later(seconds=5)
    assert approve(outside, challenge).is_complete


def test_being_asked_to_slow_down_is_obeyed(outside):
    challenge = begin()
    outside.ask("faults", part="bankid", fault="tooManyRequests", times=1, on="collect")
    challenges.collect(challenge)
    before = questions(outside)
    challenges.collect(challenge)
    assert questions(outside) == before


def test_a_final_answer_lost_on_the_way_ends_the_challenge(outside):
    challenge = begin()
    outside.ask("bankid/open", auto_start_token=challenge.auto_start_token, person=KARIN)
    outside.ask("bankid/approve", person=KARIN)
    outside.ask("faults", part="bankid", fault="cut", times=1, on="collect")
    assert challenges.collect(challenge).is_pending
    challenge = challenges.collect(challenge)
    assert (challenge.status, challenge.hint) == ("failed", Outcome.PROVIDER_DOWN)


def test_hints_nobody_knows_are_passed_over(outside):
    challenge = begin()
    outside.ask("faults", part="bankid", fault="unknownHint", times=1)
    assert challenges.collect(challenge).words == "In progress …"
    outside.ask("faults", part="bankid", fault="extraFields", times=1)
    assert approve(outside, challenge).is_complete


def test_an_order_that_is_never_answered_for_ends_with_its_life(outside, later):
    challenge = begin()
    outside.ask("faults", part="bankid", fault="internalError", times=2, on="collect")
    later(minutes=7)
    assert challenges.collect(challenge).hint == Outcome.PROVIDER_DOWN


def test_a_qr_code_nobody_scanned_is_renewed(outside):
    challenge = begin()
    old = challenge.auto_start_token
    outside.ask("faults", part="bankid", fault="startFailed", times=1)
    challenge = challenges.collect(challenge)
    assert challenge.hint == Outcome.NOT_STARTED
    assert challenges.may_renew(challenge)
    stale = Challenge.objects.get(pk=challenge.pk)
    challenge = challenges.renew(challenge)
    assert challenge.is_pending
    assert challenge.auto_start_token != old
    again = challenges.renew(stale)
    assert again.auto_start_token == challenge.auto_start_token
    assert approve(outside, challenge).is_complete


def test_renewing_has_an_end(outside):
    challenge = begin()
    Challenge.objects.filter(pk=challenge.pk).update(restarts=challenges.MOST_RESTARTS)
    outside.ask("faults", part="bankid", fault="startFailed", times=1)
    challenge = challenges.collect(challenge)
    assert not challenges.may_renew(challenge)
    assert challenges.renew(challenge).hint == Outcome.NOT_STARTED


def test_only_an_order_nobody_started_is_renewed(outside):
    outside.ask("faults", part="bankid", fault="userCancel", times=1)
    challenge = approve(outside, begin())
    assert challenges.renew(challenge).hint == Outcome.USER_CANCELLED


def test_cancelling_here_tells_bankid(outside):
    challenge = challenges.cancel(begin())
    assert challenge.hint == Outcome.USER_CANCELLED
    assert questions(outside, "cancel") == 1
    assert challenges.collect(challenge).hint == Outcome.USER_CANCELLED
    assert questions(outside) == 0


def test_cancelling_needs_no_bankid(outside):
    challenge = begin()
    outside.ask("faults", part="bankid", fault="internalError", times=1, on="cancel")
    assert challenges.cancel(challenge).hint == Outcome.USER_CANCELLED


def test_an_ended_challenge_stays_as_it_ended(outside):
    challenge = approve(outside, begin())
    assert challenges.cancel(challenge).is_complete
    assert judgement.fail(challenge, Outcome.EXPIRED).is_complete


def test_a_crash_between_keeping_and_judging_is_mended_by_the_next_question(outside, monkeypatch):
    challenge = begin()
    monkeypatch.setattr(judgement, "judge", lambda challenge: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        approve(outside, challenge)
    monkeypatch.undo()
    monkeypatch.setattr(challenges, "PACE", challenges.PACE * 0)
    challenge.refresh_from_db()
    assert challenge.is_pending
    assert challenges.evidence(challenge)["signature"]
    assert challenges.collect(challenge).is_complete


def test_a_signature_is_kept_although_the_person_cancelled_here_meanwhile(outside):
    challenge = begin()
    completion = {"user": {"personalNumber": KARIN}}
    challenges.cancel(challenge)
    challenge = judgement.keep_and_judge(challenge, completion)
    assert challenge.hint == Outcome.USER_CANCELLED
    assert challenges.evidence(challenge) == completion


def test_the_connection_is_alive_only_with_our_certificate(outside, settings):
    assert bankid.client().alive()
    settings.BANKID_CERT = settings.BANKID_CA.replace("tls-root", "tls-server")
    settings.BANKID_KEY = settings.BANKID_CERT.replace(".crt", ".key")
    settings.BANKID_CA = settings.BANKID_SIGN_ROOT
    assert not bankid.client().alive()


def test_the_client_is_kept_in_a_process_and_made_anew_in_its_child(outside, monkeypatch):
    ours = bankid.client()
    assert bankid.client() is ours
    monkeypatch.setattr(os, "getpid", lambda: -1)
    assert bankid.client() is not ours


def test_no_order_is_collected_by_another_relying_party(outside, settings):
    challenge = begin()
    settings.BANKID_CERT = settings.BANKID_CERT.replace("rp.crt", "rp-other.crt")
    settings.BANKID_KEY = settings.BANKID_KEY.replace("rp.key", "rp-other.key")
    challenge = challenges.collect(challenge)
    assert (challenge.hint, challenge.provider_hint) == (
        Outcome.PROVIDER_DOWN,
        "invalidParameters",
    )

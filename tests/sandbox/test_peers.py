"""Two BankID clients that nobody here wrote, pybankid and bankid-sdk, against the sandbox."""

import time
from collections.abc import Iterator

import bankid
import bankid_sdk
import httpx
import pytest
from bankid.qr import generate_qr_code_content

from tests.sandbox.outside import ASTRID, KARIN, Outside

pytestmark = pytest.mark.slow
PATHS = ("auth", "phone_auth", "sign", "phone_sign", "collect", "cancel")


@pytest.fixture
def pybankid(outside: Outside) -> bankid.BankIDClient:
    """It knows two addresses only, so ours are put in their place."""
    cert = (outside.environment["OMBUD_BANKID_CERT"], outside.environment["OMBUD_BANKID_KEY"])
    client = bankid.BankIDClient(certificates=cert, test_server=True)
    for path in PATHS:
        address = outside.environment["OMBUD_BANKID_URL"] + path.replace("_", "/")
        setattr(client, f"_{path}_endpoint", address)
    client.client = outside.bankid
    client.client.headers["Content-Type"] = "application/json"
    return client


@pytest.fixture
def sdk(outside: Outside) -> Iterator[bankid_sdk.SyncV60]:
    base = outside.environment["OMBUD_BANKID_URL"].split("/rp/")[0]
    outside.bankid.base_url = httpx.URL(base)
    yield bankid_sdk.SyncV60(client=outside.bankid)
    outside.bankid.base_url = httpx.URL(outside.environment["OMBUD_BANKID_URL"])


def test_pybankid_identifies_by_qr(pybankid: bankid.BankIDClient, outside: Outside) -> None:
    begun = time.time()
    order = pybankid.authenticate(
        "198.51.100.7",
        requirement={"pinCode": True},
        user_visible_data="Logga in å",
        user_visible_data_format="simpleMarkdownV1",
    )
    assert pybankid.collect(order["orderRef"])["hintCode"] == "outstandingTransaction"
    code = generate_qr_code_content(order["qrStartToken"], begun, order["qrStartSecret"])
    shown = outside.ask("bankid/open", qr=code, person=KARIN)
    assert (shown["visible_text"], shown["format"]) == ("Logga in å", "simpleMarkdownV1")
    outside.ask("bankid/approve", person=KARIN)
    done = pybankid.collect(order["orderRef"])
    assert done["completionData"]["user"]["personalNumber"] == KARIN


def test_pybankid_signs_and_cancels(pybankid: bankid.BankIDClient, outside: Outside) -> None:
    order = pybankid.sign("198.51.100.7", "Attest", user_non_visible_data="abc")
    outside.ask("bankid/open", auto_start_token=order["autoStartToken"], person=KARIN)
    outside.ask("bankid/approve", person=KARIN)
    assert pybankid.collect(order["orderRef"])["status"] == "complete"
    other = pybankid.sign("198.51.100.7", "Attest")
    assert pybankid.cancel(other["orderRef"])
    with pytest.raises(bankid.exceptions.InvalidParametersError):
        pybankid.collect(other["orderRef"])


def test_pybankid_calls(pybankid: bankid.BankIDClient, outside: Outside) -> None:
    order = pybankid.phone_authenticate(ASTRID, "RP")
    outside.ask("bankid/approve", person=ASTRID)
    assert pybankid.collect(order["orderRef"])["status"] == "complete"
    signed = pybankid.phone_sign(ASTRID, "user", "Attest")
    outside.ask("bankid/cancel", person=ASTRID)
    assert pybankid.collect(signed["orderRef"])["hintCode"] == "userCancel"


REFUSALS = [
    ("alreadyInProgress", bankid.exceptions.AlreadyInProgressError),
    ("internalError", bankid.exceptions.InternalError),
    ("maintenance", bankid.exceptions.MaintenanceError),
    ("requestTimeout", bankid.exceptions.RequestTimeoutError),
    ("unauthorized", bankid.exceptions.UnauthorizedError),
]


@pytest.mark.parametrize(("fault", "kind"), REFUSALS)
def test_pybankid_understands_each_refusal(
    pybankid: bankid.BankIDClient, outside: Outside, fault: str, kind: type[Exception]
) -> None:
    outside.ask("faults", part="bankid", fault=fault, times=1)
    with pytest.raises(kind):
        pybankid.authenticate("198.51.100.7")


def test_bankid_sdk_identifies_by_its_own_qr(sdk: bankid_sdk.SyncV60, outside: Outside) -> None:
    order = sdk.auth("198.51.100.7", requirement=bankid_sdk.Requirement(pin_code=True))
    pending = sdk.collect(order.order_ref)
    assert isinstance(pending, bankid_sdk.PendingCollect)
    assert pending.hint_code is bankid_sdk.PendingHintCode.OUTSTANDING_TRANSACTION
    outside.ask("bankid/open", qr=bankid_sdk.generate_qr_code(order), person=KARIN)
    outside.ask("bankid/approve", person=KARIN)
    done = sdk.collect(order.order_ref)
    assert isinstance(done, bankid_sdk.CompleteCollect)
    assert done.completion_data.user.personal_number == KARIN


def test_bankid_sdk_signs_fails_and_cancels(sdk: bankid_sdk.SyncV60, outside: Outside) -> None:
    wanted = bankid_sdk.Requirement(personal_number=KARIN)
    order = sdk.sign("198.51.100.7", "Attest", requirement=wanted)
    outside.ask("bankid/open", auto_start_token=order.auto_start_token, person=KARIN)
    outside.ask("bankid/cancel", person=KARIN)
    failed = sdk.collect(order.order_ref)
    assert isinstance(failed, bankid_sdk.FailedCollect)
    assert failed.hint_code is bankid_sdk.FailedHintCode.USER_CANCEL
    other = sdk.sign("198.51.100.7", "Attest", requirement=wanted)
    sdk.cancel(other.order_ref)
    with pytest.raises(bankid_sdk.BankIDAPIError):
        sdk.collect(other.order_ref)

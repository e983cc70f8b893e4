"""The relying party's side of BankID, call by call."""

import base64
import hashlib
import hmac
import ssl
import time

import httpx
import pytest

from sandbox.bankid.orders import Order
from tests.sandbox.outside import ASTRID, KARIN, TOLVAN, Outside, encoded

pytestmark = pytest.mark.slow


def qr(order: dict[str, str], second: int) -> str:
    secret = order["qrStartSecret"].encode()
    mark = hmac.new(secret, str(second).encode(), hashlib.sha256).hexdigest()
    return f"bankid.{order['qrStartToken']}.{second}.{mark}"


def test_an_order_goes_from_made_to_signed_and_is_told_once(outside: Outside) -> None:
    order = outside.order(requirement={"personalNumber": KARIN})
    assert set(order) == {"orderRef", "autoStartToken", "qrStartToken", "qrStartSecret"}
    assert outside.collect(order)["hintCode"] == "outstandingTransaction"
    shown = outside.ask("bankid/open", auto_start_token=order["autoStartToken"], person=KARIN)
    assert shown["visible_text"] == "Jag attesterar beställning RITM0000001."
    assert (shown["kind"], shown["state"]) == ("sign", "pending")
    assert outside.control.get(f"bankid/{KARIN}").json()["id"] == shown["id"]
    assert outside.collect(order)["hintCode"] == "userSign"
    assert outside.ask("bankid/approve", person=KARIN)["state"] == "complete"
    data = outside.collect(order)["completionData"]
    assert data["user"]["personalNumber"] == KARIN
    assert data["device"]["ipAddress"] == "198.51.100.7"
    assert data["bankIdIssueDate"].endswith("Z")
    assert gone(outside, order)


def test_the_animated_code_follows_the_published_vectors() -> None:
    order = Order("auth", False, {}, b"", "", "", "")
    order.qr_token = "67df3917-fa0d-44e5-b327-edcc928297f8"
    order.qr_secret = "d28db9a7-4cde-429e-a983-359be676944c"
    for second, mark in enumerate(VECTORS):
        assert order.qr(second) == f"bankid.{order.qr_token}.{second}.{mark}"


VECTORS = (
    "dc69358e712458a66a7525beef148ae8526b1c71610eff2c16cdffb4cdac9bf8",
    "949d559bf23403952a94d103e67743126381eda00f0b3cbddbf7c96b1adcbce2",
    "a9e5ec59cb4eee4ef4117150abc58fad7a85439a6a96ccbecc3668b41795b3f3",
)


def gone(outside: Outside, order: dict[str, str]) -> bool:
    answer = outside.bankid.post("collect", json={"orderRef": order["orderRef"]})
    return answer.status_code == 400 and answer.json() == {
        "errorCode": "invalidParameters",
        "details": "No such order",
    }


def test_declared_people_sign_under_their_own_names(outside: Outside) -> None:
    row = {"personal_number": KARIN, "given": "Karin", "family": "Åkesson-Öberg"}
    outside.control.post("people", json=[row]).raise_for_status()
    user = outside.signed()["completionData"]["user"]
    assert user["name"] == "Karin Åkesson-Öberg"
    row["family"] = "Lind"
    outside.control.post("people", json=[row]).raise_for_status()
    assert outside.signed()["completionData"]["user"]["surname"] == "Lind"


def test_started_by_link_before_anyone_is_chosen(outside: Outside) -> None:
    order = outside.order("auth")
    outside.ask("bankid/open", auto_start_token=order["autoStartToken"])
    assert outside.collect(order)["hintCode"] == "started"


def test_a_fresh_qr_code_opens_the_order(outside: Outside) -> None:
    order = outside.order("auth")
    assert outside.ask("bankid/open", qr=qr(order, 0), person=KARIN)["hint"] == "userSign"


def test_a_forged_or_old_or_broken_qr_code_does_not(outside: Outside) -> None:
    order = outside.order("auth")
    forged = qr(order, 0)[:-1] + "x"
    assert outside.refused("bankid/open", qr=forged, person=KARIN) == 403
    assert outside.refused("bankid/open", qr=qr(order, 9), person=KARIN) == 410
    assert outside.refused("bankid/open", qr="bankid.what", person=KARIN) == 422
    time.sleep(7)
    assert outside.refused("bankid/open", qr=qr(order, 0), person=KARIN) == 410
    assert outside.collect(order)["hintCode"] == "outstandingTransaction"


def test_another_persons_app_refuses_the_order(outside: Outside) -> None:
    order = outside.order(requirement={"personalNumber": KARIN})
    token = order["autoStartToken"]
    assert outside.refused("bankid/open", auto_start_token=token, person=TOLVAN) == 403
    assert outside.collect(order)["hintCode"] == "outstandingTransaction"


def test_a_policy_the_phone_does_not_hold_is_refused(outside: Outside) -> None:
    order = outside.order(requirement={"certificatePolicies": ["1.2.3.4.10"]})
    token = order["autoStartToken"]
    assert outside.refused("bankid/open", auto_start_token=token, person=KARIN) == 403
    starred = outside.order(requirement={"certificatePolicies": ["1.2.3.4.*"]})
    outside.ask("bankid/open", auto_start_token=starred["autoStartToken"], person=KARIN)


def test_the_person_cancels(outside: Outside) -> None:
    order = outside.order()
    outside.ask("bankid/open", auto_start_token=order["autoStartToken"], person=KARIN)
    outside.ask("bankid/cancel", person=KARIN)
    assert outside.collect(order)["hintCode"] == "userCancel"
    assert gone(outside, order)


def test_approving_when_nothing_is_open_is_refused(outside: Outside) -> None:
    assert outside.refused("bankid/approve", person=KARIN) == 409
    assert outside.refused("bankid/cancel", person=KARIN) == 409
    assert outside.refused("bankid/approve", person="1990") == 422
    assert outside.refused("bankid/open", auto_start_token="no", person=KARIN) == 404
    assert outside.control.get(f"bankid/{KARIN}").status_code == 404


def test_the_relying_party_cancels_once(outside: Outside) -> None:
    order = outside.order()
    body = {"orderRef": order["orderRef"]}
    answer = outside.bankid.post("cancel", json=body)
    assert (answer.status_code, answer.json()) == (200, {})
    assert outside.bankid.post("cancel", json=body).json()["details"] == "No such order"
    assert gone(outside, order)


def test_an_order_belongs_to_the_certificate_that_made_it(outside: Outside) -> None:
    order = outside.order()
    with outside.relying_party("rp-other") as other:
        for path in ("collect", "cancel"):
            answer = other.post(path, json={"orderRef": order["orderRef"]})
            assert answer.json()["errorCode"] == "invalidParameters"
    assert outside.collect(order)["status"] == "pending"


def test_a_newer_order_opened_by_the_same_person_ends_the_older(outside: Outside) -> None:
    older, newer = outside.order("auth"), outside.order("auth")
    for order in (older, newer):
        outside.ask("bankid/open", auto_start_token=order["autoStartToken"], person=KARIN)
    assert outside.collect(older)["hintCode"] == "cancelled"
    assert outside.collect(newer)["hintCode"] == "userSign"


def test_a_second_order_for_a_named_person_is_not_made_and_ends_the_first(
    outside: Outside,
) -> None:
    first = outside.order(requirement={"personalNumber": KARIN})
    other = outside.order(requirement={"personalNumber": TOLVAN})
    body = {"endUserIp": "198.51.100.7", "requirement": {"personalNumber": KARIN}}
    answer = outside.bankid.post("auth", json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "alreadyInProgress")
    assert outside.collect(first)["hintCode"] == "cancelled"
    assert outside.collect(other)["status"] == "pending"
    assert outside.bankid.post("auth", json=body).status_code == 200


def test_a_call_on_the_phone(outside: Outside) -> None:
    body = {"personalNumber": ASTRID, "callInitiator": "RP"}
    answer = outside.bankid.post("phone/auth", json=body)
    assert set(answer.json()) == {"orderRef"}
    assert outside.ask("bankid/approve", person=ASTRID)["state"] == "complete"
    done = outside.collect(answer.json())
    assert done["completionData"]["user"]["personalNumber"] == ASTRID


def test_a_call_on_the_phone_declined(outside: Outside) -> None:
    text = {"userVisibleData": encoded("Text")}
    body = {"personalNumber": ASTRID, "callInitiator": "user"} | text
    order = outside.bankid.post("phone/sign", json=body).json()
    outside.ask("bankid/decline-call", person=ASTRID)
    assert outside.collect(order)["hintCode"] == "userDeclinedCall"


def test_passport_reading_and_risk_are_told(outside: Outside) -> None:
    order = outside.order(returnRisk=True, requirement={"mrtd": True})
    outside.ask("bankid/open", auto_start_token=order["autoStartToken"], person=KARIN)
    assert outside.collect(order)["hintCode"] == "userMrtd"
    outside.ask("bankid/approve", person=KARIN)
    data = outside.collect(order)["completionData"]
    assert (data["risk"], data["stepUp"]) == ("low", {"mrtd": True})


# Time


def test_nobody_starts_it(outside: Outside) -> None:
    outside.ask("timing", start_seconds=0.3)
    order = outside.order()
    time.sleep(0.4)
    assert outside.collect(order) == {
        "orderRef": order["orderRef"],
        "status": "failed",
        "hintCode": "startFailed",
    }


def test_nobody_finishes_it(outside: Outside) -> None:
    outside.ask("timing", total_seconds=20, scale=0.1)
    order = outside.order()
    outside.ask("bankid/open", auto_start_token=order["autoStartToken"], person=KARIN)
    assert outside.collect(order)["hintCode"] == "userSign"
    time.sleep(2.1)
    assert outside.collect(order)["hintCode"] == "expiredTransaction"


def test_a_result_nobody_fetches_is_forgotten(outside: Outside) -> None:
    outside.ask("timing", completed_seconds=0.2)
    order = outside.order()
    outside.ask("bankid/open", auto_start_token=order["autoStartToken"], person=KARIN)
    outside.ask("bankid/approve", person=KARIN)
    time.sleep(0.4)
    assert gone(outside, order)


def test_the_sandboxs_clock_does_not_move_an_orders_time(outside: Outside) -> None:
    order = outside.order()
    outside.ask("clock", offset_seconds=86_400)
    assert outside.collect(order)["status"] == "pending"


# Refusals


def test_no_certificate_no_conversation(outside: Outside) -> None:
    context = ssl.create_default_context(cafile=outside.environment["OMBUD_BANKID_CA"])
    with pytest.raises(httpx.TransportError):
        httpx.post(outside.environment["OMBUD_BANKID_URL"] + "auth", json={}, verify=context)


def test_old_tls_is_refused(outside: Outside) -> None:
    context = ssl.create_default_context(cafile=outside.environment["OMBUD_BANKID_CA"])
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises(httpx.TransportError):
        httpx.get(outside.environment["OMBUD_BANKID_URL"] + "auth", verify=context)


def test_get_is_not_a_method(outside: Outside) -> None:
    answer = outside.bankid.get("auth")
    assert (answer.status_code, answer.content) == (405, b"")


def test_an_unknown_path_is_not_found(outside: Outside) -> None:
    answer = outside.bankid.post("authorise", json={})
    assert (answer.status_code, answer.json()["errorCode"]) == (404, "notFound")


@pytest.mark.parametrize("kind", ["application/json; charset=utf-8", "text/plain", ""])
def test_the_content_type_is_exact(outside: Outside, kind: str) -> None:
    answer = outside.bankid.post("auth", content=b"{}", headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["errorCode"]) == (415, "unsupportedMediaType")


def test_what_is_not_json_is_an_invalid_request(outside: Outside) -> None:
    for body in (b"", b"[1]", b"{", b'"text"'):
        answer = outside.bankid.post(
            "auth", content=body, headers={"Content-Type": "application/json"}
        )
        assert answer.json() == {"errorCode": "invalidParameters", "details": "Invalid request"}


WRONG = [
    ("auth", {"endUserIp": "somewhere"}, "endUserIp"),
    ("auth", {"endUserIp": None}, "endUserIp"),
    ("auth", {"userVisibleData": "not base64!"}, "userVisibleData"),
    ("auth", {"userVisibleData": ""}, "userVisibleData"),
    ("auth", {"userVisibleData": base64.b64encode(b"\xff\xfe").decode()}, "userVisibleData"),
    ("auth", {"userVisibleData": encoded("x" * 1126)}, "userVisibleData"),
    ("auth", {"userNonVisibleData": encoded("x" * 1126)}, "userNonVisibleData"),
    ("sign", {"userVisibleData": encoded("x" * 30_001)}, "userVisibleData"),
    ("sign", {"userNonVisibleData": encoded("x" * 150_001)}, "userNonVisibleData"),
    ("sign", {"userVisibleDataFormat": "html"}, "userVisibleDataFormat"),
    ("auth", {"returnUrl": ""}, "returnUrl"),
    ("auth", {"returnUrl": "https://x.example/" + "a" * 500}, "returnUrl"),
    ("auth", {"web": {}}, "web"),
    ("auth", {"web": {"referringDomain": "ab"}}, "referringDomain"),
    ("auth", {"web": {"userAgent": "a"}, "app": {"deviceOS": "x"}}, "app"),
    ("auth", {"requirement": {"personalNumber": "199008232383"}}, "Invalid requirement"),
    ("auth", {"requirement": {"personalNumber": "9008232382"}}, "Invalid requirement"),
    ("auth", {"requirement": {"pinCode": "yes"}}, "Invalid requirement"),
    ("auth", {"requirement": {"certificatePolicies": ["1.*"]}}, "Invalid requirement"),
    ("auth", {"requirement": {"risk": "low"}}, "Invalid requirement"),
]


@pytest.mark.parametrize(("path", "fields", "word"), WRONG)
def test_a_wrong_field_is_named(
    outside: Outside, path: str, fields: dict[str, object], word: str
) -> None:
    body = {"endUserIp": "198.51.100.7"} | fields
    if path == "sign":
        body = {"userVisibleData": encoded("Text")} | body
    answer = outside.bankid.post(path, json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "invalidParameters")
    assert word in answer.json()["details"]


def test_the_longest_allowed_and_the_unknown_are_taken(outside: Outside) -> None:
    outside.order(
        "sign",
        userVisibleData=encoded("x" * 30_000),
        userNonVisibleData=encoded("x" * 150_000),
        returnUrl="https://x.example/#nonce=1",
        web={"referringDomain": "x.example", "userAgent": "Firefox", "deviceIdentifier": "d"},
        requirement={"pinCode": True, "cardReader": "class1", "somethingNew": 1},
        somethingNew={"a": 1},
    )


def test_sign_needs_words_to_show(outside: Outside) -> None:
    answer = outside.bankid.post("sign", json={"endUserIp": "198.51.100.7"})
    assert answer.json()["details"] == "Invalid userVisibleData"


# Faults

FAULTS = [
    ("internalError", 500, "internalError"),
    ("maintenance", 503, "maintenance"),
    ("requestTimeout", 408, "requestTimeout"),
    ("tooManyRequests", 429, "tooManyRequests"),
    ("unauthorized", 401, "unauthorized"),
    ("alreadyInProgress", 400, "alreadyInProgress"),
]


@pytest.mark.parametrize(("fault", "status", "code"), FAULTS)
def test_a_fault_comes_as_often_as_asked(
    outside: Outside, fault: str, status: int, code: str
) -> None:
    outside.ask("faults", part="bankid", fault=fault, times=2)
    for _ in range(2):
        answer = outside.bankid.post("auth", json={"endUserIp": "198.51.100.7"})
        assert (answer.status_code, answer.json()["errorCode"]) == (status, code)
        assert ("ratelimit-reset" in answer.headers) == (status == 429)
    outside.order("auth")


def test_a_fault_may_wait_for_one_kind_of_call(outside: Outside) -> None:
    outside.ask("faults", part="bankid", fault="html503", times=1, on="collect")
    order = outside.order("auth")
    answer = outside.bankid.post("collect", json={"orderRef": order["orderRef"]})
    assert (answer.status_code, answer.text[:6]) == (503, "<html>")
    assert outside.collect(order)["status"] == "pending"


def test_faults_can_be_cleared(outside: Outside) -> None:
    outside.ask("faults", part="bankid", fault="maintenance", times=50)
    outside.ask("faults", part="bankid", fault="maintenance", times=0)
    outside.order("auth")
    assert outside.refused("faults", part="bankid", fault="earthquake", times=1) == 422
    assert outside.refused("faults", part="moon", fault="hang", times=1) == 422


def test_an_answer_cut_off_half_way_loses_what_was_said(outside: Outside) -> None:
    order = outside.order()
    outside.ask("bankid/open", auto_start_token=order["autoStartToken"], person=KARIN)
    outside.ask("bankid/approve", person=KARIN)
    outside.ask("faults", part="bankid", fault="cut", times=1)
    with pytest.raises(httpx.TransportError):
        outside.bankid.post("collect", json={"orderRef": order["orderRef"]})
    assert gone(outside, order)


def test_no_answer_at_all(outside: Outside) -> None:
    outside.ask("faults", part="bankid", fault="hang", times=1)
    with pytest.raises(httpx.ReadTimeout):
        outside.bankid.post("auth", json={"endUserIp": "198.51.100.7"}, timeout=0.5)


@pytest.mark.parametrize("hint", ["userCancel", "certificateErr", "transactionRiskBlocked"])
def test_approving_ends_in_a_failure(outside: Outside, hint: str) -> None:
    outside.ask("faults", part="bankid", fault=hint, times=1)
    assert outside.signed()["hintCode"] == hint


def test_what_nobody_knows_can_be_told(outside: Outside) -> None:
    order = outside.order()
    outside.ask("faults", part="bankid", fault="unknownHint", times=1)
    assert outside.collect(order)["hintCode"] == "somethingNobodyKnows"
    outside.ask("faults", part="bankid", fault="extraFields", times=1)
    assert "newField" in outside.collect(order)


def test_a_fault_that_is_set_on_one_call_waits_for_it(outside: Outside) -> None:
    outside.ask("faults", part="bankid", fault="alreadyInProgress", times=1, on="sign")
    outside.order("auth")
    body = {"endUserIp": "198.51.100.7", "userVisibleData": "aGVq"}
    answer = outside.bankid.post("sign", json=body)
    assert (answer.status_code, answer.json()["errorCode"]) == (400, "alreadyInProgress")
    assert outside.bankid.post("sign", json=body).status_code == 200

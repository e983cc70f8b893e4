"""The Swedish BankID, spoken to as a relying party: RP API v6.0 over mutual TLS."""

import base64
import os
import ssl
import time
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import httpx
from django.conf import settings

ROAD = "/rp/v6.0"
TIMEOUT = httpx.Timeout(10, connect=5)
QUIET_RETRIES = 2  # of 503 only, which says that nothing was begun
MOST_VISIBLE = {"auth": 1_500, "sign": 40_000}  # characters, after base64
MOST_NONVISIBLE = {"auth": 1_500, "sign": 200_000}
PASSING = {408, 429, 500, 502, 503, 504}  # an order survives these

Purpose = Literal["auth", "sign"]


@dataclass(frozen=True)
class Order:
    """What BankID hands out for one order. Only the auto start token may reach a browser."""

    reference: str
    auto_start_token: str
    qr_start_token: str
    qr_start_secret: str


@dataclass(frozen=True)
class Progress:
    """How an order goes. A final answer is given once and never again."""

    status: str
    hint: str = ""
    completion: dict[str, Any] = field(default_factory=dict)


class BankIDRefused(Exception):
    """BankID said no, or nothing. `details` is for the log, never for a page."""

    def __init__(self, code: str, details: str = "", *, retryable: bool = False, wait: int = 0):
        self.code, self.details, self.retryable, self.wait = code, details, retryable, wait
        super().__init__(f"{code}: {details}")


class Client:
    """A typed client; keeps its connections, so one a process."""

    def __init__(self, base_url: str, context: ssl.SSLContext):
        base = base_url.rstrip("/").removesuffix(ROAD) + ROAD
        self._http = httpx.Client(
            base_url=base, verify=context, timeout=TIMEOUT, trust_env=False, follow_redirects=False
        )

    def auth(self, **order: Any) -> Order:
        """Begin an identification; see `order_body` for what may be asked for."""
        return self._begin("auth", order)

    def sign(self, **order: Any) -> Order:
        """Begin a signature; the visible text is what the person signs."""
        return self._begin("sign", order)

    def collect(self, reference: str) -> Progress:
        body = self._post("collect", {"orderRef": reference})
        completion = body.get("completionData")
        return Progress(
            status=str(body.get("status", "")),
            hint=str(body.get("hintCode", "")),
            completion=completion if isinstance(completion, dict) else {},
        )

    def cancel(self, reference: str) -> None:
        self._post("cancel", {"orderRef": reference})

    def alive(self) -> bool:
        """Whether both certificates are accepted: BankID answers a GET with 405."""
        try:
            return self._http.get("/auth").status_code == 405
        except httpx.HTTPError:
            return False

    def _begin(self, purpose: Purpose, order: dict[str, Any]) -> Order:
        body = self._patient_post(purpose, order_body(purpose, **order))
        try:
            return Order(
                reference=str(body["orderRef"]),
                auto_start_token=str(body["autoStartToken"]),
                qr_start_token=str(body["qrStartToken"]),
                qr_start_secret=str(body["qrStartSecret"]),
            )
        except KeyError as missing:
            raise BankIDRefused("unreadable", f"no {missing} in the answer") from missing

    def _patient_post(self, road: str, body: dict) -> dict:
        for pause in range(1, QUIET_RETRIES + 1):
            try:
                return self._post(road, body)
            except BankIDRefused as refused:
                if refused.code != "maintenance":
                    raise
                time.sleep(pause * 0.3)
        return self._post(road, body)

    def _post(self, road: str, body: dict) -> dict:
        try:
            answer = self._http.post(f"/{road}", json=body)
        except httpx.HTTPError as fault:
            raise BankIDRefused("unreachable", repr(fault), retryable=True) from fault
        said = _json(answer)
        if answer.status_code == 200 and said is not None:
            return said
        raise _refusal(answer, said)


def order_body(
    purpose: Purpose,
    *,
    ip: str,
    visible: str = "",
    nonvisible: bytes = b"",
    personal_number: str | None = None,
    pin_code: bool = False,
    return_url: str = "",
) -> dict[str, Any]:
    """The body of an order, checked for the sizes that BankID allows; ValueError when beyond."""
    requirement = {"personalNumber": personal_number} if personal_number else {}
    body: dict[str, Any] = {
        "endUserIp": ip,
        "userVisibleData": _encoded(visible.encode(), MOST_VISIBLE[purpose], "visible"),
        "userNonVisibleData": _encoded(nonvisible, MOST_NONVISIBLE[purpose], "non-visible"),
        "requirement": requirement | ({"pinCode": True} if pin_code else {}),
        "returnUrl": return_url,
    }
    if visible:
        body["userVisibleDataFormat"] = "plaintext"
    elif purpose == "sign":
        raise ValueError("A signature needs a visible text.")
    if len(return_url) > 512:
        raise ValueError("The address to return to is longer than 512 characters.")
    return {name: value for name, value in body.items() if value}


def client() -> Client:
    """The client of this process; a forked child makes its own."""
    if not is_configured():
        raise BankIDRefused("unreachable", "no address and certificates are configured")
    return _client(
        os.getpid(),
        settings.BANKID_URL,
        str(settings.BANKID_CA or ""),
        str(settings.BANKID_CERT or ""),
        str(settings.BANKID_KEY or ""),
    )


def is_configured() -> bool:
    return all((settings.BANKID_URL, settings.BANKID_CA, settings.BANKID_CERT))


@cache
def _client(_pid: int, url: str, ca: str, certificate: str, key: str) -> Client:
    return Client(url, trust(ca, certificate, key))


def trust(ca: str, certificate: str, key: str = "") -> ssl.SSLContext:
    """Mutual TLS that trusts the one configured root, and nothing the machine trusts."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cafile=ca)
    context.load_cert_chain(certificate, key or None)
    return context


def _encoded(data: bytes, most: int, name: str) -> str:
    text = base64.b64encode(data).decode()
    if len(text) > most:
        raise ValueError(f"The {name} data takes {len(text)} characters of {most}.")
    return text


def _json(answer: httpx.Response) -> dict | None:
    """The body as an object; proxies may answer with anything, or nothing."""
    try:
        body = answer.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _refusal(answer: httpx.Response, said: dict | None) -> BankIDRefused:
    code = str((said or {}).get("errorCode") or _code_of(answer.status_code))
    details = str((said or {}).get("details") or answer.text[:200])
    return BankIDRefused(code, details, retryable=answer.status_code in PASSING, wait=_wait(answer))


def _code_of(status: int) -> str:
    codes = {408: "requestTimeout", 429: "tooManyRequests", 503: "maintenance"}
    return codes.get(status, "internalError" if status >= 500 else "unreadable")


def _wait(answer: httpx.Response) -> int:
    """Seconds that BankID asks us to slow down for."""
    reset = answer.headers.get("RateLimit-Reset", "")
    return min(int(reset), 60) if answer.status_code == 429 and reset.isdigit() else 0

"""The app in a person's hand: open an order, read it, approve or cancel."""

import asyncio
import base64
import hashlib
import re
from typing import Any

from sandbox import signature
from sandbox.bankid.orders import Order, Orders
from sandbox.clock import Clock
from sandbox.faults import APPROVE, Faults
from sandbox.people import People, Person
from sandbox.pki import MOBILE_TEST_POLICY, Pki

QR_SECONDS_OLD, QR_SECONDS_EARLY = 6, 2
SPOILS = (
    "badSignature swappedText swappedFunction foreignRoot expiredCertificate realPolicy badOcsp"
    " revokedOcsp missingOcsp wrongPerson"
).split()


class Refused(Exception):
    """The app says no, and why; `status` is what the control API answers."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status


class App:
    def __init__(
        self, orders: Orders, people: People, pki: Pki, faults: Faults, clock: Clock
    ) -> None:
        self.orders = orders
        self.people = people
        self.pki = pki
        self.faults = faults
        self.clock = clock

    def by_token(self, token: str) -> Order:
        for order in self.orders.all():
            if order.auto_start_token == token and not order.phone:
                return order
        raise Refused(404, "No order answers to that link. It may be too old; start again.")

    def by_qr(self, text: str) -> Order:
        parts = text.strip().split(".")
        if len(parts) != 4 or parts[0] != "bankid" or not re.fullmatch(r"[0-9]{1,6}", parts[2]):
            raise Refused(422, "That is not the text of a BankID QR code.")
        found = [order for order in self.orders.startable() if order.qr_token == parts[1]]
        if not found:
            raise Refused(404, "No order waits behind that QR code.")
        self.check_qr(found[0], text.strip(), int(parts[2]))
        return found[0]

    def check_qr(self, order: Order, text: str, second: int) -> None:
        if order.qr(second) != text:
            raise Refused(403, "That QR code is forged.")
        if not -QR_SECONDS_OLD <= second - order.age <= QR_SECONDS_EARLY:
            raise Refused(410, "That QR code is too old; it changes every second.")

    def by_id(self, number: str) -> Order:
        for order in self.orders.all():
            if order.id == number:
                return order
        raise Refused(404, "The order is gone.")

    def start(self, order: Order) -> None:
        """A link was followed: the app is up with the order, but nobody has been chosen."""
        if order.startable:
            order.start()
            self.orders.changed(order, "started")

    def open(self, order: Order, person: str, by_qr: bool = False) -> Order:
        self.check_open(order, person)
        self.orders.open(order, person, by_qr)
        return order

    def check_open(self, order: Order, person: str) -> None:
        if not order.pending:
            raise Refused(409, f"The order is over: {order.hint or order.status}.")
        if order.person and order.person != person:
            raise Refused(409, "The order is already open in another person's app.")
        if order.meant_for and order.meant_for != person:
            raise Refused(403, "The order is meant for another person's BankID.")
        if not usable(order.requirement.get("certificatePolicies")):
            raise Refused(403, "The order wants another kind of BankID than the one on this phone.")

    def shown_to(self, person: str) -> Order:
        order = self.orders.opened_by(person)
        if order is None:
            raise Refused(409, "Nothing is open in this person's BankID app.")
        if not order.person:
            self.open(order, person)
        return order

    async def approve(self, person: str) -> Order:
        order = self.shown_to(person)
        fault = self.faults.take("bankid", APPROVE)
        if fault and fault not in SPOILS:
            self.orders.fail(order, "somethingNobodyKnows" if fault == "unknownFailure" else fault)
            return order
        order.hint = "userSign"
        signer = self.people.find(person)
        if fault == "wrongPerson":
            signer = self.people.somebody_else(person)
        data = await asyncio.to_thread(self.completion, order, signer, fault)
        if not order.pending:
            raise Refused(409, f"The order ended meanwhile: {order.hint or order.status}.")
        order.complete(data)
        self.orders.changed(order, "approved")
        return order

    def cancel(self, person: str, hint: str = "userCancel") -> Order:
        order = self.shown_to(person)
        self.orders.fail(order, hint)
        return order

    def decline_call(self, person: str) -> Order:
        if not self.shown_to(person).phone:
            raise Refused(409, "The order does not come from a telephone call.")
        return self.cancel(person, "userDeclinedCall")

    def completion(self, order: Order, person: Person, fault: str) -> dict[str, Any]:
        holder, uhi = self.pki.of(person), device_of(person)
        signed = signature.sign(self.pki, person, wanted(order, uhi), self.clock.now(), fault)
        issued = holder.certificate.not_valid_before_utc.strftime("%Y-%m-%dZ")
        data: dict[str, Any] = {
            "user": {
                "personalNumber": person.personal_number,
                "name": person.name,
                "givenName": person.given,
                "surname": person.family,
            },
            "device": {"ipAddress": order.body.get("endUserIp", "127.0.0.1"), "uhi": uhi},
            "bankIdIssueDate": issued,
            "signature": signed.signature,
            "ocspResponse": signed.ocsp,
        }
        return data | extras(order)


def usable(policies: list[str] | None) -> bool:
    """Whether a mobile test BankID satisfies what is asked; a star stands for any ending."""
    if not policies:
        return True
    return any(
        policy == MOBILE_TEST_POLICY
        or (policy.endswith("*") and MOBILE_TEST_POLICY.startswith(policy[:-1]))
        for policy in policies
    )


def wanted(order: Order, uhi: str) -> signature.Wanted:
    return signature.Wanted(
        function=signature.SIGNING if order.kind == "sign" else signature.IDENTIFICATION,
        visible=order.body.get("userVisibleData", ""),
        hidden=order.body.get("userNonVisibleData", ""),
        format=order.body.get("userVisibleDataFormat", "plaintext"),
        relying_party=order.relying_party,
        display_name=order.display_name,
        uhi=uhi,
        pin=order.requirement.get("pinCode") is True,
    )


def device_of(person: Person) -> str:
    return base64.b64encode(hashlib.sha1(person.personal_number.encode()).digest()).decode()


def extras(order: Order) -> dict[str, Any]:
    risk = {"risk": "low"} if order.body.get("returnRisk") is True else {}
    step = {"stepUp": {"mrtd": True}} if order.requirement.get("mrtd") is True else {}
    return risk | step


def describe(order: Order) -> dict[str, Any]:
    """An order as the person sees it, and as the control API tells it."""
    return {
        "id": order.id,
        "kind": order.kind,
        "phone": order.phone,
        "call_initiator": order.body.get("callInitiator", ""),
        "state": order.status,
        "hint": order.hint,
        "person": order.person,
        "meant_for": order.meant_for,
        "relying_party": order.display_name,
        "visible_text": decoded(order.body.get("userVisibleData", "")),
        "format": order.body.get("userVisibleDataFormat", "plaintext"),
        "hidden_text": decoded(order.body.get("userNonVisibleData", "")),
        "return_url": order.body.get("returnUrl", ""),
        "made_at": order.made_at,
        "age_seconds": round(order.age, 1),
    }


def decoded(value: str) -> str:
    return base64.b64decode(value).decode("utf-8", "replace") if value else ""

"""Orders for an identification or a signature, from made to forgotten.

outstandingTransaction → started → (userMrtd | userCallConfirm →) userSign → complete | failed
"""

import hashlib
import hmac
import secrets
import time
import uuid
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Timing:
    """Seconds of real time, whatever the sandbox's clock says; scale 0.1 is ten times faster."""

    start_seconds: float = 30
    total_seconds: float = 180
    completed_seconds: float = 180
    failed_seconds: float = 300
    expired_seconds: float = 190
    sms_seconds: float = 0.5
    scale: float = 1

    def of(self, name: str) -> float:
        return float(getattr(self, f"{name}_seconds")) * self.scale

    def as_row(self) -> dict[str, float]:
        return asdict(self)


@dataclass
class Order:
    kind: str
    """auth or sign"""
    phone: bool
    body: dict[str, Any]
    certificate: bytes
    """Of the relying party that made it; nobody else may collect or cancel it."""
    relying_party: str
    display_name: str
    made_at: str
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    """For the phones page; the order's reference is between BankID and the relying party."""
    reference: str = field(default_factory=lambda: str(uuid.uuid4()))
    auto_start_token: str = field(default_factory=lambda: str(uuid.uuid4()))
    qr_token: str = field(default_factory=lambda: str(uuid.uuid4()))
    qr_secret: str = field(default_factory=lambda: str(uuid.uuid4()))
    made: float = field(default_factory=time.monotonic)
    status: str = "pending"
    hint: str = "outstandingTransaction"
    person: str = ""
    """Who opened it in their app."""
    by_qr: bool = False
    ended: float = 0
    completion: dict[str, Any] = field(default_factory=dict)

    @property
    def age(self) -> float:
        return time.monotonic() - self.made

    @property
    def requirement(self) -> dict[str, Any]:
        return self.body.get("requirement") or {}

    @property
    def meant_for(self) -> str:
        """The personal number the relying party demands, or ''."""
        return str(self.body.get("personalNumber") or self.requirement.get("personalNumber") or "")

    @property
    def pending(self) -> bool:
        return self.status == "pending"

    @property
    def startable(self) -> bool:
        return self.pending and self.hint == "outstandingTransaction" and not self.phone

    def concerns(self, person: str) -> bool:
        return person in (self.person, self.meant_for)

    def qr(self, second: int) -> str:
        mark = hmac.new(self.qr_secret.encode(), str(second).encode(), hashlib.sha256).hexdigest()
        return f"bankid.{self.qr_token}.{second}.{mark}"

    def start(self) -> None:
        """An app has taken the order, but nobody has chosen a BankID in it yet."""
        if self.hint == "outstandingTransaction":
            self.hint = "started"

    def open(self, person: str, by_qr: bool) -> None:
        self.person, self.by_qr = person, by_qr
        if self.phone:
            self.hint = "userCallConfirm"
        else:
            self.hint = "userMrtd" if self.requirement.get("mrtd") is True else "userSign"

    def fail(self, hint: str, ended: float | None = None) -> None:
        self.status, self.hint = "failed", hint
        self.ended = time.monotonic() if ended is None else ended

    def complete(self, data: dict[str, Any]) -> None:
        self.status, self.hint, self.completion = "complete", "", data
        self.ended = time.monotonic()

    def answer(self) -> dict[str, Any]:
        """What collect says."""
        row: dict[str, Any] = {"orderRef": self.reference, "status": self.status}
        if self.status == "complete":
            return row | {"completionData": self.completion}
        return row | {"hintCode": self.hint}


class Orders:
    """The orders that BankID still knows of."""

    def __init__(self, timing: Timing, changed: Callable[[Order, str], None]) -> None:
        self.timing = timing
        self.changed = changed
        self.by_reference: dict[str, Order] = {}

    def add(self, order: Order) -> None:
        self.by_reference[order.reference] = order
        self.changed(order, "made")

    def all(self) -> list[Order]:
        """Newest first, each as it is now."""
        for order in list(self.by_reference.values()):
            self.settle(order)
        return sorted(self.by_reference.values(), key=lambda order: -order.made)

    def find(self, reference: str, certificate: bytes) -> Order | None:
        order = self.by_reference.get(reference)
        if order is None or order.certificate != certificate:
            return None
        self.settle(order)
        return self.by_reference.get(reference)

    def forget(self, order: Order) -> None:
        self.by_reference.pop(order.reference, None)

    def active(self, person: str) -> list[Order]:
        return [order for order in self.all() if order.pending and order.concerns(person)]

    def opened_by(self, person: str) -> Order | None:
        """What the person's app shows: an order they opened, or one a caller has sent them."""
        shown = (order for order in self.active(person) if order.person == person or order.phone)
        return next(shown, None)

    def latest_of(self, person: str) -> Order | None:
        return next((order for order in self.all() if order.person == person), None)

    def startable(self) -> list[Order]:
        return [order for order in self.all() if order.startable]

    def open(self, order: Order, person: str, by_qr: bool = False) -> None:
        """An older order of the same person gives way to a newer."""
        for other in self.active(person):
            if other is not order and other.person == person:
                self.fail(other, "cancelled")
        order.open(person, by_qr)
        self.changed(order, "opened")

    def fail(self, order: Order, hint: str) -> None:
        order.fail(hint)
        self.changed(order, "failed")

    def settle(self, order: Order) -> None:
        """What the passing of time has done to an order since it was last looked at."""
        if order.pending:
            self.expire(order)
        if not order.pending and time.monotonic() > self.forgotten_at(order):
            self.forget(order)

    def expire(self, order: Order) -> None:
        limits = {"expiredTransaction": self.timing.of("total")}
        if order.startable:
            limits["startFailed"] = self.timing.of("start")
        hint = min(limits, key=lambda name: limits[name])
        if order.age > limits[hint]:
            order.fail(hint, order.made + limits[hint])
            self.changed(order, "failed")

    def forgotten_at(self, order: Order) -> float:
        if order.hint == "expiredTransaction":
            return order.ended + max(0, self.timing.expired_seconds - self.timing.total_seconds)
        kind = "completed" if order.status == "complete" else "failed"
        return order.ended + self.timing.of(kind)

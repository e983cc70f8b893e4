"""What is answered, as the documentation tells of it. Null is "there is none"; what the reader may
not see is absent."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Organisation(BaseModel):
    name: str
    number: str


class Party(BaseModel):
    organisation: Organisation
    role: str
    part: str | None
    from_: datetime = Field(alias="from")
    until: datetime | None


class Seat(BaseModel):
    person: str
    organisation: str
    role: str
    part: str | None
    from_: datetime = Field(alias="from")
    until: datetime | None


class Waiting(BaseModel):
    organisation: str | None
    role: str
    person: str | None
    part: str | None
    since: datetime
    due_at: datetime | None


class Reason(BaseModel):
    code: str
    text: str
    because: Literal["right", "time"]
    who: str


class Action(BaseModel):
    """A deed, listed whether it is allowed or not."""

    name: str
    label: str
    method: Literal["POST"]
    href: str
    schema_: dict[str, Any] = Field(alias="schema")
    signed: list[Literal["bankid", "sms"]]
    edits: bool
    allowed: bool
    reasons: list[Reason]
    part: str | None


class Head(BaseModel):
    number: str
    kind: str
    title: str
    state: str
    request: str | None
    opened_at: datetime
    due_at: datetime | None
    updated_at: datetime
    waiting_for: list[Waiting]
    href: str


class Case(Head):
    parties: list[Party]
    seats: list[Seat]
    actions: list[Action]
    parts: list[dict[str, Any]]
    data: dict[str, Any]
    events: str
    documents: str


class Brief(BaseModel):
    """What is left of a case for a program that prefers a minimal answer."""

    model_config = ConfigDict(extra="forbid")

    number: str
    kind: str
    title: str
    state: str
    href: str


class Event(BaseModel):
    seq: int
    verb: str
    at: datetime
    person: str | None
    instead_of: str | None
    organisation: str | None
    via: str
    part: str | None
    data: dict[str, Any]
    hash: str


class ShownOnce(BaseModel):
    webhook_url: str
    state_key: str


class EventShownOnce(Event):
    shown_once: ShownOnce | None


class Document(BaseModel):
    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str
    at: datetime
    person: str | None
    organisation: str | None
    case: str | None
    part: str | None
    href: str


class Ask(BaseModel):
    """Somebody waits to be given a role."""

    person: str
    username: str
    role: str
    at: datetime


class Notice(BaseModel):
    """`case` is empty where it is of something outside any case."""

    id: int
    case: str
    subject: str
    words: str
    why: str
    by_when: datetime | None
    at: datetime
    read_at: datetime | None
    href: str
    instead_of: str | None


class Read(BaseModel):
    """How many notices were read just now."""

    read: int


class StandIn(BaseModel):
    """`roles`: "*" is every role that the colleague holds."""

    id: int
    person: str
    username: str
    instead_of: str
    roles: list[str]
    from_: datetime = Field(alias="from")
    until: datetime | None
    brief: str


class StandIns(BaseModel):
    items: list[StandIn]
    next: str | None


class Waits(BaseModel):
    case: str
    title: str
    role: str
    since: datetime
    due_at: datetime | None
    href: str


class Happened(BaseModel):
    """An event: its case, and its number within the case."""

    case: str
    seq: int
    verb: str
    at: datetime
    person: str | None
    is_new: bool
    href: str


class StandInBrief(BaseModel):
    stand_in: StandIn
    open: list[Waits]
    due: list[Waits]
    happened: list[Happened]
    unread: int


class Me(BaseModel):
    person: str
    username: str
    organisation: Organisation
    roles: list[str]
    organisations: list[Organisation]
    stands_in_for: list[StandIn]


class SigningLinks(BaseModel):
    """Only the links that the way of signing has are there. Where the provider could not be reached
    there is none of them, but status and hint: begin anew."""

    id: UUID
    href: str
    method: Literal["bankid", "sms"]
    autostart_url: str = ""
    qr_href: str = ""
    code_href: str = ""
    status: str = ""
    hint: str = ""


class Begun(BaseModel):
    signing: SigningLinks


class Signing(BaseModel):
    """How a signing goes; `reasons` stand there when the deed was refused after the signature."""

    status: Literal["pending", "complete", "failed"]
    hint: str
    reasons: list[dict[str, str]] = []


class Code(BaseModel):
    model_config = ConfigDict(extra="forbid")

    code: str = Field(max_length=20)


class Qr(BaseModel):
    qr: str


class Fees(BaseModel):
    """In minor units of the currency, without VAT."""

    startup: int
    recurring: int
    per: Literal["unit", "order"]
    period: Literal["year", "quarter", "month"]


class TermsHead(BaseModel):
    key: str
    version: int
    title: str
    text: str
    href: str


class FormField(BaseModel):
    name: str
    label: str
    hint: str
    kind: str
    required: bool
    options: list[dict[str, str]]


class Offer(BaseModel):
    """`prices` of the reader's own side: customer, agent, or both for the operator. `agent_terms`
    only for agents and the operator; `href` is the terms as PDF."""

    key: str
    connection: Literal["direct", "agent"]
    about: str
    currency: str
    prices: dict[str, Fees]
    terms: TermsHead | None
    agent_terms: TermsHead | None = None
    fields: list[FormField]
    sources: list[dict[str, str]]
    allowed: bool
    reasons: list[Reason]


class Service(BaseModel):
    key: str
    name: str
    about: str
    units: bool
    personal_data: bool
    offers: list[Offer]
    agents: str


class ChoosableSource(BaseModel):
    key: str
    name: str
    allowed: bool
    reasons: list[Reason]


class Choosable(BaseModel):
    """`sources`: the source systems that offers of the service name, each with what bars it."""

    organisation: Organisation
    allowed: bool
    reasons: list[Reason]
    sources: list[ChoosableSource]


class Attestant(BaseModel):
    username: str
    name: str
    allowed: bool
    why: str


class Attestants(BaseModel):
    items: list[Attestant]
    next: str | None


class Asks(BaseModel):
    items: list[Ask]
    next: str | None


class Cases(BaseModel):
    items: list[Head]
    next: str | None


class Events(BaseModel):
    items: list[Event]
    next: str | None


class Documents(BaseModel):
    items: list[Document]
    next: str | None


class Notices(BaseModel):
    items: list[Notice]
    next: str | None


class Actions(BaseModel):
    items: list[Action]
    next: str | None


class Services(BaseModel):
    items: list[Service]
    next: str | None


class Agents(BaseModel):
    items: list[Choosable]
    next: str | None

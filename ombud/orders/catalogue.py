"""What can be ordered, by which road and at what price: settings rows of the operator."""

from typing import Any, ClassVar, Literal

from django.utils.translation import gettext as _
from pydantic import Field, field_validator, model_validator

from ombud.orders.states import DECIDING
from ombud.people.roles import Role
from ombud.people.settings import Body, Said, Setting, SettingQuerySet

Deciding = Literal["operator_review", "agent_review", "agent_attest", "customer_attest"]
PARTIES = dict(zip(DECIDING, ["operator", "agent", "agent", "customer"], strict=True))


class ServiceBody(Body):
    """`categories`: which customers may order (none named: all). `units`: care units are given."""

    name: Said
    about: Said
    categories: list[str] = []
    units: bool = True
    personal_data: bool = False


class Source(Body):
    """A source system (sv. källsystem) of agents, a scope of their handlers."""

    key: str
    name: str


class OfferBody(Body):
    """One way to order a service. The chain is an attribute of the offer, not of its label.
    `release`: the agent is told that it may begin when the operator says so, not at the last
    attest."""

    service: str
    connection: Literal["direct", "agent"]
    about: Said
    chain: str
    price: str
    terms: str
    agent_terms: str = ""
    form: str = ""
    sources: list[Source] = []
    pilots: list[str] = []
    release: bool = False


class Fees(Body):
    """Öre, ex VAT."""

    startup: int = Field(ge=0)
    recurring: int = Field(ge=0)
    per: Literal["unit", "order"] = "unit"
    period: Literal["year", "quarter", "month"] = "year"

    def first_year(self, units: int) -> int:
        times = {"year": 1, "quarter": 4, "month": 12}[self.period]
        return self.startup + self.recurring * times * (units if self.per == "unit" else 1)


class PriceBody(Body):
    """What each party pays; a party that is not named pays nothing."""

    customer: Fees
    agent: Fees | None = None
    currency: Literal["SEK", "NOK"] = "SEK"


class TermsBody(Body):
    title: Said
    text: Said


class Option(Body):
    value: str
    label: Said


class FieldBody(Body):
    """`technical`: the answer is the e-mail address of the agent's technical contact, who is told
    too when the connection may begin."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    label: Said
    hint: Said = {}
    kind: Literal["text", "textarea", "select", "number", "email", "tel", "check"] = "text"
    options: list[Option] = []
    required: bool = True
    technical: bool = False


class FormBody(Body):
    fields: list[FieldBody] = []


class Step(Body):
    """One step of a chain: who decides what, signed how, within how long.

    `who`: anybody with the role, or the one chosen in an earlier step. Days count from the ask.
    """

    state: Deciding
    deed: Literal["review", "attest"]
    role: str
    scoped: bool = False
    who: Literal["role", "chosen"] = "role"
    methods: list[Literal["bankid", "sms"]] = Field(default=["bankid"], min_length=1)
    certify: Said = {}
    chooses: bool = False
    terms: bool = False
    billing: bool = False
    due_days: int = Field(default=14, ge=1)
    remind_days: list[int] = [2, 5, 8]
    expire_days: int = Field(default=30, ge=1)

    @property
    def party(self) -> str:
        return PARTIES[self.state]  # type: ignore[index]


class ChainBody(Body):
    """The road of an order. A step that is to be decided by a chosen person needs a chooser."""

    steps: list[Step] = Field(min_length=1)

    @model_validator(mode="after")
    def holds_together(self):
        states = [step.state for step in self.steps]
        if len(set(states)) < len(states):
            raise ValueError("a state stands only once in a chain")
        for place, step in enumerate(self.steps):
            choosers = [s for s in self.steps[:place] if s.chooses and s.party == step.party]
            if step.who == "chosen" and not choosers:
                raise ValueError(f"nobody chooses who decides in {step.state}")
            if step.role not in Role.values:
                raise ValueError(f"there is no role {step.role}")
        return self

    def knows(self, party: str) -> bool:
        return any(step.party == party for step in self.steps)

    def place_of(self, state: str) -> int | None:
        return next((n for n, step in enumerate(self.steps) if step.state == state), None)


FourEyes = Literal["allow", "reason", "forbid"]


class PolicyBody(Body):
    """What an organisation demands of its own people when orders are decided: whether who prepared
    an order may decide on it too, freely, with a reason given, or not at all. `steps` says it for
    a step of its own."""

    four_eyes: FourEyes = "allow"
    steps: dict[Deciding, FourEyes] = {}

    @field_validator("four_eyes", mode="before")
    @classmethod
    def yes_or_no(cls, given: Any) -> Any:
        """The first rows said only whether."""
        return {True: "forbid", False: "allow"}.get(given, given)

    def at(self, state: str) -> FourEyes:
        return self.steps.get(state, self.four_eyes)  # type: ignore[call-overload]


class ReferenceBody(Body):
    """What the references on an organisation's invoices look like: of a known kind, or of a pattern
    of its own, with an example of it."""

    kind: Literal["any", "four", "digits", "own"] = "any"
    pattern: str = ""
    example: str = ""


class Service(Setting):
    BODY = ServiceBody


class Offer(Setting):
    BODY = OfferBody


class Price(Setting):
    BODY = PriceBody


class Terms(Setting):
    BODY = TermsBody


class Form(Setting):
    BODY = FormBody


class Chain(Setting):
    BODY = ChainBody


class PolicyQuerySet(SettingQuerySet):
    def of(self, organisation) -> PolicyBody:
        """The organisation's own policy; the default where it has set none."""
        row = self.newest(organisation, "order")
        return row.read if row else PolicyBody()


class Policy(Setting):
    BODY = PolicyBody

    objects: ClassVar[Any] = PolicyQuerySet.as_manager()


class Reference(Setting):
    BODY = ReferenceBody


TABLES: dict[str, type[Setting]] = {
    "service": Service,
    "offer": Offer,
    "price": Price,
    "terms": Terms,
    "form": Form,
    "chain": Chain,
}
# What an offer points at: each name in the table where its row must stand already.
POINTS_AT = {name: name for name in ("service", "price", "terms", "form", "chain")}
POINTS_AT |= {"agent_terms": "terms"}


def dangling(operator, thing: str, body: dict) -> list[dict]:
    """What an offer points at and is not there, or does not suit it, field by field."""
    if thing != "offer":
        return []
    offer = OfferBody.model_validate(body)
    rows = {
        name: TABLES[table].objects.newest(operator, getattr(offer, name))
        for name, table in POINTS_AT.items()
    }
    missing = [name for name, row in rows.items() if getattr(offer, name) and row is None]
    text = _("Publish this first: %(key)s.")
    told = [(name, text % {"key": getattr(offer, name)}) for name in missing]
    chain = rows["chain"]
    if chain and offer.connection == "direct" and chain.read.knows("agent"):
        told.append(("chain", _("A direct order has no agent who decides.")))
    if offer.connection == "direct" and offer.release:
        told.append(("release", _("A direct order has no agent to release.")))
    return [{"field": f"body.{name}", "text": said} for name, said in told]

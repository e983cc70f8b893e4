"""The people of the measured world, made by Ombud's own models: 200 customers, 20 agents.

Run in a migrated, empty database: `python -m benchmarks.world`.
"""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
django.setup()

from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402

from ombud.lib.names import sort_key  # noqa: E402
from ombud.orders.catalogue import Chain, Form, Offer, Price, Service, Terms  # noqa: E402
from ombud.people.models import Grant, Membership, Organisation, Person, Standing  # noqa: E402
from ombud.people.roles import EVERYTHING  # noqa: E402

CUSTOMERS, AGENTS = 200, 20
SERVICES = [f"service-{n}" for n in range(1, 7)]
HANDLED = SERVICES[:4]  # by the first handler of each agent

# Username's first word -> role; every organisation has one of each of its kind.
AT_CUSTOMERS = {"orderer": "orderer", "attestant": "attestant", "admin": "administrator"}
AT_AGENTS = {
    "handler": "agent_handler",
    "colleague": "agent_handler",
    "attestant": "attestant",
    "admin": "administrator",
}
AT_OPERATOR = {"desk": "case_handler", "second": "case_handler", "admin": "administrator"}


def words(text: str) -> dict[str, str]:
    return {"sv": text, "nb": text, "en": text}


@transaction.atomic
def fill() -> None:
    operator = organisations("operator", 1, None)[0]
    customers = organisations("customer", CUSTOMERS, operator)
    agents = organisations("agent", AGENTS, operator)
    for place, roles in ((operator, AT_OPERATOR), *((one, AT_CUSTOMERS) for one in customers)):
        people(place, roles)
    for agent in agents:
        people(agent, AT_AGENTS)
        Standing.objects.bulk_create(
            [standing(agent, "agent", f"service:{key}") for key in SERVICES]
        )
    signed = [standing(one, "agreement") for one in customers]
    Standing.objects.bulk_create([*signed, *(standing(one, "agent_agreement") for one in agents)])
    publish(operator)


def organisations(kind: str, count: int, portal: Organisation | None) -> list[Organisation]:
    rows = [
        Organisation(
            name=f"{kind.title()} number {n}",
            sort_key=sort_key(f"{kind} number {n:03}"),
            number=with_check_digit(f"55{'oca'.index(kind[0])}{n:06}"),
            kinds=[kind],
            portal=portal,
            billing={"reference": f"{n:04}", "address": "", "e_invoice": ""},
        )
        for n in range(1, count + 1)
    ]
    return Organisation.objects.bulk_create(rows)


def with_check_digit(nine: str) -> str:
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(nine)]
    return f"{nine}{-sum(d // 10 + d % 10 for d in doubled) % 10}"


def standing(organisation: Organisation, what: str, scope: str = "") -> Standing:
    return Standing(organisation=organisation, what=what, scope=scope, case_number="AGR0000001")


def people(place: Organisation, roles: dict[str, str]) -> None:
    rows = [person(f"{name}-{place.pk}", place) for name in roles]
    Person.objects.bulk_create(rows)
    Membership.objects.bulk_create([Membership(person=row, organisation=place) for row in rows])
    Grant.objects.bulk_create(
        [
            Grant(person=row, organisation=place, given_by=place, role=roles[name], scope=scope)
            for name, row in zip(roles, rows, strict=True)
            for scope in scopes(name)
        ]
    )


def person(username: str, place: Organisation) -> Person:
    return Person(
        username=username,
        given=username.title(),
        family=place.name,
        sort_key=sort_key(f"{place.name} {username}"),
        email=f"{username}@example.org",
        phone="+46701740605",
        password=make_password(None),
    )


def scopes(name: str) -> list[str]:
    return [f"service:{key}" for key in HANDLED] if name == "handler" else [EVERYTHING]


def publish(operator: Organisation) -> None:
    """Six services via agent, along the chain of three steps."""
    Chain.objects.add(operator, "via-agent", {"steps": [REVIEW, AGENT_ATTEST, CUSTOMER_ATTEST]})
    Form.objects.add(
        operator, "plain", {"fields": [{"name": "purpose", "label": words("Purpose")}]}
    )
    for key in ("terms", "agent-terms"):
        Terms.objects.add(operator, key, {"title": words("Terms"), "text": words("Be good. " * 99)})
    for key in SERVICES:
        Service.objects.add(operator, key, {"name": words(key.title()), "about": words("Care.")})
        Price.objects.add(operator, key, {"customer": FEES, "agent": FEES})
        Offer.objects.add(operator, key, {"service": key, "price": key} | OFFER)


FEES = {"startup": 1_500_000, "recurring": 480_000}
OFFER = {
    "connection": "agent",
    "about": words("Through your agent."),
    "chain": "via-agent",
    "terms": "terms",
    "agent_terms": "agent-terms",
    "form": "plain",
}
BOTH = ["bankid", "sms"]
REVIEW = {
    "state": "agent_review",
    "deed": "review",
    "role": "agent_handler",
    "scoped": True,
    "certify": words("I certify that the details are checked."),
    "chooses": True,
    "terms": True,
    "billing": True,
}
AGENT_ATTEST = {
    "state": "agent_attest",
    "deed": "attest",
    "role": "attestant",
    "who": "chosen",
    "methods": BOTH,
}
CUSTOMER_ATTEST = {
    "state": "customer_attest",
    "deed": "attest",
    "role": "attestant",
    "methods": BOTH,
}

if __name__ == "__main__":
    fill()

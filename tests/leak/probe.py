"""A walk through every door as every person, looking for what lies outside their circles."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.test import Client
from django.urls import reverse

from ombud.cases import files
from ombud.cases.models import Document
from ombud.orders import actions
from ombud.orders.catalogue import Price
from ombud.orders.models import Order
from ombud.people.models import Membership, Office, Person
from ombud.post.models import Letter
from ombud.signing.models import Signature
from tests.desk import papers
from tests.leak.policy import API, PAGES

# What is planted in each circle, in every way it may be written.
MARKS = {
    "customer": ["12\xa0345", "12 345", "12,345", "1234500", "KUNDREF-8765", "KUNDKONTORET"],
    "agent": ["76\xa0543", "76 543", "76,543", "7654300", "AGENTREF-8123"],
    "customer:inner": ["KUNDLAPPEN"],
    "agent:inner": ["AGENTLAPPEN"],
    "operator:inner": ["OPERATORLAPPEN"],
    "case": ["BILAGAN"],
    "draft": ["UTKASTET"],
    "nobody": ["BORTTAGET"],
}
SEES = {
    "customer": {"customer", "customer:inner", "case", "draft"},
    "agent": {"agent", "agent:inner", "case"},
    "operator": {"customer", "agent", "operator:inner", "case"},
    "stranger": set(),
}


@dataclass(frozen=True)
class Leak:
    person: str
    door: str
    circle: str


def plant(cast):
    """An order with a mark in every circle, in its files too, and a draft beside it. Its prices are
    not those of the list any more, which is open to every customer."""
    billing = {"reference": "KUNDREF-8765"}
    agents = {"certify": True, "accept_terms": True, "billing": {"reference": "AGENTREF-8123"}}
    office = Office.objects.create(organisation=cast.customer, name="KUNDKONTORET")
    given = {"billing": billing, "office": office.pk, "attachments": [a_file(cast, "BILAGAN")]}
    order = cast.a_sent_order(**given)
    plant_draft(cast)
    cast.does(cast.ola, order, "approve", attestant="eva", **agents)
    cast.attests(cast.eva, order)
    order = cast.again(order)
    for person, text in (
        (cast.kari, "KUNDLAPPEN"),
        (cast.ola, "AGENTLAPPEN"),
        (cast.kim, "OPERATORLAPPEN"),
    ):
        actions.note(order, by=cast.actor(person), text=text)
    cast.attests(cast.liv, order)
    Price.objects.add(cast.operator, "npo", {"customer": {"startup": 100, "recurring": 0}})
    return cast.again(order)


def plant_draft(cast):
    """A draft with one file, and with another that was taken out again: its history tells the name,
    nobody sees what stood in it."""
    kept, removed = a_file(cast, "UTKASTET"), a_file(cast, "BORTTAGET", "UTKASTET igen")
    draft = cast.a_draft(attachments=[kept, removed])
    actions.save(draft, by=cast.actor(cast.kari), attachments=[kept])


def a_file(cast, mark: str, name: str = "") -> str:
    """A file that bears the mark within, and in its name if it has no other."""
    upload = papers.upload(f"{name or mark}.pdf", papers.pdf(f"/Title ({mark})".encode()))
    return str(files.keep(upload, by=cast.actor(cast.kari)).key)


def leaks(cast, order) -> Iterator[Leak]:
    """Every mark that somebody meets outside the own circles."""
    for side, people in sides(cast).items():
        for person in people:
            for door, text in told_to(cast, person, order):
                yield from (Leak(person.username, door, circle) for circle in met(side, text))


def sides(cast) -> dict[str, list[Person]]:
    return {
        "customer": [cast.kari, cast.liv, cast.adam],
        "agent": [cast.ola, cast.eva, cast.ada],
        "operator": [cast.kim, cast.siv],
        "stranger": [cast.per],
    }


def met(side: str, text: str) -> list[str]:
    return [
        circle
        for circle, marks in MARKS.items()
        if circle not in SEES[side] and any(mark in text for mark in marks)
    ]


def told_to(cast, person, order) -> Iterator[tuple[str, str]]:
    """Everything that reaches a person: pages, answers of the API, letters and signed texts."""
    yield from pages(person, order)
    yield from answers(cast, person, order)
    for letter in Letter.objects.filter(address=person.email):
        yield f"letter {letter.subject}", letter.subject + letter.body + letter.html
    organisation = Membership.objects.get(person=person).organisation
    for signature in Signature.objects.filter(organisation=organisation):
        yield f"signed text {signature.deed}", signature.document + signature.snapshot


def pages(person, order) -> Iterator[tuple[str, str]]:
    client = Client(headers={"Accept-Language": "en"})
    client.force_login(person)
    for name, path in addresses(order):
        answer = client.get(path)
        if answer.status_code == 200:
            yield name, text_of(answer)
    for words in ("KUNDREF", "AGENTREF", "KUNDLAPPEN", "AGENTLAPPEN"):
        answer = client.get(reverse("desk:search"), {"q": words})
        if order.case.number in text_of(answer):
            circle = {"KUNDREF": "customer", "AGENTREF": "agent"}.get(words, "inner")
            yield f"search {circle}", f"{MARKS.get(circle, [words])[-1]} {words}"


def addresses(order) -> Iterator[tuple[str, str]]:
    """Every page that can be read, for this order, its service case and its signatures."""
    numbers = [*drafts(), order.case.number, *service_cases(order)]
    signatures = [str(pk) for pk in Signature.objects.values_list("pk", flat=True)]
    for name, policy in PAGES.items():
        if policy == "own":
            yield name, reverse(name)
        elif policy == "number":
            yield from ((name, reverse(name, args=[number])) for number in numbers)
        elif policy == "signing":
            yield from ((name, reverse(name, args=[pk])) for pk in signatures)
        elif policy == "document":
            yield from ((name, reverse(name, args=[key])) for key in documents())


def documents() -> list[str]:
    return [str(key) for key in Document.objects.values_list("key", flat=True)]


def drafts() -> list[str]:
    return list(Order.objects.filter(state="draft").values_list("case__number", flat=True))


def service_cases(order) -> list[str]:
    return list(
        type(order.case).objects.filter(kind="servicecase").values_list("number", flat=True)
    )


def answers(cast, person, order) -> Iterator[tuple[str, str]]:
    for operation in API:
        method, path = operation.split(" ", 1)
        if method == "GET" and "{" not in re.sub("{number}|{document}", "", path):
            known = documents() if "{document}" in path else drafts()
            for one in [*known, order.case.number, *service_cases(order)]:
                full = re.sub("{.*}", one, path).removeprefix("/api/v1/").lstrip("/")
                answer = cast.as_api(person, "get", full)
                if answer.status_code == 200:
                    yield operation, text_of(answer)


def text_of(answer) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = raw.decode(errors="replace").replace("&nbsp;", "\xa0").replace("&#160;", "\xa0")
    try:
        return json.dumps(json.loads(text), ensure_ascii=False)
    except ValueError:
        return text

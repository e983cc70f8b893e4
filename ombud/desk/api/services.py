"""The catalogue: what can be ordered, at what price, and through whom."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from ombud.desk.api import envelope, shapes
from ombud.desk.api.answers import ROOT, page, reads
from ombud.desk.api.gate import actor_of
from ombud.lib.errors import Reason
from ombud.orders import agents, rules, terms
from ombud.orders.catalogue import Form, Offer, Price, Service, Source, Terms
from ombud.people.actors import Actor
from ombud.people.roles import Kind
from ombud.people.settings import said

router = Router(tags=["catalogue"])

BYTES = {"schema": {"type": "string", "contentMediaType": "application/pdf"}}
PDF = {"description": "The terms.", "content": {"application/pdf": BYTES}}


@router.get("/services", response=shapes.Services, openapi_extra=reads())
def services(request: HttpRequest) -> HttpResponse:
    """Every service with its offers; prices are those of your own side."""
    actor = actor_of(request)
    tables = {table: newest(table, actor) for table in (Service, Offer, Price, Terms, Form)}
    rows = sorted(tables[Service].values(), key=lambda row: said(row.read.name))
    return page([service(row, tables, actor) for row in rows], None)


@router.get("/services/{slug:key}/agents", response=shapes.Agents, openapi_extra=reads(404))
def choosable(request: HttpRequest, key: str) -> HttpResponse:
    """The agents of a service: those that can be chosen first, the others with what bars them."""
    actor = actor_of(request)
    assert actor.organisation is not None
    if Service.objects.newest(actor.organisation, key) is None:
        raise Http404
    return page([agent(one) for one in agents.of(key, sources(key, actor))], None)


def sources(service: str, actor: Actor) -> list[Source]:
    """The source systems that the offers of a service name, each once."""
    offers = (row.read for row in newest(Offer, actor).values())
    named = [source for one in offers if one.service == service for source in one.sources]
    return list({source.key: source for source in named}.values())


@router.get("/terms/{slug:key}/{int:version}", openapi_extra=reads(404, ok=PDF))
def terms_pdf(request: HttpRequest, key: str, version: int) -> HttpResponse:
    """One version of the terms as PDF, in your language."""
    return terms.as_pdf(request, terms.found(actor_of(request), key, version))


def newest(table: Any, actor: Actor) -> dict[str, Any]:
    """The newest row of each key: of the organisation itself, else of its portal."""
    here = actor.organisation
    assert here is not None
    holders = [holder for holder in (here.portal, here) if holder]
    found = table.objects.current(*holders).select_related("organisation")
    rows = sorted(found, key=lambda row: row.organisation_id == here.pk)
    return {row.key: row for row in rows}


def service(row: Service, tables: dict, actor: Actor) -> dict:
    offers = [one for one in tables[Offer].values() if one.read.service == row.key]
    return {
        "key": row.key,
        "name": said(row.read.name),
        "about": said(row.read.about),
        "units": row.read.units,
        "personal_data": row.read.personal_data,
        "offers": [offer(one, tables, actor) for one in offers],
        "agents": f"{ROOT}/services/{row.key}/agents",
    }


def offer(row: Offer, tables: dict, actor: Actor) -> dict:
    price = tables[Price][row.read.price].read
    asked, form = tables[Terms].get(row.read.terms), tables[Form].get(row.read.form)
    reasons = against(actor, row)
    return {
        "key": row.key,
        "connection": row.read.connection,
        "about": said(row.read.about),
        "currency": price.currency,
        "prices": prices(price, actor),
        "terms": asked and terms_of(asked),
        **agents_own(tables[Terms].get(row.read.agent_terms), actor),
        "fields": [field(one) for one in form.read.fields] if form else [],
        "sources": [source.model_dump() for source in row.read.sources],
        "allowed": not reasons,
        "reasons": reasons,
    }


def against(actor: Actor, row: Offer) -> list[dict]:
    """What bars the actor's organisation from this offer; its own checklist stands in /actions."""
    here = actor.organisation
    is_open = here is not None and rules.is_open_to(here, row)
    return [] if is_open else [rules.not_open().as_json()]


def prices(price, actor: Actor) -> dict:
    """What the actor's own side pays; the operator sees both."""
    kinds = actor.organisation.kinds if actor.organisation else []
    is_operator = Kind.OPERATOR in kinds
    parts = {Kind.CUSTOMER: price.customer, Kind.AGENT: price.agent}
    return {
        str(part): fees.model_dump()
        for part, fees in parts.items()
        if fees and (is_operator or part in kinds)
    }


def terms_of(row: Terms) -> dict:
    body = row.read
    words = {"title": said(body.title), "text": said(body.text)}
    href = f"{ROOT}/terms/{row.key}/{row.version}"
    return {"key": row.key, "version": row.version, **words, "href": href}


def agents_own(row: Terms | None, actor: Actor) -> dict:
    """Absent where the reader is no agent."""
    return {"agent_terms": terms_of(row)} if row and terms.is_at_agents_side(actor) else {}


def field(one) -> dict:
    options = [{"value": option.value, "label": said(option.label)} for option in one.options]
    plain = {"name": one.name, "kind": one.kind, "required": one.required}
    return {**plain, "label": said(one.label), "hint": said(one.hint), "options": options}


def agent(one: agents.Choosable) -> dict:
    narrow = [{**by.source.model_dump(), **judged(by.reasons)} for by in one.sources]
    told = {"organisation": envelope.organisation(one.agent), **judged(one.reasons)}
    return {**told, "sources": narrow}


def judged(reasons: list[Reason]) -> dict[str, Any]:
    return {"allowed": not reasons, "reasons": [reason.as_json() for reason in reasons]}

"""Beginning an order: what must be in place, which service, which offer, through whom."""

from dataclasses import replace

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.cases.deeds import named
from ombud.lib.errors import Misshapen, Reason, Refused, misshapen, require
from ombud.orders import (
    agents,
    answers,
    costs,
    finding,
    guards,
    once,
    papers,
    road,
    rules,
    shelf,
    systems,
)
from ombud.orders.catalogue import Offer
from ombud.orders.deeds import DEEDS, STARTING, TELL_AGENT
from ombud.orders.models import Order
from ombud.people import flashes, ways
from ombud.people.roles import Role
from ombud.people.settings import said
from ombud.signing import ceremony
from ombud.ui import fragments, pieces
from ombud.ui.doors import door


@require_safe
def new(request) -> HttpResponse:
    """The catalogue, below what must be in place before anything is typed."""
    actor, words = request.actor, request.GET.get("q", "").strip()
    shelves = shelf.of(actor.organisation) if actor.organisation else []
    context = {
        "unserved": unserved(shelves),
        "guards": checklist(actor),
        "absences": absences(actor),
        "shelves": [one for one in shelves if is_named(one, words)],
        "is_empty": not shelves,
        "words": words,
        "said": said,
    }
    return fragments.render(request, "order/new.html", context)


def unserved(shelves: list[shelf.Shelf]) -> set[str]:
    """The services in which no agent can be chosen, of those that are ordered through one."""
    via = [way.offer for one in shelves for way in one.ways if not way.is_direct]
    if not via:
        return set()
    among = agents.everybody()
    served = {offer.read.service for offer in via if systems.guard(offer, among).holds}
    return {offer.read.service for offer in via} - served


@require_safe
def offers(request, service: str) -> HttpResponse:
    """The offers of one service, a card each."""
    require(rules.start_order(request.actor))
    return fragments.render(request, "order/offers.html", cards(request, found(request, service)))


@require_http_methods(["GET", "HEAD", "POST"])
def begin(request, service: str, offer: str) -> HttpResponse:
    """Through whom? Then the draft begins."""
    require(rules.start_order(request.actor, offer))
    way = way_of(found(request, service), offer)
    if request.method == "POST":
        return answers.attempt(request, lambda: start(request, way.offer))
    if way.offer.read.connection == "direct":
        return redirect("order:offers", service)
    return fragments.render(request, "order/agent.html", choice(request, way.offer))


def start(request, offer: Offer) -> str:
    """One draft a form, however often it is sent."""
    chosen = chosen_system(request, offer)
    deed, actor = named(STARTING, "start_order"), request.actor

    def do() -> str:
        arguments = deed.read({"offer": offer.key, **chosen})
        order = deed.action(by=deed.fits(actor), **arguments)
        return reverse("order:details", args=[order.case.number])

    return once.only(actor, request.POST.get("key", ""), do)


@require_http_methods(["GET", "HEAD", "POST"])
def offer(request, number: str) -> HttpResponse:
    """The offer of a draft, to be changed."""
    order, _eyes = finding.of(request.actor, number)
    require(rules.save(request.actor, order))
    shelf_of = found(request, order.service.key)
    if request.method == "POST":
        way = way_of(shelf_of, request.POST.get("offer", ""))
        return answers.attempt(request, lambda: change(request, order, {"offer": way.offer.key}))
    return fragments.render(request, "order/offers.html", cards(request, shelf_of, order))


@require_http_methods(["GET", "HEAD", "POST"])
def agent(request, number: str) -> HttpResponse:
    """The agent of a draft, to be changed; perhaps with the offer."""
    order, _eyes = finding.of(request.actor, number)
    require(rules.save(request.actor, order))
    wanted = request.GET.get("offer") or order.offer.key
    way = way_of(found(request, order.service.key), wanted)
    if request.method == "POST":
        return answers.attempt(request, lambda: change_agent(request, order, way.offer))
    return fragments.render(request, "order/agent.html", choice(request, way.offer, order))


def change_agent(request, order: Order, offer: Offer) -> str:
    return change(request, order, {"offer": offer.key, **chosen_system(request, offer)})


def change(request, order: Order, typed: dict) -> str:
    ceremony.perform(named(DEEDS, "save"), order, typed, by=request.actor)
    return onward(request, order, "order:details")


def onward(request, order: Order, door: str) -> str:
    """Back to the review if one came from there, else on."""
    came_from_check = request.GET.get("back") == "check"
    return reverse("order:check" if came_from_check else door, args=[order.case.number])


@require_POST
def tell_agent(request, service: str, offer: str) -> HttpResponse:
    """Tell an agent that cannot be chosen what is lacking, and back to where it was pressed."""
    way = way_of(found(request, service), offer)
    typed = {"offer": way.offer.key, "agent": request.POST.get("agent", "")}
    actor, here = request.actor, request.actor.organisation
    try:
        TELL_AGENT.action(here, by=TELL_AGENT.fits(actor, here), **TELL_AGENT.read(typed))
    except Misshapen as no:
        flashes.tell(request, no.errors[0]["text"], "late")
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no), "info")
    else:
        text = _("The administrators of the agent have been told what is lacking.")
        flashes.tell(request, text)
    return redirect(ways.wanted(request))


def chosen_system(request, offer: Offer) -> dict[str, str]:
    if offer.read.connection == "direct":
        return {}
    value = request.POST.get("agent", "")
    open_now = [one.value for one in systems.of(offer) if not one.reasons]
    if value not in open_now:
        raise misshapen(agent=_("Choose one of those listed."))
    return systems.read(value)


def found(request, service: str) -> shelf.Shelf:
    organisation = request.actor.organisation
    here = shelf.named(organisation, service) if organisation else None
    if here is None:
        raise Http404
    return here


def way_of(here: shelf.Shelf, offer: str) -> shelf.Way:
    way = next((way for way in here.ways if way.offer.key == offer), None)
    if way is None:
        raise Http404
    return way


def cards(request, here: shelf.Shelf, order: Order | None = None) -> dict:
    organisation = order.customer if order else request.actor.organisation
    via = [way for way in here.ways if not way.is_direct]
    among = agents.everybody() if via else None
    through = agent_guards(via, among)
    return {
        "barred": [
            (way.offer, systems.barred(systems.of(way.offer, among), way.offer, organisation))
            for way in via
        ],
        "service": here,
        "about": said(here.service.read.about),
        "cards": [card(way, organisation, order, through) for way in here.ways],
        "guards": [*(checklist(request.actor) if not order else []), *through.values()],
        "absences": [*absences(request.actor), *agents_away(via, among)],
        "is_ready": all(guard.holds for guard in through.values()),
        "order": order,
        "key": once.key(),
    }


def agent_guards(via: list[shelf.Way], among: agents.Everybody | None) -> dict[str, pieces.Guard]:
    """Of each offer via an agent whether there is one, before anything is typed."""
    if among is None:
        return {}
    several = len(via) > 1
    return {
        way.offer.key: named_guard(systems.guard(way.offer, among), way.is_pilot and several)
        for way in via
    }


def agents_away(via: list[shelf.Way], among: agents.Everybody | None) -> list[pieces.Guard]:
    """Once each, whatever the number of offers."""
    if among is None:
        return []
    found = [guard for way in via for guard in systems.absences(way.offer, among)]
    return list({guard.label: guard for guard in found}.values())


def named_guard(guard: pieces.Guard, is_pilot: bool) -> pieces.Guard:
    return replace(guard, label=f"{guard.label} ({_('Pilot')})") if is_pilot else guard


def card(way: shelf.Way, organisation, order: Order | None, through: dict) -> dict:
    """An offer: what it means, what it costs, and who approves in which order."""
    names = {
        "customer": organisation.name,
        "agent": _("the agent"),
        "operator": _("customer service"),
    }
    fees, currency = way.price.read.customer, way.price.read.currency
    return {
        "way": way,
        "key": way.offer.key,
        "is_direct": way.is_direct,
        "is_barred": way.offer.key in through and not through[way.offer.key].holds,
        "about": said(way.offer.read.about),
        "lines": costs.short(fees, currency),
        "road": road.planned(way.chain.read, names),
        "is_chosen": order is not None and order.offer.key == way.offer.key,
    }


def choice(request, offer: Offer, order: Order | None = None) -> dict:
    """Agents by the system they connect; those that cannot be chosen below, with the reason."""
    words, kept = request.GET.get("q", "").strip(), answers.kept(request)
    here = request.actor.organisation
    known = systems.of(offer)
    shown = systems.shown(known, words)
    present = f"{order.agent.number}/{order.source}" if order and order.agent else ""
    return {
        "offer": offer,
        "service": said(papers.service_of(offer).name),
        "order": order,
        "words": words,
        "systems": [one for one in shown if not one.reasons],
        "barred": systems.barred(shown, offer, order.customer if order else here),
        "is_many": len(known) > 5,
        "chosen": kept.value("agent", present),
        "kept": kept,
        "operator": offer.organisation,
        "key": once.key(),
    }


def checklist(actor) -> list[pieces.Guard]:
    return [mended(actor, guard.label, guard.reason) for guard in guards.of(actor)]


def as_guard(label: str, reason: Reason | None) -> pieces.Guard:
    if reason is None:
        return pieces.Guard(label, True)
    role, at = reason.role, reason.at
    return pieces.Guard(label, False, reason.text, reason.who, role=role, at=at)


def absences(actor) -> list[pieces.Guard]:
    return [mended(actor, guard.label, guard.reason) for guard in guards.absences(actor)]


MENDING = {  # what an administrator does about it, and where
    "no_attestant": ("desk:add_person", gettext_lazy("Invite somebody")),
    "attestant_away": ("desk:name_stand_in", gettext_lazy("Name a stand-in")),
}


def mended(actor, label: str, reason: Reason | None) -> pieces.Guard:
    """A line of the checklist; for an administrator with the way to put it right."""
    guard = as_guard(label, reason)
    gives = actor.wears(Role.ADMINISTRATOR)
    if reason is None or not gives or reason.code not in MENDING:
        return guard
    to, deed = MENDING[reason.code]
    return replace(guard, href=door(to), deed=str(deed))


def is_named(one: shelf.Shelf, words: str) -> bool:
    about = " ".join(one.service.read.about.values())
    return words.casefold() in f"{one.name} {about}".casefold()

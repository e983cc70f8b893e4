"""Which agents can be chosen for a service, and why the others cannot."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from ombud.lib import days
from ombud.lib.errors import Reason, against, time
from ombud.orders.catalogue import Offer, Source
from ombud.orders.models import Order, Wanted
from ombud.people import presence
from ombud.people.models import Grant, Organisation, Standing
from ombud.people.presence import Present
from ombud.people.roles import Kind, Role
from ombud.people.rules import administrator_of, know_administrators

HANDLER = Role.AGENT_HANDLER
STANDINGS = ["agent_agreement", "agent"]
Stands = set[tuple[int, str, str]]


@dataclass(frozen=True)
class OfSource:
    """An agent's source system, with what bars it there."""

    source: Source
    reasons: list[Reason]


@dataclass(frozen=True)
class Choosable:
    """An agent with what bars it from every order of the service, and from each source system."""

    agent: Organisation
    reasons: list[Reason]
    sources: list[OfSource]
    absences: list[Reason]  # what bars nothing, and is worth knowing


@dataclass(frozen=True)
class Known:
    """What some agents hold, read at once: standings and roles by organisation and scope."""

    standings: set[tuple[int, str, str]]
    present: Present

    def stands(self, agent: Organisation, what: str, scope: str = "") -> bool:
        return (agent.pk, what, scope) in self.standings

    def holds(self, agent: Organisation, role: str, scope: str = "") -> bool:
        return bool(self.present.of(agent, role, scope))


Everybody = tuple[list[Organisation], Known]


def everybody() -> Everybody:
    """All agents by name with what they hold: read once for however many offers."""
    agents = list(Organisation.objects.filter(kinds__contains=[Kind.AGENT]).order_by("sort_key"))
    know_administrators(agents)
    return agents, known_of(agents)


def named(number: str) -> Organisation | None:
    """The agent with this organisation number."""
    plain = number.replace("-", "").replace(" ", "")
    return Organisation.objects.filter(kinds__contains=[Kind.AGENT], number=plain).first()


def of(
    service: str, sources: Sequence[Source] = (), among: Everybody | None = None
) -> list[Choosable]:
    """Every agent, those that can be chosen first, each with what bars it. Where an offer names
    source systems, one that somebody handles is enough."""
    agents, known = among or everybody()
    found = [choosable(agent, f"service:{service}", sources, known) for agent in agents]
    return sorted(found, key=lambda one: bool(one.reasons))


def choosable(
    agent: Organisation, scope: str, sources: Sequence[Source], known: Known
) -> Choosable:
    barred = bars(agent, [scope, *scopes(scope, sources)], known)
    narrow = [
        OfSource(source, barred or bars(agent, [path], known))
        for source, path in zip(sources, scopes(scope, sources), strict=True)
    ]
    wanted = [scope, *scopes(scope, sources)]
    return Choosable(agent, barred, narrow, [] if barred else absences(agent, wanted, known))


def absences(agent: Organisation, wanted: list[str], known: Known) -> list[Reason]:
    """Where everybody who could take a step is away, and nobody stands in: it would wait."""
    handlers = [one for path in wanted for one in known.present.of(agent, HANDLER, path)]
    attestants = known.present.of(agent, Role.ATTESTANT)
    told = [
        ("agent_handler_away", _("Whoever handles these orders is away%(until)s."), handlers),
        ("agent_attestant_away", _("Whoever attests is away%(until)s."), attestants),
    ]
    who = administrator_of(agent)
    return [
        time(code, f"{text % {'until': presence.until(holders)}} {presence.nobody()}", who)
        for code, text, holders in told
        if holders and not any(one.is_there for one in holders)
    ]


def against_choosing(
    agent: Organisation, scope: str, sources: Sequence[Source] = ()
) -> list[Reason]:
    """What bars one agent; `sources` of the offer, as long as none of them has been named."""
    return bars(agent, [scope, *scopes(scope, sources)], known_of([agent]))


def against_chosen(order: Order) -> list[Reason]:
    """What bars the agent that an order names, as things stand now."""
    if order.agent is None or not order.is_via_agent:
        return []
    sources = [] if order.source else order.offer.read.sources
    known = known_of([order.agent], order.agent_stands)
    return bars(order.agent, [order.scope, *scopes(order.scope, sources)], known)


def keep_engaged(order: Order) -> None:
    """The engagement that an order is sent on does not end while it is: ended the moment after, it
    finds the order under way and holds it."""
    if order.agent is not None and order.is_via_agent:
        order.agent_stands = Standing.objects.among([order.agent], STANDINGS, kept=True)


def scopes(service: str, sources: Sequence[Source]) -> list[str]:
    return [f"{service}/source:{source.key}" for source in sources]


def known_of(agents: list[Organisation], stands: Stands | None = None) -> Known:
    return Known(
        Standing.objects.among(agents, STANDINGS) if stands is None else stands,
        presence.of(agents, [HANDLER, Role.ATTESTANT]),
    )


def against_telling(customer: Organisation, offer: Offer, number: str) -> list[Reason]:
    """What bars a customer from telling an agent that it cannot be chosen."""
    agent, service = named(number), offer.read.service
    if agent is None:
        return [time("no_such_agent", _("There is no such agent."))]
    told = Wanted.objects.told(customer, service, [agent]).get(agent.pk)
    facts = {"agent": agent, "when": days.moment(told) if told else ""}
    nobody = _("%(agent)s has no administrator who could be told.") % facts
    return against(
        (
            not against_choosing(agent, f"service:{service}", offer.read.sources),
            time("can_be_chosen", _("%(agent)s can be chosen.") % facts),
        ),
        (told, time("told_already", _("%(agent)s was told %(when)s.") % facts, str(agent))),
        (
            not Grant.objects.is_held(Role.ADMINISTRATOR, agent),
            time("nobody_to_tell", nobody, _("customer service")),
        ),
    )


def bars(agent: Organisation, wanted: list[str], known: Known) -> list[Reason]:
    """Engagement, handler and attestant must be there; a handler of any of the scopes will do."""
    service, _sep, source = wanted[0].partition("/")
    who = administrator_of(agent)
    lacks_handler = (
        _("Has nobody who handles orders of this system.")
        if source
        else _("Has nobody who handles orders of this service.")
    )
    return against(
        (
            not known.stands(agent, "agent_agreement"),
            time("agent_no_agreement", _("Has no active agent agreement."), who),
        ),
        (
            not known.stands(agent, "agent", service),
            time("agent_not_engaged", _("Has no engagement for this service."), who),
        ),
        (
            not any(known.holds(agent, Role.AGENT_HANDLER, scope) for scope in wanted),
            time("agent_no_handler", lacks_handler, who),
        ),
        (
            not known.holds(agent, Role.ATTESTANT),
            time("agent_no_attestant", _("Has no attestant."), who),
        ),
    )

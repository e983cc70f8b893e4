"""Through whose system an order may go: agents by the system they connect."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ombud.lib import days
from ombud.lib.errors import Reason
from ombud.orders import agents
from ombud.orders.catalogue import Offer
from ombud.orders.models import Wanted
from ombud.people.models import Organisation
from ombud.ui.pieces import Guard

FIRST = {"agent_no_agreement", "agent_not_engaged"}
MOST = 8  # agents that cannot be chosen, told one by one


@dataclass(frozen=True)
class System:
    """One answer to "Which system do you use?"; `reasons` bar it."""

    agent: Organisation
    source: str
    name: str
    reasons: list[Reason]
    is_barred: bool = False  # the agent, altogether

    @property
    def value(self) -> str:
        return f"{self.agent.number}/{self.source}"


def of(offer: Offer, among: agents.Everybody | None = None) -> list[System]:
    """Those that can be chosen first; a system that no agent connects stands with its reason."""
    sources = offer.read.sources
    choosable = agents.of(offer.read.service, sources, among)
    found = [
        System(one.agent, source.key, source.name, one.sources[place].reasons, bool(one.reasons))
        for place, source in enumerate(sources)
        for one in choosable
    ]
    found = found or [
        System(one.agent, "", "", one.reasons, bool(one.reasons)) for one in choosable
    ]
    return sorted(found, key=lambda system: bool(system.reasons))


def guard(offer: Offer, among: agents.Everybody) -> Guard:
    """Whether any agent can be chosen, as a line of the checklist: each that cannot with its
    reasons and whom to ask, those that have an engagement first."""
    found = agents.of(offer.read.service, offer.read.sources, among)
    able = ", ".join(str(one.agent) for one in found if not one.reasons)
    barred = [line for one in sorted(found, key=is_unengaged) for line in lines(one)]
    more = len(barred) - MOST
    rest = [_("And %(n)s more.") % {"n": more}] if more > 0 else []
    nobody = _("No agent can take orders of this service now.")
    first = _("Can be chosen: %(agents)s.") % {"agents": able} if able else nobody
    return Guard(
        _("An agent with engagement, handler and attestant"),
        bool(able),
        f"{first} {_('Cannot be chosen now:')}" if able and barred else first,
        lines=(*barred[:MOST], *rest),
    )


def absences(offer: Offer, among: agents.Everybody) -> list[Guard]:
    """Of each agent that can be chosen: where everybody who could take a step is away."""
    found = agents.of(offer.read.service, offer.read.sources, among)
    return [
        Guard(
            _("Somebody is there at %(agent)s") % {"agent": one.agent},
            False,
            " ".join(str(reason.text) for reason in one.absences),
            str(one.absences[0].who),
        )
        for one in found
        if one.absences
    ]


def is_unengaged(one: agents.Choosable) -> bool:
    return any(reason.code == "agent_not_engaged" for reason in one.reasons)


def lines(one: agents.Choosable) -> list[str]:
    """What bars an agent altogether; else what bars some of its systems. Whoever has no engagement
    need not be told what else is lacking."""
    first = [reason for reason in one.reasons if reason.code in FIRST]
    if one.reasons:
        return [told(str(one.agent), first or one.reasons)]
    narrow = [by for by in one.sources if by.reasons]
    return [told(f"{by.source.name}, {one.agent}", by.reasons) for by in narrow]


def told(name: str, reasons: list[Reason]) -> str:
    """Name, reasons, and who can help."""
    return f"{name}: {why(reasons)}"


def why(reasons: list[Reason]) -> str:
    texts = [str(reason.text) for reason in reasons]
    who = next((str(reason.who) for reason in reasons if reason.who), "")
    return " ".join([*texts, _("%(who)s can help.") % {"who": who}] if who else texts)


@dataclass(frozen=True)
class Barred:
    """An agent that cannot be chosen at all, or one of its systems by `name`: why, and when it was
    told. What bars one system alone is the agent's own choice and not told of."""

    agent: Organisation
    name: str
    why: str
    told: str

    @property
    def is_told_of(self) -> bool:
        return not self.name


def barred(found: list[System], offer: Offer, customer: Organisation) -> list[Barred]:
    rows = [one for one in found if one.reasons]
    told = Wanted.objects.told(customer, offer.read.service, {one.agent for one in rows})
    shown: dict[tuple[int, str], Barred] = {}
    for one in rows:
        name = "" if one.is_barred else one.name
        at = told.get(one.agent.pk)
        row = Barred(one.agent, name, why(one.reasons), days.moment(at) if at else "")
        shown.setdefault((one.agent.pk, name), row)
    return list(shown.values())


def shown(systems: list[System], words: str) -> list[System]:
    """Those whose system or agent the words are part of."""
    wanted = words.casefold().split()
    return [
        one
        for one in systems
        if all(word in f"{one.name} {one.agent.name}".casefold() for word in wanted)
    ]


def read(value: str) -> dict[str, str]:
    agent, _sep, source = value.partition("/")
    return {"agent": agent, "source": source}

"""Through whose system an order may go: agents by the system they connect."""

from dataclasses import dataclass

from ombud.lib.errors import Reason
from ombud.orders import agents
from ombud.orders.catalogue import Offer
from ombud.people.models import Organisation


@dataclass(frozen=True)
class System:
    """One answer to "Which system do you use?"; `reasons` bar it."""

    agent: Organisation
    source: str
    name: str
    reasons: list[Reason]

    @property
    def value(self) -> str:
        return f"{self.agent.number}/{self.source}"


def of(offer: Offer) -> list[System]:
    """Those that can be chosen first; a system that no agent connects stands with its reason."""
    sources = offer.read.sources
    choosable = agents.of(offer.read.service, sources)
    found = [
        System(one.agent, source.key, source.name, one.sources[place].reasons)
        for place, source in enumerate(sources)
        for one in choosable
    ]
    found = found or [System(one.agent, "", "", one.reasons) for one in choosable]
    return sorted(found, key=lambda system: bool(system.reasons))


def shown(systems: list[System], words: str) -> list[System]:
    """Those whose system or agent the words are part of."""
    wanted = words.casefold().split()
    return [
        one
        for one in systems
        if all(word in f"{one.name} {one.agent.name}".casefold() for word in wanted)
    ]


def read(value: str) -> dict[str, str]:
    agent, _, source = value.partition("/")
    return {"agent": agent, "source": source}

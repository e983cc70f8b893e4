"""What an engagement is applied for under: the operator's chain, terms and form of that name."""

from dataclasses import dataclass

from ombud.orders.catalogue import Chain, Form, Offer, Service, Terms
from ombud.orders.engagements.states import DECIDING
from ombud.people.settings import newest

KEY = "engagement"


@dataclass(frozen=True)
class Published:
    """The newest rows, as far as there are any."""

    service: Service | None
    chain: Chain | None
    terms: Terms | None
    form: Form | None

    @property
    def is_whole(self) -> bool:
        """Terms, and a chain of exactly the two steps: reviewed by the operator, then attested."""
        steps = [step.state for step in self.chain.read.steps] if self.chain else []
        return self.terms is not None and steps == [*DECIDING]


def through_agents(agent) -> set[str]:
    """The services that some offer lets customers order through an agent."""
    rows = Offer.objects.current(*filter(None, [agent, agent.portal]))
    return {row.read.service for row in rows if row.read.connection == "agent"}


def published(agent, service: str) -> Published:
    """In one statement; of the agent's portal."""
    tables = (Service, Chain, Terms, Form)
    keys = (service, KEY, KEY, KEY)
    wanted = [(table, agent, key) for table, key in zip(tables, keys, strict=True)]
    return Published(*newest(wanted))

"""Who hears that something could not be written in another system."""

from ombud.people import holders
from ombud.people.models import Notice
from ombud.people.roles import Role
from ombud.sync.models import System


def failed(system: System) -> list[Notice]:
    """Everybody who works on cases at the organisation whose link it is."""
    organisation = system.organisation
    facts = {"organisation": organisation.name, "system": system.name, "page": "sync:ledger"}
    return [
        Notice(
            person=person,
            organisation=organisation,
            words="mirror_failed",
            why=Role.CASE_HANDLER,
            calls=False,
            data=facts,
        )
        for person in holders.of(organisation, Role.CASE_HANDLER)
    ]

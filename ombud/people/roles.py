"""The roles a person can hold in an organisation, and what each of them sees."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

EVERYTHING = "*"


class Kind(TextChoices):
    """What an organisation is in this house; one may be several."""

    CUSTOMER = "customer", _("Customer")
    AGENT = "agent", _("Agent")
    OPERATOR = "operator", _("Operator")


class Role(TextChoices):
    ADMINISTRATOR = "administrator", _("Administrator")
    ORDERER = "orderer", _("Orderer")
    ATTESTANT = "attestant", _("Attestant")
    AGENT_HANDLER = "agent_handler", _("Agent handler")
    ENGAGEMENT_ORDERER = "engagement_orderer", _("Engagement orderer")
    CONTACT = "contact", _("Contact person")
    CASE_HANDLER = "case_handler", _("Case handler")
    REVIEWER = "reviewer", _("Reviewer")
    CATALOGUE = "catalogue_admin", _("Catalogue administrator")


# Who acts by a link alone: named in a turn, and never given.
BY_LINK = {
    "signatory": _("Signatory"),
    "applicant": _("Applicant"),
    "guest": _("Customer, by link"),
}

DUTIES = {
    Role.ADMINISTRATOR: _("Gives and takes roles, keeps the organisation's details."),
    Role.ORDERER: _("Orders services in the organisation's name."),
    Role.ATTESTANT: _("Approves orders so that they bind the organisation."),
    Role.AGENT_HANDLER: _("Reviews customers' orders, for the services given."),
    Role.ENGAGEMENT_ORDERER: _("Applies for engagements as agent."),
    Role.CONTACT: _("Reads, and hears of changes to the agreement."),
    Role.CASE_HANDLER: _("Works on cases at customer service."),
    Role.REVIEWER: _("Reviews applications and engagements."),
    Role.CATALOGUE: _("Keeps services, offers, prices and chains."),
}

# Which parts in a case (Party.role) a role of the same organisation looks into.
SEES: dict[str, tuple[str, ...]] = {
    Role.ADMINISTRATOR: ("customer", "agent", "agreement", "engagement"),
    Role.ORDERER: ("customer",),
    Role.ATTESTANT: ("customer", "engagement"),
    Role.AGENT_HANDLER: ("agent", "engagement"),
    Role.ENGAGEMENT_ORDERER: ("engagement",),
    Role.CONTACT: ("agreement", "engagement"),
    Role.CASE_HANDLER: ("operator", "provider"),
    Role.REVIEWER: ("operator",),
}

# Roles that lead to a seat of one's own in a case: as the one who ordered, as the one chosen.
SEATED = {Role.ORDERER, Role.ATTESTANT}

# Roles that decide under signature: nobody holds them whose account is not tied to an e-ID.
SIGNING = {Role.ATTESTANT, Role.AGENT_HANDLER}

# Which roles can be given in which kind of organisation.
OPEN_TO: dict[str, tuple[str, ...]] = {
    Kind.CUSTOMER: (Role.ADMINISTRATOR, Role.ORDERER, Role.ATTESTANT, Role.CONTACT),
    Kind.AGENT: (
        Role.ADMINISTRATOR,
        Role.AGENT_HANDLER,
        Role.ATTESTANT,
        Role.ENGAGEMENT_ORDERER,
        Role.CONTACT,
    ),
    Kind.OPERATOR: (Role.ADMINISTRATOR, Role.CASE_HANDLER, Role.REVIEWER, Role.CATALOGUE),
}

# Roles whose holders cases wait for.
ASKED = {
    Role.ATTESTANT,
    Role.AGENT_HANDLER,
    Role.ENGAGEMENT_ORDERER,
    Role.CASE_HANDLER,
    Role.REVIEWER,
}

# Roles that mean nothing without a scope: none given is none, never all.
SCOPED = {Role.AGENT_HANDLER}

# Roles that are held for the whole of a customer, or for some of its offices.
OFFICED = {Role.ORDERER, Role.ATTESTANT}


def label(role: str) -> str:
    """A role in words, of whoever acts here."""
    return str(BY_LINK.get(role) or Role(role).label)


def given_in(kinds: list[str]) -> list[str]:
    """The roles that can be given in an organisation of these kinds, each once, in order."""
    return list(dict.fromkeys(role for kind in kinds for role in OPEN_TO.get(kind, ())))


def paths(scope: str) -> list[str]:
    """The scope path and every prefix of it; of none, none."""
    steps = scope.split("/") if scope else []
    return ["/".join(steps[:n]) for n in range(1, len(steps) + 1)]

"""The one vocabulary of the pages above all flats: deeds, states, kinds and scopes in words."""

from functools import cached_property

from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ombud.agreements import pages as agreements
from ombud.agreements.states import State as AgreementState
from ombud.cases.models import Case
from ombud.inquiries import pages as inquiries
from ombud.inquiries.states import State as InquiryState
from ombud.orders import pages
from ombud.orders.catalogue import Offer, Service
from ombud.orders.engagements import pages as engagements
from ombud.orders.engagements.states import State as EngagementState
from ombud.orders.states import REJECTED
from ombud.orders.states import State as OrderState
from ombud.people.models import Office
from ombud.people.offices import SCOPE
from ombud.people.roles import EVERYTHING
from ombud.people.roles import Kind as RoleKind
from ombud.people.settings import said
from ombud.servicecases.states.repair import State as RepairState
from ombud.servicecases.states.servicecase import State as ServiceState
from ombud.sync import wording

VERBS = {
    "review": pgettext_lazy("deed", "Review"),
    "attest": pgettext_lazy("deed", "Attest"),
    "start": pgettext_lazy("deed", "Begin"),
    "report_connected": pgettext_lazy("deed", "Report connected"),
    "complete": pgettext_lazy("deed", "Complete"),
    "handle": pgettext_lazy("deed", "Handle"),
}
KINDS = {
    Case.Kind.ORDER: pgettext_lazy("kind", "Order"),
    Case.Kind.SERVICECASE: pgettext_lazy("kind", "Service case"),
    Case.Kind.AGREEMENT: pgettext_lazy("kind", "Agreement"),
    Case.Kind.ENGAGEMENT: pgettext_lazy("kind", "Agent engagement"),
    Case.Kind.INQUIRY: pgettext_lazy("kind", "Information request"),
    Case.Kind.REPAIR: pgettext_lazy("kind", "Repair"),
}
STATES = {
    Case.Kind.ORDER: OrderState,
    Case.Kind.SERVICECASE: ServiceState,
    Case.Kind.AGREEMENT: AgreementState,
    Case.Kind.ENGAGEMENT: EngagementState,
    Case.Kind.INQUIRY: InquiryState,
    Case.Kind.REPAIR: RepairState,
}
STATE_NAMES = {kind: list(states.values) for kind, states in STATES.items()}
EVENTS = {
    **pages.VERBS,
    **agreements.VERBS,
    **engagements.VERBS,
    **inquiries.VERBS,
    "servicecase.opened": pgettext_lazy("event", "The case was opened"),
    "servicecase.followed": pgettext_lazy("event", "The order was connected"),
    "servicecase.released": pgettext_lazy("event", "The connection was released"),
    "servicecase.closed": pgettext_lazy("event", "The case was closed"),
    "repair.opened": pgettext_lazy("event", "The repair was opened"),
    "repair.signed": pgettext_lazy("event", "The customer signed"),
    "repair.noted": pgettext_lazy("event", "A note was written"),
    "repair.filed": pgettext_lazy("event", "Pictures were added or removed"),
    "repair.line_added": pgettext_lazy("event", "A line was added to the invoice basis"),
    "repair.line_removed": pgettext_lazy("event", "A line was removed from the invoice basis"),
    "repair.moved": pgettext_lazy("event", "The status was changed"),
    "repair.continued": pgettext_lazy("event", "It was chosen where the repair goes on"),
    "repair.closed": pgettext_lazy("event", "The repair was closed"),
}
REFUSED = {*REJECTED, AgreementState.REJECTED, AgreementState.DECLINED}
DONE = {"active", "closed", "ready"}
QUIET = {"draft", "discarded", "withdrawn", "ended"}


def event_words(verb: str) -> str:
    return str(EVENTS.get(verb) or wording.VERBS.get(verb.partition(".")[2]) or verb)


def state(kind: str, name: str) -> str:
    return str(STATES[Case.Kind(kind)](name).label)


def tone(name: str) -> str:
    """How a state is drawn: done, refused, or on its way."""
    if name in DONE:
        return "done"
    return "late" if name in REFUSED else "neutral" if name in QUIET else "info"


def scopes_of(organisation) -> set[str]:
    """Every scope that can be given in an organisation."""
    return {scope for scope, _name in Scopes(organisation.portal or organisation).options()}


class Scopes:
    """Scope paths in words, by the catalogue of a portal and the offices of an organisation."""

    def __init__(self, portal, organisation=None):
        self.organisation = organisation
        self.services = {
            row.key: said(row.read.name) for row in Service.objects.current(portal) if portal
        }
        self.offers = [row.read for row in Offer.objects.current(portal)] if portal else []

    @cached_property
    def offices(self) -> dict[str, Office]:
        """Looked up where one is named, or asked for."""
        known = Office.objects.at(self.organisation) if self.organisation else []
        return {office.scope: office for office in known}

    def text(self, scope: str) -> str:
        if scope in ("", EVERYTHING):
            return _("Everything") if scope else _("Nothing")
        if scope.startswith(f"{SCOPE}:"):
            return str(self.offices.get(scope, scope))
        parts = dict(step.partition(":")[::2] for step in scope.split("/"))
        service = parts.get("service", "")
        name = self.services.get(service, service)
        source = parts.get("source")
        return f"{name}, {self.sources(service).get(source, source)}" if source else name

    def sources(self, service: str) -> dict[str, str]:
        named = (offer.sources for offer in self.offers if offer.service == service)
        return {source.key: source.name for sources in named for source in sources}

    @classmethod
    def at(cls, organisation) -> "Scopes":
        has_offices = RoleKind.CUSTOMER in organisation.kinds
        return cls(organisation.portal or organisation, organisation if has_offices else None)

    def office_options(self) -> list[tuple[str, str]]:
        """The offices for which a role can be given now."""
        return [(scope, str(one)) for scope, one in self.offices.items() if not one.closed_at]

    def options(self) -> list[tuple[str, str]]:
        """Every scope that can be given: a service, or one source system of it."""
        found = []
        for key, name in sorted(self.services.items(), key=lambda pair: pair[1].casefold()):
            found.append((f"service:{key}", name))
            found += [
                (f"service:{key}/source:{source}", f"{name}, {text}")
                for source, text in self.sources(key).items()
            ]
        return found

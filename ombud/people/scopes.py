"""For what a role can be given: services and source systems, as the house above keeps them, and the
organisation's own offices."""

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from ombud.lib.errors import misshapen
from ombud.people.models import Office, Organisation
from ombud.people.roles import EVERYTHING, OFFICED, SCOPED, Kind


def require_known(organisation: Organisation, role: str, scope: str) -> None:
    """Told at the field: a role that means nothing without a scope names one that there is; one of
    a customer may name one of its offices; any other is for everything, and would open nothing if
    it were given for less."""
    if role in SCOPED and scope in ("", EVERYTHING):
        raise misshapen(scope=_("Choose the services this role is for."))
    if scope in ("", EVERYTHING):
        return
    if takes_office(organisation, role):
        office = Office.objects.of_scope(organisation, scope)
        if office is None or office.closed_at:
            raise misshapen(scope=_("There is no such office."))
    elif role not in SCOPED:
        raise misshapen(scope=_("This role is for everything. Leave this empty."))
    elif scope not in known(organisation):
        raise misshapen(scope=_("There is no such service or source system."))


def takes_office(organisation: Organisation, role: str) -> bool:
    """Whether the role can be given for one office alone: offices are a customer's."""
    return role in OFFICED and Kind.CUSTOMER in organisation.kinds


def known(organisation: Organisation) -> set[str]:
    """Every scope that the organisation's portal offers now."""
    return import_string(settings.SCOPES)(organisation)

"""For what a role can be given: services and source systems, as the house above keeps them."""

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from ombud.lib.errors import misshapen
from ombud.people.models import Organisation
from ombud.people.roles import EVERYTHING, SCOPED


def require_known(organisation: Organisation, role: str, scope: str) -> None:
    """Told at the field: a role that means nothing without a scope names one that there is; any
    other is for everything, and would open nothing if it were given for less."""
    if role in SCOPED and scope in ("", EVERYTHING):
        raise misshapen(scope=_("Choose the services this role is for."))
    if role not in SCOPED and scope not in ("", EVERYTHING):
        raise misshapen(scope=_("This role is for everything. Leave this empty."))
    if scope not in ("", EVERYTHING) and scope not in known(organisation):
        raise misshapen(scope=_("There is no such service or source system."))


def known(organisation: Organisation) -> set[str]:
    """Every scope that the organisation's portal offers now."""
    return import_string(settings.SCOPES)(organisation)

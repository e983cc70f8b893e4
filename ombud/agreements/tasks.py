"""Telling of new terms: a deed an agreement, one after the other."""

from ombud.agreements import actions
from ombud.agreements.catalogue import AgreementTerms
from ombud.agreements.models import Agreement
from ombud.agreements.states import State
from ombud.lib import jobs
from ombud.lib.errors import Refused
from ombud.people.actors import THE_SYSTEM


@jobs.task(name="agreements.tell_terms", retry=jobs.patiently)
def tell_terms(terms: int) -> int:
    """May run twice: whoever has been told is not told again."""
    row = AgreementTerms.objects.select_related("organisation").get(pk=terms)
    rows = Agreement.objects.filter(
        operator=row.organisation, side=row.key, state=State.ACTIVE
    ).select_related("case", "operator", "organisation")
    return sum(told(agreement, row.version) for agreement in rows.order_by("pk"))


def told(agreement: Agreement, version: int) -> bool:
    try:
        actions.tell_terms(agreement, by=THE_SYSTEM, version=version)
    except Refused:
        return False
    return True

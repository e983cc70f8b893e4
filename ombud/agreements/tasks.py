"""Telling of new terms: a deed an agreement, one after the other."""

from datetime import datetime

from ombud.agreements import actions
from ombud.agreements.catalogue import AgreementTerms
from ombud.agreements.models import Agreement
from ombud.agreements.states import State
from ombud.lib import clock, days, jobs
from ombud.lib.errors import Refused
from ombud.people.actors import THE_SYSTEM


@jobs.every(cron="7 * * * *")
@jobs.task(name="agreements.remind_signatories", queueing_lock="agreements.remind_signatories")
def remind_signatories(timestamp: int = 0) -> int:
    """Every hour of a working day: at night and at the weekend nobody is reminded."""
    if not is_at_work(days.local(clock.now())):
        return 0
    rows = Agreement.objects.filter(state=State.AWAITING_SIGNATURE)
    joined = rows.select_related("case", "operator", "organisation").order_by("pk")
    waiting = list(joined)
    asked = [(agreement, one.pk) for agreement in waiting for one in agreement.signatories]
    sent = sum(reminded(agreement, signatory) for agreement, signatory in asked)
    for agreement in waiting:  # who has been reminded has a new link
        lapsed(agreement)
    return sent


def is_at_work(now: datetime) -> bool:
    return now.weekday() < 5 and 8 <= now.hour < 17


def reminded(agreement: Agreement, signatory: int) -> bool:
    """The deed itself asks whether it is due."""
    try:
        actions.remind(agreement, by=THE_SYSTEM, signatory=signatory)
    except Refused:
        return False
    return True


def lapsed(agreement: Agreement) -> bool:
    try:
        actions.lapse(agreement, by=THE_SYSTEM)
    except Refused:
        return False
    return True


@jobs.task(name="agreements.tell_terms", retry=jobs.patiently)
def tell_terms(terms: int) -> int:
    """May run twice: whoever has been told is not told again."""
    row = AgreementTerms.objects.select_related("organisation").get(pk=terms)
    rows = Agreement.objects.filter(
        operator=row.organisation, side=row.key, state=State.ACTIVE
    ).select_related("case", "operator", "organisation")
    return sum(told(agreement, row.version) for agreement in rows.order_by("pk"))


@jobs.task(name="agreements.tell_newer", retry=jobs.patiently)
def tell_newer(number: str) -> int:
    """What was announced between the approval and the signature is told once it is signed."""
    joined = Agreement.objects.select_related("case", "operator", "organisation", "terms")
    agreement = joined.get(case__number=number)
    newer = AgreementTerms.objects.filter(organisation=agreement.operator, key=agreement.side)
    if agreement.terms:
        newer = newer.filter(version__gt=agreement.terms.version)
    return sum(told(agreement, row.version) for row in newer.order_by("version"))


def told(agreement: Agreement, version: int) -> bool:
    try:
        actions.tell_terms(agreement, by=THE_SYSTEM, version=version)
    except Refused:
        return False
    return True

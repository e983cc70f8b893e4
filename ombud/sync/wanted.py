"""What the deeds have in common: waking what waits, and setting a system up."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from ombud.cases.models import Case
from ombud.lib import jobs
from ombud.lib.errors import misshapen
from ombud.sync.models import Link, System

CARRY = "sync.carry"
SECRETS = {"secret": "password", "client_secret": "client_secret"}  # as typed, as kept


def wake(case: Case) -> None:
    for system in Link.objects.filter(case=case).values_list("system", flat=True).distinct():
        jobs.queue(CARRY, system=system)


def wake_dead(rows) -> list[str]:
    """The names of those that were dead; now they wait, and are tried at once."""
    names = []
    for row in rows.dead().select_for_update():
        row.wake()
        row.save()
        names.append(row.name)
    return names


def set_up(row: System, typed: dict[str, Any]) -> None:
    """As typed; secrets that were left empty stay as they are."""
    for name, value in typed.items():
        if name not in SECRETS:
            setattr(row, name, value)
        elif value:
            row.set_secret(SECRETS[name], value)
    if not row.hook_sealed:
        row.new_hook()
    doubt(row)


def doubt(row: System) -> None:
    """Set up otherwise than it was verified: nothing is carried until it is verified again."""
    row.verified_at, row.checks, row.token_sealed = None, [], ""
    row.tries, row.retry_at = 0, None
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        said = _("This table of this knowledge base is linked already.")
        raise misshapen(table=said) from None

"""The one line to another system: held by one of us at a time, unhurried, its token kept sealed."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from ombud.sync.adapters.agiloft import Access, Agiloft, linked
from ombud.sync.columns import Column, canonical, written
from ombud.sync.faults import Refusal, Taken
from ombud.sync.models import System

LEASE = timedelta(minutes=2)  # of real time, as are the pauses
LOOK_AGAIN = 0.2

Columns = Mapping[str, Column]  # by our names
Values = Mapping[str, str | None]


@dataclass
class Line:
    """What is said over the line while it is ours: our names and canonical values."""

    system: System
    adapter: Agiloft

    def read(self, table: str, number: str, known: Columns) -> dict[str, str | None]:
        told = self.adapter.read(table, number, [one.column for one in known.values()])
        return {name: canonical(one.kind, told[one.column]) for name, one in known.items()}

    def write(self, table: str, number: str, known: Columns, values: Values) -> None:
        self.adapter.update(table, number, outward(known, values))

    def upsert(self, table: str, match: str, known: Columns, values: Values) -> str:
        """The number of the record whose column `match` holds our value, perhaps a new one."""
        told = outward(known, values)
        if not told.get(match):
            raise Refusal(f"Nothing is owed that {match} could hold.")
        return self.adapter.upsert(table, match, told)

    def hold(self) -> None:
        """Ours for a while longer."""
        until = timezone.now() + LEASE
        System.objects.filter(pk=self.system.pk).update(leased_until=until)

    def pause(self) -> None:
        """Before each call: as long after the last one as the system wants."""
        if last := self.system.called_at:
            wait = self.system.delay_seconds - (timezone.now() - last).total_seconds()
            time.sleep(max(0.0, min(wait, self.system.delay_seconds)))
        self.system.called_at = timezone.now()


def outward(known: Columns, values: Values) -> dict[str, Any]:
    """By the columns' names, as it is sent."""
    return {known[name].column: sent(known[name], value) for name, value in values.items()}


def sent(column: Column, value: str | None) -> Any:
    return linked(value) if column.kind == "linked" else written(column.kind, value)


@contextmanager
def to(system: System, patience: float = 0.0) -> Iterator[Line]:
    """The line, or Taken when another of us holds it for longer than our patience (seconds)."""
    until = time.monotonic() + patience
    while not take(system):
        if time.monotonic() >= until:
            raise Taken(f"{system} is being spoken with already.")
        time.sleep(LOOK_AGAIN)
    system.refresh_from_db()
    line = Line(system, Agiloft(access_of(system), system.token))
    line.adapter.before_call = line.pause
    try:
        yield line
    finally:
        system.token = line.adapter.token
        kept = {"token_sealed": system.token_sealed, "called_at": system.called_at}
        System.objects.filter(pk=system.pk).update(leased_until=None, **kept)


def take(system: System) -> bool:
    now = timezone.now()
    free = System.objects.filter(Q(leased_until=None) | Q(leased_until__lt=now), pk=system.pk)
    return bool(free.update(leased_until=now + LEASE))


def access_of(system: System) -> Access:
    return Access(
        base_url=system.base_url,
        kb=system.kb,
        table=system.table,
        surface=system.surface,
        oauth_url=system.oauth_url if system.client else "",
        login=system.login,
        password=system.secret("password"),
        client=system.client,
        client_secret=system.secret("client_secret"),
        ignore_locks=system.may_ignore_locks,
    )

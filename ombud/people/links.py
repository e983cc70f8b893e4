"""Who did what when, as one link of a chain: of a case, or of an organisation's journal."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.db import models, transaction

from ombud.lib import chain, clock, rows


class Head(models.Model):
    """The row that a chain hangs on: it carries number and hash of the last link."""

    head_seq = models.PositiveIntegerField(default=0)
    head_hash = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True


class Link(models.Model):
    """Written once, never changed: the database refuses anything else. No prose, no names."""

    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    at = models.DateTimeField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    instead_of = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="+"
    )
    via = models.CharField(max_length=10)
    circle = models.CharField(max_length=40, blank=True)
    part = models.CharField(max_length=40, blank=True)
    data = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        abstract = True
        ordering = ["seq"]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"

    def facts(self) -> dict:
        names = "seq verb via circle part data digest person_id instead_of_id organisation_id"
        return {**{n: getattr(self, n) for n in names.split()}, "at": self.at.isoformat()}


def append(head: Head, links, anchor: str, verb: str, *, by, data: dict, **more) -> Any:
    """Add a link. The caller holds the lock on the head, the row that the chain hangs on."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("a link belongs inside the transaction of the deed that it tells of")
    if by.guest is not None:
        data = {**data, "pass": by.guest}
    link = links.model(
        seq=head.head_seq + 1,
        verb=verb,
        at=clock.now(),
        person=by.person,
        instead_of=by.instead_of,
        organisation=by.organisation,
        via=by.via,
        data=data,
        **more,
    )
    link.hash = chain.digest(head.head_hash or anchor, link.facts())
    setattr(link, links.field.name, head)
    head.head_seq, head.head_hash = link.seq, link.hash
    return rows.put_and_keep(link, head, "head_seq", "head_hash")


def broken_at(head: Head, links: Iterable[Link], anchor: str) -> int | None:
    """The number of the first link that does not follow from those before it."""
    previous, number = anchor, 0
    for number, link in enumerate(links, start=1):
        if link.seq != number or link.hash != chain.digest(previous, link.facts()):
            return number
        previous = link.hash
    if (number, previous if number else "") != (head.head_seq, head.head_hash):
        return number + 1
    return None

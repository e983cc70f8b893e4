"""Links by which an account or an address is proven: made here, and matched without telling anybody
which of the things was wrong."""

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from ombud.lib import clock
from ombud.people.models import Grant, Membership, Organisation, Person, Verification

LIFE = timedelta(hours=72)
NOBODYS = "nobody@nowhere.invalid", "0000000000"  # what is compared where there is no link


def issue(
    person: Person, organisation: Organisation, email: str, changes: dict[str, Any] | None = None
) -> str:
    """The address of a new link; those made for the same before it open nothing any more."""
    theirs = Verification.objects.filter(person=person, organisation=organisation)
    same = theirs.exclude(changes={}) if changes else theirs.filter(changes={})
    same.spend()
    token = secrets.token_urlsafe(16)
    Verification.objects.create(
        person=person,
        organisation=organisation,
        email=email,
        changes=changes or {},
        sha256=digest(token),
        until_at=clock.now() + LIFE,
    )
    return settings.WEB_URL + reverse("desk:verify", args=[token])


def matched(token: str, email: str, number: str) -> Verification | None:
    """The verification, if the link holds, both words are those it was made for, and the account is
    its organisation's to tie. One statement and two comparisons, whatever is wrong."""
    rows = Verification.objects.select_related("person", "organisation")
    shared = elsewhere(OuterRef("person"), OuterRef("organisation"))
    row = rows.filter(~shared | ~Q(changes={}), sha256=digest(token)).first()
    known = (row.email, row.organisation.number) if row else NOBODYS
    digits = "".join(sign for sign in number if sign.isdigit())
    is_email = constant_time_compare(known[0].casefold(), email.strip().casefold())
    is_number = constant_time_compare(known[1], digits)
    return row if row and is_email and is_number and row.is_in_force else None


def elsewhere(person, organisation) -> Q:
    """Whether the person belongs to another organisation too, or holds a role there."""
    belongs, holds = (
        Exists(rows.current().filter(person=person).exclude(organisation=organisation))
        for rows in (Membership.objects, Grant.objects)
    )
    return Q(belongs | holds)


def is_shared(person: Person, organisation: Organisation) -> bool:
    """What one organisation writes of such a person would hold in another: it alone decides
    nothing about the account."""
    return Person.objects.filter(elsewhere(person, organisation), pk=person.pk).exists()


def digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()

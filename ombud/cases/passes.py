"""A pass: a link for a guest, who has no account and sees one case in the circles of the pass.

The address carries a secret of 128 bits; only its hash is kept. Following the link changes nothing.
"""

import hashlib
import secrets
from datetime import timedelta
from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ombud.lib import clock, vault
from ombud.people import keys
from ombud.people.actors import Actor
from ombud.people.terms import Term, TermQuerySet


class PassQuerySet(TermQuerySet):
    def unrevoked(self) -> Self:
        return self.filter(revoked_at=None)

    def of_token(self, token: str) -> Any:
        """Whatever has become of it meanwhile."""
        return self.select_related("case").filter(sha256=digest(token)).first()

    def revoke(self) -> int:
        return self.unrevoked().update(revoked_at=clock.now())


class Pass(Term):
    """One link of one guest. The personal number, where it must be known, lies sealed."""

    case = models.ForeignKey("cases.Case", models.PROTECT)
    purpose = models.CharField(max_length=20)
    circles = ArrayField(models.CharField(max_length=40), default=list)
    name = models.CharField(max_length=170)
    personal_sealed = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = PassQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256"], name="one_pass_a_token")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_in_force(self) -> bool:
        is_over = self.until_at is not None and self.until_at <= clock.now()
        return self.revoked_at is None and not is_over

    @property
    def personal_number(self) -> str:
        return vault.open(self.personal_sealed) if self.personal_sealed else ""

    def opening(self) -> list[str]:
        return [keys.guest(self.pk)]

    def actor(self, organisation=None) -> Actor:
        return Actor(None, organisation, via="link", guest=self.pk)


def new_token() -> str:
    return secrets.token_urlsafe(16)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def issue(
    case,
    purpose: str,
    circles: list[str],
    name: str,
    *,
    token: str = "",
    personal_number: str = "",
    life: timedelta | None = None,
) -> tuple[Pass, str]:
    """A new pass and its token, which is told once, in a letter or on a page."""
    token = token or new_token()
    case.is_stirred = True
    issued = Pass.objects.create(
        case=case,
        purpose=purpose,
        circles=circles,
        name=name,
        personal_sealed=vault.seal(personal_number) if personal_number else "",
        sha256=digest(token),
        until_at=clock.now() + life if life else None,
    )
    return issued, token

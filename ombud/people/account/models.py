"""What else leads to a person: a login that was linked, a number for codes, a word to programs."""

from typing import Any, ClassVar

from django.db import models

from ombud.lib import clock


class IdentityQuerySet(models.QuerySet):
    def known_as(self, issuer: str, subject: str) -> Any:
        """The row, with its person; None when nobody goes by that name there."""
        rows = self.filter(issuer=issuer, subject=subject, person__is_active=True)
        return rows.select_related("person").first()


class Identity(models.Model):
    """How an OpenID provider names a person, who linked it while logged in. `provider`: the key
    that the provider had then, to tell of it by name."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    provider = models.CharField(max_length=30)
    issuer = models.CharField(max_length=255)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(default=clock.now)
    used_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = IdentityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_person_a_subject"),
            models.UniqueConstraint(fields=["person", "issuer"], name="one_subject_a_person"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.provider}"


class CodePhone(models.Model):
    """Where the security codes of a login by password go (no. mobil for sikkerhetskode)."""

    person = models.OneToOneField("people.Person", models.PROTECT, related_name="+")
    phone = models.CharField(max_length=20)
    set_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"codes to {self.person_id}"


class Consent(models.Model):
    """A person's word, given after a strong proof, that programs may do for a while what asks for
    one, in one organisation."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"], name="one_consent_an_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.organisation_id}"

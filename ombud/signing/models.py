"""A person's signature under one exact document, and the deed that follows from it."""

import uuid

from django.db import models
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from ombud.cases.models import Case
from ombud.cases.passes import Pass
from ombud.eid.models import Challenge
from ombud.lib import chain, clock
from ombud.people.actors import Actor
from ombud.people.models import Organisation, Person


class SignatureQuerySet(models.QuerySet["Signature"]):
    def pending(self):
        return self.filter(status=Signature.Status.PENDING)

    def locked(self, signature: "Signature") -> "Signature":
        """The case first, then the signature: in the order of every deed."""
        Case.objects.locked(signature.case)
        rows = self.select_for_update(of=("self",), no_key=True)
        joined = ("case", "challenge", "person", "guest", "organisation", "instead_of")
        return rows.select_related(*joined).get(pk=signature.pk)


class Signature(models.Model):
    """What was shown, to whom, how it was signed, and what came of it.

    `document` is the text that was shown; `snapshot` the canonical JSON of what it speaks of;
    `claims` the canonical JSON that was signed unseen and carries the hashes of both.
    """

    class Method(models.TextChoices):
        BANKID = "bankid", _("BankID")
        SMS = "sms", _("SMS code")

    class Status(models.TextChoices):
        PENDING = "pending"
        COMPLETE = "complete"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    case = models.ForeignKey(Case, models.PROTECT)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(Pass, models.PROTECT, null=True, related_name="+")
    instead_of = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    via = models.CharField(max_length=10)
    document = models.TextField()
    snapshot = models.TextField()
    claims = models.TextField()
    language = models.CharField(max_length=5)
    deed = models.CharField(max_length=60)
    arguments = models.JSONField()
    method = models.CharField(max_length=10, choices=Method)
    challenge = models.OneToOneField(Challenge, models.PROTECT, null=True, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)
    signed_at = models.DateTimeField(null=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    hint = models.CharField(max_length=40, blank=True)
    reasons = models.JSONField(default=list)

    objects = SignatureQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["begun_at"], condition=models.Q(status="pending"), name="signature_pending"
            ),
            models.Index(fields=["case", "begun_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(status="complete") | models.Q(signed_at__isnull=False),
                name="complete_signature_was_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(person=None) ^ models.Q(guest=None),
                name="signature_of_a_person_or_a_guest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who} under {self.case}"

    def get_absolute_url(self) -> str:
        return reverse("desk:signing", args=[self.pk])

    @property
    def signer(self) -> Actor:
        return Actor(self.person, self.organisation, self.via, self.instead_of, self.guest_id)

    @property
    def who(self) -> Person | Pass:
        """The person, or the guest by name."""
        found = self.person or self.guest
        assert found is not None
        return found

    @property
    def sha256(self) -> str:
        return chain.sha256(self.claims)

    def is_of(self, render) -> bool:
        """Whether text and facts still read as they were signed, in the language shown.
        `render` returns them as a pair."""
        with translation.override(self.language):
            text, facts = render()
        return (text, chain.canonical(facts)) == (self.document, self.snapshot)

    def end(self, status: str, hint: str = "", reasons: list | None = None) -> "Signature":
        self.status, self.hint, self.reasons = status, hint, reasons or []
        self.save(update_fields=["status", "hint", "reasons"])
        return self

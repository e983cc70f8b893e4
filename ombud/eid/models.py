import uuid

from django.db import models
from django.db.models import Q

from ombud.eid import hints
from ombud.lib import clock

Outcomes = [(outcome.value, outcome.value) for outcome in hints.Outcome]


class Challenge(models.Model):
    """One attempt by one person to prove who they are, with the evidence of how it went."""

    class Method(models.TextChoices):
        BANKID = "bankid", "BankID"
        SMS = "sms", "SMS"

    class Purpose(models.TextChoices):
        AUTH = "auth"
        SIGN = "sign"

    class Status(models.TextChoices):
        PENDING = "pending"
        COMPLETE = "complete"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    method = models.CharField(max_length=10, choices=Method)
    purpose = models.CharField(max_length=10, choices=Purpose)
    status = models.CharField(max_length=10, choices=Status, default=Status.PENDING)
    hint = models.CharField(max_length=30, blank=True, choices=Outcomes)
    provider_hint = models.CharField(max_length=100, blank=True)
    begun_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)

    # Who, where, and what for
    subject_index = models.CharField(max_length=64, blank=True)
    subject_sealed = models.TextField(blank=True)
    owner_index = models.CharField(max_length=64, blank=True)
    session_index = models.CharField(max_length=64, blank=True)
    binding = models.CharField(max_length=200, blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    user_agent = models.CharField(max_length=256, blank=True)
    visible = models.TextField(blank=True)
    nonvisible = models.BinaryField(default=bytes, blank=True)

    # BankID
    same_device = models.BooleanField(default=False)
    reference_sealed = models.TextField(blank=True)
    auto_start_token = models.CharField(max_length=100, blank=True)
    qr_start_token = models.CharField(max_length=100, blank=True)
    qr_start_secret_sealed = models.TextField(blank=True)
    ordered_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)
    return_url = models.CharField(max_length=400, blank=True)
    return_nonce_hash = models.CharField(max_length=64, blank=True)
    restarts = models.PositiveSmallIntegerField(default=0)
    evidence = models.JSONField(null=True, blank=True)

    # SMS code
    phone_index = models.CharField(max_length=64, blank=True)
    phone_masked = models.CharField(max_length=20, blank=True)
    code_digest = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(
                fields=["phone_index", "begun_at"], condition=Q(method="sms"), name="eid_by_phone"
            ),
            models.Index(
                fields=["owner_index", "begun_at"], condition=Q(method="sms"), name="eid_by_owner"
            ),
            models.Index(
                fields=["ip", "begun_at"], condition=Q(method="sms"), name="eid_by_address"
            ),
            models.Index(
                fields=["binding"],
                condition=Q(method="sms", status="pending"),
                name="eid_by_binding",
            ),
            models.Index(
                fields=["session_index"],
                condition=Q(method="bankid", status="pending"),
                name="eid_by_session",
            ),
            models.Index(fields=["begun_at"], condition=Q(status="pending"), name="eid_pending"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="pending", ended_at=None, hint="")
                | Q(status="complete", ended_at__isnull=False, hint="")
                | (Q(status="failed", ended_at__isnull=False) & ~Q(hint="")),
                name="eid_challenge_ends_once",
            ),
            models.CheckConstraint(
                condition=~Q(method="bankid", purpose="sign", visible=""),
                name="eid_signature_shows_a_text",
            ),
            models.CheckConstraint(
                condition=~Q(method="bankid", status="complete", evidence__isnull=True),
                name="eid_complete_has_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(method="sms")
                | (Q(tries__lte=3) & ~Q(code_digest="") & ~Q(binding="")),
                name="eid_code_is_bound_and_counted",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.purpose} {self.status}"

    @property
    def is_pending(self) -> bool:
        return self.status == self.Status.PENDING

    @property
    def is_complete(self) -> bool:
        return self.status == self.Status.COMPLETE

    @property
    def words(self) -> str:
        """What to tell the person now, in the language of the reader."""
        return hints.words(self.status, self.provider_hint, self.hint, same_device=self.same_device)

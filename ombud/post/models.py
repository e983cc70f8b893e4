import uuid

from django.db import models
from django.db.models import Q

from ombud.lib import clock, vault


class Letter(models.Model):
    """Words owed to one address. Written inside a transaction, carried after it."""

    class Carrier(models.TextChoices):
        EMAIL = "email"
        SMS = "sms"

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        UNKNOWN = "unknown"
        ACCEPTED = "accepted"
        DELIVERED = "delivered"
        FAILED = "failed"

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200, blank=True)
    carrier = models.CharField(max_length=10, choices=Carrier)
    address = models.CharField(max_length=320)
    subject = models.CharField(max_length=300, blank=True)
    body = models.TextField(blank=True)
    html = models.TextField(blank=True)
    thread = models.CharField(max_length=100, blank=True)
    about = models.CharField(max_length=100, blank=True)
    language = models.CharField(max_length=10, blank=True)
    secret = models.BooleanField(default=False)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    may_be_twice = models.BooleanField(default=False)
    provider_id = models.CharField(max_length=200, blank=True)
    error = models.CharField(max_length=500, blank=True)

    written_at = models.DateTimeField(default=clock.now)
    next_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="post_due"),
            models.Index(fields=["about"], condition=~Q(about=""), name="post_about"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], condition=~Q(key=""), name="post_letter_once_a_key"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "sending"], next_at__isnull=False)
                | Q(state="unknown")
                | Q(state="accepted", accepted_at__isnull=False, next_at=None)
                | Q(state__in=["delivered", "failed"], settled_at__isnull=False, next_at=None),
                name="post_letter_is_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(secret=False) | Q(body="") | Q(state__in=["queued", "sending"]),
                name="post_secret_is_blanked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.carrier} {self.reference} {self.state}"

    @property
    def words(self) -> str:
        """The body as it is sent; a secret one lies sealed until then."""
        return vault.open(self.body) if self.secret and self.body else self.body

    @property
    def page(self) -> str:
        """The same as a page, for mail."""
        return vault.open(self.html) if self.secret and self.html else self.html

    @property
    def report_secret(self) -> str:
        """What a delivery report about this letter must know."""
        return vault.index(str(self.reference), "report")[:32]

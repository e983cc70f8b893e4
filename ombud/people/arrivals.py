"""How people come to an organisation: they register themselves, prove that an address or an account
is theirs, or are appointed by the operator where nobody is left."""

from typing import Any, ClassVar, Self

from django.db import models

from ombud.lib import clock


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def open(self) -> Self:
        return self.filter(answered_at=None, person__is_active=True)

    def locked(self, pk: int) -> "Registration":
        rows = self.select_for_update(of=("self",), no_key=True).select_related("person")
        return rows.get(pk=pk)

    def reachable(self) -> Self:
        """Each with the address that was written for it, also while nobody has confirmed it."""
        links = Verification.objects.filter(
            person=models.OuterRef("person"),
            organisation=models.OuterRef("organisation"),
            changes__has_key="email",
        )
        return self.annotate(written=models.Subquery(links.order_by("-pk").values("email")[:1]))


class Registration(models.Model):
    """Somebody's own wish to belong to an organisation, proven by e-ID. Whoever has registered sees
    nothing of it, not even who works there, until an administrator has answered."""

    class Answer(models.TextChoices):
        ADMITTED = "admitted"
        REFUSED = "refused"

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=clock.now)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, choices=Answer, blank=True)

    objects: ClassVar[Any] = RegistrationQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "asked_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation"],
                condition=models.Q(answered_at=None),
                name="one_open_registration",
            )
        ]

    written: str | None = None  # as `reachable` gives it

    def __str__(self) -> str:
        return f"{self.person_id} to {self.organisation_id}"

    @property
    def email(self) -> str:
        """The account's own, or the one that is still to be confirmed."""
        return self.person.email or self.written or ""

    @property
    def is_confirmed(self) -> bool:
        return bool(self.person.email)

    @property
    def part(self) -> str:
        """What its notices are of."""
        return f"registration:{self.pk}"

    def answer(self, outcome: str, by) -> None:
        self.outcome, self.answered_at, self.answered_by = outcome, clock.now(), by
        self.save(update_fields=["outcome", "answered_at", "answered_by"])


class VerificationQuerySet(models.QuerySet["Verification"]):
    def in_force(self) -> Self:
        return self.filter(used_at=None, until_at__gt=clock.now())

    def locked(self, pk: int) -> "Verification":
        rows = self.select_for_update(of=("self",), no_key=True)
        return rows.select_related("person", "organisation").get(pk=pk)

    def spend(self) -> int:
        """They open nothing any more."""
        return self.in_force().update(used_at=clock.now())


class Verification(models.Model):
    """A link in a letter, good once and for a while: whoever follows it says the e-mail address and
    the organisation number that it was made for, and proves by e-ID or login to be the person.
    `changes`: what then becomes of the person's details; without any, the account is tied to the
    e-ID. The address carries a secret of 128 bits; only its hash is kept."""

    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    email = models.EmailField()
    changes = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)
    until_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[Any] = VerificationQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sha256"], name="one_verification_a_token")]

    def __str__(self) -> str:
        return f"verification of {self.person_id}"

    @property
    def is_in_force(self) -> bool:
        return self.used_at is None and self.until_at > clock.now()


class Appointment(models.Model):
    """An administrator appointed by the operator where none was left, and on which grounds. The
    journals vouch for the grounds by their digest."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    operator = models.ForeignKey("people.Organisation", models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    appointed_by = models.ForeignKey("people.Person", models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)
    grounds = models.TextField()
    salt = models.CharField(max_length=32)

    class Meta:
        indexes = [models.Index(fields=["organisation", "at"])]

    def __str__(self) -> str:
        return f"{self.person_id} at {self.organisation_id}"

"""A request to a customer to tell, approve and sign; its draft, and its messages."""

from django.db import models
from django.urls import reverse

from ombud.cases.models import BRIEF, CASE, Case, Matter
from ombud.cases.passes import Pass
from ombud.inquiries.catalogue import (
    FormBody,
    InquiryForm,
    InquiryPace,
    InquiryTerms,
    InquiryTexts,
    PaceBody,
    TermsBody,
    TextsBody,
)
from ombud.inquiries.states import MOVES, OPEN, Outcome, State
from ombud.lib import clock, phones
from ombud.people.models import Organisation, Person
from ombud.people.settings import Pinned
from ombud.post.models import Letter
from ombud.signing.models import Signature
from ombud.sync.models import System

ANSWERS = CASE  # what the customer tells: whoever is asked sees it, and whoever asks
INNER = "operator:inner"
CIRCLES = {
    "customer": [BRIEF, CASE],
    "operator": [BRIEF, CASE, INNER],
}
LINK = "inquiry"  # the purpose of the customer's link


class Inquiry(Matter):
    """`reference` of the case is the number outside. `known` is what the other system told of the
    customer; `answers` what the customer handed in, and that is what is signed."""

    MOVES = MOVES
    acting_role = "guest"

    state = models.CharField(max_length=16, choices=State, default=State.QUEUED)
    portal = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    system = models.ForeignKey(System, models.PROTECT, null=True, related_name="+")
    table = models.CharField(max_length=80, blank=True)
    record = models.CharField(max_length=20, blank=True)
    caller = models.CharField(max_length=150, blank=True)
    starter = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    mobile = models.CharField(max_length=20, blank=True)
    language = models.CharField(max_length=5, default="sv")
    name = models.CharField(max_length=170, blank=True)
    known = models.JSONField(default=dict)
    texts = Pinned(InquiryTexts, models.PROTECT, null=True, related_name="+")
    form = Pinned(InquiryForm, models.PROTECT, null=True, related_name="+")
    terms = Pinned(InquiryTerms, models.PROTECT, null=True, related_name="+")
    pace = Pinned(InquiryPace, models.PROTECT, null=True, related_name="+")
    earlier = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")

    link = models.ForeignKey(Pass, models.PROTECT, null=True, related_name="+")
    withdrawn = models.PositiveSmallIntegerField(default=0)  # links that went to a wrong number
    sent = models.PositiveSmallIntegerField(default=0)  # messages, with reminders
    started_at = models.DateTimeField(default=clock.now)
    first_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    applied_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    answers = models.JSONField(default=dict)
    answers_language = models.CharField(max_length=5, blank=True)
    orders = models.PositiveSmallIntegerField(default=0)  # signings begun
    misuses = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=30, blank=True)  # why refused or failed
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    signer = models.CharField(max_length=170, blank=True)
    repair = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    card_how = models.CharField(max_length=40, blank=True)
    signer_differs = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="inquiry_state_known"
            ),
            models.UniqueConstraint(
                fields=["system", "table", "record"],
                condition=models.Q(state__in=OPEN) & ~models.Q(record=""),
                name="one_open_inquiry_a_record",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.REFUSED)
                | models.Q(
                    texts__isnull=False,
                    form__isnull=False,
                    terms__isnull=False,
                    pace__isnull=False,
                    link__isnull=False,
                ),
                name="inquiry_keeps_what_it_began_with",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.APPLIED, State.COMPLETED])
                | models.Q(signature__isnull=False, applied_at__isnull=False),
                name="inquiry_applied_is_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(sent__lte=4), name="inquiry_at_most_four_messages"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.FAILED) | models.Q(outcome__in=Outcome.values),
                name="inquiry_failed_says_why",
            ),
        ]
        indexes = [models.Index(fields=["portal", "state", "-case"], name="inquiry_state")]

    def get_absolute_url(self) -> str:
        return reverse("inquiry:case", args=[self.case.number])

    @property
    def told_by(self) -> TextsBody:
        """The texts that it began with; a refused request has none, and nobody asks."""
        assert self.texts is not None
        return self.texts.read

    @property
    def asks(self) -> FormBody:
        assert self.form is not None
        return self.form.read

    @property
    def demands(self) -> TermsBody:
        assert self.terms is not None
        return self.terms.read

    @property
    def goes_by(self) -> PaceBody:
        assert self.pace is not None
        return self.pace.read

    @property
    def form_version(self) -> int:
        assert self.form is not None
        return self.form.version

    @property
    def terms_version(self) -> int:
        assert self.terms is not None
        return self.terms.version

    @property
    def region(self) -> str:
        """The customer's country, by the number that was written to."""
        return phones.region_of(self.mobile)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_applied(self) -> bool:
        return self.state in (State.APPLIED, State.COMPLETED)

    @property
    def number_told(self) -> str:
        """The number that the customer knows: of the case outside, else our own."""
        return self.case.reference or self.case.number

    @property
    def photos(self):
        return self.case.document_set.filter(circle=ANSWERS).order_by("pk")

    def attachments_sha256(self) -> list[str]:
        return list(self.photos.values_list("sha256", flat=True))

    def words_to_find(self) -> str:
        return f"{super().words_to_find()} {self.case.reference} {self.name}"

    def view(self, eyes) -> dict:
        """The request as these eyes see it: what lies outside their circles is absent."""
        shown = {
            "reference": self.case.reference or None,
            "language": self.language,
            "versions": {
                part: row.version if (row := getattr(self, part)) else None
                for part in ("texts", "form", "terms", "pace")
            },
            "messages_sent": self.sent,
            "started_at": self.started_at,
            "first_sms_at": self.first_at,
            "opened_at": self.opened_at,
            "submitted_at": self.submitted_at,
            "applied_at": self.applied_at,
            "ended_at": self.ended_at,
            "outcome": self.outcome or None,
        }
        if eyes.see(ANSWERS):
            shown |= {"mobile": self.mobile, "name": self.name, "answers": self.answers}
        if eyes.see(INNER):
            shown |= self.view_of_inner()
        return shown

    def view_of_inner(self) -> dict:
        names = ("system_id", "table", "record", "caller")
        source = {name: getattr(self, name) for name in names} if self.record else None
        earlier = self.earlier.case.number if self.earlier else None
        return {
            "source": source,
            "earlier": earlier,
            "card_how": self.card_how or None,
            "signer_differs": self.signer_differs,
        }


class Draft(models.Model):
    """What the customer has typed and not handed in. `version` tells two tabs apart."""

    inquiry = models.OneToOneField(Inquiry, models.PROTECT, primary_key=True)
    body = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"draft of {self.inquiry_id}"


class Sms(models.Model):
    """One message of a request: the first (0) or a reminder; `attempt` counts those to a number
    that could not be reached."""

    class Fate(models.TextChoices):
        AWAITED = ""
        DELIVERED = "delivered"
        FAILED = "failed"

    inquiry = models.ForeignKey(Inquiry, models.PROTECT, related_name="messages")
    nth = models.PositiveSmallIntegerField()
    attempt = models.PositiveSmallIntegerField(default=0)
    mobile = models.CharField(max_length=20)
    letter = models.OneToOneField(Letter, models.PROTECT, related_name="+")
    parts = models.PositiveSmallIntegerField()
    at = models.DateTimeField(default=clock.now)
    fate = models.CharField(max_length=10, choices=Fate, default=Fate.AWAITED, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["inquiry", "nth", "attempt"], name="one_sms_a_reminder_and_attempt"
            )
        ]
        indexes = [
            models.Index(fields=["at"], condition=models.Q(fate=""), name="inquiry_sms_awaited")
        ]

    def __str__(self) -> str:
        return f"sms {self.nth} of {self.inquiry_id}"


class Caller(models.Model):
    """Who, in the other system, is whom of ours."""

    portal = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    system = models.ForeignKey(System, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=150)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["portal", "system", "name"],
                name="one_caller_a_name",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name

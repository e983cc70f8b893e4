"""An agreement from its application on, whom it names, and the papers an agent shows."""

from datetime import date, timedelta

from django.db import models
from django.urls import reverse
from django.utils.translation import pgettext_lazy

from ombud.agreements.catalogue import SIDES, STANDINGS, AgreementTerms
from ombud.agreements.states import MOVES, OPEN, State
from ombud.cases.models import BRIEF, CASE, Document, Matter
from ombud.cases.passes import Pass
from ombud.lib import clock, days, vault
from ombud.lib.identifiers import masked_person
from ombud.people.models import Organisation, Person
from ombud.people.roles import Kind
from ombud.people.settings import Pinned
from ombud.signing.models import Signature

APPLICANT = (
    "applicant"  # what the applicant wrote and showed: not for every eye in the organisation
)
INNER = "operator:inner"
CIRCLES = {
    "applicant": [BRIEF, CASE, APPLICANT],
    "agreement": [BRIEF, CASE, APPLICANT],
    "signatory": [BRIEF, CASE],
    "party": [BRIEF, CASE],
    "operator": [BRIEF, CASE, APPLICANT, INNER],
}


class Category(models.TextChoices):
    """Of customers; services may be open to some of them only."""

    REGION = "region", pgettext_lazy("category", "Region")
    MUNICIPALITY = "municipality", pgettext_lazy("category", "Municipality")
    PRIVATE = "private", pgettext_lazy("category", "Private care provider")


class Agreement(Matter):
    """A customer's or an agent's agreement with the operator. The terms are pinned when the
    application is approved; `paper` is what is signed."""

    class Mode(models.TextChoices):
        JOINTLY = "jointly"
        SEVERALLY = "severally"

    MOVES = MOVES
    acting_role = "signatory"

    state = models.CharField(max_length=24, choices=State, default=State.SUBMITTED)
    side = models.CharField(max_length=10)
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    number = models.CharField(max_length=12)
    category = models.CharField(max_length=30, blank=True, choices=Category)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.SEVERALLY)
    language = models.CharField(max_length=5, default="sv")
    applicant = models.JSONField(default=dict)  # name, email
    terms = Pinned(AgreementTerms, models.PROTECT, null=True, related_name="+")
    paper = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(default=clock.now)
    approved_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="agreement_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(side__in=[str(side) for side in SIDES]),
                name="agreement_side_known",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.AWAITING_SIGNATURE, State.ACTIVE])
                | models.Q(organisation__isnull=False, terms__isnull=False, paper__isnull=False),
                name="agreement_approved_is_whole",
            ),
            models.UniqueConstraint(
                fields=["number", "side"],
                condition=models.Q(state__in=OPEN),
                name="one_open_application",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("agreement:case", args=[self.case.number])

    @property
    def has_lapsed(self) -> bool:
        """Whether it waits for signatures that no link leads to any more."""
        if self.state != State.AWAITING_SIGNATURE:
            return False
        dead = [not one.can_follow for one in self.signatories if one.is_waited_for]
        return any(dead) if self.is_jointly else bool(dead) and all(dead)

    @property
    def known(self) -> Organisation | None:
        """The organisation of this number, whatever it is called."""
        return Organisation.objects.filter(number=self.number).first()

    @property
    def standing(self) -> str:
        return STANDINGS[self.side]

    @property
    def is_agents(self) -> bool:
        return self.side == Kind.AGENT

    @property
    def is_jointly(self) -> bool:
        return self.mode == self.Mode.JOINTLY

    @property
    def signatories(self) -> "list[Named]":
        return [one for one in self.people if one.part == Named.Part.SIGNATORY]

    @property
    def people(self) -> "list[Named]":
        """Everybody it names, in the order of the application; asked for once."""
        known = self.__dict__.get("known_people")
        if known is None:
            rows = self.named.select_related("person", "guest", "signature")
            known = self.__dict__["known_people"] = list(rows.order_by("pk"))
        return known

    def forget(self) -> None:
        """What has been read of its people is no longer so."""
        self.__dict__.pop("known_people", None)

    def signatory_of(self, actor) -> "Named | None":
        if actor.guest is None:
            return None
        return next((one for one in self.signatories if one.guest_id == actor.guest), None)

    @property
    def is_signed_by_enough(self) -> bool:
        signed = [one for one in self.signatories if one.signed_at]
        return len(signed) == len(self.signatories) if self.is_jointly else bool(signed)

    @property
    def can_be_signed(self) -> bool:
        """Whether those who have not declined are enough."""
        willing = [one for one in self.signatories if not one.declined_at]
        return len(willing) == len(self.signatories) if self.is_jointly else bool(willing)

    def attachments_sha256(self) -> list[str]:
        return [self.paper.sha256] if self.paper else []

    def words_to_find(self) -> str:
        return f"{super().words_to_find()} {self.name} {self.number}"

    def view(self, eyes) -> dict:
        """The agreement as these eyes see it: what lies outside their circles is absent."""
        shown = {
            "side": self.side,
            "organisation": {"name": self.name, "number": self.number},
            "mode": self.mode,
            "terms": {"key": self.terms.key, "version": self.terms.version} if self.terms else None,
            "signatories": [one.as_signatory() for one in self.signatories],
            "submitted_at": self.submitted_at,
            "approved_at": self.approved_at,
            "active_at": self.active_at,
            "paper_sha256": self.paper.sha256 if self.paper else None,
        }
        if eyes.see(APPLICANT):
            shown |= self.view_of_application()
        return shown

    def view_of_application(self) -> dict:
        return {
            "category": self.category or None,
            "email": self.email,
            "phone": self.phone,
            "applicant": self.applicant,
            "people": [one.as_json() for one in self.people],
            "papers": [one.as_json() for one in self.papers.all()],
        }


class Named(models.Model):
    """Somebody whom the application names, in one part; whoever has two parts is named twice."""

    class Part(models.TextChoices):
        ADMINISTRATOR = "administrator"
        SIGNATORY = "signatory"
        CONTACT = "contact"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="named")
    part = models.CharField(max_length=15, choices=Part)
    given = models.CharField(max_length=80)
    family = models.CharField(max_length=80)
    email = models.EmailField()
    phone = models.CharField(max_length=20, blank=True)
    personal_sealed = models.TextField(blank=True)
    personal_index = models.CharField(max_length=64, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    guest = models.ForeignKey(Pass, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(null=True)
    reminded = models.PositiveSmallIntegerField(default=0)
    signed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "part", "personal_index"],
                condition=~models.Q(personal_index=""),
                name="named_once_a_part",
            ),
            models.CheckConstraint(
                condition=models.Q(signed_at=None) | models.Q(signature__isnull=False),
                name="named_has_signed_with_a_signature",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given} {self.family}"

    @property
    def personal_number(self) -> str:
        """Twelve digits. Read it only to compare or to start an e-ID; never show it."""
        return vault.open(self.personal_sealed) if self.personal_sealed else ""

    def set_personal_number(self, number: str) -> None:
        self.personal_sealed = vault.seal(number) if number else ""
        self.personal_index = vault.index(number) if number else ""

    @property
    def masked_number(self) -> str:
        return masked_person(self.personal_number) if self.personal_sealed else ""

    @property
    def is_waited_for(self) -> bool:
        return self.part == self.Part.SIGNATORY and not (self.signed_at or self.declined_at)

    @property
    def can_follow(self) -> bool:
        """Whether the link to sign by still holds."""
        return bool(self.guest and self.guest.is_in_force)

    def reminders_due(self, days: list[int]) -> int:
        """How many reminders should have gone by now."""
        asked = self.asked_at or self.agreement.approved_at
        if asked is None:
            return 0
        return sum(clock.now() >= asked + timedelta(days=day) for day in days)

    def as_signatory(self) -> dict:
        told = {"id": self.pk, "name": str(self)}
        return {**told, "signed_at": self.signed_at, "declined_at": self.declined_at}

    def as_json(self) -> dict:
        told = {"id": self.pk, "part": self.part, "name": str(self), "email": self.email}
        return {**told, "phone": self.phone, "personal_number": self.masked_number or None}


class Qualification(models.Model):
    """One paper that an agent shows, and who at the operator has ticked it."""

    class What(models.TextChoices):
        TAX = "tax", pgettext_lazy("qualification", "Tax and social fees: extract")
        CREDIT = "credit", pgettext_lazy("qualification", "Credit report")
        DPO = "dpo", pgettext_lazy("qualification", "Data protection officer")
        ISMS = "isms", pgettext_lazy("qualification", "Information security management system")

    DATED = (What.TAX, What.CREDIT)
    MOST_MONTHS = 3

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="papers")
    what = models.CharField(max_length=10, choices=What)
    document = models.ForeignKey(Document, models.PROTECT, null=True, related_name="+")
    dated_on = models.DateField(null=True)
    words = models.TextField(blank=True)
    shown_at = models.DateTimeField(default=clock.now)
    ticked_at = models.DateTimeField(null=True)
    ticked_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "what"], name="one_paper_of_a_sort")
        ]

    def __str__(self) -> str:
        return str(self.What(self.what).label)

    @property
    def is_too_old(self) -> bool:
        return self.what in self.DATED and (self.dated_on is None or self.dated_on < oldest())

    def as_json(self) -> dict:
        told = {"what": self.what, "dated_on": self.dated_on, "words": self.words}
        document = str(self.document.key) if self.document else None
        return {**told, "document": document, "ticked_at": self.ticked_at}


def oldest() -> date:
    """The earliest day that an extract may bear."""
    return days.months_after(days.today(), -Qualification.MOST_MONTHS)

"""An agent's engagement: the permission to be agent for one service."""

from django.db import models
from django.urls import reverse

from ombud.cases.models import BRIEF, CASE, Matter
from ombud.lib import clock
from ombud.orders.approvals import named
from ombud.orders.catalogue import Chain, Form, Policy, Service, Step, Terms
from ombud.orders.engagements.states import LIVE, MOVES, State
from ombud.people.models import Organisation, Person
from ombud.people.settings import Pinned, said
from ombud.signing.models import Signature

CIRCLES = {"engagement": [BRIEF, CASE], "operator": [BRIEF, CASE]}
AGENT = "agent"  # the standing that an active engagement gives


class Engagement(Matter):
    """An agent's engagement for one service (sv. agentuppdrag). Chain, terms and form are pinned
    when it is applied for; the service that it is for is known by its key."""

    MOVES = MOVES

    state = models.CharField(max_length=24, choices=State, default=State.OPERATOR_REVIEW)
    agent = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    operator = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    applicant = models.ForeignKey(Person, models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)  # of the service
    service = Pinned(Service, models.PROTECT, related_name="+")
    chain = Pinned(Chain, models.PROTECT, related_name="+")
    terms = Pinned(Terms, models.PROTECT, related_name="+")
    form = Pinned(Form, models.PROTECT, null=True, related_name="+")
    answers = models.JSONField(default=dict)
    contact = models.JSONField(default=dict)
    applied_at = models.DateTimeField(default=clock.now)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    attested_at = models.DateTimeField(null=True)
    signature = models.ForeignKey(Signature, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="engagement_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=[State.ACTIVE, State.ENDED])
                | models.Q(
                    reviewed_at__isnull=False,
                    attested_at__isnull=False,
                    signature__isnull=False,
                ),
                name="engagement_in_force_was_attested",
            ),
            models.UniqueConstraint(
                fields=["agent", "key"],
                condition=models.Q(state__in=LIVE),
                name="one_live_engagement_a_service",
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("engagement:case", args=[self.case.number])

    @property
    def scope(self) -> str:
        return f"service:{self.key}"

    def scope_of(self, step: Step) -> str:
        """The scope path within which a step is decided."""
        return self.scope if step.scoped else ""

    @property
    def service_name(self) -> str:
        return said(self.service.read.name)

    @property
    def steps(self) -> list[Step]:
        return self.chain.read.steps

    @property
    def step(self) -> Step | None:
        """The step that waits to be decided, if one does."""
        return next((step for step in self.steps if step.state == self.state), None)

    @property
    def acting_role(self) -> str:
        return self.step.role if self.step else ""

    def party(self, part: str) -> Organisation:
        return {"agent": self.agent, "operator": self.operator}[part]

    def preparers(self, step: Step) -> set[Person]:
        """Who prepared what is decided in this step."""
        return {self.applicant}

    def barred_from(self, step: Step) -> list[int]:
        """Who may not decide a step though holding its role: where four eyes forbid it, whoever
        applied."""
        if Policy.objects.of(self.party(step.party)).at(step.state) != "forbid":
            return []
        return [self.applicant_id]

    def attachments_sha256(self) -> list[str]:
        return []

    def words_to_find(self) -> str:
        return f"{super().words_to_find()} {self.agent.name} {self.agent.number}"

    def view(self, eyes) -> dict:
        """All of it is seen by both parties."""
        shown = {
            "service": {"key": self.key, "name": self.service_name},
            "agent": named(self.agent),
            "applicant": str(self.applicant),
            "answers": self.answers,
            "contact": self.contact,
            "terms": {"key": self.terms.key, "version": self.terms.version},
            "chain": {"key": self.chain.key, "version": self.chain.version},
        }
        moments = ("applied_at", "reviewed_at", "attested_at", "ended_at")
        return shown | {name: getattr(self, name) for name in moments}

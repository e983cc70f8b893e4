"""The plain case that a provider works on: a customer-service case."""

from django.db import models
from django.urls import reverse

from ombud.cases.models import Case, Matter
from ombud.servicecases.states.servicecase import MOVES, State


class ServiceCase(Matter):
    MOVES = MOVES
    acting_role = ""

    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    origin = models.ForeignKey(Case, models.PROTECT, null=True, related_name="+")
    task = models.CharField(max_length=40, blank=True)
    subject = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="+"
    )  # whom it is about, where it comes from no case

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["origin"], name="one_service_case_an_origin"),
            models.CheckConstraint(
                condition=models.Q(state__in=State.values), name="service_case_state_known"
            ),
        ]

    def get_absolute_url(self) -> str:
        return reverse("servicecase:case", args=[self.case.number])

    def view(self, eyes) -> dict:
        shown: dict = {"origin": self.origin.number if self.origin else None, "task": self.task}
        if self.subject:
            shown["subject"] = {"name": self.subject.name, "number": self.subject.number}
        return shown

    def words_to_find(self) -> str:
        return f"{super().words_to_find()} {self.origin.number if self.origin else ''}"

    def attachments_sha256(self) -> list[str]:
        return []

"""What the rest of the house may know of an organisation."""

from typing import Any, ClassVar

from django.db import models

from ombud.lib import clock, rows
from ombud.people.terms import CURRENT, Term, TermQuerySet


class StandingQuerySet(TermQuerySet):
    def is_held(self, organisation, what: str, scope: str = "") -> bool:
        asked = {"here": organisation.pk, "what": what, "scope": scope, "now": clock.now()}
        return rows.asked(HELD, asked)[0][0]

    def is_signed(self, organisation) -> bool:
        """Whether there is an agreement with it, on either side."""
        asked = {"here": organisation.pk, "whats": AGREEMENTS, "now": clock.now()}
        return rows.asked(SIGNED, asked)[0][0]

    def among(
        self, organisations, whats: list[str], *, kept: bool = False
    ) -> set[tuple[int, str, str]]:
        """Those of several organisations: each as organisation, what and scope. `kept`: nobody ends
        one while this transaction rests on it. Who ends it waits, and sees then what was done
        meanwhile; who was first is waited for."""
        here = [organisation.pk for organisation in organisations]
        asked = {"here": here, "whats": whats, "now": clock.now()}
        if not kept:
            return set(rows.asked(STANDING_AMONG, asked))
        held, now = rows.asked(KEPT_AMONG, asked), clock.now()  # as late as what was waited for
        return {row[:3] for row in held if row[3] is None or row[3] > now}


AGREEMENTS = ["agreement", "agent_agreement"]  # as a customer, as an agent
SIGNED = f"""SELECT EXISTS (SELECT 1 FROM people_standing s WHERE s.organisation_id = %(here)s
  AND s.what = ANY(%(whats)s) AND {CURRENT.format("s")})"""
HELD = f"""SELECT EXISTS (SELECT 1 FROM people_standing s WHERE s.organisation_id = %(here)s
  AND s.what = %(what)s AND s.scope = %(scope)s AND {CURRENT.format("s")})"""
STANDING_AMONG = f"""SELECT s.organisation_id, s.what, s.scope FROM people_standing s
WHERE s.organisation_id = ANY(%(here)s) AND s.what = ANY(%(whats)s) AND {CURRENT.format("s")}"""
KEPT_AMONG = STANDING_AMONG.replace("s.scope FROM", "s.scope, s.until_at FROM") + " FOR SHARE"


class Standing(Term):
    """What the rest of the house may know of an organisation: "agreement", "agent_agreement",
    "agent" for a scope."""

    organisation = models.ForeignKey("people.Organisation", models.PROTECT)
    what = models.CharField(max_length=30)
    scope = models.CharField(max_length=60, blank=True)
    case_number = models.CharField(max_length=20)

    objects: ClassVar[Any] = StandingQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation", "what", "scope"])]

    def __str__(self) -> str:
        return f"{self.organisation}: {self.what} {self.scope}"

"""What a list tells of each case beside what Sight knows: its customer, and who has the ball."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from ombud.lib import days
from ombud.people import roles

SQL = """
SELECT k.id, coalesce(c.name, a.name),
  CASE WHEN t.id IS NULL THEN '' ELSE coalesce(h.name, a.name) END, t.role,
  concat_ws(' ', p.given, p.family), t.due_at
FROM cases_case k
LEFT JOIN servicecases_servicecase w ON w.case_id = k.id
LEFT JOIN orders_order o ON o.case_id = coalesce(w.origin_id, k.id)
LEFT JOIN people_organisation c ON c.id = o.customer_id
LEFT JOIN agreements_agreement a ON a.case_id = k.id
LEFT JOIN LATERAL (SELECT * FROM cases_turn s WHERE s.case_id = k.id AND s.until IS NULL
    AND NOT s.shadow ORDER BY s.part, s.id LIMIT 1) t ON true
LEFT JOIN people_organisation h ON h.id = t.organisation_id
LEFT JOIN people_person p ON p.id = t.person_id
WHERE k.id = ANY(%s)"""


@dataclass(frozen=True)
class Beside:
    customer: str = ""
    organisation: str = ""
    role: str = ""
    person: str = ""
    due_at: datetime | None = None

    @property
    def ball(self) -> str:
        """Who has the ball: organisation, and the person chosen or the role."""
        if not self.organisation:
            return ""
        who = self.person or roles.label(self.role)
        return _("%(organisation)s: %(who)s") % {"organisation": self.organisation, "who": who}

    @property
    def is_late(self) -> bool:
        return bool(self.due_at and days.is_late(self.due_at))


def of(case_ids: list[int]) -> dict[int, Beside]:
    """For all rows of a page in one statement."""
    if not case_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(SQL, [case_ids])
        found = cursor.fetchall()
    return {
        pk: Beside(customer or "", organisation or "", role or "", person or "", due_at)
        for pk, customer, organisation, role, person, due_at in found
    }

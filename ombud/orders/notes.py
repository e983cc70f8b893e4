"""The inner notes of an order, as plain facts: each stands in one circle."""

from datetime import datetime

from ombud.cases.models import Case


def of(case: Case) -> list[dict]:
    """Those of every circle; whoever shows them looks at the circles."""
    rows = case.message_set.select_related("person", "organisation").order_by("at", "pk")
    return [
        {
            "circle": row.circle,
            "at": row.at.isoformat(),
            "body": row.body,
            "person_id": row.person_id,
            "given": row.person.given,
            "family": row.person.family,
            "organisation": row.organisation.name,
        }
        for row in rows
    ]


def as_note(row: dict) -> dict:
    return {
        "person": f"{row['given']} {row['family']}",
        "organisation": row["organisation"],
        "at": datetime.fromisoformat(row["at"]),
        "text": row["body"],
    }

"""When somebody last looked at a case."""

from datetime import datetime

from django.db import connection

from ombud.cases.models import Case
from ombud.people.models import Person


def look(person: Person, case: Case, at: datetime) -> None:
    """The person has seen the case as it was then."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_seen (person_id, case_id, at) VALUES (%s, %s, %s)
            ON CONFLICT (person_id, case_id) DO UPDATE SET at = excluded.at
            WHERE cases_seen.at < excluded.at""",
            [person.pk, case.pk, at],
        )

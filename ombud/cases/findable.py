"""Making a case findable: its words and the keys that may find it, in one search document."""

from django.db import connection

from ombud.cases.models import Case


def write(case: Case, words: str, keys: list[str]) -> None:
    """Words of the circle `case` only: whoever can open the case may read them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_findable (case_id, document)
            VALUES (%s, to_tsvector('simple', %s) || array_to_tsvector(%s::text[]))
            ON CONFLICT (case_id) DO UPDATE SET document = excluded.document""",
            [case.pk, f"{case.number} {case.request} {words}", keys],
        )

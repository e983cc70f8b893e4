"""When somebody last looked at a case, and that what was told of it is read."""

from datetime import datetime

from django.db import connection

from ombud.cases.models import Case
from ombud.lib import clock, live, rows
from ombud.people import hats
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


def read(request, number: str) -> None:
    """What was told of a case is read: on the page that opens it, and in all open tabs."""
    actor = request.actor
    here = actor.organisation.pk if actor.organisation else None
    about = {"person": actor.person.pk, "here": here, "number": number, "now": clock.now()}
    told = {"channel": live.CHANNEL, "told": live.payload([], [actor.person.pk], "", "notice")}
    counted = rows.asked(READ, about | told)[0][0]
    hats.ring_less(request.hats, here, counted)


# The bell counts only what still calls for somebody.
READ = """WITH read AS (UPDATE people_notice SET read_at = %(now)s
  WHERE person_id = %(person)s AND organisation_id = %(here)s AND case_number = %(number)s
    AND read_at IS NULL RETURNING over_at)
SELECT count(*) FILTER (WHERE over_at IS NULL),
  CASE WHEN count(*) > 0 THEN pg_notify(%(channel)s, %(told)s)::text END FROM read"""


def read_all(actor, notices) -> int:
    """Mark these notices of the actor read; bell, badge, titles and lists change together."""
    number = notices.unread().update(read_at=clock.now())
    if number:
        live.tell([], [actor.person.pk], "", "notice")
    return number

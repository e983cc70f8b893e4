"""What the measured requests need: a portal that asks customers, and so many whose reminder is due.

Run in a filled database: `python -m benchmarks.requests COUNT`. Prints what a program needs to
start more, as JSON.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402

from benchmarks.inside import logged_in  # noqa: E402
from ombud.cases import passes, tasks  # noqa: E402
from ombud.cases.models import Case  # noqa: E402
from ombud.inquiries import actions, links  # noqa: E402
from ombud.inquiries.catalogue import newest  # noqa: E402
from ombud.inquiries.models import Inquiry  # noqa: E402
from ombud.people.actors import Actor  # noqa: E402
from ombud.people.models import Organisation, Person  # noqa: E402

MOBILE = "+46701740690"
AGO = "- interval '25 hours'"  # so that the first reminder is due

MADE = """CREATE TEMPORARY TABLE made AS SELECT n, nextval('cases_case_id_seq') AS case_id,
  nextval('cases_pass_id_seq') AS link_id, nextval('post_letter_id_seq') AS letter_id,
  'INQ9' || lpad(n::text, 7, '0') AS number, '' AS sha256
FROM generate_series(1, %s) n"""
LINKED = """UPDATE made SET sha256 = t.sha256
FROM unnest(%s::bigint[], %s::text[]) t (case_id, sha256) WHERE t.case_id = made.case_id"""

# The tables of one request, and which of their columns differ from one request to the next.
COPIED = {
    "cases_case": (
        "id",
        {"id": "m.case_id", "number": "m.number", "reference": "(1000000 + m.n)::text"},
    ),
    "cases_party": ("case_id", {"id": None, "case_id": "m.case_id"}),
    "cases_pass": (
        "case_id",
        {"id": "m.link_id", "case_id": "m.case_id", "sha256": "m.sha256"},
    ),
    "inquiries_inquiry": (
        "case_id",
        {"case_id": "m.case_id", "link_id": "m.link_id", "first_at": f"t.first_at {AGO}"},
    ),
    "post_letter": (
        "id",
        {
            "id": "m.letter_id",
            "reference": "gen_random_uuid()",
            "key": "t.key || ':' || m.n",
            "about": "m.number",
        },
    ),
    "inquiries_sms": (
        "inquiry_id",
        {
            "id": None,
            "inquiry_id": "m.case_id",
            "letter_id": "m.letter_id",
            "at": f"t.at {AGO}",
        },
    ),
    "cases_turn": ("case_id", {"id": None, "case_id": "m.case_id"}),
    "cases_event": ("case_id", {"id": None, "case_id": "m.case_id"}),
    "cases_sight": ("case_id", {"id": None, "case_id": "m.case_id"}),
    "cases_findable": ("case_id", {"id": None, "case_id": "m.case_id"}),
    "cases_due": ("case_id", {"id": None, "case_id": "m.case_id", "due_at": "now()"}),
}


def fill(count: int) -> dict:
    """The portal asks at all hours, and `count` customers were asked a day ago."""
    portal = Organisation.objects.get(kinds=["operator"])
    admin, desk = (person(name, portal) for name in ("admin", "desk"))
    by = Actor(admin, portal)
    actions.set_up_inquiries(portal, by=by, phone="08-465 004 00")
    pace = newest(portal)["pace"].body | {"opens": "00:00", "closes": "23:59"}
    actions.set_inquiries(portal, by=by, part="pace", body=pace)
    first = actions.start_inquiry(by=Actor(desk, portal), mobile=MOBILE, reference="10482")
    multiply(first, count)
    return {"token": logged_in(desk)["token"]}


def person(name: str, place: Organisation) -> Person:
    return Person.objects.get(username=f"{name}-{place.pk}")


@transaction.atomic
def multiply(first: Inquiry, count: int) -> None:
    """Copies of a request that a deed has made, by SQL: the deed itself is measured elsewhere."""
    letter = first.messages.get().letter_id
    with connection.cursor() as cursor:
        cursor.execute(MADE, [count])
        cursor.execute("SELECT case_id, number FROM made")
        hashes = {pk: hash_of(pk, number) for pk, number in cursor.fetchall()}
        cursor.execute(LINKED, [list(hashes), list(hashes.values())])
        for table, (whose, changed) in COPIED.items():
            of = letter if table == "post_letter" else first.case_id
            cursor.execute(copying(cursor, table, whose, changed), [of])
        cursor.execute("DELETE FROM procrastinate_jobs WHERE status = 'todo'")


def hash_of(pk: int, number: str) -> str:
    """Of the customer's link, which must be the case's own."""
    return passes.digest(links.token_of(Inquiry(case=Case(pk=pk, number=number))))


def copying(cursor, table: str, whose: str, changed: dict[str, str | None]) -> str:
    described = connection.introspection.get_table_description(cursor, table)
    names = [column.name for column in described if changed.get(column.name, "") is not None]
    taken = [changed.get(name) or f't."{name}"' for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"""INSERT INTO {table} ({quoted}) SELECT {", ".join(taken)}
        FROM {table} t CROSS JOIN made m WHERE t.{whose} = %s"""


def take() -> int:
    """Queue whatever is due: what the minutely job does, until nothing is left."""
    count = 0
    while taken := tasks.take_due():
        count += taken
    return count


if __name__ == "__main__":
    if sys.argv[1] == "take":
        print(take())
    else:
        print(json.dumps(fill(int(sys.argv[1]))))

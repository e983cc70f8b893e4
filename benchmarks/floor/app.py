"""The floor's five doors: two lists, an open case, and the writing of the same rows by raw SQL."""

import json
import os
from collections import namedtuple
from datetime import UTC, datetime
from pathlib import Path

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpResponse, JsonResponse
from django.urls import path

from ombud.config import database

# Django's own connection, as it comes: the floor has no more than anybody has.
KNOWN = database.as_django(os.environ["DATABASE_URL"], pooled=True)
KNOWN["OPTIONS"].pop("server_side_binding")
PLAIN = KNOWN | {"ENGINE": "django.db.backends.postgresql", "CONN_HEALTH_CHECKS": False}
if not settings.configured:
    settings.configure(
        SECRET_KEY="floor",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        TIME_ZONE="Europe/Stockholm",
        DATABASES={"default": PLAIN},
        MIDDLEWARE=[],
        LOGGING_CONFIG=None,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.jinja2.Jinja2",
                "DIRS": [Path(__file__).parent / "templates"],
            }
        ],
    )
    django.setup()

from django.template import engines  # noqa: E402

from benchmarks.floor import rows  # noqa: E402

WHO = """SELECT p.id, m.organisation_id FROM people_session s
JOIN people_person p ON p.id = s.person_id JOIN people_membership m ON m.person_id = p.id
WHERE s.session_key = %s AND s.expire_date > now()"""
# For a page: also what its frame says.
ME = """SELECT p.given || ' ' || p.family, o.id, o.name, o.number,
  (SELECT count(*) FROM (SELECT 1 FROM people_notice n
    WHERE n.person_id = p.id AND n.read_at IS NULL LIMIT 101) told),
  (SELECT count(*) FROM (SELECT 1 FROM floor.cases c WHERE c.owner_id = o.id AND c.waits LIMIT 101)
    mine)
FROM people_session s JOIN people_person p ON p.id = s.person_id
JOIN people_membership m ON m.person_id = p.id
JOIN people_organisation o ON o.id = m.organisation_id
WHERE s.session_key = %s AND s.expire_date > now()"""
Me = namedtuple("Me", "name owner organisation number unread waiting")
ROW = """SELECT c.number, c.request, c.title, c.service, c.status, c.waits_for, k.name, o.name,
c.created, c.updated, c.due FROM floor.cases c JOIN floor.place k ON k.id = c.customer_id
JOIN floor.place o ON o.id = c.owner_id """
LIST = ROW + "WHERE owner_id = %s AND status = %s ORDER BY c.updated DESC, c.id DESC LIMIT 25"
MINE = ROW + "WHERE owner_id = %s AND waits ORDER BY c.due, c.id LIMIT 25"
ONE = ROW.replace(" FROM", ", c.data, c.id FROM", 1) + "WHERE c.number = %s"
EVENTS = """SELECT e.seq, e.kind, e.txt, a.name, e.at, e.hash, p.name FROM floor.event e
JOIN floor.actor a ON a.id = e.actor_id JOIN floor.place p ON p.id = e.place_id
WHERE e.case_id = %s ORDER BY e.seq"""
MONTHS = "x januari februari mars april maj juni juli augusti september oktober november december"
MONTHS = MONTHS.split()
STATES = {
    "agent_review": "Granskas av agenten",
    "agent_attest": "Attesteras av agenten",
    "customer_attest": "Attesteras av kunden",
    "active": "Aktiv",
}
VERBS = {
    "order.begun": "Utkast påbörjat",
    "order.sent": "Beställning skickad",
    "order.approved": "Granskad och godkänd",
    "order.attested": "Attesterad",
    "order.noted": "Intern anteckning skriven",
}


class Stranger(Exception):
    pass


def read(sql, values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def who(request, sql=WHO):
    """One query: the session joined to its person."""
    found = read(sql, [request.COOKIES.get("sessionid")])
    if not found:
        raise Stranger
    return found[0]


def reader(request):
    return Me(*who(request, ME))


def day(at):
    return f"{at.day} {MONTHS[at.month]}"


WORDS = {"states": STATES, "verbs": VERBS, "day": day}


def page(request, template, **context):
    known = {"here": request.get_full_path(), **WORDS, **context}
    said = engines["jinja2"].get_template(template).render(known)
    return HttpResponse(said)


def cases(request):
    me = reader(request)
    return page(request, "list.html", me=me, rows=read(LIST, [me.owner, request.GET["state"]]))


def approvals(request):
    me = reader(request)
    return page(
        request, "approvals.html", me=me, rows=read(MINE, [me.owner]), now=datetime.now(UTC)
    )


def case(request, number):
    me = reader(request)
    (row,) = read(ONE, [number])
    data, events = json.loads(row[-2]), read(EVENTS, [row[-1]])
    return page(request, "open.html", me=me, row=row, data=data, events=events)


def create(request):
    return written(request, rows.create)


def send(request, number):
    return written(request, rows.send, number)


def note(request, number):
    return written(request, rows.note, number)


def written(request, write, *number):
    person, organisation = who(request)
    with transaction.atomic(), connection.cursor() as cursor:
        told = write(cursor, *number, person, organisation, json.loads(request.body))
    return JsonResponse(told)


urlpatterns = [
    path("cases/", cases),
    path("approvals/", approvals),
    path("cases/<slug:number>", case),
    path("create", create),
    path("cases/<slug:number>/send", send),
    path("cases/<slug:number>/note", note),
]
application = get_wsgi_application()

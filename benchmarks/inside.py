"""What only Ombud itself can tell, as JSON: a login for each reader, the statements of a request.

Run with the environment of the measured database: `python -m benchmarks.inside`.
"""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ombud.config.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib import auth  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from benchmarks import scenes  # noqa: E402
from ombud.orders.models import Order  # noqa: E402
from ombud.people import hats, login  # noqa: E402
from ombud.people.models import Membership, Organisation, Person, Token  # noqa: E402
from ombud.people.sessions import SessionStore  # noqa: E402


def told() -> dict:
    """The readers of one database, and how many statements each scene takes there."""
    agent = Organisation.objects.filter(kinds=["agent"]).order_by("pk").first()
    long = Order.objects.filter(case__head_seq=20).exclude(state="draft").order_by("pk")
    order = long.filter(state="customer_attest").first() or long.first()
    readers = {
        "handler": logged_in(Person.objects.get(username=f"handler-{agent.pk}")),
        "orderer": logged_in(order.orderer),
    }
    known = {"number": order.case.number, "agent": agent.number, **readers}
    return known | {"statements": statements(known)}


def logged_in(person: Person) -> dict[str, str]:
    """A session and a token, as after a login."""
    place = Membership.objects.select_related("organisation").get(person=person).organisation
    session = SessionStore()
    session.update(
        {
            auth.SESSION_KEY: str(person.pk),
            auth.BACKEND_SESSION_KEY: login.BACKEND,
            auth.HASH_SESSION_KEY: person.get_session_auth_hash(),
            hats.CHOSEN: place.pk,
        }
    )
    session.create()
    key = f"token of {session.session_key}"
    Token.objects.create(person=person, organisation=place, sha256=Token.digest(key))
    return {"session": str(session.session_key), "token": key}


def statements(known: dict) -> dict[str, int]:
    """Counted in this process: as the servers do them, but for what a first request reads once."""
    made: list[str] = []
    found = {}
    for scene in scenes.SCENES:
        for _again in range(2):
            number = made.pop() if scene.uses else known["number"]
            found[scene.key], body = counted(scene.of_ombud(known, number))
            if scene.key == "create":
                made.append(json.loads(body)["number"])
    return found


def counted(ask: scenes.Ask) -> tuple[int, bytes]:
    count = 0

    def run(execute, sql, params, many, context):
        nonlocal count
        count += 1
        return execute(sql, params, many, context)

    client = Client(headers=ask.headers)
    with connection.execute_wrapper(run):
        answer = client.generic(ask.method, ask.path, ask.body, "application/json")
    if answer.status_code not in (200, 201):
        sys.exit(f"{ask.method} {ask.path} answered {answer.status_code}: {answer.content[:500]!r}")
    return count, answer.content


if __name__ == "__main__":
    settings.ALLOWED_HOSTS.append("testserver")
    print(json.dumps(told()))

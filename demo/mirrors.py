"""The service desk of the sandbox, linked: set up, verified and switched on by real deeds."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from demo.outside import Outside
from demo.places import NORDVARD
from demo.stage import NotDone, Stage
from ombud.cases.models import Case
from ombud.people.actors import THE_SYSTEM
from ombud.sync import actions, carrying, checking, forms, ledger, steps
from ombud.sync.models import System

KEEPER = "operator-admin"
NUMBER = "10482"


def link_agiloft(stage: Stage) -> System:
    """From now on what is owed is carried there, and a button pressed there is heard here."""
    here, by = stage.organisation(NORDVARD), stage.actor(KEEPER, NORDVARD)
    typed = {
        "name": "Agiloft",
        "base_url": settings.AGILOFT_URL,
        "kb": settings.AGILOFT_KB,
        "login": settings.AGILOFT_LOGIN,
        "secret": settings.AGILOFT_PASSWORD,
        "delay_seconds": 0,
        "probe": NUMBER,
    }
    arguments = forms.SetSystem.model_validate(typed).model_dump(mode="json")
    entry = actions.set_system(here, by=by, **arguments)
    system = System.objects.get(pk=entry.data["system"])
    with answering_the_door():
        actions.verify_system(here, by=by, system=system.pk)
        tried = checking.run(system)
    if not tried.verified_at:
        failed = [one for one in tried.checks if not one["ok"]]
        raise NotDone(f"The link to the service desk is not verified: {failed}")
    actions.switch_system(here, by=by, system=system.pk, on=True)
    return System.objects.get(pk=system.pk)


def mirror(outside: Outside, system: System, case: Case) -> None:
    """A case whose ledger has come to everything: the same, on its way, different, refused."""
    known = {"customer_name": "Anna Ek", "summary": "Trasig skärm"}
    told = {
        "request_id": "INQ0000001",
        "request_status": "Sent",
        "sms_count": 1,
        "brand": "Nordfon",
    }
    with transaction.atomic():
        steps.link(case, system, "case", NUMBER, by=THE_SYSTEM, known=known)
        steps.owe(case, told, by=THE_SYSTEM, key="sent")
    carrying.run(system)
    outside.tell("agiloft/records", id=NUMBER, fields={"customer_name": "Anna Berg"})
    answered = {"customer_name": "Anna Ek Berg", "continue_in": "Nowhere", "model": "N1"}
    with transaction.atomic():
        steps.owe(case, answered, by=THE_SYSTEM, key="answered")
    carrying.run(system)
    if ledger.state(case) != "dead":
        raise NotDone(f"The ledger of {case} is {ledger.state(case)}")
    with transaction.atomic():
        steps.owe(case, {"sms_count": 2}, by=THE_SYSTEM, key="reminded")


@contextmanager
def answering_the_door() -> Iterator[None]:
    """While the house is not up yet somebody stands at its door and repeats the code."""

    class Porter(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Verification-Code", self.headers["Verification-Code"] or "")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *words: object) -> None:
            pass

    class Door(http.server.ThreadingHTTPServer):
        allow_reuse_port = True  # the port is held for the house already

    place = urlsplit(settings.WEB_URL)
    server = Door(("127.0.0.1", place.port or 80), Porter)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()

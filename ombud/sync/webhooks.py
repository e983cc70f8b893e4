"""What another system tells us: the handshake, and that somebody pressed a button. The body is
trusted for nothing but where to look: the case is read anew."""

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from ombud.lib import clock
from ombud.lib.shapes import is_keepable
from ombud.sync import calling
from ombud.sync.models import Press, System

CODE = "Verification-Code"
FITTING = re.compile(r"[\x21-\x7e]{4,200}")
MOST = 256 * 1024
NUMBERS = ("record_id", "id", "recordId", "entry_fields.id")
TABLES = ("table_name", "table", "tableName")
PATIENCE = 20.0

log = structlog.get_logger()


@dataclass(frozen=True)
class Heard:
    """What to answer, and what was pressed, if it is news: table and number of the record, and the
    stamp of the press."""

    response: HttpResponse
    table: str = ""
    number: str = ""
    stamp: str = ""

    @property
    def is_news(self) -> bool:
        return bool(self.number)


@transaction.atomic
def answer(system: System, request: HttpRequest) -> Heard:
    """Answer whoever knocks at a system's secret address (`System.objects.of_hook`); within the
    caller's transaction, if what is news shall not be lost between this and what follows."""
    code = request.headers.get(CODE, "")
    if request.method == "GET":
        is_asked = FITTING.fullmatch(code) is not None
        return Heard(echo(code) if is_asked else HttpResponse(status=404))
    body = read(request)
    if body is None:
        return Heard(HttpResponse(status=400))
    if not knows(system, request, body):
        return refused(system)
    table, number = said(body, TABLES) or system.table, said(body, NUMBERS)
    if table != system.table or not re.fullmatch(r"[0-9]{1,18}", number):
        return Heard(echo(code, 422))
    System.objects.filter(pk=system.pk).update(hook_seen_at=clock.now())
    stamp = stamp_of(system, request, body)
    if not is_first(system, table, number, stamp):
        return Heard(echo(code))
    return Heard(echo(code), table, number, stamp)


def fetch(system: System, table: str, number: str) -> dict[str, str | None]:
    """The record as it is there now, by our names; a Fault (sync/faults.py) where it cannot be
    read. Talks to the network: no transaction may be open."""
    with calling.to(system, PATIENCE) as line:
        return line.read(table, number, system.mapped)


def read(request: HttpRequest) -> dict | None:
    if len(request.body) > MOST:
        return None
    try:
        body = json.loads(request.body)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) and is_keepable(body) else None


def knows(system: System, request: HttpRequest, body: dict) -> bool:
    """In a header, or in the body where whatever stands between has dropped the header."""
    told = request.headers.get("state_key") or request.headers.get("State-Key")
    told = told or body.get("state_key") or ""
    return any([constant_time_compare(str(told), known) for known in system.state_keys])


def refused(system: System) -> Heard:
    log.warning("sync.hook_refused", system=system.pk)
    System.objects.filter(pk=system.pk).update(
        refused_at=clock.now(), refused_count=F("refused_count") + 1
    )
    return Heard(HttpResponse(status=403))


def echo(code: str, status: int = 200) -> HttpResponse:
    """The code once more, in a header and in the body."""
    if not FITTING.fullmatch(code):
        return HttpResponse(status=status)
    return JsonResponse({CODE: code}, status=status, headers={CODE: code})


def said(body: dict, paths: tuple[str, ...]) -> str:
    """The first of these places that holds anything plain."""
    for path in paths:
        found: Any = body
        for step in path.split("."):
            found = found.get(step) if isinstance(found, dict) else None
        if isinstance(found, str | int) and not isinstance(found, bool) and str(found):
            return str(found)
    return ""


def stamp_of(system: System, request: HttpRequest, body: dict) -> str:
    """When the button was pressed, as it says; else the whole body, which is the same when it is
    sent once more."""
    column = system.column("pressed_at")
    told = said(body, (f"entry_fields.{column.column}", column.column)) if column else ""
    return stamped(told or request.body.decode("utf-8", "replace"))


def stamped(told: str) -> str:
    return hashlib.sha256(told.encode()).hexdigest()


def is_press(system: System, number: str, record: dict[str, str | None], stamp: str) -> bool:
    """Whether the record itself says that its button was pressed: a notification may come of any
    change. Where it told of no press, `stamp` is of its body, and the record's own press counts
    once. Within the transaction of what comes of it."""
    if system.column("pressed_at") is None:
        return True
    pressed = record.get("pressed_at") or ""
    if not pressed:
        return False
    is_told = stamp in ("", stamped(pressed))
    return is_told or is_first(system, system.table, number, stamped(pressed))


def is_first(system: System, table: str, number: str, stamp: str) -> bool:
    try:
        with transaction.atomic():
            Press.objects.create(system=system, table=table, number=number, stamp=stamp)
    except IntegrityError:
        return False
    return True

"""Idempotency-Key: a request that is sent twice is done once, and answered twice the same.

A deed and the keeping of its answer are one transaction: a crash leaves both or neither. What
talks to the world outside wants no open transaction: its row is claimed first, and a claim that
nobody finished is free again after a while.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from ombud.desk.api.problems import plain
from ombud.desk.kinds import SIGNED
from ombud.desk.models import Reply
from ombud.lib import clock

HEADER, REPLAYED, LONGEST = "Idempotency-Key", "Idempotent-Replayed", 255
CLAIM = timedelta(seconds=60)  # longer than any provider is waited for
HEADERS = ("Content-Type", "Location", "ETag", "Preference-Applied")
NOTHING_TRIED = {400, 401, 406, 412, 413, 415, 422, 428, 429}

Run = Callable[[], HttpResponse]


def honoured(request: HttpRequest, run: Run) -> HttpResponse:
    """Run, or answer as the first time."""
    key = request.headers.get(HEADER)
    if request.method != "POST" or key is None:
        return run()
    if not 0 < len(key) <= LONGEST or "\0" in key:
        fault = {"field": HEADER, "text": _("A key has 1 to 255 characters.")}
        return plain(422, fault["text"], errors=[fault])
    asked = Reply(key=key, asked=digest(request), **whose(request))
    return claimed(asked, run) if talks_outside(request.path) else as_one(asked, run)


def talks_outside(path: str) -> bool:
    """A deed under signature, and whatever is done to a signing, ask the provider; a request to a
    customer asks the system where its case is a record."""
    last = path.rpartition("/")[2]
    return "/signings/" in path or last in SIGNED or last in ("inquiries", "start_inquiry")


def whose(request: HttpRequest) -> dict:
    actor = request.actor  # type: ignore[attr-defined]
    return {"person": actor.person, "organisation": actor.organisation}


def digest(request: HttpRequest) -> str:
    """Method, path and body; of files what they hold, for the wrapping differs each time."""
    said = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        said.update(request.body)
        return said.hexdigest()
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            said.update(f"{name}\n{file.name}\n{file.size}\n".encode())
            for chunk in file.chunks():
                said.update(chunk)
            file.seek(0)
    return said.hexdigest()


class Fell(Exception):
    """Our own fault: what was done is undone, the answer is kept all the same."""

    def __init__(self, response: HttpResponse):
        self.response = response


def as_one(asked: Reply, run: Run) -> HttpResponse:
    """The deed and its answer in one transaction."""
    try:
        with transaction.atomic():
            if earlier := met(asked):
                return earlier
            response = run()
            if response.status_code >= 500:
                raise Fell(response)
            keep(asked, response)
            return response
    except Fell as fell:
        keep(asked, fell.response)
        return fell.response


def claimed(asked: Reply, run: Run) -> HttpResponse:
    """The claim, the deed, the answer: three transactions, for the deed has several."""
    with transaction.atomic():
        if earlier := met(asked):
            return earlier
        claim(asked)
    response = run()
    keep(asked, response)
    return response


def met(asked: Reply) -> HttpResponse | None:
    """What a request under the same key, before or beside this one, makes of this one."""
    if not alone(asked):
        return twin()
    kept = known(asked).first()
    if kept is None:
        return None
    if kept.asked != asked.asked:
        return plain(422, _("This Idempotency-Key has stood for another request."))
    if kept.status is None:
        return twin() if kept.begun_at > clock.now() - CLAIM else None
    return replay(kept)


def alone(asked: Reply) -> bool:
    """Whether nobody else is at the same key; held until the transaction ends."""
    name = f"reply {asked.person_id}@{asked.organisation_id} {asked.key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return cursor.fetchone()[0]


def known(asked: Reply):
    return Reply.objects.filter(**key_of(asked))


def key_of(asked: Reply) -> dict:
    return {"person": asked.person, "organisation": asked.organisation, "key": asked.key}


def claim(asked: Reply) -> None:
    known(asked).delete()
    asked.save()


def keep(asked: Reply, response: HttpResponse) -> None:
    """Keep the answer, unless it says that nothing was tried."""
    is_early = getattr(response, "waits_for_proof", False)
    if is_early or (
        response.status_code in NOTHING_TRIED and not getattr(response, "was_tried", False)
    ):
        known(asked).filter(status=None).delete()
        return
    answer = {
        "status": response.status_code,
        "headers": {name: response[name] for name in HEADERS if name in response},
        "body": getattr(response, "kept_as", response.content).decode(),
    }
    known(asked).update_or_create({"asked": asked.asked, **answer}, **key_of(asked))


def replay(kept: Reply) -> HttpResponse:
    response = HttpResponse(kept.body, status=kept.status, headers=kept.headers)
    response[REPLAYED] = "true"
    return response


def twin() -> HttpResponse:
    return plain(409, _("A request with the same Idempotency-Key is under way."))

"""Every no of this door, as problem+json; and how a page of documentation tells of it."""

from functools import cache
from typing import Any

import structlog
from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from ombud.desk.programs import problem, words
from ombud.eid.codes import CodeRefused
from ombud.lib import shapes
from ombud.lib.errors import Misshapen, Refused
from ombud.people.account.proofs import StepUp

log = structlog.get_logger()


class Stop(Exception):
    """An answer that ends the request, with the words of its status or with others."""

    def __init__(self, status: int, detail: str = "", **told):
        self.status, self.detail, self.told = status, detail, told
        super().__init__(f"{status} {detail}")


def plain(status: int, detail: str = "", **told) -> HttpResponse:
    return problem(status, {"detail": detail or words(status), **told})


def stopped(request: HttpRequest, no: Stop) -> HttpResponse:
    return plain(no.status, no.detail, **no.told)


def polite(request: HttpRequest, no: Refused | Misshapen) -> HttpResponse:
    return problem(no.status, no.as_json())


def unproved(request: HttpRequest, no: StepUp) -> HttpResponse:
    """Nothing was tried: the same request under the same key goes on after the confirmation."""
    response = polite(request, no)
    response.waits_for_proof = True  # type: ignore[attr-defined]
    return response


def too_often(request: HttpRequest, no: CodeRefused) -> HttpResponse:
    """A code that may be asked for later is 429; one that never may is a refusal."""
    if not no.wait:
        return polite(request, no)
    response = problem(429, no.as_json())
    response["Retry-After"] = str(no.wait)
    return response


def misread(request: HttpRequest, no: ValidationError) -> HttpResponse:
    """Wrong values in the address, field by field."""
    faults = [
        {"field": ".".join(map(str, fault["loc"][1:])), "text": shapes.words(dict(fault))}
        for fault in no.errors
    ]
    return problem(422, Misshapen(faults).as_json())


def absent(request: HttpRequest, no: Exception) -> HttpResponse:
    return plain(404)


def unauthenticated(request: HttpRequest, no: Exception | None = None) -> HttpResponse:
    response = plain(401)
    response["WWW-Authenticate"] = "Bearer"
    return response


def unreadable(request: HttpRequest, no: Exception) -> HttpResponse:
    return plain(400)


def too_large(request: HttpRequest, no: Exception) -> HttpResponse:
    return plain(413)


def at_once(request: HttpRequest, no: IntegrityError) -> HttpResponse:
    """The database refused the impossible: somebody else was there at the same moment."""
    log.warning("api.conflict", error=str(no))
    return plain(409, _("Somebody else did this at the same moment. Read it anew."))


def worded(request: HttpRequest, no: HttpError) -> HttpResponse:
    return plain(no.status_code)


def fallen(request: HttpRequest, no: Exception) -> HttpResponse:
    """Our own fault: the log tells why, the answer does not."""
    log.exception("api.fell", path=request.path)
    return plain(500)


SAID: dict[type[Exception], Any] = {
    Stop: stopped,
    StepUp: unproved,
    Refused: polite,
    Misshapen: polite,
    CodeRefused: too_often,
    ValidationError: misread,
    Http404: absent,
    AuthenticationError: unauthenticated,
    RequestDataTooBig: too_large,
    SuspiciousOperation: unreadable,
    BadRequest: unreadable,
    MultiPartParserError: unreadable,
    UnreadablePostError: unreadable,
    IntegrityError: at_once,
    HttpError: worded,
    Exception: fallen,
}


def say_all(api: NinjaAPI) -> None:
    for no, said in SAID.items():
        api.add_exception_handler(no, said)


# How the documentation tells of them

REASON = {
    "type": "object",
    "required": ["code", "text", "because", "who"],
    "properties": {
        "code": {"type": "string"},
        "text": {"type": "string"},
        "because": {"enum": ["right", "time"]},
        "who": {"type": "string"},
    },
}
FAULT = {
    "type": "object",
    "required": ["field", "text"],
    "properties": {"field": {"type": "string"}, "text": {"type": "string"}},
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "reasons": {"type": "array", "items": {"$ref": "#/components/schemas/Reason"}},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
        "tries_left": {"type": "integer"},
        "confirm": {"type": "string", "format": "uri"},
    },
}
SCHEMAS = {"Problem": PROBLEM, "Reason": REASON, "Fault": FAULT}
MEANING = {
    400: "The request cannot be read.",
    401: "No token, or one that no longer holds.",
    403: "You lack a right; the reasons say whom to ask. With the reason step_up you have it, and"
    " the token's person must first confirm, in a browser, at the address in confirm.",
    404: "It does not exist, or not for you.",
    406: "Only application/json is answered.",
    409: "Not now: too early, too late, or a request with the same Idempotency-Key is under way.",
    410: "It was here, and is no longer.",
    412: "If-Match names another version than the present one.",
    413: "Too large.",
    415: "The body has another content type than the one that is read here.",
    422: "The shape is wrong; the errors say where. Or the Idempotency-Key stood for another body.",
    428: "An edit wants If-Match.",
    429: "Too often; Retry-After says in how many seconds.",
}


@cache
def told(status: int) -> dict:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {"description": MEANING[status], "content": content}

"""What stands before every operation: a token, and a body that can be read."""

import json
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from ombud.desk.api import once
from ombud.desk.api.problems import Stop, plain, unauthenticated
from ombud.people.actors import Actor

JSON, MULTIPART = "application/json", "multipart/form-data"
FILES = ("/api/v1/documents/", "/api/v1/terms/")
MOST_JSON = 1024 * 1024
MOST_FILE = 10 * 1024 * 1024 + 64 * 1024  # ten megabytes, and what is wrapped around them


class Token:
    """How the documentation tells of the token; ActorMiddleware has read it already."""

    openapi_security_schema = {"type": "http", "scheme": "bearer"}

    def __call__(self, request: HttpRequest) -> bool:
        return actor_of(request).person is not None


def actor_of(request: HttpRequest) -> Actor:
    return request.actor  # type: ignore[attr-defined]


def opened(run: Callable) -> Callable:
    """Around an operation: refuse strangers, and what cannot be read."""

    @wraps(run)
    def through(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if barred := bar(request):
            return barred
        response = once.honoured(request, partial(run, request, *args, **kwargs))
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return through


def bar(request: HttpRequest) -> HttpResponse | None:
    if not Token()(request):
        return unauthenticated(request)
    if not takes_our_answer(request):
        return plain(406)
    if request.method != "POST":
        return None
    wanted, most = read_here(request)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit():
        return plain(400)
    if int(length) > most:
        return plain(413)
    is_empty = length == "0" and wanted == JSON
    return None if is_empty or request.content_type == wanted else plain(415)


def takes_our_answer(request: HttpRequest) -> bool:
    is_file = request.path.startswith(FILES)
    return is_file or request.accepts(JSON) or request.accepts("application/problem+json")


def read_here(request: HttpRequest) -> tuple[str, int]:
    """The content type that is read at this address, and how much of it."""
    return (MULTIPART, MOST_FILE) if request.path.endswith("/documents") else (JSON, MOST_JSON)


def typed(request: HttpRequest) -> Any:
    """The body, read once and strictly: no NaN."""
    try:
        return json.loads(request.body or b"{}", parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        raise Stop(400) from error


def refuse(constant: str) -> None:
    raise ValueError(constant)

"""Logs: one JSON object a line on stderr, with the request's id and without secrets."""

import logging
import os
import re
import sys
import time
from collections.abc import Callable
from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from structlog.typing import Processor

SECRET = re.compile(
    r"password|secret|token|(?<!status_)code|cookie|authorization|personal_?number|key$", re.I
)
# Written with the century, or as people write it; an organisation's number has no such month.
PERSONAL_NUMBER = re.compile(
    r"\b(?:(?:19|20)\d{6}[-+]?\d{4}|\d\d(?:0[1-9]|1[0-2])[0-9]\d[-+]\d{4})\b"
)
# The doors whose address is itself a key: whoever reads the log must not be able to use it.
KEY_IN_PATH = re.compile(
    r"(/post/reports/[^/\s]*/|/password/reset/key/|/agreements/link/|/verify/|/i/|/hooks/agiloft/)"
    r"[^/\s?'\"]+"
)
EASY_TO_READ_OUT = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
QUIET = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "procrastinate": logging.WARNING}

log = structlog.get_logger("ombud.request")


def write_to_stderr(level: str) -> None:
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        without_secrets,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [stream]
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)


def without_secrets(logger, method, event):
    """No line carries a password, a code, a token or a personal number."""
    event.pop("request", None)  # Django adds the whole request, query and all
    return {name: told(name, value) for name, value in event.items()}


def told(name: str, value: Any) -> Any:
    """What may be told of a value under a name, however deep it lies."""
    if SECRET.search(name):
        return "(hidden)"
    if isinstance(value, dict):
        return {str(key): told(str(key), inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [told("", inner) for inner in value]
    if value is None or isinstance(value, bool | int | float | logging.LogRecord):
        return value
    return KEY_IN_PATH.sub(r"\1(hidden)", PERSONAL_NUMBER.sub("(personal number)", str(value)))


def reference() -> str:
    """Ten letters of chance that can be read out over a telephone."""
    return "".join(EASY_TO_READ_OUT[byte % len(EASY_TO_READ_OUT)] for byte in os.urandom(10))


class RequestLogMiddleware:
    """One line a request; its id goes with every line written on its behalf, and to the asker."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        name = reference()
        request.reference = name  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=name):
            response = self.get_response(request)
            log.info(
                "request",
                method=request.method,
                path=request.path,  # never the query: links may carry secrets
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
        response.headers["X-Request-Id"] = name
        return response

"""Logs: one JSON object a line on stderr, with the request's id and without secrets."""

import logging
import re
import sys
import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import get_random_string
from structlog.typing import Processor

SECRET = re.compile(
    r"password|secret|token|(?<!status_)code|cookie|authorization|personal_?number|key$", re.I
)
LINK = re.compile(r"/link/[^/]+/")
PERSONAL_NUMBER = re.compile(r"\b(?:19|20)\d{6}-?\d{4}\b")
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
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
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
    for name, value in event.items():
        if SECRET.search(name):
            event[name] = "(hidden)"
        elif isinstance(value, str):
            event[name] = PERSONAL_NUMBER.sub("(personal number)", value)
    return event


class RequestLogMiddleware:
    """One line a request; its id goes with every line written on its behalf, and to the asker."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        name = get_random_string(12)
        with structlog.contextvars.bound_contextvars(request_id=name):
            response = self.get_response(request)
            log.info(
                "request",
                method=request.method,
                path=LINK.sub(
                    "/link/(hidden)/", request.path
                ),  # never the query, nor a guest's link
                status=response.status_code,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
        response.headers["X-Request-Id"] = name
        return response

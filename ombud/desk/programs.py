"""A no to a program: problem+json (RFC 9457)."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

PROBLEM = "application/problem+json"


def for_program(request) -> bool:
    return request.path.startswith("/api/")


def is_problem(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith(PROBLEM)


def problem(status: int, told: dict) -> JsonResponse:
    head = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    plain = {"ensure_ascii": False}
    return JsonResponse(
        {**head, **told}, status=status, json_dumps_params=plain, content_type=PROBLEM
    )


def reworded(response: HttpResponse) -> JsonResponse:
    """An answer of the framework's own, said as a problem; it keeps what the caller needs."""
    said = problem(response.status_code, {"detail": words(response.status_code)})
    for name in ("Allow", "Retry-After"):
        if name in response.headers:
            said[name] = response.headers[name]
    return said


def words(status: int) -> str:
    return {
        400: _("The request cannot be read."),
        401: _("Send a program's token: Authorization: Bearer TOKEN."),
        404: _("There is nothing here, or it is not yours to see."),
        405: _("This cannot be done here."),
        406: _("This answers in application/json."),
        410: _("This is no longer here."),
        412: _("It has changed since you read it. Read it anew."),
        413: _("This is too large."),
        415: _("This kind of content is not read here."),
        503: _("The database cannot be reached right now. Try again in a while."),
        428: _("Say which version you have read: send its ETag as If-Match."),
    }.get(status, _("Something went wrong. Try again."))

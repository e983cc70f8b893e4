"""A polite no in words: a page for people, problem+json for programs."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _

from ombud.desk import refusals
from ombud.lib.errors import Misshapen, Refused

PROBLEM = "application/problem+json"


class RefusalMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request) -> HttpResponse:
        response = self.get_response(request)
        if for_program(request) and response.status_code >= 400 and not is_problem(response):
            return reworded(response)
        return response

    def process_exception(self, request, no) -> HttpResponse | None:
        if not isinstance(no, Refused | Misshapen):
            return None
        if for_program(request):
            return problem(no.status, no.as_json())
        return refusals.page(request, no)


def for_program(request) -> bool:
    return request.path.startswith("/api/")


def is_problem(response: HttpResponse) -> bool:
    return response.headers.get("Content-Type", "").startswith(PROBLEM)


def problem(status: int, told: dict) -> JsonResponse:
    """RFC 9457."""
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
        428: _("Say which version you have read: send its ETag as If-Match."),
    }.get(status, _("Something went wrong. Try again."))

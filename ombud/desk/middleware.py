"""A polite no in words: a page for people, problem+json for programs."""

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from ombud.lib.errors import Misshapen, Refused


class RefusalMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request, no) -> HttpResponse | None:
        if not isinstance(no, Refused | Misshapen):
            return None
        if request.path.startswith("/api/"):
            return problem(no.status, no.as_json())
        return render(request, "desk/refusal.html", {"no": no}, status=no.status)


def problem(status: int, told: dict) -> JsonResponse:
    """RFC 9457."""
    body = {"type": "about:blank", "status": status, **told}
    return JsonResponse(body, status=status, content_type="application/problem+json")

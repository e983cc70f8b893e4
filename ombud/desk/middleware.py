"""A polite no in words: a page for people, problem+json for programs."""

from django.http import HttpResponse

from ombud.desk import refusals
from ombud.desk.programs import for_program, is_problem, problem, reworded
from ombud.lib.errors import Misshapen, Refused


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

"""A request for the page of components, as it comes through its door."""

from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.urls import resolve

from ombud.ui import views


def request(language: str = "en") -> HttpRequest:
    made = RequestFactory().get("/ui/", {"lang": language})
    made.resolver_match = resolve("/ui/", "tests.ui.urls")
    made.htmx = False  # type: ignore[attr-defined]
    return made


def page(language: str = "en") -> HttpResponse:
    return views.page(request(language))

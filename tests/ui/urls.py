"""The look's doors and nothing else: for tests of the look alone."""

from django.contrib.staticfiles.views import serve
from django.http import HttpResponse
from django.urls import include, path


def nothing(request):
    return HttpResponse("")


people = (
    [path("switch/", nothing, name="switch"), path("language/", nothing, name="language")],
    "people",
)
desk = (
    [path("search/", nothing, name="search"), path("notices/", nothing, name="notices")],
    "desk",
)
urlpatterns = [
    path("ui/", include("ombud.ui.urls")),
    path("people/", include(people)),
    path("", include(desk)),
    path("logout/", nothing, name="account_logout"),
    path("static/<path:path>", serve, {"insecure": True}),
]

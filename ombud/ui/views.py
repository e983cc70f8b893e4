"""The living page of components, and the choice of colours."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from ombud.ui import fragments, samples

SCHEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 60 * 60


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every component in every state; ?lang= and ?scheme= choose how."""
    if settings.ENV.env == "production":
        raise Http404
    language = request.GET.get("lang", "")
    if language not in dict(settings.LANGUAGES):
        language = translation.get_language()
    with translation.override(language):
        return fragments.render(request, "ui/page.html", samples.context(request, language))


@require_POST
def scheme(request: HttpRequest) -> HttpResponse:
    """Keep the choice of colours, and go back to where it was made."""
    answer = HttpResponseRedirect(_back(request))
    chosen = request.POST.get("scheme", "")
    if chosen in SCHEMES:
        secure = settings.SESSION_COOKIE_SECURE
        answer.set_cookie("scheme", chosen, max_age=YEAR, secure=secure, samesite="Lax")
    return answer


def _back(request: HttpRequest) -> str:
    to = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(to, {request.get_host()}, request.is_secure())
    return to if ours else "/"

"""A guide by its name: how a deed is done, in the reader's language."""

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from ombud.desk.guides import GUIDES, WIDTH
from ombud.ui import fragments


@require_safe
def guide(request, name: str) -> HttpResponse:
    if name not in GUIDES:
        raise Http404
    context = {
        "guide": GUIDES[name],
        "others": [(key, one.title) for key, one in GUIDES.items() if key != name],
        "width": WIDTH,
        "folder": f"desk/guides/{get_language()}",
    }
    return fragments.render(request, "desk/guide.html", context)

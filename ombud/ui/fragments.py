"""A page, or only the one block of it that htmx asked for."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.utils.cache import patch_vary_headers
from jinja2.runtime import Context

from ombud.ui.around import drawing


def render(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    block: str | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page; for htmx, with a block given, just that block of the same template."""
    page: Any = loader.get_template(template)
    context = dict(context or {})
    if block and getattr(request, "htmx", False):
        body = block_of(page, block, context, request)
    else:
        body = page.render(context, request)
    answer = HttpResponse(body, status=status)
    if block:
        patch_vary_headers(answer, ["HX-Request"])
    return answer


def block_of(page: Any, block: str, context: dict[str, Any], request: HttpRequest) -> str:
    facts = _filled(page, context, request)
    prepared: Context = page.template.new_context(facts)
    # The first step runs the page's own imports and settings and gathers the blocks of the
    # templates it stands on, up to the first piece of text: so the block finds them all.
    with drawing(facts):
        next(page.template.root_render_func(prepared))
        return "".join(prepared.blocks[block][0](prepared))


def _filled(page: Any, context: dict[str, Any], request: HttpRequest) -> dict[str, Any]:
    given: dict[str, Any] = {
        "request": request,
        "csrf_input": csrf_input_lazy(request),
        "csrf_token": csrf_token_lazy(request),
    }
    for processor in page.backend.template_context_processors:
        given.update(processor(request))
    return given | context

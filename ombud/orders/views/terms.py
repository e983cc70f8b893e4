"""The terms of an order by themselves: to read, print and keep. ?of=agent: the agent's own."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from ombud.orders import finding, terms
from ombud.orders.catalogue import Terms
from ombud.orders.models import Order
from ombud.orders.states import State
from ombud.orders.views.drafting import as_sent_now
from ombud.people.settings import said
from ombud.ui import fragments


@require_safe
def page(request, number: str) -> HttpResponse:
    order, row = found(request, number)
    context = {
        "order": order,
        "number": order.case.number,
        "terms": row,
        "terms_text": terms.text(row),
        "of": request.GET.get("of", ""),
        "said": said,
    }
    return fragments.render(request, "order/terms.html", context)


@require_safe
def pdf(request, number: str, version: int) -> HttpResponse:
    """The version stands in the address, so that a link says which words it leads to."""
    _order, row = found(request, number)
    if row.version != version:
        raise Http404
    return terms.as_pdf(request, row)


def found(request, number: str) -> tuple[Order, Terms]:
    """The terms that the reader's side has accepted, or is to accept."""
    order, eyes = finding.of(request.actor, number)
    if order.state == State.DRAFT:
        as_sent_now(order)
    agents = order.agent_terms if eyes.see("agent") else None
    row = agents if request.GET.get("of") == "agent" else order.terms
    if row is None:
        raise Http404
    return order, row

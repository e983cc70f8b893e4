"""The page of an order, and what is done on it at one press."""

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from ombud.cases import looks, timeline
from ombud.cases.deeds import named
from ombud.eid import challenges
from ombud.lib import clock
from ombud.lib.errors import Misshapen, Refused
from ombud.orders import finding, once, pages
from ombud.orders.deeds import DEEDS
from ombud.orders.models import Order
from ombud.people import flashes, keys
from ombud.signing import ceremony
from ombud.signing.models import Signature
from ombud.ui import fragments


@require_safe
def page(request, number: str) -> HttpResponse:
    order, eyes = finding.whole(request.actor, number, hats_of(request))
    request.tally = dict(vars(order)["tally"])
    if "X-Live" not in request.headers:
        seen(request, order, eyes)
    events = timeline.read(order.case, eyes)
    context = pages.Page(order, request.actor, eyes, events).context()
    return fragments.render(request, "order/order.html", {**context, "key": once.key()})


def hats_of(request) -> dict:
    return keys.everywhere(request.actor.person, request.hats)


def seen(request, order, eyes) -> None:
    """Who opens an order has seen it, and read what was told of it."""
    actor, now = request.actor, clock.now()
    if order.looked_at is None or order.looked_at < eyes.moved_at:
        looks.look(actor.person, order.case, now)
    if order.unread:
        looks.read(request, order.case.number)


@require_safe
def whole(request, number: str) -> HttpResponse:
    """All of it to read beside another tab; nothing can be done here."""
    order, eyes = finding.whole(request.actor, number)
    events = timeline.read(order.case, eyes)
    context = pages.Page(order, request.actor, eyes, events).context()
    return fragments.render(request, "order/whole.html", {**context, "now": clock.now()})


@require_POST
def note(request, number: str) -> HttpResponse:
    text = request.POST.get("text", "")
    return press(request, number, "note", {"text": text}, anchor="#notes")


@require_POST
def release(request, number: str) -> HttpResponse:
    return press(request, number, "release", {})


@require_POST
def start(request, number: str) -> HttpResponse:
    return press(request, number, "start", {})


@require_POST
def report_connected(request, number: str) -> HttpResponse:
    return press(request, number, "report_connected", {})


@require_POST
def discard(request, number: str) -> HttpResponse:
    """Its own page says that it is gone, and takes it back at a press."""
    return press(request, number, "discard", {})


@require_POST
def restore(request, number: str) -> HttpResponse:
    return press(request, number, "restore", {})


@require_POST
def copy(request, number: str) -> HttpResponse:
    """Copy and correct: on to the new draft; a held order's needs another agent first."""
    return press(request, number, "copy", {})


def press(request, number: str, name: str, typed: dict, anchor: str = "") -> HttpResponse:
    """One deed at one press. Too late or empty is told on the page; no right is a refusal."""
    order, _eyes = finding.of(request.actor, number)
    here = reverse("order:case", args=[order.case.number])

    def do() -> str:
        done = ceremony.perform(named(DEEDS, name), order, typed, by=request.actor)
        copied = isinstance(done, Order) and done.pk != order.pk
        door = "order:agent" if order.held_at else "order:details"
        return reverse(door, args=[done.case.number]) if copied else here + anchor

    try:
        return redirect(once.only(request.actor, request.POST.get("key", ""), do))
    except Misshapen as no:
        flashes.tell(request, no.errors[0]["text"], "late")
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no), "late")
    return redirect(here)


@require_safe
def evidence(request, number: str, signature: str) -> HttpResponse:
    """What was signed and how, for the signer's own organisation to keep."""
    order, _eyes = finding.of(request.actor, number)
    row = Signature.objects.filter(pk=signature, case=order.case, status="complete")
    signed = row.select_related("challenge", "person", "organisation").first()
    if signed is None or not request.actor.is_here(signed.organisation):
        raise Http404
    answer = JsonResponse(kept(signed), json_dumps_params={"ensure_ascii": False, "indent": 2})
    name = f"{order.case.number}-{signed.pk}.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def kept(signed: Signature) -> dict:
    return {
        "case": signed.case.number,
        "signer": str(signed.person),
        "organisation": signed.organisation.name,
        "method": signed.method,
        "signed_at": signed.signed_at,
        "document": signed.document,
        "snapshot": signed.snapshot,
        "claims": signed.claims,
        "evidence": challenges.evidence(signed.challenge) if signed.challenge else {},
    }

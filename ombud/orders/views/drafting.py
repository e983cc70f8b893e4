"""A draft, page by page: details, price and terms, review and send, receipt."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ombud.cases.deeds import named
from ombud.cases.models import Case
from ombud.cases.sight import Eyes
from ombud.lib.errors import Misshapen, Refused, require, time
from ombud.orders import (
    agents,
    answers,
    attaching,
    ball,
    costs,
    drafts,
    finding,
    gaps,
    once,
    pages,
    questions,
    road,
    rules,
    terms,
    unit_lists,
)
from ombud.orders.answers import Kept
from ombud.orders.catalogue import Offer
from ombud.orders.deeds import DEEDS
from ombud.orders.models import Order
from ombud.orders.states import DECIDING, State
from ombud.orders.views.ordering import onward
from ombud.people import flashes
from ombud.people.settings import said
from ombud.signing import ceremony
from ombud.ui import forms, fragments
from ombud.ui.forms import Field
from ombud.ui.pieces import PriceLine

MOVED = {
    "price": gettext_lazy("The price has changed since you began. The new one is shown."),
    "terms": gettext_lazy("The terms have a new version since you began. It is shown."),
    "form": gettext_lazy("The questions have changed since you began."),
    "chain": gettext_lazy("The road of approvals has changed since you began."),
}
AFTER_DRAFT = (*DECIDING, State.CASE_OPEN, State.CONNECTING)


def of_a_draft(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The page of a draft; what has been sent shows its receipt or itself, never a form again."""

    @wraps(view)
    def found(request, number: str) -> HttpResponse:
        order, eyes = finding.of(request.actor, number)
        if order.state != State.DRAFT:
            was_sent = request.method == "POST"
            return redirect("order:sent" if was_sent else "order:case", order.case.number)
        require(rules.save(request.actor, order))
        return view(request, order, eyes, as_sent_now(order))

    return found


def as_sent_now(order: Order) -> list[str]:
    """Show the draft by the newest rows, as it would be sent; what has moved since it was begun."""
    before = {name: getattr(order, f"{name}_id") for name in MOVED}
    drafts.repin(order, Offer.objects.newest(order.operator, order.offer.key) or order.offer)
    order.read_at = None  # it is not what stands in its row any more
    moved = [name for name in MOVED if getattr(order, f"{name}_id") != before[name]]
    return [str(MOVED[name]) for name in moved]


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_draft
def details(request, order: Order, eyes: Eyes, moved: list[str]) -> HttpResponse:
    if request.method == "POST" and request.htmx and request.POST.get("do") == "count":
        return count(request, order)
    if request.method == "POST":
        return answers.attempt(request, lambda: write(request, order))
    kept = answers.kept(request)
    groups = {
        "answers": questions.answers(order, kept),
        "contact": questions.contact(order, kept),
        "billing": questions.billing(order.customer_billing, kept, order.customer),
        "office": questions.office(request.actor, order.customer, order.office, kept),
    }
    upload = attaching.field(order, kept.faults(attaching.NAME))
    fields = [*(field for group in groups.values() for field in group), *filter(None, [upload])]
    context = {
        **common(order, eyes, moved),
        "groups": groups,
        "kept": kept,
        "faults": [*unit_faults(kept), *forms.links_of(fields), *file_faults(upload, kept)],
        "units": shown_units(order, kept),
        "attached": attaching.listed(order, eyes),
        "upload": upload,
        "undo": kept.more.get("removed"),
        "most_files": attaching.MOST,
    }
    return fragments.render(request, "order/details.html", context)


def count(request, order: Order) -> HttpResponse:
    """What it costs with the units that are ticked now; nothing is saved."""
    units = unit_lists.ticked(order, request.POST.getlist("units"))
    context = {"lines": lines(order, len(units)), "extra": extra(order)}
    return fragments.render(request, "order/price_now.html", context)


def write(request, order: Order) -> str:
    """Save what is there; go on only when nothing on the page is missing."""
    post, wanted = request.POST, request.POST.get("do", "next")
    alone = (post.get("unit", "").strip(), post.get("unit_name", "").strip())
    typed_units = ";".join(alone) if any(alone) else ""
    ticked = unit_lists.ticked(order, post.getlist("units"))
    units, told = unit_lists.added(ticked, f"{typed_units}\n{post.get('paste', '')}")
    typed = {**questions.typed(order, post), "units": units}
    taken = attaching.take(order, request.FILES.getlist("attachments"), by=request.actor)
    saved = save(request, order, typed, taken)
    is_moved = "remove" in post or "restore" in post
    is_next = wanted == "next" and not is_moved
    is_here = wanted in ("units", "count")
    wrong = [*taken.faults, *(missing(order, saved) if is_next else [])]
    if told and (is_here or not all(line.is_good for line in told)):
        return told_of(request, told, wrong)
    if wrong:
        raise Misshapen(wrong)
    if is_moved or wanted == "files":
        return among_files(request, order)
    if is_here:
        return request.get_full_path()
    if wanted == "leave":
        flashes.tell(request, _("The draft is saved."))
        return reverse("order:case", args=[order.case.number])
    return onward(request, order, "order:price")


def save(request, order: Order, typed: dict, taken: attaching.Taken) -> Order:
    """All of it; what is wrong elsewhere on the page keeps no file out."""
    post, deed = request.POST, named(DEEDS, "save")
    removed, restored = post.get("remove", ""), post.get("restore", "")

    def do(given: dict) -> Order:
        with transaction.atomic():
            Case.objects.locked(order.case)
            files = attaching.now(order, taken, removed=removed, restored=restored)
            saved = ceremony.perform(deed, order, {**given, **files}, by=request.actor)
        assert isinstance(saved, Order)
        return saved

    try:
        return do(typed)
    except Misshapen:
        if taken.files or removed or restored:
            do({})
        raise


def among_files(request, order: Order) -> str:
    """Back to where the files stand; what was removed can be put back from there."""
    key = request.POST.get("remove", "")
    gone = next((row for row in order.attached if str(row.key) == key), None)
    undo = {"id": key, "name": gone.name} if gone else None
    return answers.keep(request, {}, removed=undo) + "#attachments"


def missing(order: Order, saved: Order) -> list[dict]:
    """What this page asks for and did not get; the agent is asked for on another."""
    drafts.repin(saved, order.offer)
    return [gap for gap in gaps.of(saved) if gap["field"] not in ("agent", "source")]


def told_of(request, lines: list[unit_lists.Line], others: list[dict]) -> str:
    """A result per line; the good ones are kept, the wrong ones stay to be put right."""
    wrong = [line.typed for line in lines if not line.is_good]
    count = len(wrong)
    text = ngettext(
        "%(n)s line has wrong characters. It stands below.",
        "%(n)s lines have wrong characters. They stand below.",
        count,
    ) % {"n": count}
    return answers.keep(
        request,
        {},
        errors=[*([{"field": "paste", "text": text}] if wrong else []), *others],
        lines=[vars(line) for line in lines],
        wrong="\n".join(wrong),
    )


def unit_faults(kept: Kept) -> list[tuple[str, str]]:
    places = {"units": "f-units", "paste": "f-paste"}
    return [
        (place, text) for name, place in places.items() for text in kept.errors.get(name, ())
    ] + [
        ("f-units", text)
        for name, texts in kept.errors.items()
        if name.startswith("units.")
        for text in texts
    ]


def file_faults(upload: Field | None, kept: Kept) -> list[tuple[str, str]]:
    """Where there is no field any more, the faults lead to where it stood."""
    return [] if upload else [("attachments", text) for text in kept.faults(attaching.NAME)]


def shown_units(order: Order, kept: Kept) -> list[unit_lists.Listed]:
    rows = unit_lists.of(order)
    if not kept.typed:
        return rows
    return [replace(row, is_ticked=row.hsa_id in kept.values("units", [])) for row in rows]


@require_safe
@of_a_draft
def price(request, order: Order, eyes: Eyes, moved: list[str]) -> HttpResponse:
    context = {**common(order, eyes, moved), "others": others(request, order)}
    return fragments.render(request, "order/price.html", context)


def others(request, order: Order) -> list[Order]:
    """Orders of the same service and agent that are still open: perhaps this one is not needed."""
    same = Order.objects.visible_to(request.actor).filter(
        customer=order.customer, service__key=order.service.key, agent=order.agent
    )
    found = same.filter(state__in=AFTER_DRAFT).exclude(pk=order.pk)
    return list(found.select_related("case").order_by("-pk")[:5])


@require_http_methods(["GET", "HEAD", "POST"])
@of_a_draft
def check(request, order: Order, eyes: Eyes, moved: list[str]) -> HttpResponse:
    """Everything once more, each with a way to change it; then it is sent."""
    if request.method == "POST":
        return answers.attempt(request, lambda: send(request, order))
    kept, lacking = answers.kept(request), gaps.labelled(order)
    context = {
        **common(order, eyes, moved),
        "kept": kept,
        "missing": lacking,
        "agent_barred": agents.against_chosen(order),
        "faults": [("f-accept_terms", text) for texts in kept.errors.values() for text in texts],
        "barred": [] if lacking else rules.send(request.actor, order),
        "answers": pages.answered(order),
        "source": order.source_name,
        "contact": questions.readable(order.contact),
        "attached": attaching.listed(order, eyes),
        "road": [road.ordered(order), *road.planned(order.chain.read, road.names(order))],
        "others": others(request, order),
        "key": once.key(),
    }
    return fragments.render(request, "order/check.html", context)


def send(request, order: Order) -> str:
    """The order goes; the same form sent twice is sent once."""
    post = request.POST
    if post.get("price_version", "") != str(order.price.version):
        raise Refused([time("price_changed", str(MOVED["price"]))])
    typed = {
        "accept_terms": post.get("accept_terms") == "on",
        "terms_version": int(post.get("terms_version") or 0),
    }

    def do() -> str:
        ceremony.perform(named(DEEDS, "send"), order, typed, by=request.actor)
        return reverse("order:sent", args=[order.case.number])

    return once.only(request.actor, post.get("key", ""), do)


@require_safe
def sent(request, number: str) -> HttpResponse:
    """The receipt of an order that was sent; to be read again, and to print."""
    order, eyes = finding.whole(request.actor, number)
    if order.sent_at is None or not eyes.see("customer"):
        return redirect("order:case", order.case.number)
    context = {
        "order": order,
        "number": order.case.number,
        "ball": ball.of(order, request.actor, finding.turn_of(order)),
        "lines": costs.of(order, "customer"),
        "terms_text": terms.text(order.terms),
    }
    return fragments.render(request, "order/sent.html", context)


def lines(order: Order, units: int) -> list[PriceLine]:
    return costs.lines(order.price.read.customer, order.price.read.currency, units)


def extra(order: Order) -> str:
    return costs.extra(order.price.read.customer, order.price.read.currency)


def common(order: Order, eyes: Eyes, moved: list[str]) -> dict:
    return {
        "order": order,
        "number": order.case.number,
        "title": order.titled(),
        "saved_at": eyes.moved_at,
        "moved": moved,
        "lines": lines(order, len(order.units)),
        "extra": extra(order),
        "terms": order.terms,
        "terms_text": terms.text(order.terms),
        "said": said,
    }

"""The pages on which a person decides whether two cards are one customer's."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.cases.deeds import named
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes
from ombud.servicecases import matching
from ombud.servicecases.deeds.card import JOURNALED
from ombud.servicecases.models import Card
from ombud.servicecases.pages import card as pages
from ombud.servicecases.rules import card as rules
from ombud.servicecases.views.card import found, here
from ombud.ui import fragments

MERGE, UNDO = named(JOURNALED, "merge_cards"), named(JOURNALED, "undo_merge")
APART = named(JOURNALED, "keep_apart")


@require_safe
def duplicates(request) -> HttpResponse:
    """Every pair of the register that may be one customer; nobody has decided on them."""
    pairs = matching.pairs(here(request))
    context = {
        "pairs": [(pair, pages.why(pair)) for pair in pairs],
        "is_all": len(pairs) < matching.MOST,
    }
    return fragments.render(request, "card/duplicates.html", context)


def both(request, number: str, other: str) -> tuple[Card, Card]:
    card, into = found(request, number), found(request, other)
    if card.pk == into.pk:
        raise Http404
    return card, into


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request, number: str, other: str) -> HttpResponse:
    """Both side by side, chosen field by field; then `number` has gone into `other`."""
    card, into = both(request, number, other)
    if request.method != "POST":
        return show(request, card, into)
    organisation = into.organisation
    taken = pages.taken(request.POST)
    typed = {"card": card.number, "into": into.number, "take": taken}
    by = MERGE.fits(request.actor, organisation)
    try:
        MERGE.action(organisation, by=by, **MERGE.read(typed))
    except Misshapen as no:
        return show(request, card, into, no=no, taken=taken)
    except Refused as no:
        return late(request, into, no)
    told = _("%(card)s has been merged into this card. It can be undone below.")
    flashes.tell(request, told % {"card": card.number})
    return redirect("card:card", into.number)


def show(
    request,
    card: Card,
    into: Card,
    no: Misshapen | None = None,
    taken: list[str] | None = None,
) -> HttpResponse:
    pair = matching.pair(min(card, into, key=key), max(card, into, key=key), "number")
    context = {
        "card": card,
        "into": into,
        "fields": pages.choices(card, into, taken),
        "alike": pages.alike(card, into),
        "cases": [(one, pages.count_of_cases(one)) for one in (into, card)],
        "other_numbers": pair.other_numbers,
        "barred": rules.merge_cards(request.actor, into.organisation, card, into),
        "errors": [("", error["text"]) for error in no.errors] if no else [],
    }
    return fragments.render(request, "card/merge.html", context, status=422 if no else 200)


def key(card: Card) -> int:
    return card.pk


@require_POST
def keep_apart(request, number: str, other: str) -> HttpResponse:
    card, into = both(request, number, other)
    organisation = into.organisation
    by = APART.fits(request.actor, organisation)
    try:
        APART.action(organisation, by=by, card=card.number, other=into.number)
    except Refused as no:
        return late(request, into, no)
    flashes.tell(request, _("They are not suggested as one customer again."))
    return redirect("card:duplicates")


@require_POST
def undo(request, number: str) -> HttpResponse:
    card = found(request, number)
    organisation, into = card.organisation, card.merged_into
    try:
        UNDO.action(organisation, by=UNDO.fits(request.actor, organisation), card=card.number)
    except Refused as no:
        return late(request, into or card, no)
    flashes.tell(request, _("The merge has been undone. Both cards are as they were."))
    return redirect("card:card", card.number)


def late(request, card: Card, no: Refused) -> HttpResponse:
    if no.status == 403:
        raise no
    flashes.tell(request, str(no), "late")
    return redirect("card:card", card.number)

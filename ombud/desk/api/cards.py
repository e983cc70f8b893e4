"""The customer register of the own organisation; what is written into it is a deed (/actions)."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router

from ombud.desk.api import card_shapes as shapes
from ombud.desk.api.answers import ROOT, answer, page, posts, reads
from ombud.desk.api.cases import Text
from ombud.desk.api.deeds import body
from ombud.desk.api.gate import actor_of, typed
from ombud.lib.errors import misshapen, require
from ombud.lib.shapes import plain
from ombud.people.models import Organisation
from ombud.servicecases import finding, matching
from ombud.servicecases.deeds.card import SHOW_NUMBER
from ombud.servicecases.matching import Pair
from ombud.servicecases.models import Card, Change
from ombud.servicecases.rules import card as rules

router = Router(tags=["customers"])


def register(request: HttpRequest) -> Organisation:
    """The own organisation, if the actor may see its register."""
    actor = actor_of(request)
    here = actor.organisation
    assert here is not None
    require(rules.see(SHOW_NUMBER.fits(actor, here), here))
    return here


def found(request: HttpRequest, number: str) -> Card:
    """A card of the own register; anybody else's is as if it never was."""
    row = Card.objects.of(actor_of(request).organisation).named(number)
    if row is None:
        raise Http404
    register(request)
    return row


@router.get("/cards", response=shapes.Cards, openapi_extra=reads(403, 422))
def cards(request: HttpRequest, q: Text = None, cursor: Text = None) -> HttpResponse:
    """The customer cards by name; `q` is a name, a number, a phone or an e-mail."""
    here = register(request)
    if cursor and finding.read_cursor(cursor) is None:
        raise misshapen(cursor=plain(""))
    rows = finding.search(here, q or "", cursor or "", limit=50)
    return page([shown(card) for card in rows.cards], rows.next)


@router.get("/cards/duplicates", response=shapes.CardPairs, openapi_extra=reads(403))
def duplicates(request: HttpRequest) -> HttpResponse:
    """Pairs of cards that may be one customer's, on which nobody has decided."""
    return page([paired(one) for one in matching.pairs(register(request))], None)


@router.get("/cards/{slug:card}", response=shapes.Card, openapi_extra=reads(403, 404))
def card(request: HttpRequest, card: str) -> HttpResponse:
    """One card; its number is masked. `version` goes into save_card."""
    row = found(request, card)
    return answer({**shown(row), "version": rules.version_of(row)})


@router.get(
    "/cards/{slug:card}/history", response=shapes.CardHistory, openapi_extra=reads(403, 404)
)
def history(request: HttpRequest, card: str) -> HttpResponse:
    """What was written on it, the latest first; at most 200."""
    return page([line(one) for one in finding.history(found(request, card))], None)


@router.post(
    "/cards/{slug:card}/show_number",
    response=shapes.WholeNumber,
    operation_id="show_number",
    openapi_extra=posts(403, 404) | body([SHOW_NUMBER.shape]),
)
def show_number(request: HttpRequest, card: str) -> HttpResponse:
    """The whole personal or organisation number, for a reason that is written down."""
    row, actor = found(request, card), actor_of(request)
    by = SHOW_NUMBER.fits(actor, row.organisation)
    arguments = SHOW_NUMBER.read(typed(request))
    seen = SHOW_NUMBER.action(row.organisation, by=by, card=row.number, **arguments)
    return answer({"number": seen.full_number})


def shown(row: Card) -> dict[str, Any]:
    return {**row.as_json(), "href": f"{ROOT}/cards/{row.number}"}


def paired(one: Pair) -> dict[str, Any]:
    return {
        "first": shown(one.first),
        "second": shown(one.second),
        "why": one.why,
        "other_numbers": one.other_numbers,
    }


def line(one: Change) -> dict[str, Any]:
    named = ("person", "instead_of")
    return {
        **{name: getattr(one, name) and str(getattr(one, name)) for name in named},
        "verb": one.verb,
        "at": one.at,
        "fields": one.fields,
        "facts": one.facts,
    }


def taken() -> dict[str, Any]:
    """The shape of its one deed, for the documentation."""
    return {SHOW_NUMBER.shape.__name__: SHOW_NUMBER.shape.model_json_schema()}

"""The pages of the customer register: the list, a card, and what is written on it."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ombud.cases.deeds import named
from ombud.lib import phones
from ombud.lib.errors import Misshapen, Refused, require
from ombud.people import flashes, ways
from ombud.people.models import Organisation
from ombud.servicecases import finding
from ombud.servicecases.deeds.card import JOURNALED, SHOW_NUMBER
from ombud.servicecases.forms import card as forms
from ombud.servicecases.models import Card
from ombud.servicecases.models.card import PLAIN
from ombud.servicecases.pages import card as pages
from ombud.servicecases.rules import card as rules
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.pieces import Column

NEW, SAVE = named(JOURNALED, "new_card"), named(JOURNALED, "save_card")
UNDO = named(JOURNALED, "undo_merge")


def here(request) -> Organisation:
    """The provider whose register it is; whoever may not see it is told who can give the right."""
    organisation = request.actor.organisation
    if organisation is None:
        raise Http404
    require(rules.see(NEW.fits(request.actor, organisation), organisation))
    return organisation


def found(request, number: str) -> Card:
    """A card of the own register; anybody else's is as if it never was."""
    organisation = request.actor.organisation
    card = Card.objects.of(organisation).named(number) if organisation else None
    if card is None:
        raise Http404
    here(request)
    return card


@require_safe
def register(request) -> HttpResponse:
    organisation = here(request)
    q, cursor = ways.said_in(request.GET, "q"), request.GET.get("cursor", "")[:400]
    page = finding.search(organisation, q, cursor)
    at = reverse("card:list")
    context = {
        "q": q,
        "rows": [row_of(card) for card in page.cards],
        "columns": columns(),
        "next": f"{at}?q={q}&cursor={page.next}" if page.next else "",
        "first": f"{at}?q={q}" if cursor else "",
    }
    return fragments.render(request, "card/list.html", context, block="list")


def row_of(card: Card) -> dict:
    return {
        "id": card.number,
        "href": card.get_absolute_url(),
        "name": card.name,
        "number": card.number,
        "personal": card.masked_number,
        "phone": card.phone,
        "email": card.email,
        "city": card.city,
        "barred": card.barred,
        "tone": "",
    }


def columns() -> list[Column]:
    return [
        Column("name", pgettext("column", "Customer"), main=True),
        Column("personal", _("Personal no. or org. no.")),
        Column("phone", _("Mobile")),
        Column("email", _("E-mail")),
        Column("city", _("Town")),
    ]


@require_safe
def page(request, number: str) -> HttpResponse:
    return show(request, found(request, number))


def show(request, card: Card, full_number: str = "") -> HttpResponse:
    organisation = card.organisation
    context = {
        "card": card,
        "full_number": full_number,
        "into": card.merged_into,
        "undo": (UNDO, undo_reasons(request, card)) if card.merged_into else None,
        "merged": [(one, undo_reasons(request, one)) for one in merged(card)],
        "doubles": [] if card.merged_into else pages.doubles(card),
        "cases": pages.cases(card),
        "history": pages.history(card),
        "language": pages.shown("language", card.language),
        "country": pages.shown("country", card.country) if card.country != "SE" else "",
        "organisation": organisation,
    }
    return fragments.render(request, "card/card.html", context)


def merged(card: Card) -> list[Card]:
    return list(card.merged.select_related("organisation", "merged_into").order_by("pk"))


def undo_reasons(request, card: Card) -> list:
    organisation = card.organisation
    return rules.undo_merge(UNDO.fits(request.actor, organisation), organisation, card)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request) -> HttpResponse:
    organisation = here(request)
    if request.method != "POST":
        return show_form(request, None, {}, forms.NewCard)
    typed = fields.values_of(forms.NewCard, request.POST)
    try:
        arguments = NEW.read(typed)
    except Misshapen as no:
        return show_form(request, None, typed, forms.NewCard, no)
    entry = NEW.action(organisation, by=NEW.fits(request.actor, organisation), **arguments)
    flashes.tell(request, _("The card has been made."))
    return redirect("card:card", entry.data["card"])


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, number: str) -> HttpResponse:
    card = found(request, number)
    organisation = card.organisation
    if request.method != "POST":
        values = {name: getattr(card, name) for name in PLAIN}
        values["phone"] = phones.national(card.phone)
        return show_form(request, card, values, forms.SaveCard)
    version = request.POST.get("version", "")
    known = {"card": card.number, "version": int(version) if version.isdecimal() else 0}
    typed = fields.values_of(forms.SaveCard, request.POST) | known
    try:
        arguments = SAVE.read(typed)
        SAVE.action(organisation, by=SAVE.fits(request.actor, organisation), **arguments)
    except Misshapen as no:
        return show_form(request, card, typed, forms.SaveCard, no)
    except Refused as no:
        if no.status == 403:
            raise
        fault = Misshapen([{"field": "", "text": str(no)}])
        return show_form(request, card, typed, forms.SaveCard, fault, status=409)
    flashes.tell(request, _("The card has been changed."))
    return redirect("card:card", card.number)


ASKED = [*PLAIN[:4], "number", *PLAIN[4:]]

WANTED = ("kind", "given", "family", "country", "language")  # of a private person


def show_form(
    request, card: Card | None, values: dict, shape, no: Misshapen | None = None, status: int = 422
) -> HttpResponse:
    faults = fields.errors_of(no) if no else {}
    drawn = fields.fields_of(shape, values, faults, forms.CHOICES, only=ASKED)
    known = {field.name: field for field in drawn}
    asked = [known[name] for name in ASKED]
    for field in asked:
        field.autocomplete = "off"
        field.is_asked_for = field.name in WANTED
    if card is not None and card.number_sealed:
        hint = _("%(number)s is known. Leave it blank to keep it.")
        known["number"].hint = hint % {"number": card.masked_number}
    whole = [("", text) for name in ("", "__all__") for text in faults.get(name, ())]
    context = {
        "card": card,
        "fields": known,
        "version": values.get("version") or (rules.version_of(card) if card else 0),
        "errors": [*whole, *fields.links_of(asked)],
        "barred": rules.save_card(request.actor, here(request), card) if card else [],
    }
    return fragments.render(request, "card/form.html", context, status=status if no else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show_number(request, number: str) -> HttpResponse:
    """First why; then the number, on this one answer and nowhere else."""
    card = found(request, number)
    organisation = card.organisation
    if request.method != "POST":
        return ask_why(request, card, {})
    typed = fields.values_of(forms.ShowNumber, request.POST)
    by = SHOW_NUMBER.fits(request.actor, organisation)
    try:
        arguments = SHOW_NUMBER.read(typed)
    except Misshapen as no:
        return ask_why(request, card, typed, no)
    seen = SHOW_NUMBER.action(organisation, by=by, card=card.number, **arguments)
    return show(request, found(request, number), full_number=seen.full_number)


def ask_why(request, card: Card, typed: dict, no: Misshapen | None = None) -> HttpResponse:
    asked = fields.fields_of(forms.ShowNumber, typed, fields.errors_of(no) if no else {})
    context = {
        "card": card,
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": rules.show_number(request.actor, card.organisation, card),
    }
    return fragments.render(request, "card/number.html", context, status=422 if no else 200)

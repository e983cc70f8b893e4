"""The pages of repairs: the list, the one, and what is done to it."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.cases import files, lists, looks, sight, turns
from ombud.cases.deeds import Deed, named
from ombud.cases.placing import MOST
from ombud.cases.sight import Eyes
from ombud.lib import clock, sizes
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes, ways
from ombud.servicecases.deeds.repair import DEEDS
from ombud.servicecases.forms import repair as forms
from ombud.servicecases.models import Repair
from ombud.servicecases.pages import repair as pages
from ombud.servicecases.rules import repair as rules
from ombud.servicecases.states.repair import ENDED, WORKED_ON, Side, State
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.forms import Field
from ombud.ui.pieces import Column, Tab

JOINED = ("case__portal", "provider", "card__merged_into", "card__organisation", "side_by")


def found(actor, number: str) -> tuple[Repair, Eyes]:
    """The repair and its reader's eyes, or it does not exist."""
    rows = Repair.objects.select_related(*JOINED)
    repair = rows.filter(case__number=number.upper()).first()
    eyes = sight.eyes(actor, repair.case) if repair else None
    if repair is None or eyes is None:
        raise Http404
    return repair, eyes


# The list

BESIDE = """coalesce(nullif(c.company, ''), trim(c.given || ' ' || c.family)), r.side, r.object"""
JOINS = """LEFT JOIN servicecases_repair r ON r.case_id = k.id
LEFT JOIN servicecases_card d ON d.id = r.card_id
LEFT JOIN servicecases_card c ON c.id = coalesce(d.merged_into_id, d.id)"""


@require_safe
def repairs(request) -> HttpResponse:
    """The repairs that the reader sees, the latest moved first."""
    is_all, q = request.GET.get("view") == "all", ways.said_in(request.GET, "q")
    state = request.GET.get("state", "")
    chosen = [state] if state in State.values else [*WORKED_ON, *(ENDED if is_all or q else ())]
    cursor = request.GET.get("cursor", "")[:200]
    found_ = lists.of(
        request.actor,
        states=[f"repair.{one}" for one in chosen],
        words=q,
        cursor=cursor,
        extra=lists.Extra(BESIDE, JOINS),
    )
    here = reverse("repair:list")
    kept = f"&view=all&q={q}&state={state}" if is_all or q or state else ""
    context = {
        "rows": [row_of(row) for row in found_.rows],
        "columns": columns(),
        "tabs": [
            Tab(_("Ongoing"), here, current=not is_all),
            Tab(pgettext("repairs", "All"), f"{here}?view=all", current=is_all),
        ],
        "q": q,
        "is_all": is_all,
        "state": state,
        "states": [(value, str(label)) for value, label in State.choices],
        "next": f"{here}?cursor={found_.next}{kept}" if found_.next else "",
        "first": here if cursor else "",
        "is_handler": request.actor.may_wear("case_handler"),
    }
    return fragments.render(request, "repair/list.html", context, block="list")


def row_of(row: lists.Row) -> dict[str, Any]:
    customer, side, thing = row.more
    return {
        "id": row.number,
        "href": reverse("repair:case", args=[row.number]),
        "title": thing or row.title,
        "number": row.number,
        "customer": customer or "",
        "state": str(State(row.state).label),
        "ended": row.state in ENDED,
        "side": str(Side(side).label) if side else "",
        "moved": row.moved_at,
        "is_new": row.is_new,
        "tone": "",
    }


def columns() -> list[Column]:
    return [
        Column("title", pgettext("column", "Repair"), main=True),
        Column("customer", pgettext("column", "Customer")),
        Column("state", pgettext("column", "State")),
        Column("side", _("Goes on in")),
        Column("moved", pgettext("column", "Updated")),
    ]


# The page


@require_safe
def page(request, number: str) -> HttpResponse:
    repair, eyes = found(request.actor, number)
    if "X-Live" not in request.headers:
        looks.look(request.actor.person, repair.case, clock.now())
        looks.read(request, repair.case.number)
    return show(request, repair, eyes)


def show(
    request, repair: Repair, eyes: Eyes, typed: dict | None = None, no: Misshapen | None = None
) -> HttpResponse:
    turn = next(iter(turns.open_of(repair.case)), None)
    is_mine = bool(turn and turns.is_mine(turn, request.actor))
    asked = line_fields(typed or {}, no)
    context = {
        **pages.told(repair, eyes),
        "sentences": pages.sentences(repair, turn, is_mine),
        "is_mine": is_mine,
        "deeds": {deed.name: (deed, deed.reasons(request.actor, repair)) for deed in DEEDS},
        "line_fields": asked,
        "errors": fields.links_of(asked) if no else [],
        "status_fields": fields.fields_of(
            forms.SetStatus, {"status": repair.state}, choices=forms.CHOICES
        ),
        "photo_field": photo_field(repair),
        "now": clock.now(),
    }
    return fragments.render(request, "repair/case.html", context, status=422 if no else 200)


def line_fields(typed: dict, no: Misshapen | None) -> list[Field]:
    faults = fields.errors_of(no) if no else {}
    known = fields.fields_of(forms.AddLine, typed, faults)
    what, quantity, unit, price, vat = known
    what.autocomplete = "off"
    quantity.kind, quantity.inputmode, quantity.width = "text", "decimal", "short"
    unit.width, unit.hint = "short", _("As pcs or h.")
    price.kind, price.inputmode, price.width = "text", "decimal", "half"
    price.hint, price.suffix = _("Without VAT."), "kr"
    vat.kind, vat.width = "select", "short"
    vat.options = tuple(fields.Option(str(rate), text) for rate, text in pages.rates())
    vat.value = str(vat.value or 25)
    return known


def photo_field(repair: Repair) -> Field | None:
    room = MOST - len(repair.photos())
    if room <= 0:
        return None
    hint = _("PDF, JPG or PNG, at most %(most)s each.") % {"most": sizes.text(files.LARGEST)}
    return Field(
        "attachments",
        _("Choose files"),
        kind="file",
        hint=hint,
        required=False,
        accept=",".join(f".{extension}" for extension in files.KINDS),
        multiple=True,
    )


# Deeds


@require_POST
def note(request, number: str) -> HttpResponse:
    typed = {"text": (request.POST.get("text") or "").strip()}
    return press(request, number, "note", typed, "", "#notes")


@require_POST
def set_status(request, number: str) -> HttpResponse:
    typed = fields.values_of(forms.SetStatus, request.POST)
    return press(request, number, "set_status", typed, _("The status has been changed."))


@require_POST
def add_line(request, number: str) -> HttpResponse:
    """Past the limit it is let in; the page it leads to tells so."""
    repair, eyes = found(request.actor, number)
    raw = {name: request.POST.get(name, "") for name in forms.AddLine.model_fields}
    deed = named(DEEDS, "add_line")
    try:
        arguments = deed.read(pages.line_typed(request.POST))
        done = deed.action(repair, by=deed.fits(request.actor, repair), **arguments)
    except Misshapen as no:
        return show(request, repair, eyes, raw, no)
    except Refused as no:
        return late(request, repair, no, "#basis")
    if done.over:
        flashes.tell(request, pages.warning(done), "late")
    else:
        flashes.tell(request, _("The line has been added."))
    return redirect(at(repair, "#basis"))


@require_POST
def remove_line(request, number: str) -> HttpResponse:
    line = request.POST.get("line", "")
    typed = {"line": int(line) if line.isdecimal() and len(line) < 18 else 0}
    return press(request, number, "remove_line", typed, _("The line has been removed."), "#basis")


@require_POST
def set_photos(request, number: str) -> HttpResponse:
    """More files, or one fewer; one that is refused keeps no other out."""
    repair, _eyes = found(request.actor, number)
    present = [str(row.key) for row in repair.photos()]
    removed = request.POST.get("remove", "")
    faults, came = [], []
    deed = named(DEEDS, "set_photos")
    if deed.reasons(request.actor, repair):
        return press(request, number, "set_photos", {"attachments": present}, "", "#photos")
    for upload in request.FILES.getlist("attachments")[: MOST - len(present)]:
        try:
            came.append(str(files.keep(upload, by=request.actor).key))
        except files.TooLarge:
            faults.append(f"{files.tidy(upload.name or '')}: {files.too_large()}")
        except Misshapen as no:
            faults.append(f"{files.tidy(upload.name or '')}: {no.errors[0]['text']}")
    for text in faults:
        flashes.tell(request, text, "late")
    kept = [key for key in present if key != removed]
    if kept == present and not came:
        return redirect(at(repair, "#photos"))
    return press(request, number, "set_photos", {"attachments": [*kept, *came]}, "", "#photos")


@require_http_methods(["GET", "HEAD", "POST"])
def continue_in(request, number: str) -> HttpResponse:
    """A page of its own: what follows from each choice, and then it is made."""
    told = _("It has been chosen where the repair goes on.")
    return with_words(request, number, "continue_in", forms.ContinueIn, told)


@require_http_methods(["GET", "HEAD", "POST"])
def close(request, number: str) -> HttpResponse:
    return with_words(request, number, "close", forms.CloseRepair, _("The repair is closed."))


def press(
    request, number: str, name: str, typed: dict, told: str, anchor: str = ""
) -> HttpResponse:
    """One deed at one press. Too late or empty is told on the page; no right is a refusal."""
    repair, _eyes = found(request.actor, number)
    deed = named(DEEDS, name)
    try:
        deed.action(repair, by=deed.fits(request.actor, repair), **deed.read(typed))
    except Misshapen as no:
        flashes.tell(request, no.errors[0]["text"], "late")
    except Refused as no:
        return late(request, repair, no, anchor)
    else:
        if told:
            flashes.tell(request, told)
    return redirect(at(repair, anchor))


def late(request, repair: Repair, no: Refused, anchor: str) -> HttpResponse:
    if no.status == 403:
        raise no
    flashes.tell(request, str(no), "late")
    return redirect(at(repair, anchor))


def at(repair: Repair, anchor: str = "") -> str:
    return reverse("repair:case", args=[repair.case.number]) + anchor


PLACES = {"not_checked": "reason", "not_linked": "side"}  # where a no to a choice is told


def with_words(request, number: str, name: str, shape, told: str) -> HttpResponse:
    repair, _eyes = found(request.actor, number)
    deed = named(DEEDS, name)
    if request.method != "POST":
        return show_words(request, repair, deed, shape, {})
    typed = fields.values_of(shape, request.POST)
    try:
        deed.action(repair, by=deed.fits(request.actor, repair), **deed.read(typed))
    except Misshapen as no:
        return show_words(request, repair, deed, shape, typed, no)
    except Refused as no:
        field = PLACES.get(no.reasons[0].code)
        if no.status == 403 or name != "continue_in" or field is None:
            raise
        fault = Misshapen([{"field": field, "text": str(no)}])
        return show_words(request, repair, deed, shape, typed, fault)
    flashes.tell(request, told)
    return redirect(at(repair))


def show_words(
    request, repair: Repair, deed: Deed, shape, values: dict, no: Misshapen | None = None
) -> HttpResponse:
    faults = fields.errors_of(no) if no else {}
    asked = fields.fields_of(shape, values, faults, choices=forms.CHOICES)
    linked = pages.linked.status(repair.case)
    context = {
        "repair": repair,
        "case": repair.case,
        "deed": deed,
        "fields": hinted(asked, bool(linked)) if deed.name == "continue_in" else asked,
        "errors": fields.links_of(asked),
        "barred": deed.reasons(request.actor, repair),
        "linked": linked,
    }
    return fragments.render(request, "repair/words.html", context, status=422 if no else 200)


def hinted(asked: list[Field], is_linked: bool) -> list[Field]:
    """What follows from each choice stands under it, or why it cannot be made."""
    barred = {} if is_linked else {"agiloft": str(rules.not_linked().text)}
    hints = {
        "ombud": _("Handle and invoice it here. Changes made in Agiloft raise a warning."),
        "agiloft": _("Handle and invoice it there. Here it can only be read."),
    }
    side = asked[0]
    side.kind = "radio"
    side.options = tuple(
        fields.Option(one.value, one.label, hints[one.value], barred.get(one.value, ""))
        for one in side.options
    )
    return asked

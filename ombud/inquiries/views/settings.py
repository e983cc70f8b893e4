"""The settings of the repair module: texts, form, terms and times, each in versions, with a preview
of what the customer will see."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from pydantic import ValidationError

from ombud.inquiries import defaults, editing, previews, rules, templates
from ombud.inquiries.catalogue import KEY, TABLES, Setting, newest
from ombud.inquiries.deeds import SET
from ombud.inquiries.views.desk import require_portal
from ombud.lib.errors import Misshapen
from ombud.lib.shapes import faults
from ombud.people import flashes
from ombud.people.models import Entry
from ombud.ui import fragments
from ombud.ui.forms import Field
from ombud.ui.pieces import Option


def weekdays() -> list[str]:
    return [
        _("Monday"),
        _("Tuesday"),
        _("Wednesday"),
        _("Thursday"),
        _("Friday"),
        _("Saturday"),
        _("Sunday"),
    ]


def names() -> dict[str, str]:
    return {
        "texts": _("Messages"),
        "form": _("Form"),
        "terms": _("Costs and terms"),
        "pace": _("Times and who is told"),
    }


def row_of(request, part: str) -> Setting:
    """The newest version; a part that is not there yet is set up first."""
    require_portal(request)
    if part not in TABLES:
        raise Http404
    row = newest(request.actor.organisation)[part]
    if row is None or not sees(request):
        raise Http404
    return row


def sees(request) -> bool:
    """Whoever keeps the settings, and whoever works with what they make."""
    actor, here = request.actor, request.actor.organisation
    return not rules.keeps_settings(actor, here) or not rules.not_staff(actor, here)


@require_safe
def overview(request) -> HttpResponse:
    """The parts, each with its version, who changed it and when."""
    require_portal(request)
    if not sees(request):
        raise Http404
    here = request.actor.organisation
    rows = newest(here)
    changed = changes(here)
    parts = [
        {
            "part": part,
            "name": name,
            "row": rows[part],
            "by": changed.get((part, version(rows, part))),
        }
        for part, name in names().items()
    ]
    context = {
        "parts": parts,
        "is_set_up": all(rows.values()),
        "may_change": not rules.keeps_settings(request.actor, here),
    }
    return fragments.render(request, "inquiry/settings.html", context)


def version(rows: dict, part: str) -> int:
    row = rows[part]
    return row.version if row else 0


def changes(here) -> dict[tuple[str, int], Entry]:
    """Who wrote which version of what."""
    found = Entry.objects.filter(journal_of=here, verb="inquiry.set").select_related("person")
    return {(one.data["part"], one.data["version"]): one for one in found.order_by("seq")}


@require_http_methods(["GET", "POST"])
def edit(request, part: str) -> HttpResponse:
    """What holds now, to change; a preview first, then it is published."""
    row = row_of(request, part)
    if request.method == "GET":
        return show(request, part, row, row.body)
    here, do = request.actor.organisation, request.POST.get("do", "")
    if do == "default":
        phone = newest(here)["texts"].read.phone  # type: ignore[union-attr]
        body = defaults.body(here, part, phone)
        return show(request, part, row, body, told=_("The text from the beginning. Publish it."))
    body = row.body
    try:
        body = editing.body_of(part, request.POST)
        checked = TABLES[part].BODY.model_validate(body)
    except ValidationError as no:
        return show(request, part, row, body, errors=faults(no))
    except Misshapen as no:
        return show(request, part, row, body, errors=no.errors)
    if do != "publish":
        return show(request, part, row, body, preview=checked)
    SET.action(here, by=SET.fits(request.actor, here), part=part, body=body)
    flashes.tell(request, _("Published. Requests that run keep the version they began with."))
    return redirect("inquiry:edit", part)


def show(
    request, part: str, row: Setting, body: dict, *, preview=None, errors=(), told: str = ""
) -> HttpResponse:
    wrong = editing.faults_at(list(errors))
    groups = GROUPS[part](body, wrong)
    shown = [field for group in groups for field in group["fields"]]
    context = {
        "part": part,
        "name": names()[part],
        "row": row,
        "groups": groups,
        "errors": summary(shown, wrong),
        "told": told,
        "barred": rules.keeps_settings(request.actor, request.actor.organisation),
        **preview_of(request, part, preview or row.read, bool(preview)),
    }
    return fragments.render(request, "inquiry/edit.html", context, status=422 if errors else 200)


def summary(fields: list[Field], wrong: dict[str, list[str]]) -> list[tuple[str, str]]:
    """Where each fault is; one that no field knows stands at the top."""
    at = [(f.id, f"{f.label}: {error}") for f in fields for error in f.errors]
    told = {text for _place, text in at}
    left = [text for texts in wrong.values() for text in texts]
    return [*at, *(("main", text) for text in left if not any(text in one for one in told))]


def preview_of(request, part: str, body, is_new: bool) -> dict[str, Any]:
    found = previews.of(part, body, request.actor.organisation.name)
    return {"preview": found, "is_new": is_new}


@require_safe
def version_page(request, part: str, number: int) -> HttpResponse:
    """A version as it was, which requests may have begun with."""
    row_of(request, part)
    here = request.actor.organisation
    rows = TABLES[part].objects.filter(organisation=here, key=KEY)  # type: ignore[attr-defined]
    row = rows.filter(version=number).first()
    last = rows.order_by("-version").first()
    if row is None or last is None:
        raise Http404
    context = {
        "part": part,
        "name": names()[part],
        "row": row,
        "by": changes(here).get((part, number)),
        "groups": editing.told(GROUPS[part](row.body, {})) if part == "pace" else [],
        "last": last.version,
        **preview_of(request, part, row.read, False),
    }
    return fragments.render(request, "inquiry/version.html", context)


@require_POST
def count(request) -> HttpResponse:
    """How many parts each text takes as it is typed; nothing is kept."""
    row_of(request, "texts")
    try:
        raw = editing.typed(request.POST)
    except Misshapen:
        raise Http404 from None
    texts = newest(request.actor.organisation)["texts"].read  # type: ignore[union-attr]
    found = {}
    for path, text in editing.flat(raw).items():
        language = path.rpartition(".")[2]
        if isinstance(text, str) and text and path.startswith(COUNTED):
            found[path] = counted(path, text, texts, language)
    return JsonResponse(found)


COUNTED = ("first.", "reminders.", "unsigned.")


def counted(path: str, text: str, texts, language: str) -> dict[str, Any]:
    if wrong := templates.faults(text):
        return {"words": " ".join(wrong), "many": True}
    shown = previews.message(path, "", text, texts, language)
    return {"words": parts_told(shown["measured"]), "many": shown["measured"].parts > 1}


def parts_told(measured) -> str:
    told = {"units": measured.units, "n": measured.parts}
    if measured.encoding == "UCS-2":
        return _("%(units)s units, %(n)s parts: a sign makes it a longer kind of message.") % told
    return _("%(units)s characters, %(n)s parts.") % told


# The questions of each part


def texts_groups(body: dict, wrong: dict) -> list[dict[str, Any]]:
    values = editing.flat(body)

    def said(path: str, label: str) -> list[Field]:
        return editing.in_tongues(path, label, "textarea", values, wrong, rows=3)

    about = [
        editing.asked("shop", _("What the shop is called in a message"), "text", values, wrong),
        editing.asked("phone", _("The number that customers call"), "tel", values, wrong),
    ]
    hours = editing.in_tongues("hours", _("When somebody answers"), "text", values, wrong)
    for field in hours:
        field.required = False
    reminders = [
        {
            "title": _("Reminder %(n)s") % {"n": n + 1},
            "fields": said(f"reminders.{n}", _("Reminder %(n)s") % {"n": n + 1}),
        }
        for n in range(3)
    ]
    return [
        {"title": _("The shop"), "fields": [*about, *hours]},
        {"title": _("First message"), "fields": said("first", _("First message"))},
        *reminders,
        {"title": _("Reminder to sign"), "fields": said("unsigned", _("Reminder to sign"))},
    ]


def form_groups(body: dict, wrong: dict) -> list[dict[str, Any]]:
    rows = editing.rows_of(body, wrong)
    titles = [row[1].value or row[2].value for row in rows]
    return [
        {"title": title or _("A new question"), "fields": row, "folds": bool(title)}
        for title, row in zip(titles, rows, strict=True)
    ]


def terms_groups(body: dict, wrong: dict) -> list[dict[str, Any]]:
    values = {**editing.flat(body), "ceiling": editing.kronor(body.get("ceiling"))}
    rows = editing.costs_of(body, wrong)
    costs = [{"title": row[0].value or _("A new cost"), "fields": row} for row in rows]
    ceiling = editing.asked(
        "ceiling",
        _("Ceiling incl. VAT"),
        "text",
        values,
        wrong,
        required=False,
        suffix="kr",
        inputmode="decimal",
        width="short",
        hint=_("Leave it empty, and it follows from the costs: an approximate one plus 15 %."),
    )
    return [
        *costs,
        {"title": _("The most it may cost"), "fields": [ceiling]},
        {
            "title": _("The terms"),
            "fields": [
                *editing.in_tongues("title", _("Heading"), "text", values, wrong),
                *editing.in_tongues("text", _("The wording"), "textarea", values, wrong, rows=10),
            ],
        },
    ]


def pace_groups(body: dict, wrong: dict) -> list[dict[str, Any]]:
    values = editing.flat(body)

    def ask(path: str, label: str, kind: str = "text", **more) -> Field:
        return editing.asked(path, label, kind, values, wrong, **more)

    on = ask("is_on", _("Requests may be sent"), "checkbox", required=False)
    on.value = "on" if body.get("is_on", True) else ""
    days = Field(
        "weekdays",
        _("Days"),
        "checkboxes",
        value=[str(day) for day in body.get("weekdays", [])],
        options=tuple(Option(str(n), str(name)) for n, name in enumerate(weekdays())),
        errors=tuple(wrong.get("weekdays", ())),
    )
    after = [
        ask(f"after.{n}", _("Days to reminder %(n)s") % {"n": n + 1}, "number", width="short")
        for n in range(3)
    ]
    return [
        {
            "title": _("When messages are sent"),
            "fields": [
                on,
                ask("opens", _("From"), width="short"),
                ask("closes", _("Until"), width="short"),
                days,
                ask("zone", _("Time zone"), "select", options=options("zone")),
            ],
        },
        {
            "title": _("Reminders"),
            "fields": [
                *after,
                ask("give_up", _("Days from the last one until it has failed"), "number"),
            ],
        },
        {
            "title": _("What follows"),
            "fields": [
                ask("cards", _("Customer card"), "radio", options=options("cards")),
                ask("told", _("Who is told"), "radio", options=options("told")),
                ask("goes_on", _("Where it is continued"), "radio", options=options("goes_on")),
            ],
        },
        *(whom(who, name, ask) for who, name in contacts().items()),
    ]


def contacts() -> dict[str, str]:
    return {
        "administrator": _("System administrator"),
        "vendor": _("Support of the other system"),
        "support": _("Our own support"),
    }


def whom(who: str, name: str, ask) -> dict[str, Any]:
    labels = {"name": _("Name"), "phone": _("Phone"), "email": _("E-mail"), "hours": _("Hours")}
    fields = [ask(f"{who}.{key}", label, required=False) for key, label in labels.items()]
    return {"title": name, "fields": fields}


def options(what: str) -> tuple[Option, ...]:
    known = {
        "zone": [("Europe/Stockholm", "Stockholm"), ("Europe/Oslo", "Oslo")],
        "cards": [("match", _("Match first")), ("new", _("Always a new card"))],
        "told": [("starter", _("Whoever started it")), ("everybody", _("All case handlers"))],
        "goes_on": [
            ("ask", _("Ask each time")),
            ("here", _("Here")),
            ("there", _("In the other system")),
        ],
    }
    return tuple(Option(value, str(label)) for value, label in known[what])


GROUPS = {
    "texts": texts_groups,
    "form": form_groups,
    "terms": terms_groups,
    "pace": pace_groups,
}

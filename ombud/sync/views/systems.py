"""The pages of the links to other systems: how they are set up, tried, and switched on."""

from django.conf import settings
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ombud.cases.deeds import named
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes
from ombud.people.models import Organisation
from ombud.sync import checking, columns, forms, pages
from ombud.sync.deeds import JOURNALED
from ombud.sync.models import System
from ombud.sync.states import Direction
from ombud.sync.wanted import SECRETS
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.pieces import Option

SET, MAP, VERIFY, SWITCH, ROTATE, REPLAY = (
    named(JOURNALED, name)
    for name in (
        "set_system",
        "set_columns",
        "verify_system",
        "switch_system",
        "rotate_hook",
        "replay_dead",
    )
)


@require_safe
def systems(request):
    here = request.actor.organisation
    if here is None:
        raise Http404
    barred = SET.reasons(request.actor, here)
    context = {"barred": barred, "rows": [] if barred else pages.systems(here)}
    return fragments.render(request, "sync/systems.html", context)


@require_safe
def system(request, pk):
    row = pages.system_of(request.actor, pk)
    here = request.actor.organisation
    context = {
        "system": row,
        "checks": pages.checks(row),
        "dead": pages.dead(request.actor, row),
        "verify": VERIFY,
        "switch_barred": SWITCH.rule(request.actor, here, row.pk, True),
        "map": map_of(row),
        "surface": row.get_surface_display(),
        "is_overlapping": len(row.state_keys) > 1,
    }
    return fragments.render(request, "sync/system.html", context)


def map_of(row: System) -> list[dict]:
    return [
        {
            "label": columns.label(name),
            "column": one.column,
            "direction": Direction(one.direction).label,
        }
        for name, one in row.mapped.items()
    ]


@require_http_methods(["GET", "POST"])
def new(request):
    here = request.actor.organisation
    if here is None:
        raise Http404
    if request.method == "GET":
        return show(request, None, offered())
    return save(request, None)


def offered() -> dict:
    """What the installation names as its usual one."""
    return {
        "base_url": settings.AGILOFT_URL,
        "kb": settings.AGILOFT_KB,
        "login": settings.AGILOFT_LOGIN,
    }


@require_http_methods(["GET", "POST"])
def edit(request, pk):
    row = pages.system_of(request.actor, pk)
    if request.method == "GET":
        known = {name: getattr(row, name, "") for name in forms.SetSystem.model_fields}
        return show(request, row, known)
    return save(request, row)


def save(request, row: System | None):
    here = request.actor.organisation
    typed = fields.values_of(forms.SetSystem, request.POST)
    typed["system"] = row.pk if row else 0
    try:
        arguments = SET.read(typed)
        entry = SET.action(here, by=SET.fits(request.actor, here), **arguments)
    except Misshapen as no:
        return show(request, row, typed, no)
    flashes.tell(request, _("Saved. Verify the link now: until then nothing is sent over it."))
    return redirect("sync:system", entry.data["system"])


def show(request, row: System | None, values: dict, no: Misshapen | None = None):
    here = request.actor.organisation
    asked = fields.fields_of(
        forms.SetSystem,
        {name: value for name, value in values.items() if name not in SECRETS},
        fields.errors_of(no) if no else {},
        choices={"surface": surfaces()},
        only=[name for name in forms.SetSystem.model_fields if name != "system"],
    )
    for one in asked:
        one.kind = "password" if one.name in SECRETS else one.kind
        if one.name == "surface":
            one.kind = "radio"
        if one.name in SECRETS and row is not None and getattr(row, f"{SECRETS[one.name]}_sealed"):
            one.hint = _("One is kept already. Leave it empty to keep it.")
    context = {
        "system": row,
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": SET.reasons(request.actor, here),
    }
    return fragments.render(request, "sync/edit.html", context, status=422 if no else 200)


def surfaces() -> list[Option]:
    hints = {
        System.Surface.JSON: _("The newer interface. Choose this where it is offered."),
        System.Surface.LEGACY_BEARER: _("The older operations, with a token."),
        System.Surface.LEGACY_INLINE: _("The older operations where they take no token."),
    }
    return [Option(one.value, str(one.label), str(hints[one])) for one in System.Surface]


@require_http_methods(["GET", "POST"])
def mapping(request, pk):
    """Which field is which column: one line a field; an empty one is not mirrored."""
    row = pages.system_of(request.actor, pk)
    if request.method == "GET":
        return show_map(request, row, {})
    here, typed = request.actor.organisation, mapped(request.POST)
    try:
        arguments = MAP.read({"system": row.pk, "columns": typed})
        MAP.action(here, by=MAP.fits(request.actor, here), **arguments)
    except Misshapen as no:
        return show_map(request, row, typed, no)
    flashes.tell(request, _("Saved. Verify the link now: until then nothing is sent over it."))
    return redirect("sync:system", row.pk)


def mapped(typed) -> dict[str, dict]:
    found = {}
    for name, usual in columns.USUAL.items():
        column = typed.get(f"column-{name}", "").strip()
        if column:
            direction = typed.get(f"direction-{name}") or usual["direction"]
            found[name] = {**usual, "column": column, "direction": direction}
    return found


def show_map(request, row: System, typed: dict, no: Misshapen | None = None):
    known = typed or row.columns
    faults = fields.errors_of(no) if no else {}
    lines = [
        {
            "name": name,
            "label": columns.label(name),
            "column": known.get(name, {}).get("column", ""),
            "direction": known.get(name, {}).get("direction", usual["direction"]),
            "fault": "; ".join(faults.get(f"columns.{name}.column", [])),
        }
        for name, usual in columns.USUAL.items()
    ]
    others = [words for name, told in faults.items() if name.count(".") != 2 for words in told]
    context = {
        "system": row,
        "lines": lines,
        "directions": [(one.value, one.label) for one in Direction],
        "errors": [(f"column-{one['name']}", one["fault"]) for one in lines if one["fault"]]
        + [("", words) for words in others],
    }
    return fragments.render(request, "sync/mapping.html", context, status=422 if no else 200)


@require_POST
def verify(request, pk):
    """Asked for, and done at once while the reader waits."""
    row = pages.system_of(request.actor, pk)
    here = request.actor.organisation
    VERIFY.action(here, by=VERIFY.fits(request.actor, here), system=row.pk)
    tried = checking.run(row)
    if tried.verified_at:
        flashes.tell(request, _("Verified. The link can be switched on."))
    else:
        flashes.tell(request, _("Not verified. What failed stands below."))
    return redirect("sync:system", row.pk)


@require_POST
def switch(request, pk):
    row = pages.system_of(request.actor, pk)
    here, on = request.actor.organisation, request.POST.get("on") == "true"
    try:
        SWITCH.action(here, by=SWITCH.fits(request.actor, here), system=row.pk, on=on)
    except Refused as no:
        if no.status == 403:
            raise
        flashes.tell(request, str(no))
        return redirect("sync:system", row.pk)
    flashes.tell(request, _("The link is on.") if on else _("The link is off. What waits stays."))
    return redirect("sync:system", row.pk)


@never_cache
@require_http_methods(["GET", "POST"])
def rotate(request, pk):
    """The new secret is shown in the answer itself, and on no page after it. A form that was drawn
    before another change does nothing: sent again it would end the secret that it left in force."""
    row = pages.system_of(request.actor, pk)
    if request.method == "GET":
        return show_rotate(request, row, {})
    here = request.actor.organisation
    typed = {"overlap_hours": request.POST.get("overlap_hours", ""), "system": row.pk}
    try:
        with transaction.atomic():
            Organisation.objects.locked(here)
            if pages.mark(pages.system_of(request.actor, pk)) != request.POST.get("mark"):
                flashes.tell(request, _("The secret has been changed already. Nothing was done."))
                return redirect("sync:system", row.pk)
            arguments = ROTATE.read(typed)
            entry = ROTATE.action(here, by=ROTATE.fits(request.actor, here), **arguments)
    except Misshapen as no:
        return show_rotate(request, row, typed, no)
    context = {
        "system": pages.system_of(request.actor, pk),
        "shown": pages.shown_once(entry),
        "hours": entry.data["hours"],
    }
    return fragments.render(request, "sync/rotated.html", context)


def show_rotate(request, row: System, typed: dict, no: Misshapen | None = None):
    here, faults = request.actor.organisation, fields.errors_of(no) if no else {}
    asked = fields.fields_of(forms.RotateHook, typed, faults, only=["overlap_hours"])
    asked[0].required, asked[0].width = True, "half"
    context = {
        "system": row,
        "mark": pages.mark(row),
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": ROTATE.rule(request.actor, here, row.pk),
    }
    return fragments.render(request, "sync/rotate.html", context, status=422 if no else 200)


@require_POST
def replay(request, pk):
    row = pages.system_of(request.actor, pk)
    here = request.actor.organisation
    REPLAY.action(here, by=REPLAY.fits(request.actor, here), system=row.pk)
    flashes.tell(request, _("All of them are tried again now."))
    return redirect("sync:system", row.pk)

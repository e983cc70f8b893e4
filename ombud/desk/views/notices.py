"""The doors of the notice centre (sv. aviseringar)."""

from urllib.parse import urlencode

from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ombud.cases import looks
from ombud.cases.models import Case
from ombud.desk import notices as told
from ombud.people import flashes
from ombud.people.models import Notice
from ombud.ui import fragments

LIMIT = 25
FEW = 6


@require_safe
def notices(request):
    cursor = request.GET.get("cursor", "")[:18]
    rows = told.of(request.actor).order_by("-pk")
    if cursor.isdigit():
        rows = rows.filter(pk__lt=int(cursor))
    found = list(rows[: LIMIT + 1])
    further = urlencode({"cursor": found[LIMIT - 1].pk}) if len(found) > LIMIT else ""
    context = {
        "notes": [told.as_note(row) for row in found[:LIMIT]],
        "next": f"?{further}" if further else "",
        "first": reverse("desk:notices") if cursor else "",
    }
    return fragments.render(request, "desk/notices.html", context, block="list")


@require_safe
def panel(request):
    """The newest few, for the bell: what is new, else what was last."""
    rows = told.of(request.actor).order_by("-pk")
    new = list(rows.unread().filter(over_at=None)[:FEW])
    context = {"notes": [told.as_note(row) for row in new or rows[:FEW]], "is_new": bool(new)}
    return fragments.render(request, "desk/notices_panel.html", context)


@require_safe
def notice(request, pk):
    """To what it tells of; opening that is having read it."""
    row = told.of(request.actor).filter(pk=pk).first()
    if row is None:
        raise Http404
    if row.kind in Notice.OF_NO_CASE:
        looks.read_all(request.actor, told.of(request.actor).filter(pk=row.pk))
        return redirect(told.leads_to(row))
    looks.read(request, row.case_number)
    if not Case.objects.visible_to(request.actor).filter(number=row.case_number).exists():
        text = _("%(number)s is no longer yours to see: you have no part in it any more.")
        flashes.tell(request, text % {"number": row.case_number}, "late")
        return redirect("desk:notices")
    return redirect(told.leads_to(row))


@require_POST
def read_all(request):
    looks.read_all(request.actor, told.of(request.actor))
    flashes.tell(request, _("All notices are marked as read."))
    return redirect("desk:notices")

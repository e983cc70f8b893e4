"""The operator appoints an administrator where nobody is left, and says on which grounds."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ombud.desk import forms, rules
from ombud.desk.views.organisation import belonging, deed
from ombud.lib.errors import Misshapen, Refused
from ombud.people import flashes, ways
from ombud.people.account import proofs
from ombud.people.models import Appointment
from ombud.ui import forms as fields
from ombud.ui import fragments

FEW = 20


@require_http_methods(["GET", "POST"])
def appoint(request):
    here, offered = belonging(request), deed("appoint_administrator")
    if barred := offered.reasons(request.actor, here):
        raise Refused(barred)
    if request.method == "GET":
        asked = {"number": ways.said_in(request.GET, "number", 40)}
        return show(request, proofs.taken(request, offered.name) or asked)
    typed = fields.values_of(forms.AppointAdministrator, request.POST)
    try:
        arguments = offered.read(typed)
        if first := proofs.asked(request, offered, unsealed(typed), arguments):
            return first
        offered.action(here, by=offered.fits(request.actor, here), **arguments)
    except (Misshapen, Refused) as no:
        if no.status == 403:
            raise
        return show(request, typed, no)
    name = f"{arguments['given']} {arguments['family']}"
    text = _("%(name)s is now administrator of %(organisation)s, and has got a letter.")
    there = rules.at(here, arguments["number"])
    flashes.tell(request, text % {"name": name, "organisation": there})
    return redirect("desk:appoint")


def unsealed(typed: dict) -> dict:
    """What may be kept while the person confirms: the personal number is written once more."""
    return {**typed, "personal_number": ""}


def show(request, values: dict, no=None):
    here = belonging(request)
    faults = fields.errors_of(no) if isinstance(no, Misshapen) else {}
    asked = fields.fields_of(forms.AppointAdministrator, values, faults)
    rows = Appointment.objects.filter(operator=here).order_by("-at")
    number = values.get("number", "")
    there = rules.at(here, number) if number else None
    context = {
        "fields": asked,
        "errors": fields.links_of(asked),
        "there": there,
        "barred": rules.appoint_administrator(request.actor, here, number) if number else [],
        "case": rules.help_case(there) if there else None,
        "appointments": rows.select_related("organisation", "person", "appointed_by")[:FEW],
        "no": no if isinstance(no, Refused) else None,
    }
    status = no.status if no else 200
    return fragments.render(request, "desk/appoint.html", context, status=status)

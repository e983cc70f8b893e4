"""The doors of an organisation's offices: a list that everybody reads and administrators keep."""

from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from ombud.desk import organisation as house
from ombud.desk.views.organisation import belonging, deed
from ombud.lib.errors import Misshapen, Refused, misshapen
from ombud.people import flashes, forms
from ombud.people.models import Office
from ombud.people.roles import Kind
from ombud.ui import forms as fields
from ombud.ui import fragments

TOLD = {
    "rename_office": gettext_lazy("The office has a new name, wherever it is named."),
    "close_office": gettext_lazy("The office is closed. What is under way for it goes on."),
    "reopen_office": gettext_lazy("The office is open again."),
}


@require_http_methods(["GET", "HEAD", "POST"])
def offices(request):
    """The offices, with who orders and attests for each; and a new one."""
    here, offered = belonging(request), deed("open_office")
    if request.method != "POST":
        return show(request, here)
    typed = fields.values_of(forms.OpenOffice, request.POST)
    try:
        office_deed(request, here, "open_office", typed)
    except Misshapen as no:
        return show(request, here, typed, no)
    text = _("%(name)s is there. Now give somebody a role for it.")
    flashes.tell(request, text % {"name": offered.read(typed)["name"]})
    return redirect("desk:offices")


@require_http_methods(["GET", "HEAD", "POST"])
def rename(request, pk: int):
    here = belonging(request)
    office = Office.objects.at(here).filter(pk=pk).first()
    if office is None:
        raise Http404
    typed, no = {"name": office.name}, None
    if request.method == "POST":
        typed = fields.values_of(forms.RenameOffice, request.POST) | {"office": pk}
        try:
            return kept(request, "rename_office", typed)
        except Misshapen as wrong:
            no = wrong
    asked = fields.fields_of(
        forms.RenameOffice, typed, fields.errors_of(no) if no else {}, only=["name"]
    )
    context = {
        "office": office,
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": deed("rename_office").reasons(request.actor, here),
    }
    return fragments.render(request, "desk/office.html", context, status=422 if no else 200)


@require_POST
def close(request, pk: int):
    return kept(request, "close_office", {"office": pk})


@require_POST
def reopen(request, pk: int):
    return kept(request, "reopen_office", {"office": pk})


def kept(request, name: str, typed: dict):
    office_deed(request, belonging(request), name, typed)
    flashes.tell(request, str(TOLD[name]))
    return redirect("desk:offices")


def office_deed(request, here, name: str, typed: dict) -> None:
    """A name that is taken is told at its field, as what is missing is."""
    offered = deed(name)
    arguments = offered.read(typed)
    try:
        offered.action(here, by=offered.fits(request.actor, here), **arguments)
    except Refused as no:
        if [reason.code for reason in no.reasons] != ["name_taken"]:
            raise
        raise misshapen(name=str(no.reasons[0].text)) from no


def show(request, here, typed: dict | None = None, no: Misshapen | None = None):
    asked = fields.fields_of(forms.OpenOffice, typed or {}, fields.errors_of(no) if no else {})
    asked[0].width = "half"
    context = {
        "offices": house.offices(here),
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": deed("open_office").reasons(request.actor, here),
        "is_customer": Kind.CUSTOMER in here.kinds,
    }
    return fragments.render(request, "desk/offices.html", context, status=422 if no else 200)

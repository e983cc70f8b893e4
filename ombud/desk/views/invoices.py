"""The door of what an organisation says of its own invoices."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ombud.desk.views.organisation import belonging, deed
from ombud.lib.errors import Misshapen
from ombud.orders import forms, references
from ombud.orders.catalogue import ReferenceBody
from ombud.people import flashes
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.forms import Field
from ombud.ui.pieces import Option


@require_http_methods(["GET", "HEAD", "POST"])
def reference(request):
    """What references on its invoices look like: tried with one, then saved."""
    here = belonging(request)
    say = deed("set_reference")
    if request.method != "POST":
        return show(request, references.of(here).model_dump())
    typed = fields.values_of(forms.SetReference, request.POST)
    sample = request.POST.get("sample", "").strip()
    try:
        arguments = say.read(typed)
    except Misshapen as no:
        return show(request, typed, no, sample=sample)
    if request.POST.get("do") == "try":
        fits = references.fits(ReferenceBody(**arguments), sample)
        return show(request, typed, sample=sample, fits=fits)
    say.action(here, by=say.fits(request.actor, here), **arguments)
    flashes.tell(request, _("Saved. References are checked from now on."))
    return redirect("desk:organisation")


def show(request, values: dict, no: Misshapen | None = None, *, sample="", fits=None):
    asked = fields.fields_of(
        forms.SetReference,
        values,
        fields.errors_of(no) if no else {},
        choices={"kind": kinds()},
    )
    asked[0].kind = "radio"
    context = {
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": deed("set_reference").reasons(request.actor, belonging(request)),
        "sample": Field("sample", _("Try a reference"), value=sample, required=False, width="half"),
        "fits": fits,
        "tried": sample,
    }
    return fragments.render(request, "desk/reference.html", context, status=422 if no else 200)


def kinds() -> list[Option]:
    return [
        Option("any", _("Anything")),
        Option("four", _("Four digits that begin with 8 or 9"), _("As 8123.")),
        Option("digits", _("Four to ten digits"), _("As 12345.")),
        Option("own", _("A pattern of your own")),
    ]

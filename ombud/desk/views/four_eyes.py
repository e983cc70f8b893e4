"""The door of four eyes: whether who prepared an order may decide on it too, step by step."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ombud.desk.views.organisation import belonging, deed
from ombud.lib.errors import Misshapen
from ombud.orders.catalogue import PARTIES, Policy
from ombud.orders.forms import SetFourEyes
from ombud.people import flashes
from ombud.people.models import Organisation
from ombud.ui import forms as fields
from ombud.ui import fragments
from ombud.ui.pieces import Option

CHOICES = [
    ("allow", gettext_lazy("Allowed"), gettext_lazy("The same person may, by BankID only.")),
    (
        "reason",
        gettext_lazy("Allowed with a reason"),
        gettext_lazy("The reason is signed with the decision, and shown in the order."),
    ),
    ("forbid", gettext_lazy("Forbidden"), gettext_lazy("Somebody else must decide.")),
]


@require_http_methods(["GET", "POST"])
def four_eyes(request):
    here = belonging(request)
    setting = deed("set_four_eyes")
    policy = Policy.objects.of(here)
    known = {name: policy.at(name) for name in SetFourEyes.model_fields}
    if request.method == "GET":
        return show(request, here, known)
    typed = known | fields.values_of(SetFourEyes, request.POST)
    try:
        arguments = setting.read(typed)
    except Misshapen as no:
        return show(request, here, typed, no)
    setting.action(here, by=setting.fits(request.actor, here), **arguments)
    flashes.tell(request, _("Saved. It holds at once, also for orders under way."))
    return redirect("desk:organisation")


def show(request, here: Organisation, values: dict, no: Misshapen | None = None):
    options = [Option(value, str(label), str(hint)) for value, label, hint in CHOICES]
    own = [name for name, party in PARTIES.items() if party in here.kinds]
    asked = fields.fields_of(
        SetFourEyes,
        values,
        fields.errors_of(no) if no else {},
        choices=dict.fromkeys(own, options),
        only=own,
    )
    for field in asked:
        field.kind, field.required = "radio", True
    context = {
        "fields": asked,
        "errors": fields.links_of(asked),
        "barred": deed("set_four_eyes").reasons(request.actor, here),
    }
    return fragments.render(request, "desk/four_eyes.html", context, status=422 if no else 200)

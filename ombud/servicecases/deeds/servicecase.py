"""What can be done with a service case, as both doors know it."""

from django.utils.translation import pgettext_lazy

from ombud.cases.deeds import Deed
from ombud.servicecases.actions import servicecase as actions
from ombud.servicecases.forms import servicecase as forms
from ombud.servicecases.rules import servicecase as rules

DEEDS = [
    Deed(
        "close",
        pgettext_lazy("service case", "Close the case"),
        forms.Close,
        rules.close,
        actions.close,
    ),
]

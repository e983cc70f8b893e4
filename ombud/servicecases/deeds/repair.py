"""What can be done with a repair, as both doors know it."""

from django.utils.translation import pgettext_lazy

from ombud.cases.deeds import Deed
from ombud.servicecases.actions import repair as actions
from ombud.servicecases.forms import repair as forms
from ombud.servicecases.rules import repair as rules

DEEDS = [
    Deed(
        "note",
        pgettext_lazy("repair", "Write a note"),
        forms.RepairNote,
        rules.note,
        actions.note,
    ),
    Deed(
        "set_status",
        pgettext_lazy("repair", "Change the status"),
        forms.SetStatus,
        rules.set_status,
        actions.set_status,
    ),
    Deed(
        "set_photos",
        pgettext_lazy("repair", "Add or remove pictures"),
        forms.SetPhotos,
        rules.set_photos,
        actions.set_photos,
    ),
    Deed(
        "add_line",
        pgettext_lazy("repair", "Add a line to the invoice basis"),
        forms.AddLine,
        rules.add_line,
        actions.add_line,
    ),
    Deed(
        "remove_line",
        pgettext_lazy("repair", "Remove a line from the invoice basis"),
        forms.RemoveLine,
        rules.remove_line,
        actions.remove_line,
    ),
    Deed(
        "continue_in",
        pgettext_lazy("repair", "Choose where it goes on"),
        forms.ContinueIn,
        rules.continue_in,
        actions.continue_in,
    ),
    Deed(
        "close",
        pgettext_lazy("repair", "Close the repair"),
        forms.CloseRepair,
        rules.close,
        actions.close,
    ),
]

"""What can be done with customer cards: deeds outside any case, in the provider's journal."""

from django.utils.translation import gettext_lazy as _

from ombud.cases.deeds import Deed
from ombud.servicecases.actions import card as actions
from ombud.servicecases.forms import card as forms
from ombud.servicecases.rules import card as rules

JOURNALED = [
    Deed("new_card", _("New customer card"), forms.NewCard, rules.new_card, actions.new_card),
    Deed(
        "save_card", _("Change the customer card"), forms.SaveCard, rules.save_card,
        actions.save_card,
    ),
    Deed(
        "merge_cards", _("Merge two customer cards"), forms.MergeCards, rules.merge_cards,
        actions.merge_cards,
    ),
    Deed("undo_merge", _("Undo the merge"), forms.UndoMerge, rules.undo_merge, actions.undo_merge),
    Deed(
        "keep_apart", _("They are two customers"), forms.KeepApart, rules.keep_apart,
        actions.keep_apart,
    ),
]  # fmt: skip

# A door of its own: its answer is the number.
SHOW_NUMBER = Deed(
    "show_number",
    _("Show the whole number"),
    forms.ShowNumber,
    rules.show_number,
    actions.show_number,
)

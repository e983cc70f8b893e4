"""What can be done with a linked case and with the links themselves, as both doors know it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ombud.cases.deeds import Deed
from ombud.lib.shapes import Nothing
from ombud.sync import actions, forms, rules

# Of whatever kind of case that can be linked.
DEEDS = [
    Deed("compare", _("Compare now"), Nothing, rules.compare, actions.compare),
    Deed("replay", _("Try again"), Nothing, rules.replay, actions.replay),
    Deed("settle", _("Say which is right"), forms.Settle, rules.settle, actions.settle),
]

# Of the operator's own organisation.
JOURNALED = [
    Deed(
        "set_system",
        _("Link another system"),
        forms.SetSystem,
        rules.set_system,
        actions.set_system,
    ),
    Deed(
        "set_columns",
        _("Say which field is which"),
        forms.SetColumns,
        rules.set_columns,
        actions.set_columns,
    ),
    Deed(
        "verify_system",
        pgettext_lazy("link", "Verify now"),
        forms.OneSystem,
        rules.verify_system,
        actions.verify_system,
    ),
    Deed(
        "switch_system",
        _("Switch the link on or off"),
        forms.SwitchSystem,
        rules.switch_system,
        actions.switch_system,
    ),
    Deed(
        "rotate_hook",
        _("Change the webhook secret"),
        forms.RotateHook,
        rules.rotate_hook,
        actions.rotate_hook,
    ),
    Deed(
        "replay_dead",
        _("Try all again"),
        forms.OneSystem,
        rules.replay_dead,
        actions.replay_dead,
    ),
]

"""What can be done with an order, as both doors know it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ombud.cases.deeds import Deed
from ombud.orders import actions, forms, methods, papers, rules

STARTING = [
    Deed(
        "start_order",
        _("Order a service"),
        forms.StartOrder,
        rules.start_order,
        actions.start_order,
    ),
]
# Outside any case: done to the customer's own organisation.
TELL_AGENT = Deed(
    "tell_agent", _("Tell the agent"), forms.TellAgent, rules.tell_agent, actions.tell_agent
)
DEEDS = [
    Deed("save", pgettext_lazy("order", "Save the draft"), forms.Save, rules.save, actions.save),
    Deed(
        "discard",
        pgettext_lazy("order", "Delete the draft"),
        forms.Nothing,
        rules.discard,
        actions.discard,
    ),
    Deed(
        "restore",
        pgettext_lazy("order", "Restore the draft"),
        forms.Nothing,
        rules.restore,
        actions.restore,
    ),
    Deed("send", pgettext_lazy("order", "Send the order"), forms.Send, rules.send, actions.send),
    Deed(
        "approve",
        pgettext_lazy("order", "Review"),
        forms.Approve,
        rules.approve,
        actions.approve,
        signed_by=("bankid",),
        methods=methods.of,
        document=lambda order, **given: papers.text(order, "approve", **given),
        facts=lambda order, **given: papers.facts(order, "approve", **given),
        lacking=papers.lacking,
    ),
    Deed(
        "reject",
        pgettext_lazy("order", "Reject"),
        forms.Reject,
        rules.reject,
        actions.reject,
        signed_by=("bankid",),
        methods=methods.of,
        document=lambda order, **given: papers.text(order, "reject", **given),
        facts=lambda order, **given: papers.facts(order, "reject", **given),
    ),
    Deed(
        "attest",
        pgettext_lazy("order", "Attest"),
        forms.Attest,
        rules.attest,
        actions.attest,
        signed_by=("bankid", "sms"),
        methods=methods.of,
        document=papers.text,
        facts=papers.facts,
    ),
    Deed(
        "send_back",
        pgettext_lazy("order", "Send back"),
        forms.SendBack,
        rules.send_back,
        actions.send_back,
    ),
    Deed(
        "note", pgettext_lazy("order", "Write an inner note"), forms.Note, rules.note, actions.note
    ),
    Deed(
        "copy", pgettext_lazy("order", "Copy and correct"), forms.Nothing, rules.copy, actions.copy
    ),
    Deed(
        "release",
        pgettext_lazy("order", "Release the connection"),
        forms.Nothing,
        rules.release,
        actions.release,
    ),
    Deed(
        "start",
        pgettext_lazy("order", "Start the connection"),
        forms.Nothing,
        rules.start,
        actions.start,
    ),
    Deed(
        "report_connected",
        pgettext_lazy("order", "Report as connected"),
        forms.Nothing,
        rules.report_connected,
        actions.report_connected,
    ),
]

"""What can be done with an agreement, as pages and programs know it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ombud.agreements import actions, forms, papers, rules
from ombud.cases.deeds import Deed

# Begins one, by whoever comes: a page of its own takes it, no program does.
APPLYING = Deed("submit", _("Apply"), forms.Submit, rules.submit, actions.submit)
DEEDS = [
    Deed(
        "approve",
        pgettext_lazy("agreement", "Approve the application"),
        forms.Nothing,
        rules.approve,
        actions.approve,
    ),
    Deed(
        "ask",
        pgettext_lazy("agreement", "Ask for completion"),
        forms.AskToComplete,
        rules.ask,
        actions.ask,
    ),
    Deed(
        "reject",
        pgettext_lazy("agreement", "Reject the application"),
        forms.Reject,
        rules.reject,
        actions.reject,
    ),
    Deed(
        "tick",
        pgettext_lazy("agreement", "Tick a paper"),
        forms.Tick,
        rules.tick,
        actions.tick,
    ),
    Deed(
        "complete",
        pgettext_lazy("agreement", "Complete the application"),
        forms.Complete,
        rules.complete,
        actions.complete,
    ),
    Deed(
        "deliver",
        pgettext_lazy("agreement", "Show a paper"),
        forms.Deliver,
        rules.deliver,
        actions.deliver,
    ),
    Deed(
        "sign",
        pgettext_lazy("agreement", "Sign the agreement"),
        forms.Sign,
        rules.sign,
        actions.sign,
        signed_by=("bankid",),
        document=papers.text,
        facts=papers.facts,
    ),
    Deed(
        "decline",
        pgettext_lazy("agreement", "Decline to sign"),
        forms.Decline,
        rules.decline,
        actions.decline,
    ),
    Deed(
        "resend",
        pgettext_lazy("agreement", "Send the link again"),
        forms.Resend,
        rules.resend,
        actions.resend,
    ),
    Deed(
        "replace",
        pgettext_lazy("agreement", "Replace the signatory"),
        forms.Replace,
        rules.replace,
        actions.replace,
    ),
    Deed(
        "note",
        pgettext_lazy("agreement", "Write an inner note"),
        forms.Note,
        rules.note,
        actions.note,
    ),
]

"""What can be done with an engagement, as pages and programs know it."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ombud.cases.deeds import Deed
from ombud.orders import methods
from ombud.orders.engagements import actions, forms, papers, rules

STARTING = [
    Deed(
        "apply_for_engagement",
        _("Apply for an agent engagement"),
        forms.ApplyForEngagement,
        rules.apply_for_engagement,
        actions.apply_for_engagement,
    ),
]
DEEDS = [
    Deed(
        "approve",
        pgettext_lazy("engagement", "Approve the application"),
        forms.Nothing,
        rules.approve,
        actions.approve,
    ),
    Deed(
        "ask",
        pgettext_lazy("engagement", "Ask for completion"),
        forms.AskOfApplicant,
        rules.ask,
        actions.ask,
    ),
    Deed(
        "reject",
        pgettext_lazy("engagement", "Reject the application"),
        forms.RejectEngagement,
        rules.reject,
        actions.reject,
    ),
    Deed(
        "complete",
        pgettext_lazy("engagement", "Complete the application"),
        forms.CompleteEngagement,
        rules.complete,
        actions.complete,
    ),
    Deed(
        "withdraw",
        pgettext_lazy("engagement", "Withdraw the application"),
        forms.Nothing,
        rules.withdraw,
        actions.withdraw,
    ),
    Deed(
        "attest",
        pgettext_lazy("engagement", "Attest"),
        forms.Attest,
        rules.attest,
        actions.attest,
        signed_by=("bankid", "sms"),
        methods=methods.of,
        document=papers.text,
        facts=papers.facts,
    ),
    Deed(
        "end",
        pgettext_lazy("engagement", "End the engagement"),
        forms.EndEngagement,
        rules.end,
        actions.end,
    ),
]

"""What can be done with an information request, as pages and programs know it."""

from django.utils.translation import pgettext_lazy

from ombud.cases.deeds import Deed
from ombud.inquiries import actions, checking, forms, papers, rules

START = Deed(
    "start_inquiry",
    pgettext_lazy("inquiry", "Request information"),
    forms.StartInquiry,
    rules.start_inquiry,
    checking.start_inquiry,
)
STARTING = [START]
DEEDS = [
    Deed("open", pgettext_lazy("inquiry", "Begin"), forms.Nothing, rules.open, actions.open),
    Deed(
        "add_photo",
        pgettext_lazy("inquiry", "Add a photo"),
        forms.Photo,
        rules.add_photo,
        actions.add_photo,
    ),
    Deed(
        "remove_photo",
        pgettext_lazy("inquiry", "Remove a photo"),
        forms.Photo,
        rules.remove_photo,
        actions.remove_photo,
    ),
    Deed(
        "submit",
        pgettext_lazy("inquiry", "Go on to sign"),
        forms.Submit,
        rules.submit,
        actions.submit,
    ),
    Deed(
        "sign",
        pgettext_lazy("inquiry", "Sign with BankID"),
        forms.Sign,
        rules.sign,
        actions.sign,
        signed_by=("bankid",),
        document=papers.text,
        facts=papers.facts,
    ),
    Deed(
        "resend",
        pgettext_lazy("inquiry", "Send the next reminder now"),
        forms.Nothing,
        rules.resend,
        actions.resend,
    ),
    Deed(
        "correct",
        pgettext_lazy("inquiry", "Correct the number"),
        forms.Correct,
        rules.correct,
        actions.correct,
    ),
    Deed(
        "withdraw",
        pgettext_lazy("inquiry", "Cancel the request"),
        forms.Withdraw,
        rules.withdraw,
        actions.withdraw,
    ),
    Deed(
        "restart",
        pgettext_lazy("inquiry", "Restart the request"),
        forms.Restart,
        rules.restart,
        actions.restart,
    ),
]
SET_UP = Deed(
    "set_up_inquiries",
    pgettext_lazy("inquiry", "Set up information requests"),
    forms.SetUp,
    rules.set_up_inquiries,
    actions.set_up_inquiries,
)
SET = Deed(
    "set_inquiries",
    pgettext_lazy("inquiry", "Publish a version"),
    forms.SetInquiries,
    rules.set_inquiries,
    actions.set_inquiries,
)
LINK_CALLER = Deed(
    "link_caller",
    pgettext_lazy("inquiry", "Say who it is"),
    forms.LinkCaller,
    rules.link_caller,
    actions.link_caller,
)
TEST_SMS = Deed(
    "test_sms",
    pgettext_lazy("inquiry", "Send a test to my phone"),
    forms.Nothing,
    rules.test_sms,
    actions.test_sms,
)
JOURNALED = [SET_UP, SET, LINK_CALLER, TEST_SMS]

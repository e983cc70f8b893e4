"""What can be done with which kind: the one list above all flats."""

from django.utils.translation import gettext_lazy as _

from ombud.agreements import actions as agreement_actions
from ombud.agreements import deeds as agreements
from ombud.agreements import forms as agreement_forms
from ombud.agreements import rules as agreement_rules
from ombud.cases.deeds import Deed
from ombud.cases.models import Case
from ombud.desk import actions as desk_actions
from ombud.desk import forms as desk_forms
from ombud.desk import rules as desk_rules
from ombud.inquiries import deeds as inquiries
from ombud.orders import actions as order_actions
from ombud.orders import deeds as orders
from ombud.orders import finding
from ombud.orders import forms as order_forms
from ombud.orders import rules as order_rules
from ombud.orders.engagements import deeds as engagements
from ombud.people import actions, forms, rules
from ombud.servicecases.deeds import card as cards
from ombud.servicecases.deeds import repair as repairs
from ombud.servicecases.deeds import servicecase as servicecases
from ombud.sync import deeds as sync
from ombud.sync import pages as sync_pages

DEEDS: dict[str, list[Deed]] = {
    Case.Kind.ORDER: orders.DEEDS,
    Case.Kind.SERVICECASE: [*servicecases.DEEDS, *sync.DEEDS],
    Case.Kind.AGREEMENT: agreements.DEEDS,
    Case.Kind.ENGAGEMENT: engagements.DEEDS,
    Case.Kind.INQUIRY: [*inquiries.DEEDS, *sync.DEEDS],
    Case.Kind.REPAIR: [*repairs.DEEDS, *sync.DEEDS],
}

# Deeds that begin a case.
STARTING: list[Deed] = [*orders.STARTING, *engagements.STARTING, *inquiries.STARTING]

# Deeds outside any case: done to the actor's own organisation, written into its journal.
JOURNALED: list[Deed] = [
    Deed("grant", _("Give a role"), forms.Grant, rules.grant, actions.grant),
    Deed("revoke", _("Take a role back"), forms.Revoke, rules.revoke, actions.revoke),
    Deed("add_person", _("Add a person"), forms.AddPerson, rules.add_person, actions.add_person),
    Deed(
        "ask_for_role",
        _("Ask for a role"),
        forms.AskForRole,
        rules.ask_for_role,
        actions.ask_for_role,
    ),
    Deed("decline_role", _("Say no"), forms.DeclineRole, rules.decline_role, actions.decline_role),
    Deed(
        "change_person",
        _("Change a person's details"),
        desk_forms.ChangePerson,
        desk_rules.change_person,
        desk_actions.change_person,
    ),
    Deed(
        "deactivate_person",
        _("Deactivate a person"),
        desk_forms.DeactivatePerson,
        desk_rules.deactivate_person,
        desk_actions.deactivate_person,
    ),
    Deed(
        "restore_person",
        _("Restore a person"),
        desk_forms.RestorePerson,
        desk_rules.restore_person,
        desk_actions.restore_person,
    ),
    Deed(
        "admit_person",
        _("Admit a person who has registered"),
        desk_forms.AdmitPerson,
        desk_rules.admit_person,
        desk_actions.admit_person,
    ),
    Deed(
        "refuse_person",
        _("Refuse a person who has registered"),
        desk_forms.RefusePerson,
        desk_rules.refuse_person,
        desk_actions.refuse_person,
    ),
    Deed(
        "appoint_administrator",
        _("Appoint an administrator"),
        desk_forms.AppointAdministrator,
        desk_rules.appoint_administrator,
        desk_actions.appoint_administrator,
    ),
    Deed(
        "ask_for_help",
        _("Ask for help"),
        desk_forms.AskForHelp,
        desk_rules.ask_for_help,
        desk_actions.ask_for_help,
    ),
    Deed("invite", _("Send the invitation again"), forms.Invite, rules.invite, actions.invite),
    Deed(
        "name_stand_in",
        _("Name a stand-in"),
        forms.NameStandIn,
        rules.name_stand_in,
        actions.name_stand_in,
    ),
    Deed(
        "change_stand_in",
        _("Change the stand-in"),
        forms.ChangeStandIn,
        rules.change_stand_in,
        actions.change_stand_in,
    ),
    Deed(
        "end_stand_in",
        _("End the stand-in"),
        forms.EndStandIn,
        rules.end_stand_in,
        actions.end_stand_in,
    ),
    Deed(
        "open_office",
        _("Add an office"),
        forms.OpenOffice,
        rules.open_office,
        actions.open_office,
    ),
    Deed(
        "rename_office",
        _("Rename the office"),
        forms.RenameOffice,
        rules.rename_office,
        actions.rename_office,
    ),
    Deed(
        "close_office",
        _("Close the office"),
        forms.KeepOffice,
        rules.close_office,
        actions.close_office,
    ),
    Deed(
        "reopen_office",
        _("Open the office again"),
        forms.KeepOffice,
        rules.reopen_office,
        actions.reopen_office,
    ),
    Deed(
        "set_four_eyes",
        _("Set four eyes"),
        order_forms.SetFourEyes,
        order_rules.set_four_eyes,
        order_actions.set_four_eyes,
    ),
    Deed(
        "set_reference",
        _("Say what references look like"),
        order_forms.SetReference,
        order_rules.set_reference,
        order_actions.set_reference,
    ),
    orders.TELL_AGENT,
    Deed(
        "publish",
        _("Publish a setting"),
        order_forms.Publish,
        order_rules.publish,
        order_actions.publish,
    ),
    Deed(
        "set_signing_reminders",
        _("Say when signatories are reminded"),
        agreement_forms.SetSigningReminders,
        agreement_rules.set_signing_reminders,
        agreement_actions.set_signing_reminders,
    ),
    Deed(
        "announce",
        _("Announce terms of agreements"),
        agreement_forms.AnnounceTerms,
        agreement_rules.announce,
        agreement_actions.announce,
    ),
    *inquiries.JOURNALED,
    *cards.JOURNALED,
    *sync.JOURNALED,
]

# What a deed has made and no page or program is told again, by the deed.
SHOWN_ONCE = {"rotate_hook": sync_pages.shown_once}

# Deeds that are done under signature, and those that edit what somebody else may have edited.
SIGNED = {deed.name for deeds in DEEDS.values() for deed in deeds if deed.signed_by}
EDITS = {"save"}

# How a kind finds one of its own, with the reader's eyes and all that its rules ask, and all that
# is shown of it; of the others the row and what it points at is enough.
FOUND_BY = {Case.Kind.ORDER: finding.of}
WHOLE_BY = {Case.Kind.ORDER: finding.whole}

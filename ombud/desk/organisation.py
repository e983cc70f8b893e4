"""An organisation as its people see it: who belongs, who holds what, what has been noted."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ombud.desk.words import Scopes
from ombud.lib import clock
from ombud.orders.catalogue import TABLES
from ombud.people.models import (
    Ask,
    Entry,
    Grant,
    Membership,
    Office,
    Organisation,
    Person,
    Registration,
)
from ombud.people.roles import ASKED, EVERYTHING, Role, given_in
from ombud.people.rules import administrator_of

LIMIT = 50


def whom_to_ask(actor) -> str:
    """Who gives roles, for somebody who has none; looked up only then."""
    if actor.roles or actor.wardrobe.colleagues:
        return ""
    return administrator_of(actor.organisation) or _("customer service")


@dataclass(frozen=True)
class Unasked:
    """Nothing ever waits for the roles that somebody holds: why, and who can change it."""

    roles: str
    missing: str
    who: str
    is_me: bool


def unasked(actor) -> Unasked | None:
    """For somebody who holds roles, but none that a case waits for; looked up only then."""
    here, held = actor.organisation, set(actor.roles)
    standing_in = any(worn.role in ASKED for worn in actor.wardrobe.worn)
    if not held or held & ASKED or standing_in:
        return None
    names = [str(Role(role).label) for role in sorted(held)]
    missing = [str(Role(role).label) for role in given_in(here.kinds) if role in ASKED]
    who = str(administrator_of(here) or _("customer service"))
    is_me = Role.ADMINISTRATOR in held
    return Unasked(", ".join(names), ", ".join(missing), who, is_me)


@dataclass(frozen=True)
class Held:
    role: str
    label: str
    scope: str
    scope_text: str
    since: datetime
    given_by: str


@dataclass
class Belongs:
    person: Person
    invited_at: datetime | None
    away: str = ""
    held: list[Held] = field(default_factory=list)

    @property
    def has_come(self) -> bool:
        return self.person.seen_login_at is not None


def people(organisation: Organisation, scopes: Scopes) -> list[Belongs]:
    """Everybody by name, each with the roles held now."""
    members = Membership.objects.current().filter(organisation=organisation)
    rows = members.select_related("person").order_by("person__sort_key")
    found = {row.person_id: Belongs(row.person, row.invited_at) for row in rows}
    grants = Grant.objects.current().filter(organisation=organisation, person__in=found)
    for grant in grants.select_related("given_by").order_by("role", "scope"):
        found[grant.person_id].held.append(as_held(grant, scopes))
    return list(found.values())


def as_held(grant: Any, scopes: Scopes) -> Held:
    return Held(
        grant.role,
        str(Role(grant.role).label),
        grant.scope,
        scopes.text(grant.scope),
        grant.from_at,
        grant.given_by.name,
    )


@dataclass(frozen=True)
class Kept:
    """An office, and by role who holds it for this office alone."""

    office: Office
    holders: list[tuple[str, list[str]]]


def offices(organisation: Organisation) -> list[Kept]:
    """By name, the closed ones last."""
    known = list(Office.objects.at(organisation))
    here = {"organisation": organisation, "scope__in": [one.scope for one in known]}
    grants = Grant.objects.current().filter(**here, person__is_active=True)
    named: dict[str, dict[str, list[str]]] = {one.scope: {} for one in known}
    for row in grants.select_related("person").order_by("role", "person__sort_key"):
        named[row.scope].setdefault(str(Role(row.role).label), []).append(str(row.person))
    known.sort(key=lambda one: one.closed_at is not None)
    return [Kept(one, [*named[one.scope].items()]) for one in known]


def asks(organisation: Organisation) -> list[Ask]:
    """Whoever waits to be given a role, the longest wait first."""
    rows = Ask.objects.open().filter(organisation=organisation)
    return list(rows.select_related("person").order_by("asked_at"))


def registered(organisation: Organisation) -> list[Registration]:
    """Whoever has registered and waits to be let in, the longest wait first."""
    rows = Registration.objects.open().filter(organisation=organisation).reachable()
    return list(rows.select_related("person").order_by("asked_at"))


def former(organisation: Organisation) -> list[Membership]:
    """Who has left, the latest first."""
    rows = Membership.objects.filter(organisation=organisation, person__is_active=True)
    ended = rows.filter(until_at__lte=clock.now()).select_related("person")
    return list(ended.order_by("-until_at")[:LIMIT])


def journal(organisation: Organisation, before: int | None, scopes: Scopes) -> tuple[list, str]:
    """The newest first, in sentences; and the cursor of the next page."""
    rows = Entry.objects.filter(journal_of=organisation).select_related("person", "instead_of")
    if before:
        rows = rows.filter(seq__lt=before)
    found = list(rows.order_by("-seq")[: LIMIT + 1])
    shown = found[:LIMIT]
    named = {row.pk: str(row) for row in Person.objects.filter(pk__in=meant(shown))}
    entries = [{"entry": row, "text": sentence(row, named, scopes)} for row in shown]
    return entries, str(shown[-1].seq) if len(found) > LIMIT else ""


def meant(rows: list[Entry]) -> list[int]:
    return [row.data[name] for row in rows for name in ("to", "absent") if name in row.data]


def sentence(entry: Entry, named: dict[int, str], scopes: Scopes) -> str:
    facts = {
        "to": named.get(entry.data.get("to", 0), ""),
        "absent": named.get(entry.data.get("absent", 0), ""),
        "role": label(entry.data.get("role", "")),
        "scope": scopes.text(entry.data.get("scope", "")),
        "key": entry.data.get("key", ""),
        "agent": entry.data.get("agent", ""),
        "version": entry.data.get("version", ""),
        **{name: entry.data.get(name, "") for name in ("card", "into", "other")},
    }
    told = words(entry.verb) % facts
    is_narrow = entry.data.get("scope", EVERYTHING) != EVERYTHING
    return f"{told} ({facts['scope']})" if is_narrow else told


def label(role: str) -> str:
    return str(Role(role).label) if role in Role.values else role


def words(verb: str) -> str:
    known = {
        "person.granted": _("gave %(to)s the role %(role)s"),
        "person.revoked": _("took the role %(role)s from %(to)s"),
        "person.asked": _("asked for the role %(role)s"),
        "person.declined": _("said no when %(to)s asked for the role %(role)s"),
        "person.added": _("added %(to)s"),
        "person.let_out": _("let %(to)s go, since nothing came of the agreement"),
        "agreement.signed": _("The customer agreement was signed"),
        "agent_agreement.signed": _("The agent agreement was signed"),
        "agent.signed": _("The agent engagement was attested"),
        "agent.ended": _("The agent engagement was ended"),
        "agreement.announced": _("announced terms of agreements, %(key)s, version %(version)s"),
        "signing_reminders.set": _("said when signatories are reminded, version %(version)s"),
        "person.invited": _("invited %(to)s again"),
        "person.changed": _("changed the details of %(to)s"),
        "person.change_asked": _("wrote new details for %(to)s, who is asked to confirm them"),
        "person.details_confirmed": _("confirmed new details of the own account"),
        "person.verified": _("tied the account to a BankID"),
        "person.deactivated": _("deactivated %(to)s"),
        "person.restored": _("restored %(to)s, without any role"),
        "person.registered": _("registered, and waits to be let in"),
        "person.admitted": _("let in %(to)s, who had registered"),
        "person.refused": _("refused %(to)s, who had registered"),
        "person.sought_help": _("Somebody asked for help with roles"),
        "administrator.appointed": _("appointed %(to)s administrator where nobody was left"),
        "person.logged_in": _("logged in"),
        "person.password_set": _("chose a new password"),
        "agent.told": _("told %(agent)s that it cannot be chosen for %(key)s"),
        "person.factor_added": _("added a way to log in"),
        "person.factor_renamed": _("renamed a passkey"),
        "person.factor_removed": _("removed a way to log in"),
        "person.codes_made": _("made new recovery codes"),
        "person.logins_ended": _("logged out in other places"),
        "person.programs_let": _("let the own programs act for some minutes"),
        "office.opened": _("added the office %(key)s"),
        "office.renamed": _("renamed the office %(other)s to %(key)s"),
        "office.closed": _("closed the office %(key)s"),
        "office.reopened": _("opened the office %(key)s again"),
        "reference.set": _("said what references on invoices look like"),
        "person.number_changed": _("changed the own mobile number"),
        "stand_in.named": _("named %(to)s as stand-in for %(absent)s"),
        "stand_in.changed": _("changed how %(to)s stands in for %(absent)s"),
        "stand_in.ended": _("ended that %(to)s stands in for %(absent)s"),
        "stand_in.begun": _("told that %(to)s now stands in for %(absent)s"),
        "stand_in.over": _("told that %(to)s no longer stands in for %(absent)s"),
        "four_eyes.set": _("set what holds for four eyes, version %(version)s"),
        "system.set": _("set up the link %(key)s"),
        "system.mapped": _("said which field is which in the link %(key)s"),
        "system.tried": _("had the link %(key)s tried"),
        "system.verified": _("The link %(key)s was tried, and is in order"),
        "system.not_verified": _("The link %(key)s was tried, and is not in order"),
        "system.on": _("switched the link %(key)s on"),
        "system.off": _("switched the link %(key)s off"),
        "system.hook_rotated": _("changed the webhook secret of the link %(key)s"),
        "system.replayed": _("had all tried again that the link %(key)s could not write"),
        **cards(),
        **inquiries(),
        **{f"{thing}.published": published(thing) for thing in TABLES},
    }
    return known.get(verb, verb.replace("%", "%%"))


def cards() -> dict[str, str]:
    return {
        "card.made": _("made the customer card %(card)s"),
        "card.matched": _("linked a signed request to the customer card %(card)s"),
        "card.changed": _("changed the customer card %(card)s"),
        "card.shown": _("looked at the whole number on the customer card %(card)s"),
        "card.merged": _("merged the customer card %(card)s into %(into)s"),
        "card.unmerged": _("undid that the customer card %(card)s was merged into %(into)s"),
        "card.kept_apart": _(
            "said that the customer cards %(card)s and %(other)s are two customers"
        ),
    }


def inquiries() -> dict[str, str]:
    return {
        "inquiry.set_up": _("set up information requests"),
        "inquiry.set": _("published settings of information requests, version %(version)s"),
        "inquiry.linked": _("said that a user of the other system is %(to)s"),
        "inquiry.tested": _("sent a test message to the own phone"),
    }


def published(thing: str) -> str:
    return {
        "service": _("published the service %(key)s, version %(version)s"),
        "offer": _("published the offer %(key)s, version %(version)s"),
        "price": _("published the price %(key)s, version %(version)s"),
        "terms": _("published the terms %(key)s, version %(version)s"),
        "form": _("published the form %(key)s, version %(version)s"),
        "chain": _("published the chain %(key)s, version %(version)s"),
    }.get(thing, _("published %(key)s, version %(version)s"))

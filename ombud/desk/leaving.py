"""What hangs on somebody who is to leave an organisation: orders in person, and roles that nobody
else holds while cases wait for them. Who can take each over, and why the others cannot."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from ombud.cases.models import Case, Turn
from ombud.desk.words import Scopes
from ombud.lib.errors import Reason, time
from ombud.orders import dead_ends, handovers
from ombud.orders import steps as orders
from ombud.orders.dead_ends import DeadEnd
from ombud.orders.handovers import Hanging
from ombud.people import leaving, steps
from ombud.people.actors import Actor, covers
from ombud.people.models import Grant, Membership, Organisation, Person, StandIn
from ombud.people.roles import EVERYTHING, SIGNING, Role
from ombud.people.standing_in import gains, own_gain
from ombud.ui.pieces import Option

MOST = 500  # cases that wait, looked at


@dataclass(frozen=True)
class Hangs:
    """One thing for which somebody else must answer before the person goes. `what` names it in
    forms and in the API: `RITM0000123:attestant`, `role:attestant:*`."""

    what: str
    role: Role
    scope: str
    cases: tuple[Case, ...]
    options: tuple[Option, ...]
    hanging: Hanging | None = None

    @property
    def is_role(self) -> bool:
        return self.hanging is None

    def option(self, username: str) -> Option | None:
        return next((one for one in self.options if one.value == username), None)


@dataclass
class Leaver:
    """Somebody who belongs to the organisation, and all that hangs on it."""

    person: Person
    organisation: Organisation
    grants: list[Any] = field(default_factory=list)  # of everybody there, in force
    members: list[Person] = field(default_factory=list)
    by: Actor | None = None  # who lets the person go

    @cached_property
    def hangs(self) -> list[Hangs]:
        return [*self.in_person(), *self.by_role()]

    @property
    def own(self) -> list[Any]:
        """The roles that end."""
        return [row for row in self.grants if row.person_id == self.person.pk]

    @cached_property
    def stand_ins(self) -> list[StandIn]:
        return leaving.stand_ins_of(self.person, self.organisation)

    def in_person(self) -> list[Hangs]:
        policy = handovers.policy_of(self.organisation)
        found = []
        for one in handovers.on(self.person, self.organisation):
            prepared = handovers.prepared(one, policy)
            bars = {who.pk: handovers.bar(one, who, prepared) for who in self.members}
            scope = one.scope or EVERYTHING
            options = self.options(one.role, scope, bars)
            hangs = Hangs(one.key, one.role, scope, (one.order.case,), options, one)
            found.append(hangs)
        return found

    def by_role(self) -> list[Hangs]:
        found = []
        for grant in self.own:
            if cases := self.stopped_without(grant):
                bars = {who.pk: self.holds(who, grant.role, grant.scope) for who in self.members}
                role, scope = Role(grant.role), grant.scope
                options = self.options(role, scope, bars)
                found.append(Hangs(f"role:{role}:{scope}", role, scope, tuple(cases), options))
        return found

    def holds(self, who: Person, role: str, scope: str) -> str:
        """Whoever holds the role and is not enough for what waits, is none the more with it."""
        held = self.holders(role, scope)
        return _("Holds the role already, and may not decide here.") if who.pk in held else ""

    def holders(self, role: str, scope: str) -> set[int]:
        """Who else holds a role, for all of this scope."""
        narrow = "" if scope == EVERYTHING else scope
        return {
            row.person_id
            for row in self.grants
            if row.role == role
            and row.person_id != self.person.pk
            and covers(row.scope, narrow or EVERYTHING)
        }

    def options(self, role: Role, scope: str, bars: Mapping[int, str]) -> tuple[Option, ...]:
        """Those who hold the role first, then those to whom it would be given, then the others."""
        held = self.holders(role, scope)
        found = []
        for who in self.members:
            barred = self.bar(who, role) or bars.get(who.pk, "")
            if not barred and who.pk not in held and self.by and gains(self.by, who):
                barred = own_gain().text
            given = "" if who.pk in held else _("is given the role %(role)s") % {"role": role.label}
            place = 2 if barred else 1 if given else 0
            found.append((place, Option(who.username, str(who), given, barred)))
        return tuple(option for _place, option in sorted(found, key=lambda pair: pair[0]))

    def bar(self, who: Person, role: Role) -> str:
        if role in SIGNING and not who.personal_index:
            return _("The account is not tied to a BankID yet.")
        return ""

    def stopped_without(self, grant: Any) -> list[Case]:
        """The cases that wait for this role, now or later, and for which nobody else holds it."""
        orders = [
            end.order.case
            for end in self.dead_ends
            if end.step.role == grant.role and covers(grant.scope, end.scope)
        ]
        found = {case.pk: case for case in [*orders, *self.waiting_for(grant)]}
        return [found[pk] for pk in sorted(found)]

    @cached_property
    def dead_ends(self) -> list[DeadEnd]:
        """The steps of orders that nobody could take without the person."""
        ends = dead_ends.without_person(self.organisation, self.person)
        mine = (end for end in ends if end.organisation == self.organisation)
        return [end for end in mine if not self.is_chosen_in(end)]

    def is_chosen_in(self, end: DeadEnd) -> bool:
        """What the person was chosen for is taken over as such."""
        return end.step.who == "chosen" and end.order.attestant_id == self.person.pk

    def waiting_for(self, grant: Any) -> list[Case]:
        """Of whatever kind: the turn is the only source of what waits."""
        return [
            turn.case
            for turn in self.turns
            if turn.role == grant.role
            and covers(grant.scope, turn.scope)
            and not self.others_for(turn)
        ]

    @cached_property
    def turns(self) -> list[Turn]:
        """What waits for a role that the person holds."""
        roles = {row.role for row in self.own}
        here = {"organisation": self.organisation, "role__in": roles, "person": None}
        open_ = Turn.objects.filter(**here, until=None, shadow=False).exclude(key="")
        return list(open_.select_related("case").order_by("pk")[:MOST])

    def others_for(self, turn: Turn) -> bool:
        return any(
            row.role == turn.role
            and row.person_id != self.person.pk
            and row.person_id not in turn.not_persons
            and covers(row.scope, turn.scope)
            for row in self.grants
        )


def of(organisation: Organisation, person: Person, by: Actor | None = None) -> Leaver:
    """All that is asked for, at once: whatever the number of things, so many statements."""
    found = Membership.objects.current().filter(organisation=organisation, person__is_active=True)
    belongs = found.select_related("person").order_by("person__sort_key")
    members = [row.person for row in belongs if row.person_id != person.pk]
    here = {person.pk, *(one.pk for one in members)}
    rows = Grant.objects.current().filter(organisation=organisation, person__in=here)
    return Leaver(person, organisation, list(rows.exclude(scope="").order_by("role")), members, by)


def chosen(left: Leaver, holders: Iterable[Mapping[str, str]], to: str) -> dict[str, str]:
    """Who takes what over, by name: as named, else the one who takes all the rest."""
    named = {one["what"]: one["person"] for one in holders}
    return {one.what: named.get(one.what) or to for one in left.hangs}


def lacking(left: Leaver, taking: Mapping[str, str]) -> dict[str, str]:
    """What still stands against each, in words, by what it is."""
    found = {}
    for one in left.hangs:
        option = one.option(taking.get(one.what, ""))
        if option is None:
            found[one.what] = _("Choose who takes this over.")
        elif option.barred:
            facts = {"name": option.label, "reason": option.barred}
            found[one.what] = _("%(name)s cannot: %(reason)s") % facts
    return found


def reasons(
    organisation: Organisation,
    person: Person,
    holders: Sequence[Mapping[str, str]],
    to: str,
    by: Actor,
) -> list[Reason]:
    """What bars the person from leaving as long as it hangs on nobody else."""
    left = of(organisation, person, by)
    lacks = lacking(left, chosen(left, holders, to))
    return [
        time("needs_holder", f"{title(one, organisation)}: {lacks[one.what]}")
        for one in left.hangs
        if one.what in lacks
    ]


def hand_over(left: Leaver, holders: Iterable[Mapping[str, str]], to: str, *, by: Actor) -> int:
    """Each thing to whoever takes it over, who is given the role where it was lacking; how many."""
    taking = chosen(left, holders, to)
    named = {who.username: who for who in left.members}
    for one in left.hangs:
        who = named[taking[one.what]]
        if who.pk not in left.holders(one.role, one.scope):
            steps.give(left.organisation, who, one.role, one.scope, by=by)
        if one.hanging is not None:
            orders.hand_over(one.hanging, who, by=by)
    return len(left.hangs)


def title(one: Hangs, organisation: Organisation) -> str:
    """What it is, in a line."""
    if one.hanging is None:
        facts = {"role": one.role.label, "scope": scope_words(one, organisation)}
        return _("The role %(role)s%(scope)s") % facts
    case = one.hanging.order.case
    return f"{case.number}, {case.title}"


def scope_words(one: Hangs, organisation: Organisation) -> str:
    if one.scope == EVERYTHING:
        return ""
    return f" ({Scopes.at(organisation).text(one.scope)})"


def part_words(one: Hangs) -> str:
    """What is taken over."""
    if one.hanging is None:
        return _("Nobody else holds it, and cases wait for it")
    if one.hanging.step is None:
        return _("Answerable as orderer")
    is_now = one.hanging.order.step == one.hanging.step
    return _("Waits to be attested") if is_now else _("Chosen to attest later")

"""Roles come and go, people leave and return, stand-ins begin and end, while orders wait."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from ombud.cases import sight, timeline, turns
from ombud.cases.models import Case
from ombud.desk import actions as desk
from ombud.desk import rules as desk_rules
from ombud.desk import tasks
from ombud.lib import clock
from ombud.orders.deeds import DEEDS
from ombud.people import actions, rules
from ombud.people.actors import Actor
from ombud.people.models import Grant, Membership, Notice, Person, StandIn
from tests.cast import CastTest
from tests.stateful.machine import Machine, played

PEOPLE = ["ola", "eva", "ada", "una", "ulf"]
ROLES = ["agent_handler", "attestant", "administrator", "contact"]
SCOPES = {"agent_handler": "service:npo"}
person, role = st.sampled_from(PEOPLE), st.sampled_from(ROLES)


class Office(Machine):
    """The agent's people. One order waits for its handlers, one for Eva, who was chosen."""

    def begin(self):
        self.here = self.test.agent
        self.attest = next(deed for deed in DEEDS if deed.name == "attest")

    def actor(self, name):
        return Actor(Person.objects.get(username=name), self.here)

    def belongs(self, name):
        rows = Membership.objects.current()
        return rows.filter(person__username=name, organisation=self.here).exists()

    # What may happen

    @rule(by=person, to=person, which=role)
    def gives_a_role(self, by, to, which):
        asked = {"person": to, "role": which, "scope": SCOPES.get(which, "*")}
        actor = self.actor(by)
        self.presses(
            rules.grant(actor, self.here, **asked),
            lambda: actions.grant(self.here, by=actor, **asked),
        )

    @rule(by=person, to=person, which=role)
    def takes_a_role(self, by, to, which):
        asked = {"person": to, "role": which, "scope": SCOPES.get(which, "*")}
        actor = self.actor(by)
        self.presses(
            rules.revoke(actor, self.here, **asked),
            lambda: actions.revoke(self.here, by=actor, **asked),
        )

    @rule(
        by=person,
        absent=person,
        to=person,
        roles=st.sampled_from([["*"], ["attestant"], ["agent_handler"]]),
        begins=st.integers(0, 5),
        lasts=st.integers(1, 12),
    )
    def names_a_stand_in(self, by, absent, to, roles, begins, lasts):
        since = clock.now() + timedelta(hours=begins)
        asked = {
            "person": to,
            "instead_of": absent,
            "roles": roles,
            "from_at": since.isoformat() if begins else None,
            "until_at": (since + timedelta(hours=lasts)).isoformat(),
        }
        actor = self.actor(by)
        self.presses(
            rules.name_stand_in(actor, self.here, **asked),
            lambda: actions.name_stand_in(self.here, by=actor, **asked),
        )

    @rule(by=person, nth=st.integers(0, 3))
    def ends_a_stand_in(self, by, nth):
        rows = StandIn.objects.filter(organisation=self.here).order_by("pk")
        if nth < len(rows):
            actor, row = self.actor(by), rows[nth].pk
            self.presses(
                rules.end_stand_in(actor, self.here, row),
                lambda: actions.end_stand_in(self.here, by=actor, stand_in=row),
            )

    @rule(by=person, who=person)
    def lets_somebody_go(self, by, who):
        actor = self.actor(by)
        self.presses(
            desk_rules.deactivate_person(actor, self.here, who, (), ""),
            lambda: desk.deactivate_person(self.here, by=actor, person=who),
        )

    @rule(by=person, who=person)
    def lets_somebody_back(self, by, who):
        actor = self.actor(by)
        self.presses(
            desk_rules.restore_person(actor, self.here, who),
            lambda: desk.restore_person(self.here, by=actor, person=who),
        )

    @rule(hours=st.integers(1, 6))
    def time_passes(self, hours):
        self.later(hours)

    @rule()
    def the_worker_comes_by(self):
        tasks.turn_stand_ins()
        for row in StandIn.objects.filter(organisation=self.here):
            mine = Notice.objects.filter(person=row.person, instead_of=row.instead_of, over_at=None)
            others = StandIn.objects.filter(person=row.person, instead_of=row.instead_of)
            if not others.current().exists():
                assert not mine.filter(calls=True).exists(), f"{row} is over, and still called"

    # What always holds

    @invariant()
    def somebody_administers(self):
        held = Grant.objects.holding("administrator", self.here).filter(person__is_active=True)
        assert any(self.belongs(grant.person.username) for grant in held)

    @invariant()
    def nobody_acts_outside_own_roles_and_running_stand_ins(self):
        holders = set(
            Grant.objects.holding("attestant", self.here).values_list("person", flat=True)
        )
        running = StandIn.objects.filter(organisation=self.here).current()
        for name in PEOPLE:
            one = Person.objects.get(username=name)
            covered = {
                row.instead_of_id
                for row in running.filter(person=one)
                if {"*", "attestant"} & set(row.roles)
            }
            chosen = self.test.eva.pk
            expected = self.belongs(name) and chosen in holders and chosen in {one.pk, *covered}
            found = not self.attest.reasons(self.actor(name), self.test.waits_for_eva)
            assert found == expected, f"{name} may attest: {found}, and should: {expected}"

    @invariant()
    def who_may_act_sees_and_is_called(self):
        for name in PEOPLE:
            actor = self.actor(name)
            seen = set(Case.objects.visible_to(actor).values_list("pk", flat=True))
            mine = {row.case_id for row in turns.of(actor)[0]}
            for order in (self.test.waits_for_eva, self.test.waits_for_handlers):
                opened = sight.eyes(actor, order.case) is not None
                assert opened == (order.pk in seen), f"{name} lists and opens differently"
            order = self.test.waits_for_eva
            if not self.attest.reasons(actor, order):
                assert order.pk in seen and order.pk in mine, f"{name} may act unseen"
            assert mine <= seen, f"{name} is called to what is not seen"
            assert turns.count(actor) == len(mine)

    @invariant()
    def the_keys_are_what_the_rules_say_and_the_chains_hold(self):
        for order in (self.test.waits_for_eva, self.test.waits_for_handlers):
            assert sight.check(order.case)
        assert timeline.verify_all() is None


class PeopleTest(CastTest):
    def test_an_office_keeps_its_promises(self):
        self.una = self.person("una", self.agent, "contact")
        self.ulf = self.person("ulf", self.agent, "contact")
        self.waits_for_handlers = self.a_sent_order()
        self.waits_for_eva = self.an_approved_order()
        played(Office, self)

"""An agent applies, the operator reviews, the agent attests and somebody ends it, while a customer
orders through the agent."""

from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from ombud.cases import sight, timeline, turns
from ombud.cases.models import Case
from ombud.orders import actions as orders
from ombud.orders import agents
from ombud.orders import rules as order_rules
from ombud.orders.engagements import actions, rules
from ombud.orders.engagements.models import Engagement
from ombud.orders.engagements.states import LIVE, State
from ombud.orders.models import Order
from tests.cast import CastTest
from tests.engagements.applying import CONTACT, TYPED, Applying
from tests.stateful.machine import Machine, played

PEOPLE = ["enok", "ada", "rut", "eva", "ola", "kari", "per"]
NOTE = {"note": "As it stands."}
ATTESTS = {
    "attest": {"decision": "approve"},
    "attest_not": {"decision": "reject", "note": "Not for us."},
}
DEEDS: dict[str, dict] = {
    "apply_for_engagement": TYPED,
    "approve": {},
    "ask": NOTE,
    "reject": NOTE,
    "complete": {"contact": CONTACT, "answers": {"system": "Other"}, "answer": "Here it is."},
    "withdraw": {},
    "end": NOTE,
    **ATTESTS,
}
# What each state waits for, and of whom; where none is under way, somebody applies.
NEXT = {
    State.ENDED: ("enok", "apply_for_engagement"),
    State.OPERATOR_REVIEW: ("rut", "approve"),
    State.NEEDS_COMPLETION: ("enok", "complete"),
    State.AGENT_ATTEST: ("eva", "attest"),
    State.ACTIVE: ("kari", "withdraw"),
}
MOST = 2  # orders in a story


class Office(Machine):
    """One service of one agent. Whoever presses may be the wrong one, or press too early."""

    def begin(self):
        self.sent: list[int] = []

    def actor(self, name):
        return self.test.actor(getattr(self.test, name))

    @property
    def all(self) -> list[Engagement]:
        return list(Engagement.objects.select_related("case", "agent", "operator").order_by("pk"))

    @property
    def last(self) -> Engagement:
        return self.test.fresh(self.all[-1])

    @property
    def is_active(self) -> bool:
        return any(one.state == State.ACTIVE for one in self.all)

    # What may happen

    @rule()
    def it_gets_on(self):
        """The right one does what is next, so that stories come far."""
        state = State(self.last.state) if self.all else State.ENDED
        nth = list(NEXT).index(state) if state in NEXT else 0
        by, what = list(NEXT.values())[nth]
        self.tries(by, what)

    @rule(by=st.sampled_from(PEOPLE), what=st.sampled_from(sorted(DEEDS)))
    def somebody_presses(self, by, what):
        """Whoever it is, whenever it is."""
        if self.all or what == "apply_for_engagement":
            self.tries(by, what)

    @precondition(lambda self: self.is_active)
    @rule(by=st.sampled_from(["rut", "enok", "ada"]))
    def it_is_ended(self, by):
        self.tries(by, "end")

    def tries(self, by, what):
        actor = self.actor(by)
        if what == "apply_for_engagement":
            self.presses(
                rules.apply_for_engagement(actor, "npo"),
                lambda: actions.apply_for_engagement(by=actor, **TYPED),
            )
        elif what in ATTESTS:
            said = ATTESTS[what]
            self.presses(
                rules.attest(actor, self.last, **said),
                lambda: self.test.attests_it(self.last, person=getattr(self.test, by), **said),
            )
        else:
            given = DEEDS[what]
            self.presses(
                getattr(rules, what)(actor, self.last),
                lambda: getattr(actions, what)(self.last, by=actor, **given),
            )

    @precondition(lambda self: len(self.sent) < MOST)
    @rule()
    def somebody_orders_through_the_agent(self):
        draft, by = self.test.a_draft(), self.actor("kari")
        done = self.presses(
            order_rules.send(by, draft), lambda: orders.send(draft, by=by, accept_terms=True)
        )
        if done:
            self.sent.append(draft.pk)

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours):
        self.later(hours)

    # What always holds

    @invariant()
    def the_agent_is_chosen_only_while_an_engagement_is_active(self):
        barred = agents.against_choosing(self.test.agent, "service:npo")
        assert bool(barred) != self.is_active, [reason.code for reason in barred]
        assert sum(one.state in LIVE for one in self.all) <= 1

    @invariant()
    def what_is_under_way_is_held_as_long_as_there_is_none(self):
        for order in Order.objects.filter(pk__in=self.sent):
            assert (order.held_at is None) == self.is_active

    @invariant()
    def whoever_has_the_ball_sees_it_and_may_act(self):
        for name in PEOPLE:
            actor = self.actor(name)
            seen = set(Case.objects.visible_to(actor).values_list("pk", flat=True))
            mine = {row.case_id for row in turns.of(actor)[0]}
            assert mine <= seen, f"{name} is called to what is not seen"
            for one in self.all:
                asked = self.may_decide(actor, self.test.fresh(one))
                assert asked == (one.pk in mine), f"{name}, {one.state}: {asked}"

    def may_decide(self, actor, engagement) -> bool:
        """The deed that each state waits for."""
        deed = {
            State.OPERATOR_REVIEW: rules.approve,
            State.NEEDS_COMPLETION: rules.complete,
            State.AGENT_ATTEST: rules.attest,
        }.get(State(engagement.state))
        return deed is not None and not deed(actor, engagement)

    @invariant()
    def the_keys_are_what_the_rules_say_and_the_chains_hold(self):
        for one in self.all:
            assert sight.check(one.case)
        assert timeline.verify_all() is None


class EngagementsTest(Applying, CastTest):
    def test_an_engagement_keeps_its_promises(self):
        played(Office, self, examples=10, steps=20)

    def test_a_broken_promise_is_found(self):
        """Where ending one holds nothing, the story tells."""
        blind = mock.patch("ombud.orders.engagements.affected.of", return_value=[])
        with blind, self.assertRaises(AssertionError):
            played(Office, self, examples=10, steps=20)

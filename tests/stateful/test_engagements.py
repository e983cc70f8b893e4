"""An agent applies, is reviewed and attested, and its engagement ends, while orders are in flight;
the agreement under it comes and goes."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from ombud.cases import sight, timeline, turns
from ombud.cases.deeds import named
from ombud.cases.models import Turn
from ombud.orders import actions as ordering
from ombud.orders import agents
from ombud.orders import rules as order_rules
from ombud.orders.deeds import DEEDS as ORDER_DEEDS
from ombud.orders.engagements import actions, rules
from ombud.orders.engagements.deeds import DEEDS
from ombud.orders.engagements.models import Engagement
from ombud.orders.engagements.states import LIVE, State
from ombud.orders.models import Order
from ombud.orders.states import IN_FLIGHT
from ombud.people.models import Standing
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests.cast import CastTest
from tests.engagements.applying import CONTACT, TYPED, Applying
from tests.outside import sandbox
from tests.stateful.machine import Machine, played

ATTEST = named(DEEDS, "attest")
TAKEN_BY = {
    "draft": ("kari", "send"),
    "agent_review": ("ola", "approve"),
    "agent_attest": ("eva", "attest"),
    "customer_attest": ("liv", "attest"),
    "case_open": ("ola", "start"),
    "connecting": ("ola", "report_connected"),
}


def mostly(*names, now_and_then):
    """Mostly whoever may: else few stories come further than to the review."""
    return st.sampled_from([*names * (12 // len(names)), *now_and_then])


decision = st.sampled_from(["approve", "approve", "approve", "reject"])
applicant = {"by": mostly("enok", now_and_then=["eva", "ola", "kari", "rut"])}
attestant = {"by": mostly("eva", now_and_then=["enok", "ada", "rut"]), "decision": decision}
review = st.sampled_from(["approve", "approve", "approve", "ask", "reject"])
# How often each is tried, and with what.
STEPS = {
    "it_goes_on": (10, {}),
    "applies": (4, applicant),
    "a_reviewer": (5, {"by": mostly("rut", now_and_then=["kim", "eva", "per"]), "does": review}),
    "completes": (2, applicant),
    "withdraws": (1, applicant),
    "attests": (4, attestant),
    "begins_to_attest": (2, attestant),
    "the_attest_is_collected": (2, {}),
    "ends": (3, {"by": mostly("rut", "enok", "ada", now_and_then=["eva", "kim", "liv"])}),
    "an_order_takes_a_step": (
        4,
        {"by": mostly(None, now_and_then=["kari", "eva", "per"]), "nth": st.integers(0, 5)},
    ),
    "time_passes": (5, {"hours": st.sampled_from([1, 30, 500]), "ends": st.booleans()}),
}
OFTEN = [what for what, (often, _given) in STEPS.items() for _one in range(often)]
ASKED = {what: st.fixed_dictionaries(given) for what, (_often, given) in STEPS.items()}


class Engagements(Machine):
    """It begins with an engagement in force, and an order waiting at each step of the road.
    `stands` is the engagement that should be in force now."""

    def begin(self):
        self.stands, self.has_agreement = self.test.engagement.pk, True
        self.pending, self.ended, self.checked = [], set(), {}

    def all(self):
        joined = ("case", "agent", "operator", "applicant", "reviewed_by", "signature__person")
        return list(Engagement.objects.select_related(*joined).order_by("pk"))

    def latest(self):
        return self.all()[-1]

    def orders(self):
        joined = ("case", "agent", "customer", "operator")
        return list(Order.objects.select_related(*joined).order_by("pk"))

    def actor(self, name):
        return self.test.actor(getattr(self.test, name))

    @initialize(reached=st.sampled_from(["attest", "active", "attest", "review"]))
    def it_has_come_so_far(self, reached):
        if reached != "active":
            self.ends("rut")
            self.applies("enok")
        if reached == "attest":
            self.a_reviewer("rut", "approve")

    @rule(step=st.sampled_from(OFTEN).flatmap(lambda what: st.tuples(st.just(what), ASKED[what])))
    def happens(self, step):
        what, given = step
        getattr(self, what)(**given)

    def it_goes_on(self):
        """By whoever it waits for."""
        match State(self.latest().state):
            case State.OPERATOR_REVIEW:
                self.a_reviewer("rut", "approve")
            case State.NEEDS_COMPLETION:
                self.completes("enok")
            case State.AGENT_ATTEST:
                self.attests("eva", "approve")
            case State.ACTIVE:
                self.ends("enok")
            case _:
                self.applies("enok")

    # What may happen to the engagement

    def applies(self, by):
        actor = self.actor(by)
        self.presses(
            rules.apply_for_engagement(actor, "npo"),
            lambda: actions.apply_for_engagement(by=actor, **TYPED),
        )

    def a_reviewer(self, by, does):
        actor, engagement = self.actor(by), self.latest()
        given = {} if does == "approve" else {"note": "Which version?"}
        self.presses(
            getattr(rules, does)(actor, engagement),
            lambda: getattr(actions, does)(engagement, by=actor, **given),
        )

    def completes(self, by):
        actor, engagement = self.actor(by), self.latest()
        given = {"contact": CONTACT, "answers": TYPED["answers"], "answer": "The seventh."}
        self.presses(
            rules.complete(actor, engagement),
            lambda: actions.complete(engagement, by=actor, **given),
        )

    def withdraws(self, by):
        actor, engagement = self.actor(by), self.latest()
        reasons = rules.withdraw(actor, engagement)
        self.presses(reasons, lambda: actions.withdraw(engagement, by=actor))

    def ends(self, by):
        actor, engagement = self.actor(by), self.latest()
        if self.presses(
            rules.end(actor, engagement),
            lambda: actions.end(engagement, by=actor, note="It is taken out of use."),
        ):
            self.stands = None
            self.ended.add(engagement.pk)

    def asked_to_sign(self, deed, matter, actor, **given):
        sandbox()
        given |= {"method": "bankid", "note": "It has been read."}
        done = ceremony.perform(deed, matter, given, by=actor)
        if done.challenge.hint == "superseded":  # what a story before left open on the phone
            done = ceremony.perform(deed, matter, given, by=actor)
        self.test.signs(done)
        return done

    def attests(self, by, decision):
        actor, engagement = self.actor(by), self.latest()
        reasons = rules.attest(actor, engagement, decision)
        begins = lambda: self.asked_to_sign(ATTEST, engagement, actor, decision=decision)  # noqa: E731
        if done := self.presses(reasons, lambda: ceremony.collect(begins())):
            assert done.status == "complete", (done.hint, done.reasons)
            self.has_attested(engagement, decision)

    def has_attested(self, engagement, decision):
        assert self.has_agreement or decision == "reject"
        assert self.stands is None
        self.stands = engagement.pk if decision == "approve" else None

    def begins_to_attest(self, by, decision):
        """On the phone it is signed; the house has not asked for it yet."""
        actor, engagement = self.actor(by), self.latest()
        reasons = rules.attest(actor, engagement, decision)
        if done := self.presses(
            reasons, lambda: self.asked_to_sign(ATTEST, engagement, actor, decision=decision)
        ):
            self.pending.append(done.pk)

    def the_attest_is_collected(self):
        if not self.pending:
            return
        joined = ("case", "challenge", "person", "guest", "organisation", "instead_of")
        signature = Signature.objects.select_related(*joined).get(pk=self.pending.pop())
        engagement, given = self.test.fresh(signature.case.matter), signature.arguments
        reasons = rules.attest(signature.signer, engagement, signature=signature, **given)
        was, done = signature.status, ceremony.collect(signature)
        if was == "pending" and done.signed_at:
            assert (done.status == "complete") == (not reasons), (done.reasons, reasons)
            if done.status == "complete":
                self.has_attested(engagement, given["decision"])

    def time_passes(self, hours, ends):
        """The agreement under it ends now and then, and is made anew."""
        self.later(hours)
        if not self.has_agreement:
            self.test.standing(self.test.agent, "agent_agreement")
        elif ends:
            rows = Standing.objects.filter(organisation=self.test.agent)
            rows.filter(what="agent_agreement").end()
        self.has_agreement = not (self.has_agreement and ends)
        assert timeline.verify_all() is None

    # What may happen to orders meanwhile

    def an_order_takes_a_step(self, by, nth):
        order = self.orders()[nth]
        name, does = TAKEN_BY.get(order.state, ("kari", "copy"))
        actor, deed = self.actor(by or name), named(ORDER_DEEDS, does)
        given = {"accept_terms": True} if does == "send" else {}
        if not deed.signed_by:
            self.presses(deed.rule(actor, order), lambda: deed.action(order, by=actor, **given))
        elif does == "attest":
            done = self.presses(
                deed.rule(actor, order, "approve"),
                lambda: ceremony.collect(
                    self.asked_to_sign(deed, order, actor, decision="approve")
                ),
            )
            assert done is None or done.status == "complete", (done.hint, done.reasons)

    # What always holds

    @invariant()
    def one_at_a_time_is_in_force_as_it_was_attested(self):
        rows = self.all()
        assert sum(row.state in LIVE for row in rows) <= 1
        active = [row.pk for row in rows if row.state == State.ACTIVE]
        assert active == ([self.stands] if self.stands else [])
        assert {row.pk for row in rows if row.state == State.ENDED} == self.ended
        held = Standing.objects.filter(organisation=self.test.agent, what="agent").current()
        cases = [row.case.number for row in rows if row.pk in active]
        assert list(held.values_list("case_number", flat=True)) == cases

    @invariant()
    def the_agent_can_be_chosen_while_it_is_in_force_and_only_then(self):
        (one,) = agents.of("npo")
        expected = set() if self.stands else {"agent_not_engaged"}
        expected |= set() if self.has_agreement else {"agent_no_agreement"}
        assert {reason.code for reason in one.reasons} == expected
        for order in self.orders():
            if order.state == "draft":
                told = {reason.code for reason in agents.against_chosen(order)}
                assert told == expected

    @invariant()
    def orders_under_way_are_held_while_it_is_not(self):
        for order in self.orders():
            is_held = order.state in IN_FLIGHT and self.stands is None
            assert bool(order.held_at) == is_held, f"{order.state} held: {order.held_at}"
            if order.state in IN_FLIGHT:
                name, does = TAKEN_BY[order.state]
                told = [one.code for one in getattr(order_rules, does)(self.actor(name), order)]
                assert ("held" in told) == is_held, f"{does} in {order.state}: {told}"

    @invariant()
    def each_waits_for_one_and_what_is_held_calls_nobody(self):
        called = {}
        for name in ("liv", "ola", "eva", "enok", "rut"):
            for row in turns.of(self.actor(name))[0]:
                called.setdefault(row.case_id, set()).add(name)
        for order in self.orders():
            waiting = Turn.objects.filter(case=order.case, until=None, shadow=False)
            assert waiting.count() == (order.state in IN_FLIGHT), order.state
            assert not (order.held_at and called.get(order.case_id)), "held, and called to"
        expected = {
            State.OPERATOR_REVIEW: {"rut"},
            State.NEEDS_COMPLETION: {"enok"},
            State.AGENT_ATTEST: {"eva"},
        }
        for row in self.all():
            assert called.get(row.case_id, set()) == expected.get(State(row.state), set())

    @invariant()
    def the_keys_are_what_the_rules_say_and_the_chains_hold(self):
        for matter in [*self.all(), *self.orders()]:
            if self.checked.get(matter.pk) != matter.case.head_seq:
                assert sight.check(matter.case)
                assert timeline.verify_chain(matter.case) is None
                self.checked[matter.pk] = matter.case.head_seq


class EngagementsTest(Applying, CastTest):
    def test_engagements_keep_their_promises(self):
        self.engagement = self.active()
        self.a_sent_order()
        self.an_order_at_its_last_attest()
        self.an_attested_order()
        ordering.start(self.an_attested_order(), by=self.actor(self.ola))
        self.an_approved_order()
        self.a_draft()
        played(Engagements, self, examples=11, steps=20)

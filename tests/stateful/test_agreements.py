"""An organisation applies, the operator reviews, two signatories sign or decline, links are sent
anew and run out, while strangers press whatever they like."""

from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from ombud.agreements import actions, rules
from ombud.agreements.models import Agreement
from ombud.agreements.states import State
from ombud.cases import sight, timeline, turns
from ombud.cases.models import Case
from ombud.cases.passes import Pass
from ombud.lib import clock
from ombud.people import rules as people_rules
from ombud.people.actors import NOBODY
from ombud.people.models import Organisation, Standing
from tests.agreements.applying import JOINTLY, NUMBER, SEVERALLY, TYPED, Applying, somebody
from tests.cast import CastTest
from tests.stateful.machine import Machine, played

OVER = (State.ACTIVE, State.REJECTED)
ANSWER = {**TYPED, "answer": "Here it is."}
SIGNATORY = st.integers(0, 1)
REVIEWERS = st.sampled_from(["rut", "rut", "kim", "adam", "per"])


class Office(Machine):
    """One organisation number; jointly or severally, as the first application says."""

    typed = {"side": "customer", "number": NUMBER, **TYPED}

    def actor(self, name):
        return self.test.actor(getattr(self.test, name))

    @property
    def all(self) -> list[Agreement]:
        return list(Agreement.objects.select_related("case").order_by("pk"))

    @property
    def last(self) -> Agreement:
        return self.test.fresh(self.all[-1])

    @property
    def waits_for_signatures(self) -> bool:
        return bool(self.all) and self.last.state == State.AWAITING_SIGNATURE

    @property
    def is_in_force(self) -> bool:
        return any(one.state == State.ACTIVE for one in self.all)

    def named(self, nth):
        return self.test.signatory(self.last, nth)

    # What may happen

    @rule(mode=st.sampled_from([JOINTLY, SEVERALLY]))
    def anyone_applies(self, mode):
        self.presses(
            rules.submit(NOBODY, self.test.operator, "customer", NUMBER),
            lambda: actions.submit(self.test.operator, by=NOBODY, **{**self.typed, **mode}),
        )

    @rule(mode=st.sampled_from([JOINTLY, SEVERALLY]))
    def it_gets_on(self, mode):
        """The right one does what is next, so that stories come far."""
        state = self.last.state if self.all else State.REJECTED
        if state == State.REJECTED:
            self.anyone_applies(mode)
        elif state == State.SUBMITTED:
            self.reviews("rut", "approve")
        elif state == State.NEEDS_COMPLETION:
            self.whoever_applied_completes(stranger=False)
        elif state == State.AWAITING_SIGNATURE:
            signed = [row.signed_at is not None for row in self.last.signatories]
            self.a_signatory_signs(signed.index(False))
        elif state == State.DECLINED:
            self.a_link_is_sent_anew("rut", 0)

    @precondition(lambda self: self.all)
    @rule(by=REVIEWERS, says=st.sampled_from(["approve", "approve", "ask", "reject"]))
    def reviews(self, by, says):
        actor, more = self.actor(by), {} if says == "approve" else {"note": "As it stands."}
        self.presses(
            getattr(rules, says)(actor, self.last),
            lambda: getattr(actions, says)(self.last, by=actor, **more),
        )

    @precondition(lambda self: self.all)
    @rule(stranger=st.booleans())
    def whoever_applied_completes(self, stranger):
        by = self.actor("per") if stranger else self.test.applicant(self.last)
        answer = {**ANSWER, "mode": self.last.mode, "signatories": self.signatories()}
        del answer["applicant"], answer["language"]
        self.presses(
            rules.complete(by, self.last), lambda: actions.complete(self.last, by=by, **answer)
        )

    def signatories(self):
        known = {"Sixten": 13, "Stina": 15}
        return [somebody(one.given, known[one.given]) for one in self.last.signatories]

    @precondition(lambda self: self.waits_for_signatures)
    @rule(nth=SIGNATORY)
    def a_signatory_signs(self, nth):
        one, deed = self.named(nth), self.last
        self.presses(
            rules.sign(self.test.guest(one), deed), lambda: self.test.signs_by_link(deed, one)
        )

    @precondition(lambda self: self.waits_for_signatures)
    @rule(nth=SIGNATORY)
    def a_signatory_declines(self, nth):
        by = self.test.guest(self.named(nth))
        self.presses(
            rules.decline(by, self.last),
            lambda: actions.decline(self.last, by=by, note="Not like this."),
        )

    @precondition(lambda self: self.all and len(self.last.signatories) == 2)
    @rule(by=REVIEWERS, nth=SIGNATORY)
    def a_link_is_sent_anew(self, by, nth):
        actor, one = self.actor(by), self.named(nth)
        self.presses(
            rules.resend(actor, self.last, one.pk),
            lambda: actions.resend(self.last, by=actor, signatory=one.pk),
        )

    @rule(days=st.sampled_from([1, 10, 31]))
    def time_passes(self, days):
        self.later(days * 24)

    # What always holds

    @invariant()
    def it_is_in_force_when_enough_have_signed_and_never_else(self):
        here = Organisation.objects.filter(number=NUMBER).first()
        stands = here is not None and Standing.objects.is_held(here, "agreement")
        assert stands == self.is_in_force
        for one in self.all:
            signed = [row.signed_at is not None for row in self.test.fresh(one).signatories]
            enough = all(signed) if one.mode == "jointly" else any(signed)
            if one.state == State.ACTIVE:
                assert enough
            elif one.state == State.AWAITING_SIGNATURE:
                assert not enough

    @invariant()
    def one_application_or_agreement_at_a_time(self):
        live = [one for one in self.all if one.state != State.REJECTED]
        assert len(live) <= 1, [one.state for one in live]

    @invariant()
    def roles_can_be_given_from_then_on(self):
        here = Organisation.objects.filter(number=NUMBER).first()
        if here is None:
            return
        anna = self.test.actor(self.anna(here), here)
        reasons = people_rules.grant(anna, here, person=anna.person.username, role="orderer")
        assert bool(reasons) != self.is_in_force, [reason.code for reason in reasons]

    def anna(self, here):
        """The administrator that the application names."""
        return here.membership_set.filter(person__given="Anna").latest("pk").person

    @invariant()
    def at_most_one_live_link_a_signatory(self):
        now = clock.now()
        for one in self.all:
            for signatory in self.test.fresh(one).signatories:
                links = Pass.objects.filter(case=one.case, purpose="sign", name=str(signatory))
                live = [link for link in links.filter(revoked_at=None) if link.until_at > now]
                assert len(live) <= 1

    @invariant()
    def nobody_is_called_to_what_is_not_seen(self):
        for name in ("rut", "kim", "adam", "per"):
            actor = self.actor(name)
            seen = set(Case.objects.visible_to(actor).values_list("pk", flat=True))
            assert {row.case_id for row in turns.of(actor)[0]} <= seen
            for one in self.all:
                at_the_operator = name in ("rut", "kim")
                assert at_the_operator == (one.pk in seen), f"{name} and {one.state}"

    @invariant()
    def the_keys_are_what_the_rules_say_and_the_chains_hold(self):
        for one in self.all:
            assert sight.check(one.case)
        assert timeline.verify_all() is None


class AgreementsTest(Applying, CastTest):
    def test_an_agreement_keeps_its_promises(self):
        played(Office, self, examples=10, steps=20)

    def test_a_broken_promise_is_found(self):
        """Where one signature is enough though two must sign, the story tells."""
        careless = mock.PropertyMock(return_value=True)
        blind = mock.patch.object(Agreement, "is_signed_by_enough", careless)
        with blind, self.assertRaises(AssertionError):
            played(Office, self, examples=10, steps=20)

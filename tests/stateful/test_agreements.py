"""Applications are reviewed, signed, declined and forgotten; links are sent, replaced and run out;
terms change and agreements end, on both sides of one organisation."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from ombud.agreements import actions, rules, tasks
from ombud.agreements.catalogue import STANDINGS, AgreementTerms
from ombud.agreements.deeds import DEEDS
from ombud.agreements.models import Qualification
from ombud.agreements.states import OPEN, State
from ombud.cases import timeline
from ombud.cases.deeds import named
from ombud.cases.passes import Pass
from ombud.lib import days
from ombud.people import actions as people
from ombud.people import rules as people_rules
from ombud.people import steps
from ombud.people.actors import NOBODY, THE_SYSTEM
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests.agreements.applying import JOINTLY, NUMBER, SEVERALLY, TYPED, Applying, somebody
from tests.cast import CastTest
from tests.catalogue import words
from tests.outside import sandbox
from tests.stateful.machine import played
from tests.stateful.promises import SIDES, Promises

SIGN = named(DEEDS, "sign")
NORA = somebody("Nora", 11)
# Mostly whoever may: else few stories come further than to the review.
reviewer = st.sampled_from([*["rut"] * 8, "kim", "adam", "anna", "applicant", "nobody"])
applicant = st.sampled_from([*["applicant"] * 6, "rut", "anna", "nobody"])
sender = st.sampled_from([*["rut", "anna"] * 3, "kim", "adam", "applicant", "nobody"])
side, nth = st.sampled_from(SIDES), st.integers(0, 1)
back = st.sampled_from([0, 0, 1, 1, 1, 2])
typed = st.sampled_from(
    [TYPED, JOINTLY, JOINTLY, SEVERALLY, {**JOINTLY, "administrator": somebody("Arne", 10)}]
)


class Agreements(Promises):
    """A customer's application waits for two to sign it jointly, an agent's for its review."""

    # What may happen

    @rule(side=side, by=reviewer, does=st.sampled_from("approves approves asks rejects".split()))
    def a_reviewer(self, side, by, does):
        getattr(self, does)(side, by)

    @rule(side=side, by=sender, nth=nth, does=st.sampled_from(["resends", "replaces"]))
    def a_sender(self, side, by, nth, does):
        getattr(self, does)(side, by, nth)

    @precondition(lambda self: any(self.latest(side).state not in OPEN for side in SIDES))
    @rule(side=side, typed=typed)
    def applies(self, side, typed):
        category = "" if side == "agent" else "private"
        given = {**TYPED, **typed, "side": side, "number": NUMBER, "category": category}
        self.presses(
            rules.submit(NOBODY, self.test.operator, side, NUMBER),
            lambda: actions.submit(self.test.operator, by=NOBODY, **given),
        )

    @precondition(lambda self: self.latest("agent").pk != self.test.waits_for_review.pk)
    @rule(by=applicant, ticked_by=reviewer)
    def the_agent_shows_its_papers(self, by, ticked_by):
        agreement = self.latest("agent")
        shower, ticker = self.actor(by, agreement), self.actor(ticked_by, agreement)
        for what in Qualification.What.values:
            given = {"what": what, "dated_on": days.today().isoformat(), "words": "Yes."}
            self.presses(
                rules.deliver(shower, agreement, what),
                lambda given=given: actions.deliver(agreement, by=shower, **given),
            )
            self.presses(
                rules.tick(ticker, self.latest("agent"), what),
                lambda what=what: actions.tick(agreement, by=ticker, what=what),
            )

    def approves(self, side, by):
        agreement = self.latest(side)
        actor = self.actor(by, agreement)
        reasons = rules.approve(actor, agreement)
        if self.presses(reasons, lambda: actions.approve(agreement, by=actor)):
            self.approved.add(agreement.pk)

    def asks(self, side, by):
        agreement = self.latest(side)
        actor = self.actor(by, agreement)
        self.presses(
            rules.ask(actor, agreement),
            lambda: actions.ask(agreement, by=actor, note="Who signs?"),
        )

    @rule(side=side, by=applicant, typed=typed)
    def completes(self, side, by, typed):
        agreement = self.latest(side)
        actor = self.actor(by, agreement)
        given = {name: typed[name] for name in ("mode", "signatories")} | {
            name: TYPED[name] for name in ("name", "email", "phone", "contacts")
        }
        given["administrator"] = typed.get("administrator", TYPED["administrator"])
        given["category"] = agreement.category
        self.presses(
            rules.complete(actor, agreement),
            lambda: actions.complete(agreement, by=actor, answer="They do.", **given),
        )

    def rejects(self, side, by):
        agreement = self.latest(side)
        actor = self.actor(by, agreement)
        reasons = rules.reject(actor, agreement)
        if self.presses(reasons, lambda: actions.reject(agreement, by=actor, note="No.")):
            self.rejected.add(agreement.pk)

    def by_link(self, side, back):
        """Somebody comes by the newest link to sign, or by one of those before it."""
        agreement = self.sent(side)
        links = Pass.objects.filter(case=agreement.case, purpose="sign").order_by("-pk")
        return agreement, links[back % len(links)]

    @rule(side=side, back=back)
    def signs(self, side, back):
        agreement, link = self.by_link(side, back)
        actor = link.actor(agreement.organisation)
        reasons = rules.sign(actor, agreement)

        def signed():
            signature = self.asked_to_sign(agreement, actor)
            self.taps(signature)
            return ceremony.collect(signature)

        if done := self.presses(reasons, signed):
            assert done.status == "complete", (done.hint, done.reasons)
            self.has_signed(agreement, link)

    @rule(side=side, by=sender)
    def somebody_else_signs_or_declines(self, side, by):
        agreement = self.sent(side)
        actor = self.actor(by, agreement)
        assert rules.sign(actor, agreement) and rules.decline(actor, agreement), f"{by} may"
        self.presses(rules.sign(actor, agreement), lambda: self.asked_to_sign(agreement, actor))
        self.presses(
            rules.decline(actor, agreement),
            lambda: actions.decline(agreement, by=actor, note="No."),
        )

    def asked_to_sign(self, agreement, actor):
        sandbox()
        done = ceremony.perform(SIGN, agreement, {"method": "bankid"}, by=actor)
        if done.challenge.hint == "superseded":  # what a story before left open on the phone
            done = ceremony.perform(SIGN, agreement, {"method": "bankid"}, by=actor)
        return done

    def taps(self, signature):
        number = signature.guest.personal_number
        sandbox().sign(number, signature.challenge.auto_start_token)

    def has_signed(self, agreement, link):
        one = next(row for row in agreement.signatories if row.guest_id == link.pk)
        assert link.revoked_at is None, f"{one} signed by a link that was dead"
        self.said[one.pk] = "signed"

    @rule(side=side, back=back)
    def begins(self, side, back):
        """On the phone it is signed; the house has not asked for it yet."""
        agreement, link = self.by_link(side, back)
        actor = link.actor(agreement.organisation)
        reasons = rules.sign(actor, agreement)
        if begun := self.presses(reasons, lambda: self.asked_to_sign(agreement, actor)):
            self.taps(begun)
            self.pending.append(begun.pk)

    @precondition(lambda self: self.pending)
    @rule()
    def it_is_collected(self):
        rows = Signature.objects.select_related("case", "challenge", "guest", "organisation")
        signature = rows.get(pk=self.pending.pop())
        agreement = self.test.fresh(signature.case.matter)
        reasons = rules.sign(signature.signer, agreement, signature)
        was = signature.status
        done = ceremony.collect(signature)
        if was == "pending" and done.signed_at:
            assert (done.status == "complete") == (not reasons), (done.reasons, reasons)
            if done.status == "complete":
                self.has_signed(agreement, Pass.objects.get(pk=done.guest_id))

    @rule(side=side, back=back)
    def declines(self, side, back):
        agreement, link = self.by_link(side, back)
        actor = link.actor(agreement.organisation)
        reasons = rules.decline(actor, agreement)
        one = agreement.signatory_of(actor)
        if self.presses(reasons, lambda: actions.decline(agreement, by=actor, note="No.")):
            self.said[one.pk] = "declined"

    def resends(self, side, by, nth):
        agreement = self.sent(side)
        actor, one = self.actor(by, agreement), self.signatory(agreement, nth)
        reasons = rules.resend(actor, agreement, one.pk)
        if self.presses(reasons, lambda: actions.resend(agreement, by=actor, signatory=one.pk)):
            self.said.pop(one.pk, None)

    def replaces(self, side, by, nth):
        agreement = self.sent(side)
        actor, one = self.actor(by, agreement), self.signatory(agreement, nth)
        gone = one.pk
        reasons = rules.replace(actor, agreement, gone, **NORA)
        if self.presses(
            reasons,
            lambda: actions.replace(agreement, by=actor, signatory=gone, **NORA),
        ):
            for known in [gone, *(row.pk for row in agreement.signatories)]:
                if self.said.get(known) == "signed" or known == gone:
                    self.said.pop(known, None)

    @rule(side=side, nth=nth)
    def the_house_reminds(self, side, nth):
        agreement = self.sent(side)
        one = self.signatory(agreement, nth).pk
        self.presses(
            rules.remind(THE_SYSTEM, agreement, one),
            lambda: actions.remind(agreement, by=THE_SYSTEM, signatory=one),
        )

    @precondition(lambda self: any(self.holds(row) for row in self.all()))
    @rule(side=side, by=st.sampled_from(["siv", "siv", "rut"]), burdening=st.booleans())
    def terms_are_announced(self, side, by, burdening):
        actor, operator = self.test.actor(getattr(self.test, by)), self.test.operator
        day = days.months_after(days.today(), 3) if burdening else days.today()
        body = {"title": words("New"), "text": words("1. New\nBe better.")}
        asked = {"burdening": burdening, "valid_on": day.isoformat()}
        if self.presses(
            rules.announce(actor, operator, **asked),
            lambda: actions.announce(operator, by=actor, side=side, **body, **asked),
        ):
            newest = AgreementTerms.objects.filter(key=side).latest("pk")
            tasks.tell_terms(newest.pk)
            assert tasks.tell_terms(newest.pk) == 0, "told of the same terms twice"

    @precondition(lambda self: any(self.holds(row) for row in self.all()))
    @rule(side=side)
    def it_ends(self, side):
        agreement = self.latest(side)
        if agreement.state == State.ACTIVE and agreement.pk not in self.ended:
            here, what = agreement.organisation, STANDINGS[side]
            steps.stand_down(here, what, agreement.case.number, by=THE_SYSTEM)
            self.ended.add(agreement.pk)

    @rule(side=side, by=st.sampled_from(["anna", "anna", "rut", "adam"]))
    def gives_a_role(self, side, by):
        agreement = self.latest(side)
        actor, here = self.actor(by, agreement), agreement.organisation
        one = next(row for row in agreement.people if row.part == "contact")
        if one.person:
            asked = {"person": one.person.username, "role": "attestant", "scope": "*"}
            self.presses(
                people_rules.grant(actor, here, **asked),
                lambda: people.grant(here, by=actor, **asked),
            )

    @rule(side=side, back=back, does=st.sampled_from(["signs", "declines"]))
    def somebody_comes_too_late(self, side, back, does):
        self.later(24 * 31)
        getattr(self, does)(side, back)

    @rule(days=st.sampled_from([1, 3, 9, 31]))
    def time_passes(self, days):
        self.later(24 * days)
        assert timeline.verify_all() is None


class AgreementsTest(Applying, CastTest):
    def test_agreements_keep_their_promises(self):
        self.waits_for_signatures = self.approved(**JOINTLY)
        self.waits_for_review = agents = self.delivers_all(
            self.applies(side="agent", category="", **SEVERALLY)
        )
        for what in Qualification.What.values:
            actions.tick(agents, by=self.actor(self.rut), what=what)
        played(Agreements, self, examples=12)

"""What always holds of agreements, whatever has been pressed."""

from hypothesis.stateful import invariant

from ombud.agreements.models import Agreement
from ombud.agreements.states import OPEN, State
from ombud.cases import sight, timeline
from ombud.cases.models import Turn
from ombud.cases.passes import Pass
from ombud.people import rules as people_rules
from ombud.people.actors import NOBODY, Actor
from ombud.people.models import Grant, Membership, Organisation, Standing
from tests.agreements.applying import NUMBER
from tests.stateful.machine import Machine

SIDES = ("customer", "agent")
APPROVED = (State.AWAITING_SIGNATURE, State.DECLINED, State.ACTIVE)


class Promises(Machine):
    """What was pressed is remembered, and the house must be as it follows from that: `said` is what
    each signatory has said last, `ended` whose agreements the world has ended."""

    def begin(self):
        self.said, self.rejected, self.ended, self.pending = {}, set(), set(), []
        self.approved = {self.test.waits_for_signatures.pk}

    def all(self):
        rows = Agreement.objects.select_related("case", "operator", "organisation")
        return list(rows.order_by("pk"))

    def latest(self, side):
        return next(row for row in reversed(self.all()) if row.side == side)

    def sent(self, side):
        """The latest of this side that has been approved, or else of the other."""
        known = [row for row in reversed(self.all()) if row.pk in self.approved]
        return next((row for row in known if row.side == side), known[0])

    def actor(self, name, agreement):
        if name == "nobody":
            return NOBODY
        if name == "applicant":
            return self.test.applicant(agreement)
        if name == "anna":
            return self.administrator(agreement) or NOBODY
        return self.test.actor(getattr(self.test, name))

    def administrator(self, agreement):
        one = next(row for row in agreement.people if row.part == "administrator")
        return Actor(one.person, agreement.organisation) if one.person else None

    def signatory(self, agreement, nth):
        return agreement.signatories[nth % len(agreement.signatories)]

    # What always holds

    def is_whole(self, agreement):
        said = [self.said.get(one.pk) for one in agreement.signatories]
        is_jointly = agreement.mode == "jointly"
        return all(x == "signed" for x in said) if is_jointly else "signed" in said

    def is_hopeless(self, agreement):
        said = [self.said.get(one.pk) for one in agreement.signatories]
        is_jointly = agreement.mode == "jointly"
        return "declined" in said if is_jointly else all(x == "declined" for x in said)

    def holds(self, agreement):
        return agreement.state == State.ACTIVE and agreement.pk not in self.ended

    @invariant()
    def all_holds(self):
        rows = self.all()
        self.it_is_in_force_when_all_who_must_have_signed_and_only_then(rows)
        self.who_has_signed_has_done_so_by_a_link_that_held(rows)
        self.one_application_and_one_agreement_a_side(rows)
        self.each_signatory_has_one_live_link_at_most(rows)
        self.roles_are_given_only_where_an_agreement_is_in_force(rows)
        self.whom_an_agreement_names_belongs_and_whom_none_names_does_not(rows)
        self.it_waits_for_whoever_can_act(rows)
        self.the_keys_are_what_the_rules_say_and_the_chains_hold(rows)

    def it_is_in_force_when_all_who_must_have_signed_and_only_then(self, rows):
        for agreement in rows:
            expected = agreement.state
            if agreement.pk in self.rejected:
                expected = State.REJECTED
            elif agreement.pk in self.approved:
                hopeless = State.DECLINED if self.is_hopeless(agreement) else None
                expected = State.ACTIVE if self.is_whole(agreement) else hopeless
                expected = expected or State.AWAITING_SIGNATURE
            else:
                assert agreement.state in (State.SUBMITTED, State.NEEDS_COMPLETION)
            assert agreement.state == expected, f"{agreement} is not {expected}"
            theirs = Standing.objects.filter(organisation__number=NUMBER)
            held = theirs.filter(case_number=agreement.case.number)
            assert held.count() == (agreement.state == State.ACTIVE)
            assert held.current().count() == self.holds(agreement)

    def who_has_signed_has_done_so_by_a_link_that_held(self, rows):
        for agreement in rows:
            for one in agreement.signatories:
                assert bool(one.signed_at) == (self.said.get(one.pk) == "signed")
                assert bool(one.declined_at) == (self.said.get(one.pk) == "declined")
                if one.signed_at:
                    assert one.signature.status == "complete"
                    assert one.signature.guest_id == one.guest_id
                    assert one.signature.begun_at < one.guest.until_at, f"{one}: a link run out"

    def one_application_and_one_agreement_a_side(self, rows):
        for side in SIDES:
            live = [row for row in rows if row.state in OPEN or self.holds(row)]
            live = [row for row in live if row.side == side]
            assert len(live) <= 1, f"{live} at once"

    def each_signatory_has_one_live_link_at_most(self, rows):
        for agreement in rows:
            links = Pass.objects.filter(case=agreement.case, purpose="sign")
            alive = set(links.unrevoked().values_list("pk", flat=True))
            theirs = {one.guest_id for one in agreement.signatories if one.guest_id}
            assert alive == (set() if agreement.state == State.REJECTED else theirs)
            for link in links:
                seen = sight.eyes(link.actor(agreement.organisation), agreement.case)
                assert (seen is not None) == (link.pk in alive), f"{link}: dead and seeing"

    def roles_are_given_only_where_an_agreement_is_in_force(self, rows):
        here = Organisation.objects.filter(number=NUMBER).first()
        if here is None:
            return
        is_in_force = any(self.holds(agreement) for agreement in rows)
        for grant in Grant.objects.holding("administrator", here).select_related("person"):
            reasons = people_rules.grant(Actor(grant.person, here), here)
            assert is_in_force == (not reasons), [reason.code for reason in reasons]

    def whom_an_agreement_names_belongs_and_whom_none_names_does_not(self, rows):
        here = Organisation.objects.filter(number=NUMBER).first()
        rows = [row for row in rows if row.state in APPROVED]
        administering = {
            one.person
            for row in rows
            for one in row.people
            if one.part == "administrator" and one.person
        }
        found = Grant.objects.holding("administrator", here) if here else []
        assert {grant.person for grant in found} == administering
        members = Membership.objects.current().filter(organisation=here) if here else []
        named = {one.person for row in rows for one in row.people if one.person}
        assert {row.person for row in members} == named

    def it_waits_for_whoever_can_act(self, rows):
        for agreement in rows:
            operator, here = agreement.operator, agreement.organisation
            expected = {
                State.SUBMITTED: [(operator, "reviewer")],
                State.NEEDS_COMPLETION: [(None, "applicant")],
                State.AWAITING_SIGNATURE: [(here, "signatory")],
                State.DECLINED: [(operator, "reviewer")],
            }.get(State(agreement.state), [])
            turns = Turn.objects.filter(case=agreement.case, until=None, shadow=False)
            assert [(turn.organisation, turn.role) for turn in turns] == expected, agreement.state

    def the_keys_are_what_the_rules_say_and_the_chains_hold(self, rows):
        for agreement in rows:
            assert sight.check(agreement.case)
            assert timeline.verify_chain(agreement.case) is None

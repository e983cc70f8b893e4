"""An agent's engagement, brought to where a test begins: Enok applies, Rut reviews, Eva attests."""

from ombud.orders.engagements import actions
from ombud.orders.engagements.deeds import DEEDS
from ombud.orders.engagements.models import Engagement
from ombud.people.models import Person, Standing
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests.outside import sandbox

CONTACT = {"name": "Enok Test", "email": "enok@example.org", "phone": ""}
TYPED = {
    "service": "npo",
    "contact": CONTACT,
    "answers": {"system": "Journalis"},
    "accept_terms": True,
}


class Applying:
    """Mixed into a CastTest: the agent has no engagement from before."""

    def setUp(self):
        super().setUp()
        self.enok = self.person("enok", self.agent, "engagement_orderer")
        self.rut = self.person("rut", self.operator, "reviewer")
        Standing.objects.filter(organisation=self.agent, what="agent").delete()

    def applies(self, **typed) -> Engagement:
        by = self.actor(self.enok)
        return self.fresh(actions.apply_for_engagement(by=by, **{**TYPED, **typed}))

    def reviewed(self, **typed) -> Engagement:
        engagement = self.applies(**typed)
        return self.fresh(actions.approve(engagement, by=self.actor(self.rut)))

    def active(self, **typed) -> Engagement:
        engagement = self.reviewed(**typed)
        self.attests_it(engagement)
        return self.fresh(engagement)

    def ended(self, engagement: Engagement, person: Person | None = None) -> Engagement:
        by = self.actor(person or self.rut)
        return self.fresh(actions.end(engagement, by=by, note="The system is taken out of use."))

    def attests_it(
        self, engagement: Engagement, decision="approve", person: Person | None = None, **typed
    ) -> Signature:
        begun = self.begins_it(engagement, decision, person, **typed)
        self.signs(begun)
        return ceremony.collect(begun)

    def begins_it(
        self, engagement: Engagement, decision="approve", person: Person | None = None, **typed
    ) -> Signature:
        deed = next(one for one in DEEDS if one.name == "attest")
        given = {"decision": decision, "method": "bankid", **typed}
        sandbox()
        by = self.actor(person or self.eva)
        begun = ceremony.perform(deed, self.fresh(engagement), given, by=by)
        if begun.challenge.hint == "superseded":  # what a test before left open on the phone
            begun = ceremony.perform(deed, self.fresh(engagement), given, by=by)
        assert isinstance(begun, Signature)
        return begun

    def fresh(self, engagement: Engagement) -> Engagement:
        joined = ("case", "agent", "operator", "applicant", "reviewed_by", "signature__person")
        return Engagement.objects.select_related(*joined).get(pk=engagement.pk)

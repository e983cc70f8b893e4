"""The same few people in every test. Kari orders, Liv attests and Adam administers at the customer;
Ola handles, Eva attests and Ada administers at the agent; Siv publishes and Kim works on cases at
the operator; Per is a stranger."""

import threading

from django.db import connection
from django.utils import translation

from ombud.lib import clock
from ombud.orders import actions
from ombud.orders.deeds import DEEDS
from ombud.orders.models import Order
from ombud.people.actors import Actor
from ombud.people.models import Grant, Membership, Organisation, Person, Standing, Token
from ombud.people.roles import EVERYTHING
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests import catalogue
from tests.emptying import HouseTestCase, RealTestCase
from tests.outside import sandbox

NUMBERS = """194804193482 194806103067 194902283045 194911212209 195008072307 195102262267
    195109182187 195303231855 195305192626 195405162644 195501292303 195502272684 195503071770
    195503071887 195503142027 195506302388""".split()
UNITS = [
    {"hsa_id": "SE2321000016-AB12", "name": "Ward one"},
    {"hsa_id": "SE2321000016-AB13", "name": "Ward two"},
]
BILLING = {"reference": "8123", "address": "", "e_invoice": ""}
FILLED = {
    "agent": "5560000043",
    "units": UNITS,
    "answers": {"purpose": "Care"},
    "billing": {"reference": "8765", "address": "", "e_invoice": ""},
}
GIVEN = {"certify": True, "accept_terms": True, "billing": BILLING}


class Cast:
    def setUp(self):
        super().setUp()
        translation.activate("en")
        self.addCleanup(translation.deactivate)
        self.operator = Organisation.begin("The operator", "5560000068", "operator")
        self.customer = self.organisation("The customer", "5560000019", "customer")
        self.agent = self.organisation("The agent", "5560000043", "agent")
        self.stranger = self.organisation("A stranger", "5560000076", "customer")
        self.kari = self.person("kari", self.customer, "orderer")
        self.liv = self.person("liv", self.customer, "attestant")
        self.adam = self.person("adam", self.customer, "administrator")
        self.ola = self.person("ola", self.agent, "agent_handler", "service:npo")
        self.eva = self.person("eva", self.agent, "attestant")
        self.ada = self.person("ada", self.agent, "administrator")
        self.siv = self.person("siv", self.operator, "catalogue_admin")
        self.kim = self.person("kim", self.operator, "case_handler")
        self.per = self.person("per", self.stranger, "orderer")
        self.standing(self.customer, "agreement")
        self.standing(self.agent, "agent_agreement")
        self.standing(self.agent, "agent", "service:npo")
        catalogue.publish(self.operator)

    def organisation(self, name, number, kind):
        return Organisation.begin(name, number, kind, portal=self.operator)

    def standing(self, organisation, what, scope=""):
        return Standing.objects.create(
            organisation=organisation, what=what, scope=scope, case_number="AGR0000001"
        )

    def person(self, name, organisation, role, scope=EVERYTHING, **more):
        count = Person.objects.count()
        known = {
            "email": f"{name}@example.org",
            "personal_number": NUMBERS[count] if "personal_number" not in more else "",
            "password": "pw",
            "language": "en",
            "phone": f"+46701740{610 + count}",
        }
        person = Person.objects.begin(name, name.title(), "Test", **{**known, **more})
        self.joins(person, organisation)
        self.grant(person, organisation, role, scope)
        return person

    def joins(self, person, organisation):
        token = f"token of {person.username} at {organisation.number}"
        Token.objects.create(person=person, organisation=organisation, sha256=Token.digest(token))
        return Membership.objects.create(person=person, organisation=organisation)

    def grant(self, person, organisation, role, scope=EVERYTHING):
        return Grant.objects.create(
            person=person, organisation=organisation, role=role, scope=scope, given_by=organisation
        )

    def actor(self, person, organisation=None) -> Actor:
        here = organisation or Membership.objects.filter(person=person).first().organisation
        return Actor(Person.objects.get(pk=person.pk), here)

    # The story, step by step

    def a_draft(self, offer="npo-agent", **typed):
        filled = {**FILLED, **({} if offer == "npo-agent" else {"agent": None}), **typed}
        return actions.start_order(by=self.actor(self.kari), offer=offer, **filled)

    def a_sent_order(self, offer="npo-agent", **typed):
        draft = self.a_draft(offer, **typed)
        return self.again(actions.send(draft, by=self.actor(self.kari), accept_terms=True))

    def an_approved_order(self):
        order = self.a_sent_order()
        self.does(self.ola, order, "approve", attestant="eva", **GIVEN)
        return self.again(order)

    def an_order_at_its_last_attest(self):
        order = self.an_approved_order()
        self.attests(self.eva, order)
        return self.again(order)

    def an_attested_order(self):
        order = self.an_order_at_its_last_attest()
        self.attests(self.liv, order)
        return self.again(order)

    # Signing with the real provider

    def begins(self, person, order, deed, method="bankid", **typed) -> Signature:
        offered = next(one for one in DEEDS if one.name == deed)
        sandbox()
        typed = {**typed, "method": method}
        done = ceremony.perform(offered, self.again(order), typed, by=self.actor(person))
        if done.challenge.hint == "superseded":  # what a test before left open on the phone
            done = ceremony.perform(offered, self.again(order), typed, by=self.actor(person))
        assert isinstance(done, Signature)
        return done

    def signs(self, signature, person=None) -> None:
        """The person taps yes on the phone, or types the code."""
        number = (person or signature.person).personal_number
        sandbox().sign(number, signature.challenge.auto_start_token)

    def does(self, person, order, deed, **typed) -> Signature:
        signature = self.begins(person, order, deed, **typed)
        self.signs(signature)
        return ceremony.collect(signature)

    def attests(self, person, order, decision="approve", **typed) -> Signature:
        return self.does(person, order, "attest", decision=decision, **typed)

    def again(self, order):
        return Order.objects.select_related("case").get(pk=order.pk)

    def as_api(self, person, method, path, body=None, organisation=None, **headers):
        here = organisation or Membership.objects.filter(person=person).first().organisation
        token = f"token of {person.username} at {here.number}"
        more = {} if body is None else {"data": body, "content_type": "application/json"}
        call = getattr(self.client, method)
        return call(
            f"/api/v1/{path}", headers={"Authorization": f"Bearer {token}", **headers}, **more
        )

    def after(self, **span):
        return clock.ahead(**span)


class CastTest(Cast, HouseTestCase):
    pass


class TogetherTest(Cast, RealTestCase):
    """Real transactions."""


def together(*deeds):
    """Run the deeds at once, each on a connection of its own; what each returned or raised."""
    ends: list = [None] * len(deeds)

    def run(place, deed):
        try:
            ends[place] = deed()
        except Exception as error:
            ends[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends

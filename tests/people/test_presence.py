"""Whether anybody is there: who holds a role, who is away, who stands in; and what the checklist
before an order says of it."""

from datetime import timedelta

from ombud.lib import clock
from ombud.orders import agents, rules
from ombud.people import presence
from ombud.people.models import Grant, Membership, StandIn
from tests.desk.doors import DoorTest


class Away:
    def goes_away(self, person, organisation, deputy, *roles, days=30):
        until_at = clock.now() + timedelta(days=days) if days else None
        return StandIn.objects.create(
            person=deputy,
            instead_of=person,
            organisation=organisation,
            roles=list(roles) or ["*"],
            from_at=clock.now() - timedelta(hours=1),
            until_at=until_at,
        )

    def there(self, organisation, role="attestant", scope=""):
        return [
            (one.name, one.is_there)
            for one in presence.of([organisation], [role]).of(organisation, role, scope)
        ]


class PresenceTest(Away, DoorTest):
    def test_who_is_not_away_is_there(self):
        self.assertEqual(self.there(self.customer), [("Liv Test", True)])
        self.assertEqual(self.there(self.customer, "case_handler"), [])

    def test_who_is_stood_in_for_in_the_role_is_as_good_as_there(self):
        self.goes_away(self.liv, self.customer, self.adam)
        self.assertEqual(self.there(self.customer), [("Liv Test", True)])

    def test_who_is_away_and_stood_in_for_in_another_role_is_not(self):
        self.goes_away(self.liv, self.customer, self.adam, "orderer")
        self.assertEqual(self.there(self.customer), [("Liv Test", False)])

    def test_who_stands_in_and_has_left_or_is_away_too_does_not_count(self):
        row = self.goes_away(self.liv, self.customer, self.adam)
        self.goes_away(self.adam, self.customer, self.kari)
        self.assertEqual(self.there(self.customer), [("Liv Test", False)])
        StandIn.objects.exclude(pk=row.pk).delete()
        self.assertEqual(self.there(self.customer), [("Liv Test", True)])
        Membership.objects.filter(person=self.adam).end()
        self.assertEqual(self.there(self.customer), [("Liv Test", False)])

    def test_who_is_back_soon_comes_in_time(self):
        self.goes_away(self.liv, self.customer, self.adam, "orderer", days=5)
        self.assertEqual(self.there(self.customer), [("Liv Test", True)])
        StandIn.objects.update(until_at=None)
        self.assertEqual(self.there(self.customer), [("Liv Test", False)])

    def test_scope_and_organisation_are_kept_apart(self):
        self.goes_away(self.ola, self.agent, self.ada, "contact")
        held = self.there(self.agent, "agent_handler", "service:npo/source:x")
        self.assertEqual(held, [("Ola Test", False)])
        self.assertEqual(self.there(self.agent, "agent_handler", "service:other"), [])
        self.assertEqual(self.there(self.customer), [("Liv Test", True)])


class ChecklistTest(Away, DoorTest):
    def test_nobody_away_is_not_spoken_of(self):
        self.assertNotIn("Worth knowing", self.page(self.kari, "/orders/new/"))
        self.assertNotIn("Worth knowing", self.page(self.kari, "/orders/new/npo/"))

    def test_the_checklist_says_who_is_away_and_lets_the_orderer_ask(self):
        self.goes_away(self.liv, self.customer, self.adam, "orderer")
        for path in ("/orders/new/", "/orders/new/npo/"):
            page = self.page(self.kari, path)
            self.assertIn("Worth knowing before you order", page)
            self.assertIn("Liv Test, who may attest, is away until", page)
            self.assertIn("Nobody stands in.", page)
            self.assertIn("Ask Adam Test for the role", page)
        self.assertIn('href="/orders/new/npo/"', self.page(self.kari, "/orders/new/"))

    def test_it_bars_nothing(self):
        draft = self.a_draft()
        self.goes_away(self.liv, self.customer, self.adam, "orderer")
        self.goes_away(self.eva, self.agent, self.ada, "contact")
        self.assertEqual(rules.send(self.actor(self.kari), draft), [])

    def test_an_administrator_is_led_to_where_it_is_mended(self):
        self.grant(self.adam, self.customer, "orderer")
        self.goes_away(self.liv, self.customer, self.kari, "orderer")
        page = self.page(self.adam, "/orders/new/")
        self.assertIn("Name a stand-in", page)
        self.assertIn('href="/organisation/stand-ins/name/"', page)
        Grant.objects.filter(person=self.liv).end()
        page = self.page(self.adam, "/orders/new/")
        self.assertIn("Nobody can attest for The customer yet.", page)
        self.assertIn('href="/organisation/people/add/"', page)
        self.assertIn("Ask Adam Test for the role", self.page(self.kari, "/orders/new/"))

    def test_an_agent_whose_people_are_away_is_told_of_without_their_names(self):
        self.goes_away(self.eva, self.agent, self.ada, "contact")
        self.goes_away(self.ola, self.agent, self.ada, "contact", days=None)
        page = self.page(self.kari, "/orders/new/npo/")
        self.assertIn("Somebody is there at The agent", page)
        self.assertIn("Whoever attests is away until", page)
        self.assertIn("Whoever handles these orders is away. Nobody stands in.", page)
        self.assertNotIn("Eva Test", page)
        (one,) = agents.of("npo")
        self.assertEqual(one.reasons, [])

    def test_it_asks_once_however_many_agents_there_are(self):
        for number in ("5560000084", "5560000092"):
            here = self.organisation(f"Agent {number}", number, "agent")
            self.standing(here, "agent_agreement")
            self.standing(here, "agent", "service:npo")
        found = agents.everybody()
        with self.assertNumQueries(0):
            agents.of("npo", among=found)
        with self.assertNumQueries(4):
            agents.everybody()

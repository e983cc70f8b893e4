"""The demo world is whole, true to the rules of the house, and the same each time."""

from collections import Counter

from django.contrib.auth import authenticate
from django.test import override_settings

from demo import applicants, engagements, inquiries, people, personas, places, stories, world
from demo.outside import Outside
from ombud.agreements.models import Agreement
from ombud.cases import sight, timeline
from ombud.cases.models import Case, Document, Event, Turn
from ombud.desk.words import event_words
from ombud.lib import clock, identifiers, phones
from ombud.orders import agents
from ombud.orders.catalogue import Service
from ombud.orders.engagements.models import Engagement
from ombud.orders.models import Order
from ombud.people.actors import Actor
from ombud.people.models import Notice, Organisation, Person, StandIn, Token
from ombud.post.models import Letter
from ombud.signing.models import Signature
from tests.emptying import HouseTestCase, RealTestCase, empty
from tests.outside import sandbox

MOST_SIGNED = 40
MATTERS = ("order", "servicecase", "agreement", "engagement", "repair")


def build() -> None:
    sandbox().tell("reset")  # no fault is left there by whoever came before
    with override_settings(CLOCK=sandbox().environment["OMBUD_CLOCK"]):
        world.build(Outside(sandbox().url))


class WorldTest(HouseTestCase):
    @classmethod
    def setUpTestData(cls):
        build()

    def test_chains_and_sight_hold(self):
        self.assertIsNone(timeline.verify_all())
        self.assertIsNone(sight.check_all())

    def test_at_most_forty_were_signed_and_all_of_them_count(self):
        signed = Counter(Signature.objects.values_list("status", "method"))
        ordered = Signature.objects.filter(case__kind="order")
        self.assertLessEqual(ordered.count(), MOST_SIGNED)
        self.assertEqual({status for status, _ in signed}, {"complete"})
        self.assertEqual({method for _, method in signed}, {"bankid", "sms"})

    def test_every_order_stands_where_the_script_wants_it(self):
        wanted = Counter(story.state for story in stories.STORIES)
        self.assertEqual(Counter(Order.objects.values_list("state", flat=True)), wanted)
        self.assertEqual(
            set(wanted),
            set(
                "draft agent_review agent_attest customer_attest case_open connecting active"
                " rejected_by_agent rejected_by_customer".split()
            ),
        )

    def test_every_application_stands_where_the_script_wants_it(self):
        known = (*applicants.MEMBERS, *applicants.APPLICANTS)
        wanted = {one.place.number: one.state for one in known}
        self.assertEqual(dict(Agreement.objects.values_list("number", "state")), wanted)
        self.assertEqual(
            set(wanted.values()),
            set("submitted needs_completion awaiting_signature active rejected".split()),
        )

    def test_every_engagement_stands_where_the_script_wants_it(self):
        wanted = {
            (places.BY_KEY[one.place].number, one.service): one.state
            for one in engagements.ENGAGEMENTS
        }
        found = {(one.agent.number, one.key): one.state for one in Engagement.objects.all()}
        self.assertEqual(found, wanted)
        held = Order.objects.filter(held_at__isnull=False)
        self.assertEqual(held.count(), 2)
        (ended,) = Engagement.objects.filter(state="ended")
        known = {(order.agent, order.service.key) for order in held}
        self.assertEqual(known, {(ended.agent, "pascal")})

    def test_some_orders_are_late_and_some_are_not(self):
        open_turns = Turn.objects.filter(until=None, shadow=False, due_at__isnull=False)
        late = open_turns.filter(due_at__lt=clock.now())
        self.assertEqual(late.values("case").distinct().count(), 4)
        self.assertGreater(open_turns.count(), 4)

    def test_some_orders_carry_files(self):
        placed = Document.objects.placed().filter(case__kind="order")
        self.assertEqual(placed.values("case").distinct().count(), 3)
        self.assertFalse(Document.objects.loose().exists())
        self.assertEqual(
            set(placed.values_list("media_type", flat=True)), {"application/pdf", "image/png"}
        )

    def test_nothing_happened_in_the_future(self):
        now = clock.now()
        self.assertFalse(Notice.objects.filter(at__gt=now).exists())
        self.assertFalse(Order.objects.filter(case__opened_at__gt=now).exists())
        self.assertEqual(sandbox().client.get("/control/clock").json()["offset_seconds"], 0)

    def test_numbers_follow_time(self):
        rows = Order.objects.order_by("case__opened_at").values_list("case__number", flat=True)
        self.assertEqual(list(rows), sorted(rows))

    def test_it_is_built_once(self):
        build()
        self.assertEqual(Order.objects.count(), len(stories.STORIES))

    def test_everybody_logs_in_by_password_and_by_token(self):
        for row in personas.rows():
            person = authenticate(username=row["username"], password=row["password"])
            self.assertIsNotNone(person, row["username"])
            token = Token.objects.get(sha256=Token.digest(row["token"]))
            self.assertEqual(token.person, person)
            self.assertEqual(token.organisation.number, row["organisation"]["number"])

    def test_everything_that_has_happened_has_words(self):
        verbs = Event.objects.order_by("verb").values_list("verb", flat=True).distinct()
        self.assertGreater(len(verbs), 40)
        self.assertEqual([verb for verb in verbs if event_words(verb) == verb], [])

    def test_nobody_is_real(self):
        for person in Person.objects.all():
            if person.is_active:  # who was invited under another address went on with one account
                self.assertTrue(identifiers.is_official_test_person(person.personal_number))
            self.assertTrue(person.email.endswith(".example.org"))
            self.assertTrue(phones.is_mobile(person.phone))
            self.assertTrue(605 <= int(person.phone.removeprefix("+46701740")) <= 699)
        for organisation in Organisation.objects.all():
            self.assertTrue(organisation.name.endswith("(demo)"))
            self.assertEqual(identifiers.se_org(organisation.number), organisation.number)

    def test_every_story_has_its_people(self):
        rows = personas.rows()
        let_in = 4  # administrator and contact person of the two that have been approved
        self.assertEqual(len(rows), sum(len(place.seats) for place in places.PLACES) + let_in)
        for place in places.CUSTOMERS:
            here = [row for row in rows if row["organisation"]["number"] == place.number]
            held = {role for row in here for role in row["roles"]}
            self.assertLessEqual({"administrator", "orderer", "attestant"}, held)
        self.assertTrue(any({"orderer", "attestant"} <= set(row["roles"]) for row in rows))
        homes = Counter(row["username"] for row in rows)
        self.assertEqual([home for home in homes.values() if home > 1], [2, 2])

    def test_one_agent_cannot_be_chosen_and_says_why(self):
        found = {str(one.agent): one.reasons for one in agents.of("webcert")}
        barred = {name: reasons for name, reasons in found.items() if reasons}
        self.assertEqual(len(found), 3)
        self.assertEqual(list(barred), ["Kurvan Journalsystem AB (demo)"])
        (reason,) = barred["Kurvan Journalsystem AB (demo)"]
        self.assertEqual(reason.code, "agent_no_attestant")

    def test_one_stands_in_for_an_attestant_to_whom_something_waits(self):
        row = StandIn.objects.current().get()
        chosen = Order.objects.filter(state="agent_attest", attestant=row.instead_of)
        self.assertTrue(chosen.exists())
        deputy = Actor(row.person, row.organisation)
        seen = Case.objects.visible_to(deputy).filter(pk__in=chosen.values("case"))
        self.assertEqual(seen.count(), chosen.count())
        told = Notice.objects.filter(person=row.person, instead_of=row.instead_of, over_at=None)
        self.assertTrue(told.exists())

    def test_twelve_services_speak_three_languages(self):
        operator = Organisation.objects.get(kinds__contains=["operator"])
        services = Service.objects.current(operator)
        self.assertEqual(len(services), 12)
        for row in services:
            self.assertEqual(set(row.read.about), {"sv", "nb", "en"})

    def test_letters_have_been_carried(self):
        lost = [f"+46{one.phone[1:]}" for one in inquiries.REQUESTS if one.is_lost]
        states = Counter(Letter.objects.exclude(address__in=lost).values_list("state", flat=True))
        self.assertEqual(set(states) - {"accepted", "delivered"}, set())
        self.assertLess(sum(states.values()), 500)

    def test_every_party_opens_every_case_it_sees(self):
        opened = set()
        for row in personas.rows():
            person = Person.objects.get(username=row["username"])
            here = Organisation.objects.get(number=row["organisation"]["number"])
            self.client.force_login(person)
            self.client.post("/switch/", {"organisation": here.pk})
            for case in Case.objects.visible_to(Actor(person, here)).select_related(*MATTERS):
                if (here, case) not in opened:
                    opened.add((here, case))
                    page = self.client.get(case.matter.get_absolute_url())
                    self.assertEqual(page.status_code, 200, f"{row['username']} {case}")
        self.assertEqual(len({case for _, case in opened}), Case.objects.count())

    def test_the_introduction_names_people_of_the_cast(self):
        orderer = people.cast()["alvsunda-orderer"]
        self.assertIn(orderer.username, personas.introduce())

    def test_the_introduction_leads_to_the_service_desk_and_to_the_requests(self):
        told = personas.introduce()
        self.assertIn("Ärendesystem", told)
        self.assertIn("/inquiries/", told)


class AgainTest(RealTestCase):
    def test_a_second_world_is_the_same(self):
        first, second = self.built(), self.built()
        self.assertEqual(first, second)

    def built(self):
        build()
        titles = Order.objects.order_by("case__pk").values_list(
            "case__first_title", "state", "units"
        )
        told = personas.rows(), list(titles)
        empty()
        return told

"""A stand-in really stands in: authority, sight and notices move together, for the time and the
roles named, and only they. Una, who is only a contact person, stands in for Eva, the attestant."""

import re
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ombud.cases import letters, lists
from ombud.desk import tasks
from ombud.lib import clock
from ombud.lib.errors import Refused
from ombud.people import actions, keys
from ombud.people.models import Entry, Membership, Notice, StandIn
from ombud.post.models import Letter
from ombud.signing import ceremony
from tests.cast import CastTest, TogetherTest, together
from tests.desk.doors import DoorTest

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Standing:
    """What the tests of stand-ins share."""

    def setUp(self):
        super().setUp()
        self.una = self.person("una", self.agent, "contact")

    def names(self, by=None, since=None, until=DAY, **typed):
        """Eva names Una, unless told otherwise; the worker tells what has begun."""
        given = {"person": "una", "until_at": self.at(until), **typed}
        if since is not None:
            given["from_at"] = self.at(since)
        by = self.actor(by or self.eva)
        actions.name_stand_in(by.organisation, by=by, **given)
        tasks.turn_stand_ins()
        return StandIn.objects.latest("pk")

    def at(self, ahead):
        return (clock.now() + ahead).isoformat()

    def codes_of(self, **typed):
        with self.assertRaises(Refused) as no, transaction.atomic():
            self.names(**typed)
        return [reason.code for reason in no.exception.reasons]


class MatrixTest(Standing, DoorTest):
    """Before, during and after: list, search, open, act, letter and API say the same."""

    def test_everything_begins_and_ends_together(self):
        order = self.an_approved_order()
        self.names(since=HOUR, until=2 * HOUR)
        nothing = dict.fromkeys("list search open approvals api act brief".split(), False)
        self.assertEqual(self.seen(order), nothing)
        with self.after(minutes=61):
            self.assertEqual(tasks.turn_stand_ins(), 1)
            self.assertEqual(self.seen(order), dict.fromkeys(nothing, True))
            self.assertEqual(self.told(self.an_approved_order()), [True, True])
        with self.after(minutes=121):
            self.assertEqual(self.seen(order), nothing)
            self.assertEqual(tasks.turn_stand_ins(), 1)
            self.assertEqual(self.told(self.an_approved_order()), [False, False])
            self.assertFalse(self.calling().exists())

    def seen(self, order) -> dict[str, bool]:
        number = order.case.number
        self.enter(self.una)
        row = f'href="[^"]*{number}/"'
        pages = {"list": "/cases/?view=all", "approvals": "/approvals/"}
        found = {name: bool(re.search(row, self.read(path))) for name, path in pages.items()}
        hit = self.client.get(f"/search/?q={number}")  # a number that is found leads to its case
        found["search"] = hit.status_code == 302 and number in hit["Location"]
        found["open"] = self.client.get(f"/orders/{number}/").status_code == 200
        listed = self.as_api(self.una, "get", "cases?mine=true").json()["items"]
        found["api"] = [row["number"] for row in listed] == [number]
        found["act"] = self.may_attest(number)
        pk = StandIn.objects.get().pk
        brief = self.client.get(f"/organisation/stand-ins/{pk}/brief/")
        found["brief"] = brief.status_code == 200 and number in brief.content.decode()
        return found

    def may_attest(self, number) -> bool:
        case = self.as_api(self.una, "get", f"cases/{number}")
        if case.status_code == 404:
            typed = {"decision": "approve", "method": "bankid"}
            barred = self.as_api(self.una, "post", f"cases/{number}/attest", typed)
            self.assertEqual(barred.status_code, 404)
            return False
        return next(one["allowed"] for one in case.json()["actions"] if one["name"] == "attest")

    def told(self, order) -> list[bool]:
        number = order.case.number
        notices = self.as_api(self.una, "get", "notices").json()["items"]
        return [
            Letter.objects.filter(address=self.una.email, about=number).exists(),
            any(row["case"] == number for row in notices),
        ]

    def calling(self):
        return Notice.objects.of(self.una, self.agent).filter(calls=True, over_at=None)

    def test_what_waits_is_handed_over_when_it_begins(self):
        order = self.an_approved_order()
        self.names()
        (notice,) = self.calling()
        self.assertEqual(notice.case_number, order.case.number)
        self.assertIn("In the place of Eva Test.", letters.say(notice)["lead"])
        self.assertEqual(
            letters.say(notice)["why"], "You get this because you stand in for Eva Test."
        )
        letter = Letter.objects.get(address=self.una.email)
        self.assertEqual(letter.subject, "You now stand in for Eva Test")
        self.assertIn("1 thing waits already.", letter.body)
        self.assertIn("/brief/?as=", letter.body)
        own = Letter.objects.filter(address=self.eva.email).latest("pk")
        self.assertEqual(own.subject, "Una Test now stands in for you")

    def test_who_has_left_is_told_nothing_though_the_row_lasts(self):
        self.names()
        Membership.objects.filter(person=self.una).end()
        self.assertEqual(self.told_by_letter(self.an_approved_order()), [])

    def told_by_letter(self, order):
        letters = Letter.objects.filter(address=self.una.email, about=order.case.number)
        return list(letters.values_list("subject", flat=True))

    def test_of_a_rejection_whoever_was_stood_in_for_hears_and_the_deputy_while_it_lasts(self):
        order = self.an_approved_order()
        row = self.names()
        self.attests(self.una, order)
        actions.end_stand_in(self.agent, by=self.actor(self.eva), stand_in=row.pk)
        before = len(self.told_by_letter(order))
        self.attests(self.liv, self.again(order), "reject", note="The units are wrong.")
        self.assertEqual(len(self.told_by_letter(order)), before)
        told = Letter.objects.filter(address=self.eva.email, about=order.case.number)
        self.assertTrue(told.filter(subject__startswith="Rejected").exists())

    def test_who_hears_something_else_of_it_is_told_that_the_colleague_is_asked(self):
        StandIn.objects.create(
            person=self.kari, instead_of=self.liv, organisation=self.customer, roles=["attestant"]
        )
        order = self.a_sent_order("npo-direct")  # by Kari, who is told that it has been sent
        heard = Notice.objects.filter(case_number=order.case.number, person=self.kari)
        called = [(row.words, row.instead_of) for row in heard if row.calls]
        self.assertEqual(called, [("attest", self.liv)])
        self.assertEqual(heard.filter(calls=False, instead_of=None).count(), 1)

    def test_who_stands_in_for_an_orderer_finds_the_way_to_order(self):
        adam = self.person("arne", self.customer, "contact")
        self.assertNotIn('href="/orders/new/"', self.page(adam, "/"))
        StandIn.objects.create(person=adam, instead_of=self.kari, organisation=self.customer)
        page = self.page(adam, "/")
        self.assertIn('href="/orders/new/"', page)
        self.assertNotIn("You have no role here yet", page)

    def test_the_lists_say_in_whose_place(self):
        self.an_approved_order()
        self.names()
        self.assertIn("in the place of Eva Test", self.page(self.una, "/approvals/"))
        self.assertIn("You stand in for Eva Test", self.read("/"))

    def test_a_stand_in_costs_nobody_else_a_statement(self):
        self.an_approved_order()
        self.enter(self.eva)
        self.asked("/approvals/")
        before = len(self.asked("/approvals/"))
        self.names(by=self.eva)
        self.assertEqual(len(self.asked("/approvals/")), before)


class ActTest(Standing, CastTest):
    def test_a_stand_in_attests_and_both_names_stand_everywhere(self):
        order = self.an_approved_order()
        self.names()
        done = self.attests(self.una, order)
        self.assertEqual(done.status, "complete", done.reasons)
        self.assertEqual((done.person, done.instead_of), (self.una, self.eva))
        self.assertIn("as Attestant, in the place of Eva Test.", done.document)
        self.assertIn(f'"instead_of":{self.eva.pk}', done.claims)
        for verb in ("order.signed", "order.attested"):
            event = order.case.events.filter(verb=verb).latest("seq")
            self.assertEqual((event.person, event.instead_of), (self.una, self.eva))
        row = order.approvals.get(step="agent_attest")
        self.assertEqual((row.decided_by, row.instead_of), (self.una, self.eva))

    def test_a_signing_begun_before_the_end_is_judged_when_it_is_complete(self):
        order = self.an_approved_order()
        self.names(until=timedelta(seconds=40))
        signature = self.begins(self.una, order, "attest", decision="approve")
        with self.after(seconds=41):
            self.signs(signature)
            done = ceremony.collect(signature)
        self.assertEqual((done.status, done.hint), ("failed", "refused"))
        self.assertEqual(done.reasons[0]["code"], "stand_in_over")
        self.assertEqual(self.again(order).state, "agent_attest")

    def test_an_early_end_takes_effect_at_the_next_request(self):
        order = self.an_approved_order()
        row = self.names()
        actions.end_stand_in(self.agent, by=self.actor(self.eva), stand_in=row.pk)
        self.assertEqual(lists.of(self.actor(self.una)).rows, [])
        with self.assertRaises(Refused):
            self.begins(self.una, order, "attest", decision="approve")

    def test_only_the_roles_named_pass_over(self):
        order = self.an_approved_order()
        self.grant(self.eva, self.agent, "agent_handler", "service:npo")
        self.names(roles=["agent_handler"])
        sees = keys.of(self.actor(self.una))
        self.assertIn(f"o{self.agent.pk}:agent/service:npo", sees)
        self.assertNotIn(keys.seat(self.eva.pk, self.agent.pk), sees)
        with self.assertRaises(Refused):
            self.begins(self.una, order, "attest", decision="approve")

    def test_it_never_passes_on(self):
        order = self.an_approved_order()
        uno = self.person("uno", self.agent, "contact")
        self.names()
        self.names(by=self.una, person="uno")
        self.assertEqual(lists.of(self.actor(uno)).rows, [])
        self.assertNotIn(keys.seat(self.eva.pk, self.agent.pk), keys.of(self.actor(uno)))
        with self.assertRaises(Refused):
            self.begins(uno, order, "attest", decision="approve")

    def test_a_colleague_who_has_left_has_nothing_to_pass_over(self):
        self.an_approved_order()
        self.names()
        Membership.objects.filter(person=self.eva).end()
        self.assertEqual(lists.of(self.actor(self.una)).rows, [])


class NamingTest(Standing, CastTest):
    def test_both_are_told_and_the_journal_says_it(self):
        self.names(since=HOUR)
        subjects = list(Letter.objects.values_list("address", "subject"))
        self.assertIn((self.una.email, "You will stand in for Eva Test"), subjects)
        self.assertIn((self.eva.email, "Una Test will stand in for you"), subjects)
        entry = Entry.objects.get(verb="stand_in.named")
        self.assertEqual((entry.person, entry.data["to"]), (self.eva, self.una.pk))
        with self.after(minutes=61):
            tasks.turn_stand_ins()
            self.assertEqual(tasks.turn_stand_ins(), 0)
        with self.after(days=2):
            tasks.turn_stand_ins()
        verbs = Entry.objects.filter(verb__startswith="stand_in.").order_by("seq")
        self.assertEqual(
            list(verbs.values_list("verb", flat=True)),
            ["stand_in.named", "stand_in.begun", "stand_in.over"],
        )
        over = Letter.objects.filter(subject="You no longer stand in for Eva Test")
        self.assertEqual(over.count(), 1)

    def test_an_administrator_names_one_for_somebody_absent(self):
        row = self.names(by=self.ada, instead_of="eva")
        self.assertEqual((row.person, row.instead_of), (self.una, self.eva))

    def test_nobody_else_does(self):
        self.assertEqual(self.codes_of(by=self.ola, instead_of="eva"), ["not_administrator"])

    def test_who_stands_in_for_an_administrator_names_nobody(self):
        self.names(by=self.ada)
        by = self.actor(self.una).in_place_of(self.ada)
        with self.assertRaises(Refused) as no:
            actions.name_stand_in(
                self.agent, by=by, person="ola", instead_of="eva", until_at=self.at(DAY)
            )
        self.assertEqual(no.exception.reasons[0].code, "stands_in")
        with self.assertRaises(Refused) as no:
            actions.grant(self.agent, by=by, person="una", role="administrator")
        self.assertEqual(no.exception.reasons[0].code, "own_gain")

    def test_reasons(self):
        for code, typed in {
            "not_member": {"person": "kari"},
            "oneself": {"person": "eva"},
            "role_not_held": {"roles": ["administrator"]},
            "period_over": {"until": -HOUR},
            "period_backwards": {"since": 2 * HOUR, "until": HOUR},
            "period_too_long": {"until": 400 * DAY},
        }.items():
            with self.subTest(code):
                self.assertIn(code, self.codes_of(**typed))

    def test_who_cannot_sign_cannot_hold_the_role(self):
        self.una.set_personal_number("")
        self.una.save()
        self.assertEqual(self.codes_of(), ["cannot_sign"])

    def test_one_at_a_time_in_a_role_and_side_by_side_in_others(self):
        self.grant(self.eva, self.agent, "engagement_orderer")
        self.names(roles=["attestant"])
        self.assertEqual(self.codes_of(person="ola", roles=["attestant"]), ["overlaps"])
        self.assertEqual(self.codes_of(person="ola"), ["overlaps"])
        self.names(person="ola", roles=["engagement_orderer"])
        self.names(person="ola", roles=["attestant"], since=2 * DAY, until=3 * DAY)

    def test_a_change_moves_the_end_and_the_roles(self):
        self.an_approved_order()
        row = self.names()
        by = self.actor(self.eva)
        until = self.at(3 * DAY)
        actions.change_stand_in(self.agent, by=by, stand_in=row.pk, until_at=until)
        row.refresh_from_db()
        self.assertEqual(row.until_at.isoformat(), until)
        self.assertTrue(Letter.objects.filter(subject="Changed: you stand in for Eva Test"))
        with self.assertRaises(Refused) as no:
            actions.change_stand_in(
                self.agent, by=self.actor(self.ola), stand_in=row.pk, until_at=until
            )
        self.assertEqual(no.exception.reasons[0].code, "not_administrator")
        with self.assertRaises(Refused) as no:
            actions.change_stand_in(self.agent, by=by, stand_in=0, until_at=until)
        self.assertEqual(no.exception.status, 409)

    def test_whoever_stands_in_may_lay_it_down(self):
        row = self.names()
        actions.end_stand_in(self.agent, by=self.actor(self.una), stand_in=row.pk)
        with self.assertRaises(Refused) as no:
            actions.end_stand_in(self.agent, by=self.actor(self.una), stand_in=row.pk)
        self.assertEqual(no.exception.reasons[0].code, "is_over")

    def test_one_that_never_began_ends_without_having_been(self):
        row = self.names(since=HOUR)
        actions.end_stand_in(self.agent, by=self.actor(self.eva), stand_in=row.pk)
        self.assertEqual(tasks.turn_stand_ins(), 1)
        with self.after(hours=2):
            self.assertEqual(self.actor(self.una).wardrobe.colleagues, [])

    def test_the_database_refuses_the_impossible(self):
        for wrong in ({"instead_of": self.una}, {"until_at": clock.now() - DAY}):
            given = {"person": self.una, "instead_of": self.eva, "organisation": self.agent}
            with self.assertRaises((IntegrityError, ValidationError)), transaction.atomic():
                StandIn.objects.create(**given | wrong)


class TogetherNamingTest(Standing, TogetherTest):
    def test_twice_at_once_names_one(self):
        def name():
            by = self.actor(self.eva)
            return actions.name_stand_in(self.agent, by=by, person="una", until_at=self.at(DAY))

        ends = together(name, name)
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 1)
        self.assertEqual(StandIn.objects.count(), 1)

"""What people do with links and ledgers: each deed by the right one, at the right time, once."""

from django.conf import settings
from django.urls import reverse

from ombud.lib.errors import Misshapen, Refused
from ombud.people.actors import THE_SYSTEM
from ombud.people.models import Grant, Notice
from ombud.people.roles import Role
from ombud.post.models import Letter
from ombud.sync import checking, ledger, steps, tasks
from ombud.sync.deeds import DEEDS, JOURNALED
from ombud.sync.models import Field, Link, System
from ombud.sync.states import State
from tests.cast import Cast, together
from tests.emptying import RealTestCase
from tests.outside import sandbox
from tests.sync.echo import listening
from tests.sync.linked import LinkedCast, LinkedTest, a_case


def deed(name):
    return next(one for one in [*DEEDS, *JOURNALED] if one.name == name)


class Ledgers(LinkedCast):
    def setUp(self):
        super().setUp()
        self.link(known={"customer_name": "Anna Ek"})

    def does(self, name, person=None, **typed):
        by = self.actor(person or self.kim)
        return deed(name).action(self.matter, by=by, **deed(name).read(typed))

    def refused(self, name, person=None, **typed) -> list[str]:
        with self.assertRaises(Refused) as no:
            self.does(name, person, **typed)
        return [reason.code for reason in no.exception.reasons]

    def a_conflict(self):
        self.they_write(customer_name="Anna Berg")
        self.owe(customer_name="Anna Ek Berg")
        self.carry()
        self.assertEqual(self.row("customer_name").state, State.CONFLICT)

    def a_dead_one(self):
        self.owe("dead", request_status="Sentt")
        self.carry()
        self.assertEqual(self.row("request_status").state, State.DEAD)


class LedgerTest(Ledgers, LinkedTest):
    def test_a_case_handler_asks_for_a_comparison_and_the_carrier_makes_it(self):
        self.they_write(customer_name="Anna Berg")
        self.does("compare")
        self.assertIsNotNone(Link.objects.get().compare_at)
        self.assertEqual(tasks.sweep(), 1)
        self.carry()
        self.assertIsNone(Link.objects.get().compare_at)
        self.assertEqual(ledger.state(self.case), State.CONFLICT)
        self.assertEqual(self.verbs()[1:], ["compared", "mirror_differs"])

    def test_nobody_else_does_any_of_it_nor_learns_of_the_link(self):
        self.a_dead_one()
        for person in (self.siv, self.kari, self.adam, self.per):
            for name, typed in (
                ("compare", {}),
                ("replay", {}),
                ("settle", {"field": "customer_name", "take": "ours"}),
            ):
                self.assertEqual(self.refused(name, person, **typed), ["not_case_handler"])

    def test_what_is_linked_nowhere_cannot_be_compared(self):
        self.matter = a_case(self.operator)
        self.assertEqual(self.refused("compare"), ["not_linked"])

    def test_over_a_link_that_is_off_or_not_verified_nothing_is_compared(self):
        System.objects.update(is_on=False)
        self.assertEqual(self.refused("compare"), ["link_off"])
        System.objects.update(is_on=True, verified_at=None)
        self.assertEqual(self.refused("compare"), ["link_off"])

    def test_a_dead_letter_is_replayed_once_what_was_wrong_is_mended(self):
        self.fault("refuse", on="update")
        self.owe(request_status="Sent")
        self.carry()
        self.assertEqual(self.row("request_status").state, State.DEAD)
        self.does("replay")
        self.carry()
        self.assertEqual(self.row("request_status").state, State.SYNCED)
        self.assertEqual(self.refused("replay"), ["nothing_dead"])

    def test_of_a_case_people_are_told_at_the_first_thing_that_fails_until_it_is_mended(self):
        told = Notice.objects.filter(words="mirror_failed")
        self.fault("refuse", on="update")
        self.owe("first", request_status="Sent")
        self.carry()
        handlers = Grant.objects.holding(Role.CASE_HANDLER, self.operator).values("person")
        self.assertEqual({row.person_id for row in told}, {row["person"] for row in handlers})
        self.assertEqual({row.case_number for row in told}, {self.case.number})
        letter = Letter.objects.get(key=f"notice:{told.get(person=self.kim).pk}:email")
        self.assertIn(self.case.number, letter.subject)
        page = reverse("sync:ledger", args=[self.case.number])
        self.assertIn(f"{page}?as={self.operator.number}", letter.body)
        self.client.force_login(self.kim)
        opened = self.client.get(reverse("desk:notice", args=[told.get(person=self.kim).pk]))
        self.assertRedirects(opened, page)
        count = told.all().count()
        self.fault("refuse", on="update")
        self.owe("second", sms_count="2")
        self.carry()
        self.assertEqual(self.row("sms_count").state, State.DEAD)
        self.assertEqual(told.all().count(), count)
        self.does("replay")
        self.carry()
        self.assertEqual(self.row("request_status").state, State.SYNCED)
        self.assertEqual(self.row("sms_count").state, State.SYNCED)
        self.fault("refuse", on="update")
        self.owe("third", request_status="Opened")
        self.carry()
        self.assertEqual(told.all().count(), 2 * count)

    def test_of_five_cases_a_day_people_are_told_and_one_that_stays_mutes_no_other(self):
        told = Notice.objects.filter(words="mirror_failed", person=self.kim)
        others = [a_case(self.operator) for _n in range(7)]
        for place, other in enumerate(others):
            number = sandbox().tell("agiloft/records", fields={"summary": f"Case {place}"})["id"]
            steps.link(other.case, self.system, "case", number, by=THE_SYSTEM)
        for other in others[:6]:
            self.owe(case=other.case, request_status="No such state")
        self.carry()
        self.assertEqual(Field.objects.dead().count(), 6)
        self.assertEqual(len({row.case_number for row in told.all()}), 5)
        with self.after(days=1, minutes=1):
            self.owe(case=others[6].case, request_status="No such state")
            self.carry()
        self.assertEqual(told.latest("pk").case_number, others[6].case.number)
        self.assertEqual(told.all().count(), 6)

    def test_ours_is_right_and_is_written_there(self):
        self.a_conflict()
        self.does("settle", field="customer_name", take="ours")
        self.carry()
        self.assertEqual(self.there()["customer_name"], "Anna Ek Berg")
        self.assertEqual(self.row("customer_name").state, State.SYNCED)

    def test_what_stands_there_may_stand(self):
        self.a_conflict()
        self.does("settle", field="customer_name", take="theirs")
        self.carry()
        self.assertEqual(self.there()["customer_name"], "Anna Berg")
        row = self.row("customer_name")
        self.assertEqual((row.ours, row.theirs), ("Anna Ek Berg", "Anna Berg"))
        self.assertEqual((row.state, row.is_let_stand), (State.SYNCED, True))

    def test_what_only_goes_out_from_here_is_never_taken_over_from_there(self):
        self.owe("sent", request_status="Sent")
        self.carry()
        self.they_write(ehub_request_status="Failed")
        self.does("compare")
        tasks.sweep()
        self.carry()
        self.assertEqual(self.row("request_status").state, State.CONFLICT)
        no = self.refused("settle", field="request_status", take="theirs")
        self.assertEqual(no, ["only_from_here"])
        self.assertEqual(self.row("request_status").ours, "Sent")
        self.assertEqual(ledger.state(self.case), State.CONFLICT)
        self.does("settle", field="request_status", take="ours")
        self.carry()
        self.assertEqual(self.there()["ehub_request_status"], "Sent")
        self.assertEqual(ledger.state(self.case), State.SYNCED)

    def test_what_does_not_differ_is_not_settled(self):
        self.assertEqual(
            self.refused("settle", field="customer_name", take="ours"), ["no_conflict"]
        )

    def test_a_side_that_is_none_is_misshapen(self):
        with self.assertRaises(Misshapen):
            self.does("settle", field="customer_name", take="both")

    def test_the_ledger_is_in_no_circle_of_the_customer(self):
        parties = {one.role: one.circles for one in self.case.party_set.all()}
        self.assertIn("sync", parties["operator"])
        self.assertNotIn("sync", parties["customer"])


class TogetherTest(Ledgers, Cast, RealTestCase):
    """Real transactions."""

    def test_a_conflict_is_settled_once(self):
        self.a_conflict()
        ends = together(
            lambda: self.does("settle", field="customer_name", take="ours"),
            lambda: self.does("settle", field="customer_name", take="theirs"),
        )
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 1)

    def test_two_carriers_write_once(self):
        self.owe(request_status="Sent")
        together(self.carry, self.carry)
        self.carry()
        self.assertEqual(self.writes(), 1)

    def test_the_same_key_twice_at_once_is_one_owing(self):
        one = lambda: self.owe("same", sms_count=1)  # noqa: E731
        ends = together(one, one)
        self.assertEqual(sorted(map(len, ends)), [0, 1])


class Systems:
    def setUp(self):
        super().setUp()
        self.ann = self.person("ann", self.operator, "administrator")

    def does(self, name, /, person=None, organisation=None, **typed):
        by = self.actor(person or self.ann)
        here = organisation or self.operator
        return deed(name).action(here, by=by, **deed(name).read(typed))

    def refused(self, name, /, person=None, organisation=None, **typed) -> list[str]:
        with self.assertRaises(Refused) as no:
            self.does(name, person, organisation, **typed)
        return [reason.code for reason in no.exception.reasons]

    def typed(self, **more):
        known = {"name": "Desk", "base_url": "https://desk.example.com", "kb": "Service"}
        return {**known, "login": "svc", "secret": "a long secret", **more}


class SystemTest(Systems, LinkedTest):
    def test_an_administrator_links_a_system_and_its_secrets_lie_sealed(self):
        entry = self.does("set_system", **self.typed())
        row = System.objects.get(pk=entry.data["system"])
        self.assertEqual(row.secret("password"), "a long secret")
        self.assertNotIn("a long secret", str(System.objects.filter(pk=row.pk).values()[0]))
        self.assertFalse(row.is_active)
        self.assertEqual(entry.verb, "system.set")
        self.assertNotIn("secret", str(entry.data))

    def test_a_secret_left_empty_stays_and_a_change_must_be_verified_anew(self):
        known = self.typed(system=self.system.pk, base_url=settings.AGILOFT_URL, secret="")
        self.does("set_system", **known)
        row = self.again()
        self.assertEqual(row.secret("password"), settings.AGILOFT_PASSWORD)
        self.assertIsNone(row.verified_at)
        self.assertEqual(row.hook_sealed, self.system.hook_sealed)

    def test_one_table_is_linked_once(self):
        with self.assertRaises(Misshapen) as no:
            self.does("set_system", **self.typed(base_url=settings.AGILOFT_URL))
        self.assertEqual(no.exception.errors[0]["field"], "table")

    def test_addresses_are_https(self):
        for wrong in (
            "http://desk.example.com",
            "ftp://desk.example.com",
            "https://",
            "https://user:word@desk.example.com",
            "https://desk.example.com/?a=b",
            "javascript:alert(1)",
            "https://[",
            "http://127.0.0.1.example.com",
        ):
            with self.assertRaises(Misshapen, msg=wrong):
                self.does("set_system", **self.typed(base_url=wrong))

    def test_nobody_but_the_portals_administrator_keeps_links(self):
        given = {
            "set_system": self.typed(),
            "set_columns": {"system": self.system.pk, "columns": self.system.columns},
            "verify_system": {"system": self.system.pk},
            "switch_system": {"system": self.system.pk, "on": False},
            "replay_dead": {"system": self.system.pk},
        }
        for name, typed in given.items():
            for person, here, code in (
                (self.kim, self.operator, "not_administrator"),
                (self.adam, self.operator, "not_administrator"),
                (self.adam, self.customer, "no_operator"),
                (self.per, self.stranger, "not_administrator"),
            ):
                self.assertIn(code, self.refused(name, person, here, **typed), name)

    def test_another_portals_link_is_not_there(self):
        self.assertEqual(self.refused("verify_system", system=10**6), ["no_such_system"])

    def test_what_is_not_verified_is_not_switched_on(self):
        System.objects.update(is_on=False, verified_at=None)
        self.assertEqual(
            self.refused("switch_system", system=self.system.pk, on=True), ["not_verified"]
        )

    def test_switching_off_and_on(self):
        self.does("switch_system", system=self.system.pk, on=False)
        self.assertFalse(self.again().is_on)
        self.does("switch_system", system=self.system.pk, on=True)
        self.assertTrue(self.again().is_active)

    def test_another_map_must_be_verified_anew(self):
        columns = {"brand": {"column": "brand", "kind": "text", "direction": "both"}}
        self.does("set_columns", system=self.system.pk, columns=columns)
        row = self.again()
        self.assertEqual([*row.columns], ["brand"])
        self.assertIsNone(row.verified_at)
        with self.assertRaises(Misshapen):
            self.does("set_columns", system=self.system.pk, columns={"brand": {"column": "$KB"}})

    def test_all_that_failed_is_tried_again(self):
        self.link()
        self.fault("refuse", on="update")
        self.owe(request_status="Sent")
        self.carry()
        self.does("replay_dead", system=self.system.pk)
        self.carry()
        self.assertEqual(ledger.state(self.case), State.SYNCED)
        self.assertEqual(self.refused("replay_dead", system=self.system.pk), ["nothing_dead"])


class VerifyTest(Systems, LinkedTest):
    def tries(self, **changed) -> dict[str, bool]:
        System.objects.filter(pk=self.system.pk).update(probe="10482", **changed)
        with listening() as ear, self.settings(WEB_URL=ear.url):
            self.ear = ear
            self.does("verify_system", system=self.system.pk)
            self.assertIn(tasks.verify(system=self.system.pk), (True, False))
        self.tried = self.again()
        return {one["name"]: one["ok"] for one in self.tried.checks}

    def why(self, name) -> str:
        return next(one["why"] for one in self.tried.checks if one["name"] == name)

    def test_all_in_order(self):
        known = self.tries(verified_at=None)
        self.assertEqual(known, dict.fromkeys(checking.CHECKS, True))
        self.assertIsNotNone(self.tried.verified_at)
        self.assertEqual([row["method"] for row in self.ear.heard], ["GET"])
        (hook,) = sandbox().ask("agiloft/hooks")["items"]
        self.assertEqual(hook["webhook_status"], "Active")
        self.assertEqual(hook["modification_type"], ["Email", "Web"])
        self.assertEqual(self.tried.hook_key, hook["webhook_key"])

    def test_asked_for_twice_it_is_tried_once_and_subscribed_once(self):
        self.tries()
        self.assertFalse(tasks.verify(system=self.system.pk))
        self.tries()
        self.assertEqual(len(sandbox().ask("agiloft/hooks")["items"]), 1)

    def test_a_wrong_password(self):
        self.system.set_secret("password", "wrong and long")
        known = self.tries(password_sealed=self.system.password_sealed)
        self.assertEqual(known, dict.fromkeys(checking.CHECKS, False))
        self.assertIsNone(self.tried.verified_at)
        self.assertNotIn("wrong and long", str(self.tried.checks))

    def test_a_table_of_another_case_is_not_there(self):
        self.assertFalse(self.tries(table="Case")["table"])
        self.assertIn("does not exist", self.why("table"))

    def test_a_column_that_is_not_there_and_a_choice_that_is_not_offered(self):
        columns = self.system.columns
        columns["brand"] = {**columns["brand"], "column": "no_such"}
        self.assertFalse(self.tries(columns=columns)["fields"])
        self.assertIn("no_such", self.why("fields"))
        columns["brand"] = {**columns["brand"], "column": "brand"}
        columns["request_status"] = {**columns["request_status"], "choices": ["Nonsense"]}
        self.assertFalse(self.tries(columns=columns)["fields"])
        self.assertIn("Nonsense", self.why("fields"))

    def test_an_address_that_does_not_repeat_the_code(self):
        System.objects.filter(pk=self.system.pk).update(probe="10482")
        with listening() as ear, self.settings(WEB_URL=ear.url):
            ear.repeats = False
            tried = checking.run(self.system)
        self.assertFalse(tried.checks[-1]["ok"])
        self.assertIsNone(tried.verified_at)

    def test_a_system_that_is_away(self):
        sandbox().tell("agiloft/down", seconds=60)
        self.assertEqual(set(self.tries().values()), {False})

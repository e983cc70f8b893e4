"""What is owed arrives once: written, read back, the same in both; or it is told why not."""

import time
from datetime import timedelta

from ombud.cases import files
from ombud.lib import clock
from ombud.people.actors import THE_SYSTEM
from ombud.sync import ledger, steps, tasks
from ombud.sync.models import Field
from ombud.sync.states import State
from tests.desk import papers
from tests.outside import sandbox
from tests.sync.linked import LinkedTest, a_case

BOTH = ["dead", "synced"]


class WriteTest(LinkedTest):
    def setUp(self):
        super().setUp()
        self.link(known={"customer_name": "Anna Ek", "customer_mobile": "0701234567"})

    def test_what_is_owed_is_written_read_back_and_verified(self):
        names = self.owe(request_status="Sent", sms_count=1, request_id="INQ0000001")
        self.assertEqual(sorted(names), ["request_id", "request_status", "sms_count"])
        self.assertEqual(ledger.state(self.case), State.PENDING)
        self.assertEqual(self.carry(), 1)
        there = self.there()
        self.assertEqual((there["ehub_request_status"], there["ehub_sms_count"]), ("Sent", 1))
        row = self.row("sms_count")
        self.assertEqual((row.ours, row.theirs, row.agreed, row.state), ("1", "1", "1", "synced"))
        self.assertIsNotNone(row.verified_at)
        self.assertTrue(ledger.is_verified(self.case))
        self.assertEqual(self.verbs(), ["linked", "to_mirror", "mirrored"])
        ops = [row["detail"]["op"] for row in sandbox().ask("journal", part="agiloft")["items"]]
        self.assertEqual(ops, ["login", "search", "update", "search"])

    def test_the_same_key_twice_is_one_owing(self):
        self.owe(request_status="Sent")
        self.assertEqual(self.owe(request_status="Opened"), [])
        self.carry()
        self.assertEqual(self.there()["ehub_request_status"], "Sent")

    def test_a_later_owing_takes_the_place_of_what_still_waits(self):
        self.owe(request_status="Sent")
        self.owe("second", request_status="Opened")
        self.carry()
        self.assertEqual(self.there()["ehub_request_status"], "Opened")
        self.assertEqual(self.writes(), 1)

    def test_a_case_that_is_linked_nowhere_owes_nothing(self):
        other = a_case(self.operator)
        self.assertEqual(self.owe(case=other.case, request_status="Sent"), [])

    def test_a_field_that_is_not_mapped_is_not_mirrored(self):
        self.assertEqual(self.owe(nonsense="x"), [])

    def test_a_field_that_is_mapped_no_more_is_owed_no_more(self):
        self.owe(brand="Nordfon", model="N1")
        del self.system.columns["brand"]
        self.system.save()
        self.assertEqual(self.carry(), 1)
        self.assertFalse(Field.objects.filter(link__case=self.case, name="brand").exists())
        self.assertEqual(self.row("model").state, State.SYNCED)
        self.assertEqual((ledger.state(self.case), self.carry()), (State.SYNCED, 0))
        self.assertIn("unmapped", self.verbs())

    def test_what_failed_and_is_mapped_no_more_stands_in_nobodys_way(self):
        self.owe(request_status="Sentt")
        self.carry()
        self.assertEqual(ledger.state(self.case), State.DEAD)
        del self.system.columns["request_status"]
        self.system.save()
        self.owe("second", model="N1")
        self.carry()
        self.assertEqual(ledger.state(self.case), State.SYNCED)

    def test_an_answer_that_is_lost_leads_to_no_second_write(self):
        self.owe(request_status="Sent")
        self.fault("timeout_after", on="update")
        self.carry()
        self.assertEqual(self.row("request_status").state, State.PENDING)
        self.assertEqual(self.there()["ehub_request_status"], "Sent")
        with self.after(minutes=2):
            self.carry()
        self.assertEqual(self.row("request_status").state, State.SYNCED)
        self.assertEqual(self.writes(), 1)

    def test_dates_numbers_and_telephones_are_compared_by_what_they_mean(self):
        self.owe(
            last_sms_at="2025-05-08T15:00", approved_cost="1150.00", customer_mobile="070-123 45 67"
        )
        self.carry()
        there = self.there()
        self.assertEqual(there["ehub_last_sms_at"], "May 08 2025 15:00")
        self.assertEqual(there["approved_cost"], 1150)
        self.assertEqual(there["customer_mobile"], "0701234567")
        self.assertEqual(ledger.state(self.case), State.SYNCED)

    def test_what_is_refused_is_a_dead_letter_and_the_rest_goes_on(self):
        self.owe(request_status="Sentt", sms_count=1, request_id="INQ0000001")
        self.carry()
        dead = self.row("request_status")
        self.assertEqual(dead.state, State.DEAD)
        self.assertIn("Wrong format/value", dead.error)
        self.assertEqual(self.row("sms_count").state, State.SYNCED)
        self.assertEqual(self.there()["ehub_sms_count"], 1)
        self.assertIn("mirror_failed", self.verbs())
        self.assertEqual(self.carry(), 0)

    def test_a_refusal_that_names_no_field_finds_the_one_it_means(self):
        self.owe(request_status="Sent", sms_count=1)
        self.fault("refuse", on="update", times=2)
        self.carry()
        states = {row.name: row.state for row in Field.objects.filter(link__case=self.case)}
        self.assertEqual(
            sorted((states["request_status"], states["sms_count"])), ["dead", "synced"]
        )

    def test_what_cannot_be_read_back_is_not_verified(self):
        sandbox().tell("agiloft/options", hidden="ehub_request_id")
        self.owe(request_id="INQ0000001")
        self.carry()
        row = self.row("request_id")
        self.assertEqual((row.state, row.error), (State.DEAD, "not_verified"))

    def test_a_column_that_is_not_there_stops_nothing_else(self):
        self.system.columns["brand"]["column"] = "no_such"
        self.system.save()
        self.owe(brand="Nordfon", model="N1")
        self.carry()
        self.assertEqual(self.row("brand").state, State.DEAD)
        self.assertIn("No column no_such", self.row("brand").error)
        self.assertEqual(self.there()["model"], "N1")


class LineTest(LinkedTest):
    def setUp(self):
        super().setUp()
        self.link()

    def test_calls_are_as_far_apart_as_the_system_wants(self):
        self.system.delay_seconds = 0.3
        self.system.save()
        self.owe(request_status="Sent")
        begun = time.monotonic()
        self.carry()  # login, read, write, read back
        self.assertGreaterEqual(time.monotonic() - begun, 0.9)

    def test_a_token_is_kept_sealed_from_one_time_to_the_next(self):
        for number in range(3):
            self.owe(str(number), sms_count=number)
            self.carry()
        self.assertEqual(len(self.calls("login")), 1)
        system = self.again()
        self.assertTrue(system.token["access"])
        self.assertNotIn(system.token["access"], system.token_sealed)
        self.assertIsNone(system.leased_until)


class MoreTest(LinkedTest):
    """A record in another table, and files."""

    def setUp(self):
        super().setUp()
        self.link()

    def a_customer(self):
        table = "contacts.customer"
        steps.link_new(self.case, self.system, table, "ehub_customer_no", by=THE_SYSTEM)
        values = {"ehub_customer_no": "K20551", "first_name": "Anna", "last_name": "Ek"}
        steps.owe(self.case, values, by=THE_SYSTEM, key="card", table=table)
        return self.case.links.get(table=table)

    def customers(self):
        return sandbox().ask("agiloft/records", table="contacts.customer")["items"]

    def test_a_customer_is_made_once_by_our_own_number(self):
        link = self.a_customer()
        self.fault("timeout_after", on="upsert")
        self.carry()
        self.assertEqual(len(self.customers()), 1)
        with self.after(minutes=2):
            self.carry()
        (there,) = self.customers()
        self.assertEqual((there["first_name"], there["last_name"]), ("Anna", "Ek"))
        link.refresh_from_db()
        self.assertEqual(link.number, there["id"])
        self.assertEqual(ledger.state(self.case), State.SYNCED)

    def test_several_customers_of_our_number_are_a_dead_letter_and_none_is_made(self):
        for _n in range(2):
            fields = {"ehub_customer_no": "K20551"}
            sandbox().tell("agiloft/records", table="contacts.customer", fields=fields)
        self.a_customer()
        self.carry()
        self.assertEqual(len(self.customers()), 2)
        self.assertEqual(ledger.state(self.case), State.DEAD)

    def test_a_file_arrives_once_and_is_read_back(self):
        paper = self.a_paper()
        self.fault("timeout_after", on="attach")
        self.assertTrue(self.owe_file(paper))
        self.assertFalse(self.owe_file(paper))
        self.carry()
        with self.after(minutes=2):
            self.carry()
        self.assertEqual(ledger.state(self.case), State.SYNCED)
        self.assertEqual(len(self.calls("attach")), 1)
        row = Field.objects.get(document=paper)
        self.assertEqual(
            (row.theirs, row.name), (f"signering.pdf ({paper.size})", f"file-{paper.pk}")
        )

    def owe_file(self, paper):
        return steps.owe_file(self.case, "attached_file", paper, by=THE_SYSTEM, key="signed")

    def a_paper(self):
        return files.keep(papers.upload("signering.pdf", papers.pdf()), by=self.actor(self.kim))


class LaterTest(LinkedTest):
    def setUp(self):
        super().setUp()
        self.link()

    def test_a_lock_is_waited_for_further_and_further_apart(self):
        sandbox().tell("agiloft/lock", id="10482", minutes=100_000)
        self.owe(request_status="Sent")
        begun, waits = clock.now(), []
        passed = timedelta()
        for _try in range(6):
            with self.after(seconds=passed.total_seconds()):
                self.carry()
                row = self.row("request_status")
                self.assertEqual(row.state, State.PENDING)
                waits.append(round((row.due_at - clock.now()).total_seconds() / 60))
                passed = row.due_at - begun + timedelta(seconds=1)
        self.assertEqual(waits, [1, 5, 15, 60, 360, 1440])
        with self.after(seconds=passed.total_seconds()):
            self.carry()
            row = self.row("request_status")
            self.assertEqual(row.state, State.DEAD)
            self.assertIn("locked", row.error)
            self.assertEqual(self.carry(), 0)

    def test_a_lock_is_passed_only_where_that_is_allowed(self):
        sandbox().tell("agiloft/lock", id="10482")
        self.system.may_ignore_locks = True
        self.system.save()
        self.owe(request_status="Sent")
        self.carry()
        self.assertEqual(self.there()["ehub_request_status"], "Sent")

    def test_an_hour_of_silence_then_all_that_waits_lands_once(self):
        others = [a_case(self.operator) for _n in range(3)]
        for place, other in enumerate(others):
            number = sandbox().tell("agiloft/records", fields={"summary": f"Case {place}"})["id"]
            steps.link(other.case, self.system, "case", number, by=THE_SYSTEM)
        sandbox().tell("agiloft/down", seconds=3600)
        self.owe(request_status="Sent", sms_count=1)
        for other in others:
            self.owe(case=other.case, request_status="Sent")
        for minutes in range(0, 60):
            self.sandbox_goes_on(minutes)
            with self.after(minutes=minutes):
                self.sweep()
        self.assertEqual(self.writes(), 0)
        self.assertEqual(Field.objects.waiting().count(), 5)
        tried = self.tries_in_the_silence()
        self.assertLess(tried, 12)
        for minutes in range(60, 200, 5):
            self.sandbox_goes_on(minutes)
            with self.after(minutes=minutes):
                self.sweep()
        self.assertEqual(Field.objects.waiting().count(), 0)
        self.assertEqual(self.writes(), 4)
        states = ledger.states([self.case.pk, *(one.case.pk for one in others)])
        self.assertEqual(set(states.values()), {State.SYNCED})
        self.assertEqual(len(states), 4)
        system = self.again()
        self.assertEqual((system.tries, system.retry_at), (0, None))

    def sweep(self):
        if tasks.sweep():
            self.carry()

    def sandbox_goes_on(self, minutes):
        sandbox().tell("clock", offset_seconds=minutes * 60)

    def tries_in_the_silence(self):
        rows = sandbox().ask("journal", part="agiloft")["items"]
        return len([row for row in rows if row["detail"].get("broken") == "down"])

    def test_a_switched_off_link_keeps_what_it_owes(self):
        self.owe(request_status="Sent")
        self.system.is_on = False
        self.system.save()
        self.assertEqual((self.carry(), ledger.state(self.case)), (0, State.OFF))
        self.system.is_on = True
        self.system.save()
        self.carry()
        self.assertEqual(ledger.state(self.case), State.SYNCED)

    def test_what_our_user_may_not_do_is_tried_again_and_stops_nothing_else(self):
        sandbox().tell("agiloft/options", rest_group=False)
        self.owe(request_status="Sent")
        self.carry()
        row = self.row("request_status")
        self.assertEqual((row.state, row.error[:7]), (State.PENDING, "barred|"))
        self.assertIsNone(self.again().retry_at)
        sandbox().tell("agiloft/options", rest_group=True)
        with self.after(minutes=2):
            self.carry()
        self.assertEqual(self.row("request_status").state, State.SYNCED)

    def test_a_user_who_cannot_log_in_stops_the_whole_link(self):
        right = self.system.password_sealed
        self.system.set_secret("password", "wrong and long")
        self.system.save()
        self.owe(request_status="Sent")
        self.carry()
        self.assertEqual(self.row("request_status").state, State.PENDING)
        self.assertIsNotNone(self.again().retry_at)
        type(self.system).objects.update(password_sealed=right)
        with self.after(minutes=2):
            self.carry()
        self.assertEqual(self.row("request_status").state, State.SYNCED)

    def test_two_carriers_never_speak_at_once(self):
        self.owe(request_status="Sent")
        System = type(self.system)
        System.objects.update(leased_until=clock.now() + timedelta(minutes=1))
        self.assertEqual(self.carry(), 0)
        System.objects.update(leased_until=clock.now() - timedelta(seconds=1))
        self.assertEqual(self.carry(), 1)


class DifferenceTest(LinkedTest):
    def setUp(self):
        super().setUp()
        self.link(known={"customer_name": "Anna Ek"})

    def test_what_both_have_changed_is_overwritten_by_nobody(self):
        self.they_write(customer_name="Anna Berg")
        self.owe(customer_name="Anna Ek Berg")
        self.carry()
        row = self.row("customer_name")
        self.assertEqual(row.state, State.CONFLICT)
        self.assertEqual(
            (row.ours, row.theirs, row.agreed), ("Anna Ek Berg", "Anna Berg", "Anna Ek")
        )
        self.assertEqual(self.there()["customer_name"], "Anna Berg")
        self.assertIn("mirror_differs", self.verbs())
        self.assertEqual(ledger.state(self.case), State.CONFLICT)

    def test_what_only_we_say_is_written_over(self):
        self.owe(request_status="Sent")
        self.carry()
        self.they_write(ehub_request_status="Failed")
        self.owe("second", request_status="Opened")
        self.carry()
        self.assertEqual(self.there()["ehub_request_status"], "Opened")

    def test_comparing_finds_what_somebody_there_has_changed(self):
        self.they_write(customer_name="Anna Berg")
        self.assertEqual(ledger.compare(self.case), "")
        self.assertEqual(self.row("customer_name").state, State.CONFLICT)
        self.they_write(customer_name="Anna Ek")
        ledger.compare(self.case)
        self.assertEqual(self.row("customer_name").state, State.SYNCED)

    def test_what_comes_in_is_taken_over(self):
        steps.link(
            self.case,
            self.system,
            "case",
            "10482",
            by=THE_SYSTEM,
            known={"summary": "Trasig skärm"},
        )
        self.they_write(summary="Sprucken skärm")
        ledger.compare(self.case)
        row = self.row("summary")
        self.assertEqual((row.ours, row.state), ("Sprucken skärm", State.SYNCED))

    def test_a_case_that_goes_on_over_there_is_only_read(self):
        steps.read_only(self.case, "ours", by=THE_SYSTEM)
        self.assertEqual(self.owe(request_status="Sent"), [])
        self.they_write(customer_name="Anna Berg")
        ledger.compare(self.case)
        row = self.row("customer_name")
        self.assertEqual((row.ours, row.state), ("Anna Berg", State.SYNCED))

    def test_comparing_says_what_went_wrong(self):
        sandbox().tell("agiloft/down", seconds=60)
        self.assertIn("disconnected", ledger.compare(self.case))
        self.assertIsNotNone(self.again().retry_at)

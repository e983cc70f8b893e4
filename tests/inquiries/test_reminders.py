"""One message and three reminders, by the calendar and the clock's face; then it has failed."""

from ombud.cases.models import Due
from ombud.inquiries import actions, pace, rules, tasks
from ombud.inquiries.catalogue import PaceBody
from ombud.lib import clock, phones
from ombud.lib.errors import Refused
from ombud.people.actors import THE_SYSTEM
from ombud.people.models import Notice
from ombud.signing.models import Signature
from tests.inquiries.asking import AskingTest, at, codes

BODY = PaceBody()


class PaceTest(AskingTest):
    """The three examples: an ordinary one, and both turns of summer time."""

    def plan(self, press):
        first = pace.opening(BODY, at(press))
        return [first, *(pace.reminder(BODY, first, n) for n in (1, 2, 3)), pace.end(BODY, first)]

    def test_an_ordinary_week(self):
        days = "02 03 05 08 10".split()
        told = [at(f"2025-05-{day}T15:00+02:00") for day in days]
        self.assertEqual(self.plan("2025-05-02T15:00+02:00"), told)

    def test_pressed_in_the_evening_when_summer_time_begins(self):
        told = [
            at("2025-03-29T09:00+01:00"),
            at("2025-03-30T09:00+02:00"),  # 23 hours later
            at("2025-04-01T09:00+02:00"),
            at("2025-04-04T09:00+02:00"),
            at("2025-04-06T09:00+02:00"),
        ]
        self.assertEqual(self.plan("2025-03-28T20:30+01:00"), told)

    def test_when_summer_time_ends(self):
        told = [
            at("2025-10-25T10:00+02:00"),
            at("2025-10-26T10:00+01:00"),  # 25 hours later
            at("2025-10-28T10:00+01:00"),
            at("2025-10-31T10:00+01:00"),
            at("2025-11-02T10:00+01:00"),
        ]
        self.assertEqual(self.plan("2025-10-25T10:00+02:00"), told)

    def test_the_window_is_half_open_and_knows_its_days(self):
        self.assertTrue(pace.is_open(BODY, at("2025-05-02T09:00+02:00")))
        self.assertFalse(pace.is_open(BODY, at("2025-05-02T19:00+02:00")))
        weekdays = PaceBody(weekdays=[0, 1, 2, 3, 4])
        opens = pace.opening(weekdays, at("2025-05-02T19:00+02:00"))  # a Friday
        self.assertEqual(opens, at("2025-05-05T09:00+02:00"))


class ReminderTest(AskingTest):
    NOW = "2025-05-02T15:00+02:00"

    def due(self, inquiry):
        due_at = Due.objects.get(case=inquiry.case, taken_at=None).due_at
        return due_at.replace(microsecond=0)

    def test_three_reminders_and_then_it_has_failed(self):
        inquiry = self.starts()
        for day, sent in (("03", 2), ("05", 3), ("08", 4)):
            self.assertEqual(self.due(inquiry), at(f"2025-05-{day}T15:00+02:00"))
            self.stands_at(f"2025-05-{day}T15:00:30+02:00")
            inquiry = self.goes_on(inquiry)
            self.assertEqual(inquiry.sent, sent)
        self.stands_at("2025-05-10T15:00:30+02:00")
        inquiry = self.goes_on(inquiry)
        self.assertEqual((inquiry.state, inquiry.outcome), ("failed", "no_response"))
        self.assertEqual(len(self.messages(inquiry)), 4)
        self.assertIn("3", self.messages(inquiry)[2])
        self.assertFalse(Due.objects.filter(case=inquiry.case, taken_at=None).exists())
        told = Notice.objects.filter(case_number=inquiry.case.number, words="failed")
        self.assertEqual([one.person for one in told], [self.kim])
        self.assertEqual(inquiry.case.events.filter(verb="inquiry.failed").count(), 1)

    def test_after_an_outage_nobody_gets_a_burst(self):
        """The worker was away for a fortnight: all three reminders are overdue."""
        inquiry = self.starts()
        for day, sent in (("20", 2), ("21", 3), ("22", 4)):
            self.stands_at(f"2025-05-{day}T15:00+02:00")
            inquiry = self.goes_on(inquiry)
            self.assertEqual(inquiry.sent, sent)
            self.stands_at(f"2025-05-{day}T18:00+02:00")
            with self.assertRaises(Refused) as no:
                self.goes_on(inquiry)
            self.assertEqual(codes(no.exception.reasons), ["later"])
        self.assertEqual(self.due(inquiry), at("2025-05-24T14:00+02:00"))
        self.stands_at("2025-05-24T14:00:30+02:00")
        self.assertEqual(self.goes_on(inquiry).outcome, "no_response")

    def test_every_message_carries_the_same_link(self):
        inquiry = self.starts()
        self.stands_at("2025-05-03T15:00:30+02:00")
        self.goes_on(inquiry)
        for text in self.messages(inquiry):
            self.assertIn(self.path(inquiry), text)

    def test_too_early_nothing_goes(self):
        inquiry = self.starts()
        with self.assertRaises(Refused) as no:
            self.goes_on(inquiry)
        self.assertEqual(codes(no.exception.reasons), ["later"])

    def test_a_job_that_comes_too_early_plans_anew(self):
        inquiry = self.starts()
        Due.objects.all().delete()
        self.assertFalse(tasks.go_on(number=inquiry.case.number))
        self.assertEqual(self.due(inquiry), at("2025-05-03T15:00+02:00"))

    def test_a_late_worker_waits_for_the_morning(self):
        inquiry = self.starts()
        self.stands_at("2025-05-03T23:00+02:00")
        Due.objects.all().delete()
        self.assertFalse(tasks.go_on(number=inquiry.case.number))
        self.assertEqual(self.due(inquiry), at("2025-05-04T09:00+02:00"))

    def test_the_answer_stops_reminders_in_its_own_transaction(self):
        inquiry = self.submitted()
        actions.withdraw(inquiry, by=self.staff, note="Came in person.")
        self.assertFalse(Due.objects.filter(case=inquiry.case, taken_at=None).exists())
        self.stands_at("2025-05-03T15:01+02:00")
        self.assertFalse(tasks.go_on(number=inquiry.case.number))
        self.assertEqual(len(self.messages(inquiry)), 1)

    def test_filled_in_and_not_signed_gets_a_text_of_its_own(self):
        inquiry = self.submitted()
        self.stands_at("2025-05-03T15:01+02:00")
        self.goes_on(inquiry)
        self.assertIn("not signed", self.messages(inquiry)[-1])

    def test_nobody_is_reminded_while_signing(self):
        inquiry = self.submitted()
        Signature.objects.create(
            case=inquiry.case,
            guest=inquiry.link,
            organisation=self.operator,
            via="link",
            document="x",
            snapshot="{}",
            claims="{}",
            language="en",
            deed="inquiry.sign",
            arguments={},
            method="bankid",
        )
        self.stands_at("2025-05-03T15:01+02:00")
        self.assertEqual(codes(rules.go_on(THE_SYSTEM, self.fresh(inquiry))), ["signing"])
        Due.objects.all().delete()
        self.assertFalse(tasks.go_on(number=inquiry.case.number))
        self.assertEqual(self.due(inquiry), at("2025-05-03T15:11+02:00"))

    def test_only_the_house_goes_on_by_itself(self):
        inquiry = self.starts()
        for by in (self.staff, self.guest(inquiry)):
            self.assertEqual(codes(rules.go_on(by, inquiry)), ["not_the_system"])

    def test_the_queue_is_sent_in_the_morning(self):
        self.stands_at("2025-05-03T20:30+02:00")
        inquiry = self.starts()
        self.assertEqual(self.due(inquiry), at("2025-05-04T09:00+02:00"))
        self.stands_at("2025-05-04T09:00:10+02:00")
        inquiry = self.goes_on(inquiry)
        self.assertEqual((inquiry.state, len(self.messages(inquiry))), ("sms_sent", 1))

    def test_a_lost_job_is_found_again(self):
        inquiry = self.starts()
        Due.objects.all().delete()
        self.assertEqual(tasks.find_lost(), 1)
        tasks.go_on(number=inquiry.case.number)
        self.assertEqual(tasks.find_lost(), 0)


class DeliveryTest(AskingTest):
    NOW = "2025-05-02T15:00+02:00"

    def test_delivered(self):
        inquiry = self.fares(self.starts(), "delivered")
        self.assertEqual(inquiry.state, "sms_delivered")

    def test_undeliverable_is_told_at_once_tried_once_more_and_then_it_has_failed(self):
        inquiry = self.fares(self.starts(), "failed")
        told = Notice.objects.filter(case_number=inquiry.case.number, words="undeliverable")
        self.assertEqual((inquiry.state, told.count()), ("sms_sent", 1))
        self.assertEqual(len(self.messages(inquiry)), 2)
        inquiry = self.fares(inquiry, "failed")
        self.assertEqual((inquiry.state, inquiry.outcome), ("failed", "undeliverable"))
        self.assertEqual(inquiry.sent, 1)

    def test_a_corrected_number_begins_anew(self):
        inquiry = self.fares(self.starts(), "failed")
        actions.correct(inquiry, by=self.staff, mobile="070-174 06 91")
        inquiry = self.fresh(inquiry)
        self.assertEqual((inquiry.state, inquiry.mobile), ("sms_sent", "+46701740691"))
        late = inquiry.messages.order_by("pk")[1]
        actions.note_delivery(inquiry, by=THE_SYSTEM, message=late.pk, fate="failed")
        inquiry = self.fares(inquiry, "failed")
        self.assertEqual(inquiry.state, "sms_sent", "the new number has a try of its own")
        self.assertEqual(self.fares(inquiry, "delivered").state, "sms_delivered")

    def test_whoever_had_the_wrong_number_reads_nothing_more(self):
        inquiry = self.starts()
        wrong, before = self.path(inquiry), self.guest(inquiry)
        inquiry = self.fresh(actions.correct(inquiry, by=self.staff, mobile="070-174 06 91"))
        right = self.path(inquiry)
        self.assertNotEqual(wrong, right)
        self.assertIn(right, self.messages(inquiry)[-1])
        actions.open(inquiry, by=self.guest(inquiry))
        self.types(inquiry, street="Storgatan 17")
        self.assertContains(self.client.get(f"{right}form/contact/"), "Storgatan 17")
        for door in ("", "form/contact/", "review/", "costs/"):
            answer = self.client.get(wrong + door)
            self.assertEqual(answer.status_code, 410, door)
            self.assertNotIn("Storgatan 17", answer.content.decode())
        self.assertEqual(self.client.post(f"{wrong}submit/", {"terms": "1"}).status_code, 410)
        with self.assertRaises(Refused) as no:
            actions.submit(self.fresh(inquiry), by=before, terms=1)
        self.assertEqual(codes(no.exception.reasons), ["not_guest"])

    def test_a_number_put_wrong_and_right_again_has_links_of_its_own(self):
        inquiry, seen = self.starts(), set()
        for mobile in ("070-174 06 91", "070-174 06 90", "070-174 06 91"):
            seen.add(self.path(inquiry))
            inquiry = self.fresh(actions.correct(inquiry, by=self.staff, mobile=mobile))
        self.assertEqual(len(seen | {self.path(inquiry)}), 4)
        self.stands_at("2025-05-05T15:00:30+02:00")
        self.assertIn(self.path(inquiry), self.messages(self.goes_on(inquiry))[-1])

    def test_a_number_that_is_come_back_to_goes_on_where_it_was(self):
        """Four messages to a number, however often it is put wrong and right again."""
        home, other = "070-174 06 90", "070-174 06 91"
        inquiry = self.fares(self.starts(), "delivered")
        for got in (1, 2, 3):
            for mobile in (other, home):
                inquiry = self.fresh(actions.correct(inquiry, by=self.staff, mobile=mobile))
            self.assertEqual((inquiry.sent, inquiry.state), (got + 1, "sms_sent"))
        self.assertEqual(inquiry.messages.filter(mobile=phones.parse(home)).count(), 4)
        self.assertIn("last reminder", self.messages(inquiry)[-1])
        inquiry = self.fresh(actions.correct(inquiry, by=self.staff, mobile="070-174 06 92"))
        with self.assertRaises(Refused) as no:
            actions.correct(inquiry, by=self.staff, mobile=home)
        self.assertEqual(codes(no.exception.reasons), ["number_full"])

    def test_what_has_not_arrived_is_not_counted(self):
        inquiry = self.fares(self.starts(), "failed")
        for mobile in ("070-174 06 91", "070-174 06 90"):
            inquiry = self.fresh(actions.correct(inquiry, by=self.staff, mobile=mobile))
        self.assertEqual(inquiry.sent, 2, "the second attempt may have come")
        self.assertEqual(inquiry.messages.filter(mobile=inquiry.mobile).count(), 3)

    def test_the_same_number_is_no_correction(self):
        inquiry = self.starts()
        with self.assertRaises(Refused) as no:
            actions.correct(inquiry, by=self.staff, mobile="+46 70 174 06 90")
        self.assertEqual(codes(no.exception.reasons), ["same_number"])
        self.assertEqual(len(self.messages(inquiry)), 1)

    def test_what_the_carrier_tells_is_looked_for(self):
        inquiry = self.starts()
        letter = inquiry.messages.get().letter
        letter.state, letter.settled_at, letter.next_at = "delivered", clock.now(), None
        letter.body = ""
        letter.save()
        self.assertEqual((tasks.look_after(), tasks.look_after()), (1, 0))
        self.assertEqual(self.fresh(inquiry).state, "sms_delivered")

    def test_a_reminder_that_is_not_delivered_ends_nothing(self):
        inquiry = self.fares(self.starts(), "delivered")
        with self.after(minutes=6):
            inquiry = self.fresh(actions.resend(inquiry, by=self.staff))
        inquiry = self.fares(inquiry, "failed")
        self.assertEqual(inquiry.state, "sms_delivered")
        self.assertEqual(len(self.messages(inquiry)), 2)


class StaffTest(AskingTest):
    def test_resending_uses_up_the_reminders(self):
        inquiry = self.starts()
        self.assertEqual(codes(rules.resend(self.staff, inquiry)), ["just_sent"])
        for n in range(1, 4):
            with self.after(minutes=6 * n):
                inquiry = self.fresh(actions.resend(inquiry, by=self.staff))
        with self.after(minutes=60):
            self.assertEqual(codes(rules.resend(self.staff, inquiry)), ["all_sent"])
        self.assertEqual(len(self.messages(inquiry)), 4)

    def test_a_cancelled_request_is_restarted_and_the_old_one_kept(self):
        inquiry = self.starts()
        actions.withdraw(inquiry, by=self.staff, note="Wrong case.")
        begun = actions.restart(self.fresh(inquiry), by=self.staff)
        self.assertEqual(self.fresh(begun).earlier_id, inquiry.pk)
        self.assertNotEqual(self.token(begun), self.token(inquiry))
        self.assertEqual(self.fresh(inquiry).state, "cancelled")
        self.assertEqual(
            codes(rules.restart(self.staff, self.fresh(inquiry))), ["restarted", "request_open"]
        )

    def test_only_staff_decide(self):
        inquiry = self.starts()
        for person in (self.kari, self.siv, self.adda):
            for rule in (rules.resend, rules.correct, rules.withdraw, rules.restart):
                self.assertIn("right", [why.because for why in rule(self.actor(person), inquiry)])

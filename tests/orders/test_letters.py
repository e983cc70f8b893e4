"""What is told of an order, to whom, by which road, and in which words."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation

from ombud.cases import letters
from ombud.lib import days
from ombud.orders import actions
from ombud.people.models import Notice
from ombud.post.models import Letter
from tests.cast import CastTest
from tests.catalogue import words

LONG = "The regional council of the very long and winding coast of the north"
TEMPLATES = """review attest sent attested_direct connection_begins started connected may_connect
    moved_on rejected""".split()


class LettersTest(CastTest):
    def mails(self, person, verb=""):
        rows = Letter.objects.filter(address=f"{person.username}@example.org")
        return [row.subject for row in rows.filter(subject__startswith=verb).order_by("pk")]


class ByWhenTest(LettersTest):
    def test_the_first_line_of_what_calls_says_by_when(self):
        order = self.an_order_at_its_last_attest()
        for person, verb in ((self.ola, "Review"), (self.eva, "Attest"), (self.liv, "Attest")):
            notice = Notice.objects.get(person=person, calls=True)
            with translation.override("en"):
                day = days.plain(notice.by_when)
            row = Letter.objects.get(address=person.email, subject__startswith=f"{verb}:")
            self.assertIn(f"by {day}", row.body.partition("\n")[0])
            self.assertIn(f"by {day}", row.html)
            self.client.force_login(person)
            page = self.client.get("/notices/", headers={"accept-language": "en"})
            self.assertIn(f"by {day}", page.content.decode())
        self.assertIn(order.case.number, row.subject)

    def test_the_day_is_the_readers_own(self):
        at = datetime(2026, 3, 25, 23, 30, tzinfo=ZoneInfo("UTC"))
        data = {"customer": "C", "organisation": "A", "agent": "A"}
        told = Notice(words="review", kind="order", case_number="RITM1", data=data, by_when=at)
        for language, day in (("sv", "26 mars"), ("nb", "26. mars"), ("en", "26 March")):
            with translation.override(language):
                self.assertIn(day, letters.say(told)["lead"])


class SubjectTest(LettersTest):
    def test_a_subject_fits_and_names_number_and_organisation(self):
        number = "RITM0010042"
        names = ("customer", "agent", "operator", "organisation", "next", "done_by")
        data = {name: LONG for name in names} | {"units": 2, "contact": "Kari", "state": "x"}
        data |= {"service": words("NPÖ"), "deed": "review", "next_deed": "attest", "opened": "CS1"}
        for language in ("sv", "nb", "en"):
            for name in TEMPLATES:
                told = Notice(
                    words=name, kind="order", case_number=number, data=data, why="orderer"
                )
                with self.subTest(name, language=language), translation.override(language):
                    subject = letters.say(told)["subject"]
                    self.assertLessEqual(len(subject), 60, subject)
                    self.assertIn(number, subject)
                    self.assertIn("The regional", subject)
                    self.assertIn("…", subject)

    def test_a_short_name_stands_in_full(self):
        self.a_sent_order()
        self.assertIn("Review: ", self.mails(self.ola)[0])
        self.assertTrue(self.mails(self.ola)[0].endswith(" from The customer"))


class OrdererTest(LettersTest):
    def test_the_orderer_hears_of_each_step_and_gets_a_mail_where_it_changes_hands(self):
        order = self.an_order_at_its_last_attest()
        told = Notice.objects.filter(person=self.kari).order_by("pk")
        self.assertEqual([row.words for row in told], ["sent", "moved_on", "moved_on"])
        number = order.case.number
        mails = [f"Sent: {number} to The agent", f"Attested: {number}, now at The customer"]
        self.assertEqual(self.mails(self.kari), mails)
        with translation.override("en"):
            said = [letters.say(row)["lead"] for row in told[1:]]
        self.assertEqual(said[0][:43], f"The agent has reviewed the order {number[:10]}"[:43])
        self.assertIn("waits to be attested at The agent", said[0])
        self.assertIn("waits to be attested at The customer", said[1])

    def test_nobody_is_told_of_the_own_deeds_nor_twice_of_the_own_turn(self):
        self.grant(self.kari, self.customer, "attestant")
        order = self.an_order_at_its_last_attest()
        mails = self.mails(self.kari)
        self.assertEqual([subject.partition(":")[0] for subject in mails], ["Sent", "Attest"])
        self.attests(self.kari, order)
        self.assertEqual(len(self.mails(self.kari, "Approved")), 1)

    def test_an_order_costs_its_orderer_five_mails_from_sent_to_active(self):
        order = self.an_attested_order()
        order = actions.start(order, by=self.actor(self.ola))
        actions.report_connected(order, by=self.actor(self.ola))
        kinds = [subject.partition(":")[0] for subject in self.mails(self.kari)]
        self.assertEqual(kinds, ["Sent", "Attested", "Approved", "Started", "Active"])

"""The chain of events finds every kind of tampering, and Sight is what it should be."""

from django.db import DatabaseError, connection, transaction

from ombud.cases import sight, timeline
from ombud.cases.models import Case, Event, Sight, Words
from ombud.people import actions as people
from ombud.people import journal
from ombud.people.models import Entry, Organisation
from tests.cast import CastTest, TogetherTest
from tests.emptying import behind_the_triggers


class HistoryTest(CastTest):
    def test_the_database_refuses_to_change_history(self):
        self.a_sent_order()
        for table in ("cases_event", "people_entry"):
            for sql in (f"UPDATE {table} SET via = 'x'", f"DELETE FROM {table}"):
                with self.subTest(sql), self.assertRaises(DatabaseError), transaction.atomic():
                    connection.cursor().execute(sql)

    def test_the_words_may_be_blanked_and_the_chain_holds(self):
        order = self.a_sent_order()
        self.does(self.ola, order, "reject", note="We do not serve this place.")
        words = Words.objects.get()
        words.body, words.blanked_at = {}, words.event.at
        words.save()
        self.assertIsNone(timeline.verify_all())

    def test_changed_words_are_found(self):
        order = self.a_sent_order()
        self.does(self.ola, order, "reject", note="We do not serve this place.")
        Words.objects.update(body={"note": "Something else."})
        self.assertEqual(timeline.verify_all(), f"{order.case.number} event 4")

    def test_a_case_that_goes_on_while_it_is_looked_at_is_not_broken(self):
        order = self.a_sent_order()
        before = Case.objects.get(pk=order.case.pk)
        here = Organisation.objects.get(pk=self.customer.pk)
        self.does(self.ola, order, "reject", note="We do not serve this place.")
        people.grant(
            self.customer, by=self.actor(self.adam), person="liv", role="orderer", scope=""
        )
        self.assertIsNotNone(timeline.first_broken(before))
        self.assertIsNotNone(journal.first_broken(here))
        self.assertIsNone(timeline.verify_chain(before))
        self.assertIsNone(journal.broken_at(here))

    def test_sight_that_says_too_much_is_found(self):
        order = self.a_sent_order()
        self.assertIsNone(sight.check_all())
        Sight.objects.create(
            case=order.case,
            key="o99:agent",
            state="order.draft",
            moved_at=order.sent_at,
            circles=[],
        )
        self.assertEqual(sight.check_all(), order.case.number)


class TamperTest(TogetherTest):
    """Whoever gets behind the triggers is still found."""

    def tamper(self, sql, *values):
        with behind_the_triggers() as owner:
            owner.execute(sql, values)

    def test_each_kind_of_tampering_names_the_first_broken_event(self):
        order = self.a_sent_order()
        number, pk = order.case.number, order.case.pk
        self.assertIsNone(timeline.verify_all())
        for sql, at in [
            ("UPDATE cases_event SET via = 'web2' WHERE case_id = %s AND seq = 2", 2),
            ("DELETE FROM cases_event WHERE case_id = %s AND seq = 2", 2),
            ("UPDATE cases_case SET head_hash = 'x' WHERE id = %s", 2),
        ]:
            with self.subTest(sql):
                self.tamper(sql, pk)
                self.assertEqual(timeline.verify_all(), f"{number} event {at}")

    def test_a_journal_that_was_cut_is_found(self):
        grant = {"person": "liv", "role": "orderer", "scope": ""}
        people.grant(self.customer, by=self.actor(self.adam), **grant)
        self.assertIsNone(journal.broken_at(Organisation.objects.get(pk=self.customer.pk)))
        self.tamper("DELETE FROM people_entry")
        self.assertEqual(timeline.verify_all(), f"journal of {self.customer.number} entry 1")
        self.assertEqual(
            (Entry.objects.count(), Event.objects.count(), Case.objects.count()), (0, 0, 0)
        )

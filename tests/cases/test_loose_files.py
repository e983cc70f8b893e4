"""Files in no case: how many wait, for how long, and what is left of them."""

from unittest.mock import patch

from ombud.cases import files, tasks, timeline
from ombud.cases.models import Document
from ombud.lib import jobs
from ombud.lib.errors import Misshapen
from ombud.orders import actions
from tests.cast import TogetherTest, together
from tests.desk.papers import pdf, upload
from tests.filing import Filing, FilingTest


class Clearing(FilingTest):
    def cleared(self, **span):
        """After so long: the job, and the jobs that it queued."""
        with self.after(**span), patch.object(jobs, "queue") as queued:
            tasks.clear_files()
        for call in queued.call_args_list:
            self.assertEqual(call.args, ("cases.drop_file",))
            for _turn in range(2):  # a job may run twice
                tasks.drop_file(**call.kwargs)
        return len(queued.call_args_list)


class ClearTest(Clearing):
    def test_what_nobody_placed_goes_after_a_day(self):
        row = self.a_file()
        self.assertEqual(self.cleared(hours=23), 0)
        self.assertTrue(self.is_kept(row))
        self.assertEqual(self.cleared(hours=25), 1)
        self.assertFalse(self.is_kept(row) or Document.objects.exists())

    def test_what_stands_in_a_case_stays(self):
        draft = self.a_draft_with()
        self.assertEqual(self.cleared(days=400), 0)
        self.assertTrue(self.is_kept(self.again(draft).attached[0]))

    def test_what_was_removed_goes_and_its_fingerprint_stays(self):
        draft = self.a_draft_with()
        row = draft.attached[0]
        with self.after(days=3):
            actions.save(draft, by=self.actor(self.kari), attachments=[])
        self.assertEqual(self.cleared(days=3, hours=23), 0)
        self.assertEqual(self.cleared(days=4, hours=1), 1)
        self.assertFalse(self.is_kept(row))
        removed = draft.case.events.last()
        self.assertEqual(removed.data["removed"], {str(row.key): row.sha256})
        self.assertEqual(removed.words.body["names"], {str(row.key): row.name})
        self.assertIsNone(timeline.verify_all())

    def test_bytes_that_a_copy_shows_stay(self):
        draft = self.a_draft_with()
        row = draft.attached[0]
        other = self.a_file()
        Document.objects.filter(pk=other.pk).update(content=row.content)
        self.assertEqual(self.cleared(hours=25), 1)
        self.assertTrue(self.is_kept(row))


class RoomTest(FilingTest):
    def refused(self, **more):
        with self.assertRaises(Misshapen) as told:
            self.a_file(**more)
        (fault,) = told.exception.errors
        self.assertEqual(fault["field"], "file")
        return fault["text"]

    def test_so_many_files_may_wait(self):
        for _turn in range(files.MOST_LOOSE):
            self.a_file()
        text = self.refused()
        self.assertIn("You have 30 files, 4\u00a0kB together, that are in no case yet.", text)
        self.assertIn("At most 30 files and 100\u00a0MB may wait.", text)
        self.a_file(self.liv)  # everybody has room of their own
        keys = list(Document.objects.filter(person=self.kari).values_list("key", flat=True)[:20])
        self.a_draft(attachments=[str(key) for key in keys])
        self.a_file()

    def test_so_much_may_wait(self):
        with patch.object(files, "MOST_LOOSE_BYTES", 3 * len(pdf())):
            for _turn in range(3):
                self.a_file()
            self.refused()

    def test_what_was_removed_waits_too(self):
        with patch.object(files, "MOST_LOOSE", 1):
            draft = self.a_draft_with()
            actions.save(draft, by=self.actor(self.kari), attachments=[])
            self.refused()

    def test_a_program_is_told_at_the_field(self):
        headers = {"Authorization": f"Bearer token of kari at {self.customer.number}"}
        with patch.object(files, "MOST_LOOSE", 0):
            body = {"file": upload("plan.pdf", pdf())}
            told = self.client.post("/api/v1/documents", body, headers=headers)
        self.assertEqual(told.status_code, 422)
        self.assertEqual(told.json()["errors"][0]["field"], "file")


class AtOnceTest(Filing, TogetherTest):
    def test_the_last_room_is_taken_once(self):
        with patch.object(files, "MOST_LOOSE", 1):
            ends = together(*[self.a_file] * 3)
        self.assertEqual(sum(isinstance(end, Misshapen) for end in ends), 2, ends)
        self.assertEqual(Document.objects.count(), 1)

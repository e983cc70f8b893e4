"""Notices: read, settled, counted, and opened by nobody else."""

from ombud.lib import clock
from tests.desk.doors import DoorTest


class TestNotices(DoorTest):
    def test_tells_what_from_whom_and_that_it_is_new(self):
        order = self.a_sent_order()
        page = self.page(self.ola, "/notices/")
        self.assertIn(f"Review: {order.case.number} from The customer", page)
        self.assertIn("1 new", page)
        self.assertIn("notice-new", page)

    def test_opening_one_reads_all_of_its_case_and_leads_there(self):
        order = self.a_sent_order()
        self.enter(self.ola)
        notice = self.ola.notice_set.get()
        answer = self.client.get(f"/notices/{notice.pk}/")
        to = f"/cases/{order.case.number}/"
        self.assertRedirects(answer, to, fetch_redirect_response=False)
        notice.refresh_from_db()
        self.assertIsNotNone(notice.read_at)

    def test_all_are_marked_read_at_one_press(self):
        self.a_sent_order()
        self.a_sent_order()
        self.enter(self.ola)
        self.client.post("/notices/read/")
        self.assertFalse(self.ola.notice_set.unread().exists())
        self.assertIn("Nothing new", self.read("/notices/"))

    def test_when_it_is_nobody_s_turn_any_more_the_notice_says_so_and_counts_no_more(self):
        self.an_approved_order()
        page = self.page(self.ola, "/notices/")
        self.assertIn("No longer your turn", page)
        self.assertIn("Nothing new", page)

    def test_what_is_no_longer_theirs_to_see_says_so_and_leads_nowhere(self):
        self.a_sent_order()
        notice = self.ola.notice_set.get()
        self.ola.grant_set.update(until_at=clock.now())
        self.enter(self.ola)
        answer = self.client.get(f"/notices/{notice.pk}/", follow=True)
        self.assertEqual(answer.redirect_chain, [("/notices/", 302)])
        page = answer.content.decode()
        self.assertIn("is no longer yours to see", page)
        self.assertNotIn("notice-new", page)

    def test_an_error_comes_before_the_count_in_a_title(self):
        self.a_sent_order()
        self.enter(self.ola)
        self.assertIn("<title>(1) My approvals – Ombud</title>", self.read("/approvals/"))
        answer = self.client.post("/me/", {"phone": "1", "language": "en"})
        self.assertIn("<title>Error: ", answer.content.decode())

    def test_nobody_opens_another_s_notice(self):
        self.a_sent_order()
        notice = self.ola.notice_set.get()
        for person in (self.eva, self.per):
            self.enter(person)
            self.assertEqual(self.client.get(f"/notices/{notice.pk}/").status_code, 404)

    def test_the_panel_shows_the_newest(self):
        order = self.a_sent_order()
        self.assertIn(order.case.number, self.page(self.ola, "/notices/panel/"))

    def test_costs_few_statements_however_many_there_are(self):
        for _ in range(5):
            self.a_sent_order()
        self.enter(self.ola)
        self.assertLessEqual(len(self.asked("/notices/")), 6)

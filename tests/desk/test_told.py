"""What is read in one place is read in all: each door tells the reader's open tabs."""

from unittest import mock

from ombud.lib import live
from ombud.people.models import Notice
from tests.desk.doors import DoorTest


class ReadTest(DoorTest):
    def setUp(self):
        super().setUp()
        self.order = self.a_sent_order()
        self.notice = Notice.objects.get(person=self.ola)

    def told(self, deed) -> list:
        """Whom a deed at some door tells that there is news of notices."""
        with mock.patch.object(live, "payload", wraps=live.payload) as payload:
            deed()
        return [call.args[1] for call in payload.call_args_list if call.args[3] == "notice"]

    def test_each_door_tells_the_reader(self):
        number = self.order.case.number
        api = f"notices/{self.notice.pk}/read"
        doors = {
            "the order": lambda: self.client.get(f"/orders/{number}/"),
            "the notice": lambda: self.client.get(f"/notices/{self.notice.pk}/"),
            "all": lambda: self.client.post("/notices/read/"),
            "one by a program": lambda: self.as_api(self.ola, "post", api, {}),
            "all by a program": lambda: self.as_api(self.ola, "post", "notices/read", {}),
        }
        for name, deed in doors.items():
            with self.subTest(name):
                Notice.objects.update(read_at=None)
                self.enter(self.ola)
                self.assertEqual(self.told(deed), [[self.ola.pk]])
                self.assertFalse(self.ola.notice_set.unread().exists())

    def test_a_page_that_renews_itself_has_not_been_read(self):
        self.enter(self.ola)
        page = f"/orders/{self.order.case.number}/"
        self.client.get(page, headers={"X-Live": "1"})
        self.assertTrue(self.ola.notice_set.unread().exists())

    def test_a_stranger_reads_nothing(self):
        self.enter(self.per)
        self.assertEqual(self.told(lambda: self.client.get(f"/notices/{self.notice.pk}/")), [])
        api = f"notices/{self.notice.pk}/read"
        self.assertEqual(self.told(lambda: self.as_api(self.per, "post", api, {})), [])
        self.assertTrue(self.ola.notice_set.unread().exists())

"""Files over the programs' door: handed in, placed by a deed, seen by whoever sees the order."""

import uuid

from tests.cast import FILLED
from tests.desk.papers import pdf
from tests.filing import PLAN, FilingTest
from tests.outside import sandbox


class AttachmentsTest(FilingTest):
    def key(self, person=None):
        return str(self.a_file(person).key)

    def begin(self, *keys):
        body = {"offer": "npo-agent", **FILLED, "attachments": list(keys)}
        return self.as_api(self.kari, "post", "actions/start_order", body)

    def save(self, order, *keys, person=None):
        headers = {"If-Match": "*"}
        body = {"attachments": list(keys)}
        return self.as_api(
            person or self.kari, "post", f"cases/{order.case.number}/save", body, **headers
        )

    def documents(self, person, number):
        told = self.as_api(person, "get", f"cases/{number}/documents")
        return [row["name"] for row in told.json()["items"]] if told.status_code == 200 else None

    def test_an_order_begins_with_files(self):
        key = self.key()
        told = self.begin(key)
        self.assertEqual(told.status_code, 201, told.content)
        [shown] = told.json()["data"]["attachments"]
        self.assertEqual((shown["id"], shown["name"], shown["size"]), (key, PLAN, len(pdf())))
        self.assertEqual(self.documents(self.kari, told.json()["number"]), [PLAN])

    def test_a_draft_is_changed_and_what_is_not_given_stays(self):
        draft, key = self.a_draft_with(), self.key()
        first = str(draft.attached[0].key)
        told = self.save(draft, first, key)
        self.assertEqual([row["id"] for row in told.json()["data"]["attachments"]], [first, key])
        path, match = f"cases/{draft.case.number}/save", {"If-Match": "*"}
        self.as_api(self.kari, "post", path, {"source": ""}, **match)
        self.assertEqual(len(self.documents(self.kari, draft.case.number)), 2)
        self.assertEqual(self.save(draft).json()["data"]["attachments"], [])
        self.assertEqual(self.as_api(self.kari, "get", f"documents/{key}").status_code, 404)

    def test_a_wrong_id_is_told_at_the_field(self):
        draft = self.a_draft()
        for key in (str(uuid.uuid4()), self.key(self.ola), self.key(self.liv), "nonsense"):
            for told in (self.save(draft, key), self.begin(key)):
                self.assertEqual(told.status_code, 422, told.content)
                [fault] = told.json()["errors"]
                self.assertEqual(fault["field"].partition(".")[0], "attachments")
        many = [str(uuid.uuid4()) for _ in range(21)]
        self.assertEqual(self.save(draft, *many).status_code, 422)

    def test_wrong_person_stranger_and_wrong_time(self):
        draft = self.a_draft()
        self.assertEqual(self.save(draft, self.key(self.liv), person=self.liv).status_code, 403)
        self.assertEqual(self.save(draft, self.key(self.per), person=self.per).status_code, 404)
        self.assertEqual(self.save(draft, self.key(self.ola), person=self.ola).status_code, 404)
        order = self.a_sent_order()
        self.assertEqual(self.save(order, self.key()).status_code, 409)

    def test_a_drafts_files_are_the_customers_until_it_is_sent(self):
        sandbox()
        number = self.begin(self.key()).json()["number"]
        for person, seen in ((self.liv, [PLAN]), (self.ola, None), (self.kim, None)):
            self.assertEqual(self.documents(person, number), seen)
        self.as_api(self.kari, "post", f"cases/{number}/send", {"accept_terms": True})
        for person in (self.kari, self.ola, self.kim):
            self.assertEqual(self.documents(person, number), [PLAN])
        self.assertIsNone(self.documents(self.per, number))

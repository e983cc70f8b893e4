"""Inner notes over the programs' door: one's own stand in the case, others' do not exist."""

from tests.desk.test_api_deeds import ApiCase


class NotesTest(ApiCase):
    def notes(self, person, order):
        told = self.as_api(person, "get", f"cases/{order.case.number}")
        self.assertEqual(told.status_code, 200, told.content)
        return told.json()["data"]["notes"]

    def test_are_read_within_the_own_organisation(self):
        order = self.a_sent_order()
        for person, text in ((self.ola, "They pay late."), (self.kari, "Ward three first.")):
            told = self.do(person, order, "note", {"text": text})
            self.assertEqual(told.status_code, 200, told.content)
        (note,) = self.notes(self.ola, order)
        self.assertEqual(
            {name: note[name] for name in ("person", "organisation", "text")},
            {"person": "Ola Test", "organisation": "The agent", "text": "They pay late."},
        )
        self.assertTrue(note["at"])
        self.assertEqual(
            [note["text"] for note in self.notes(self.kari, order)], ["Ward three first."]
        )
        self.assertEqual(self.notes(self.kim, order), [])
        self.assertEqual(
            self.as_api(self.per, "get", f"cases/{order.case.number}").status_code, 404
        )

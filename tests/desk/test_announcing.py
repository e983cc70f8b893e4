"""The operator announces terms of agreements, and says when signatories are reminded, by page."""

from ombud.agreements.catalogue import AgreementTerms, SigningPolicy, earliest
from ombud.lib import days
from tests.desk.doors import DoorTest

PATH = "/organisation/terms/"
TYPED = {
    "side": "customer",
    "title.sv": "Kundavtal",
    "text.sv": "1. Allmänt\nVar god.",
    "changes.sv": "Kortare uppsägningstid.",
}


class TestAnnounce(DoorTest):
    def typed(self, **more):
        return {**TYPED, "valid_on": days.today().isoformat(), **more}

    def test_a_new_version_is_announced_and_listed(self):
        self.enter(self.siv)
        self.assertIn("/organisation/terms/", self.read("/organisation/"))
        self.assertIn("No terms have been announced yet.", self.read(PATH))
        answer = self.client.post(PATH, self.typed())
        self.assertRedirects(answer, PATH, fetch_redirect_response=False)
        row = AgreementTerms.objects.get()
        self.assertEqual(row.body["title"], {"sv": "Kundavtal"})
        page = self.read(PATH)
        self.assertIn("The terms are announced.", page)
        self.assertIn("version 1", page)
        self.assertIn("holds since", page)

    def test_what_burdens_the_other_party_waits_three_months(self):
        self.enter(self.siv)
        answer = self.client.post(PATH, self.typed(burdening="on"))
        self.assertContains(answer, "at the earliest", status_code=409)
        self.assertContains(answer, "Kortare uppsägningstid.", status_code=409)
        first = earliest(True).isoformat()
        answer = self.client.post(PATH, self.typed(burdening="on", valid_on=first))
        self.assertEqual(answer.status_code, 302)
        self.assertIn("holds from", self.read(PATH))

    def test_faults_are_told_and_nothing_is_lost(self):
        self.enter(self.siv)
        answer = self.client.post(PATH, {**TYPED, "side": "nobody", "valid_on": "soon"})
        self.assertContains(answer, "Kundavtal", status_code=422)
        self.assertContains(answer, 'href="#f-valid_on"', status_code=422)
        self.assertFalse(AgreementTerms.objects.exists())

    def test_terms_without_words_are_not_announced(self):
        self.enter(self.siv)
        for name in ("title.sv", "text.sv"):
            answer = self.client.post(PATH, self.typed(**{name: " "}))
            self.assertContains(answer, f'href="#f-{name}"', status_code=422)
        told = {"side": "customer", "valid_on": days.today().isoformat()}
        for words in (
            {"title": {}, "text": {"sv": "1."}},
            {"title": {"sv": "Avtal"}, "text": {"nb": "1."}},
            {"title": {"sv": "Avtal", "xx": "?"}, "text": {"sv": "1."}},
        ):
            answer = self.as_api(self.siv, "post", "actions/announce", {**told, **words})
            self.assertEqual(answer.status_code, 422, words)
        self.assertFalse(AgreementTerms.objects.exists())

    def test_nobody_else_comes_here(self):
        for person in (self.kim, self.kari, self.ada):
            self.enter(person)
            self.assertEqual(self.client.get(PATH).status_code, 403)
            self.assertEqual(self.client.post(PATH, self.typed()).status_code, 403)
            answer = self.client.post(f"{PATH}reminders/", {"reminders": "3"})
            self.assertEqual(answer.status_code, 403)
        self.assertFalse(AgreementTerms.objects.exists() or SigningPolicy.objects.exists())

    def test_the_days_of_the_reminders(self):
        self.enter(self.siv)
        self.client.post(f"{PATH}reminders/", {"reminders": "3, 7"})
        self.assertIn('value="3, 7"', self.read(PATH))
        self.client.post(f"{PATH}reminders/", {"reminders": "never"})
        self.assertIn("Write whole numbers from 1 to 29, at most five.", self.read(PATH))
        self.client.post(f"{PATH}reminders/", {"reminders": ""})
        self.assertIn('value=""', self.read(PATH))
        self.assertEqual(SigningPolicy.objects.count(), 2)

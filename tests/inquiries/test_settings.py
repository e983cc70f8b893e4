"""The settings of the repair module: bad texts are refused, versions are kept, what the customer
will see is shown first."""

from django.urls import reverse
from django.utils import translation

from ombud.inquiries import defaults, editing, rules, templates
from ombud.inquiries.catalogue import KEY, InquiryForm, InquiryTerms, TermsBody, newest
from ombud.inquiries.previews import warnings
from ombud.lib.errors import Misshapen
from ombud.people.models import Entry
from ombud.post.models import Letter
from tests.inquiries.asking import AskingTest, codes


class TextsTest(AskingTest):
    def refused(self, text: str) -> str:
        with self.assertRaises(Misshapen) as no:
            self.sets("texts", first={"sv": text})
        return str(no.exception)

    def test_without_a_link_with_two_or_with_another_address(self):
        self.assertIn("needs the link", self.refused("{butik}: hello"))
        self.assertIn("only once", self.refused("{lank} {lank}"))
        for other in ("www.example.org", "https://x.se", "bit.ly/x example.com"):
            self.assertIn("address of its own", self.refused(f"{{lank}} {other}"), other)

    def test_an_unknown_placeholder_and_an_open_brace(self):
        self.assertIn("{namn}", self.refused("{lank} {namn}"))
        self.assertIn("brace", self.refused("{lank} {butik"))

    def test_what_a_portal_begins_with_fits_one_message(self):
        told = {"butik": "B" * 20, "arende": "INQ0000012", "lank": "L" * 50}
        for said in (defaults.FIRST, *defaults.REMINDERS, defaults.UNSIGNED):
            for language, text in said.items():
                filled = templates.filled(text, **told, telefon="08-465 004 10")
                self.assertEqual(templates.measured(filled).parts, 1, (language, text))

    def test_a_dash_makes_one_part_three(self):
        text = (
            "Servicebutiken: vi behöver dina uppgifter för ärende 10482. Fyll i och signera:"
            " https://s.exempel.se/i/1234567890123456789012 Frågor? Ring 08-123 45 67."
        )
        self.assertEqual((templates.measured(text).units, templates.measured(text).parts), (152, 1))
        self.assertEqual(templates.measured(f"{text} –").parts, 3)


class BodiesTest(AskingTest):
    def test_what_must_hold_together(self):
        for part, changed in (
            ("pace", {"opens": "19:00", "closes": "09:00"}),
            ("pace", {"after": [3, 2, 6]}),
            ("pace", {"after": [1, 2]}),
            ("form", {"fields": []}),
            ("terms", {"ceiling": 1}),
            ("terms", {"title": {}}),
            ("terms", {"text": {"sv": " ", "en": "Only English."}}),
            ("texts", {"shop": "Se www.evil.com"}),
            ("texts", {"shop": "{lank}"}),
        ):
            with self.subTest(part, **changed), self.assertRaises(Misshapen):
                self.sets(part, **changed)

    def test_two_questions_of_one_name(self):
        fields = newest(self.operator)["form"].body["fields"]
        with self.assertRaises(Misshapen):
            self.sets("form", fields=[*fields, fields[0]])

    def test_an_approximate_price_may_be_exceeded_by_fifteen_percent(self):
        line = {"label": {"sv": "x"}, "kind": "approximate", "amount": 500_000}
        body = {"title": {"sv": "x"}, "text": {"sv": "x"}, "costs": [line]}
        self.assertEqual(TermsBody.model_validate(body).most, 575_000)
        line["amount"] = 100_000
        self.assertEqual(TermsBody.model_validate(body).most, 115_000)

    def test_what_may_be_misunderstood_is_told(self):
        body = {"title": {"sv": "x"}, "text": {"sv": "Det kostar cirka 500 kr."}}
        self.assertEqual(len(warnings(TermsBody.model_validate(body), "")), 2)

    def test_only_an_administrator_of_the_portal_changes_them(self):
        for person in (self.kim, self.kari, self.adam):
            found = rules.set_inquiries(self.actor(person), self.operator)
            self.assertIn("right", [why.because for why in found], person)


class PagesTest(AskingTest):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.adda)

    def test_every_page_is_there(self):
        for part in ("texts", "form", "terms", "pace"):
            self.assertEqual(self.client.get(reverse("inquiry:edit", args=[part])).status_code, 200)
            version = reverse("inquiry:version", args=[part, 1])
            self.assertEqual(self.client.get(version).status_code, 200)
        for name in ("settings", "start", "callers"):
            self.assertEqual(self.client.get(reverse(f"inquiry:{name}")).status_code, 200)

    def test_a_version_of_the_times_is_told_in_words(self):
        who = {"name": "Sys Admin", "phone": "08-465 004 30"}
        self.sets("pace", opens="08:00", weekdays=[0, 1], administrator=who)
        version = newest(self.operator)["pace"].version
        page = self.client.get(reverse("inquiry:version", args=["pace", version]))
        for told in ("Days to reminder 1", "Monday, Tuesday", "System administrator", "Sys Admin"):
            self.assertContains(page, told)
        for key in ("administrator.", "after.0", "is_on", "weekdays.", "True"):
            self.assertNotContains(page, key)

    def test_the_questions_of_a_question_are_worded_in_swedish(self):
        path = reverse("inquiry:edit", args=["form"])
        with translation.override("sv"):
            rows = editing.rows_of(newest(self.operator)["form"].body, {})
        labels = [field.label for field in rows[0]]
        self.assertIn("Fråga, Svenska", labels)
        self.assertIn("Ordning", labels)
        self.assertContains(self.client.get(path), "Question, Svenska")

    def test_terms_are_previewed_then_published_and_told_who_did(self):
        path = reverse("inquiry:edit", args=["terms"])
        typed = {
            "title.sv": "Villkor",
            "text.sv": "Nya villkor.",
            "costs.0.label.sv": "Undersökning",
            "costs.0.kind": "fixed",
            "costs.0.amount": "450,50",
            "ceiling": "1 200",
        }
        page = self.client.post(path, {**typed, "do": "preview"})
        self.assertContains(page, "Nya villkor.")
        self.assertEqual(InquiryTerms.objects.filter(key=KEY).count(), 1)
        self.client.post(path, {**typed, "do": "publish"})
        row = InquiryTerms.objects.newest(self.operator, KEY)
        self.assertEqual((row.version, row.read.most), (2, 120_000))
        self.assertEqual(row.read.costs[0].amount, 45_050)
        entry = Entry.objects.filter(verb="inquiry.set").order_by("-seq").first()
        self.assertEqual((entry.person, entry.data["part"]), (self.adda, "terms"))
        self.assertContains(self.client.get(reverse("inquiry:settings")), "Adda")

    def test_what_is_no_sum_at_all_is_told_at_the_field(self):
        path = reverse("inquiry:edit", args=["terms"])
        typed = {"title.sv": "x", "text.sv": "x", "costs.0.label.sv": "x", "do": "publish"}
        for raw in ("Infinity", "NaN", "-Infinity", "sNaN", "1e999999", "-1", "1.005", "٣"):
            for more in ({"costs.0.amount": raw}, {"costs.0.amount": "1", "ceiling": raw}):
                answer = self.client.post(path, {**typed, **more})
                self.assertContains(answer, "Write the sum in kronor", status_code=422)
        self.assertEqual(newest(self.operator)["terms"].version, 1)

    def test_a_wrong_sum_is_told_where_it_is(self):
        path = reverse("inquiry:edit", args=["terms"])
        typed = {"title.sv": "x", "text.sv": "x", "ceiling": "many", "do": "publish"}
        self.assertContains(self.client.post(path, typed), "Write the sum", status_code=422)

    def test_a_question_is_added_moved_and_taken_away(self):
        path = reverse("inquiry:edit", args=["form"])
        body = newest(self.operator)["form"].body
        typed = {}
        for nth, one in enumerate(body["fields"]):
            plain = {**one, "required": "on" if one["required"] else "", "options": ""}
            typed |= {f"fields.{nth}.{n}": v for n, v in editing.flat(plain).items()}
            typed[f"fields.{nth}.order"] = str(nth + 1)
        last = len(body["fields"])
        typed |= {
            f"fields.{last}.label.sv": "Hur vill du bli kontaktad?",
            f"fields.{last}.kind": "choice",
            f"fields.{last}.page": "contact",
            f"fields.{last}.options": "Telefon / Telefon / Phone\nMejl",
            f"fields.{last}.order": "1",
            "fields.0.order": "2",
            "fields.6.remove": "on",
            "do": "publish",
        }
        answer = self.client.post(path, typed)
        self.assertEqual(answer.status_code, 302, answer.content[:500])
        fields = InquiryForm.objects.newest(self.operator, KEY).read.fields
        self.assertEqual(fields[0].name, "hur_vill_du_bli_kontaktad")
        self.assertEqual([one.value for one in fields[0].options], ["telefon", "mejl"])
        self.assertNotIn("email", [field.name for field in fields])

    def test_texts_are_counted_as_they_are_typed(self):
        path = reverse("inquiry:count")
        told = self.client.post(path, {"first.sv": "{butik} – {lank}", "unsigned.sv": "no link"})
        self.assertIn("longer kind", told.json()["first.sv"]["words"])
        self.assertIn("needs the link", told.json()["unsigned.sv"]["words"])

    def test_back_to_the_text_from_the_beginning(self):
        self.sets("texts", shop="Another")
        page = self.client.post(reverse("inquiry:edit", args=["texts"]), {"do": "default"})
        self.assertContains(page, "The operator")
        self.assertEqual(newest(self.operator)["texts"].read.shop, "Another")

    def test_a_test_goes_to_ones_own_phone_once_a_minute(self):
        path = reverse("inquiry:test")
        self.client.post(path)
        self.client.post(path)
        self.assertEqual(Letter.objects.filter(address=self.adda.phone, carrier="sms").count(), 1)
        self.assertEqual(codes(rules.test_sms(self.actor(self.adda), self.operator)), ["just_sent"])

    def test_times_are_published_from_the_page(self):
        path = reverse("inquiry:edit", args=["pace"])
        typed = {
            "is_on": "on",
            "zone": "Europe/Oslo",
            "opens": "08:00",
            "closes": "17:00",
            "weekdays": ["0", "1", "2", "3", "4"],
            "after.0": "1",
            "after.1": "2",
            "after.2": "3",
            "give_up": "4",
            "cards": "new",
            "told": "everybody",
            "goes_on": "here",
            "support.name": "Us",
            "do": "publish",
        }
        self.assertEqual(self.client.post(path, typed).status_code, 302)
        body = newest(self.operator)["pace"].read
        self.assertEqual((body.zone, body.after, body.cards), ("Europe/Oslo", [1, 2, 3], "new"))

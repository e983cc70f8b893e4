"""The pages of cards and repairs: who sees them, what stands there, what is refused."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from ombud.servicecases import finding
from ombud.servicecases.models import Card, Change
from tests.cast import CastTest
from tests.desk.papers import png
from tests.servicecases.customers import ANNA, LINK, NUMBER, OTHER_NUMBER, Customers


class Reading(Customers, CastTest):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.kim)

    def read(self, path, status=200):
        answer = self.client.get(path)
        self.assertEqual(answer.status_code, status, path)
        return answer.content.decode()

    def send(self, path, data=None, status=302):
        answer = self.client.post(path, data or {})
        self.assertEqual(answer.status_code, status, answer.content.decode()[:300])
        return answer

    def count(self, path):
        """How many statements it takes once it has been seen."""
        self.read(path)
        with CaptureQueriesContext(connection) as caught:
            self.read(path)
        return len(caught)


class RegisterPageTest(Reading):
    def test_it_is_searched_by_name_number_phone_and_email(self):
        anna = self.card(personal_number=NUMBER)
        self.makes(given="Bo", family="Berg", phone="+46701740699")
        for q in ("ann", "ek anna", "070-174 06 05", "+46 70 174 06 05", "anna@example.org"):
            with self.subTest(q):
                page = self.read(f"/customers/?q={q.replace('+', '%2B')}")
                self.assertIn(anna.number, page)
                self.assertNotIn("Berg", page)
        for q in (NUMBER, f"{NUMBER[2:8]}-{NUMBER[8:]}", anna.number.lower()):
            with self.subTest(q):
                self.assertIn(anna.number, self.read(f"/customers/?q={q}"))
        self.assertIn("No hits", self.read("/customers/?q=nobody"))

    def test_ten_digits_may_be_a_phone_that_looks_like_a_persons_number(self):
        card = self.makes(phone="+46701740615")
        self.assertEqual(finding.as_number("0701740615"), "200701740615")
        self.assertIn(card.number, self.read("/customers/?q=0701740615"))

    def test_what_stands_on_a_merged_card_leads_to_the_one_that_stays(self):
        gone, stays = self.card(), self.makes(given="Cy", family="Dahl", phone="")
        self.send(f"/customers/{gone.number}/merge/{stays.number}/")
        self.read(f"/customers/{stays.number}/")
        page = self.read("/customers/?q=070-174 06 05")
        self.assertIn(stays.number, page)
        self.assertNotIn(gone.number, page)

    def test_no_number_stands_there_in_full(self):
        card = self.card(personal_number=NUMBER)
        for path in (
            "/customers/",
            f"/customers/{card.number}/",
            f"/customers/{card.number}/edit/",
        ):
            page = self.read(path)
            self.assertIn(f"{NUMBER[:8]}-••••", page)
            self.assertNotIn(NUMBER[8:], page)

    def test_a_page_goes_on_and_asks_no_more_for_more_rows(self):
        for n in range(27):
            self.makes(given=f"Nr {n:02}", family="Ek", phone="")
        first = self.read("/customers/")
        self.assertIn("Nr 24", first)
        self.assertNotIn("Nr 25", first)
        self.assertEqual(self.count("/customers/?q=01"), self.count("/customers/?q=nr"))

    def test_whoever_does_not_work_on_cases_is_refused_and_a_stranger_finds_nothing(self):
        card, other = self.card(), self.card("request:2")
        for person, status in ((self.siv, 403), (self.per, 404), (self.adam, 404)):
            self.client.force_login(person)
            self.assertEqual(self.client.get("/customers/").status_code, 403)
            for path in ("", "edit/", "number/", f"merge/{other.number}/"):
                with self.subTest(path, person=person.username):
                    self.read(f"/customers/{card.number}/{path}", status)
            for path in (
                "edit/",
                "undo/",
                f"merge/{other.number}/",
                f"merge/{other.number}/apart/",
            ):
                with self.subTest(path, person=person.username):
                    self.send(f"/customers/{card.number}/{path}", status=status)


class CardPageTest(Reading):
    def test_a_card_is_made_and_changed_and_its_history_tells_what(self):
        typed = {"kind": "person", "given": "Bo", "family": "Ek", "number": NUMBER}
        typed |= {"country": "SE", "language": "sv", "phone": "070 174 06 99"}
        answer = self.send("/customers/new/", typed)
        card = Card.objects.get()
        self.assertEqual(answer["Location"], f"/customers/{card.number}/")
        version = Change.objects.get().pk
        typed |= {"version": version, "number": "", "phone": "070 174 06 98"}
        self.send(f"/customers/{card.number}/edit/", typed)
        card.refresh_from_db()
        self.assertEqual((card.phone, card.full_number), ("+46701740698", NUMBER))
        page = self.read(f"/customers/{card.number}/")
        self.assertIn("The card was changed", page)
        self.assertIn("<del>070-174 06 99</del>", page)

    def test_whoever_is_slower_is_told_and_nothing_is_lost(self):
        card = self.card()
        version = card.changes.get().pk
        typed = {**ANNA, "kind": "person", "country": "SE", "language": "sv", "version": version}
        self.send(f"/customers/{card.number}/edit/", {**typed, "city": "Lund"})
        page = self.send(f"/customers/{card.number}/edit/", {**typed, "city": "Umeå"}, 409)
        self.assertIn("Changed by Kim Test", page.content.decode())
        self.assertIn("Umeå", page.content.decode())

    def test_a_wrong_number_and_no_name_are_told_at_the_fields(self):
        typed = {"kind": "person", "number": "123", "country": "SE", "language": "sv"}
        page = self.send("/customers/new/", typed, 422).content.decode()
        self.assertIn("Give the customer&#39;s name.", page)

    def test_the_whole_number_is_shown_once_for_a_reason(self):
        card = self.card(personal_number=NUMBER)
        path = f"/customers/{card.number}/number/"
        self.assertNotIn(NUMBER, self.read(path))
        self.send(path, {"reason": "short"}, 422)
        self.assertFalse(card.changes.filter(verb="shown").exists())
        page = self.send(path, {"reason": "The insurer asks for it."}, 200)
        self.assertIn(NUMBER, page.content.decode())
        self.assertIn("no-store", page["Cache-Control"])
        after = self.read(f"/customers/{card.number}/")
        self.assertNotIn(NUMBER, after)
        self.assertIn("The insurer asks for it.", after)
        self.assertEqual(self.operator.journal.filter(verb="card.shown").count(), 1)

    def test_two_cards_are_merged_field_by_field_and_it_is_undone(self):
        one, two = self.card(personal_number=NUMBER), self.makes(given="Anna", phone="+46701740605")
        self.assertIn("Perhaps the same customer", self.read(f"/customers/{two.number}/"))
        path = f"/customers/{two.number}/merge/{one.number}/"
        self.assertIn("Choose what is to stand on the card", self.read(path))
        self.send(path, {"take_email": "card", "take_city": "into"})
        page = self.read(f"/customers/{one.number}/")
        self.assertIn(f"{two.number} was merged into this card", page)
        self.send(f"/customers/{two.number}/undo/")
        one.refresh_from_db()
        self.assertEqual(
            (one.email, self.named(two.number).merged_into), ("anna@example.org", None)
        )

    def test_two_customers_are_not_suggested_again(self):
        one = self.card(personal_number=NUMBER)
        two = self.card("request:2", personal_number=OTHER_NUMBER)
        self.assertIn(two.number, self.read("/customers/duplicates/"))
        self.send(f"/customers/{two.number}/merge/{one.number}/apart/")
        self.assertIn("No possible duplicates", self.read("/customers/duplicates/"))

    def test_the_journal_tells_it_in_words(self):
        card = self.card(personal_number=NUMBER)
        self.send(f"/customers/{card.number}/number/", {"reason": "The insurer asks."}, 200)
        self.grant(self.kim, self.operator, "administrator")
        self.client.force_login(self.kim)
        page = self.read("/organisation/journal/")
        self.assertIn(f"looked at the whole number on the customer card {card.number}", page)
        self.assertIn(f"made the customer card {card.number}", page)
        self.assertNotIn("The insurer asks.", page)

    def test_a_get_of_a_deed_changes_nothing(self):
        one, two = self.card(), self.card("request:2")
        for path in (f"{two.number}/undo/", f"{two.number}/merge/{one.number}/apart/"):
            self.read(f"/customers/{path}", 405)


class RepairPageTest(Reading):
    def test_it_tells_all_that_is_to_be_known(self):
        repair = self.repair()
        page = self.read(f"/repairs/{repair.case.number}/")
        for text in (
            "Anna Ek",
            "Phone, Fairphone 5",
            "The screen is broken.",
            "Monday",
            "10482",
            "New card",
            "At most SEK\xa05,750 without a new yes.",
            "It has not been chosen yet where the case and its invoice go on.",
        ):
            self.assertIn(text, page)
        self.assertIn(repair.case.number, self.read("/repairs/"))

    def test_lines_past_the_limit_are_warned_about(self):
        repair = self.here()
        path = f"/repairs/{repair.case.number}/"
        typed = {"what": "Screen", "quantity": "1,5", "unit_price": "2 000,00", "vat": "25"}
        self.send(f"{path}lines/add/", typed)
        self.assertNotIn("More than the customer has approved", self.read(path))
        self.send(f"{path}lines/add/", {**typed, "quantity": "1", "unit_price": "1640"})
        page = self.read(path)
        self.assertIn("More than the customer has approved", page)
        self.assertIn("the limit is SEK\xa05,750, passed by SEK\xa050.", page)
        line = repair.lines.last()
        self.send(f"{path}lines/remove/", {"line": line.pk})
        self.assertNotIn("More than the customer has approved", self.read(path))

    def test_a_price_that_is_none_is_told_and_what_was_typed_stays(self):
        path = f"/repairs/{self.here().case.number}/lines/add/"
        typed = {"what": "Screen", "quantity": "1", "unit_price": "much", "vat": "25"}
        page = self.send(path, typed, 422).content.decode()
        self.assertIn("Write the price in kronor", page)
        self.assertIn('value="much"', page)

    def test_what_is_no_record_there_is_told_at_the_choice(self):
        path = f"/repairs/{self.repair().case.number}/continue/"
        self.assertIn("The repair is no case in Agiloft", self.read(path))
        page = self.send(path, {"side": "agiloft"}, 422).content.decode()
        self.assertIn("The repair is no case in Agiloft", page)

    @override_settings(REPAIR_LINK=LINK)
    def test_continued_elsewhere_it_can_only_be_read(self):
        repair = self.repair()
        path = f"/repairs/{repair.case.number}/"
        self.send(f"{path}continue/", {"side": "agiloft"})
        page = self.read(path)
        self.assertIn("The repair goes on in Agiloft. Here it can only be read.", page)
        self.assertNotIn("Save the note", page)
        self.send(f"{path}note/", {"text": "Called."})
        self.assertEqual(repair.case.message_set.count(), 0)
        self.assertIn("Here it can only be read.", self.read(path))

    def test_notes_status_photos_and_the_end(self):
        repair = self.here()
        path = f"/repairs/{repair.case.number}/"
        self.send(f"{path}note/", {"text": "Called the customer."})
        self.send(f"{path}status/", {"status": "waiting", "note": "A part is on its way."})
        self.send(f"{path}photos/", {"attachments": SimpleUploadedFile("back.png", png())})
        page = self.read(path)
        for text in ("Called the customer.", "Waiting", "A part is on its way.", 'alt="back.png"'):
            self.assertIn(text, page)
        self.send(f"{path}photos/", {"remove": str(repair.photos()[0].key)})
        self.assertEqual(repair.photos(), [])
        self.send(f"{path}close/", {"outcome": "closed", "note": "New screen."})
        self.assertIn("The repair is closed.", self.read(path))
        self.assertIn("No repair is under way", self.read("/repairs/"))
        self.assertIn(repair.case.number, self.read("/repairs/?view=all"))

    def test_it_does_not_exist_for_anybody_else(self):
        repair = self.repair()
        for person in (self.siv, self.per, self.kari, self.ola):
            self.client.force_login(person)
            self.read(f"/repairs/{repair.case.number}/", 404)
            self.assertNotIn(repair.case.number, self.read("/repairs/"))

    def test_the_list_asks_no_more_for_more_rows(self):
        self.repair()
        before = self.count("/repairs/")
        for n in range(5):
            self.repair(key=f"request:{n + 2}")
        self.assertEqual(self.count("/repairs/"), before)

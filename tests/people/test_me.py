"""Hats, languages and the own profile."""

from ombud.people.models import Membership, Person
from tests.desk.doors import DoorTest


class TestHats(DoorTest):
    def setUp(self):
        super().setUp()
        Membership.objects.create(person=self.ola, organisation=self.stranger)

    def switches(self, organisation, **more):
        return self.client.post("/switch/", {"organisation": organisation.pk, **more})

    def test_the_organisation_acted_for_stands_on_every_page_with_the_others(self):
        page = self.page(self.ola, "/")
        self.assertIn("You act for", page)
        self.assertIn("A stranger", page)
        self.assertIn("The agent", page)

    def test_a_switch_holds_and_is_told_once(self):
        self.enter(self.ola, self.agent)
        answer = self.switches(self.stranger, next="/cases/")
        self.assertRedirects(answer, "/cases/", fetch_redirect_response=False)
        self.assertIn("You now act for A stranger.", self.read("/cases/"))
        self.assertNotIn("You now act for A stranger.", self.read("/cases/"))

    def test_nobody_puts_on_a_hat_that_is_not_theirs(self):
        self.enter(self.ola, self.agent)
        self.assertEqual(self.switches(self.customer).status_code, 403)
        self.assertEqual(self.client.post("/switch/", {"organisation": "x"}).status_code, 404)
        self.assertEqual(self.client.session["organisation"], self.agent.pk)

    def test_a_page_opened_before_the_switch_does_not_act_for_the_new_hat(self):
        self.enter(self.ola, self.agent)
        self.assertIn('name="acting_for" value="5560000043"', self.read("/notices/"))
        self.switches(self.stranger)
        answer = self.client.post("/notices/read/", {"acting_for": "5560000043"})
        self.assertContains(answer, "You have switched organisation", status_code=409)
        again = self.client.post("/notices/read/", {"acting_for": "5560000076"})
        self.assertEqual(again.status_code, 302)

    def test_what_was_typed_there_stands_on_the_refusal_to_copy(self):
        self.enter(self.ola, self.stranger)
        typed = {"acting_for": "5560000043", "note": "A long reason, written with care."}
        answer = self.client.post("/notices/read/", typed)
        self.assertContains(answer, "A long reason, written with care.", status_code=409)


class TestLanguage(DoorTest):
    def reads(self, path="/"):
        return self.client.get(path).content.decode()

    def test_is_the_profile_s_before_cookie_and_browser(self):
        Person.objects.filter(pk=self.ola.pk).update(language="nb")
        self.client.cookies["django_language"] = "sv"
        self.assertIn('<html lang="nb"', self.page(self.ola, "/"))

    def test_without_a_login_cookie_then_browser_then_swedish(self):
        del self.client.defaults["HTTP_ACCEPT_LANGUAGE"]
        self.assertIn('<html lang="sv"', self.reads("/login/"))
        answer = self.client.get("/login/", headers={"accept-language": "nb"})
        self.assertIn('<html lang="nb"', answer.content.decode())
        self.client.post("/language/", {"language": "en", "next": "/login/"})
        self.assertIn('<html lang="en"', self.reads("/login/"))

    def test_a_choice_stays_on_the_page_and_is_kept(self):
        self.enter(self.ola)
        answer = self.client.post("/language/", {"language": "nb", "next": "/cases/?q=x"})
        self.assertRedirects(answer, "/cases/?q=x", fetch_redirect_response=False)
        self.assertEqual(Person.objects.get(pk=self.ola.pk).language, "nb")
        self.assertIn('<html lang="nb"', self.reads())

    def test_an_unknown_language_changes_nothing(self):
        self.enter(self.ola)
        self.client.post("/language/", {"language": "xx", "next": "https://evil.example/"})
        self.assertEqual(Person.objects.get(pk=self.ola.pk).language, "en")


class TestProfile(DoorTest):
    def test_shows_the_personal_number_masked(self):
        page = self.page(self.ola, "/me/")
        self.assertIn(f"{self.ola.personal_number[:8]}-••••", page)
        self.assertNotIn(self.ola.personal_number, page)
        self.assertNotIn(self.ola.personal_number[8:], page)

    def test_a_new_number_is_kept_with_its_day(self):
        before = self.ola.phone_set_at
        self.enter(self.ola)
        typed = {"phone": "070-174 06 33", "language": "en", "by_sms": "on"}
        self.assertEqual(self.client.post("/me/", typed).status_code, 302)
        ola = Person.objects.get(pk=self.ola.pk)
        self.assertEqual((ola.phone, ola.by_sms), ("+46701740633", True))
        self.assertNotEqual(ola.phone_set_at, before)

    def test_a_wrong_number_is_told_at_the_field_and_kept_there(self):
        self.enter(self.ola)
        answer = self.client.post("/me/", {"phone": "12", "language": "en"})
        self.assertContains(answer, "There is no such phone number", status_code=422)
        self.assertContains(answer, 'value="12"', status_code=422)

    def test_a_landline_is_refused_in_words(self):
        self.enter(self.ola)
        answer = self.client.post("/me/", {"phone": "08-12 34 56", "language": "en"})
        self.assertContains(answer, "This is not a mobile number.", status_code=422)
        self.assertEqual(Person.objects.get(pk=self.ola.pk).phone, self.ola.phone)

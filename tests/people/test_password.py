"""A forgotten password: the same answer for everybody, a link that is good once, and what ends."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings

from ombud.people import actions
from ombud.people.actors import Actor
from ombud.people.models import Entry, Membership, Person
from ombud.post.models import Letter
from tests.cast import TogetherTest, together
from tests.desk.doors import DoorTest

NEW = "a new word to come in by"


class TestReset(DoorTest):
    def setUp(self):
        super().setUp()
        cache.clear()

    def asks(self, email="ola@example.org"):
        return self.client.post("/password/reset/", {"email": email}, follow=True)

    def letters(self, email="ola@example.org"):
        return Letter.objects.filter(address=email).order_by("pk")

    def link(self) -> str:
        found = re.search(r"https?://\S+/password/reset/key/\S+", self.letters().last().words)
        self.assertTrue(found[0].startswith(settings.WEB_URL))
        return urlsplit(found[0]).path

    def opens(self, link, status=200):
        answer = self.client.get(link, follow=True)
        self.assertEqual(answer.status_code, status)
        return answer

    def chooses(self, password=NEW, status=200):
        """On the page to which the link of the last letter leads."""
        opened = self.opens(self.link())
        here = opened.redirect_chain[-1][0]
        answer = self.client.post(here, {"password1": password}, follow=True)
        self.assertEqual(answer.status_code, status)
        return answer.content.decode()

    def logs_in(self, password) -> bool:
        answer = Client().post("/login/", {"login": "ola", "password": password})
        return answer.status_code == 302

    def test_the_login_leads_there_and_a_new_password_opens(self):
        self.assertIn('href="/password/reset/"', self.read("/login/"))
        self.asks()
        self.assertIn("Your password has been changed", self.chooses())
        self.assertTrue(self.logs_in(NEW))
        self.assertFalse(self.logs_in("pw"))

    def test_the_answer_is_the_same_whether_the_address_is_known_or_not(self):
        known, unknown = self.asks(), self.asks("nobody@example.org")
        self.assertEqual(known.redirect_chain, unknown.redirect_chain)
        self.assertEqual(self.plain(known), self.plain(unknown))
        self.assertEqual(self.letters().count(), 1)
        self.assertFalse(self.letters("nobody@example.org").exists())

    def plain(self, answer) -> str:
        return re.sub(r'value="[^"]{32,}"', "", answer.content.decode())

    def test_nonsense_is_said_at_the_field(self):
        for email in ("", "no address"):
            page = self.asks(email).content.decode()
            self.assertIn("<title>Error:", page)
            self.assertIn("Write the e-mail address as name@example.org.", page)
        self.asks()
        page = self.chooses("12345678")
        self.assertIn("<title>Error:", page)
        self.assertIn('href="#f-password1"', page)
        self.assertTrue(self.logs_in("pw"))

    def test_the_letter_speaks_the_reader_s_language_and_lies_sealed(self):
        self.ola.speak("nb")
        self.asks()
        letter = self.letters().get()
        self.assertEqual((letter.language, letter.secret), ("nb", True))
        self.assertIn("Brukernavnet ditt er ola.", letter.words)
        self.assertIn(self.link(), letter.page)
        self.assertNotIn("password/reset", letter.body + letter.html)

    def test_the_link_is_good_once(self):
        self.asks()
        link = self.link()
        self.chooses()
        page = self.opens(link, 410).content.decode()
        self.assertIn("This link is no longer valid", page)
        self.assertTrue(self.logs_in(NEW))

    def test_the_link_is_good_for_a_day(self):
        self.asks()
        link = self.link()
        with self.after(seconds=settings.PASSWORD_RESET_TIMEOUT + 60):
            self.opens(link, 410)
        self.assertLessEqual(settings.PASSWORD_RESET_TIMEOUT, timedelta(hours=72).total_seconds())
        self.opens(link)

    def test_a_guessed_link_leads_nowhere(self):
        self.asks()
        self.opens("/password/reset/key/1-abc123-0123456789/", 410)
        self.opens(self.link()[:-3] + "/", 410)
        self.opens(self.link().replace("key/", "key/9", 1), 410)

    def test_looking_at_the_link_uses_nothing_up(self):
        self.asks()
        for _ in range(3):
            Client().get(self.link(), follow=True)
        self.chooses()
        self.assertTrue(self.logs_in(NEW))

    def test_logins_with_the_old_password_end_everywhere(self):
        elsewhere = Client(headers={"accept-language": "en"})
        elsewhere.post("/login/", {"login": "ola", "password": "pw"})
        self.assertEqual(elsewhere.get("/").status_code, 200)
        self.asks()
        self.chooses()
        self.assertEqual(elsewhere.get("/").status_code, 302)

    def test_each_organisation_s_journal_and_the_person_are_told(self):
        Membership.objects.create(person=self.ola, organisation=self.stranger)
        self.asks()
        self.chooses()
        noted = Entry.objects.filter(verb="person.password_set", person=self.ola)
        self.assertEqual({row.journal_of for row in noted}, {self.agent, self.stranger})
        self.assertIn("has been changed", self.letters().last().subject)
        page = self.page(self.ada, "/organisation/journal/")
        self.assertIn("chose a new password", page)

    def test_who_logs_in_with_bankid_alone_gets_no_new_way_in(self):
        self.ola.set_password(None)
        self.ola.save()
        self.asks()
        letter = self.letters().get()
        self.assertIn("you log in with BankID", letter.words)
        self.assertNotIn("/password/reset/key/", letter.words)

    def test_a_closed_account_gets_no_link_and_an_older_one_is_dead(self):
        self.asks()
        link = self.link()
        Person.objects.filter(pk=self.ola.pk).update(is_active=False)
        self.asks()
        self.assertEqual(self.letters().count(), 1)
        here = self.opens(link).redirect_chain[-1][0]
        answer = self.client.post(here, {"password1": NEW})
        self.assertEqual(answer.status_code, 403)

    def test_many_askings_wait(self):
        for _ in range(5):
            self.assertEqual(self.asks().status_code, 200)
        self.assertEqual(self.asks().status_code, 429)
        with override_settings(ACCOUNT_RATE_LIMITS={"reset_password": "2/h/ip"}):
            cache.clear()
            for turn, status in enumerate((200, 200, 429)):
                self.assertEqual(self.asks(f"{turn}@example.org").status_code, status)

    def test_another_host_s_name_gets_into_no_letter(self):
        typed = {"email": "ola@example.org"}
        with override_settings(ALLOWED_HOSTS=["*"]):
            self.client.post("/password/reset/", typed, headers={"host": "evil.test"})
        self.assertNotIn("evil.test", self.letters().get().words)


class TestTogether(TogetherTest):
    def test_two_who_use_one_link_at_once_set_one_password(self):
        def uses(number):
            def deed():
                person = Person.objects.get(pk=self.ola.pk)
                person.password, known = self.ola.password, self.ola.password
                hashed = f"hash {number}"
                return actions.set_password(
                    person, by=Actor(person, None), known=known, hashed=hashed
                )

            return deed

        ends = together(uses(1), uses(2))
        refused = [end for end in ends if isinstance(end, Exception)]
        self.assertEqual([end.status for end in refused], [409])
        self.assertEqual(Entry.objects.filter(verb="person.password_set").count(), 1)

    def test_nobody_sets_another_s_password(self):
        answer = together(
            lambda: actions.set_password(
                self.ola, by=self.actor(self.eva), known=self.ola.password, hashed="x"
            )
        )
        self.assertEqual(answer[0].status, 403)

"""What comes after the password: a code from an app, a recovery code, a security code by SMS."""

import re
import time
from unittest import mock

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache

from ombud.eid.models import Challenge
from ombud.lib import clock, phones
from ombud.people.account import actions, factors
from ombud.people.actors import Actor
from ombud.people.models import CodePhone, Entry, Person
from ombud.post.models import Letter
from tests.desk.doors import DoorTest

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
WORDS = {"login": "ola", "password": "pw", "next": "/approvals/?q=x"}
CODES = re.compile(r"[Cc]ode (\d{6})")


def code(secret=SECRET, ahead=0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


class SecondTest(DoorTest):
    def setUp(self):
        super().setUp()
        cache.clear()

    def has_app(self, person=None):
        person = person or self.ola
        actions.add_app(person, by=Actor(person, None), secret=SECRET)

    def has_phone(self, phone="+46701740688"):
        actions.set_code_phone(self.ola, by=Actor(self.ola, None), phone=phone)

    def gives_password(self, **more):
        return self.client.post("/login/", {**WORDS, **more})

    def is_in(self) -> bool:
        return self.client.get("/approvals/").status_code == 200

    def sms(self) -> str:
        letter = Letter.objects.filter(carrier="sms").latest("pk")
        found = CODES.search(letter.words)
        assert found, letter.words
        return found[1]


class TestApp(SecondTest):
    def test_without_one_the_password_is_enough(self):
        self.assertRedirects(self.gives_password(), WORDS["next"], fetch_redirect_response=False)

    def test_the_password_alone_lets_nobody_in(self):
        self.has_app()
        answer = self.gives_password()
        self.assertRedirects(answer, "/login/second/", fetch_redirect_response=False)
        self.assertFalse(self.is_in())
        self.assertIn("One more step", self.read("/login/second/"))
        answer = self.client.post("/login/second/code/", {"code": code()})
        self.assertRedirects(answer, WORDS["next"], fetch_redirect_response=False)
        self.assertTrue(self.is_in())
        entry = Entry.objects.filter(journal_of=self.agent, verb="person.logged_in").latest("seq")
        self.assertEqual(entry.data["method"], "app")

    def test_a_wrong_code_says_so_and_the_sixth_waits_even_if_right(self):
        self.has_app()
        self.gives_password()
        for _ in range(5):
            answer = self.client.post("/login/second/code/", {"code": "000000"})
            self.assertContains(answer, "The code is wrong", status_code=422)
        answer = self.client.post("/login/second/code/", {"code": code()})
        self.assertContains(answer, "Wait five minutes", status_code=422)
        self.assertFalse(self.is_in())

    def test_a_code_is_good_once_though_it_holds_for_ninety_seconds(self):
        self.has_app()
        self.gives_password()
        shown = code(ahead=1)
        self.client.post("/login/second/code/", {"code": shown})
        self.assertTrue(self.is_in())
        self.client.post("/logout/")
        self.gives_password()
        later = time.time() + 31
        with mock.patch("time.time", return_value=later):  # the library has forgotten it
            self.client.post("/login/second/code/", {"code": shown})
        self.assertFalse(self.is_in())

    def test_the_half_login_ends_after_ten_minutes_and_with_another_password(self):
        self.has_app()
        self.gives_password()
        with clock.ahead(minutes=11):
            answer = self.client.post("/login/second/code/", {"code": code()})
            self.assertRedirects(answer, "/login/", fetch_redirect_response=False)
        self.gives_password()
        person = Person.objects.get(pk=self.ola.pk)
        person.set_password("another")
        person.save()
        self.client.post("/login/second/code/", {"code": code()})
        self.assertFalse(self.is_in())

    def test_each_step_takes_a_new_session_id(self):
        self.has_app()
        self.client.post("/language/", {"language": "en"})
        session = self.client.session
        session["planted"] = "x"
        session.save()
        self.client.cookies["sessionid"] = session.session_key
        keys = [session.session_key]
        self.gives_password()
        keys.append(self.client.session.session_key)
        self.client.post("/login/second/code/", {"code": code()})
        keys.append(self.client.session.session_key)
        self.assertEqual(len(set(keys)), 3)

    def test_without_a_password_there_is_no_second_step(self):
        self.has_app()
        for path in ("", "code/", "send/", "sms/", "passkey/"):
            call = self.client.post if path else self.client.get
            answer = call(f"/login/second/{path}", {"code": code()})
            self.assertRedirects(answer, "/login/", fetch_redirect_response=False)

    def test_another_person_s_code_does_not_fit(self):
        self.has_app()
        actions.add_app(self.eva, by=Actor(self.eva, None), secret="A" * 32)
        self.gives_password()
        answer = self.client.post("/login/second/code/", {"code": code("A" * 32)})
        self.assertEqual(answer.status_code, 422)

    def test_the_secret_lies_sealed(self):
        self.has_app()
        row = Authenticator.objects.get(type="totp")
        self.assertNotIn(SECRET, str(row.data))


class TestRecovery(SecondTest):
    def setUp(self):
        super().setUp()
        self.has_app()
        self.codes = factors.of(self.ola).codes.wrap().get_unused_codes()

    def test_each_works_once_however_it_is_spaced(self):
        spaced = f"{self.codes[0][:4]} {self.codes[0][4:]}"
        self.gives_password()
        self.client.post("/login/second/code/", {"code": spaced})
        self.assertTrue(self.is_in())
        self.client.post("/logout/")
        self.gives_password()
        self.client.post("/login/second/code/", {"code": self.codes[0]})
        self.assertFalse(self.is_in())
        self.assertEqual(factors.of(self.ola).codes_left, 9)

    def test_they_lie_sealed(self):
        row = Authenticator.objects.get(type="recovery_codes")
        for one in self.codes:
            self.assertNotIn(one, str(row.data))


class TestSms(SecondTest):
    def test_a_code_is_sent_after_the_password_and_lets_in(self):
        self.has_phone()
        self.gives_password()
        page = self.read("/login/second/")
        self.assertIn(phones.masked("+46701740688"), page)
        self.assertNotIn("070-174", page)
        self.assertIn("weaker", page)
        answer = self.client.post("/login/second/sms/", {"code": self.sms()})
        self.assertRedirects(answer, WORDS["next"], fetch_redirect_response=False)

    def leads_to_the_field(self, answer):
        """The link of the summary goes somewhere on the page."""
        page = answer.content.decode()
        for named in re.findall(r'href="#([\w-]+)"', page):
            self.assertIn(f'id="{named}"', page)

    def test_three_tries_and_the_code_is_dead(self):
        self.has_phone()
        self.gives_password()
        right = self.sms()
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        for left in ("2 tries left", "1 try left"):
            answer = self.client.post("/login/second/sms/", {"code": wrong})
            self.assertContains(answer, left, status_code=422)
            self.leads_to_the_field(answer)
        self.client.post("/login/second/sms/", {"code": wrong})
        answer = self.client.post("/login/second/sms/", {"code": right})
        self.assertContains(answer, "Ask for a new one", status_code=422)
        self.assertFalse(self.is_in())

    def test_five_minutes_and_the_code_is_dead(self):
        self.has_phone()
        self.gives_password()
        with clock.ahead(minutes=5, seconds=1):
            self.client.post("/login/second/sms/", {"code": self.sms()})
        self.assertFalse(self.is_in())

    def test_a_new_code_waits_a_minute_and_kills_the_old(self):
        self.has_phone()
        self.gives_password()
        old = self.sms()
        answer = self.client.post("/login/second/send/")
        self.assertContains(answer, "A code was just sent", status_code=429)
        self.leads_to_the_field(answer)
        with clock.ahead(seconds=61):
            self.client.post("/login/second/send/")
            new = self.sms()
            if old != new:
                self.client.post("/login/second/sms/", {"code": old})
                self.assertFalse(self.is_in())
            self.client.post("/login/second/sms/", {"code": new})
            self.assertTrue(self.is_in())

    def test_who_has_an_app_gets_a_code_only_when_asked_for(self):
        self.has_phone()
        self.has_app()
        self.gives_password()
        self.assertFalse(Letter.objects.filter(carrier="sms").exists())
        self.client.post("/login/second/send/")
        self.client.post("/login/second/sms/", {"code": self.sms()})
        self.assertTrue(self.is_in())

    def test_a_wrong_password_sends_nothing(self):
        self.has_phone()
        self.gives_password(password="wrong")
        self.assertFalse(Challenge.objects.exists())

    def test_another_browser_s_code_does_not_fit_here(self):
        self.has_phone()
        self.gives_password()
        right = self.sms()
        other = self.client_class()
        answer = other.post("/login/second/sms/", {"code": right})
        self.assertRedirects(answer, "/login/", fetch_redirect_response=False)
        self.assertFalse(self.is_in())

    def test_a_code_is_no_strong_proof(self):
        self.has_phone()
        self.gives_password()
        self.client.post("/login/second/sms/", {"code": self.sms()})
        answer = self.client.get("/me/security/app/")  # has BankID: that is asked for
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)

    def test_the_code_phone_is_of_one_person(self):
        self.has_phone()
        self.assertEqual(CodePhone.objects.get().person, self.ola)

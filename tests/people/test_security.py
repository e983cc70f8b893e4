"""How one logs in: adding and removing, the last way in, and where one is logged in."""

import json
import re

from allauth.mfa.models import Authenticator
from django.core.cache import cache

from ombud.lib import clock
from ombud.lib.errors import Refused
from ombud.people.account import actions, factors, logins
from ombud.people.actors import Actor
from ombud.people.models import CodePhone, Entry, Identity, Person, Session
from ombud.post.models import Letter
from tests.cast import TogetherTest, together
from tests.desk.doors import DoorTest
from tests.people.test_second import CODES, SECRET, code

WORDS = {"login": "ola", "password": "pw"}


def a_passkey(person, name="My phone") -> Authenticator:
    """As the library keeps one; what it holds is told by an authenticator in the journeys."""
    data = {"name": name, "credential": {}}
    return Authenticator.objects.create(user_id=person.pk, type="webauthn", data=data)


class SecurityTest(DoorTest):
    def setUp(self):
        super().setUp()
        cache.clear()
        self.enter(self.ola)

    def by(self, person=None) -> Actor:
        return Actor(person or self.ola, None)

    def subjects(self, person=None) -> list[str]:
        address = (person or self.ola).email
        return list(Letter.objects.filter(address=address).values_list("subject", flat=True))


class TestApp(SecurityTest):
    def adds(self):
        page = self.read("/me/security/app/")
        secret = self.client.session[factors.APP_SECRET]
        self.assertIn(factors.spelled(secret), page)
        self.assertIn("<svg", page)
        return self.client.post("/me/security/app/", {"code": code(secret)})

    def test_is_in_use_when_its_code_was_right_and_the_spare_codes_are_shown_once(self):
        answer = self.client.post("/me/security/app/", {"code": "000000"})
        self.assertContains(answer, "The code is wrong", status_code=422)
        self.assertRedirects(self.adds(), "/me/security/codes/", fetch_redirect_response=False)
        page = self.read("/me/security/codes/")
        self.assertEqual(len(re.findall(r'<li class="number">', page)), 10)
        answer = self.client.get("/me/security/codes/")
        self.assertRedirects(answer, "/me/security/")
        self.assertEqual(self.subjects(), ["An app for codes was added"])
        entry = Entry.objects.filter(journal_of=self.agent).latest("seq")
        self.assertEqual((entry.verb, entry.data), ("person.factor_added", {"kind": "app"}))
        self.assertNotIn(factors.APP_SECRET, self.client.session)

    def test_one_is_enough(self):
        self.adds()
        self.assertEqual(self.client.get("/me/security/app/").status_code, 409)

    def test_removed_it_is_asked_for_no_more_and_the_spare_codes_go_with_it(self):
        self.adds()
        self.client.post("/me/security/remove/app/")
        self.assertFalse(Authenticator.objects.exists())
        self.assertIn("The app for codes was removed", self.subjects())
        self.client.post("/logout/")
        self.assertEqual(self.client.post("/login/", WORDS)["Location"], "/")

    def test_new_spare_codes_end_the_old_ones(self):
        self.adds()
        old = factors.of(self.ola).codes.wrap().get_unused_codes()
        self.client.post("/me/security/codes/")
        new = factors.of(self.ola).codes.wrap().get_unused_codes()
        self.assertFalse(set(old) & set(new))
        self.assertIn("New recovery codes were made", self.subjects())

    def test_without_anything_to_spare_for_there_are_none(self):
        self.assertEqual(self.client.post("/me/security/codes/").status_code, 409)


class TestPasskey(SecurityTest):
    def test_is_renamed_and_removed_by_its_owner_alone(self):
        mine, other = a_passkey(self.ola), a_passkey(self.eva, "Eva's")
        path = f"/me/security/passkeys/{mine.pk}/"
        self.assertIn("My phone", self.read(path))
        answer = self.client.post(path, {"name": "  "})
        self.assertContains(answer, "Write a name", status_code=422)
        self.client.post(path, {"name": "Work phone"})
        self.assertIn("Work phone", self.read("/me/security/"))
        foreign = f"/me/security/passkeys/{other.pk}/"
        self.assertEqual(self.client.get(foreign).status_code, 404)
        self.assertEqual(self.client.post(foreign, {"name": "x"}).status_code, 404)
        self.client.post(f"/me/security/remove/passkey/{other.pk}/")
        self.assertTrue(Authenticator.objects.filter(pk=other.pk).exists())
        self.client.post(f"/me/security/remove/passkey/{mine.pk}/")
        self.assertFalse(Authenticator.objects.filter(pk=mine.pk).exists())
        self.assertIn("A passkey was removed", self.subjects())

    def test_the_last_way_in_stays(self):
        person = Person.objects.get(pk=self.ola.pk)
        person.set_personal_number("")
        person.set_unusable_password()
        person.save()
        self.enter(person)
        mine = a_passkey(person)
        self.assertIn("only way you can log in", self.read(f"/me/security/passkeys/{mine.pk}/"))
        self.client.post(f"/me/security/remove/passkey/{mine.pk}/")
        self.assertIn("only way you can log in", self.read("/me/security/"))
        self.assertTrue(Authenticator.objects.filter(pk=mine.pk).exists())
        Identity.objects.create(person=person, provider="x", issuer="https://x", subject="y")
        self.client.post(f"/me/security/remove/passkey/{mine.pk}/")
        self.assertFalse(Authenticator.objects.filter(pk=mine.pk).exists())

    def test_nonsense_adds_nothing_and_lets_nobody_in(self):
        answers = ["", "{", "[]", "null", json.dumps({"id": "x"}), json.dumps({"response": 1})]
        answers.append(json.dumps({"response": {"userHandle": "AAAA"}, "id": "A", "rawId": "A"}))
        for told in answers:
            with self.subTest(told):
                cache.clear()
                added = self.client.post("/me/security/passkeys/add/", {"credential": told})
                self.assertEqual(added.status_code, 422)
                stranger = self.client_class()
                answer = stranger.post("/login/passkey/", {"credential": told})
                self.assertRedirects(answer, "/login/", fetch_redirect_response=False)
                self.assertEqual(stranger.get("/me/").status_code, 302)
        self.assertFalse(Authenticator.objects.exists())

    def test_the_options_name_nobody_at_the_login_and_want_the_owner_verified(self):
        a_passkey(self.eva)
        stranger = self.client_class()
        told = stranger.post("/login/passkey/options/", {"for": "login"}).json()["publicKey"]
        self.assertEqual(told["userVerification"], "required")
        self.assertFalse(told.get("allowCredentials"))
        told = self.client.post("/login/passkey/options/", {"for": "new"}).json()["publicKey"]
        self.assertEqual(told["authenticatorSelection"]["userVerification"], "required")
        self.assertEqual(told["user"]["name"], "ola")
        told = stranger.post("/login/passkey/options/", {"for": "new"}).json()["publicKey"]
        self.assertNotIn("user", told)


class TestCodePhone(SecurityTest):
    def test_a_number_is_taken_when_the_code_sent_there_came_back(self):
        page = self.read("/me/security/phone/")
        self.assertIn("weaker than a passkey", page)
        for wrong in ("", "not a number", "08-465 004 10"):
            answer = self.client.post("/me/security/phone/", {"phone": wrong})
            self.assertEqual(answer.status_code, 422)
        self.client.post("/me/security/phone/", {"phone": "070-174 06 88"})
        letter = Letter.objects.filter(address="+46701740688").get()
        right = CODES.search(letter.words)[1]
        wrong = f"{(int(right) + 1) % 10**6:06d}"
        answer = self.client.post("/me/security/phone/code/", {"code": wrong})
        self.assertContains(answer, "2 tries left", status_code=422)
        self.assertFalse(CodePhone.objects.exists())
        self.client.post("/me/security/phone/code/", {"code": right})
        self.assertEqual(CodePhone.objects.get().phone, "+46701740688")
        self.assertEqual(self.subjects(), ["Security codes by SMS were switched on"])
        self.client.post("/me/security/remove/code_phone/")
        self.assertFalse(CodePhone.objects.exists())

    def test_a_code_without_a_number_leads_back(self):
        answer = self.client.post("/me/security/phone/code/", {"code": "123456"})
        self.assertRedirects(answer, "/me/security/phone/")


class TestLogins(SecurityTest):
    def setUp(self):
        super().setUp()
        self.client.post("/logout/")
        self.phone = self.client_class(headers={"user-agent": "Firefox/99 iPhone"})
        self.desk = self.client_class(headers={"user-agent": "Chrome/9 Windows"})
        for client in (self.phone, self.desk):
            client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
            client.post("/login/", WORDS)

    def is_in(self, client) -> bool:
        return client.get("/me/").status_code == 200

    def test_each_is_seen_by_machine_and_way_and_never_by_its_key(self):
        page = self.desk.get("/me/security/").content.decode()
        for words in ("Firefox, iPhone", "Chrome, Windows", "(here and now)", "Password"):
            self.assertIn(words, page)
        for key in Session.objects.values_list("session_key", flat=True):
            self.assertNotIn(key, page)

    def test_one_is_ended_and_the_rest_goes_on(self):
        key = self.phone.session.session_key
        self.desk.post("/me/security/end/", {"key": logins.named(key)})
        self.assertFalse(self.is_in(self.phone))
        self.assertTrue(self.is_in(self.desk))

    def test_all_others_are_ended(self):
        third = self.client_class()
        third.post("/login/", WORDS)
        self.desk.post("/me/security/end/")
        self.assertEqual([self.is_in(one) for one in (self.phone, third, self.desk)], [0, 0, 1])
        entry = Entry.objects.filter(journal_of=self.agent).latest("seq")
        self.assertEqual((entry.verb, entry.data), ("person.logins_ended", {"number": 2}))

    def test_somebody_else_s_is_neither_seen_nor_ended(self):
        stranger = self.client_class(headers={"user-agent": "Opera OPR/9 Macintosh"})
        stranger.post("/login/", {"login": "per", "password": "pw"})
        self.assertNotIn("Opera", self.desk.get("/me/security/").content.decode())
        named = logins.named(stranger.session.session_key)
        self.desk.post("/me/security/end/", {"key": named})
        self.desk.post("/me/security/end/")
        self.assertTrue(self.is_in(stranger))

    def test_looking_ends_nothing(self):
        self.assertEqual(self.desk.get("/me/security/end/").status_code, 405)

    def test_another_organisation_is_acted_for_under_a_new_id(self):
        self.joins(self.ola, self.stranger)
        before = self.desk.session.session_key
        self.desk.post("/switch/", {"organisation": self.stranger.pk})
        self.assertNotEqual(self.desk.session.session_key, before)
        self.assertFalse(Session.objects.filter(session_key=before).exists())
        self.assertTrue(self.is_in(self.desk))

    def test_the_page_asks_the_same_however_many_there_are(self):
        self.enter(self.ola)
        self.read("/me/security/")
        few = len(self.asked("/me/security/"))
        for _ in range(5):
            self.client_class().post("/login/", WORDS)
        self.assertEqual(len(self.asked("/me/security/")), few)


class TestDeeds(SecurityTest):
    def test_nobody_changes_another_s(self):
        actions.add_app(self.ola, by=self.by(), secret=SECRET)
        eva = self.by(self.eva)
        deeds = [
            lambda: actions.add_app(self.per, by=eva, secret=SECRET),
            lambda: actions.add_passkey(self.ola, by=eva, name="x", credential={}),
            lambda: actions.set_code_phone(self.ola, by=eva, phone="+46701740688"),
            lambda: actions.new_codes(self.ola, by=eva),
            lambda: actions.remove_factor(self.ola, by=eva, kind="app"),
            lambda: actions.end_logins(self.ola, by=eva, keys=["x"]),
        ]
        for deed in deeds:
            with self.assertRaises(Refused) as no:
                deed()
            self.assertEqual(no.exception.status, 403)

    def test_a_program_consents_to_nothing(self):
        for via in ("api", "link"):
            with self.assertRaises(Refused) as no:
                actions.consent(self.agent, by=Actor(self.ola, self.agent, via=via))
            self.assertEqual(no.exception.status, 403)
        with self.assertRaises(Refused):
            actions.consent(self.customer, by=Actor(self.ola, self.customer))

    def test_what_is_gone_is_removed_once(self):
        actions.add_app(self.ola, by=self.by(), secret=SECRET)
        actions.remove_factor(self.ola, by=self.by(), kind="app")
        with self.assertRaises(Refused) as no:
            actions.remove_factor(self.ola, by=self.by(), kind="app")
        self.assertEqual(no.exception.status, 409)


class TestTwice(TogetherTest):
    def test_two_apps_at_once_are_one(self):
        by = Actor(self.ola, None)
        ends = together(
            *[lambda: actions.add_app(self.ola, by=by, secret=SECRET) for _ in range(3)]
        )
        self.assertEqual(sum(isinstance(end, Refused) for end in ends), 2)
        self.assertEqual(Authenticator.objects.filter(type="totp").count(), 1)

    def test_a_recovery_code_lets_one_in_when_two_use_it_at_once(self):
        cache.clear()
        actions.add_app(self.ola, by=Actor(self.ola, None), secret=SECRET)
        spare = factors.of(self.ola).codes.wrap().get_unused_codes()[0]
        clients = [self.client_class() for _ in range(3)]
        for client in clients:
            client.post("/login/", WORDS)
        ends = together(
            *[
                lambda client=client: client.post("/login/second/code/", {"code": spare})
                for client in clients
            ]
        )
        self.assertEqual(sorted(end.status_code for end in ends), [302, 422, 422])

    def test_the_clock_of_a_login_is_ours(self):
        cache.clear()
        with clock.ahead(days=3):
            self.client.post("/login/", WORDS)
            (row,) = logins.of(self.ola, self.client.session.session_key)
            self.assertLess(abs((clock.now() - row.at).total_seconds()), 60)

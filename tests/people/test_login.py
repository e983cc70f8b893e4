"""Coming in: by password, by BankID, back to where one was going; and going out again."""

from urllib.parse import parse_qs, urlsplit

from django.core.cache import cache
from django.test import override_settings

from ombud.eid.models import Challenge
from ombud.lib import clock
from ombud.people.models import Entry, Membership, Notice, Person, Session
from tests.cast import TogetherTest
from tests.desk.doors import DoorTest
from tests.outside import sandbox

WORDS = {"login": "ola", "password": "pw"}


class TestPassword(DoorTest):
    def setUp(self):
        super().setUp()
        cache.clear()

    def test_leads_to_what_was_asked_for(self):
        answer = self.client.post("/login/", {**WORDS, "next": "/approvals/?q=x"})
        self.assertRedirects(answer, "/approvals/?q=x", fetch_redirect_response=False)

    def test_by_e_mail_too(self):
        answer = self.client.post("/login/", {**WORDS, "login": "ola@example.org"})
        self.assertEqual(answer.status_code, 302)

    def test_never_leads_out_of_the_house(self):
        for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
            answer = self.client.post("/login/", {**WORDS, "next": target})
            self.assertEqual(answer["Location"], "/")
            self.client.post("/logout/")

    def test_wrong_words_say_so_and_keep_the_name_and_the_way(self):
        wrong = {**WORDS, "password": "wrong", "next": "/cases/"}
        page = self.client.post("/login/", wrong).content.decode()
        self.assertIn("The username or the password is wrong.", page)
        self.assertIn('value="ola"', page)
        self.assertIn('value="/cases/"', page)

    def test_the_sixth_wrong_attempt_waits(self):
        for _ in range(6):
            page = self.client.post("/login/", {**WORDS, "password": "wrong"}).content.decode()
        self.assertIn("Too many failed attempts", page)
        page = self.client.post("/login/", WORDS).content.decode()
        self.assertIn("Too many failed attempts", page)

    def test_the_session_gets_a_new_id(self):
        self.client.post("/language/", {"language": "en"})
        session = self.client.session
        session["planted"] = "by somebody else"
        session.save()
        planted = session.session_key
        self.client.cookies["sessionid"] = planted
        self.client.post("/login/", WORDS)
        self.assertNotEqual(self.client.session.session_key, planted)
        self.assertFalse(Session.objects.filter(session_key=planted).exists())

    def test_is_told_when_one_was_here_last_and_is_in_the_journal(self):
        self.client.post("/login/", WORDS)
        self.client.post("/logout/")
        self.client.post("/login/", WORDS)
        self.assertIn("Last logged in", self.read("/"))
        verbs = Entry.objects.filter(journal_of=self.agent).values_list("verb", flat=True)
        self.assertEqual(list(verbs), ["person.logged_in"] * 2)

    def test_whose_account_is_closed_does_not_come_in(self):
        Person.objects.filter(pk=self.ola.pk).update(is_active=False)
        self.client.post("/login/", WORDS)
        self.assertEqual(self.client.get("/approvals/").status_code, 302)

    def test_a_changed_password_ends_the_login(self):
        self.enter(self.ola)
        self.ola.set_password("another")
        self.ola.save()
        self.assertEqual(self.client.get("/approvals/").status_code, 302)

    def test_only_the_pages_in_use_are_mounted(self):
        for path in ("/signup/", "/password/change/", "/email/", "/accounts/login/"):
            self.assertEqual(self.client.get(path).status_code, 404)


class TestLogout(DoorTest):
    def test_by_a_press_never_by_a_link(self):
        self.enter(self.ola)
        self.assertEqual(self.client.get("/logout/").status_code, 405)
        self.read("/approvals/")
        self.client.post("/logout/")
        self.assertEqual(self.client.get("/approvals/").status_code, 302)

    def test_a_lost_session_leads_a_form_back_to_its_page(self):
        answer = self.client.post(
            "/notices/read/", headers={"referer": "http://testserver/notices/?cursor=7"}
        )
        kept = parse_qs(urlsplit(answer["Location"]).query)["next"]
        self.assertEqual(kept, ["/notices/?cursor=7"])


class TestBankID(TogetherTest):
    def setUp(self):
        super().setUp()
        cache.clear()
        sandbox()
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def begins(self, device="other", target="/approvals/"):
        answer = self.client.post("/login/bankid/begin/", {"device": device, "next": target})
        self.assertRedirects(answer, "/login/bankid/", fetch_redirect_response=False)
        return Challenge.objects.latest("begun_at")

    def says_yes(self, challenge, person):
        sandbox().sign(person.personal_number, challenge.auto_start_token)

    def looks(self):
        with clock.ahead(seconds=3):
            return self.client.get("/login/bankid/", headers={"hx-request": "true"})

    def test_by_a_code_to_scan(self):
        challenge = self.begins()
        page = self.client.get("/login/bankid/").content.decode()
        self.assertIn("<svg", page)
        self.assertIn("data-qr", page)
        self.assertEqual(self.client.get("/login/bankid/qr/").status_code, 200)
        self.assertIn("I log in to Ombud at testserver.", challenge.visible)
        self.assertEqual(challenge.subject_index, "")
        self.says_yes(challenge, self.ola)
        self.assertIn("/login/bankid/done/", self.looks().content.decode())
        answer = self.client.get("/login/bankid/done/")
        self.assertRedirects(answer, "/approvals/", fetch_redirect_response=False)
        self.assertEqual(self.client.get("/approvals/").status_code, 200)

    def test_on_the_same_device_the_app_must_lead_back_to_this_browser(self):
        challenge = self.begins("same")
        number = self.ola.personal_number
        opened = {"auto_start_token": challenge.auto_start_token, "person": number}
        back = urlsplit(sandbox().tell("bankid/open", **opened)["return_url"])
        sandbox().tell("bankid/approve", person=number)
        self.looks()
        self.client.get("/login/bankid/done/")
        self.assertEqual(self.client.get("/approvals/").status_code, 302)
        self.assertEqual(back.path, "/login/bankid/back/")
        other = self.client_class()
        self.assertEqual(other.get(f"{back.path}?{back.query}").status_code, 409)
        self.client.get(f"{back.path}?{back.query}")
        answer = self.client.get("/login/bankid/done/")
        self.assertRedirects(answer, "/approvals/", fetch_redirect_response=False)

    def test_whom_nobody_knows_gets_a_clear_page_and_no_session(self):
        challenge = self.begins()
        number = self.ola.personal_number
        self.ola.set_personal_number("")
        self.ola.save()
        sandbox().sign(number, challenge.auto_start_token)
        self.looks()
        answer = self.client.get("/login/bankid/done/")
        self.assertContains(answer, "You have no account here", status_code=403)
        self.assertEqual(self.client.get("/approvals/").status_code, 302)

    def test_is_bound_to_the_session_that_began(self):
        challenge = self.begins()
        self.says_yes(challenge, self.ola)
        self.looks()
        other = self.client_class()
        answer = other.get("/login/bankid/done/")
        self.assertRedirects(answer, "/login/", fetch_redirect_response=False)
        self.assertEqual(other.get("/login/bankid/qr/").status_code, 410)

    def test_gives_the_session_a_new_id_and_works_once(self):
        challenge = self.begins()
        before = self.client.session.session_key
        self.says_yes(challenge, self.ola)
        self.looks()
        self.client.get("/login/bankid/done/")
        self.assertNotEqual(self.client.session.session_key, before)
        self.client.post("/logout/")
        answer = self.client.get("/login/bankid/done/")
        self.assertRedirects(answer, "/login/", fetch_redirect_response=False)

    def test_cancelled_in_the_app_says_so_and_begins_again(self):
        challenge = self.begins()
        number = self.ola.personal_number
        opened = {"auto_start_token": challenge.auto_start_token, "person": number}
        sandbox().tell("bankid/open", **opened)
        sandbox().tell("bankid/cancel", person=number)
        self.assertIn("You cancelled.", self.looks().content.decode())
        self.client.post("/login/bankid/again/", {"device": "other", "next": "/approvals/"})
        self.assertNotEqual(Challenge.objects.latest("begun_at").pk, challenge.pk)

    def test_a_link_survives_under_the_hat_it_names(self):
        number = self.a_sent_order().case.number
        Membership.objects.create(person=self.ola, organisation=self.stranger)
        link = f"/cases/{number}/?as=5560000043"
        challenge = self.begins(target=link)
        self.says_yes(challenge, self.ola)
        self.looks()
        answer = self.client.get("/login/bankid/done/")
        self.assertRedirects(answer, link, fetch_redirect_response=False)
        answer = self.client.get(link)
        self.assertRedirects(answer, f"/orders/{number}/", fetch_redirect_response=False)

    def test_an_outage_is_said_and_nothing_is_lost(self):
        with override_settings(BANKID_URL="https://127.0.0.1:1"):
            self.begins()
        page = self.client.get("/login/bankid/").content.decode()
        self.assertIn("BankID has a problem. Nothing is lost.", page)

    def test_too_many_beginnings_wait(self):
        with override_settings(ACCOUNT_RATE_LIMITS={"bankid_login": "2/m/ip"}):
            for _ in range(2):
                self.begins()
            answer = self.client.post("/login/bankid/begin/", {"device": "other"})
        self.assertContains(answer, "Too many attempts", status_code=429)

    def test_a_scanner_cannot_begin_one(self):
        for path in ("/login/bankid/begin/", "/login/bankid/again/", "/login/bankid/cancel/"):
            self.assertEqual(self.client.get(path).status_code, 405)
        self.assertFalse(Challenge.objects.exists())
        self.assertFalse(Notice.objects.exists())

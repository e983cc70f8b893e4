"""A no that helps: in words, with who can help, whatever went wrong."""

import re
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from django.conf import settings
from django.db import OperationalError
from django.test import Client

from ombud.desk import refusals
from ombud.lib import clock
from ombud.people.models import Membership
from ombud.post.models import Letter
from tests.desk.doors import DoorTest


class TestRefusals(DoorTest):
    def test_a_missing_right_says_whose_it_is_and_the_way_back(self):
        self.enter(self.ola)
        back = {"referer": "http://testserver/organisation/"}
        answer = self.client.post(
            "/organisation/revoke/",
            {"person": "eva", "role": "attestant", "scope": "*"},
            headers=back,
        )
        for words in ("You cannot do this", "Ada Test", 'href="/organisation/"'):
            self.assertContains(answer, words, status_code=403)

    def test_a_form_that_cannot_be_trusted_keeps_what_was_written(self):
        client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
        client.force_login(self.ola, backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = client.post("/notices/read/", {"note": "Long words, not to be lost."})
        self.assertContains(answer, "Load the page again", status_code=403)
        self.assertContains(answer, "Long words, not to be lost.", status_code=403)

    def test_only_what_a_person_wrote_is_shown_to_copy(self):
        self.enter(self.ola)
        hidden = {"key": "a" * 32, "shown": "b" * 64, "deed": "reject the order", "units": "c" * 20}
        client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
        answer = client.post("/login/", {**hidden, "note": "Long words, not to be lost."})
        self.assertContains(answer, "Long words, not to be lost.", status_code=403)
        for value in hidden.values():
            self.assertNotContains(answer, value, status_code=403)

    def test_every_hidden_field_is_known_as_such(self):
        pages = Path(refusals.__file__).parents[1].rglob("jinja2/**/*.html")
        written = "\n".join(page.read_text() for page in pages)
        names = set(re.findall(r'type="hidden" name="(\w+)"', written))
        self.assertLessEqual(names, refusals.HIDDEN | refusals.SECRET)

    def test_secrets_are_never_written_back(self):
        client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
        answer = client.post("/login/", {"login": "ola", "password": "a long secret word"})
        self.assertNotContains(answer, "a long secret word", status_code=403)

    def test_what_is_not_there_is_a_page_in_the_reader_s_language(self):
        self.assertContains(self.client.get("/nowhere/"), "There is nothing here", status_code=404)
        self.enter(self.ola)
        answer = self.client.get("/nowhere/")
        self.assertContains(answer, "There is nothing here", status_code=404)
        self.assertContains(answer, "The agent", status_code=404)

    def test_a_fault_of_ours_needs_neither_database_nor_session(self):
        self.client.raise_request_exception = False
        self.enter(self.ola)
        with patch("ombud.desk.views.front.waiting.of", side_effect=RuntimeError):
            answer = self.client.get("/")
        self.assertEqual(answer.status_code, 500)
        self.assertIn(b"<main", answer.content)
        self.assertIn(b"Ombud", answer.content)

    def test_a_fault_in_what_draws_pages_is_answered_in_words(self):
        self.client.raise_request_exception = False
        broken = patch("ombud.desk.refusals.render", side_effect=ValueError("no such file"))
        with patch("ombud.desk.views.front.waiting.of", side_effect=RuntimeError), broken:
            self.enter(self.ola)
            answer = self.client.get("/")
        self.assertEqual(answer.status_code, 500)
        self.assertEqual(answer["Content-Type"], "text/plain; charset=utf-8")
        self.assertGreater(len(answer.content.splitlines()), 1)

    def test_pages_of_a_person_are_not_kept_for_the_next(self):
        self.enter(self.ola)
        self.assertEqual(self.client.get("/")["Cache-Control"], "private, no-cache")


class TestInvitation(DoorTest):
    NEW = {"given": "Nils", "family": "Ny", "email": "nils@example.org"}

    def letters(self):
        return Letter.objects.filter(address="nils@example.org")

    def test_the_welcome_letter_names_organisation_roles_and_who_added(self):
        self.enter(self.ada)
        self.client.post("/organisation/people/add/", self.NEW)
        letter = self.letters().get()
        self.assertIn("The agent", letter.subject)
        self.assertIn("Ada Test", letter.words)
        self.assertIn("/verify/", letter.page)
        role = {"person": "nils@example.org", "role": "attestant"}
        self.client.post("/organisation/grant/", role)
        self.client.post("/organisation/people/invite/", {"person": "nils@example.org"})
        self.assertIn("Attestant", self.letters().latest("pk").words)

    def test_is_not_sent_again_to_somebody_who_has_come(self):
        self.client.post("/login/", {"login": "ola", "password": "pw"})
        self.enter(self.ada)
        answer = self.client.post("/organisation/people/invite/", {"person": "ola"})
        self.assertContains(answer, "has logged in already", status_code=409)

    def test_is_sent_by_administrators_only(self):
        self.enter(self.ola)
        answer = self.client.post("/organisation/people/invite/", {"person": "eva"})
        self.assertEqual(answer.status_code, 403)


class TestWhomToAsk(DoorTest):
    def setUp(self):
        super().setUp()
        self.client.raise_request_exception = False
        told = {"name": "The helpers", "phone": "+46846500410", "email": "help@example.org"}
        change = patch.dict(settings.SUPPORT, told)
        change.start()
        self.addCleanup(change.stop)

    def assert_helps(self, answer, status):
        self.assertEqual(answer.status_code, status)
        page = answer.content.decode()
        for words in ("The helpers", "08-465 004 10", "help@example.org"):
            self.assertIn(words, page)
        self.assertIn(f'<span class="number">{answer["X-Request-Id"]}</span>', page)
        return page

    def test_every_no_says_whom_to_ask_and_what_to_read_out(self):
        order = self.a_sent_order()
        self.assert_helps(self.client.get("/nowhere/"), 404)
        self.enter(self.ola)
        self.assert_helps(self.client.get("/nowhere/"), 404)
        role = {"person": "eva", "role": "attestant", "scope": "*"}
        self.assert_helps(self.client.post("/organisation/revoke/", role), 403)
        client = Client(enforce_csrf_checks=True)
        self.assert_helps(client.post("/login/"), 403)
        self.enter(self.liv)
        self.assert_helps(self.client.post(f"/orders/{order.case.number}/start/"), 403)

    def test_a_fault_speaks_the_language_of_the_reader(self):
        self.liv.speak("nb")
        self.enter(self.liv)
        with patch("ombud.desk.views.front.waiting.of", side_effect=RuntimeError):
            page = self.assert_helps(self.client.get("/"), 500)
        self.assertIn('<html lang="nb"', page)
        self.assertIn("Noe gikk galt hos oss", page)
        self.assertNotIn("<script", page)

    def test_without_a_database_everybody_reads_that_it_is_closed_for_the_moment(self):
        self.enter(self.liv)
        self.client.cookies["django_language"] = "sv"
        with self.shut():
            answer = self.client.get("/")
            page = self.assert_helps(answer, 503)
            program = self.client.get("/api/v1/me", headers={"Authorization": "Bearer x"})
        self.assertEqual(answer["Retry-After"], "30")
        self.assertIn("Ombud går inte att nå just nu", page)
        self.assertNotIn("<script", page)
        self.assertEqual(program.status_code, 503)
        self.assertEqual(program["Content-Type"], "application/problem+json")

    @contextmanager
    def shut(self):
        """The database answers nothing at all."""
        fault = OperationalError("connection refused")
        with patch("django.db.backends.utils.CursorWrapper.execute", side_effect=fault):
            yield


class NowhereTest(DoorTest):
    def test_who_belongs_nowhere_yet_is_told_what_to_do_on_any_page(self):
        Membership.objects.filter(person=self.kari).update(until_at=clock.now())
        for path in ("/organisation/", "/organisation/dead-ends/"):
            page = self.page(self.kari, path, status=403)
            self.assertIn("What to do now", page, path)
            self.assertIn("/registrations/", page, path)
        self.assertIn("no organisation", self.page(self.kari, "/"))

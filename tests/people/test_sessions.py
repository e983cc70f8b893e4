"""The cookie of a session: taken back where the session ends, and nowhere else."""

from django.conf import settings
from django.test import TestCase

from ombud.people.models import Person

COOKIE = settings.SESSION_COOKIE_NAME


class CookieTest(TestCase):
    def test_an_old_cookie_that_comes_late_takes_no_new_one_away(self):
        self.client.cookies[COOKIE] = "of-before-the-login"
        for path in ("/login/", "/login/bankid/qr/", "/login/bankid/"):
            with self.subTest(path):
                self.assertNotIn(COOKIE, self.client.get(path).cookies)

    def test_who_logs_out_keeps_no_cookie_of_the_login(self):
        self.client.force_login(Person.objects.create(username="kari", email="kari@example.org"))
        before = self.client.cookies[COOKIE].value
        self.client.post("/logout/")
        self.assertNotEqual(self.client.cookies[COOKIE].value, before)

"""Every answer says what its page may load, and carries the name of its request."""

import re

from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory, SimpleTestCase, override_settings

from ombud.config.csp import ContentSecurityMiddleware


@override_settings(ROOT_URLCONF="tests.running.doors")
class HeadersTest(SimpleTestCase):
    def test_nothing_is_allowed_but_what_is_listed(self):
        policy = self.client.get("/healthz").headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        self.assertIn("frame-ancestors 'none'", policy)
        self.assertIn("base-uri 'none'", policy)
        self.assertIn(f"connect-src 'self' {settings.PUSH_URL}", policy)
        self.assertNotIn("unsafe", policy)

    def test_each_request_has_a_nonce_of_its_own(self):
        seen = []
        page = ContentSecurityMiddleware(lambda request: self.note(request, seen))
        for _ in range(2):
            answer = page(RequestFactory().get("/"))
            named = re.search(r"'nonce-([\w-]+)'", answer.headers["Content-Security-Policy"])
            self.assertEqual(named[1], seen[-1])
        self.assertNotEqual(*seen)

    def note(self, request, seen):
        seen.append(request.csp_nonce)
        return HttpResponse()

    def test_the_usual_headers_stand(self):
        headers = self.client.get("/healthz").headers
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertEqual(headers["X-Frame-Options"], "DENY")
        self.assertEqual(headers["Referrer-Policy"], "same-origin")
        self.assertTrue(headers["X-Request-Id"])

    def test_cookies_are_not_for_scripts_nor_for_strangers(self):
        for cookie in ("SESSION", "CSRF", "LANGUAGE"):
            self.assertTrue(getattr(settings, f"{cookie}_COOKIE_HTTPONLY"))
            self.assertEqual(getattr(settings, f"{cookie}_COOKIE_SAMESITE"), "Lax")

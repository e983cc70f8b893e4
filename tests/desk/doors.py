"""How tests come in by the front door: as somebody, in English, counting what is asked."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from ombud.lib import clock
from ombud.people.account import proofs
from tests.cast import CastTest

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class DoorTest(CastTest):
    def setUp(self):
        super().setUp()
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def enter(self, person, organisation=None):
        """As one who has just logged in with BankID."""
        self.client.force_login(person, backend=BACKEND)
        session = self.client.session
        session[proofs.KEPT] = {"by": "bankid", "at": clock.now().isoformat()}
        if organisation:
            session["organisation"] = organisation.pk
        session.save()
        return self.client

    def page(self, person, path, status=200):
        """What the person reads at an address."""
        self.enter(person)
        return self.read(path, status)

    def read(self, path, status=200):
        answer = self.client.get(path)
        self.assertEqual(answer.status_code, status, answer.content[:400])
        return answer.content.decode()

    def asked(self, path):
        """The statements that a page costs."""
        with CaptureQueriesContext(
            connection,
        ) as seen:
            self.assertEqual(self.client.get(path).status_code, 200)
        return [query["sql"] for query in seen.captured_queries]

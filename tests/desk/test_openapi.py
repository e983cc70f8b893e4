"""The documentation keeps its word: no answer that it does not tell of, none that is our fault.

Schemathesis asks every operation, as people of several roles and as nobody, with what fits its
shape and with what does not.
"""

from contextlib import suppress

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings, strategies
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from ombud.cases.models import Case
from ombud.people.models import Notice
from tests.cast import CastTest
from tests.outside import sandbox

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
EXAMPLES = {GenerationMode.POSITIVE: 10, GenerationMode.NEGATIVE: 4}
WSGI = WSGIHandler()
NEVER = "00000000-0000-4000-8000-000000000000"


def tried(times: int):
    return settings(
        max_examples=times,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )


def served(environ, start_response):
    """As a web server would: it always knows who called."""
    return WSGI({"REMOTE_ADDR": "127.0.0.1", **environ}, start_response)


class DocumentationTest(CastTest):
    def setUp(self):
        super().setUp()
        sandbox()
        for signal in (request_started, request_finished):  # the test's own transaction stays open
            signal.disconnect(close_old_connections)
            self.addCleanup(signal.connect, close_old_connections)
        self.api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", served)

    def tokens(self):
        """Of every role, and of nobody."""
        people = (self.kari, self.liv, self.adam, self.ola, self.eva, self.siv, self.kim, self.per)
        here = {person: self.actor(person).organisation.number for person in people}
        return ["none", *(f"token of {person.username} at {here[person]}" for person in people)]

    def places(self):
        """What the braces of an address may stand for: what is there, and what is not."""
        notices = list(Notice.objects.values_list("pk", flat=True))
        return {
            "number": [*Case.objects.values_list("number", flat=True), "RITM9999999"],
            "notice": [*notices, 0],
            "signing": [NEVER],
            "document": [NEVER],
            "key": ["npo", "nothing"],
            "version": [1, 2],
        }

    def test_every_operation_answers_as_it_is_documented(self):
        self.a_draft(), self.a_sent_order(), self.a_sent_order("npo-direct")
        tokens, places, asked = self.tokens(), self.places(), 0
        for found in self.api.get_all_operations():
            operation = found.ok()
            for mode, times in EXAMPLES.items():
                with self.subTest(operation=operation.label, mode=mode.value):
                    asked += self.ask(operation, mode, times, tokens, places)
        self.assertGreater(asked, 300)

    def ask(self, operation, mode, times, tokens, places) -> int:
        names = [name for name in places if f"{{{name}}}" in operation.path]
        known = strategies.fixed_dictionaries(
            {name: strategies.sampled_from(places[name]) for name in names}
        )
        asked = 0

        @tried(times)
        @given(operation.as_strategy(mode), strategies.sampled_from(tokens), known)
        def run(case, token, place):
            nonlocal asked
            asked += 1
            if mode.is_positive:
                case.path_parameters = {**(case.path_parameters or {}), **place}
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

        with suppress(Unsatisfiable):  # some operations cannot be asked wrongly
            run()
        return asked

    def test_the_document_is_openapi_3_1_and_keeps_no_secret(self):
        told = self.client.get("/api/v1/openapi.json")
        self.assertEqual(told.status_code, 200)
        self.assertEqual(told.json()["openapi"], "3.1.0")
        names = [
            operation["operationId"]
            for operations in told.json()["paths"].values()
            for operation in operations.values()
        ]
        self.assertEqual(len(names), len(set(names)))
        self.assertNotIn("password", told.content.decode())

    def test_every_operation_tells_of_401(self):
        for path, operations in self.client.get("/api/v1/openapi.json").json()["paths"].items():
            for operation in operations.values():
                self.assertIn("401", operation["responses"], path)
                self.assertTrue(operation["description"] and operation["summary"])

"""Nothing lies outside somebody's circles and is met all the same; and the test can tell."""

from unittest import mock

from django.test import Client
from django.urls import reverse

from ombud.cases import sight
from ombud.cases.models import Case
from ombud.desk.api.door import api
from ombud.orders import models
from ombud.people.models import Notice
from ombud.signing.models import Signature
from tests.cast import CastTest
from tests.leak import probe, routes
from tests.leak.policy import API, PAGES


class DeclaredTest(CastTest):
    def test_every_door_is_declared(self):
        self.assertEqual(set(PAGES), routes.pages())
        self.assertEqual(set(API), routes.operations(api.get_openapi_schema()))


class LeakTest(CastTest):
    def test_nobody_meets_a_mark_outside_the_own_circles(self):
        order = probe.plant(self)
        self.assertEqual(list(probe.leaks(self, order)), [])

    def test_the_own_marks_are_met(self):
        """Else the walk would find nothing because it sees nothing."""
        order = probe.plant(self)
        for person, circles in ((self.kari, "customer"), (self.ola, "agent")):
            told = "".join(text for _, text in probe.told_to(self, person, order))
            for circle in (circles, f"{circles}:inner", "case"):
                self.assertTrue(any(mark in told for mark in probe.MARKS[circle]), circle)

    def test_a_circle_that_is_too_wide_is_found(self):
        wide = {**models.CIRCLES, "agent": [*models.CIRCLES["agent"], "customer", "customer:inner"]}
        with mock.patch.dict(models.CIRCLES, wide):
            order = probe.plant(self)
            first = next(probe.leaks(self, order), None)
        self.assertIn(first and first.circle, {"customer", "customer:inner"})

    def test_a_sight_that_shows_all_is_found(self):
        order = probe.plant(self)
        everything = sight.Eyes(("all",), frozenset(probe.MARKS), order.sent_at)
        with mock.patch.object(sight, "opened", lambda rows, held: everything):
            self.assertIsNotNone(next(probe.leaks(self, order), None))


class StrangerTest(CastTest):
    """Whoever has no key gets the very answer of a number that never was."""

    def setUp(self):
        super().setUp()
        self.order = probe.plant(self)
        self.una = self.person("una", self.agent, "agent_handler", "service:other")
        self.uno = self.person("uno", self.agent, "attestant")

    def strangers(self):
        return [self.per, self.una, self.uno]

    def test_pages_are_404_as_if_the_case_never_was(self):
        for person in self.strangers():
            client = Client()
            client.force_login(person)
            for name in (name for name, policy in PAGES.items() if policy == "number"):
                for method in (client.get, client.post):
                    with self.subTest(name, person=person.username, method=method.__name__):
                        there = method(reverse(name, args=[self.order.case.number]))
                        nowhere = method(reverse(name, args=["RITM9999999"]))
                        self.assertEqual(there.status_code, nowhere.status_code)
                        self.assertIn(there.status_code, (404, 405))
        self.assert_untouched()

    def test_the_api_is_404_as_if_the_case_never_was(self):
        for person in self.strangers():
            for operation in (op for op, policy in API.items() if policy == "number"):
                method, path = operation.split(" ")
                answers = []
                for number in (self.order.case.number, "RITM9999999"):
                    full = path.removeprefix("/api/v1/").replace("{number}", number)
                    body = {} if method == "POST" else None
                    answers.append(self.as_api(person, method.lower(), full, body))
                with self.subTest(operation, person=person.username):
                    there, nowhere = answers
                    self.assertEqual((there.status_code, nowhere.status_code), (404, 404))
                    self.assertEqual(there.json(), nowhere.json())
        self.assert_untouched()

    def test_a_signature_is_its_signers_alone(self):
        for signature in Signature.objects.all():
            for person in (*self.strangers(), self.kari):
                if person == signature.person:
                    continue
                client = Client()
                client.force_login(person)
                for name in (name for name, policy in PAGES.items() if policy == "signing"):
                    with self.subTest(name, person=person.username):
                        path = reverse(name, args=[signature.pk])
                        self.assertIn(client.get(path).status_code, (404, 405))
                        self.assertIn(client.post(path).status_code, (404, 405))
                answer = self.as_api(person, "get", f"signings/{signature.pk}")
                self.assertEqual(answer.status_code, 404)

    def test_evidence_is_for_the_signers_own_organisation(self):
        signature = Signature.objects.get(organisation=self.agent, deed="order.attest")
        path = reverse("order:evidence", args=[self.order.case.number, signature.pk])
        for person, status in ((self.ola, 200), (self.kari, 404), (self.per, 404)):
            client = Client()
            client.force_login(person)
            with self.subTest(person.username):
                self.assertEqual(client.get(path).status_code, status)

    def test_a_file_is_as_if_it_never_was(self):
        nowhere = "0" * 8 + "-0000-0000-0000-" + "0" * 12
        for person in self.strangers():
            client = Client()
            client.force_login(person)
            for key in (*probe.documents(), nowhere):
                with self.subTest(key, person=person.username):
                    page = client.get(reverse("desk:document", args=[key]))
                    told = self.as_api(person, "get", f"documents/{key}")
                    self.assertEqual((page.status_code, told.status_code), (404, 404))
                    self.assertEqual(told.json()["detail"], self.nowhere(person))

    def nowhere(self, person):
        return self.as_api(person, "get", "cases/RITM9999999").json()["detail"]

    def test_somebody_elses_notice_is_nobodys(self):
        notice = Notice.objects.filter(person=self.ola).first()
        client = Client()
        client.force_login(self.per)
        self.assertEqual(client.get(reverse("desk:notice", args=[notice.pk])).status_code, 404)
        answer = self.as_api(self.per, "post", f"notices/{notice.pk}/read", {})
        self.assertEqual(answer.status_code, 404)

    def test_nobody_comes_in_without_login(self):
        for name, policy in PAGES.items():
            if policy in ("own", "number"):
                args = [self.order.case.number] if policy == "number" else []
                with self.subTest(name):
                    answer = self.client.get(reverse(name, args=args))
                    self.assertEqual(answer.status_code, 302)
                    self.assertIn("/login/", answer["Location"])
        for operation in API:
            method, path = operation.split(" ")
            full = path.replace("{number}", self.order.case.number)
            full = full.replace("{signing}", "0" * 8 + "-0000-0000-0000-" + "0" * 12)
            full = full.replace("{notice}", "1").replace("{key}", "npo")
            full = full.replace("{version}", "1").replace("{stand_in}", "1")
            full = full.replace("{card}", "K00001")
            full = full.replace("{document}", "0" * 8 + "-0000-0000-0000-" + "0" * 12)
            with self.subTest(operation):
                answer = getattr(self.client, method.lower())(full)
                self.assertEqual(answer.status_code, 401)

    def assert_untouched(self):
        events = Case.objects.get(pk=self.order.case.pk).head_seq
        self.assertEqual(events, self.order.case.head_seq)
        self.assertTrue(sight.check(self.order.case))

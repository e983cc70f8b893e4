"""What only its owner should know is sent through every form and door, and stands in no log."""

import io
import logging
import re
import uuid
from unittest import mock

import structlog
from django.test import Client, override_settings
from django.urls import reverse

from ombud.config import logs
from ombud.desk.views import front
from ombud.post.models import Letter
from ombud.signing.models import Signature
from tests.desk.doors import DoorTest
from tests.leak import routes
from tests.leak.policy import PAGES

PASSWORD, WRONG_PASSWORD = "MARK-of-a-password", "MARK-of-a-wrong-password"
TOKEN = "MARK-of-a-token"
NONCE = "MARK-of-a-nonce"
PERSONAL = ("195503142030", "19550314-2030", "550314-2030")
KEYS = {"secret", "token", "uidb36"}  # in an address: what its reader may use


class LogsTest(DoorTest):
    def setUp(self):
        super().setUp()
        root = logging.getLogger()
        formatter = next(one.formatter for one in root.handlers if is_ours(one))
        self.stream = io.StringIO()
        handler = logging.StreamHandler(self.stream)
        handler.setFormatter(formatter)
        level = root.level
        root.addHandler(handler)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.removeHandler, handler)
        self.addCleanup(root.setLevel, level)

    def test_nothing_that_was_sent_stands_in_a_log(self):
        self.liv.set_password(PASSWORD)
        self.liv.save()
        order = self.an_order_at_its_last_attest()
        secrets = [PASSWORD, WRONG_PASSWORD, TOKEN, NONCE, *PERSONAL]
        secrets += self.log_in()
        secrets += self.decide_by_code(order)
        secrets += self.choose_a_password()
        secrets += self.report_deliveries()
        self.speak_as_a_program()
        self.name_a_person()
        self.fall()
        told = self.stream.getvalue()
        self.assertGreater(told.count("\n"), 30)
        self.assertIn("/post/reports/", told)
        for secret in secrets:
            self.assertGreaterEqual(len(secret), 6)
            self.assertNotIn(secret, told)

    def log_in(self) -> list[str]:
        for password in (WRONG_PASSWORD, PASSWORD):
            self.client.post("/login/", {"login": "liv", "password": password})
        self.client.get("/", headers={"referer": f"http://testserver/?nonce={NONCE}"})
        self.client.get("/login/bankid/back/", {"nonce": NONCE})
        self.client.get(f"/nowhere/?nonce={NONCE}")
        return [self.client.session.session_key, self.client.cookies["csrftoken"].value]

    def decide_by_code(self, order) -> list[str]:
        path = f"/orders/{order.case.number}/attest/"
        page = self.read(path)
        hidden = dict(re.findall(r'name="(key|shown)" value="([^"]*)"', page))
        self.client.post(path, {**hidden, "way": "sms"})
        signature = Signature.objects.filter(person=self.liv).latest("begun_at")
        words = Letter.objects.filter(carrier="sms").latest("pk").words
        code = re.search(r"\b\d{6}\b", words)[0]
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        door = reverse("desk:signing_code", args=[signature.pk])
        self.client.post(door, {"code": wrong})
        token = f"token of liv at {self.customer.number}"
        path = f"signings/{signature.pk}/code"
        self.as_api(self.liv, "post", path, {"code": wrong})
        self.client.post(door, {"code": code})
        self.assertEqual(Signature.objects.get(pk=signature.pk).status, "complete")
        return [code, wrong, token]

    def choose_a_password(self) -> list[str]:
        client = Client()
        client.post("/password/reset/", {"email": self.eva.email})
        words = Letter.objects.filter(address=self.eva.email).latest("pk").words
        link = re.search(r"/password/reset/key/(\S+)/", words)
        client.get(f"{link[0]}more/")
        opened = client.get(link[0])
        client.post(opened["Location"], {"password1": PASSWORD})
        self.assertEqual(client.get(link[0]).status_code, 410)
        return [link[1], link[1].partition("-")[2], client.session.session_key]

    def report_deliveries(self) -> list[str]:
        letter = Letter.objects.filter(carrier="sms").latest("pk")
        door = reverse("post:report", args=[letter.reference, letter.report_secret])
        self.assertEqual(self.client.post(door, {"status": "delivered"}).status_code, 204)
        self.assertEqual(self.client.get(door).status_code, 405)
        self.client.post(f"{door}more/", {"status": "delivered"})
        forged = reverse("post:report", args=[letter.reference, TOKEN])
        self.assertEqual(self.client.post(forged, {"status": "failed"}).status_code, 404)
        return [letter.report_secret]

    def speak_as_a_program(self) -> None:
        headers = {"Authorization": f"Bearer {TOKEN}", "Idempotency-Key": TOKEN}
        for path in ("cases", f"cases/{TOKEN[:4]}", "nowhere"):
            self.client.get(f"/api/v1/{path}", {"q": TOKEN}, headers=headers)
        self.client.post("/api/v1/actions/grant", data="{", content_type="application/json")

    def name_a_person(self) -> None:
        self.enter(self.adam)
        asked = {"given": "A", "family": "B", "email": "not an address", "phone": "1"}
        for number in PERSONAL:
            typed = {**asked, "personal_number": number}
            self.client.post("/organisation/people/add/", typed)
            self.as_api(self.adam, "post", "actions/add_person", typed)
            self.client.get("/search/", {"q": number})
            self.client.get(f"/cases/{number}/")
            self.client.get(f"/{number}/")

    def fall(self) -> None:
        """Our own fault, in the midst of what must not be told."""
        self.client.raise_request_exception = False
        fault = ValueError(f"cannot read {PERSONAL[1]} at {reverse_of_a_report()}")
        with mock.patch.object(front.waiting, "of", side_effect=fault):
            self.assertEqual(self.client.get("/").status_code, 500)
        with override_settings(ALLOWED_HOSTS=["elsewhere.example"]):
            self.client.get(f"/?nonce={NONCE}")


class DoorsTest(DoorTest):
    def test_every_door_whose_address_is_a_key_is_masked(self):
        keyed = [name for name in PAGES if routes.keywords(name) & KEYS]
        self.assertIn("post:report", keyed)
        for name in keyed:
            known = {"reference": uuid.uuid4(), "document": uuid.uuid4(), "uidb36": "2d"}
            path = reverse(name, kwargs={n: known.get(n, TOKEN) for n in routes.keywords(name)})
            line = logs.without_secrets(None, "info", {"event": f"Not Found: {path}", "path": path})
            self.assertIn(TOKEN, path)
            self.assertNotIn(TOKEN, "".join(line.values()), name)


def is_ours(handler) -> bool:
    return isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)


def reverse_of_a_report() -> str:
    return reverse("post:report", args=["0" * 8 + "-0000-4000-8000-" + "0" * 12, TOKEN])

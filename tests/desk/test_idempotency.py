"""A request sent twice is done once: replayed, refused for another body, or told to wait."""

import threading
from unittest.mock import patch

from django.test import Client

from ombud.cases.models import Document
from ombud.desk.api import once
from ombud.desk.models import Reply
from ombud.desk.tasks import forget_replies
from ombud.eid import codes
from ombud.orders import actions
from ombud.orders.models import Order
from ombud.signing.models import Signature
from tests.cast import FILLED, GIVEN, CastTest, TogetherTest, together
from tests.desk.papers import a_picture
from tests.outside import sandbox

BEGIN = {"offer": "npo-agent", **FILLED}
KEY = {"Idempotency-Key": "same"}


class Keyed:
    def post(self, path, body, key="one", person=None):
        return self.as_api(person or self.kari, "post", path, body, **{"Idempotency-Key": key})


class ReplayTest(Keyed, CastTest):
    def test_the_same_again_is_answered_the_same_and_done_once(self):
        first = self.post("actions/start_order", BEGIN)
        again = self.post("actions/start_order", BEGIN)
        self.assertEqual((first.status_code, again.status_code), (201, 201))
        self.assertEqual(first.content, again.content)
        for name in ("Location", "ETag", "Content-Type"):
            self.assertEqual(first.headers[name], again.headers[name])
        self.assertNotIn("Idempotent-Replayed", first.headers)
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")
        self.assertEqual(Order.objects.count(), 1)

    def test_without_a_key_each_is_done(self):
        for _ in range(2):
            self.as_api(self.kari, "post", "actions/start_order", BEGIN)
        self.assertEqual(Order.objects.count(), 2)

    def test_another_body_or_address_under_the_same_key_is_wrong(self):
        number = self.post("actions/start_order", BEGIN).json()["number"]
        told = self.post("actions/start_order", {**BEGIN, "units": []})
        self.assertEqual(told.status_code, 422)
        self.assertEqual(told.headers["Content-Type"], "application/problem+json")
        self.assertEqual(self.post(f"cases/{number}/copy", BEGIN).status_code, 422)
        self.assertEqual(Order.objects.count(), 1)

    def test_keys_of_others_are_others(self):
        self.joins(self.kari, self.stranger)
        self.grant(self.kari, self.stranger, "orderer")
        self.standing(self.stranger, "agreement")
        self.person("lea", self.stranger, "attestant")
        mine = self.as_api(self.kari, "post", "actions/start_order", BEGIN, self.customer, **KEY)
        theirs = self.as_api(self.kari, "post", "actions/start_order", BEGIN, self.stranger, **KEY)
        self.assertEqual((mine.status_code, theirs.status_code), (201, 201))
        self.assertNotEqual(mine.json()["number"], theirs.json()["number"])

    def test_a_refusal_is_replayed_as_it_was(self):
        draft = self.a_draft()
        path = f"cases/{draft.case.number}/copy"
        self.assertEqual(self.post(path, {}).status_code, 409)
        again = self.post(path, {})
        self.assertEqual((again.status_code, again.headers["Idempotent-Replayed"]), (409, "true"))
        self.assertEqual(again.headers["Content-Type"], "application/problem+json")

    def test_a_wrong_shape_is_not_kept(self):
        draft = self.a_draft(units=[])
        path, body = f"cases/{draft.case.number}/send", {"accept_terms": True}
        self.assertEqual(self.post(path, body).status_code, 422)
        actions.save(draft, by=self.actor(self.kari), units=FILLED["units"])
        self.assertEqual(self.post(path, body).status_code, 200)

    def test_our_own_fault_is_undone_and_replayed(self):
        with patch.object(actions, "record", side_effect=RuntimeError("fell")):
            fell = self.post("actions/start_order", BEGIN)
        self.assertEqual(fell.status_code, 500)
        again = self.post("actions/start_order", BEGIN)
        self.assertEqual((again.status_code, again.content), (500, fell.content))
        self.assertEqual(Order.objects.count(), 0)
        self.assertEqual(self.post("actions/start_order", BEGIN, key="two").status_code, 201)

    def test_a_signing_begun_twice_is_one_signing(self):
        sandbox()
        order = self.a_sent_order()
        body = {"attestant": "eva", "method": "bankid", **GIVEN}
        first, again = (
            self.post(f"cases/{order.case.number}/approve", body, person=self.ola) for _ in range(2)
        )
        self.assertEqual((first.status_code, first.content), (202, again.content))
        self.assertEqual(Signature.objects.count(), 1)
        self.assertEqual(Signature.objects.get().status, "pending")

    def test_a_wrong_code_that_is_sent_again_is_no_second_try(self):
        sandbox()
        order = self.an_order_at_its_last_attest()
        body = {"decision": "approve", "method": "sms"}
        signing = self.post(f"cases/{order.case.number}/attest", body, person=self.liv).json()
        path = f"signings/{signing['signing']['id']}/code"
        wrong = {"code": "000000"}
        with patch("ombud.eid.codes._is_right", return_value=False):
            tried = [self.post(path, wrong, key="try", person=self.liv) for _ in range(3)]
        self.assertEqual([told.status_code for told in tried], [422, 422, 422])
        self.assertEqual({told.json()["tries_left"] for told in tried}, {2})
        self.assertEqual(Signature.objects.latest("begun_at").challenge.tries, 1)

    def test_a_file_handed_in_twice_is_one_file(self):
        token = f"Bearer token of kari at {self.customer.number}"
        headers = {"Authorization": token, "Idempotency-Key": "file"}
        first, again = (
            self.client.post("/api/v1/documents", {"file": a_picture()}, headers=headers)
            for _ in range(2)
        )
        self.assertEqual((first.status_code, first.content), (201, again.content))
        self.assertEqual(Document.objects.count(), 1)

    def test_keys_end_after_72_hours(self):
        self.post("actions/start_order", BEGIN)
        with self.after(hours=71):
            self.assertEqual(forget_replies(), 0)
        with self.after(hours=73):
            self.assertEqual(forget_replies(), 1)
            self.assertEqual(self.post("actions/start_order", BEGIN).status_code, 201)
        self.assertEqual(Order.objects.count(), 2)

    def test_a_key_has_a_length(self):
        for key in ("", "k" * 256):
            told = self.post("actions/start_order", BEGIN, key=key)
            self.assertEqual(told.status_code, 422, key)
            self.assertEqual(told.json()["errors"][0]["field"], "Idempotency-Key")


class CrashTest(Keyed, CastTest):
    """What a process leaves that died in the middle."""

    def claim(self, order, body):
        """As a process that claimed a key, began a signing and was killed."""
        with patch.object(once, "keep"):
            self.post(f"cases/{order.case.number}/approve", body, person=self.ola)
        self.assertIsNone(Reply.objects.get().status)

    def test_a_key_is_never_stuck(self):
        sandbox()
        order, body = self.a_sent_order(), {"attestant": "eva", "method": "bankid", **GIVEN}
        self.claim(order, body)
        path = f"cases/{order.case.number}/approve"
        told = self.post(path, body, person=self.ola)
        self.assertEqual(told.status_code, 409)
        self.assertEqual(self.post(path, {**body, "note": "x"}, person=self.ola).status_code, 422)
        with self.after(seconds=61):
            self.assertEqual(self.post(path, body, person=self.ola).status_code, 202)
            again = self.post(path, body, person=self.ola)
            self.assertEqual(again.headers["Idempotent-Replayed"], "true")
        self.assertEqual(Signature.objects.filter(status="pending").count(), 1)

    def test_a_deed_whose_answer_was_not_kept_was_not_done(self):
        with patch.object(once, "keep", side_effect=KeyboardInterrupt):
            self.assertRaises(KeyboardInterrupt, self.post, "actions/start_order", BEGIN)
        self.assertEqual((Order.objects.count(), Reply.objects.count()), (0, 0))
        self.assertEqual(self.post("actions/start_order", BEGIN).status_code, 201)


class TwinsTest(Keyed, TogetherTest):
    def begin(self):
        headers = {"Authorization": f"Bearer token of kari at {self.customer.number}", **KEY}
        road = "/api/v1/actions/start_order"
        return Client().post(road, BEGIN, content_type="application/json", headers=headers)

    def test_of_many_at_once_one_is_done_and_the_others_wait_or_hear_the_same(self):
        ends = together(*[self.begin] * 6)
        codes = sorted(end.status_code for end in ends)
        self.assertLessEqual(set(codes), {201, 409})
        self.assertIn(201, codes)
        self.assertEqual(len({end.content for end in ends if end.status_code == 201}), 1)
        self.assertEqual(Order.objects.count(), 1)
        self.assertEqual(self.begin().headers["Idempotent-Replayed"], "true")

    def test_a_signing_is_begun_and_done_with_no_transaction_open(self):
        order = self.a_sent_order("npo-direct")
        path, body = f"cases/{order.case.number}/attest", {"decision": "approve", "method": "sms"}
        with patch.object(codes.secrets, "randbelow", return_value=123456):
            begun = self.post(path, body, person=self.liv)
        self.assertEqual(begun.status_code, 202, begun.content)
        code = f"signings/{begun.json()['signing']['id']}/code"
        for _ in range(2):
            told = self.post(code, {"code": "123456"}, key="code", person=self.liv)
            self.assertEqual((told.status_code, told.json()["status"]), (200, "complete"))
        self.assertEqual(self.again(order).state, "case_open")

    def test_a_twin_is_told_while_the_first_is_under_way(self):
        begun, go_on, ends = threading.Event(), threading.Event(), []
        first = threading.Thread(target=lambda: ends.extend(together(self.begin)))
        with patch.object(once, "keep", side_effect=held(begun, go_on)):
            first.start()
            begun.wait(20)
            second = self.begin()
            go_on.set()
            first.join()
        self.assertEqual(second.status_code, 409, second.content)
        self.assertEqual(second.headers["Content-Type"], "application/problem+json")
        self.assertEqual(ends[0].status_code, 201)


def held(begun, go_on):
    real = once.keep

    def keep(*given):
        begun.set()
        go_on.wait(20)
        return real(*given)

    return keep

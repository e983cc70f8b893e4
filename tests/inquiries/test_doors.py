"""The doors that other systems come in by: Agiloft's button, and a program's."""

import json

from django.urls import reverse

from ombud.inquiries import actions, presses, tasks
from ombud.inquiries.models import Inquiry
from ombud.lib import clock
from ombud.people.models import Notice
from ombud.post.models import Letter
from ombud.sync import ledger, webhooks
from ombud.sync import tasks as sync_tasks
from ombud.sync.models import System
from tests.inquiries.asking import PRESSED, AskingTest
from tests.outside import sandbox
from tests.sync.linked import a_system

NUMBER, CODE = "10482", "7f3a9c21"


class Linked(AskingTest):
    def setUp(self):
        super().setUp()
        sandbox().tell("reset")
        self.system = a_system(self.operator)
        self.they_write(ehub_pressed_at=PRESSED, ehub_pressed_by="kim.desk")
        by = self.actor(self.adda, self.operator)
        given = {"name": "kim.desk", "person": "kim", "system": self.system.pk}
        actions.link_caller(self.operator, by=by, **given)

    def they_write(self, number=NUMBER, **fields) -> None:
        sandbox().tell("agiloft/records", id=number, fields=fields)

    def there(self, number=NUMBER) -> dict:
        return sandbox().ask("agiloft/records", id=number)["items"][0]

    def presses(self, number=NUMBER) -> Inquiry:
        return self.fresh(presses.take(System.objects.get(pk=self.system.pk), number))

    def carries(self) -> None:
        sync_tasks.carry(system=self.system.pk)


class PressTest(Linked):
    def test_a_press_becomes_a_request_and_agiloft_knows(self):
        inquiry = self.presses()
        self.assertEqual((inquiry.state, inquiry.mobile), ("sms_sent", "+46701234567"))
        self.assertEqual(inquiry.starter, self.kim)
        self.carries()
        there = self.there()
        self.assertEqual(there["ehub_request_status"], "Sent")
        self.assertEqual(there["ehub_request_id"], inquiry.case.number)

    def test_no_mobile_is_refused_and_written_back(self):
        for mobile, code in (("", "mobile_missing"), ("08-465 004 00", "mobile_invalid")):
            self.they_write(customer_mobile=mobile)
            inquiry = self.presses()
            self.assertEqual((inquiry.state, inquiry.outcome), ("refused", code))
            self.carries()
            self.assertEqual(self.there()["ehub_request_status"], "Refused")
            self.assertEqual(self.there()["ehub_failed_reason"], code)
        self.assertFalse(Letter.objects.filter(carrier="sms").exists())

    def test_who_is_linked_to_nobody_is_refused_and_stands_in_the_list(self):
        self.they_write(ehub_pressed_at=PRESSED, ehub_pressed_by="somebody.else")
        inquiry = self.presses()
        self.assertEqual((inquiry.state, inquiry.outcome), ("refused", "unknown_caller"))
        self.client.force_login(self.adda)
        self.assertContains(self.client.get("/inquiries/callers/"), "somebody.else")
        self.assertTrue(Notice.objects.filter(words="refused", person=self.kim).exists())

    def test_what_was_refused_says_whom_to_ask(self):
        who = {"name": "Sys Admin", "phone": "08-465 004 30"}
        self.sets("pace", opens="00:00", closes="23:59", administrator=who)
        self.they_write(ehub_pressed_at=PRESSED, ehub_pressed_by="somebody.else")
        inquiry = self.presses()
        self.client.force_login(self.kim)
        page = self.client.get(f"/inquiries/{inquiry.case.number}/")
        self.assertContains(page, "Sys Admin")
        self.assertContains(page, "nobody here is linked")

    def test_a_second_press_leaves_the_open_request_alone(self):
        first = self.presses()
        second = self.presses()
        self.assertEqual((second.state, second.outcome), ("refused", "request_open"))
        self.carries()
        there = self.there()
        self.assertEqual(there["ehub_request_status"], "Sent")
        self.assertEqual(there["ehub_request_id"], first.case.number)
        self.assertEqual(there["ehub_failed_reason"], "request_open")

    def test_no_refusal_at_all_touches_what_the_open_request_has_written(self):
        first = self.presses()
        self.carries()
        for changed, code in (
            ({}, "request_open"),
            ({"customer_mobile": "08-465 004 00"}, "mobile_invalid"),
            ({"ehub_pressed_at": PRESSED, "ehub_pressed_by": "somebody.else"}, "unknown_caller"),
        ):
            before = self.there()
            self.they_write(**changed)
            second = self.presses()
            self.assertEqual(second.state, "refused")
            self.carries()
            there = self.there()
            for name in ("request_id", "request_status", "sms_count", "last_sms_at"):
                self.assertEqual(there[f"ehub_{name}"], before[f"ehub_{name}"])
            self.assertEqual(there["ehub_failed_reason"], second.outcome)
            self.assertEqual(second.outcome, code)
            self.assertIsNone(ledger.state(second.case))
            self.assertEqual(ledger.state(first.case), "synced")
        actions.open(self.fresh(first), by=self.guest(first))
        self.types(first)
        actions.submit(self.fresh(first), by=self.guest(first), terms=1)
        self.signs_by_link(first)
        self.carries()
        self.assertTrue(tasks.compared(number=first.case.number))
        self.carries()
        there = self.there()
        self.assertEqual(there["ehub_request_status"], "Completed")
        self.assertFalse(there["ehub_failed_reason"])
        self.assertEqual(ledger.state(first.case), "synced")

    def test_a_start_empties_why_the_one_before_was_refused(self):
        self.they_write(ehub_pressed_at=PRESSED, ehub_pressed_by="somebody.else")
        refused = self.presses()
        self.carries()
        self.assertEqual(self.there()["ehub_failed_reason"], "unknown_caller")
        self.they_write(ehub_pressed_at=PRESSED, ehub_pressed_by="kim.desk")
        begun = self.presses()
        self.carries()
        there = self.there()
        self.assertEqual(there["ehub_request_id"], begun.case.number)
        self.assertFalse(there["ehub_failed_reason"])
        self.assertEqual(refused.case.links.get().frozen, "ours")

    def test_switched_off_or_not_verified_nothing_is_sent_nor_read(self):
        for off, code in (
            ({"is_on": False}, "integration_inactive"),
            ({"is_on": True, "verified_at": None}, "integration_unverified"),
        ):
            System.objects.filter(pk=self.system.pk).update(**off)
            inquiry = self.presses()
            self.assertEqual((inquiry.state, inquiry.outcome), ("refused", code))
        self.assertFalse(Letter.objects.filter(carrier="sms").exists())
        System.objects.filter(pk=self.system.pk).update(verified_at=clock.now())
        self.carries()
        self.assertEqual(self.there()["ehub_request_status"], "Refused")

    def test_a_record_that_is_not_there(self):
        inquiry = self.presses("999999")
        self.assertEqual((inquiry.state, inquiry.outcome), ("refused", "case_not_found"))

    def test_the_whole_story_ends_the_same_in_both_systems(self):
        inquiry = self.presses()
        actions.open(inquiry, by=self.guest(inquiry))
        self.types(inquiry)
        actions.submit(self.fresh(inquiry), by=self.guest(inquiry), terms=1)
        self.signs_by_link(inquiry)
        self.carries()
        there = self.there()
        self.assertEqual(there["ehub_request_status"], "Signed")
        self.assertEqual(there["ehub_repair_number"], self.fresh(inquiry).repair.number)
        self.assertEqual(there["customer_city"], "Sundsvall")
        self.assertTrue(tasks.compared(number=inquiry.case.number))
        self.assertEqual(self.fresh(inquiry).state, "completed")
        self.carries()
        self.assertEqual(self.there()["ehub_request_status"], "Completed")
        self.assertTrue(ledger.is_verified(self.fresh(inquiry).repair))
        self.assertFalse(tasks.compared(number=inquiry.case.number))

    def test_the_histories_tell_of_the_ledger_in_words(self):
        inquiry = self.presses()
        actions.open(inquiry, by=self.guest(inquiry))
        self.types(inquiry)
        actions.submit(self.fresh(inquiry), by=self.guest(inquiry), terms=1)
        self.signs_by_link(inquiry)
        self.carries()
        self.client.force_login(self.kim)
        repair = self.fresh(inquiry).repair.number
        for path in (f"/inquiries/{inquiry.case.number}/", f"/repairs/{repair}/"):
            page = self.client.get(path, headers={"Accept-Language": "en"})
            self.assertContains(page, "Written and checked in both systems")
            self.assertNotContains(page, "inquiry.")
            self.assertNotContains(page, "repair.linked")
            self.assertNotContains(page, "repair.to_mirror")

    def test_failure_is_written_once(self):
        inquiry = self.fares(self.fares(self.presses(), "failed"), "failed")
        self.carries()
        there = self.there()
        self.assertEqual(there["ehub_request_status"], "Failed")
        self.assertEqual(there["ehub_failed_reason"], "undeliverable")
        before = self.writes()
        self.carries()
        self.assertEqual(self.writes(), before)
        self.assertEqual(inquiry.case.events.filter(verb="inquiry.undelivered").count(), 1)

    def writes(self) -> int:
        rows = sandbox().ask("journal", part="agiloft")["items"]
        return len([r for r in rows if r["way"] == "in" and r["detail"].get("op") == "update"])

    def test_restarted_the_new_request_speaks_for_the_record(self):
        inquiry = self.presses()
        actions.withdraw(inquiry, by=self.staff, note="Wrong number.")
        self.carries()
        begun = actions.restart(self.fresh(inquiry), by=self.staff, mobile="0701740691")
        self.carries()
        there = self.there()
        self.assertEqual(there["ehub_request_id"], begun.case.number)
        self.assertEqual(there["ehub_request_status"], "Sent")

    def test_a_corrected_number_is_written_back(self):
        inquiry = self.presses()
        actions.correct(inquiry, by=self.staff, mobile="0701740691")
        self.carries()
        self.assertEqual(self.there()["customer_mobile"].replace(" ", "")[-7:], "1740691")


class HookTest(Linked):
    def knock(self, **changed):
        fields = {"ehub_pressed_at": "2026-05-02T15:00:00"}
        body = {
            "state_key": self.system.state_key,
            "table_name": "case",
            "record_id": NUMBER,
            "entry_fields": fields,
            **changed,
        }
        path = f"/hooks/agiloft/{self.system.secret('hook')}/"
        headers = {"Verification-Code": CODE}
        return self.client.post(path, json.dumps(body), "application/json", headers=headers)

    def test_the_handshake(self):
        path = f"/hooks/agiloft/{self.system.secret('hook')}/"
        answer = self.client.get(path, headers={"Verification-Code": CODE})
        self.assertEqual(answer["Verification-Code"], CODE)

    def take(self, stamp=""):
        return presses.take(System.objects.get(pk=self.system.pk), NUMBER, stamp)

    def test_a_record_that_is_merely_saved_asks_for_nothing(self):
        self.they_write(ehub_pressed_at="", ehub_pressed_by="")
        self.assertIsNone(self.take("of the whole body"))
        self.assertFalse(Inquiry.objects.exists() or Notice.objects.exists())
        self.carries()
        self.assertFalse(self.there().get("ehub_request_status"))

    def test_an_old_press_is_heard_once_whatever_is_saved_after_it(self):
        self.knock()
        self.assertIsNotNone(self.take(webhooks.stamped(PRESSED)))
        self.assertIsNone(self.take("of a body that tells of no press"))
        self.assertEqual(Inquiry.objects.count(), 1)

    def test_a_press_is_echoed_and_queued_once(self):
        self.assertEqual(self.knock()["Verification-Code"], CODE)
        self.assertEqual(self.knock().status_code, 200)

    def test_an_unknown_secret_or_key_reads_nothing(self):
        self.assertEqual(self.knock(state_key="wrong").status_code, 403)
        self.assertEqual(self.client.post("/hooks/agiloft/xxxx/").status_code, 404)
        self.assertFalse(Inquiry.objects.exists())


class ProgramTest(Linked):
    def test_a_program_starts_one_once(self):
        body = {"mobile": "0701740690", "source": {"system": self.system.pk, "record": NUMBER}}
        key = {"Idempotency-Key": "press-1"}
        first = self.as_api(self.kim, "post", "inquiries", body, **key)
        self.assertEqual(first.status_code, 201, first.content)
        again = self.as_api(self.kim, "post", "inquiries", body, **key)
        self.assertEqual(again.json()["number"], first.json()["number"])
        self.assertEqual(Inquiry.objects.count(), 1)
        other = self.as_api(self.kim, "post", "inquiries", body)
        self.assertEqual(
            (other.status_code, other.json()["reasons"][0]["code"]), (409, "request_open")
        )

    def test_a_record_that_is_not_there_is_refused_before_anything_is_sent(self):
        body = {"mobile": "0701740690", "source": {"system": self.system.pk, "record": "999999"}}
        for more in ({}, {"Idempotency-Key": "press-2"}):
            answer = self.as_api(self.kim, "post", "inquiries", body, **more)
            self.assertEqual(answer.status_code, 409, answer.content)
            self.assertEqual(answer.json()["reasons"][0]["code"], "case_not_found")
        self.assertFalse(Inquiry.objects.exists())
        self.assertFalse(Letter.objects.filter(carrier="sms").exists())

    def test_a_system_that_cannot_be_asked_hinders_no_request(self):
        sandbox().tell("agiloft/down", seconds=60)
        body = {"mobile": "0701740690", "source": {"system": self.system.pk, "record": NUMBER}}
        answer = self.as_api(self.kim, "post", "inquiries", body)
        self.assertEqual(answer.status_code, 201, answer.content)

    def test_what_could_not_be_written_is_a_fault_on_the_page_of_the_request(self):
        sandbox().tell("faults", part="agiloft", fault="refuse", times=9, on="update")
        inquiry = self.presses()
        self.carries()
        self.assertEqual(ledger.state(inquiry.case), "dead")
        self.client.force_login(self.kim)
        page = self.client.get(f"/inquiries/{inquiry.case.number}/")
        self.assertContains(page, "could not be written in Agiloft")
        self.assertContains(page, reverse("sync:ledger", args=[inquiry.case.number]))

    def test_a_link_of_somebody_else_is_none(self):
        body = {"mobile": "0701740690", "source": {"system": 999, "record": NUMBER}}
        answer = self.as_api(self.kim, "post", "inquiries", body)
        self.assertEqual(answer.json()["reasons"][0]["code"], "no_such_system")

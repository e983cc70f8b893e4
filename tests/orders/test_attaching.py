"""Files in an order: placed by its deeds, pinned when it is sent, signed and copied with it."""

import uuid

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ombud.cases.models import Document
from ombud.lib.errors import Misshapen, Refused
from ombud.orders import actions
from ombud.signing import ceremony
from tests.cast import GIVEN, TogetherTest, together
from tests.desk import papers
from tests.desk.papers import pdf
from tests.filing import PLAN, Filing, FilingTest
from tests.outside import sandbox


def a_plan():
    return papers.upload(PLAN, pdf())


class PlacingTest(FilingTest):
    def save(self, order, *keys, by=None):
        by = self.actor(by or self.kari)
        return actions.save(order, by=by, attachments=[str(key) for key in keys])

    def test_a_draft_takes_files_and_says_so_in_its_history(self):
        row = self.a_file()
        draft = self.a_draft(attachments=[str(row.key)])
        self.assertEqual(self.names(draft), [PLAN])
        begun = draft.case.events.get(verb="order.begun")
        self.assertEqual(begun.circle, "customer")
        self.assertEqual(begun.data["attached"], {str(row.key): row.sha256})
        self.assertEqual(begun.words.body, {"names": {str(row.key): PLAN}})

    def test_what_is_not_given_stays_and_an_empty_list_takes_all_out(self):
        draft = self.a_draft_with()
        actions.save(draft, by=self.actor(self.kari), source="vardflode")
        self.assertEqual(self.names(draft), [PLAN])
        self.save(draft)
        self.assertEqual(self.names(draft), [])
        saved = draft.case.events.last()
        self.assertEqual((saved.data["changed"], len(saved.data["removed"])), (["attachments"], 1))

    def test_a_removed_file_is_put_back_by_any_orderer(self):
        draft = self.a_draft_with()
        row = draft.attached[0]
        self.save(draft)
        siri = self.person("siri", self.customer, "orderer")
        self.save(draft, row.key, by=siri)
        self.assertEqual(self.names(draft), [PLAN])

    def test_nobody_attaches_what_is_not_theirs(self):
        siri = self.person("siri", self.customer, "orderer")
        other = self.a_draft_with("Annat.pdf")
        draft = self.a_draft()
        theirs = [self.a_file(siri), self.a_file(self.ola), *other.attached]
        for key in (uuid.uuid4(), *(row.key for row in theirs)):
            with self.assertRaises(Misshapen) as told:
                self.save(draft, key)
            self.assertEqual(told.exception.errors[0]["field"], "attachments")
        self.assertEqual((self.names(draft), self.names(other)), ([], ["Annat.pdf"]))

    def test_wrong_person_and_wrong_time(self):
        draft, row = self.a_draft(), self.a_file(self.liv)
        with self.assertRaises(Refused) as told:
            self.save(draft, row.key, by=self.liv)
        self.assertEqual(told.exception.status, 403)
        order = self.again(actions.send(draft, by=self.actor(self.kari), accept_terms=True))
        with self.assertRaises(Refused) as told:
            self.save(order, self.a_file().key)
        self.assertEqual(told.exception.status, 409)

    def test_sending_writes_down_what_was_ordered_with(self):
        draft = self.a_draft_with()
        order = self.again(actions.send(draft, by=self.actor(self.kari), accept_terms=True))
        self.assertEqual(
            order.case.events.get(verb="order.sent").data["attachments"],
            [order.attached[0].sha256],
        )

    def test_a_copy_has_the_files_too_and_may_lose_them(self):
        draft = self.a_draft_with()
        order = self.again(actions.send(draft, by=self.actor(self.kari), accept_terms=True))
        sandbox()
        self.does(self.ola, order, "reject", note="The units are not right.")
        copied = actions.copy(self.again(order), by=self.actor(self.kari))
        [first], [second] = self.again(order).attached, self.again(copied).attached
        self.assertNotEqual(first.key, second.key)
        self.assertEqual((first.content, first.sha256), (second.content, second.sha256))
        begun = copied.case.events.get(verb="order.begun")
        self.assertEqual(begun.data["attached"], {str(second.key): second.sha256})
        self.save(self.again(copied))
        self.assertEqual((self.names(order), self.names(copied)), ([PLAN], []))


class SignedTest(FilingTest):
    def an_order(self):
        draft = self.a_draft_with(PLAN, "Skiss.pdf")
        return self.again(actions.send(draft, by=self.actor(self.kari), accept_terms=True))

    def test_the_text_counts_them_and_the_facts_hold_their_fingerprints(self):
        sandbox()
        order = self.an_order()
        signature = self.begins(self.ola, order, "approve", attestant="eva", **GIVEN)
        self.assertIn("Attachments: 2", signature.document)
        row = order.attached[0]
        for fact in (PLAN, row.sha256, f'"size":{row.size}'):
            self.assertIn(fact, signature.snapshot)
        self.assertIn(row.sha256, signature.claims)

    def test_an_order_without_files_says_nothing_of_them(self):
        sandbox()
        signature = self.begins(self.ola, self.a_sent_order(), "approve", attestant="eva", **GIVEN)
        self.assertNotIn("Attachments", signature.document)

    def test_a_changed_file_makes_a_signature_stale(self):
        sandbox()
        order = self.an_order()
        signature = self.begins(self.ola, order, "approve", attestant="eva", **GIVEN)
        Document.objects.filter(pk=order.attached[0].pk).update(sha256="0" * 64)
        self.signs(signature)
        signature = ceremony.collect(signature)
        self.assertEqual((signature.status, signature.hint), ("failed", "stale"))


class AtOnceTest(Filing, TogetherTest):
    def test_one_file_is_placed_in_one_of_two_orders(self):
        drafts, row, kari = [self.a_draft(), self.a_draft()], self.a_file(), self.actor(self.kari)
        ends = together(
            *(
                lambda draft=draft: actions.save(draft, by=kari, attachments=[str(row.key)])
                for draft in drafts
            )
        )
        self.assertEqual(sum(isinstance(end, Misshapen) for end in ends), 1, ends)
        self.assertEqual(sorted(map(self.names, drafts)), [[], [PLAN]])


class PagesTest(FilingTest):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.kari)

    def upload(self, draft, *files, **typed):
        filled = {
            "answers.purpose": "Care of many",
            "contact.name": "Kari Test",
            "contact.email": "kari@example.org",
            "billing.reference": "8765",
            "units": [unit["hsa_id"] for unit in draft.units],
        }
        path = f"/orders/{draft.case.number}/details/"
        body = {**filled, "do": "files", **typed, "attachments": files}
        return self.client.post(path, body, follow=True)

    def words(self, answer):
        self.assertEqual(answer.status_code, 200)
        return answer.content.decode()

    def test_the_limits_are_told_before_a_file_is_chosen(self):
        draft = self.a_draft()
        page = self.words(self.client.get(f"/orders/{draft.case.number}/details/"))
        self.assertIn("PDF, JPG or PNG, at most 10\u00a0MB each.", page)
        self.assertIn('accept=".pdf,.jpg,.jpeg,.png"', page)
        self.assertIn("Shown to The agent and customer service once the order is sent.", page)

    def test_several_at_once_and_a_refused_one_keeps_no_other_out(self):
        draft = self.a_draft()
        named = {PLAN: pdf(), "virus.exe": b"MZ", "Ritning.pdf": pdf(b"/A 1")}
        sent = [papers.upload(name, content) for name, content in named.items()]
        page = self.words(self.upload(draft, *sent, **{"contact.name": "Åsa Öberg"}))
        self.assertEqual(self.names(draft), [PLAN, "Ritning.pdf"])
        self.assertIn("virus.exe: Only PDF, JPG and PNG are taken.", page)
        self.assertIn("<title>Error: Details", page)
        for words in (PLAN, "PDF, 1", "Åsa Öberg"):
            self.assertIn(words, page)

    def test_a_file_stays_when_something_else_on_the_page_is_wrong(self):
        draft = self.a_draft()
        page = self.words(self.upload(draft, a_plan(), **{"contact.name": "x" * 300}))
        self.assertIn("Write at most 200 characters.", page)
        self.assertIn("x" * 300, page)
        self.assertEqual(self.names(draft), [PLAN])

    def test_the_same_form_sent_twice_attaches_once(self):
        draft = self.a_draft()
        for _turn in range(2):
            self.upload(draft, a_plan())
        self.assertEqual(self.names(draft), [PLAN])

    def test_a_file_is_removed_and_put_back_and_nothing_typed_is_lost(self):
        draft = self.a_draft_with()
        key = str(draft.attached[0].key)
        page = self.words(self.upload(draft, remove=key, **{"contact.name": "Åsa Öberg"}))
        self.assertIn(f"{PLAN} is removed.", page)
        self.assertIn(f'name="restore" value="{key}"', page)
        self.assertIn("Åsa Öberg", page)
        self.assertEqual(self.names(draft), [])
        self.assertEqual(self.client.get(f"/documents/{key}/").status_code, 404)
        self.words(self.upload(draft, restore=key))
        self.assertEqual(self.names(draft), [PLAN])

    def test_going_on_attaches_what_was_chosen(self):
        draft = self.a_draft()
        answer = self.upload(draft, a_plan(), do="next")
        self.assertEqual(answer.request["PATH_INFO"], f"/orders/{draft.case.number}/price/")
        page = self.words(self.client.get(f"/orders/{draft.case.number}/check/"))
        self.assertIn(PLAN, page)

    def test_only_an_orderer_attaches_and_only_to_a_draft(self):
        draft = self.a_draft()
        for person, status in ((self.liv, 403), (self.ola, 404), (self.per, 404)):
            self.client.force_login(person)
            self.assertEqual(self.upload(draft, a_plan()).status_code, status)
        self.client.force_login(self.kari)
        actions.send(draft, by=self.actor(self.kari), accept_terms=True)
        self.assertIn("The order is sent", self.words(self.upload(draft, a_plan())))
        self.assertEqual(self.names(draft), [])

    def test_the_order_shows_its_files_to_all_parties_on_every_page(self):
        draft = self.a_draft_with()
        order = self.again(actions.send(draft, by=self.actor(self.kari), accept_terms=True))
        file = f"/documents/{order.attached[0].key}/"
        for person in (self.kari, self.liv, self.ola, self.kim):
            self.client.force_login(person)
            for page in ("", "whole/"):
                shown = self.words(self.client.get(f"/orders/{order.case.number}/{page}"))
                self.assertIn(PLAN, shown)
                self.assertIn(file, shown)
            self.assertEqual(b"".join(self.client.get(file).streaming_content), pdf())
        self.client.force_login(self.ola)
        self.assertIn(PLAN, self.words(self.client.get(f"/orders/{order.case.number}/review/")))
        self.client.force_login(self.per)
        self.assertEqual(self.client.get(file).status_code, 404)

    def test_a_drafts_file_is_the_customers_alone(self):
        draft = self.a_draft_with()
        file = f"/documents/{draft.attached[0].key}/"
        for person, status in ((self.liv, 200), (self.ola, 404), (self.kim, 404), (self.per, 404)):
            self.client.force_login(person)
            self.assertEqual(self.client.get(file).status_code, status)

    def test_a_file_is_looked_at_but_never_run(self):
        file = f"/documents/{self.a_draft_with().attached[0].key}/"
        headers = self.client.get(file).headers
        self.assertEqual(headers["Content-Disposition"].partition(";")[0], "inline")
        self.assertIn("%C3%B6", headers["Content-Disposition"])
        self.assertIn("sandbox", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")

    def test_a_full_order_takes_no_more(self):
        draft = self.a_draft_with(*(f"Bilaga {n}.pdf" for n in range(20)))
        page = self.words(self.upload(draft, papers.upload("Bilaga 21.pdf", pdf())))
        self.assertIn("Bilaga 21.pdf: An order has at most 20 files.", page)
        self.assertIn("The order has 20 files, and can have no more.", page)
        self.assertEqual(len(self.names(draft)), 20)

    def test_more_than_anybody_needs_is_refused_by_its_length(self):
        path = f"/orders/{self.a_draft().case.number}/details/"
        kind, length = "multipart/form-data; boundary=x", str(10 * 1024**3)
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.kari)
        told = client.generic("POST", path, b"--x", kind, CONTENT_LENGTH=length)
        self.assertEqual(told.status_code, 400)
        self.assertIn("Nothing has been changed.", told.content.decode())

    def test_files_cost_a_page_no_statement(self):
        orders = [self.a_draft(), self.a_draft_with(*(f"Bilaga {n}.pdf" for n in range(10)))]
        for page in ("", "whole/", "details/", "check/"):
            asked = []
            for order in orders:
                with CaptureQueriesContext(connection) as seen:
                    self.client.get(f"/orders/{order.case.number}/{page}")
                asked.append(len(seen))
            self.assertEqual(asked[0], asked[1], page)

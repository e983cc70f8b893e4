"""Deciding in the browser: the words, the app or the code, the receipt; and each way to fail."""

import re

from ombud.lib import clock, money
from ombud.orders.catalogue import Policy
from ombud.people.models import Person
from ombud.post.models import Letter
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests.cast import BILLING, GIVEN, CastTest
from tests.catalogue import AGENT_MARK, CUSTOMER_MARK
from tests.outside import sandbox


class SigningTest(CastTest):
    def opens(self, person, path, status=200):
        self.client.force_login(person)
        answer = self.client.get(path, follow=True)
        self.assertEqual(answer.status_code, status, answer.content.decode()[-2000:])
        return answer

    def words(self, answer):
        return answer.content.decode()

    def path(self, order, page):
        return f"/orders/{order.case.number}/{page}/"

    def fields(self, page):
        """The hidden fields of the page's form, as the browser sends them back."""
        names = "key|shown|shown_with|deed"
        return dict(re.findall(rf'name="({names})" value="([^"]*)"', page))

    def decides(self, person, order, page, **typed):
        """Open the page, fill it in, press; where that leads."""
        sandbox().tell("reset")
        shown = self.words(self.opens(person, self.path(order, page)))
        typed = {**self.fields(shown), "way": "other", **typed}
        return self.client.post(self.path(order, page), typed, follow=True)

    def signature(self, person) -> Signature:
        return Signature.objects.filter(person=person).latest("begun_at")

    def signs_as(self, person, signature):
        token = signature.challenge.auto_start_token
        sandbox().sign(person.personal_number, token)

    def later(self, signature, page=""):
        """The page once BankID may be asked anew, which is each two seconds."""
        with self.after(seconds=3):
            return self.words(self.client.get(self.address(signature, page)))

    def types(self, signature, code):
        """The code as it is typed on the page; what the page says then."""
        address = self.address(signature, "code/")
        return self.words(self.client.post(address, {"code": code}, follow=True))

    def address(self, signature, page=""):
        return f"/signings/{signature.pk}/{page}"


REVIEWED = {
    "attestant": "eva",
    "certify": "on",
    "accept_terms": "on",
    "billing.reference": "8123",
}


class ReviewTest(SigningTest):
    def test_a_review_is_signed_and_ends_on_a_receipt(self):
        order = self.a_sent_order()
        page = self.words(self.opens(self.ola, self.path(order, "review")))
        self.assertIn("You decide for The agent as Agent handler.", page)
        self.assertIn(f"I approve order {order.case.number}.", page)
        self.assertIn(money.text(AGENT_MARK), page)
        self.assertNotIn(money.text(CUSTOMER_MARK), page)
        self.assertNotIn('name="certify" value="on" checked', page)
        self.assertIn("Ada Test", page)
        self.assertIn("Lacks the role Attestant.", page)
        answer = self.decides(self.ola, order, "review", **REVIEWED)
        signature = self.signature(self.ola)
        self.assertEqual(answer.request["PATH_INFO"], self.address(signature))
        page = self.words(answer)
        self.assertIn("Open the BankID app.", page)
        self.assertIn("<svg", page)
        self.assertIn(signature.document.splitlines()[0], page)
        self.signs(signature)
        live = self.later(signature, "status/")
        self.assertIn(f'data-next="{self.address(signature)}"', live)
        page = self.words(self.client.get(self.address(signature)))
        self.assertIn("You approved the order", page)
        self.assertIn("Approved with BankID", page)
        self.assertIn("Waits for The agent: Eva Test is to attest the order.", page)
        self.assertEqual(self.words(self.client.get(self.address(signature))).count("<h1"), 1)
        back = self.opens(self.ola, self.path(order, "review"))
        self.assertEqual(back.request["PATH_INFO"], self.address(signature))
        self.assertEqual(self.again(order).state, "agent_attest")

    def test_what_is_missing_is_told_before_the_signing_and_what_was_typed_is_kept(self):
        order = self.a_sent_order()
        answer = self.decides(
            self.ola, order, "review", **{"billing.reference": "8999", "note": "All seen."}
        )
        page = self.words(answer)
        self.assertIn("<title>Error: Review order", page)
        self.assertIn("Tick that you certify this.", page)
        self.assertIn("Accept the terms.", page)
        self.assertIn('value="8999"', page)
        self.assertIn("All seen.", page)
        self.assertFalse(Signature.objects.exists())

    def test_a_cancelled_signing_keeps_what_was_typed_and_decides_nothing(self):
        order = self.a_sent_order()
        self.decides(self.ola, order, "review", **{**REVIEWED, "billing.reference": "8777"})
        signature = self.signature(self.ola)
        answer = self.client.post(self.address(signature, "cancel/"), follow=True)
        page = self.words(answer)
        self.assertEqual(answer.request["PATH_INFO"], self.path(order, "review"))
        self.assertIn("You cancelled. Nothing is decided.", page)
        self.assertIn('value="8777"', page)
        self.assertIn('name="certify" value="on" required', page)
        self.assertEqual(self.again(order).state, "agent_review")

    def test_a_double_press_begins_one_signing(self):
        sandbox()
        order = self.a_sent_order()
        shown = self.words(self.opens(self.ola, self.path(order, "review")))
        typed = {**self.fields(shown), **REVIEWED, "way": "other"}
        first = self.client.post(self.path(order, "review"), typed)
        second = self.client.post(self.path(order, "review"), typed)
        self.assertEqual(first["Location"], second["Location"])
        self.assertEqual(Signature.objects.count(), 1)

    def test_only_a_handler_of_the_service_reviews(self):
        order = self.a_sent_order()
        self.opens(self.kari, self.path(order, "review"), 403)
        self.opens(self.ada, self.path(order, "review"), 403)
        self.opens(self.per, self.path(order, "review"), 404)
        self.opens(self.liv, self.path(order, "attest"), 409)

    def test_a_rejection_says_why(self):
        order = self.a_sent_order()
        page = self.words(self.opens(self.ola, self.path(order, "reject")))
        readers = "The customer, The agent, The operator"
        self.assertIn(f"Everybody who sees the order reads the reason: at {readers}.", page)
        self.assertIn("Told at once: Kari Test at The customer.", page)
        self.assertIn(f"Read at {readers}.", page)
        self.assertRegex(page, r"Common reasons\s*<span class=\"optional\">")
        self.assertRegex(page, r"Why do you reject the order\?\s*</label>")
        page = self.words(self.decides(self.ola, order, "reject", note="Short"))
        self.assertIn("Say why in at least 10 characters.", page)
        self.assertIn("Short", page)
        self.decides(self.ola, order, "reject", common="The care units are not right.", note="Two.")
        signature = self.signature(self.ola)
        self.assertIn("Why: The care units are not right. Two.", signature.document)
        self.signs(signature)
        page = self.later(signature)
        self.assertIn("You rejected the order", page)
        self.assertIn("Rejected with BankID", page)
        self.assertEqual(self.again(order).state, "rejected_by_agent")

    def test_somebody_was_faster(self):
        order = self.a_sent_order()
        other = self.person("olle", self.agent, "agent_handler", "service:npo")
        shown = self.words(self.opens(other, self.path(order, "review")))
        self.does(
            self.ola,
            order,
            "approve",
            attestant="eva",
            certify=True,
            accept_terms=True,
            billing=BILLING,
        )
        typed = {**self.fields(shown), **REVIEWED, "way": "other", "note": "I had written this."}
        answer = self.client.post(self.path(order, "review"), typed, follow=True)
        self.assertEqual(answer.status_code, 409)
        page = self.words(answer)
        self.assertRegex(page, r"Already handled by Ola Test \d\d\.\d\d\.")
        self.assertIn("I had written this.", page)

    def test_somebody_was_faster_while_the_phone_was_out(self):
        order = self.a_sent_order()
        other = self.person("olle", self.agent, "agent_handler", "service:npo")
        why = "The units are not those of this customer."
        signature = self.begins(other, order, "reject", note=why)
        self.does(self.ola, order, "approve", attestant="eva", **GIVEN)
        self.signs(signature)
        ceremony.collect(signature)
        page = self.words(self.opens(other, f"/signings/{signature.pk}/"))
        self.assertRegex(page, r"Already handled by Ola Test \d\d\.\d\d\.")
        self.assertIn(why, page)


class AttestTest(SigningTest):
    def test_an_attest_by_code_never_speaks_of_signatures(self):
        order = self.an_order_at_its_last_attest()
        page = self.words(self.opens(self.liv, self.path(order, "attest")))
        self.assertIn("Weaker than BankID", page)
        self.assertIn("I certify that the details are checked", page)
        self.assertNotIn(money.text(AGENT_MARK), page)
        page = self.words(self.decides(self.liv, order, "attest", way="sms"))
        signature = self.signature(self.liv)
        self.assertIn("Six digits, sent to •••", page)
        self.assertIn("3 tries left", page)
        main = page[page.index("<main") : page.index("</main>")]
        self.assertNotRegex(re.sub(r"<[^>]*>", " ", main).lower(), r"\bsign(ature|ed|ing)?\b")
        self.assertNotIn("you are about to sign", page)
        page = self.types(signature, "12")
        self.assertIn("Write the six digits of the code.", page)
        self.assertIn("3 tries left", page)
        wrong = "000000" if self.code() != "000000" else "111111"
        page = self.types(signature, wrong)
        self.assertIn("2 tries left", page)
        self.assertIn("<title>Error:", page)
        page = self.words(self.client.post(self.address(signature, "new-code/"), follow=True))
        self.assertIn("You may ask for a new one in", page)
        spaced = f"{self.code()[:3]} {self.code()[3:]}"
        page = self.types(signature, spaced)
        self.assertIn("Confirmed by SMS code", page)
        self.assertIn("You approved the order", page)
        self.assertEqual(self.again(order).state, "case_open")
        self.assertEqual(Person.objects.get(pk=self.liv.pk).method, "sms")

    def code(self):
        """The code as the phone gets it: the letter lies sealed until it is carried."""
        words = Letter.objects.filter(carrier="sms").latest("pk").words
        return re.search(r"#(\d{6})", words)[1]

    def test_three_wrong_codes_end_it(self):
        order = self.a_sent_order("npo-direct")
        self.decides(self.liv, order, "attest", way="sms")
        signature = self.signature(self.liv)
        wrong = "000000" if self.code() != "000000" else "111111"
        for _turn in range(3):
            page = self.types(signature, wrong)
        self.assertIn("Nothing is decided", page)
        self.assertIn("Wrong code too many times. Ask for a new code.", page)
        again = self.client.post(self.address(signature, "again/"), follow=True)
        self.assertIn("A code was just sent.", self.words(again))
        with self.after(seconds=61):
            again = self.client.post(self.address(signature, "again/"), follow=True)
        self.assertIn("3 tries left", self.words(again))
        self.assertEqual(self.again(order).state, "customer_attest")

    def test_who_ordered_attests_only_by_bankid(self):
        self.grant(self.kari, self.customer, "attestant")
        order = self.a_sent_order("npo-direct")
        page = self.words(self.opens(self.kari, self.path(order, "attest")))
        self.assertNotIn('value="sms"', page)
        self.assertIn("attests it only by BankID", page)

    def test_four_eyes_refuse_who_ordered(self):
        self.grant(self.kari, self.customer, "attestant")
        Policy.objects.add(self.customer, "order", {"four_eyes": True})
        order = self.a_sent_order("npo-direct")
        page = self.words(self.opens(self.kari, self.path(order, "attest"), 403))
        self.assertIn("demands four eyes", page)

    def test_the_wrong_person_in_the_app_decides_nothing(self):
        order = self.a_sent_order("npo-direct")
        self.decides(self.liv, order, "attest")
        signature = self.signature(self.liv)
        Signature.objects.filter(pk=signature.pk).update(status="failed", hint="wrong_person")
        page = self.words(self.client.get(self.address(signature)))
        self.assertIn("You signed as somebody other than who is logged in.", page)
        self.assertIn("Nothing is decided", page)

    def test_changed_in_between_shows_what_changed(self):
        order = self.a_sent_order("npo-direct")
        self.decides(self.liv, order, "attest")
        signature = self.signature(self.liv)
        moved = self.again(order)
        moved.units = moved.units[:1]
        moved.save(update_fields=["units"])
        self.signs(signature)
        page = self.later(signature)
        self.assertIn("The order changed while you were signing.", page)
        page = self.words(self.opens(self.liv, self.path(order, "attest")))
        self.assertIn("Changed since", page)
        self.assertIn("Care units: 2", page)
        self.assertIn("Care units: 1", page)
        self.assertEqual(self.again(order).state, "customer_attest")

    def test_changed_before_the_press_is_read_again(self):
        order = self.a_sent_order("npo-direct")
        answer = self.decides(self.liv, order, "attest", shown="other words")
        self.assertIn("The order has changed since this page was shown.", self.words(answer))
        self.assertFalse(Signature.objects.filter(person=self.liv).exists())

    def test_the_app_cancels(self):
        order = self.a_sent_order("npo-direct")
        self.decides(self.liv, order, "attest")
        signature = self.signature(self.liv)
        number = self.liv.personal_number
        sandbox().tell(
            "bankid/open", auto_start_token=signature.challenge.auto_start_token, person=number
        )
        sandbox().tell("bankid/cancel", person=number)
        page = self.later(signature)
        self.assertIn("You cancelled.", page)
        self.assertIn("Try again", page)
        answer = self.client.post(self.address(signature, "again/"), follow=True)
        self.assertIn("<svg", self.words(answer))

    def test_a_code_nobody_scanned_is_replaced(self):
        order = self.a_sent_order("npo-direct")
        self.decides(self.liv, order, "attest")
        signature = self.signature(self.liv)
        sandbox().tell("reset")
        signature.challenge.__class__.objects.filter(pk=signature.challenge_id).update(
            status="failed", hint="not_started", provider_hint="startFailed", ended_at=clock.now()
        )
        ceremony.collect(self.signature(self.liv))
        page = self.words(self.client.get(self.address(signature)))
        self.assertIn("Show a new QR code", page)
        page = self.words(self.client.post(self.address(signature, "renew/"), follow=True))
        self.assertIn("Open the BankID app.", page)

    def test_on_this_device_the_app_is_opened_by_a_link(self):
        order = self.a_sent_order("npo-direct")
        page = self.words(self.decides(self.liv, order, "attest", way="here"))
        signature = self.signature(self.liv)
        self.assertIn(f"autostarttoken={signature.challenge.auto_start_token}", page)
        self.client.logout()
        back = self.address(signature, "back/?nonce=x")
        answer = self.client.get(back, headers={"Accept-Language": "en"})
        self.assertIn("Go back to the window where you began", self.words(answer))
        self.client.force_login(self.liv)
        answer = self.client.get(self.address(signature, "back/?nonce=x"))
        self.assertRedirects(answer, self.address(signature), fetch_redirect_response=False)

    def test_a_signing_is_its_signers_own(self):
        order = self.a_sent_order("npo-direct")
        self.decides(self.liv, order, "attest")
        signature = self.signature(self.liv)
        for page in ("", "status/", "qr/"):
            self.opens(self.kari, self.address(signature, page), 404)
        self.client.force_login(self.kari)
        for page in ("code/", "cancel/", "renew/", "again/", "new-code/"):
            self.assertEqual(self.client.post(self.address(signature, page)).status_code, 404)
        self.client.force_login(self.liv)
        self.assertEqual(self.client.get(self.address(signature, "qr/")).status_code, 410)

    def test_sent_back_within_the_agent(self):
        order = self.an_approved_order()
        self.opens(self.eva, self.path(order, "send-back"))
        answer = self.client.post(self.path(order, "send-back"), {"note": "no"}, follow=True)
        self.assertIn("Write at least 10 characters.", self.words(answer))
        typed = {"note": "The reference is wrong here.", "key": "s"}
        answer = self.client.post(self.path(order, "send-back"), typed, follow=True)
        self.assertIn("Sent back by Eva Test", self.words(answer))
        self.assertIn("The reference is wrong here.", self.words(answer))
        theirs = self.words(self.opens(self.kari, f"/orders/{order.case.number}/"))
        self.assertNotIn("Sent back", theirs)
        self.assertNotIn("The reference is wrong here.", theirs)
        self.assertEqual(self.again(order).state, "agent_review")

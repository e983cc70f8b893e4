"""The customer signs: card, repair, note and all that follows, in one transaction; exactly what was
shown, or not at all."""

from ombud.cases import sight, timeline
from ombud.cases.models import Due
from ombud.inquiries import actions, outside, papers, rules, saved
from ombud.lib import chain
from ombud.lib.errors import Misshapen, Refused
from ombud.people.models import Notice
from ombud.servicecases.models import Card, Repair
from ombud.signing import ceremony
from ombud.signing.actions import finish
from tests.inquiries.asking import CONTACT, SIGNER, AskingTest, codes
from tests.outside import sandbox


class SignTest(AskingTest):
    def test_the_customer_signs_and_card_and_repair_are_there(self):
        inquiry = self.signed()
        self.assertEqual(inquiry.state, "completed")
        card, repair = Card.objects.get(), Repair.objects.get()
        self.assertEqual((card.family, card.city, card.phone), ("Ek", "Sundsvall", "+46701740690"))
        self.assertEqual((repair.card, repair.case), (card, inquiry.repair))
        self.assertEqual((repair.fixed, repair.ceiling, repair.terms), (39500, 39500, "1"))
        self.assertEqual(repair.case.reference, "10482")
        event = repair.case.events.get(verb="repair.signed")
        self.assertEqual(event.data["evidence"], str(inquiry.signature_id))
        self.assertEqual(event.data["form"], papers.form_sha256(inquiry)[:12])
        self.assertIn("19550630-••••", event.words.body["name"])
        self.assertNotIn("195506302388", str(event.words.body))
        self.assertEqual(inquiry.card_how, "new")
        told = Notice.objects.filter(case_number=inquiry.case.number, words="signed")
        self.assertEqual([one.person for one in told], [self.kim])
        for case in (inquiry.case, repair.case):
            self.assertIsNone(timeline.verify_chain(case))
            self.assertTrue(sight.check(case))

    def test_what_is_signed_is_what_was_shown(self):
        inquiry = self.submitted()
        signature = self.begins_by_link(inquiry)
        for words in (
            "Storgatan 1",
            "123 45",
            "At most SEK 395".replace(" 395", "\u00a0395"),
            "I certify that the details are correct.",
            "I accept the costs above",
            "version 1",
        ):
            self.assertIn(words, signature.document)
        self.assertIn(chain.sha256(signature.document), signature.claims)
        self.assertIn(chain.sha256(signature.snapshot), signature.claims)

    def test_changed_after_it_was_shown_must_be_signed_again(self):
        inquiry = self.submitted()
        signature = self.begins_by_link(inquiry)
        by = self.guest(inquiry)
        saved.keep(self.fresh(inquiry), "matter", {"fault": "Something else"}, by=by)
        actions.submit(self.fresh(inquiry), by=by, terms=1)
        sandbox().sign("195506302388", signature.challenge.auto_start_token)
        signature = ceremony.collect(signature)
        self.assertEqual((signature.status, signature.hint), ("failed", "stale"))
        self.assertEqual(self.fresh(inquiry).state, "submitted")
        self.assertFalse(Repair.objects.exists())
        again = self.signs_by_link(inquiry)
        self.assertEqual(again.status, "complete", again.reasons)

    def test_cancelled_in_the_app_everything_is_still_there(self):
        inquiry = self.submitted()
        signature = self.begins_by_link(inquiry)
        token = signature.challenge.auto_start_token
        sandbox().tell("bankid/open", auto_start_token=token, person="195506302388")
        sandbox().tell("bankid/cancel", person="195506302388")
        self.assertEqual(ceremony.collect(signature).status, "failed")
        self.assertEqual(self.fresh(inquiry).state, "submitted")
        self.assertFalse(Card.objects.exists() or Repair.objects.exists())
        self.assertEqual(self.signs_by_link(inquiry).status, "complete")

    def test_finished_twice_it_is_done_once(self):
        inquiry = self.signed()
        finish(inquiry.signature)
        self.assertEqual((Card.objects.count(), Repair.objects.count()), (1, 1))
        verbs = inquiry.case.events.filter(verb="inquiry.signed_by_customer")
        self.assertEqual(verbs.count(), 1)

    def test_reminders_stop_and_the_link_is_closed(self):
        inquiry = self.signed()
        self.assertFalse(Due.objects.filter(case=inquiry.case, taken_at=None).exists())
        self.assertIsNotNone(inquiry.link.revoked_at)
        self.assertEqual(codes(rules.sign(self.guest(inquiry), inquiry)), ["answered"])

    def test_the_same_number_is_the_same_card(self):
        self.signed()
        second = self.fresh(self.starts(reference="2"))
        actions.open(second, by=self.guest(second))
        self.types(second, street="Nygatan 2")
        actions.submit(self.fresh(second), by=self.guest(second), terms=1)
        self.assertEqual(self.signs_by_link(second).status, "complete")
        self.assertEqual((Card.objects.count(), Repair.objects.count()), (1, 2))
        self.assertEqual(Card.objects.get().street, "Nygatan 2")
        self.assertEqual(self.fresh(second).card_how, "matched")

    def test_always_new_is_what_the_portal_may_choose(self):
        self.signed()
        self.sets("pace", opens="00:00", closes="23:59", cards="new")
        second = self.starts(reference="2")
        actions.open(second, by=self.guest(second))
        self.types(second)
        actions.submit(self.fresh(second), by=self.guest(second), terms=1)
        self.signs_by_link(second)
        self.assertEqual(Card.objects.count(), 2)
        self.assertEqual(self.fresh(second).card_how, "possible_duplicate")

    def test_another_family_name_is_flagged(self):
        self.assertTrue(self.signed(family="Somebody Else").signer_differs)

    def test_one_of_the_same_family_who_signs_is_flagged_and_gets_no_card_of_the_asked(self):
        self.signed()
        own = Card.objects.get()
        second = self.starts(reference="2", known={"given": "Per", "family": "Ek"})
        actions.open(second, by=self.guest(second))
        self.types(second, given="", family="")
        actions.submit(self.fresh(second), by=self.guest(second), terms=1)
        self.assertEqual(self.signs_by_link(second).status, "complete")
        second = self.fresh(second)
        card = Repair.objects.get(case=second.repair).card
        self.assertTrue(second.signer_differs)
        self.assertEqual((card.name, card.full_number), ("Per Ek", ""))
        self.assertNotEqual(card, own)
        self.client.force_login(self.kim)
        page = self.client.get(f"/repairs/{second.repair.number}/")
        self.assertContains(page, "signed under another name")

    def test_a_repair_says_thing_and_fault_once(self):
        inquiry = self.signed(fault="Dead since Monday")
        repair = Repair.objects.get(case=inquiry.repair)
        self.assertEqual(repair.fault, "Dead since Monday")
        self.assertEqual(repair.case.titles["en"], f"Repair: {repair.object}")
        told = [one["value"] for one in repair.answers]
        for name in ("object", "model", "fault"):
            self.assertNotIn(inquiry.answers["values"][name], told)
        self.client.force_login(self.kim)
        page = self.client.get(f"/repairs/{inquiry.repair.number}/")
        self.assertContains(page, "Dead since Monday", count=1)

    def test_which_given_names_are_taken_for_the_same(self):
        for asked, signed in (
            ("Anna", "Anna Maria"),
            ("Maria", "Anna-Maria"),
            ("A.", "Anna"),
            ("andré", "Andre"),
            ("Åke", "Ake"),
            ("Anna", ""),
        ):
            self.assertTrue(outside.shares(asked, signed), (asked, signed))
        for asked, signed in (("Per", "Anna"), ("Ann", "Anna"), ("P", "Anna")):
            self.assertFalse(outside.shares(asked, signed), (asked, signed))

    def test_somebody_elses_number_is_never_written_on_the_card_nor_looked_up(self):
        self.signed()
        own = Card.objects.get()
        self.assertEqual(own.full_number, SIGNER)
        second = self.starts(reference="2", known={"given": "Vera", "family": "Holm"})
        actions.open(second, by=self.guest(second))
        self.types(second, given="", family="", street="Nygatan 2", email="v@example.org")
        actions.submit(self.fresh(second), by=self.guest(second), terms=1)
        self.assertEqual(self.signs_by_link(second).status, "complete")
        second = self.fresh(second)
        card = Repair.objects.get(case=second.repair).card
        self.assertNotEqual(card, own)
        self.assertEqual((card.name, card.full_number, card.number_index), ("Vera Holm", "", ""))
        self.assertEqual(second.card_how, "possible_duplicate")
        self.client.force_login(self.kim)
        page = self.client.get(f"/inquiries/{second.case.number}/")
        self.assertContains(page, "without a personal number: signed under another name")

    def test_a_known_card_is_not_written_on_by_somebody_else(self):
        known = self.signed(family="Holm")
        before = Card.objects.get()
        self.assertTrue(known.signer_differs)
        second = self.starts(reference="2")
        actions.open(second, by=self.guest(second))
        self.types(second, family="Holm", street="Nygatan 2")
        actions.submit(self.fresh(second), by=self.guest(second), terms=1)
        self.signs_by_link(second)
        self.assertEqual(Card.objects.get(pk=before.pk).street, before.street)
        repair = Repair.objects.get(case=self.fresh(second).repair)
        self.assertEqual(repair.how["doubles"], [before.number])
        self.assertNotEqual(repair.card, before)

    def test_photos_stand_in_the_repair(self):
        inquiry = self.filled()
        self.photo(inquiry)
        actions.submit(self.fresh(inquiry), by=self.guest(inquiry), terms=1)
        self.signs_by_link(inquiry)
        inquiry = self.fresh(inquiry)
        (shown,) = Repair.objects.get().photos()
        self.assertEqual(shown.sha256, inquiry.answers["photos"][0]["sha256"])

    def test_the_paper_says_what_was_signed(self):
        self.assertTrue(papers.receipt(self.signed()).startswith(b"%PDF"))


class SubmitTest(AskingTest):
    def test_what_is_lacking_is_told_at_the_field_and_kept(self):
        inquiry = self.filled(postcode="1234x", city="")
        with self.assertRaises(Misshapen) as no:
            actions.submit(inquiry, by=self.guest(inquiry), terms=1)
        self.assertEqual({e["field"] for e in no.exception.errors}, {"postcode", "city"})
        self.assertEqual(saved.of(inquiry).body["postcode"], "1234x")
        self.assertEqual(self.fresh(inquiry).state, "opened")

    def test_other_terms_than_those_that_were_shown(self):
        inquiry = self.filled()
        with self.assertRaises(Refused) as no:
            actions.submit(inquiry, by=self.guest(inquiry), terms=2)
        self.assertEqual(codes(no.exception.reasons), ["other_terms"])

    def test_what_is_known_need_not_be_typed_and_is_masked(self):
        inquiry = self.starts(known={"family": "Holmberg", "email": "e@example.org"})
        actions.open(inquiry, by=self.guest(inquiry))
        self.types(inquiry, family="", email="", mobile="")
        actions.submit(self.fresh(inquiry), by=self.guest(inquiry), terms=1)
        inquiry = self.fresh(inquiry)
        self.assertEqual(inquiry.answers["values"]["family"], "Holmberg")
        text = papers.text(inquiry)
        self.assertIn("H•••", text)
        self.assertIn("Last name (what we already have): H•••", text)
        self.assertIn("First name: Anna", text)
        for hidden in ("Holmberg", "e@example.org", "174 06 90"):
            self.assertNotIn(hidden, text)

    def test_what_is_to_be_repaired_is_signed_in_words_that_can_be_read(self):
        known = {"object": "Washing machine", "model": "Fjord W7", "family": "Holmberg"}
        inquiry = self.starts(known=known)
        actions.open(inquiry, by=self.guest(inquiry))
        self.types(inquiry, object="", model="", family="")
        page = self.client.get(self.path(inquiry, "review/"), headers={"Accept-Language": "en"})
        self.assertContains(page, "Washing machine")
        self.assertContains(page, "Last name (what we already have)")
        self.assertNotContains(page, "Holmberg")
        self.assertContains(self.client.get(self.path(inquiry, "form/matter/")), "Fjord W7")
        actions.submit(self.fresh(inquiry), by=self.guest(inquiry), terms=1)
        text = papers.text(self.fresh(inquiry))
        self.assertIn("What is to be repaired? Washing machine", text)
        self.assertIn("Make and model: Fjord W7", text)

    def test_a_number_typed_without_the_country_is_of_the_number_that_was_written_to(self):
        inquiry = self.starts(mobile="+47 406 12 345")
        actions.open(inquiry, by=self.guest(inquiry))
        self.types(inquiry, mobile="406 12 346", postcode="0150")
        actions.submit(self.fresh(inquiry), by=self.guest(inquiry), terms=1)
        values = self.fresh(inquiry).answers["values"]
        self.assertEqual((values["mobile"], values["postcode"]), ("+4740612346", "0150"))

    def test_a_landline_is_no_mobile_and_four_figures_are_no_swedish_postcode(self):
        inquiry = self.filled(mobile="08-465 004 00", postcode="1234")
        with self.assertRaises(Misshapen) as no:
            actions.submit(inquiry, by=self.guest(inquiry), terms=1)
        self.assertEqual({e["field"] for e in no.exception.errors}, {"mobile", "postcode"})
        path = self.path(inquiry, "form/contact/")
        answer = self.client.post(path, CONTACT | {"postcode": "1234"})
        self.assertContains(answer, "123 45", status_code=422)

    def test_nobody_else_types_or_submits(self):
        inquiry = self.filled()
        for by in (self.staff, self.actor(self.kari)):
            self.assertEqual(codes(rules.submit(by, inquiry)), ["not_guest"])
            with self.assertRaises(Refused):
                saved.keep(inquiry, "matter", {"fault": "x"}, by=by)
        other = self.starts(reference="9")
        self.assertEqual(codes(rules.submit(self.guest(other), inquiry)), ["not_guest"])

    def test_five_photos_are_enough(self):
        inquiry = self.filled()
        for _n in range(5):
            self.photo(inquiry)
        with self.assertRaises(Refused) as no:
            self.photo(inquiry)
        self.assertEqual(codes(no.exception.reasons), ["enough_photos"])

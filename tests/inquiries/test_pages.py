"""The customer's road as pages, and the pages of staff: without JavaScript."""

import re
from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from ombud.cases.models import Event
from ombud.inquiries import actions
from ombud.inquiries.models import Draft, Inquiry
from ombud.lib import clock
from ombud.people.models import Notice
from ombud.post.models import Letter
from ombud.signing.models import Signature
from tests.inquiries.asking import CONTACT, MATTER, SIGNER, AskingTest, png
from tests.outside import sandbox


def shown_on(page) -> dict[str, str]:
    """What the page of the signing sends along: which words it showed."""
    found = re.search(r'name="shown" value="(\w+)"', page.content.decode())
    return {"shown": found[1]} if found else {}


class RoadTest(AskingTest):
    def setUp(self):
        super().setUp()
        self.client = Client(headers={"Accept-Language": "en", "User-Agent": "An Android phone"})

    def begun(self):
        inquiry = self.starts()
        self.client.post(self.path(inquiry, "begin/"))
        return self.fresh(inquiry)

    def test_the_whole_road(self):
        inquiry = self.starts()
        page = self.client.get(self.path(inquiry))
        self.assertContains(page, "10482")
        self.assertNotContains(page, "Anna")
        self.assertContains(page, "tel:+46846500400")
        answer = self.client.post(self.path(inquiry, "begin/"), follow=True)
        self.assertContains(answer, "Step 1 of 5")
        answer = self.client.post(self.path(inquiry, "form/contact/"), CONTACT, follow=True)
        self.assertContains(answer, "Step 2 of 5")
        answer = self.client.post(self.path(inquiry, "form/matter/"), MATTER, follow=True)
        self.assertContains(answer, "At most")
        self.assertContains(answer, "Step 3 of 5")
        answer = self.client.get(self.path(inquiry, "review/"))
        self.assertContains(answer, "Storgatan 1")
        answer = self.client.post(self.path(inquiry, "submit/"), {"terms": "1"}, follow=True)
        self.assertContains(answer, "I certify that the details are correct.")
        sandbox()
        typed = {"way": "here", **shown_on(answer)}
        answer = self.client.post(self.path(inquiry, "sign/"), typed, follow=True)
        self.assertContains(answer, "app.bankid.com")
        challenge = Signature.objects.get().challenge
        sandbox().sign("195506302388", challenge.auto_start_token)
        with self.after(seconds=3):
            answer = self.client.get(self.path(inquiry, "signing/"), follow=True)
        self.assertContains(answer, "Thank you")
        self.assertContains(answer, "Anna")
        paper = self.client.get(self.path(inquiry, "done/copy.pdf"))
        self.assertEqual(paper["Content-Type"], "application/pdf")
        self.client.post(self.path(inquiry, "done/mail/"), {"email": "anna@example.org"})
        letter = Letter.objects.get(carrier="email", address="anna@example.org")
        self.assertIn("Storgatan 1", letter.words)
        other = Client(headers={"Accept-Language": "en"}).get(self.path(inquiry))
        self.assertEqual(other.status_code, 410)
        self.assertNotContains(other, "Anna", status_code=410)

    def test_whoever_signs_for_another_is_shown_what_they_typed_and_no_more(self):
        known = {"family": "Holmberg", "street": "Hemvägen 9", "email": "vera@example.org"}
        inquiry = self.starts(known=known)
        self.client.post(self.path(inquiry, "begin/"))
        self.types(inquiry, family="", street="", email="", mobile="")
        self.client.post(self.path(inquiry, "submit/"), {"terms": "1"})
        self.signs_on_the_page(inquiry)
        self.assertTrue(self.fresh(inquiry).signer_differs)
        done = self.client.get(self.path(inquiry, "done/"))
        self.client.post(self.path(inquiry, "done/mail/"), {"email": "me@example.org"})
        letter = Letter.objects.get(carrier="email", address="me@example.org").words
        read = PdfReader(BytesIO(self.client.get(self.path(inquiry, "done/copy.pdf")).content))
        paper = " ".join(page.extract_text() for page in read.pages)
        for told in (done.content.decode(), letter, paper):
            self.assertIn("Sundsvall", told)
            self.assertIn("H•••", told)
            for secret in ("Holmberg", "Hemvägen", "vera@example.org", "174 06 90"):
                self.assertNotIn(secret, told)

    def signs_on_the_page(self, inquiry, person=SIGNER) -> None:
        sandbox().tell("people", personal_number=SIGNER, given="Anna", family="Ek")
        page = self.client.get(self.path(inquiry, "sign/"))
        self.client.post(self.path(inquiry, "sign/"), {"way": "here", **shown_on(page)})
        sandbox().sign(person, Signature.objects.get().challenge.auto_start_token)
        with self.after(seconds=3):
            self.client.get(self.path(inquiry, "signing/"))

    def test_what_another_tab_has_only_saved_is_read_before_it_is_signed(self):
        inquiry = self.filled()
        submit, sign = self.path(inquiry, "submit/"), self.path(inquiry, "sign/")
        self.client.post(submit, {"terms": "1"})
        shown = {"way": "here", **shown_on(self.client.get(sign))}
        self.types(inquiry, fault="Does not start")
        answer = self.client.post(sign, shown, follow=True)
        self.assertRedirects(answer, self.path(inquiry, "review/"))
        self.assertContains(answer, "has been changed since it was handed in")
        self.assertContains(answer, "Does not start")
        self.assertFalse(Signature.objects.exists())
        self.client.post(submit, {"terms": "1"})
        self.signs_on_the_page(inquiry)
        self.assertEqual(self.fresh(inquiry).answers["values"]["fault"], "Does not start")

    def test_what_another_tab_has_changed_is_read_again_before_it_is_signed(self):
        inquiry = self.filled()
        submit, sign = self.path(inquiry, "submit/"), self.path(inquiry, "sign/")
        self.client.post(submit, {"terms": "1"})
        old = {"way": "here", **shown_on(self.client.get(sign))}
        self.types(inquiry, fault="Does not start")
        self.client.post(submit, {"terms": "1"})
        sandbox()
        for typed in (old, {"way": "here"}):
            answer = self.client.post(sign, typed, follow=True)
            self.assertContains(answer, "has changed since it was shown")
            self.assertContains(answer, "Does not start")
            self.assertFalse(Signature.objects.exists())
        self.client.post(sign, {"way": "here", **shown_on(answer)})
        self.assertEqual(Signature.objects.get().status, "pending")

    def test_reading_changes_nothing(self):
        inquiry = self.filled()
        before = Event.objects.count(), Draft.objects.get().version, self.fresh(inquiry).state
        for more in ("", "form/contact/", "form/matter/", "costs/", "review/", "sign/", "signing/"):
            self.client.get(self.path(inquiry, more))
        after = Event.objects.count(), Draft.objects.get().version, self.fresh(inquiry).state
        self.assertEqual(before, after)

    def test_a_fault_is_told_at_the_field_and_everything_is_kept(self):
        inquiry = self.begun()
        typed = {**CONTACT, "postcode": "12", "email": "anna"}
        answer = self.client.post(self.path(inquiry, "form/contact/"), typed)
        self.assertContains(answer, "Write the postcode", status_code=422)
        self.assertContains(answer, "Storgatan 1", status_code=422)
        self.assertContains(answer, "<title>Error:", status_code=422)

    def test_saved_as_one_goes_and_there_the_next_day(self):
        inquiry = self.begun()
        answer = self.client.post(self.path(inquiry, "form/contact/save/"), {"given": "Anna"})
        self.assertEqual(answer.json()["version"], 1)
        other = Client(headers={"Accept-Language": "en"})
        with self.after(days=1):
            self.assertContains(other.get(self.path(inquiry)), "You have begun")
            page = other.get(self.path(inquiry, "form/contact/"))
        self.assertContains(page, 'value="Anna"')

    def test_two_tabs_lose_nothing(self):
        inquiry = self.begun()
        save = self.path(inquiry, "form/contact/save/")
        self.client.post(save, {"given": "Anna"})
        Client().post(save, {"family": "Ek"})
        self.client.post(save, {"given": "Anne"})
        self.assertEqual(Draft.objects.get().body, {"given": "Anne", "family": "Ek"})

    def test_photos_without_a_script(self):
        inquiry = self.begun()
        photo = SimpleUploadedFile("crack.png", png(), "image/png")
        path = self.path(inquiry, "form/matter/")
        answer = self.client.post(path, {**MATTER, "photo": photo, "do": "photos"}, follow=True)
        self.assertContains(answer, "crack.png")
        document = self.fresh(inquiry).photos.get()
        shown = self.client.get(self.path(inquiry, f"photo/{document.key}/"))
        self.assertEqual(shown["Content-Type"], "image/png")
        self.client.post(path, {**MATTER, "remove": str(document.key)})
        self.assertFalse(self.fresh(inquiry).photos.exists())

    def test_a_photo_that_is_none_stops_no_other(self):
        inquiry = self.starts()
        self.client.post(self.path(inquiry, "begin/"))
        note = SimpleUploadedFile("note.txt", b"no photo", "text/plain")
        two = [SimpleUploadedFile(f"{n}.png", png(), "image/png") for n in ("one", "two")]
        told = {**MATTER, "photo": [note, *two], "do": "photos"}
        answer = self.client.post(self.path(inquiry, "form/matter/"), told)
        self.assertContains(answer, "note.txt: This is not a photo.", status_code=422)
        self.assertEqual(self.fresh(inquiry).photos.count(), 2)

    def test_nothing_of_the_form_is_shown_before_it_is_begun(self):
        inquiry = self.starts()
        for door in ("form/contact/", "form/matter/", "costs/", "review/"):
            answer = self.client.get(self.path(inquiry, door))
            self.assertRedirects(answer, self.path(inquiry))

    def test_a_broken_photo_is_told_and_the_words_kept(self):
        inquiry = self.begun()
        upload = SimpleUploadedFile("x.png", b"no picture", "image/png")
        answer = self.client.post(
            self.path(inquiry, "form/matter/"), {**MATTER, "photo": upload, "do": "photos"}
        )
        self.assertContains(answer, "The file is broken", status_code=422)
        self.assertContains(answer, "Broken screen", status_code=422)

    def test_the_form_is_begun_before_it_is_read(self):
        inquiry = self.starts()
        answer = self.client.get(self.path(inquiry, "form/contact/"))
        self.assertRedirects(answer, self.path(inquiry))

    def test_a_foreign_link_is_nothing(self):
        for path in ("/i/xxxxxxxxxxxxxxxxxxxxxx/", "/i/AAAA/", "/i/AAAA/form/contact/", "/i/"):
            page = self.client.get(path)
            self.assertContains(page, "Open the link in the SMS again", status_code=404)
            self.assertContains(page, "tel:+46846500400", status_code=404)
            self.assertNotContains(page, "/login/", status_code=404)

    def test_what_no_page_sends_locks_the_link_after_ten_times(self):
        inquiry = self.begun()
        path = self.path(inquiry, "form/contact/")
        for _n in range(9):
            self.assertEqual(self.client.post(path, {"state": "applied"}).status_code, 422)
        self.assertEqual(self.client.post(path, {"state": "applied"}).status_code, 410)
        inquiry = self.fresh(inquiry)
        self.assertEqual((inquiry.state, inquiry.outcome), ("failed", "link_locked"))
        self.assertTrue(Notice.objects.filter(words="locked", person=self.kim).exists())

    def test_a_late_visitor_gets_a_friendly_page_with_the_number(self):
        inquiry = self.starts()
        actions.withdraw(inquiry, by=self.staff, note="No longer needed.")
        answer = self.client.get(self.path(inquiry))
        self.assertContains(answer, "tel:+46846500400", status_code=410)

    def test_it_is_kept_out_of_indexes_and_caches(self):
        answer = self.client.get(self.path(self.starts()))
        self.assertIn("noindex", answer["X-Robots-Tag"])
        self.assertIn("no-store", answer["Cache-Control"])


class StaffPagesTest(AskingTest):
    def setUp(self):
        super().setUp()
        self.client.force_login(self.kim)

    def test_start_check_and_send(self):
        typed = {"reference": "10482", "name": "Anna", "mobile": "070-174 06 90", "language": "en"}
        path = reverse("inquiry:new")
        self.assertContains(self.client.get(path), "Request information")
        answer = self.client.post(path, typed)
        self.assertContains(answer, "sent as 1 part")
        self.assertFalse(Inquiry.objects.exists())
        answer = self.client.post(path, {**typed, "do": "send"}, follow=True)
        self.assertContains(answer, "The message has been sent.")
        again = self.client.post(path, {**typed, "do": "send"})
        self.assertContains(again, "has an open request already", status_code=422)

    def test_a_landline_is_told_at_the_field(self):
        typed = {"reference": "1", "name": "", "mobile": "08-465 004 00", "language": "sv"}
        answer = self.client.post(reverse("inquiry:new"), typed)
        self.assertContains(answer, "This is not a mobile number.", status_code=422)

    def test_the_page_of_a_request_at_each_stage(self):
        for make in (self.starts, self.submitted):
            inquiry = make(**({"reference": "77"} if make == self.starts else {}))
            answer = self.client.get(reverse("inquiry:case", args=[inquiry.case.number]))
            self.assertContains(answer, inquiry.case.number)
        signed = self.signs_by_link(inquiry)
        self.assertEqual(signed.status, "complete")
        answer = self.client.get(reverse("inquiry:case", args=[inquiry.case.number]))
        self.assertContains(answer, self.fresh(inquiry).repair.number)

    def test_nobody_has_approved_what_is_not_signed(self):
        inquiry = self.submitted()
        path = reverse("inquiry:case", args=[inquiry.case.number])
        self.assertContains(self.client.get(path), "What the customer is to approve")
        self.assertNotContains(self.client.get(path), "What the customer approved")
        self.signs_by_link(inquiry)
        self.assertContains(self.client.get(path), "What the customer approved")
        self.assertNotContains(self.client.get(path), "What the customer is to approve")

    def test_correct_cancel_and_restart_by_the_page(self):
        inquiry = self.starts()
        here = [inquiry.case.number]
        page = self.client.get(reverse("inquiry:correct", args=here))
        self.assertContains(page, f'action="/inquiries/{here[0]}/correct/"')
        self.client.post(reverse("inquiry:correct", args=here), {"mobile": "0701740691"})
        self.assertEqual(self.fresh(inquiry).mobile, "+46701740691")
        wrong = self.client.post(reverse("inquiry:correct", args=here), {"mobile": "08-465 004 00"})
        self.assertEqual(wrong.status_code, 422)
        self.client.post(reverse("inquiry:withdraw", args=here), {"note": "Wrong case."})
        self.assertEqual(self.fresh(inquiry).state, "cancelled")
        answer = self.client.post(
            reverse("inquiry:restart", args=here), {"mobile": ""}, follow=True
        )
        self.assertContains(answer, "A new request has been started")

    def test_the_list_filters_and_asks_the_same_number_of_queries(self):
        for n in range(3):
            self.starts(reference=f"ref-{n}")
        path = reverse("inquiry:list")
        self.client.get(path)
        few = self.queries(path)
        for n in range(3, 9):
            self.starts(reference=f"ref-{n}")
        self.assertEqual(self.queries(path), few)
        found = self.client.get(path, {"q": "ref-3", "state": "open", "delivery": "waiting"})
        self.assertContains(found, "ref-3")
        self.assertNotContains(found, "ref-4")
        self.assertContains(self.client.get(path, {"state": "failed"}), "No hits")

    def queries(self, path) -> int:
        with CaptureQueriesContext(connection) as asked:
            self.client.get(path)
        return len(asked)

    def test_several_at_once(self):
        inquiries = [self.starts(reference=f"B{n}") for n in range(3)]
        chosen = [one.case.number for one in inquiries]
        path = reverse("inquiry:bulk")
        with self.after(minutes=6):
            self.client.post(path, {"chosen": chosen[:2], "do": "resend"})
        self.assertEqual([self.fresh(one).sent for one in inquiries], [2, 2, 1])
        page = self.client.post(path, {"chosen": chosen, "do": "cancel"})
        self.assertContains(page, "Cancel 3 requests")
        self.assertEqual(self.fresh(inquiries[0]).state, "sms_sent")
        self.client.post(path, {"chosen": chosen, "do": "cancel_now", "note": "Closed today."})
        self.assertEqual({self.fresh(one).state for one in inquiries}, {"cancelled"})

    def test_what_has_ended_is_neither_chosen_nor_cancelled_and_the_filter_stays(self):
        ended, other = (self.starts(reference=f"C{n}") for n in range(2))
        actions.withdraw(ended, by=self.staff, note="Closed.")
        page = self.client.get(reverse("inquiry:list"), {"q": "C"})
        self.assertNotContains(page, f'value="{ended.case.number}"')
        self.assertContains(page, f'value="{other.case.number}"')
        self.assertContains(page, 'name="narrowed" value="q=C"')
        path, both = reverse("inquiry:bulk"), [ended.case.number, other.case.number]
        page = self.client.post(path, {"chosen": both, "do": "cancel", "narrowed": "q=C"})
        self.assertContains(page, "Cancel 1 request")
        self.assertContains(page, 'href="/inquiries/?q=C"')
        typed = {"chosen": both, "do": "resend", "narrowed": "q=C&next=//evil.example"}
        with self.after(minutes=6):
            answer = self.client.post(path, typed, follow=True)
        self.assertEqual(answer.redirect_chain, [("/inquiries/?q=C", 302)])
        self.assertContains(answer, f"{ended.case.number}: ")
        answer = self.client.post(path, {"chosen": both[:1], "do": "cancel"}, follow=True)
        self.assertContains(answer, "have ended already")

    def test_the_list_says_how_old_and_why(self):
        failed, asked = self.starts(reference="D1"), self.starts(reference="D2")
        Inquiry.objects.filter(pk=failed.pk).update(
            state="failed", outcome="no_response", ended_at=clock.now() + timedelta(days=3)
        )
        with self.after(hours=5):
            page = self.client.get(reverse("inquiry:list"))
        self.assertContains(page, "No answer")
        self.assertContains(page, "3 days")
        self.assertContains(page, "5 hours")
        self.assertEqual(asked.state, "sms_sent")

    def test_figures(self):
        self.signed()
        self.starts(reference="2")
        answer = self.client.get(reverse("inquiry:figures"))
        self.assertContains(answer, "50 %")
        self.assertContains(answer, "<svg")
        self.assertContains(answer, "<caption")

    def test_who_is_no_case_handler_is_told_so_instead_of_that_there_is_nothing(self):
        self.starts()
        self.client.force_login(self.adda)
        for path in ("/inquiries/", "/inquiries/figures/"):
            page = self.client.get(path)
            self.assertContains(page, "Only case handlers")
            self.assertContains(page, "gives the role")
            self.assertNotContains(page, "No requests yet")
            self.assertNotContains(page, "No figures yet")

    def test_strangers_see_nothing(self):
        inquiry = self.starts()
        self.client.force_login(self.kari)
        for name in ("inquiry:list", "inquiry:figures", "inquiry:settings", "inquiry:start"):
            self.assertEqual(self.client.get(reverse(name)).status_code, 404, name)
        for name in ("case", "resend", "correct", "withdraw", "restart"):
            path = reverse(f"inquiry:{name}", args=[inquiry.case.number])
            self.assertEqual(self.client.post(path).status_code, 405 if name == "case" else 404)

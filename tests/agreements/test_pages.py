"""An agreement in the browser: the public application, the pages behind a link, the reviewer's."""

import re
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ombud.agreements import actions
from ombud.agreements.models import Agreement
from ombud.cases.models import Event
from ombud.cases.passes import Pass
from ombud.lib import clock, days
from ombud.people.models import Person, Standing
from ombud.signing.models import Signature
from tests.agreements.applying import (
    AGENTS_NUMBER,
    NUMBER,
    PDF,
    TYPED,
    Applying,
    expired,
    letters_to,
    somebody,
    token_in,
)
from tests.cast import CastTest
from tests.outside import sandbox

THREE = {
    "signatories": [somebody(name, nth) for name, nth in (("Tor", 11), ("Ulf", 10), ("Vera", 13))],
    "administrator": somebody("Alma", 15),
    "contacts": [somebody("Cleo", 99)],
}
FORM = {
    "name": "Nya vårdcentralen",
    "category": "private",
    "email": "info@example.org",
    "mode": "severally",
    "administrator.given": "Anna",
    "administrator.family": "Ny",
    "administrator.email": "anna@example.org",
    "administrator.personal_number": TYPED["administrator"]["personal_number"],
    "signatories.0.given": "Sixten",
    "signatories.0.family": "Ny",
    "signatories.0.email": "sixten@example.org",
    "signatories.0.personal_number": TYPED["signatories"][0]["personal_number"],
    "contacts.0.given": "Carl",
    "contacts.0.family": "Ny",
    "contacts.0.email": "carl@example.org",
    "applicant.name": "Maja Maker",
    "applicant.email": "maja@example.org",
}


class PageTest(Applying, CastTest):
    def setUp(self):
        super().setUp()
        self.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"

    def page(self, answer, status=200):
        self.assertEqual(answer.status_code, status, answer.content.decode()[-1500:])
        return answer.content.decode()

    def opens(self, path, status=200):
        return self.page(self.client.get(path), status)

    def link(self, email, nth=-1):
        return reverse("agreement:guest", args=[token_in(letters_to(email)[nth])])

    def form(self, side="customer", number=NUMBER):
        shown = self.opens(f"/agreements/apply/{side}/?number={number}")
        return dict(re.findall(r'name="(number|token)" value="([^"]*)"', shown))


class ApplyTest(PageTest):
    def test_the_number_is_asked_first_and_checked(self):
        self.assertIn("Apply as customer", self.opens("/agreements/apply/"))
        self.assertIn("Organisation number", self.opens("/agreements/apply/customer/"))
        page = self.opens("/agreements/apply/customer/?number=123456-7890", 422)
        self.assertIn("Organisation number: There is no such organisation number", page)
        page = self.opens("/agreements/apply/customer/?number=559999-9074")
        self.assertIn("Authorised signatories", page)
        self.opens("/agreements/apply/operator/", 404)

    def test_an_application_leads_to_its_own_page_and_twice_to_the_same(self):
        typed = {**FORM, **self.form()}
        first = self.client.post("/agreements/apply/customer/", typed)
        second = self.client.post("/agreements/apply/customer/", typed)
        self.assertEqual(first["Location"], second["Location"])
        self.assertEqual(Agreement.objects.count(), 1)
        page = self.opens(first["Location"])
        self.assertIn("Waits for The operator to review the application.", page)
        self.assertIn("Sixten Ny", page)
        self.assertNotIn(TYPED["signatories"][0]["personal_number"], page)
        self.assertIn("-••••", page)
        self.assertIn('name="robots" content="noindex"', page)

    def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lost(self):
        typed = {
            **FORM,
            **self.form(),
            "signatories.0.personal_number": "",
            "administrator.email": "x",
        }
        page = self.page(self.client.post("/agreements/apply/customer/", typed), 422)
        self.assertIn('href="#f-administrator.email"', page)
        self.assertIn("Administrator, E-mail: ", page)
        self.assertIn('value="sixten@example.org"', page)
        self.assertFalse(Agreement.objects.exists())
        typed["administrator.email"] = "anna@example.org"
        page = self.page(self.client.post("/agreements/apply/customer/", typed), 422)
        self.assertIn("BankID cannot tell who it is", page)
        self.assertIn("Signatory 1, Personal number: ", page)

    def test_the_administrator_may_be_the_others_too(self):
        typed = {**FORM, **self.form(), "signatory_is_administrator": "on"}
        typed |= {"contact_is_administrator": "on"}
        typed |= {name: "" for name in typed if name.startswith(("signatories", "contacts"))}
        self.assertEqual(self.client.post("/agreements/apply/customer/", typed).status_code, 302)
        names = {str(one) for one in Agreement.objects.get().people}
        self.assertEqual(names, {"Anna Ny"})

    def test_who_has_an_agreement_is_met_by_it(self):
        page = self.opens(f"/agreements/apply/customer/?number={self.customer.number}", 409)
        for words in ("You already have a customer agreement", "A•••• T••••", "Order a service"):
            self.assertIn(words, page)
        self.assertNotIn("Adam", page)
        Standing.objects.filter(organisation=self.customer).end()
        self.opens(f"/agreements/apply/customer/?number={self.customer.number}")

    def test_a_second_application_is_pointed_to_the_first_masked(self):
        self.applies()
        page = self.opens(f"/agreements/apply/customer/?number={NUMBER}", 409)
        self.assertIn("There is an application already", page)
        self.assertIn("A•••• N••••", page)
        self.assertNotIn("Anna", page)
        typed = {**FORM, "number": NUMBER, "token": "x" * 22}
        self.page(self.client.post("/agreements/apply/customer/", typed), 409)


class LinkTest(PageTest):
    def test_reading_a_link_changes_nothing_however_often(self):
        self.approved()
        at = self.link("sixten@example.org")
        before = list(Event.objects.values_list("hash"))
        passes = list(Pass.objects.order_by("pk").values())
        for _ in range(5):
            self.opens(at)
            self.client.head(at)
            self.assertEqual(self.client.get(f"{at}sign/").status_code, 405)
            self.assertIn(self.client.get(f"{at}signing/").status_code, (200, 302))
            self.opens(f"{at}decline/")
            self.assertEqual(self.client.get(f"{at}agreement.pdf").status_code, 200)
        self.assertEqual(list(Event.objects.values_list("hash")), before)
        self.assertEqual(list(Pass.objects.order_by("pk").values()), passes)
        self.assertFalse(Signature.objects.exists())
        self.assertIn("Sign with BankID on this device", self.opens(at))

    def test_an_unknown_link_is_nothing_and_a_dead_one_says_so(self):
        agreement = self.approved()
        self.opens("/agreements/link/" + "A" * 22 + "/", 404)
        at = self.link("sixten@example.org")
        one = self.signatory(agreement)
        actions.resend(agreement, by=self.actor(self.rut), signatory=one.pk)
        for path in (at, f"{at}agreement.pdf", f"{at}decline/"):
            self.assertIn("This link no longer works", self.opens(path, 410))
        self.assertEqual(self.client.post(f"{at}sign/", {"way": "other"}).status_code, 410)
        newer = self.link("sixten@example.org")
        self.opens(newer)
        expired(self.signatory(agreement))
        self.opens(newer, 410)

    def test_a_link_opens_only_what_it_is_for(self):
        self.approved()
        status, sign = self.link("maja@example.org", 0), self.link("sixten@example.org")
        for path in (
            f"{sign}complete/",
            f"{sign}deliver/",
            f"{status}decline/",
            f"{status}signing/",
        ):
            self.opens(path, 404)
        self.assertEqual(self.client.post(f"{status}sign/").status_code, 404)
        for path in ("/", "/cases/", "/notices/", "/search/?q=AGR"):
            self.assertEqual(self.client.get(path).status_code, 302)
        for path in ("me", "cases", "notices"):
            self.assertEqual(self.client.get(f"/api/v1/{path}").status_code, 401)

    def test_a_signatory_sees_no_papers_and_no_contact_details(self):
        self.approved()
        page = self.opens(self.link("sixten@example.org"))
        self.assertNotIn("carl@example.org", page)
        self.assertNotIn("maja@example.org", page)

    def test_the_applicant_completes_what_is_asked_for(self):
        agreement = self.applies()
        actions.ask(agreement, by=self.actor(self.rut), note="Who signs for you?")
        at = self.link("maja@example.org")
        self.assertIn("Who signs for you?", self.opens(at))
        page = self.opens(f"{at}complete/")
        self.assertIn('value="sixten@example.org"', page)
        self.assertIn("is known. Leave it blank to keep it.", page)
        typed = {name: value for name, value in FORM.items() if "personal_number" not in name}
        answer = self.client.post(f"{at}complete/", typed)
        self.assertIn("What have you changed?: ", self.page(answer, 422))
        self.assertEqual(
            self.client.post(f"{at}complete/", {**typed, "answer": "Sixten."}).status_code, 302
        )
        self.assertEqual(self.fresh(agreement).state, "submitted")
        self.opens(f"{at}complete/", 409)

    def test_an_agent_shows_its_papers(self):
        agreement = self.an_agent_applies()
        at = self.link("maja@example.org")
        self.assertIn("Has not come yet.", self.opens(at))
        today = days.today().isoformat()
        typed = {"what": "tax", "tax.dated_on": today}
        page = self.page(self.client.post(f"{at}deliver/", typed), 422)
        self.assertIn("Give the file, and the date", page)
        bad = SimpleUploadedFile("tax.pdf", b"no paper")
        page = self.page(self.client.post(f"{at}deliver/", {**typed, "tax.file": bad}), 422)
        self.assertIn("The file is broken", page)
        late = {**typed, "tax.dated_on": days.months_after(days.today(), -4).isoformat()}
        late["tax.file"] = SimpleUploadedFile("tax.pdf", PDF)
        page = self.page(self.client.post(f"{at}deliver/", late), 422)
        self.assertIn("It is older than three months.", page)
        file = SimpleUploadedFile("tax.pdf", PDF)
        answer = self.client.post(f"{at}deliver/", {**typed, "tax.file": file})
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(self.fresh(agreement).papers.get().document.name, "tax.pdf")
        self.assertEqual(agreement.number, AGENTS_NUMBER)


class SigningTest(PageTest):
    def begins(self, at, way="other"):
        sandbox().tell("reset")
        answer = self.client.post(f"{at}sign/", {"way": way})
        self.assertEqual(answer["Location"], f"{at}signing/")
        return Signature.objects.latest("begun_at")

    def later(self, path):
        with self.after(seconds=3):
            return self.client.get(path)

    def test_the_signatory_reads_signs_and_is_done(self):
        agreement = self.approved()
        at = self.link("sixten@example.org")
        page = self.opens(at)
        self.assertIn("Nobody else can sign by it.", page)
        signature = self.begins(at)
        page = self.opens(f"{at}signing/")
        self.assertIn("<svg", page)
        self.assertIn(f"I sign the agreement {agreement.case.number}", page)
        self.opens(f"{at}signing/qr/")
        sandbox().sign(
            self.signatory(agreement).personal_number, signature.challenge.auto_start_token
        )
        self.assertIn("data-next", self.page(self.later(f"{at}signing/status/")))
        self.assertEqual(self.client.get(f"{at}signing/")["Location"], at)
        page = self.opens(at)
        self.assertIn("You have signed the agreement.", page)
        self.assertIn("The agreement has been signed, and is in force.", page)
        self.assertNotIn("Sign with BankID on this device", page)
        self.assertEqual(self.fresh(agreement).state, "active")

    def test_a_stranger_to_the_session_gets_no_code_to_scan(self):
        self.approved()
        at = self.link("sixten@example.org")
        self.begins(at)
        self.client.cookies.clear()
        self.assertNotIn('class="qr"', self.opens(f"{at}signing/"))
        self.assertEqual(self.client.get(f"{at}signing/qr/").status_code, 410)

    def test_a_cancelled_signing_signs_nothing_and_can_be_begun_anew(self):
        agreement = self.approved()
        at = self.link("sixten@example.org")
        self.begins(at, "here")
        self.assertIn("Open the BankID app", self.opens(f"{at}signing/"))
        answer = self.client.post(f"{at}signing/cancel/", follow=True)
        self.assertIn("You cancelled. Nothing is signed.", answer.content.decode())
        self.assertEqual(self.fresh(agreement).state, "awaiting_signature")
        self.begins(at)

    def test_the_app_leads_back_to_the_browser_that_began(self):
        self.approved()
        at = self.link("sixten@example.org")
        self.begins(at, "here")
        self.assertEqual(self.client.get("/agreements/signing/back/")["Location"], f"{at}signing/")
        self.client.cookies.clear()
        self.assertIn("Go back to where you began", self.opens("/agreements/signing/back/"))

    def test_declining_says_why(self):
        agreement = self.approved()
        at = self.link("sixten@example.org")
        page = self.page(self.client.post(f"{at}decline/", {"note": "No"}), 422)
        self.assertIn("Write at least 10 characters.", page)
        self.client.post(f"{at}decline/", {"note": "I have left the company."})
        self.assertEqual(self.fresh(agreement).state, "declined")
        self.assertIn("A signatory has declined.", self.opens(at))


class ReviewerTest(PageTest):
    def test_the_reviewer_approves_from_the_page(self):
        agreement = self.applies()
        here = f"/agreements/{agreement.case.number}/"
        self.client.force_login(self.rut)
        page = self.opens(here)
        for words in ("Approve the application", "Ask for completion", "maja@example.org"):
            self.assertIn(words, page)
        self.assertIn("Review", self.opens("/approvals/"))
        self.client.post(f"{here}note/", {"text": "Looks right."})
        self.client.post(f"{here}approve/")
        page = self.opens(here)
        self.assertIn("Waits for Sixten Ny to sign.", page)
        self.assertIn("Looks right.", page)
        self.assertIn("The link holds until", page)
        answer = self.client.post(f"{here}approve/", follow=True)
        self.assertIn("Already handled by Rut Test", self.page(answer))

    def test_asking_and_rejecting_have_pages_of_their_own(self):
        agreement = self.applies()
        here = f"/agreements/{agreement.case.number}/"
        self.client.force_login(self.rut)
        self.opens(f"{here}ask/")
        self.assertIn(
            "Write at least", self.page(self.client.post(f"{here}ask/", {"note": "x"}), 422)
        )
        self.client.post(f"{here}ask/", {"note": "Please name a contact."})
        self.assertEqual(self.fresh(agreement).state, "needs_completion")
        self.opens(f"{here}reject/")
        self.client.post(f"{here}reject/", {"note": "Never answered us."})
        self.assertEqual(self.fresh(agreement).state, "rejected")

    def test_papers_are_ticked_one_by_one(self):
        agreement = self.delivers_all(self.an_agent_applies())
        here = f"/agreements/{agreement.case.number}/"
        self.client.force_login(self.rut)
        self.assertEqual(self.opens(here).count("Tick as good"), 4)
        for what in ("tax", "credit", "dpo", "isms"):
            self.client.post(f"{here}tick/", {"what": what})
        page = self.opens(here)
        self.assertEqual(page.count("Ticked by Rut Test"), 4)
        key = self.fresh(agreement).papers.get(what="tax").document.key
        answer = self.client.get(f"{here}files/{key}/")
        self.assertEqual(b"".join(answer.streaming_content), PDF)

    def test_the_administrator_reads_and_waits_then_gives_roles(self):
        agreement = self.approved()
        here = f"/agreements/{agreement.case.number}/"
        self.client.force_login(Person.objects.get(email="anna@example.org"))
        self.assertIn("You can give roles once the agreement has been signed.", self.opens(here))
        self.assertIn("Roles can be given once", self.opens("/organisation/"))
        self.assertIn("Send the link again", self.opens(here))
        self.assertNotIn("Approve the application", self.opens(here))
        self.assertEqual(self.client.post(f"{here}approve/").status_code, 403)
        self.signs_by_link(agreement, self.signatory(agreement))
        self.assertIn("Give roles", self.opens(here))
        answer = self.client.get(f"{here}agreement.pdf")
        self.assertTrue(answer.content.startswith(b"%PDF"))

    def test_a_contact_person_reads_the_agreement_and_decides_nothing(self):
        agreement = self.in_force()
        here = f"/agreements/{agreement.case.number}/"
        self.client.force_login(Person.objects.get(email="carl@example.org"))
        self.assertIn("The agreement has been signed", self.opens(here))
        for door in ("approve", "tick", "resend", "note"):
            self.assertIn(self.client.post(f"{here}{door}/").status_code, (302, 403))
        self.assertEqual(self.fresh(agreement).state, "active")

    def test_a_stranger_finds_nothing(self):
        agreement = self.in_force()
        here = f"/agreements/{agreement.case.number}/"
        for person in (self.per, self.adam, self.ola):
            self.client.force_login(person)
            self.opens(here, 404)
            self.opens(f"{here}agreement.pdf", 404)
            self.assertEqual(self.client.post(f"{here}approve/").status_code, 404)

    def test_the_page_asks_as_often_whoever_signs_and_however_many(self):
        few, many = self.approved(), self.approved(number="5599999090", **THREE)
        self.client.force_login(self.rut)
        counts = []
        for agreement in (few, many):
            path = f"/agreements/{agreement.case.number}/"
            self.opens(path)
            with CaptureQueriesContext(connection) as asked:
                self.opens(path)
            counts.append(len(asked))
        self.assertEqual(*counts)

    def test_a_dead_link_is_told_of(self):
        agreement = self.approved()
        one = self.signatory(agreement)
        one.guest.until_at = clock.now() - timedelta(days=1)
        one.guest.save()
        self.client.force_login(self.rut)
        self.assertIn("The link has run out.", self.opens(f"/agreements/{agreement.case.number}/"))

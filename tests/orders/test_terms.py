"""Terms in place and as PDF: the same words, by the same rights, through both doors."""

import io
from datetime import timedelta

from django.utils import translation
from pypdf import PdfReader

from ombud.lib import clock
from ombud.orders import actions, terms
from ombud.orders.catalogue import Terms
from ombud.people.models import Person
from ombud.ui.paper import prose
from tests.orders.test_pages import PagesTest

TEXT = {
    "sv": "1. Avtalet\nDessa villkor #rm[] gäller.\n\n2. Pris\n$x$ kronor <b>.",
    "en": "1. The agreement\nThese terms #rm[] hold.\n\n2. Price\n$x$ kronor <b>.",
}
TITLE = {"sv": "Villkor: NPÖ / åäö", "en": "Terms: NPÖ / åäö"}


def words(answer) -> str:
    pages = PdfReader(io.BytesIO(answer.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


class PapersTest(PagesTest):
    def opens(self, person, path, status=200, **more):
        """A file is not for decoding."""
        self.client.force_login(person)
        answer = self.client.get(path, **more)
        self.assertEqual(answer.status_code, status)
        return answer

    def publishes(self, key="npo", **body):
        told = {"title": TITLE, "text": TEXT, **body}
        actions.publish(self.operator, by=self.actor(self.siv), thing="terms", key=key, body=told)

    def path(self, order, version, of=""):
        return f"/orders/{order.case.number}/terms/{version}.pdf{of}"


class TermsTest(PapersTest):
    def test_the_pdf_of_an_order_is_of_its_own_version(self):
        order = self.a_sent_order()
        self.publishes()
        answer = self.opens(self.kari, self.path(order, 1))
        self.assertEqual(answer["Content-Type"], "application/pdf")
        self.assertIn("Be good.", words(answer))
        self.assertIn("The operator", words(answer))
        self.assertIn("Page 1 of 1", words(answer))
        self.opens(self.kari, self.path(order, 2), 404)

    def test_a_draft_has_the_newest_as_it_would_be_sent(self):
        draft = self.a_draft()
        self.publishes()
        answer = self.opens(self.kari, self.path(draft, 2))
        for said in ("Terms: NPÖ / åäö", "Version 2", "These terms #rm[] hold.", "$x$ kronor <b>."):
            self.assertIn(said, words(answer))
        self.opens(self.kari, self.path(draft, 1), 404)
        name = answer["Content-Disposition"]
        self.assertTrue(name.startswith("inline; filename*=utf-8''Terms%20"), name)
        self.assertTrue(name.endswith("version%202.pdf"), name)

    def test_it_speaks_the_readers_language_or_the_one_that_there_is(self):
        self.publishes()
        order = self.a_sent_order()
        for language, said, told in (
            ("sv", "Dessa villkor", "sv"),
            ("en", "These terms", "en"),
            ("nb", "Sida 1 av 1", "sv"),
        ):
            Person.objects.filter(pk=self.kari.pk).update(language=language)
            answer = self.opens(self.kari, self.path(order, 2))
            self.assertIn(said, words(answer))
            self.assertEqual(answer["Content-Language"], told)

    def test_what_the_reader_has_is_not_sent_again(self):
        order = self.a_sent_order()
        first = self.opens(self.kari, self.path(order, 1))
        self.assertEqual(first["Cache-Control"], "private, no-cache")
        again = self.client.get(self.path(order, 1), headers={"If-None-Match": first["ETag"]})
        self.assertEqual((again.status_code, again.content), (304, b""))
        Person.objects.filter(pk=self.kari.pk).update(language="sv")
        other = self.client.get(self.path(order, 1), headers={"If-None-Match": first["ETag"]})
        self.assertEqual(other.status_code, 200)
        self.client.head(self.path(order, 1))
        self.assertEqual(self.client.post(self.path(order, 1)).status_code, 405)

    def test_the_agents_terms_are_the_agents(self):
        order = self.an_approved_order()
        path = self.path(order, 1, "?of=agent")
        self.assertIn("Be better.", words(self.opens(self.ola, path)))
        self.assertIn("Be better.", words(self.opens(self.kim, path)))
        self.opens(self.kari, path, 404)
        self.assertIn("Be good.", words(self.opens(self.ola, self.path(order, 1))))

    def test_a_stranger_gets_404_and_nobody_the_login(self):
        order = self.a_sent_order()
        for path in (self.path(order, 1), self.path(order, 1, "?of=agent")):
            self.opens(self.per, path, 404)
        self.client.logout()
        self.assertIn("/login/", self.client.get(self.path(order, 1))["Location"])

    def test_pages_open_the_terms_in_place_and_lead_to_the_paper(self):
        self.publishes()
        draft, order = self.a_draft(), self.an_order_at_its_last_attest()
        number = draft.case.number
        for page in ("price", "check", "terms"):
            told = self.words(self.opens(self.kari, f"/orders/{number}/{page}/"))
            self.assertIn("These terms #rm[] hold.", told)
            self.assertIn("$x$ kronor &lt;b&gt;.", told)
            self.assertIn(f"/orders/{number}/terms/2.pdf", told)
        for page in ("", "whole/"):
            told = self.words(self.opens(self.ola, f"/orders/{order.case.number}/{page}"))
            self.assertIn("These terms #rm[] hold.", told)
            self.assertIn("Be better.", told)
            self.assertIn("/terms/1.pdf?of=agent", told)
            told = self.words(self.opens(self.kari, f"/orders/{order.case.number}/{page}"))
            self.assertNotIn("Be better.", told)
            self.assertNotIn("?of=agent", told)
        review = self.a_sent_order()
        told = self.words(self.opens(self.ola, f"/orders/{review.case.number}/review/"))
        self.assertIn("/terms/1.pdf?of=agent", told)

    def test_every_paper_is_set_once(self):
        self.publishes()
        order = self.a_sent_order()
        self.opens(self.kari, self.path(order, 2))
        before = terms.printed.cache_info().misses
        self.opens(self.kari, self.path(order, 2))
        self.opens(self.ola, self.path(order, 2))
        self.assertEqual(terms.printed.cache_info().misses, before)

    def test_words_in_parts(self):
        row = Terms.objects.newest(self.operator, "npo")
        self.assertEqual(terms.text(row), "<p>Be good.</p>")
        parts = prose.parts_of("1.2 Head\r\nline\n \n\n12 months\n\nPlain\nline\n")
        told = [(part.heading, part.lines) for part in parts]
        self.assertEqual(
            told, [("1.2 Head", ("line",)), ("", ("12 months",)), ("", ("Plain", "line"))]
        )
        with translation.override("nb"):
            self.assertEqual(terms.language_of(row), "nb")


class ProgramsTest(PapersTest):
    def asks(self, person, key="npo", version=1, **headers):
        return self.as_api(person, "get", f"terms/{key}/{version}", **headers)

    def offer(self, person):
        (service,) = self.as_api(person, "get", "services").json()["items"]
        return next(offer for offer in service["offers"] if offer["key"] == "npo-agent")

    def test_an_offer_leads_to_its_terms_as_pdf(self):
        self.publishes()
        href = self.offer(self.kari)["terms"]["href"]
        self.assertEqual(href, "/api/v1/terms/npo/2")
        answer = self.asks(self.kari, version=2, Accept="application/pdf")
        self.assertIn("These terms #rm[] hold.", words(answer))
        self.assertEqual(answer["Content-Type"], "application/pdf")
        again = self.asks(self.kari, version=2, **{"If-None-Match": answer["ETag"]})
        self.assertEqual(again.status_code, 304)
        self.assertIn("Be good.", words(self.asks(self.per)))

    def test_the_agents_terms_are_named_to_agents_alone(self):
        self.assertNotIn("agent_terms", self.offer(self.kari))
        for person in (self.ola, self.kim):
            href = self.offer(person)["agent_terms"]["href"]
            self.assertEqual(href, "/api/v1/terms/npo-agent/1")
            self.assertIn("Be better.", words(self.asks(person, "npo-agent")))
        self.assertEqual(self.asks(self.kari, "npo-agent").status_code, 404)

    def test_what_is_not_there_is_404(self):
        self.assertEqual(self.asks(self.kari, version=2).status_code, 404)
        self.assertEqual(self.asks(self.kari, version=10**12).status_code, 404)
        self.assertEqual(self.asks(self.kari, "nothing").status_code, 404)
        later = clock.now() + timedelta(days=1)
        Terms.objects.filter(key="npo").update(valid_from=later)
        self.assertEqual(self.asks(self.kari).status_code, 404)
        other = self.organisation("Elsewhere", "5560000084", "customer")
        type(other).objects.filter(pk=other.pk).update(portal=None)
        eve = self.person("eve", other, "orderer")
        self.assertEqual(self.asks(eve).status_code, 404)

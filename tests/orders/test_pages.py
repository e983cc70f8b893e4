"""The pages of an order by HTTP: the right person, the wrong one, a stranger, the wrong moment."""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape

from ombud.lib import money
from ombud.orders import actions
from ombud.orders.catalogue import Form
from ombud.orders.models import CareUnit, Order
from ombud.people.models import Standing
from ombud.people.settings import said
from ombud.signing.models import Signature
from tests.cast import CastTest
from tests.catalogue import AGENT_MARK, CUSTOMER_MARK


class PagesTest(CastTest):
    def opens(self, person, path, status=200, **more):
        """The page as the person sees it, after any redirects."""
        self.client.force_login(person)
        answer = self.client.get(path, follow=True, **more)
        self.assertEqual(answer.status_code, status, answer.content.decode()[-2000:])
        return answer

    def presses(self, path, **typed):
        """A form of the page that was opened last, and where it led."""
        return self.client.post(path, typed, follow=True)

    def words(self, answer):
        return answer.content.decode()

    def signature(self, person):
        return Signature.objects.filter(person=person).latest("begun_at")

    def text_of(self, amount):
        return money.text(amount).replace("\u00a0", "\u00a0")


class OrderingTest(PagesTest):
    def test_the_catalogue_shows_what_may_be_ordered(self):
        page = self.words(self.opens(self.kari, "/orders/new/"))
        self.assertIn("NPÖ", page)
        self.assertIn("/orders/new/npo/", page)
        self.assertIn("Everything that must be in place first", page)

    def test_what_is_missing_is_said_before_anything_is_typed(self):
        page = self.words(self.opens(self.liv, "/orders/new/"))
        self.assertIn("You lack the role Orderer at The customer.", page)
        self.assertIn("Adam Test", page)
        self.assertNotIn('href="/orders/new/npo/"', page)
        self.opens(self.liv, "/orders/new/npo/", 403)

    def test_offers_say_what_they_cost_and_who_approves(self):
        page = self.words(self.opens(self.kari, "/orders/new/npo/"))
        self.assertIn(money.text(CUSTOMER_MARK), page)
        self.assertNotIn(money.text(AGENT_MARK), page)
        self.assertIn("Reviewed by the agent", page)
        self.assertIn("Attested by The customer", page)

    def test_agents_that_cannot_be_chosen_say_why(self):
        other = self.organisation("Idle agent", "5560000084", "agent")
        page = self.words(self.opens(self.kari, "/orders/new/npo/npo-agent/"))
        self.assertIn("Idle agent", page)
        self.assertIn("Has no active agent agreement.", page)
        again = self.presses("/orders/new/npo/npo-agent/", agent=f"{other.number}/", key="x")
        self.assertIn("Choose one of those listed.", self.words(again))
        self.assertIn("<title>Error:", self.words(again))
        self.assertFalse(Order.objects.exists())

    def test_the_checklist_names_agents_that_cannot_be_chosen(self):
        idle = self.organisation("Idle agent", "5560000084", "agent")
        self.person("ida", idle, "administrator")
        page = self.words(self.opens(self.kari, "/orders/new/npo/"))
        self.assertIn("An agent with engagement, handler and attestant", page)
        self.assertIn("Can be chosen: The agent. Cannot be chosen now:", page)
        self.assertRegex(page, r"Idle agent: Has no active agent agreement\..*Ida Test can help\.")
        self.assertIn("Order via agent", page)

    def test_where_no_agent_can_be_chosen_it_is_said_before_anything_is_typed(self):
        self.eva.grant_set.end()
        page = self.words(self.opens(self.kari, "/orders/new/"))
        self.assertIn("Via agent: no agent can be chosen now.", page)
        page = self.words(self.opens(self.kari, "/orders/new/npo/"))
        self.assertIn("This must be in place before you can order via agent", page)
        self.assertIn("The agent: Has no attestant. Ada Test can help.", page)
        self.assertNotIn(">Order via agent<", page)
        self.assertIn("Order direct", page)
        page = self.words(self.opens(self.kari, "/orders/new/npo/npo-agent/"))
        self.assertIn("Has no attestant. Ada Test can help.", page)

    def test_more_agents_cost_the_catalogue_no_more_statements(self):
        costs: dict = {}
        for number in ("5560000084", "5560000092"):
            self.organisation(f"Agent {number}", number, "agent")
            for path in ("/orders/new/", "/orders/new/npo/"):
                self.client.force_login(self.kari)
                with CaptureQueriesContext(connection) as asked:
                    self.client.get(path)
                costs.setdefault(path, []).append(len(asked))
        for path, (few, more) in costs.items():
            self.assertEqual(few, more, path)
            self.assertLessEqual(more, 19, path)

    def test_a_double_press_begins_one_order(self):
        self.opens(self.kari, "/orders/new/npo/")
        for _turn in range(2):
            answer = self.presses("/orders/new/npo/npo-direct/", offer="npo-direct", key="once")
            self.assertIn("Details", self.words(answer))
        self.assertEqual(Order.objects.count(), 1)

    def test_the_whole_way_to_a_sent_order(self):
        CareUnit.objects.create(
            organisation=self.customer, hsa_id="SE2321000016-AA01", name="Known ward"
        )
        self.opens(self.kari, "/orders/new/npo/npo-agent/")
        chosen = f"{self.agent.number}/"
        answer = self.presses("/orders/new/npo/npo-agent/", agent=chosen, key="k")
        order = Order.objects.get()
        details = f"/orders/{order.case.number}/details/"
        self.assertEqual(answer.request["PATH_INFO"], details)
        self.assertIn("Known ward", self.words(answer))
        self.assertIn("another SEK\u00a012,345", self.words(answer))
        filled = {
            "answers.purpose": "Care",
            "contact.name": "Kari Test",
            "contact.email": "kari@example.org",
            "billing.reference": "8765",
        }
        pasted = "se2321000016-ab12; Ward one\nSE2321000016-AB12\nnonsense"
        answer = self.presses(
            details, **filled, units="SE2321000016-AA01", paste=pasted, do="units"
        )
        page = self.words(answer)
        for word in ("Added", "Already there", "Wrong characters in the HSA-id"):
            self.assertIn(word, page)
        self.assertIn(">\nnonsense</textarea>", page)
        order.refresh_from_db()
        self.assertEqual(len(order.units), 2)
        units = [unit["hsa_id"] for unit in order.units]
        answer = self.presses(details, **filled, units=units[:1], do="next")
        self.assertEqual(answer.request["PATH_INFO"], f"/orders/{order.case.number}/price/")
        self.assertIn("Be good.", self.words(answer))
        check = f"/orders/{order.case.number}/check/"
        page = self.words(self.opens(self.kari, check))
        self.assertIn("I accept the terms, version 1", page)
        self.assertIn("Attested by The agent", page)
        versions = {"terms_version": 1, "price_version": 1, "key": "send"}
        page = self.words(self.presses(check, **versions))
        self.assertIn("Accept the terms.", page)
        self.assertIn("<title>Error:", page)
        for _turn in range(2):
            answer = self.presses(check, **versions, accept_terms="on")
            self.assertEqual(answer.request["PATH_INFO"], f"/orders/{order.case.number}/sent/")
            self.assertIn(
                "Waits for The agent: Agent handler is to review the order.", self.words(answer)
            )
        order.refresh_from_db()
        self.assertEqual(order.state, "agent_review")
        back = self.opens(self.kari, details)
        self.assertEqual(back.request["PATH_INFO"], f"/orders/{order.case.number}/")

    def test_the_price_follows_the_ticked_units(self):
        draft = self.a_draft()
        CareUnit.objects.create(organisation=self.customer, hsa_id="SE2321000016-AA01")
        details = f"/orders/{draft.case.number}/details/"
        self.assertIn("2 × SEK\u00a04,800", self.words(self.opens(self.kari, details)))
        units = ["SE2321000016-AA01", "SE2321000016-AB12", "SE2321000016-AB13"]
        htmx = {"HX-Request": "true"}
        typed = {"do": "count", "units": units}
        now = self.words(self.client.post(details, typed, headers=htmx))
        self.assertEqual(now.count("3 × SEK\u00a04,800"), 2)  # in the form, and beside it
        self.assertNotIn("<html", now)
        self.assertEqual(len(self.again(draft).units), 2)
        page = self.words(self.presses(details, **{**typed, "answers.purpose": "Research"}))
        self.assertIn("3 × SEK\u00a04,800", page)
        self.assertIn(">Count anew<", page)
        self.assertEqual(len(self.again(draft).units), 3)
        self.assertEqual(self.again(draft).answers["purpose"], "Research")
        self.client.force_login(self.per)
        self.assertEqual(self.client.post(details, typed, headers=htmx).status_code, 404)

    def test_what_is_missing_stays_on_the_page_with_what_was_typed(self):
        draft = self.a_draft(units=[], billing={"reference": ""})
        details = f"/orders/{draft.case.number}/details/"
        self.opens(self.kari, details)
        answer = self.presses(details, **{"contact.name": "Somebody", "answers.purpose": ""})
        page = self.words(answer)
        self.assertIn("<title>Error: Details", page)
        self.assertIn("Somebody", page)
        self.assertIn('href="#f-billing.reference"', page)
        self.assertIn("Give at least one care unit.", page)
        self.assertEqual(self.opens(self.kari, details).status_code, 200)  # a reload sends nothing
        draft.refresh_from_db()
        self.assertEqual(draft.contact["name"], "Somebody")

    def test_a_box_left_empty_asks_to_be_ticked(self):
        vow = {"name": "vow", "label": {"en": "We have an agreement"}, "kind": "check"}
        Form.objects.add(self.operator, "npo", {"fields": [vow]})
        draft = self.a_draft(answers={"vow": False})
        details = f"/orders/{draft.case.number}/details/"
        for language, words in (
            ("sv", "Kryssa i rutan för att gå vidare."),
            ("nb", "Kryss av i ruten for å gå videre."),
            ("en", "Tick the box to go on."),
        ):
            self.kari.speak(language)
            self.opens(self.kari, details)
            page = self.words(self.presses(details))
            self.assertIn(words, page)
            self.assertIn('href="#f-answers.vow"', page)
            path = f"cases/{draft.case.number}/send"
            told = self.as_api(self.kari, "post", path, {"accept_terms": True}, **{"If-Match": "*"})
            self.assertEqual(told.status_code, 422)
            faults = {row["field"]: row["text"] for row in told.json()["errors"]}
            self.assertEqual(faults["answers.vow"], words)

    def test_new_terms_are_read_before_the_order_is_sent(self):
        draft = self.a_draft()
        check = f"/orders/{draft.case.number}/check/"
        self.opens(self.kari, check)
        terms = {"title": {"en": "Terms"}, "text": {"en": "Be better still."}}
        actions.publish(
            self.operator, by=self.actor(self.siv), thing="terms", key="npo", body=terms
        )
        typed = {"accept_terms": "on", "terms_version": 1, "price_version": 1, "key": "t"}
        page = self.words(self.presses(check, **typed))
        self.assertIn("The terms have a new version. Read it before you send.", page)
        self.assertIn("version 2", page)
        draft.refresh_from_db()
        self.assertEqual(draft.state, "draft")

    def test_a_draft_is_the_customers_alone(self):
        draft = self.a_draft()
        for page in ("details", "price", "check", "offer", "agent"):
            path = f"/orders/{draft.case.number}/{page}/"
            self.opens(self.kari, path)
            self.opens(self.liv, path, 403)
            self.opens(self.per, path, 404)
            self.opens(self.ola, path, 404)

    def test_an_open_order_of_the_same_kind_is_mentioned(self):
        first, draft = self.a_sent_order(), self.a_draft()
        page = self.words(self.opens(self.kari, f"/orders/{draft.case.number}/price/"))
        self.assertIn(first.case.number, page)
        self.assertIn("another startup fee", page)


class OrderPageTest(PagesTest):
    def test_each_sees_who_has_the_ball(self):
        order = self.a_sent_order()
        path = f"/orders/{order.case.number}/"
        page = self.words(self.opens(self.kari, path))
        self.assertIn("Waits for The agent: Agent handler is to review the order.", page)
        self.assertIn("Then: attest at The agent, then attest at your organisation.", page)
        page = self.words(self.opens(self.ola, path))
        self.assertIn("Your turn: review.", page)
        self.assertIn(f"/orders/{order.case.number}/review/", page)
        self.opens(self.per, path, 404)

    def test_the_other_partys_own_is_not_there(self):
        order = self.an_approved_order()
        actions.note(order, by=self.actor(self.ola), text="agents inner note")
        actions.note(self.again(order), by=self.actor(self.kari), text="customers inner note")
        for path in (f"/orders/{order.case.number}/", f"/orders/{order.case.number}/whole/"):
            theirs = self.words(self.opens(self.ola, path))
            ours = self.words(self.opens(self.kari, path))
            for mark in (money.text(CUSTOMER_MARK), "8765", "customers inner note"):
                self.assertIn(mark, ours)
                self.assertNotIn(mark, theirs)
            for mark in (money.text(AGENT_MARK), "8123", "agents inner note"):
                self.assertIn(mark, theirs)
                self.assertNotIn(mark, ours)

    def test_opening_reads_its_notices(self):
        order = self.a_sent_order()
        mine = self.ola.notice_set.filter(case_number=order.case.number)
        self.assertTrue(mine.unread().exists())
        self.opens(self.ola, f"/orders/{order.case.number}/")
        self.assertFalse(mine.unread().exists())

    def test_the_page_that_opens_it_and_all_open_tabs_count_one_less(self):
        first, second = self.a_sent_order(), self.a_sent_order()
        self.client.force_login(self.ola)
        for order, left in ((first, "<title>(1) "), (second, "<title>NPÖ")):
            with CaptureQueriesContext(connection) as asked:
                page = self.words(self.client.get(f"/orders/{order.case.number}/"))
            self.assertEqual(sum("pg_notify" in one["sql"] for one in asked), 1)
            self.assertIn(left, page)
        self.assertNotIn("bell-count", page)
        with CaptureQueriesContext(connection) as asked:
            self.client.get(f"/orders/{order.case.number}/")
        self.assertFalse([one for one in asked if "pg_notify" in one["sql"]])

    def test_who_comes_by_the_letter_of_a_turn_that_is_over_reads_who_decided(self):
        olle = self.person("olle", self.agent, "agent_handler", "service:npo")
        order = self.an_approved_order()
        answer = self.opens(olle, f"/cases/{order.case.number}/")
        self.assertRegex(self.words(answer), r"Already handled by Ola Test \d\d\.\d\d\.")
        for person in (self.ola, self.eva, self.kari):
            page = self.words(self.opens(person, f"/orders/{order.case.number}/"))
            self.assertNotIn('<div class="flash', page.partition("<main")[2], person)
        actions.send_back(order, by=self.actor(self.eva), note="Please choose Uno instead.")
        page = self.words(self.opens(olle, f"/orders/{order.case.number}/"))
        self.assertNotIn("Already handled by", page.partition("deeds-now")[0])

    def test_a_rejected_order_is_copied_and_corrected_once(self):
        order = self.a_sent_order()
        self.does(self.ola, order, "reject", note="The units are not right.")
        path = f"/orders/{order.case.number}/"
        page = self.words(self.opens(self.kari, path))
        self.assertIn("Rejected by The agent", page)
        self.assertIn("The units are not right.", page)
        self.assertIn("Never came to be", page)
        for _turn in range(2):
            answer = self.presses(f"{path}copy/", key="c")
            self.assertIn("Details", self.words(answer))
        self.assertEqual(Order.objects.count(), 2)
        copied = Order.objects.get(copied_from=order.case)
        page = self.words(self.opens(self.kari, f"/orders/{copied.case.number}/"))
        self.assertIn(f"Copied from {order.case.number} and corrected", page)

    def test_what_is_missing_names_its_question_and_an_agent_that_cannot_be_chosen_is_barred(self):
        draft = self.a_draft()
        labels = [said(f.label) for f in draft.form.read.fields if f.required]
        path = f"/orders/{draft.case.number}/check/"
        self.assertNotIn("cannot be chosen now", self.words(self.opens(self.kari, path)))
        Order.objects.filter(pk=draft.pk).update(answers={})
        Standing.objects.filter(organisation=self.agent, what="agent").end()
        page = self.words(self.opens(self.kari, path))
        self.assertTrue(labels)
        for label in labels:
            self.assertRegex(
                page, rf">{re.escape(str(escape(label)))}: (Fill this in|Tick the box)"
            )
        self.assertIn("The agent cannot be chosen now. Choose another agent", page)
        self.assertIn("Has no engagement for this service. Ada Test can help.", page)

    def test_what_the_other_party_pays_is_said_to_be_theirs_alone(self):
        order = self.a_sent_order()
        only = "What {0} pays, and its invoice details, are shown only to {0}."
        for person, theirs in ((self.kari, "The agent"), (self.ola, "The customer")):
            page = self.words(self.opens(person, f"/orders/{order.case.number}/"))
            self.assertIn(only.format(theirs), page)
            self.assertEqual(page.count("shown only to"), 1)

    def test_a_note_is_written_once(self):
        order = self.a_sent_order()
        path = f"/orders/{order.case.number}/"
        self.opens(self.kari, path)
        for _turn in range(2):
            self.presses(f"{path}note/", text="Remember the ward.", key="n")
        self.assertEqual(order.case.message_set.count(), 1)

    def test_the_connection_is_begun_and_reported_from_the_page(self):
        order = self.an_attested_order()
        path = f"/orders/{order.case.number}/"
        page = self.words(self.opens(self.ola, path))
        self.assertIn("Ola Test", page)
        self.assertIn("Your turn: begin the technical connection.", page)
        self.presses(f"{path}start/")
        page = self.words(self.presses(f"{path}connected/"))
        self.assertIn("The service is active.", page)
        late = self.words(self.presses(f"{path}start/"))
        self.assertRegex(late, r"Already handled by Ola Test \d\d\.\d\d\.")
        page = self.words(self.opens(self.kari, path))
        self.assertNotIn("Told: Ola", page)

    def test_evidence_is_for_the_signers_own_organisation(self):
        order = self.an_approved_order()
        signature = self.signature(self.ola)
        path = f"/orders/{order.case.number}/evidence/{signature.pk}/"
        answer = self.opens(self.eva, path)
        self.assertEqual(answer.json()["document"], signature.document)
        self.opens(self.kari, path, 404)
        self.assertNotIn(
            "Download the evidence",
            self.words(self.opens(self.kari, f"/orders/{order.case.number}/")),
        )

    def test_an_order_with_twenty_events_opens_in_ten_statements(self):
        order = self.an_approved_order()
        for turn in range(20):
            actions.note(self.again(order), by=self.actor(self.kari), text=f"Note {turn}")
        for person in (self.kari, self.ola, self.liv, self.kim):
            self.client.force_login(person)
            with CaptureQueriesContext(connection) as asked:
                self.client.get(f"/orders/{order.case.number}/")
            said = "\n".join(one["sql"][:160] for one in asked)
            self.assertLessEqual(len(asked), 10, f"{person}:\n{said}")

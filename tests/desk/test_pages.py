"""Home, My approvals, Cases, search and Orders from customers: for whom, and what they cost."""

import re
from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

from django.apps import apps

from ombud.cases import turns
from ombud.desk import waiting
from ombud.lib import clock, counts
from ombud.people import hats
from ombud.people.models import Membership, Notice, StandIn
from tests.desk.doors import DoorTest

PAGES = """/ /approvals/ /approvals/?view=decided /cases/ /cases/?view=action /cases/?view=updated
    /search/?q=npo /notices/ /organisation/ /me/""".split()


class TestEverybody(DoorTest):
    def test_every_page_opens_for_every_person(self):
        self.a_sent_order()
        for person in (self.kari, self.liv, self.adam, self.ola, self.eva, self.siv, self.kim):
            self.enter(person)
            for path in PAGES:
                self.read(path)

    def test_anonymous_is_led_to_the_login_and_back(self):
        order = self.a_sent_order()
        for path in (*PAGES, "/agent/orders/", f"/cases/{order.case.number}/?as=5560000043"):
            answer = self.client.get(path)
            self.assertEqual(answer.status_code, 302)
            self.assertTrue(answer["Location"].startswith("/login/"), path)
            if path != "/":
                self.assertIn("next=%2F", answer["Location"])

    def test_ten_fetches_by_a_scanner_change_nothing(self):
        order = self.a_sent_order()
        before = self.everything()
        for _ in range(10):
            self.client.get(f"/cases/{order.case.number}/?as=5560000043")
            self.client.get("/approvals/?as=5560000043")
            self.client.get("/notices/1/")
            self.client.get("/login/")
        self.assertEqual(self.everything(), before)

    def everything(self):
        counted = [model._default_manager.count() for model in self.models()]
        return counted, list(self.notices().values_list("pk", "read_at").order_by("pk"))

    def models(self):
        return [m for m in apps.get_models() if m._meta.managed and m._meta.app_label != "auth"]

    def notices(self):
        return Notice.objects

    def test_a_newcomer_without_a_role_reads_whom_to_ask(self):
        nils = self.person("nils", self.customer, "contact")
        nils.grant_set.all().delete()
        for path in ("/", "/approvals/", "/cases/"):
            page = self.page(nils, path)
            self.assertIn("You have no role here yet", page)
            self.assertIn("Adam Test", page)

    def test_somebody_of_no_organisation_gets_a_friendly_page(self):
        Membership.objects.filter(person=self.per).update(until_at=clock.now())
        page = self.page(self.per, "/")
        self.assertIn("You belong to no organisation yet", page)
        self.read("/me/")
        self.read("/cases/")
        self.assertEqual(self.client.get("/organisation/").status_code, 403)


class TestCounts(DoorTest):
    def test_every_count_stops_at_a_hundred_and_says_so(self):
        """Under the hat that is worn and under the others, in bell, rail, lists and titles."""
        Membership.objects.create(person=self.ola, organisation=self.stranger)
        self.many(self.ola, self.agent)
        with self.stopping_at(2):
            self.enter(self.ola, self.agent)
            pages = "".join(self.read(path) for path in PAGES)
            self.enter(self.ola, self.stranger)
            elsewhere = self.read("/approvals/")
        for words in ("2+ new", "To do (2+)", "Action required (2+)"):
            self.assertIn(words, pages)
        self.assertIn("2+ wait at The agent", elsewhere)
        self.assertIn("2+ wait</span>", elsewhere)
        self.assertNotRegex(pages + elsewhere, r"\b[34] (new|waits? at|wait<)")

    @contextmanager
    def stopping_at(self, number):
        with (
            mock.patch.object(counts, "CAP", number),
            mock.patch.object(turns, "CAP", number),
            mock.patch.object(hats, "MOST", number + 1),
        ):
            yield

    def many(self, person, organisation):
        for _ in range(4):
            self.a_sent_order()
        self.assertEqual(Notice.objects.of(person, organisation).unread().count(), 4)


class TestApprovals(DoorTest):
    def test_says_verb_order_customer_and_due(self):
        order = self.a_sent_order()
        page = self.page(self.ola, "/approvals/")
        self.assertIn("1 waits for you", page)
        for words in ("Review", "NPÖ via The agent", "The customer", order.case.number, "By "):
            self.assertIn(words, page)

    def test_the_late_come_first(self):
        first, second = self.a_sent_order(), self.a_sent_order()
        late = clock.now() - timedelta(days=2)
        second.case.turn_set.filter(until=None).update(due_at=late)
        page = self.page(self.ola, "/approvals/")
        self.assertLess(page.index(second.case.number), page.index(first.case.number))
        self.assertIn("Late by 2 days", page)

    def test_what_is_decided_leaves_the_list_and_stands_under_decided(self):
        order = self.an_approved_order()
        self.assertNotIn(order.case.number, self.page(self.ola, "/approvals/"))
        page = self.page(self.ola, "/approvals/?view=decided")
        self.assertIn(order.case.number, page)
        self.assertIn("Approved", page)

    def test_who_stands_in_sees_for_whom(self):
        order = self.a_sent_order()
        StandIn.objects.create(person=self.ada, instead_of=self.ola, organisation=self.agent)
        page = self.page(self.ada, "/approvals/")
        self.assertIn(order.case.number, page)
        self.assertIn("in the place of Ola Test", page)

    def test_what_waits_under_another_hat_is_told_with_a_switch(self):
        self.a_sent_order()
        Membership.objects.create(person=self.ola, organisation=self.stranger)
        self.enter(self.ola, self.stranger)
        page = self.read("/approvals/")
        self.assertIn("1 waits at The agent", page)
        self.assertIn("/switch/", page)

    def test_search_and_filter_narrow_and_say_when_nothing_fits(self):
        order = self.a_sent_order()
        self.enter(self.ola)
        number = order.case.number
        for query in (f"q={number.lower()}.", "q=customer", "service=npo", "deed=review"):
            self.assertIn(f'id="row-{number}"', self.read(f"/approvals/?{query}"), query)
        for query in ("q=nothing", "service=x", "deed=attest", "customer=1"):
            page = self.read(f"/approvals/?{query}")
            self.assertNotIn(f'id="row-{number}"', page)
            self.assertIn("No hits", page)

    def test_sorts_by_every_header_and_says_so(self):
        self.a_sent_order()
        self.enter(self.ola)
        for sort in waiting.SORTS:
            self.assertIn('aria-sort="ascending"', self.read(f"/approvals/?sort={sort}"))
            self.assertIn('aria-sort="descending"', self.read(f"/approvals/?sort=-{sort}"))
        self.read("/approvals/?sort=nonsense&cursor=nonsense&q=%00")

    def test_pages_by_cursor_show_each_once(self):
        for _ in range(27):
            self.a_sent_order()
        self.enter(self.ola)
        for sort in ("due", "since", "-customer"):
            first = self.read(f"/approvals/?sort={sort}")
            following = re.search(r'rel="next" href="([^"]+)"', first)
            second = self.read(following[1].replace("&amp;", "&"))
            rows = re.findall(r'id="row-(\w+)"', first + second)
            self.assertEqual((len(rows), len(set(rows))), (27, 27))

    def test_empty_says_when_something_will_come(self):
        self.assertIn("Nothing waits for you right now", self.page(self.ola, "/approvals/"))

    def test_costs_six_statements_however_long_it_is(self):
        for _ in range(27):
            self.a_sent_order()
        self.enter(self.ola)
        for path in ("/approvals/", "/approvals/?q=customer&sort=-title"):
            self.assertLessEqual(len(self.asked(path)), 6)
        self.assertLessEqual(len(self.asked("/approvals/?view=decided")), 6)

    def test_nobody_else_sees_it(self):
        order = self.a_sent_order()
        for person in (self.per, self.eva, self.liv, self.kim):
            self.assertNotIn(order.case.number, self.page(person, "/approvals/"))


class TestOneCount(DoorTest):
    def test_list_tab_rail_and_action_required_never_differ(self):
        self.a_sent_order()
        self.an_approved_order()
        self.an_order_at_its_last_attest()
        self.an_attested_order()
        for person in (self.kari, self.liv, self.ola, self.eva, self.ada, self.kim):
            actor = self.actor(person)
            number = turns.count(actor)
            self.assertEqual(len(waiting.of(actor, waiting.Asked())[0]), number)
            page = self.page(person, "/approvals/")
            self.assertEqual(len(re.findall(r'id="row-', page)), number)
            self.assertIn(f"To do ({number})", page)
            self.assertEqual(self.in_rail(page), number)
            cases = self.read("/cases/?view=action")
            self.assertIn(f"Action required ({number})", cases)
            self.assertEqual(len(re.findall(r'id="row-', cases)), number)

    def in_rail(self, page):
        found = re.search(r'href="/approvals/".*?</a>', page, re.S)
        said = re.search(r"(\d+)</span></a>", found[0])
        return int(said[1]) if said else 0


class TestCases(DoorTest):
    def test_views_kinds_and_states_narrow(self):
        order = self.a_sent_order()
        draft = self.a_draft()
        self.enter(self.kari)
        page = self.read("/cases/")
        self.assertIn(order.case.number, page)
        self.assertIn("The agent: Agent handler", page)
        page = self.read("/cases/?state=order.draft")
        self.assertIn(draft.case.number, page)
        self.assertNotIn(order.case.number, page)
        self.assertIn("No hits", self.read("/cases/?kind=servicecase"))
        self.read("/cases/?state=order.nonsense&kind=nonsense&view=nonsense&cursor=x")

    def test_updated_holds_what_moved_since_it_was_opened(self):
        order = self.a_sent_order()
        self.enter(self.ola)
        self.assertIn(order.case.number, self.read("/cases/?view=updated"))
        self.client.get(f"/orders/{order.case.number}/")
        self.assertNotIn(order.case.number, self.read("/cases/?view=updated"))

    def test_costs_six_statements(self):
        for _ in range(3):
            self.a_sent_order()
        self.enter(self.ola)
        for path in ("/cases/", "/cases/?view=updated", "/cases/?view=action"):
            self.assertLessEqual(len(self.asked(path)), 6, path)

    def test_a_number_in_any_dress_leads_to_its_page(self):
        number = self.a_sent_order().case.number
        self.enter(self.ola)
        for typed in (number, f" {number.lower()}. ", f"{number[:4]} {number[4:]}"):
            answer = self.client.get("/search/", {"q": typed})
            self.assertRedirects(answer, f"/orders/{number}/", fetch_redirect_response=False)
        self.assertIn("No hits", self.page(self.per, f"/search/?q={number}"))

    def test_search_finds_by_words_only_what_one_sees(self):
        order = self.a_sent_order()
        self.assertIn(order.case.number, self.page(self.ola, "/search/?q=ward+two"))
        self.assertNotIn(order.case.number, self.page(self.per, "/search/?q=ward+two"))


class TestDeepLink(DoorTest):
    def setUp(self):
        super().setUp()
        self.number = self.a_sent_order().case.number

    def test_a_link_leads_to_the_page_of_its_kind(self):
        self.enter(self.ola)
        answer = self.client.get(f"/cases/{self.number}/?as=5560000043")
        self.assertRedirects(answer, f"/orders/{self.number}/", fetch_redirect_response=False)

    def test_a_stranger_finds_nothing_whatever_the_link_says(self):
        self.enter(self.per)
        for end in ("", "?as=5560000043", "?as=5560000076"):
            self.assertEqual(self.client.get(f"/cases/{self.number}/{end}").status_code, 404)

    def test_another_hat_is_named_and_the_switch_offered_but_not_made(self):
        Membership.objects.create(person=self.ola, organisation=self.stranger)
        self.enter(self.ola, self.stranger)
        page = self.read(f"/cases/{self.number}/?as=5560000043")
        self.assertIn("Switch to The agent", page)
        self.assertEqual(self.client.session["organisation"], self.stranger.pk)
        answer = self.client.post(
            "/switch/", {"organisation": self.agent.pk, "next": f"/cases/{self.number}/"}
        )
        self.assertRedirects(answer, f"/cases/{self.number}/", fetch_redirect_response=False)
        self.assertEqual(self.client.session["organisation"], self.agent.pk)

    def test_a_list_under_another_hat_offers_the_switch_before_it_refuses(self):
        Membership.objects.create(person=self.ola, organisation=self.customer)
        self.enter(self.ola, self.customer)
        self.client.get("/agent/orders/")
        for path in ("/agent/orders/", "/engagements/", "/cases/", "/approvals/"):
            page = self.read(f"{path}?as=5560000043&view=all")
            self.assertIn("Switch to The agent", page, path)
            self.assertIn(f'value="{path}?view=all"', page)
            for other in ("5560000076", "nonsense"):  # not the person's: as if nothing were said
                told = self.client.get(f"{path}?as={other}").status_code
                self.assertEqual(told, self.client.get(path).status_code, path)
        self.assertEqual(self.client.get("/agent/orders/?as=5560000076").status_code, 404)
        self.enter(self.ola, self.agent)
        for path in ("/agent/orders/", "/engagements/", "/cases/"):
            self.assertNotIn("Switch to The agent", self.read(f"{path}?as=5560000043"))

    def test_a_page_of_a_kind_under_the_wrong_hat_offers_the_switch_too(self):
        Membership.objects.create(person=self.ola, organisation=self.stranger)
        self.enter(self.ola, self.stranger)
        self.assertIn("Switch to The agent", self.read(f"/orders/{self.number}/", status=404))

    def test_survives_login_by_password_under_the_hat_it_names(self):
        Membership.objects.create(person=self.ola, organisation=self.stranger)
        link = f"/cases/{self.number}/?as=5560000043"
        answer = self.client.get(link)
        page = self.client.get(answer["Location"]).content.decode()
        self.assertIn(f'name="next" value="{link}"', page)
        answer = self.client.post("/login/", {"login": "ola", "password": "pw", "next": link})
        self.assertRedirects(answer, link, fetch_redirect_response=False)
        self.assertEqual(self.client.session["organisation"], self.agent.pk)
        self.assertRedirects(
            self.client.get(link), f"/orders/{self.number}/", fetch_redirect_response=False
        )


class TestAgentOrders(DoorTest):
    def test_holds_every_order_of_the_agent_in_all_states(self):
        sent, attested = self.a_sent_order(), self.an_attested_order()
        direct = self.a_sent_order("npo-direct")
        page = self.page(self.ola, "/agent/orders/")
        self.assertIn(sent.case.number, page)
        self.assertIn(attested.case.number, page)
        self.assertIn("The customer", page)
        self.assertNotIn(direct.case.number, page)
        self.assertNotIn("CS0", page)

    def test_filters_by_whom_it_waits_for_and_by_service(self):
        sent, last = self.a_sent_order(), self.an_order_at_its_last_attest()
        for person in (self.ola, self.ada):
            self.enter(person)
            ours = self.read("/agent/orders/?waits=us&service=npo")
            self.assertIn(sent.case.number, ours)
            self.assertNotIn(last.case.number, ours)
            self.assertIn(last.case.number, self.read("/agent/orders/?waits=customer"))
            self.assertIn("No hits", self.read("/agent/orders/?service=other"))

    def test_is_for_agents_and_within_the_scope_given(self):
        self.enter(self.kari)
        self.assertEqual(self.client.get("/agent/orders/").status_code, 404)
        order = self.a_sent_order()
        other = self.person("olle", self.agent, "agent_handler", "service:other")
        self.assertNotIn(order.case.number, self.page(other, "/agent/orders/"))
        self.assertNotIn(order.case.number, self.page(other, "/agent/orders/?service=npo"))

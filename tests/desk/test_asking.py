"""Asking for a role from where it was lacking, and answering: pages and programs alike."""

import re

from ombud.people import actions
from ombud.people.models import Ask, Grant, Notice
from tests.desk.doors import DoorTest

ASK = "Ask Adam Test for the role"
LIV = {"person": "liv", "role": "orderer"}


class PageTest(DoorTest):
    def presses(self, page):
        """The first asking form of a page, sent as it stands."""
        form = re.search(r'<form[^>]*class="ask">.*?</form>', page, re.S)[0]
        fields = dict(re.findall(r'name="(role|next)" value="([^"]*)"', form))
        return self.client.post("/organisation/ask/", fields)

    def test_one_press_on_the_checklist_and_back_to_it(self):
        page = self.page(self.liv, "/orders/new/?q=N")
        self.assertIn(ASK, page)
        answer = self.presses(page)
        self.assertRedirects(answer, "/orders/new/?q=N", fetch_redirect_response=False)
        page = self.read("/orders/new/?q=N")
        self.assertIn("You have asked Adam Test.", page)
        self.assertRegex(page, r"You asked Adam Test today \d\d\.\d\d\.")
        self.assertNotIn(ASK, page)
        self.assertEqual(Ask.objects.get().person, self.liv)

    def test_a_refusal_has_the_button_too_and_leads_back(self):
        self.enter(self.liv)
        answer = self.client.get("/orders/new/npo/")
        self.assertContains(answer, ASK, status_code=403)
        answer = self.presses(answer.content.decode())
        self.assertRedirects(answer, "/orders/new/npo/", fetch_redirect_response=False)

    def test_a_refused_form_leads_back_to_the_page_it_stood_on(self):
        draft = self.a_draft()
        self.enter(self.liv)
        here = {"referer": "http://testserver/organisation/"}
        path = f"/orders/{draft.case.number}/details/"
        answer = self.client.post(path, {}, headers=here)
        self.assertContains(answer, 'name="next" value="/organisation/"', status_code=403)

    def test_a_second_press_says_when_it_was_asked(self):
        page = self.page(self.liv, "/orders/new/")
        self.presses(page)
        self.presses(page)
        page = self.read("/organisation/")
        self.assertRegex(page, r"You asked Adam Test today \d\d\.\d\d\.")
        self.assertEqual(Ask.objects.count(), 1)

    def test_nobody_is_asked_in_another_organisation(self):
        order = self.a_sent_order()
        page = self.page(self.ola, f"/orders/{order.case.number}/")
        self.assertIn("You lack the role Orderer at The customer.", page)
        self.assertNotIn('value="orderer"', page)

    def test_an_administrator_gives_the_own_role_instead(self):
        page = self.page(self.adam, "/orders/new/")
        self.assertIn("Give yourself the role", page)
        self.assertNotIn(ASK, page)
        given = self.read("/organisation/grant/?person=adam&role=orderer")
        self.assertRegex(given, r'value="orderer"[^>]*checked')

    def test_every_role_can_be_asked_for_where_they_are_listed(self):
        page = self.page(self.liv, "/organisation/")
        self.assertIn("Ask for a role", page)
        self.assertEqual(page.count('class="ask"'), 3)  # all but the own
        self.assertNotIn('id="ask"', self.page(self.adam, "/organisation/"))

    def test_the_administrator_finds_the_task_and_gives(self):
        actions.ask_for_role(self.customer, by=self.actor(self.liv), role="orderer")
        notice = Notice.objects.get(person=self.adam)
        self.enter(self.adam)
        answer = self.client.get(f"/notices/{notice.pk}/")
        self.assertEqual(answer["Location"], "/organisation/?as=5560000019#asked")
        page = self.read("/organisation/")
        self.assertIn("Liv Test wants the role Orderer", page)
        self.client.post("/organisation/grant/", LIV)
        self.assertTrue(Grant.objects.filter(person=self.liv, role="orderer").exists())
        self.assertNotIn("wants the role", self.read("/organisation/"))
        self.assertIn("You now hold the role Orderer", self.page(self.liv, "/notices/"))

    def test_a_role_for_services_is_given_on_its_form(self):
        actions.ask_for_role(self.agent, by=self.actor(self.eva), role="agent_handler")
        page = self.page(self.ada, "/organisation/")
        self.assertIn("/organisation/grant/?person=eva&amp;role=agent_handler", page)

    def test_a_no_has_a_page_with_room_for_a_reason(self):
        actions.ask_for_role(self.customer, by=self.actor(self.liv), role="orderer")
        self.enter(self.adam)
        self.assertIn(
            "Say no to Liv Test", self.read("/organisation/decline/?person=liv&role=orderer")
        )
        self.client.post("/organisation/decline/", {**LIV, "note": "Kari orders for us."})
        page = self.page(self.liv, "/orders/new/")
        self.assertIn("Why: Kari orders for us.", page)
        self.assertNotIn('class="ask"', page)
        self.enter(self.adam)
        again = self.client.post("/organisation/decline/", LIV)
        self.assertContains(again, "Nobody waits for an answer", status_code=409)
        answer = self.client.get("/organisation/decline/?person=liv&role=orderer")
        self.assertRedirects(answer, "/organisation/", fetch_redirect_response=False)
        self.assertIn("said no when Liv Test asked", self.read("/organisation/journal/"))

    def test_others_neither_see_nor_answer(self):
        actions.ask_for_role(self.customer, by=self.actor(self.liv), role="orderer")
        self.assertNotIn("wants the role", self.page(self.kari, "/organisation/"))
        for person in (self.kari, self.per):
            self.enter(person)
            answer = self.client.post("/organisation/decline/", LIV)
            self.assertEqual(answer.status_code, 403)
            page = self.client.get("/organisation/decline/", LIV).content.decode()
            self.assertNotIn("Liv Test", page)

    def test_a_link_of_another_hat_offers_the_switch(self):
        self.joins(self.adam, self.stranger)
        self.enter(self.adam, self.stranger)
        self.assertIn("belongs to The customer", self.read("/organisation/?as=5560000019"))

    def test_costs_few_statements(self):
        for role in ("orderer", "contact", "administrator"):
            actions.ask_for_role(self.customer, by=self.actor(self.liv), role=role)
        self.enter(self.adam)
        self.assertLessEqual(len(self.asked("/organisation/")), 13)
        self.enter(self.liv)
        self.assertLessEqual(len(self.asked("/organisation/")), 13)
        self.assertLessEqual(len(self.asked("/orders/new/")), 18)


class ApiTest(DoorTest):
    def does(self, person, name, body, status=201):
        told = self.as_api(person, "post", f"actions/{name}", body)
        self.assertEqual(told.status_code, status, told.content)
        return told.json()

    def test_asked_and_given(self):
        reason = self.as_api(
            self.liv, "post", "actions/start_order", {"offer": "npo-direct"}
        ).json()
        reason = reason["reasons"][0]
        self.assertEqual((reason["code"], reason["who"]), ("not_orderer", "Adam Test"))
        told = self.does(self.liv, "ask_for_role", {"role": "orderer"})
        self.assertEqual(told["verb"], "person.asked")
        (notice,) = self.as_api(self.adam, "get", "notices").json()["items"]
        self.assertEqual(notice["subject"], "Liv Test wants the role Orderer")
        (asked,) = self.as_api(self.adam, "get", notice["href"].removeprefix("/api/v1/")).json()[
            "items"
        ]
        self.assertEqual((asked["username"], asked["role"]), ("liv", "orderer"))
        self.does(self.adam, "grant", {"person": asked["username"], "role": asked["role"]})
        subjects = [n["subject"] for n in self.as_api(self.liv, "get", "notices").json()["items"]]
        self.assertEqual(subjects, ["You now hold the role Orderer at The customer"])

    def test_asked_twice_is_409_and_says_when(self):
        self.does(self.liv, "ask_for_role", {"role": "orderer"})
        told = self.does(self.liv, "ask_for_role", {"role": "orderer"}, 409)
        self.assertRegex(told["reasons"][0]["text"], r"You asked Adam Test today \d\d\.\d\d\.")

    def test_declined_and_by_nobody_else(self):
        self.does(self.liv, "ask_for_role", {"role": "orderer"})
        for person in (self.kari, self.liv, self.per):
            self.does(person, "decline_role", LIV, 403)
        self.does(self.ada, "decline_role", LIV, 409)  # at the agent nobody has asked
        self.assertEqual(self.as_api(self.kari, "get", "roles/asked").json()["items"], [])
        self.assertEqual(len(self.as_api(self.liv, "get", "roles/asked").json()["items"]), 1)
        self.does(self.adam, "decline_role", {**LIV, "note": "Not now."})
        self.does(self.adam, "decline_role", LIV, 409)
        self.does(self.adam, "decline_role", {"person": "liv", "role": "king"}, 422)

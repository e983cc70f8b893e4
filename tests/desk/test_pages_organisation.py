"""Who holds what: seen by everybody of the organisation, changed by its administrators."""

from ombud.people.models import Grant, Person, Registration
from tests.desk.doors import DoorTest

ROLE = {"person": "eva", "role": "agent_handler", "scope": "service:npo"}


class TestRoles(DoorTest):
    def test_everybody_reads_who_holds_what_and_only_administrators_get_the_buttons(self):
        page = self.page(self.ola, "/organisation/")
        for words in ("Ola Test", "Agent handler", "NPÖ", "Eva Test", "Ada Test"):
            self.assertIn(words, page)
        self.assertNotIn("/organisation/revoke/", page)
        self.assertIn("Only an administrator gives and takes roles.", page)
        self.assertIn("/organisation/revoke/", self.page(self.ada, "/organisation/"))

    def test_shows_nobody_of_another_organisation(self):
        self.assertNotIn("Kari Test", self.page(self.ada, "/organisation/"))

    def test_a_role_takes_effect_at_the_next_request(self):
        order = self.a_sent_order()
        theirs, ours = self.client_class(), self.client
        theirs.force_login(self.eva, backend="allauth.account.auth_backends.AuthenticationBackend")
        address = f"/orders/{order.case.number}/"
        self.assertEqual(theirs.get(address).status_code, 404)
        self.enter(self.ada)
        self.assertEqual(ours.post("/organisation/grant/", ROLE).status_code, 302)
        self.assertEqual(theirs.get(address).status_code, 200)
        self.assertIn(order.case.number, theirs.get("/approvals/").content.decode())
        ours.post("/organisation/revoke/", ROLE)
        self.assertEqual(theirs.get(address).status_code, 404)

    def test_giving_a_role_that_signs_to_an_account_without_e_id_warns(self):
        self.person("nils", self.agent, "contact")
        Person.objects.filter(username="nils").update(personal_index="", personal_sealed="")
        self.enter(self.ada)
        told = "Nils Test cannot sign: the account is not tied to a BankID yet."
        for role, warns in (("attestant", True), ("engagement_orderer", False)):
            typed = {"person": "nils", "role": role}
            answer = self.client.post("/organisation/grant/", typed, follow=True)
            self.assertEqual(told in answer.content.decode(), warns, role)
        typed = {"person": "ola", "role": "attestant"}
        answer = self.client.post("/organisation/grant/", typed, follow=True)
        self.assertNotIn("cannot sign", answer.content.decode())
        listed = self.as_api(self.ada, "get", "people").json()["items"]
        able = {one["username"]: one["can_sign"] for one in listed}
        self.assertEqual((able["nils"], able["ola"]), (False, True))

    def test_a_handler_without_a_service_is_refused_in_words(self):
        self.enter(self.ada)
        answer = self.client.post("/organisation/grant/", {**ROLE, "scope": ""})
        self.assertContains(answer, "Choose the services this role is for.", status_code=422)
        self.assertContains(answer, "selected>Eva Test", status_code=422)
        self.assertContains(answer, 'id="f-scope-error"', status_code=422)

    def test_a_scope_that_is_not_there_is_refused_at_its_field(self):
        for scope in ("foo", "service:nonexist", "service:npo/source:none", "*", ""):
            told = self.as_api(self.ada, "post", "actions/grant", {**ROLE, "scope": scope})
            self.assertEqual(told.status_code, 422, scope)
            self.assertEqual([one["field"] for one in told.json()["errors"]], ["scope"], scope)
        role = {**ROLE, "role": "contact", "scope": "service:nonexist"}
        self.assertEqual(self.as_api(self.ada, "post", "actions/grant", role).status_code, 422)
        self.assertFalse(Grant.objects.filter(person=self.eva).exclude(role="attestant").exists())
        told = self.as_api(self.eva, "post", "actions/grant", {**ROLE, "scope": "foo"})
        self.assertEqual(told.status_code, 403)
        told = self.as_api(self.ada, "post", "actions/grant", ROLE)
        self.assertEqual(told.status_code, 201, told.content)

    def test_a_role_that_takes_no_scope_is_given_for_none(self):
        for role in ("administrator", "attestant", "contact", "engagement_orderer"):
            typed = {"person": "ola", "role": role, "scope": "service:npo"}
            told = self.as_api(self.ada, "post", "actions/grant", typed)
            self.assertEqual(told.status_code, 422, role)
            self.assertEqual([one["field"] for one in told.json()["errors"]], ["scope"], role)
        self.assertEqual(Grant.objects.filter(person=self.ola).count(), 1)
        typed = {"person": "ola", "role": "contact", "scope": "*"}
        told = self.as_api(self.ada, "post", "actions/grant", typed)
        self.assertEqual(told.status_code, 201)

    def test_nor_is_somebody_let_in_with_one(self):
        nils = Person.objects.begin("nils", "Nils", "Ny")
        row = Registration.objects.create(person=nils, organisation=self.agent)
        typed = {"registration": row.pk, "role": "contact", "scope": "service:npo"}
        told = self.as_api(self.ada, "post", "actions/admit_person", typed)
        self.assertEqual(told.status_code, 422)
        self.assertEqual([one["field"] for one in told.json()["errors"]], ["scope"])

    def test_other_roles_are_given_for_everything_whatever_the_form_says(self):
        self.enter(self.ada)
        self.client.post("/organisation/grant/", {**ROLE, "role": "contact"})
        self.assertTrue(Grant.objects.filter(person=self.eva, role="contact", scope="*").exists())

    def test_the_last_administrator_stays(self):
        self.enter(self.ada)
        role = {"person": "ada", "role": "administrator", "scope": "*"}
        page = self.client.get("/organisation/revoke/", role).content.decode()
        self.assertIn("The last administrator stays.", page)
        answer = self.client.post("/organisation/revoke/", role)
        self.assertContains(answer, "The last administrator stays.", status_code=409)

    def test_taking_asks_first_and_a_link_takes_nothing(self):
        self.enter(self.ada)
        role = {"person": "ola", "role": "agent_handler", "scope": "service:npo"}
        self.assertIn(
            "no longer holds", self.client.get("/organisation/revoke/", role).content.decode()
        )
        self.assertTrue(Grant.objects.current().filter(person=self.ola).exists())

    def test_nobody_else_gives_takes_or_adds(self):
        for person in (self.ola, self.kari, self.per):
            self.enter(person)
            for path in ("grant", "revoke"):
                answer = self.client.post(f"/organisation/{path}/", ROLE)
                self.assertEqual(answer.status_code, 403)
            new = {"given": "Ny", "family": "Ny", "email": "ny@example.org"}
            self.assertEqual(self.client.post("/organisation/people/add/", new).status_code, 403)
            self.assertEqual(self.client.get("/organisation/journal/").status_code, 403)
        self.assertFalse(Person.objects.filter(email="ny@example.org").exists())

    def test_costs_few_statements(self):
        self.enter(self.ada)
        self.assertLessEqual(len(self.asked("/organisation/")), 13)


class TestPeople(DoorTest):
    def test_somebody_new_is_added_and_stands_as_not_yet_come(self):
        self.enter(self.ada)
        new = {"given": "Nils", "family": "Ny", "email": "nils@example.org", "phone": "0701740634"}
        answer = self.client.post("/organisation/people/add/", new)
        self.assertRedirects(answer, "/organisation/", fetch_redirect_response=False)
        page = self.read("/organisation/")
        self.assertIn("Nils Ny", page)
        self.assertIn("Has not logged in yet.", page)

    def test_faults_are_told_at_their_fields_and_nothing_is_lost(self):
        self.enter(self.ada)
        new = {"given": "Nils", "family": "", "email": "nils", "personal_number": "19121212"}
        answer = self.client.post("/organisation/people/add/", new)
        self.assertContains(answer, "There are 3 things to put right", status_code=422)
        self.assertContains(answer, 'value="Nils"', status_code=422)

    def test_the_journal_tells_it_in_sentences(self):
        self.enter(self.ada)
        self.client.post("/organisation/grant/", ROLE)
        page = self.read("/organisation/journal/")
        self.assertIn("Ada Test gave Eva Test the role Agent handler (NPÖ)", page)


class TestServiceCase(DoorTest):
    def opened(self):
        order = self.an_attested_order()
        return order, type(order.case).objects.get(kind="servicecase").number

    def test_parties_read_it_and_the_operator_closes_it(self):
        order, number = self.opened()
        for person in (self.kari, self.ola, self.kim):
            page = self.page(person, f"/service/{number}/")
            self.assertIn(order.case.number, page)
            self.assertIn("Waits for The operator" if person != self.kim else "Your turn", page)
        self.read(f"/service/{number}/close/")
        answer = self.client.post(f"/service/{number}/close/", {"note": "Connected and tried."})
        self.assertRedirects(answer, f"/service/{number}/", fetch_redirect_response=False)
        page = self.read(f"/service/{number}/")
        self.assertIn("Connected and tried.", page)
        self.assertIn("The case is closed.", page)
        self.assertNotIn(number, self.read("/approvals/"))
        again = self.client.post(f"/service/{number}/close/", {"note": "Once more."})
        self.assertRegex(again.content.decode(), r"Already closed by Kim Test \d\d\.\d\d\.")
        self.assertEqual(again.status_code, 409)

    def test_others_neither_close_it_nor_find_it(self):
        _order, number = self.opened()
        for person in (self.kari, self.ola):
            self.enter(person)
            self.assertEqual(self.client.post(f"/service/{number}/close/").status_code, 403)
        self.enter(self.per)
        for path in (f"/service/{number}/", f"/service/{number}/close/", f"/cases/{number}/"):
            self.assertEqual(self.client.get(path).status_code, 404)

    def test_a_number_leads_to_it(self):
        _order, number = self.opened()
        self.enter(self.kim)
        self.assertRedirects(self.client.get(f"/cases/{number}/"), f"/service/{number}/")

    def test_programs_close_it_too(self):
        _order, number = self.opened()
        answer = self.as_api(self.kim, "post", f"cases/{number}/close", {"note": ""})
        self.assertLess(answer.status_code, 300, answer.content)

"""What is read of ledgers and links, by whom, and what it costs."""

from django.test import Client
from django.urls import reverse

from ombud.sync import ledger
from ombud.sync.models import System
from ombud.sync.states import State
from tests.desk.doors import DoorTest
from tests.outside import sandbox
from tests.sync.echo import listening
from tests.sync.linked import LinkedCast, a_case


class LedgerPage(LinkedCast, DoorTest):
    def setUp(self):
        super().setUp()
        self.link(known={"customer_name": "Anna Ek", "customer_mobile": "0701234567"})
        self.path = reverse("sync:ledger", args=[self.case.number])

    def press(self, deed, follow=True, **typed):
        path = reverse(f"sync:{deed}", args=[self.case.number])
        return self.client.post(path, typed, follow=follow)

    def test_both_sides_stand_there_field_by_field(self):
        self.they_write(customer_name="Anna Berg")
        self.owe(customer_name="Anna Ek Berg", request_status="Sent")
        self.carry()
        page = self.page(self.kim, self.path)
        for words in (
            "Anna Ek Berg",
            "Anna Berg",
            "Anna Ek",
            "070-123 45 67",
            "Differs in 1 field",
        ):
            self.assertIn(words, page)
        self.assertIn("record 10482", page)
        self.assertIn("Let it stand writes nothing anywhere", page)
        self.assertIn("Let it stand", page)

    def test_days_sums_and_codes_are_read_in_words(self):
        at = "2026-11-20T15:04"
        self.owe(failed_reason="no_response", last_sms_at=at, approved_cost=1250.5)
        self.carry()
        page = self.page(self.kim, self.path)
        for words in ("No answer (no_response)", "20 November 2026 15.04", "1,250.5"):
            self.assertIn(words, page)
        self.assertNotIn("2026-11-20", page)

    def test_compare_now_answers_at_once(self):
        self.enter(self.kim)
        page = self.press("compare").content.decode()
        self.assertIn("both systems hold the same", page)
        self.they_write(customer_name="Anna Berg")
        page = self.press("compare").content.decode()
        self.assertIn("Differs in 1 field", page)

    def test_compare_now_says_why_it_could_not(self):
        sandbox().tell("agiloft/down", seconds=60)
        self.enter(self.kim)
        page = self.press("compare").content.decode()
        self.assertIn("could not be compared now", page)

    def test_settling_by_either_side(self):
        self.enter(self.kim)
        self.they_write(customer_name="Anna Berg")
        self.press("compare")
        told = self.press("settle", field="customer_name", take="theirs").content.decode()
        self.assertIn("The difference may stand. Both systems keep what they have.", told)
        self.assertNotIn("writes nothing", told)
        for page in (told, self.press("compare").content.decode()):
            self.assertIn("Differs, and may", page)
            self.assertIn("1 difference has been let stand.", page)
            self.assertNotIn("Differs in", page)
        self.assertIn("nothing differs but what has been let stand", page)
        self.they_write(customer_name="Anna")
        self.assertIn("Differs in 1 field", self.press("compare").content.decode())
        self.press("settle", field="customer_name", take="ours")
        self.assertEqual(self.there()["customer_name"], self.row("customer_name").ours)
        self.assertEqual(ledger.state(self.case), State.SYNCED)

    def test_what_only_goes_out_from_here_offers_only_ours(self):
        self.enter(self.kim)
        self.owe(request_status="Sent")
        self.carry()
        self.they_write(ehub_request_status="Failed")
        page = self.press("compare").content.decode()
        self.assertIn("Keep ours", page)
        self.assertNotIn("Let it stand", page)
        self.they_write(customer_name="Anna Berg")
        self.assertIn("Let it stand", self.press("compare").content.decode())

    def test_a_dead_letter_is_tried_again(self):
        self.enter(self.kim)
        self.fault("refuse", on="update")
        self.owe(request_status="Sent")
        self.carry()
        self.assertIn("Try again", self.read(self.path))
        self.press("replay")
        self.assertEqual(self.there()["ehub_request_status"], "Sent")

    def test_get_changes_nothing(self):
        self.enter(self.kim)
        before = len(sandbox().ask("journal", part="agiloft")["items"])
        self.read(self.path)
        for deed in ("compare", "replay", "settle"):
            path = reverse(f"sync:{deed}", args=[self.case.number])
            self.assertEqual(self.client.get(path).status_code, 405)
        self.assertEqual(len(sandbox().ask("journal", part="agiloft")["items"]), before)

    def test_for_everybody_else_there_is_no_ledger(self):
        for person in (self.kari, self.adam, self.per, self.siv):
            self.enter(person)
            self.assertEqual(self.client.get(self.path).status_code, 404, person)
            for deed in ("compare", "replay", "settle"):
                self.assertEqual(self.press(deed).status_code, 404)

    def test_the_customer_reads_nothing_of_it_in_the_case(self):
        for place in ("", "/events"):
            told = self.as_api(self.kari, "get", f"cases/{self.case.number}{place}").content
            for words in (b"mirror", b"10482", b"Agiloft", b"linked"):
                self.assertNotIn(words, told)
        seen = self.as_api(self.kim, "get", f"cases/{self.case.number}/events").content
        self.assertIn(b"servicecase.linked", seen)

    def test_the_same_deeds_by_the_api(self):
        def post(person, deed, **body):
            path = f"cases/{self.case.number}/{deed}"
            return self.as_api(person, "post", path, body)

        self.assertEqual(post(self.kim, "compare").status_code, 200)
        self.assertEqual(post(self.kari, "compare").status_code, 403)
        self.assertEqual(post(self.per, "compare").status_code, 404)
        self.assertEqual(post(self.kim, "replay").status_code, 409)
        self.assertEqual(post(self.kim, "settle", field="x", take="both").status_code, 422)
        self.they_write(customer_name="Anna Berg")
        self.carry()
        answer = post(self.kim, "settle", field="customer_name", take="theirs")
        self.assertEqual(answer.status_code, 200)

    def test_the_states_of_many_cases_cost_one_statement(self):
        cases = [self.case.pk, *(a_case(self.operator).case.pk for _n in range(5))]
        with self.assertNumQueries(1):
            found = ledger.states(cases)
        self.assertEqual(found, {self.case.pk: State.SYNCED})

    def test_more_fields_cost_no_more_statements(self):
        self.enter(self.kim)
        few = len(self.asked(self.path))
        self.owe(request_status="Sent", sms_count=1, brand="Nordfon", model="N1", serial="2")
        self.carry()
        self.assertLessEqual(len(self.asked(self.path)), few + 1)


class SystemPage(LinkedCast, DoorTest):
    def setUp(self):
        super().setUp()
        self.ann = self.person("ann", self.operator, "administrator")
        self.path = reverse("sync:system", args=[self.system.pk])

    def press(self, door, **typed):
        path = reverse(f"sync:{door}", args=[self.system.pk])
        return self.client.post(path, typed, follow=True)

    def test_from_the_organisations_page_to_a_link(self):
        self.assertIn(reverse("sync:systems"), self.page(self.ann, "/organisation/"))
        self.assertNotIn(reverse("sync:systems"), self.page(self.adam, "/organisation/"))
        self.assertIn(self.path, self.page(self.ann, reverse("sync:systems")))

    def test_no_secret_stands_on_any_page(self):
        self.enter(self.ann)
        secrets = [self.system.secret(name) for name in ("password", "client_secret", "hook")]
        secrets.append(self.system.state_key)
        for name in ("system", "edit", "mapping"):
            page = self.read(reverse(f"sync:{name}", args=[self.system.pk]))
            for secret in secrets:
                self.assertNotIn(secret, page)

    def test_a_new_link_is_written_verified_and_switched_on(self):
        self.enter(self.ann)
        System.objects.all().delete()
        page = self.read(reverse("sync:new"))
        self.assertIn(self.system.base_url, page)
        typed = {
            "name": "Agiloft",
            "base_url": self.system.base_url,
            "kb": "Service",
            "table": "case",
            "surface": "json",
            "login": self.system.login,
            "secret": self.system.secret("password"),
            "delay_seconds": "0",
            "probe": "10482",
        }
        wrong = self.client.post(reverse("sync:new"), {**typed, "base_url": "http://x.example"})
        self.assertEqual(wrong.status_code, 422)
        self.client.post(reverse("sync:new"), typed)
        self.system = System.objects.get()
        with listening() as ear, self.settings(WEB_URL=ear.url):
            page = self.press("verify").content.decode()
        self.assertIn("Verified. The link can be switched on.", page)
        self.press("switch", on="true")
        self.assertTrue(self.again().is_active)
        self.press("switch", on="false")
        self.assertFalse(self.again().is_on)

    def test_what_failed_stands_there_and_is_not_switched_on(self):
        self.enter(self.ann)
        sandbox().tell("agiloft/down", seconds=60)
        System.objects.update(is_on=False)
        page = self.press("verify").content.decode()
        self.assertIn("Not verified. What failed stands below.", page)
        page = self.press("switch", on="true").content.decode()
        self.assertIn("Verify the link first", page)
        self.assertFalse(self.again().is_on)

    def test_the_map_is_changed_field_by_field(self):
        self.enter(self.ann)
        self.read(reverse("sync:mapping", args=[self.system.pk]))
        self.press("mapping", **{"column-brand": "brand", "direction-brand": "out"})
        self.assertEqual(self.again().columns["brand"]["direction"], "out")
        self.assertEqual([*self.again().columns], ["brand"])
        answer = self.press("mapping", **{"column-brand": "$KB"})
        self.assertEqual(answer.status_code, 422)
        self.assertEqual(self.press("mapping").status_code, 422)

    def test_dead_letters_stand_with_the_link_and_are_tried_again(self):
        self.link()
        self.fault("refuse", on="update")
        self.owe(request_status="Sent")
        self.carry()
        page = self.page(self.ann, self.path)
        self.assertIn(self.case.number, page)
        self.assertIn("Update failed", page)
        self.assertNotIn(reverse("sync:ledger", args=[self.case.number]), page)
        self.press("replay_dead")
        self.carry()
        self.assertEqual(ledger.state(self.case), State.SYNCED)

    def test_for_everybody_else_there_is_no_link(self):
        for person in (self.kim, self.adam, self.per):
            self.enter(person)
            for name in ("system", "edit", "mapping"):
                path = reverse(f"sync:{name}", args=[self.system.pk])
                self.assertEqual(self.client.get(path).status_code, 404, (person, name))
            for name in ("verify", "switch", "replay_dead", "edit", "mapping"):
                self.assertEqual(self.press(name).status_code, 404, (person, name))

    def test_who_may_not_reads_why_in_the_list(self):
        self.assertIn("Only an administrator", self.page(self.kim, reverse("sync:systems")))

    def test_secrets_are_not_written_back_where_the_page_was_forged(self):
        client = Client(enforce_csrf_checks=True)
        typed = {
            "secret": "a long secret word",
            "client_secret": "another long word",
            "name": "Desk",
        }
        answer = client.post(reverse("sync:new"), typed)
        for word in (typed["secret"], typed["client_secret"]):
            self.assertNotContains(answer, word, status_code=403)

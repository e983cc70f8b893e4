"""Coming in by another login: whose account it opens, and whose it never opens."""

import re
from html import unescape
from urllib.parse import urlencode

from django.core.cache import cache

from ombud.eid import oidc
from ombud.lib import clock
from ombud.people.account import actions, linked, proofs
from ombud.people.actors import Actor
from ombud.people.models import Entry, Identity, Person
from ombud.post.models import Letter
from tests.desk.doors import DoorTest
from tests.outside import sandbox
from tests.people.test_second import SECRET, code


class LinkedTest(DoorTest):
    def setUp(self):
        super().setUp()
        cache.clear()
        sandbox().tell("reset", people=True)
        oidc._client.cache_clear()

    def begins(self, provider="broker", client=None, **more) -> str:
        """Where the browser is sent."""
        client = client or self.client
        answer = client.post("/login/oidc/begin/", {"provider": provider, **more})
        self.assertEqual(answer.status_code, 200, answer.content[:300])
        found = re.search(r'http-equiv="refresh" content="0;url=([^"]+)"', answer.content.decode())
        assert found, answer.content
        return unescape(found[1])

    def comes_back(self, address, person, client=None, **spoilt):
        number = person.personal_number if isinstance(person, Person) else person
        answer = sandbox().choose(address, number) | spoilt
        return (client or self.client).get(f"/login/oidc/back/?{urlencode(answer)}")

    def is_in(self, person) -> bool:
        page = self.client.get("/me/")
        return page.status_code == 200 and str(person) in page.content.decode()


class TestByNumber(LinkedTest):
    def test_the_login_offers_it_and_it_leads_to_what_was_asked_for(self):
        self.assertIn("E-legitimation via mäklare", self.read("/login/"))
        answer = self.comes_back(self.begins(next="/approvals/?q=x"), self.ola)
        self.assertRedirects(answer, "/approvals/?q=x", fetch_redirect_response=False)
        self.assertTrue(self.is_in(self.ola))
        entry = Entry.objects.filter(journal_of=self.agent).latest("seq")
        self.assertEqual((entry.verb, entry.data["method"]), ("person.logged_in", "oidc"))

    def test_a_norwegian_number_opens_the_account_that_has_it(self):
        self.per.set_personal_number("15819010029")
        self.per.save()
        sandbox().tell("people", personal_number="199008232382", pid="15819010029")
        self.comes_back(self.begins("norway"), "199008232382")
        self.assertTrue(self.is_in(self.per))

    def test_never_leads_out_of_the_house(self):
        answer = self.comes_back(self.begins(next="//evil.example/"), self.ola)
        self.assertEqual(answer["Location"], "/")

    def test_whom_nobody_knows_gets_a_clear_page_and_no_session(self):
        answer = self.comes_back(self.begins(), "199302222386")
        self.assertContains(answer, "You have no account here", status_code=403)
        self.assertEqual(self.client.get("/me/").status_code, 302)

    def test_an_address_alone_opens_nothing(self):
        sandbox().tell("people", personal_number="199302222386", email=self.ola.email)
        for provider in ("broker", "company"):
            answer = self.comes_back(self.begins(provider), "199302222386")
            self.assertEqual(answer.status_code, 403)

    def test_a_closed_account_stays_closed(self):
        Person.objects.filter(pk=self.ola.pk).update(is_active=False)
        self.assertEqual(self.comes_back(self.begins(), self.ola).status_code, 403)


class TestTrust(LinkedTest):
    def test_an_answer_is_good_once_and_in_the_browser_that_began(self):
        address = self.begins()
        answer = sandbox().choose(address, self.ola.personal_number)
        back = f"/login/oidc/back/?{urlencode(answer)}"
        self.assertContains(self.client_class().get(back), "", status_code=409)
        self.assertEqual(self.client.get(back).status_code, 302)
        self.client.post("/logout/")
        self.assertEqual(self.client.get(back).status_code, 409)

    def test_an_answer_that_took_too_long(self):
        address = self.begins()
        answer = sandbox().choose(address, self.ola.personal_number)
        with clock.ahead(minutes=16):
            back = self.client.get(f"/login/oidc/back/?{urlencode(answer)}")
        self.assertEqual(back.status_code, 409)

    def test_a_token_that_does_not_hold_lets_nobody_in(self):
        for fault in ("wrong_nonce", "alg_none", "wrong_key"):
            sandbox().tell("faults", part="oidc", fault=fault)
            answer = self.comes_back(self.begins(), self.ola)
            self.assertContains(answer, "could not be trusted", status_code=403)
        self.assertEqual(self.client.get("/me/").status_code, 302)

    def test_cancelled_or_down_says_so(self):
        self.assertContains(self.comes_back(self.begins(), ""), "You cancelled")
        sandbox().tell("faults", part="oidc", fault="500", on="token")
        answer = self.comes_back(self.begins(), self.ola)
        self.assertContains(answer, "does not answer", status_code=502)

    def test_the_session_gets_a_new_id(self):
        address = self.begins()
        before = self.client.session.session_key
        self.comes_back(address, self.ola)
        self.assertNotEqual(self.client.session.session_key, before)

    def test_looking_begins_nothing_and_nonsense_leads_nowhere(self):
        self.assertEqual(self.client.get("/login/oidc/begin/").status_code, 405)
        answer = self.client.post("/login/oidc/begin/", {"provider": "nobody"})
        self.assertEqual(answer.status_code, 404)
        for query in ("", "state=", "state=x&code=y", "error=access_denied"):
            self.assertEqual(self.client.get(f"/login/oidc/back/?{query}").status_code, 409)


class TestConfirming(LinkedTest):
    """A fresh proof by another e-ID."""

    def confirms(self, provider, seen):
        self.enter(self.ola)
        session = self.client.session
        session[proofs.KEPT] = {}
        session.save()
        self.client.get("/me/security/app/")
        answer = self.comes_back(self.begins(provider, confirm="1"), seen)
        return answer, self.client.get("/me/security/app/").status_code

    def test_the_same_person_goes_on(self):
        answer, status = self.confirms("broker", self.ola)
        self.assertRedirects(answer, "/me/security/app/", fetch_redirect_response=False)
        self.assertEqual(status, 200)

    def test_another_person_confirms_nothing_and_nobody_is_switched(self):
        answer, status = self.confirms("broker", self.eva)
        self.assertContains(answer, "somebody else", status_code=403)
        self.assertEqual(status, 302)
        self.assertTrue(self.is_in(self.ola))

    def test_an_e_id_that_tells_no_number_confirms_nothing(self):
        """Linked or not: what it did not vouch for proves little."""
        seen = oidc.Identity("norway", "https://x", "y", "", "")
        self.assertEqual(linked.method(oidc.named("norway"), seen), "company")

    def test_a_login_that_proves_little_confirms_nothing(self):
        Identity.objects.create(
            person=self.ola,
            provider="company",
            issuer=oidc.named("company").issuer,
            subject=self.subject(self.ola),
        )
        answer, status = self.confirms("company", self.ola)
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
        self.assertEqual(status, 302)

    def subject(self, person) -> str:
        provider = oidc.named("company")
        begun, address = oidc.begin(provider, linked.back_address())
        answer = sandbox().choose(address, person.personal_number)
        return oidc.finish(provider, begun, answer, linked.back_address()).subject


class TestLinking(LinkedTest):
    def links(self, person, seen=None):
        self.enter(person)
        return self.comes_back(self.begins("company"), seen or person)

    def test_only_a_login_that_was_linked_opens_and_its_person_is_told(self):
        answer = self.comes_back(self.begins("company"), self.ola)
        self.assertContains(answer, "not linked yet", status_code=403)
        self.links(self.ola)
        self.client.post("/logout/")
        self.comes_back(self.begins("company"), self.ola)
        self.assertTrue(self.is_in(self.ola))
        letter = Letter.objects.filter(address=self.ola.email).latest("pk")
        self.assertIn("linked", letter.subject)

    def test_linking_wants_a_fresh_proof(self):
        self.enter(self.ola)
        with clock.ahead(minutes=11):
            answer = self.client.post("/login/oidc/begin/", {"provider": "company"})
        self.assertRedirects(answer, "/confirm/", fetch_redirect_response=False)
        self.assertFalse(Identity.objects.exists())

    def test_one_login_opens_one_account(self):
        self.links(self.ola)
        page = self.client_class(headers={"accept-language": "en"})
        self.client = page
        self.links(self.eva, self.ola)
        self.assertIn("linked to another account", self.read("/me/security/"))
        self.assertEqual(Identity.objects.get().person, self.ola)

    def test_a_vouching_provider_is_linked_to_its_own_person_alone(self):
        self.enter(self.ola)
        self.comes_back(self.begins("broker"), self.eva)
        self.assertIn("another person", self.read("/me/security/"))
        self.assertFalse(Identity.objects.exists())

    def test_a_removed_one_opens_nothing(self):
        self.links(self.ola)
        pk = Identity.objects.get().pk
        self.client.post(f"/me/security/remove/identity/{pk}/")
        self.client.post("/logout/")
        self.assertEqual(self.comes_back(self.begins("company"), self.ola).status_code, 403)

    def test_somebody_else_s_cannot_be_removed(self):
        self.links(self.ola)
        pk = Identity.objects.get().pk
        self.enter(self.eva)
        self.client.post(f"/me/security/remove/identity/{pk}/")
        self.assertTrue(Identity.objects.exists())

    def test_who_has_a_second_step_takes_it_after_a_login_that_proves_little(self):
        self.links(self.ola)
        actions.add_app(self.ola, by=Actor(self.ola, None), secret=SECRET)
        self.client.post("/logout/")
        answer = self.comes_back(self.begins("company", next="/approvals/"), self.ola)
        self.assertRedirects(answer, "/login/second/", fetch_redirect_response=False)
        self.assertEqual(self.client.get("/me/").status_code, 302)
        answer = self.client.post("/login/second/code/", {"code": code()})
        self.assertRedirects(answer, "/approvals/", fetch_redirect_response=False)

    def test_the_provider_is_asked_to_ask_anew(self):
        self.assertIn("prompt=login", self.begins("company"))

    def test_few_tabs_are_kept(self):
        for _ in range(8):
            self.begins()
        self.assertEqual(len(self.client.session[linked.KEPT]), linked.MOST)

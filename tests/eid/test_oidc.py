"""Logging in by OpenID, over real sockets: what is believed, and every token that is refused."""

import pytest
from django.test import SimpleTestCase, override_settings

from ombud.config.env import faults_of_providers
from ombud.eid import oidc
from ombud.eid.oidc import OidcRefused
from ombud.eid.providers import Provider
from ombud.lib import clock
from tests.outside import sandbox

BACK = "http://testserver/login/oidc/back/"
KARIN = "199008232382"
REFUSED = {
    "wrong_nonce": "nonce",
    "no_nonce": "nonce",
    "wrong_issuer": "issuer",
    "wrong_audience": "audience",
    "more_audiences": "audience",
    "expired": "expired",
    "not_yet": "early",
    "old_login": "stale",
    "alg_none": "algorithm",
    "alg_hs256": "algorithm",
    "wrong_key": "signature",
    "unknown_kid": "key",
}


class Talk(SimpleTestCase):
    def setUp(self):
        self.outside = sandbox()
        self.outside.tell("reset", people=True)
        oidc._client.cache_clear()
        self.provider = self.known("broker")

    def known(self, key) -> Provider:
        found = oidc.named(key)
        assert found is not None
        return found

    def comes_back(self, person=KARIN, provider=None):
        begun, address = oidc.begin(provider or self.provider, BACK, "sv")
        return begun, self.outside.choose(address, person)

    def finishes(self, person=KARIN, provider=None, **spoilt):
        provider = provider or self.provider
        begun, answer = self.comes_back(person, provider)
        return oidc.finish(provider, begun, {**answer, **spoilt}, BACK)

    def refused(self, **more) -> str:
        with pytest.raises(OidcRefused) as no:
            self.finishes(**more)
        return no.value.reason

    def goes_wrong(self, fault, times=1, **more) -> None:
        self.outside.tell("faults", part="oidc", fault=fault, times=times, **more)


class TestBelieved(Talk):
    def test_a_broker_tells_a_swedish_number(self):
        self.outside.tell("people", personal_number=KARIN, given="Karin", family="Provsson")
        found = self.finishes()
        self.assertEqual((found.number, found.name), (KARIN, "Karin Provsson"))
        self.assertEqual(found.issuer, self.provider.issuer)

    def test_the_norwegian_bankid_tells_a_norwegian_one(self):
        self.outside.tell("people", personal_number=KARIN, pid="01415012349")
        with self.assertRaises(OidcRefused):  # the control digits are wrong
            self.finishes(provider=self.known("norway"))
        self.outside.tell("people", personal_number=KARIN, pid="15819010029")
        self.assertEqual(self.finishes(provider=self.known("norway")).number, "15819010029")

    def test_a_company_tells_a_subject_alone_and_another_one_to_each(self):
        found, again = (self.finishes(provider=self.known("company")) for _ in range(2))
        self.assertEqual((found.number, found.subject), ("", again.subject))
        self.assertNotEqual(found.subject, self.finishes().subject)

    def test_the_code_goes_with_a_verifier_and_works_once(self):
        begun, answer = self.comes_back()
        other = oidc.Begun(begun.provider, begun.state, begun.nonce, "another verifier")
        with pytest.raises(OidcRefused):
            oidc.finish(self.provider, other, answer, BACK)
        with pytest.raises(OidcRefused):  # the code is spent
            oidc.finish(self.provider, begun, answer, BACK)

    def test_what_discovery_says_is_remembered(self):
        for _ in range(3):
            self.finishes()
        rows = self.outside.ask("journal", part="oidc")["items"]
        asked = [row["what"] for row in rows]
        self.assertEqual(asked.count("GET openid-configuration"), 1)
        self.assertEqual(asked.count("GET jwks"), 1)
        self.assertEqual(asked.count("POST token"), 3)

    def test_times_are_judged_by_our_own_clock(self):
        with clock.ahead(hours=1):
            self.assertEqual(self.refused(), "expired")


class TestRefused(Talk):
    def test_a_token_that_is_not_what_it_claims(self):
        for fault, reason in REFUSED.items():
            with self.subTest(fault):
                self.goes_wrong(fault)
                self.assertEqual(self.refused(), reason)
        self.assertEqual(self.finishes().number, KARIN)  # and then all is well again

    def test_every_fault_that_the_sandbox_knows_is_tried(self):
        known = set(self.outside.ask("faults")["known"]["oidc"])
        tried = {*REFUSED, "low_acr", "wrong_iss", "500", "html", "cut"}
        self.assertEqual(known, tried)

    def test_a_person_proved_more_weakly_than_asked(self):
        asking = self.provider.model_copy(update={"acr": "high substantial"})
        self.assertEqual(self.finishes(provider=asking).number, KARIN)
        self.goes_wrong("low_acr")
        self.assertEqual(self.refused(provider=asking), "acr")

    def test_an_answer_of_another_login_or_another_issuer(self):
        self.assertEqual(self.refused(state="of another login"), "state")
        self.goes_wrong("wrong_iss")
        self.assertEqual(self.refused(), "issuer")

    def test_an_answer_that_hides_its_issuer(self):
        begun, answer = self.comes_back()
        del answer["iss"]
        with pytest.raises(OidcRefused) as no:
            oidc.finish(self.provider, begun, answer, BACK)
        self.assertEqual(no.value.reason, "issuer")

    def test_who_cancels(self):
        self.assertEqual(self.refused(person=""), "cancelled")

    def test_a_provider_that_is_down_or_talks_nonsense(self):
        for call in ("openid-configuration", "jwks", "token"):
            for fault in ("500", "html", "cut"):
                with self.subTest(call=call, fault=fault):
                    oidc._client.cache_clear()
                    self.goes_wrong(fault, on=call)
                    self.assertEqual(self.down(), "down")

    def down(self) -> str:
        with pytest.raises(OidcRefused) as no:
            self.finishes()
        return no.value.reason

    def test_nobody_is_there(self):
        gone = self.provider.model_copy(update={"issuer": "http://127.0.0.1:1/oidc"})
        with pytest.raises(OidcRefused) as no:
            oidc.begin(gone, BACK)
        self.assertEqual(no.value.reason, "down")

    def test_discovery_speaks_of_another_issuer(self):
        other = self.provider.issuer.replace("127.0.0.1", "localhost")
        with pytest.raises(OidcRefused) as no:
            oidc.begin(self.provider.model_copy(update={"issuer": other}), BACK)
        self.assertEqual(no.value.reason, "issuer")


class TestProviders(SimpleTestCase):
    given = {"key": "a", "name": "A", "issuer": "https://a.example", "client_id": "x"}

    def test_a_number_is_vouched_for_only_where_a_country_stands(self):
        self.assertFalse(Provider(**self.given, claim="pid").vouches)
        self.assertFalse(Provider(**self.given, country="no").vouches)
        self.assertTrue(Provider(**self.given, claim="pid", country="no").vouches)

    def test_production_wants_https_and_the_secret_is_not_shown(self):
        plain = Provider(**{**self.given, "issuer": "http://a.example"}, client_secret="hush")
        self.assertEqual(len(list(faults_of_providers([plain, Provider(**self.given)]))), 1)
        self.assertNotIn("hush", repr(plain))

    @override_settings(OIDC=[])
    def test_there_may_be_none(self):
        self.assertEqual(oidc.providers(), [])

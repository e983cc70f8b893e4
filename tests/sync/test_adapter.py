"""The client against every peculiarity, on each of the surfaces it may be spoken with on."""

from contextlib import contextmanager
from datetime import timedelta
from unittest import mock

import httpx
from django.conf import settings
from django.test import SimpleTestCase

from ombud.lib import clock
from ombud.sync.adapters import agiloft, ewrest
from ombud.sync.adapters.agiloft import Access, Agiloft
from ombud.sync.columns import canonical, written
from ombud.sync.faults import Absent, Ambiguous, Barred, Locked, Outage, Refusal, Temporary
from tests.outside import sandbox

SURFACES = ("json", "legacy_bearer", "legacy_inline")
CUSTOMER = "contacts.customer"


class AdapterTest(SimpleTestCase):
    def setUp(self):
        sandbox().tell("reset")

    def one(self, surface="json", **more) -> Agiloft:
        known = {
            "base_url": settings.AGILOFT_URL,
            "kb": "Service",
            "table": "case",
            "surface": surface,
            "login": settings.AGILOFT_LOGIN,
            "password": settings.AGILOFT_PASSWORD,
        }
        return Agiloft(Access(**{**known, **more}))

    def each(self, **more):
        for surface in SURFACES:
            with self.subTest(surface):
                sandbox().tell("reset")
                yield self.one(surface, **more)

    def there(self, number="10482", table="case") -> dict:
        return sandbox().ask("agiloft/records", table=table, id=number)["items"][0]

    def fault(self, name, times=1, on=""):
        sandbox().tell("faults", part="agiloft", fault=name, times=times, on=on)

    def ops(self) -> list[str]:
        rows = sandbox().ask("journal", part="agiloft")["items"]
        return [row["detail"].get("op", "") for row in rows if row["way"] == "in"]


class RecordsTest(AdapterTest):
    def test_the_same_record_on_every_surface(self):
        for one in self.each():
            one.update("case", "10482", {"fault_text": "It's\nåäö \\ 😀", "ehub_sms_count": 1})
            names = ["summary", "fault_text", "ehub_sms_count", "model"]
            found = one.read("case", "10482", names)
            self.assertEqual(found["fault_text"], "It's\nåäö \\ 😀")
            self.assertEqual(str(found["ehub_sms_count"]), "1")
            self.assertEqual((found["summary"], found["model"]), ("Trasig skärm", None))

    def test_only_the_columns_asked_for_are_read(self):
        self.one().read("case", "10482", ["summary"])
        rows = sandbox().ask("journal", part="agiloft")["items"]
        self.assertIn('"field":["id","summary"]', rows[-1]["detail"]["body"].replace(" ", ""))

    def test_spacings_and_one_line_answers(self):
        sandbox().tell("agiloft/options", spaced=True)
        found = self.one("legacy_inline").read("case", "10482", ["summary"])
        self.assertEqual(found["summary"], "Trasig skärm")

    def test_a_record_that_is_not_there(self):
        for one in self.each():
            with self.assertRaises(Absent):
                one.read("case", "999999", ["summary"])
            with self.assertRaises(Absent):
                one.update("case", "999999", {"brand": "X"})

    def test_what_is_refused_says_which_column(self):
        for one in self.each():
            with self.assertRaises(Refusal) as no:
                one.update("case", "10482", {"wfstate": "Opened"})
            self.assertEqual(ewrest.column_in(str(no.exception)), "wfstate")

    def test_a_lock(self):
        for one in self.each():
            sandbox().tell("agiloft/lock", id="10482")
            with self.assertRaises(Locked):
                one.update("case", "10482", {"brand": "X"})
        for one in self.each(ignore_locks=True):
            sandbox().tell("agiloft/lock", id="10482")
            one.update("case", "10482", {"brand": "X"})
            self.assertEqual(self.there()["brand"], "X")

    def test_linked_fields(self):
        for one in self.each():
            one.update("case", "10482", {"company_name": agiloft.linked("Nord: Syd")})
            self.assertEqual(self.there()["company_name"], "Nord: Syd")
            one.update("case", "10482", {"company_name": agiloft.linked(None)})
            self.assertIsNone(self.there()["company_name"])

    def test_no_name_begins_with_a_dollar(self):
        for one in self.each():
            for name in ("$table", "a$overwrite"):
                with self.assertRaises(Refusal):
                    one.update("case", "10482", {name: "contacts.customer"})
        self.assertNotIn("update", self.ops())

    def test_upsert_makes_one_and_changes_it_after(self):
        values = {"ehub_customer_no": "K20'551", "first_name": "Anna", "cell_phone": "+46701234567"}
        for one in self.each():
            first = one.upsert(CUSTOMER, "ehub_customer_no", values)
            again = one.upsert(CUSTOMER, "ehub_customer_no", {**values, "first_name": "Ann"})
            self.assertEqual(first, again)
            self.assertEqual(self.there(first, CUSTOMER)["first_name"], "Ann")
            self.assertEqual(len(sandbox().ask("agiloft/records", table=CUSTOMER)["items"]), 1)

    def test_a_create_whose_answer_was_lost_makes_no_second_one(self):
        for one in self.each():
            self.fault("timeout_after", on="upsert")
            values = {"ehub_customer_no": "K1", "first_name": "Anna"}
            with self.assertRaises(Outage):
                one.upsert(CUSTOMER, "ehub_customer_no", values)
            one.upsert(CUSTOMER, "ehub_customer_no", values)
            self.assertEqual(len(sandbox().ask("agiloft/records", table=CUSTOMER)["items"]), 1)

    def test_several_that_fit_are_nobodys(self):
        for one in self.each():
            for _n in range(2):
                fields = {"ehub_customer_no": "K1"}
                sandbox().tell("agiloft/records", table=CUSTOMER, fields=fields)
            with self.assertRaises(Ambiguous):
                one.upsert(CUSTOMER, "ehub_customer_no", {"ehub_customer_no": "K1"})
            self.assertNotIn("upsert", self.ops())

    def test_a_file_is_sent_once(self):
        for one in self.each():
            for _n in range(2):
                one.attach("case", "10482", "attached_file", "signering.pdf", b"%PDF")
            (file,) = one.attached("case", "10482", "attached_file")
            self.assertEqual((file["fileName"], file["size"]), ("signering.pdf", 4))


class TokenTest(AdapterTest):
    def test_a_token_is_kept_renewed_early_and_asked_for_anew(self):
        for surface in ("json", "legacy_bearer"):
            with self.subTest(surface):
                sandbox().tell("reset")
                one = self.one(surface)
                one.read("case", "10482", ["summary"])
                first = dict(one.token)
                one.read("case", "10482", ["summary"])
                self.assertEqual(one.token, first)
                with clock.ahead(minutes=14, seconds=30):
                    one.read("case", "10482", ["summary"])
                self.assertNotEqual(one.token["access"], first["access"])
                self.assertEqual(self.ops().count("login"), 2)

    def test_a_lifetime_is_minutes_unless_it_is_said_otherwise(self):
        one = self.one()
        for told, minutes in (({}, 15), ({"expiration_time_unit": "second"}, 0.25)):
            one.take({"access_token": "x", "expires_in": 15, **told})
            until = clock.now() + timedelta(minutes=minutes)
            gone = abs((until - clock.now().fromisoformat(one.token["until"])).total_seconds())
            self.assertLess(gone, 5)

    def test_a_token_that_expires_in_the_midst_is_renewed_once(self):
        for surface in ("json", "legacy_bearer"):
            with self.subTest(surface):
                sandbox().tell("reset")
                one = self.one(surface)
                one.come_in()
                self.fault("expire", on="update")
                one.update("case", "10482", {"brand": "X"})
                self.assertEqual(self.there()["brand"], "X")
                self.assertEqual(self.ops().count("login"), 2)

    def test_where_the_refresh_token_is_gone_too_it_logs_in_again(self):
        one = self.one()
        one.come_in()
        one.token = {**one.token, "access": "gone", "refresh": "gone too"}
        self.assertEqual(one.read("case", "10482", ["summary"])["summary"], "Trasig skärm")

    def test_a_wrong_password_is_for_good(self):
        for one in self.each(password="wrong and long"):
            with self.assertRaises(Barred) as no:
                one.update("case", "10482", {"brand": "X"})
            self.assertNotIn("wrong and long", str(no.exception))

    def test_a_group_that_is_not_allowed(self):
        for one in self.each():
            sandbox().tell("agiloft/options", rest_group=False)
            with self.assertRaises(Barred):
                one.read("case", "10482", ["summary"])

    def test_by_oauth_at_the_address_that_is_set(self):
        given = {
            "oauth_url": settings.AGILOFT_OAUTH_URL,
            "client": settings.AGILOFT_CLIENT,
            "client_secret": settings.AGILOFT_CLIENT_SECRET,
            "password": "",
        }
        one = self.one(**given)
        self.assertEqual(one.read("case", "10482", ["summary"])["summary"], "Trasig skärm")
        self.assertEqual(self.ops()[0], "otoken")
        with clock.ahead(minutes=20):
            one.read("case", "10482", ["summary"])
        self.assertEqual(self.ops().count("otoken"), 2)

    def test_where_tokens_are_not_taken_the_password_is_and_never_in_an_address(self):
        sandbox().tell("agiloft/options", legacy_auth="inline")
        with self.assertRaises(Barred):
            self.one("legacy_bearer").read("case", "10482", ["summary"])
        self.one("legacy_inline").update("case", "10482", {"brand": "X"})
        seen = []
        client = agiloft._client(agiloft.os.getpid(), True)
        real = client.request
        with mock.patch.object(
            client, "request", lambda *a, **k: seen.append((a, k)) or real(*a, **k)
        ):
            self.one("legacy_inline").attach("case", "10482", "attached_file", "a.txt", b"x")
        for (_method, url), sent in seen:
            self.assertNotIn(settings.AGILOFT_PASSWORD, f"{url} {sent.get('params')}")

    def test_every_column_of_a_table(self):
        there = self.one("legacy_inline").columns("case")
        self.assertEqual(there["ehub_request_status"]["columnType"], "choice")
        self.assertIn("Sent", there["ehub_request_status"]["columnTypeDomain"])


class AwayTest(AdapterTest):
    def test_what_may_work_later(self):
        for fault, kind in (
            ("drop", Outage),
            ("html502", Outage),
            ("timeout_after", Outage),
            ("500", Temporary),
            ("html", Temporary),
            ("lock", Locked),
        ):
            for one in self.each():
                self.fault(fault, on="update")
                with self.assertRaises(kind, msg=fault) as no:
                    one.update("case", "10482", {"brand": "X"})
                self.assertNotIn(settings.AGILOFT_PASSWORD, str(no.exception))

    def test_what_will_not(self):
        for one in self.each():
            self.fault("refuse", on="update")
            with self.assertRaises(Refusal):
                one.update("case", "10482", {"brand": "X"})

    def test_nobody_listens(self):
        with self.assertRaises(Outage):
            self.one(base_url="http://127.0.0.1:9").read("case", "10482", ["summary"])

    def test_no_answer_in_time(self):
        with short(), self.assertRaises(Outage):
            self.fault("hang")
            self.one().read("case", "10482", ["summary"])


@contextmanager
def short():
    client = httpx.Client(timeout=0.5, trust_env=False)
    with mock.patch.object(agiloft, "_client", lambda _pid, _free: client):
        yield


class WordsTest(SimpleTestCase):
    SECRET = "p&ss/w ö'rd+<1>"

    def test_a_secret_is_gone_in_every_spelling_before_anything_is_cut(self):
        spelt = ewrest.spellings(self.SECRET)
        self.assertGreaterEqual(len(spelt), 5)
        for words in spelt:
            told = ewrest.redacted(f"{'x' * 390} in {words} and more", [self.SECRET])
            self.assertNotIn(words[:6], told.replace("[redacted]", ""))
            self.assertLessEqual(len(told), 400)

    def test_what_looks_like_a_secret_is_gone_too(self):
        for words in (
            "$login=svc&$password=abcdef12",
            "%24password=abcdef12",
            '{"password": "abcdef12"}',
            "Authorization: Bearer abcdef12",
            "refresh_token=abcdef12",
        ):
            self.assertNotIn("abcdef12", ewrest.redacted(words, []), words)

    def test_a_page_that_repeats_the_password_is_told_without_it(self):
        page = httpx.Response(
            500,
            headers={"content-type": "text/html"},
            text="<p>EWUnexpectedException has occurred: [t][1] no in $password=top-secret</p>",
        )
        no = ewrest.no_of(page, ["top-secret"])
        self.assertIsInstance(no, Temporary)
        self.assertEqual(str(no), "no in $password=[redacted]")

    def test_an_answer_that_is_no_json_though_it_says_so(self):
        answer = httpx.Response(200, headers={"content-type": "application/json"}, text="<html>")
        self.assertIsNone(ewrest.envelope(answer))

    def test_text_is_read_however_it_is_spaced(self):
        for text in (
            "EWREST_id='1';\nEWREST_a='x';\n",
            "EWREST_id = '1'; EWREST_a = 'x'; ",
            "EWREST_id='1';EWREST_a='x';",
        ):
            self.assertEqual(ewrest.rows(text), {"id": "1", "a": "x"})
        told = ewrest.rows(r"EWREST_a='it\'s;\nEWREST_b=\'\u00e5\ud83d\ude00';EWREST_c='';")
        self.assertEqual(told, {"a": "it's;\nEWREST_b='å😀", "c": None})
        self.assertEqual(ewrest.rows("EWREST_t='a';EWREST_t='b';"), {"t": ["a", "b"]})

    def test_values_are_the_same_by_what_they_mean(self):
        for kind, one, other in (
            ("number", "1150", 1150.0),
            ("number", "1 150,50", 1150.5),
            ("number", 0, "0"),
            ("date", "May 08 2025 15:00", "2025-05-08T13:00:00+00:00"),
            ("date", "May 8 2025 15:00:30", "2025-05-08 15:00"),
            ("phone", "070-123 45 67", "+46 70 123 45 67"),
            ("text", "a \r\nb\n", "a\nb"),
            ("text", "", None),
            ("choice", ["b", "a"], "a, b"),
        ):
            self.assertEqual(canonical(kind, one), canonical(kind, other), (kind, one))
        self.assertEqual(written("date", "2025-05-08T15:00"), "May 08 2025 15:00")
        self.assertEqual((written("number", "4"), written("number", "4.5")), (4, 4.5))
        self.assertEqual(canonical("phone", "08-x"), "08-x")

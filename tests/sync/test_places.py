"""An address that leads into the house is neither kept nor called, whatever name it goes by."""

import socket
from unittest import mock

from django.test import SimpleTestCase
from django.utils import translation

from ombud.lib import outward
from ombud.lib.errors import Misshapen
from ombud.sync import checking, wording
from ombud.sync.adapters.agiloft import Access, Agiloft
from ombud.sync.faults import Inner, Outage
from ombud.sync.models import System
from tests.desk.doors import DoorTest
from tests.sync.linked import LinkedCast, LinkedTest
from tests.sync.test_deeds import Systems

WITHIN = (
    "10.0.0.8",
    "172.16.1.1",
    "192.168.1.1",
    "169.254.169.254",
    "127.0.0.2",
    "0.0.0.0",
    "100.64.0.1",
    "224.0.0.1",
    "[fd00::1]",
    "[fe80::1]",
    "[::ffff:10.0.0.8]",
    "[64:ff9b::a00:8]",
    "[2002:a00:8::1]",
    "2130706434",
    "0x7f000002",
)


def leading(*addresses):
    """Every name leads to these."""
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]
    return mock.patch("ombud.lib.outward.socket.getaddrinfo", return_value=rows)


class AddressTest(SimpleTestCase):
    def test_what_lies_within_and_what_does_not(self):
        for host in WITHIN:
            self.assertTrue(outward.is_inward(host), host)
        for host in ("93.184.215.14", "[2606:4700::1111]", "[::ffff:93.184.215.14]"):
            self.assertFalse(outward.is_inward(host), host)

    def test_one_address_of_several_that_lies_within_is_enough(self):
        with leading("93.184.215.14", "10.0.0.8"):
            self.assertTrue(outward.is_inward("desk.example.com"))

    def test_a_name_nobody_knows_leads_nowhere(self):
        with mock.patch("ombud.lib.outward.socket.getaddrinfo", side_effect=socket.gaierror):
            self.assertFalse(outward.is_inward("desk.example.com"))

    def test_who_was_outside_when_typed_and_is_within_when_called_is_not_called(self):
        adapter = Agiloft(Access("https://desk.example.com", "Demo", "case"))
        opened = mock.patch("httpcore.SyncBackend.connect_tcp", side_effect=AssertionError)
        with leading("10.0.0.8"), opened, self.assertRaises(Inner) as no:
            adapter.log_in()
        with translation.override("en"):
            self.assertIn("closed network", wording.said(no.exception.kept()))

    def test_the_address_that_was_judged_is_the_one_that_is_called(self):
        adapter = Agiloft(Access("https://desk.example.com", "Demo", "case"))
        opened = mock.patch("httpcore.SyncBackend.connect_tcp", side_effect=TimeoutError)
        with leading("93.184.215.14"), opened as called, self.assertRaises(TimeoutError):
            adapter.log_in()
        self.assertEqual(called.call_args.args[0], "93.184.215.14")

    def test_a_name_that_leads_nowhere_is_an_outage(self):
        adapter = Agiloft(Access("https://desk.example.com", "Demo", "case"))
        with (
            mock.patch("ombud.lib.outward.socket.getaddrinfo", side_effect=socket.gaierror),
            self.assertRaises(Outage),
        ):
            adapter.log_in()


class TypedTest(Systems, LinkedTest):
    def wrong(self, **typed) -> list[str]:
        with self.assertRaises(Misshapen, msg=str(typed)) as no:
            self.does("set_system", **self.typed(**typed))
        return [one["field"] for one in no.exception.errors]

    def test_neither_address_may_lie_within(self):
        for host in WITHIN:
            self.assertEqual(self.wrong(base_url=f"https://{host}/desk"), ["base_url"])
            self.assertEqual(self.wrong(oauth_url=f"https://{host}/token"), ["oauth_url"])
        with leading("10.0.0.8"):
            self.assertEqual(self.wrong(base_url="https://desk.example.com"), ["base_url"])

    def test_what_the_installation_names_may_lie_within(self):
        with self.settings(AGILOFT_URL="https://desk.house.example"), leading("10.0.0.8"):
            self.does("set_system", **self.typed(base_url="https://desk.house.example"))
            self.assertEqual(self.wrong(base_url="https://other.house.example"), ["base_url"])

    def test_without_sandbox_this_machine_is_within_as_well(self):
        with self.settings(IS_TEST=False, SANDBOX_URL="", AGILOFT_URL="", AGILOFT_OAUTH_URL=""):
            for host in ("127.0.0.1", "localhost", "[::1]"):
                self.assertEqual(self.wrong(base_url=f"https://{host}"), ["base_url"])

    def test_one_kept_earlier_is_not_called_and_the_check_says_so(self):
        System.objects.filter(pk=self.system.pk).update(base_url="https://10.0.0.8")
        tried = checking.run(self.again())
        self.assertEqual((tried.checks[0]["ok"], tried.checks[0]["code"]), (False, "inner"))
        self.assertIsNone(tried.verified_at)


class FieldTest(LinkedCast, DoorTest):
    def test_the_page_says_it_at_the_field_and_keeps_nothing(self):
        self.enter(self.person("ann", self.operator, "administrator"))
        typed = {"name": "Inner", "base_url": "https://169.254.169.254", "kb": "Demo"}
        typed |= {"table": "case", "surface": "json", "delay_seconds": "1"}
        told = self.client.post("/links/new/", typed)
        self.assertEqual(told.status_code, 422)
        self.assertIn("leads into a closed network", told.content.decode())
        self.assertIn('base_url-error"', told.content.decode())
        self.assertFalse(System.objects.filter(name="Inner").exists())

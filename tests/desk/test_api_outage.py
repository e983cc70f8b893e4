"""The programs' door, doing, while the provider cannot be reached."""

from tests.cast import GIVEN
from tests.desk.test_api_deeds import ApiCase
from tests.outside import sandbox


class OutageTest(ApiCase):
    def test_a_signing_that_could_not_begin_says_so_in_the_place_of_its_links(self):
        order = self.a_sent_order()
        outside = sandbox()
        outside.tell("faults", part="bankid", fault="cut", times=5, on="sign")
        approve = {"attestant": "eva", "method": "bankid", **GIVEN}
        signing = self.signing(self.do(self.ola, order, "approve", approve))
        outside.tell("faults", part="bankid", fault="cut", times=0)
        self.assertEqual(set(signing), {"id", "href", "method", "status", "hint"})
        self.assertEqual(signing["status"], "failed")
        self.assertEqual(self.at(self.ola, signing["href"]).json()["status"], "failed")

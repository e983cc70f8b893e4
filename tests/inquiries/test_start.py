"""Starting a request: the number, the text, the window; and who may not."""

from ombud.inquiries import rules
from ombud.inquiries.models import Inquiry
from ombud.lib.errors import Refused
from ombud.post.models import Letter
from tests.inquiries.asking import E164, TOKEN, AskingTest, codes


class StartTest(AskingTest):
    def test_staff_start_and_the_message_goes(self):
        inquiry = self.starts()
        self.assertEqual(inquiry.state, "sms_sent")
        (letter,) = Letter.objects.filter(about=inquiry.case.number, carrier="sms")
        self.assertEqual(letter.address, E164)
        self.assertIn("10482", letter.words)
        self.assertEqual(TOKEN.search(letter.words)[1], self.token(inquiry))
        self.assertTrue(letter.secret)
        self.assertNotIn(self.token(inquiry), letter.body)

    def test_no_mobile_and_a_landline_are_refused_with_a_code(self):
        for mobile, code in (("", "mobile_missing"), ("08-465 004 00", "mobile_invalid")):
            with self.assertRaises(Refused) as no:
                self.starts(mobile=mobile)
            self.assertEqual(codes(no.exception.reasons), [code])
        self.assertFalse(Inquiry.objects.exists())
        self.assertFalse(Letter.objects.filter(carrier="sms").exists())

    def test_one_open_request_a_case(self):
        self.starts()
        with self.assertRaises(Refused) as no:
            self.starts()
        self.assertEqual(codes(no.exception.reasons), ["request_open"])
        self.starts(reference="10483")

    def test_switched_off_nothing_is_sent(self):
        self.sets("pace", is_on=False)
        with self.assertRaises(Refused) as no:
            self.starts()
        self.assertEqual(codes(no.exception.reasons), ["integration_inactive"])

    def test_nobody_but_staff_starts(self):
        for person in (self.siv, self.kari, self.adda):
            found = rules.start_inquiry(self.actor(person))
            self.assertTrue(any(why.because == "right" for why in found), person)

    def test_at_night_it_waits_until_morning(self):
        self.sets("pace", opens="00:00", closes="00:01")
        inquiry = self.starts()
        self.assertEqual((inquiry.state, self.messages(inquiry)), ("queued", []))

    def test_a_request_keeps_the_versions_it_began_with(self):
        first = self.starts()
        self.sets("terms", ceiling=100_000)
        second = self.starts(reference="2")
        self.assertEqual((self.fresh(first).terms.version, second.terms.version), (1, 2))

    def test_by_the_api(self):
        body = {"mobile": "0701740690", "reference": "7"}
        answer = self.as_api(self.kim, "post", "actions/start_inquiry", body)
        self.assertEqual(answer.status_code, 201, answer.content)
        self.assertEqual(answer.json()["state"], "sms_sent")
        again = self.as_api(self.kim, "post", "actions/start_inquiry", body)
        self.assertEqual(again.status_code, 409)
        self.assertEqual(again.json()["reasons"][0]["code"], "request_open")
        wrong = self.as_api(self.kari, "post", "actions/start_inquiry", body)
        self.assertEqual(wrong.status_code, 403)

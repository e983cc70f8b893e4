"""Somebody proves by BankID who it is, in a test's browser."""

from ombud.eid.models import Challenge
from tests.cast import NUMBERS
from tests.outside import sandbox

NEWCOMER = NUMBERS[15]  # in nobody's account


class Proving:
    def proves(self, purpose, who=NEWCOMER, **more):
        """The whole way, from the button to the page that it leads to."""
        sandbox()
        typed = {"purpose": purpose, "device": "other", **more}
        answer = self.client.post("/prove/begin/", typed)
        self.assertEqual(answer["Location"], "/prove/")
        challenge = Challenge.objects.get(pk=self.client.session["proving"]["challenge"])
        sandbox().sign(who, challenge.auto_start_token)
        answer = self.client.get("/prove/")
        self.assertEqual(answer.status_code, 302, answer.content[:400])
        return answer["Location"]

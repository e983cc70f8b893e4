"""Applications of a brand-new customer and of an agent, brought to where a test begins."""

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from ombud.agreements import actions
from ombud.agreements.catalogue import AgreementTerms
from ombud.agreements.deeds import DEEDS
from ombud.agreements.models import Agreement, Named
from ombud.cases import files
from ombud.cases.passes import Pass
from ombud.lib import clock, days
from ombud.people.actors import NOBODY, Actor
from ombud.post.models import Letter
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests.cast import NUMBERS
from tests.catalogue import words
from tests.outside import sandbox

NUMBER, AGENTS_NUMBER = "5599999074", "5599999082"
TOKEN = re.compile(r"/agreements/link/([\w-]{22})/")
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def somebody(given: str, nth: int, **more) -> dict:
    number = NUMBERS[nth] if nth < len(NUMBERS) else ""
    return {
        "given": given,
        "family": "Ny",
        "email": f"{given.lower()}@example.org",
        "phone": "",
        "personal_number": number,
        **more,
    }


TYPED = {
    "name": "Nya vårdcentralen",
    "category": "private",
    "email": "info@example.org",
    "phone": "",
    "mode": "severally",
    "language": "en",
    "applicant": {"name": "Maja Maker", "email": "maja@example.org"},
    "administrator": somebody("Anna", 12),
    "signatories": [somebody("Sixten", 13)],
    "contacts": [somebody("Carl", 14)],
}
JOINTLY = {"mode": "jointly", "signatories": [somebody("Sixten", 13), somebody("Stina", 15)]}
SEVERALLY = {**JOINTLY, "mode": "severally"}


class Applying:
    """For a CastTest: the reviewer Rut, and whoever comes by a link."""

    def setUp(self):
        super().setUp()
        self.rut = self.person("rut", self.operator, "reviewer")
        for side in ("customer", "agent"):
            body = {"title": words(f"The {side}'s agreement"), "text": words("1. Being\nBe good.")}
            AgreementTerms.objects.add(self.operator, side, body)

    def applies(self, **changed) -> Agreement:
        typed = {"side": "customer", "number": NUMBER, **TYPED, **changed}
        return self.fresh(actions.submit(self.operator, by=NOBODY, **typed))

    def an_agent_applies(self, **changed) -> Agreement:
        return self.applies(side="agent", number=AGENTS_NUMBER, category="", **changed)

    def approved(self, **changed) -> Agreement:
        agreement = self.applies(**changed)
        return self.fresh(actions.approve(agreement, by=self.actor(self.rut)))

    def in_force(self, **changed) -> Agreement:
        agreement = self.approved(**changed)
        for one in agreement.signatories:
            if self.fresh(agreement).state == "awaiting_signature":
                self.signs_by_link(agreement, one)
        return self.fresh(agreement)

    def delivers_all(self, agreement) -> Agreement:
        for what in ("tax", "credit"):
            self.delivers(agreement, what)
        for what in ("dpo", "isms"):
            actions.deliver(agreement, by=self.applicant(agreement), what=what, words="Yes.")
        return self.fresh(agreement)

    def delivers(self, agreement, what, dated_on=None):
        by = self.applicant(agreement)
        document = files.keep(SimpleUploadedFile(f"{what}.pdf", PDF), by=by)
        day = dated_on or days.today().isoformat()
        given = {"document": str(document.key), "dated_on": day}
        return actions.deliver(agreement, by=by, what=what, **given)

    def fresh(self, agreement) -> Agreement:
        return Agreement.objects.select_related("case", "operator", "organisation").get(
            pk=agreement.pk
        )

    # Guests

    def applicant(self, agreement) -> Actor:
        return Pass.objects.filter(case=agreement.case, purpose="status").last().actor()

    def signatory(self, agreement, nth=0) -> Named:
        return self.fresh(agreement).signatories[nth]

    def guest(self, one: Named) -> Actor:
        one.refresh_from_db()
        return one.guest.actor(one.agreement.organisation)

    def begins_by_link(self, agreement, one: Named) -> Signature:
        sandbox()
        deed = next(deed for deed in DEEDS if deed.name == "sign")
        with translation.override("en"):
            done = ceremony.perform(
                deed, self.fresh(agreement), {"method": "bankid"}, by=self.guest(one)
            )
            if done.challenge.hint == "superseded":
                done = ceremony.perform(
                    deed, self.fresh(agreement), {"method": "bankid"}, by=self.guest(one)
                )
        return done

    def signs_by_link(self, agreement, one: Named) -> Signature:
        signature = self.begins_by_link(agreement, one)
        sandbox().sign(one.personal_number, signature.challenge.auto_start_token)
        return ceremony.collect(signature)


def letters_to(email: str) -> list[Letter]:
    return list(Letter.objects.filter(address=email).order_by("pk"))


def text_of(letter: Letter) -> str:
    """A letter with a link lies sealed until it has gone."""
    return letter.words


def token_in(letter: Letter) -> str:
    return TOKEN.search(letter.words)[1]


def expired(one: Named) -> None:
    one.guest.until_at = clock.now()
    one.guest.save(update_fields=["until_at"])

"""Requests brought to where a test begins: the shop is the operator, Kim works on its cases, Adda
administers it; the customer comes by a link."""

import re
import struct
import zlib
from datetime import UTC, datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from ombud.cases import files
from ombud.inquiries import actions, links, saved
from ombud.inquiries.catalogue import newest
from ombud.inquiries.deeds import DEEDS
from ombud.inquiries.models import Inquiry
from ombud.lib import clock
from ombud.people.actors import THE_SYSTEM, Actor
from ombud.post.models import Letter
from ombud.signing import ceremony
from ombud.signing.models import Signature
from tests.cast import CastTest
from tests.outside import sandbox

MOBILE = "070-174 06 90"
PRESSED = "2026-05-02T15:00:00"
E164 = "+46701740690"
TOKEN = re.compile(r"/i/([\w-]{22})/")
CONTACT = {
    "given": "Anna",
    "family": "Ek",
    "street": "Storgatan 1",
    "postcode": "12345",
    "city": "Sundsvall",
    "mobile": MOBILE,
    "email": "anna@example.org",
}
MATTER = {"object": "Phone", "model": "X2", "fault": "Broken screen"}
SIGNER = "195506302388"


def png() -> bytes:
    """One grey pixel, whole."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress(bytes([0, 128])))
    return b"\x89PNG\r\n\x1a\n" + head + data + chunk(b"IEND", b"")


def at(words: str) -> datetime:
    """A moment of Stockholm's clock, as in "2025-05-02T15:00+02:00"."""
    return datetime.fromisoformat(words).astimezone(UTC)


class Asking:
    """For a CastTest. Messages may be sent at any hour; where a test names `NOW` it is then, and
    the hours are those that a portal begins with."""

    NOW = ""

    def setUp(self):
        if self.NOW:
            self.stands_at(self.NOW)
        super().setUp()
        self.adda = self.person("adda", self.operator, "administrator")
        self.operator.phone = "+4684650000"
        self.operator.save()
        actions.set_up_inquiries(
            self.operator, by=self.actor(self.adda, self.operator), phone="08-465 004 00"
        )
        if not self.NOW:
            self.sets("pace", opens="00:00", closes="23:59")

    def sets(self, part: str, **changed) -> None:
        """Publish a version that differs so from the one that holds."""
        row = newest(self.operator)[part]
        by = self.actor(self.adda, self.operator)
        actions.set_inquiries(self.operator, by=by, part=part, body={**row.body, **changed})

    def stands_at(self, words: str) -> None:
        """From now on it is then."""
        if hasattr(self, "travel"):
            self.travel.__exit__(None, None, None)
        ahead = (at(words) - clock.now()).total_seconds()
        self.travel = clock.ahead(seconds=ahead)
        self.travel.__enter__()
        if not getattr(self, "comes_back", False):
            self.comes_back = True
            self.addCleanup(lambda: self.travel.__exit__(None, None, None))

    @property
    def staff(self) -> Actor:
        return self.actor(self.kim, self.operator)

    def starts(self, **typed) -> Inquiry:
        known = {"mobile": MOBILE, "name": "Anna Ek", "reference": "10482", "language": "en"}
        return self.fresh(actions.start_inquiry(by=self.staff, **{**known, **typed}))

    def opened(self, **typed) -> Inquiry:
        inquiry = self.starts(**typed)
        actions.open(inquiry, by=self.guest(inquiry))
        return self.fresh(inquiry)

    def filled(self, **changed) -> Inquiry:
        inquiry = self.opened()
        self.types(inquiry, **changed)
        return self.fresh(inquiry)

    def types(self, inquiry, **changed) -> None:
        by = self.guest(inquiry)
        for page, typed in (("contact", CONTACT), ("matter", MATTER)):
            mine = {name: text for name, text in changed.items() if name in typed}
            saved.keep(self.fresh(inquiry), page, {**typed, **mine}, by=by)

    def submitted(self, **changed) -> Inquiry:
        inquiry = self.filled(**changed)
        with translation.override("en"):
            actions.submit(inquiry, by=self.guest(inquiry), terms=inquiry.terms.version)
        return self.fresh(inquiry)

    def signed(self, **changed) -> Inquiry:
        inquiry = self.submitted(**changed)
        signature = self.signs_by_link(inquiry)
        assert signature.status == "complete", (signature.hint, signature.reasons)
        return self.fresh(inquiry)

    def photo(self, inquiry, name="crack.png"):
        upload = SimpleUploadedFile(name, png())
        by = self.guest(inquiry)
        return actions.add_photo(
            self.fresh(inquiry), by=by, document=str(files.keep(upload, by=by).key)
        )

    def fresh(self, inquiry) -> Inquiry:
        joined = ("case__portal", "portal", "link", "signature", "repair")
        return Inquiry.objects.select_related(*joined).get(pk=inquiry.pk)

    def guest(self, inquiry) -> Actor:
        fresh = self.fresh(inquiry)
        return fresh.link.actor(fresh.portal)

    def token(self, inquiry) -> str:
        return links.token_of(inquiry)

    def path(self, inquiry, more="") -> str:
        return f"/i/{self.token(inquiry)}/{more}"

    # Messages

    def messages(self, inquiry) -> list[str]:
        rows = Letter.objects.filter(about=inquiry.case.number, carrier="sms").order_by("pk")
        return [letter.words for letter in rows]

    def goes_on(self, inquiry) -> Inquiry:
        return self.fresh(actions.go_on(self.fresh(inquiry), by=THE_SYSTEM))

    def fares(self, inquiry, fate) -> Inquiry:
        """What the carrier tells of the latest message."""
        sms = inquiry.messages.order_by("-pk").first()
        return self.fresh(
            actions.note_delivery(self.fresh(inquiry), by=THE_SYSTEM, message=sms.pk, fate=fate)
        )

    # Signing

    def begins_by_link(self, inquiry) -> Signature:
        sandbox().tell("people", personal_number=SIGNER, given="Anna", family="Ek")
        deed = next(deed for deed in DEEDS if deed.name == "sign")
        with translation.override("en"):
            fresh, by = self.fresh(inquiry), self.guest(inquiry)
            return ceremony.perform(deed, fresh, {"method": "bankid"}, by=by)

    def signs_by_link(self, inquiry, person=SIGNER) -> Signature:
        signature = self.begins_by_link(inquiry)
        sandbox().sign(person, signature.challenge.auto_start_token)
        return ceremony.collect(signature)


class AskingTest(Asking, CastTest):
    pass


def codes(reasons) -> list[str]:
    return [reason.code for reason in reasons]


DAY = timedelta(days=1)

"""Every signature of a whole journey stands up to openssl and xmlsec; one flipped byte does not."""

from django.conf import settings

from ombud.signing.models import Signature
from tests import evidence
from tests.cast import CastTest


class EvidenceTest(CastTest):
    def flipped(self, data: bytes, at: int) -> bytes:
        return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]

    def test_openssl_and_xmlsec_find_nothing_wrong(self):
        self.an_attested_order()
        signatures = Signature.objects.filter(status="complete", method="bankid")
        self.assertEqual(len(signatures), 3)
        for signature in signatures:
            kept = evidence.Kept.of(signature)
            self.assertEqual(evidence.faults(kept, settings.BANKID_SIGN_ROOT), set())

    def test_one_flipped_byte_in_each_is_refused(self):
        order = self.a_sent_order("npo-direct")
        kept = evidence.Kept.of(self.attests(self.liv, order))
        root = settings.BANKID_SIGN_ROOT
        place = kept.xml.index(b"<SignatureValue>") + 40
        broken = kept.but(xml=self.flipped(kept.xml, place))
        self.assertIn("xml", evidence.faults(broken, root))
        broken = kept.but(ocsp=self.flipped(kept.ocsp, len(kept.ocsp) // 2))
        self.assertEqual(evidence.faults(broken, root), {"ocsp"})
        snapshot = kept.snapshot.replace("Ward one", "Ward one".replace("o", "p", 1), 1)
        self.assertNotEqual(snapshot, kept.snapshot)
        self.assertEqual(evidence.faults(kept.but(snapshot=snapshot), root), {"hashes"})

"""Whether a person's certificate led to a trusted root and was good when the signature was made."""

import hashlib
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from ombud.eid.keys import rsa_key
from ombud.eid.refusal import checking, demand

STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
SKEW = timedelta(minutes=5)


def require_chain(
    certificates: list[x509.Certificate], roots: list[x509.Certificate], at: datetime
) -> None:
    """From the person up to one of the roots: issued by, allowed to issue, valid at the time."""
    with checking("chain"):
        chain = certificates[:-1] if certificates[-1] in roots else certificates
        chain = [*chain, _root_of(chain[-1], roots)]
        demand(not _is_authority(chain[0]), "chain", "the person's certificate is a CA")
        for depth, (issued, issuer) in enumerate(pairwise(chain)):
            _require_strong(issued)
            issued.verify_directly_issued_by(issuer)
            _require_may_issue(issuer, depth)
    for certificate in chain:
        _require_valid(certificate, at)


def receipt(
    der: bytes, signature_b64: str, person: x509.Certificate, issuer: x509.Certificate
) -> datetime:
    """Read the OCSP answer that BankID got for this very signature: the proof of when it was."""
    with checking("ocsp"):
        answer = ocsp.load_der_ocsp_response(der)
        successful = answer.response_status == ocsp.OCSPResponseStatus.SUCCESSFUL
        demand(successful, "ocsp", "no answer")
        demand(len(list(answer.responses)) == 1, "ocsp", "not one answer")
        at = answer.produced_at_utc
        _require_signed_by_responder(answer, issuer, at)
        _require_about(answer, person, issuer)
        demand(answer.this_update_utc <= at + SKEW, "ocsp", "from the future")
        demand(not _is_stale(answer, at), "ocsp", "stale")
    with checking("status"):
        demand(answer.certificate_status == ocsp.OCSPCertStatus.GOOD, "status", "revoked")
    with checking("nonce"):
        nonce = answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
        proof = hashlib.sha1(signature_b64.encode()).digest()  # BankID's rule, not our choice
        demand(len(nonce) == 32 and nonce[:20] == proof, "nonce", "of another signature")
    return at.astimezone(UTC)


def _root_of(last: x509.Certificate, roots: list[x509.Certificate]) -> x509.Certificate:
    for root in roots:
        with suppress(ValueError, TypeError, InvalidSignature):
            last.verify_directly_issued_by(root)
            return root
    raise LookupError("issued by no root we trust")


def _require_may_issue(issuer: x509.Certificate, depth: int) -> None:
    basic = issuer.extensions.get_extension_for_class(x509.BasicConstraints).value
    demand(basic.ca and _may_sign_certificates(issuer), "chain", "not a CA")
    demand(basic.path_length is None or depth <= basic.path_length, "chain", "too long")


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _may_sign_certificates(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign
    except x509.ExtensionNotFound:
        return True


def _require_strong(certificate: x509.Certificate) -> None:
    demand(isinstance(certificate.signature_hash_algorithm, STRONG), "chain", "weak digest")


def _require_valid(certificate: x509.Certificate, at: datetime) -> None:
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    demand(begin <= at <= end, "validity", certificate.subject.rfc4514_string())


def _require_signed_by_responder(
    answer: ocsp.OCSPResponse, issuer: x509.Certificate, at: datetime
) -> None:
    responder = answer.certificates[0] if answer.certificates else issuer
    if responder != issuer:
        responder.verify_directly_issued_by(issuer)
        uses = responder.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        demand(ExtendedKeyUsageOID.OCSP_SIGNING in uses, "ocsp", "no responder")
        _require_valid(responder, at)
    digest = answer.signature_hash_algorithm
    if not isinstance(digest, STRONG):
        raise ValueError("weak digest")
    key, padded = rsa_key(responder), padding.PKCS1v15()
    key.verify(answer.signature, answer.tbs_response_bytes, padded, digest)


def _require_about(
    answer: ocsp.OCSPResponse, person: x509.Certificate, issuer: x509.Certificate
) -> None:
    demand(answer.serial_number == person.serial_number, "ocsp", "about another certificate")
    request = ocsp.OCSPRequestBuilder().add_certificate(person, issuer, answer.hash_algorithm)
    asked = request.build()
    same = (
        asked.issuer_name_hash == answer.issuer_name_hash
        and asked.issuer_key_hash == answer.issuer_key_hash
    )
    demand(same, "ocsp", "about another issuer")


def _is_stale(answer: ocsp.OCSPResponse, at: datetime) -> bool:
    until = answer.next_update_utc
    return until is not None and until < at - SKEW

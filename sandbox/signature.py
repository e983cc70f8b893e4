"""A BankID signature: the XML a person's app makes, and the OCSP answer that dates it."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509 import ocsp

from sandbox.people import Person
from sandbox.pki import (
    MOBILE_REAL_POLICY,
    MOBILE_TEST_POLICY,
    OURS,
    Holder,
    Pki,
    issue,
    rivest,
    subject,
)

DSIG = "http://www.w3.org/2000/09/xmldsig#"
TYPES = "http://www.bankid.com/signature/v1.0.0/types"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"

SIGNING, IDENTIFICATION = "Signing", "Identification"
VERSION = "Personal=7.50.0&platform=android&os_version=15&display_version=7.50.0&uhi={}&"


@dataclass
class Wanted:
    """What a signature is to say."""

    function: str
    visible: str = ""
    """Base64, as the relying party sent it."""
    hidden: str = ""
    format: str = "plaintext"
    relying_party: str = ""
    display_name: str = ""
    uhi: str = ""
    pin: bool = False


@dataclass
class Signed:
    signature: str
    ocsp: str


def sign(pki: Pki, person: Person, wanted: Wanted, at: datetime, fault: str = "") -> Signed:
    """A fault spoils exactly one thing and leaves all else in order."""
    if fault == "swappedFunction":
        wanted.function = IDENTIFICATION if wanted.function == SIGNING else SIGNING
    holder, chain = identity(pki, person, fault)
    markup = build(holder, chain, wanted)
    if fault == "swappedText":
        markup = swap_text(markup, wanted.visible)
    if fault == "badSignature":
        markup = flip(markup)
    signature = encode(markup)
    named = encode("another signature") if fault == "badOcsp" else signature
    answer = b"" if fault == "missingOcsp" else vouch(pki, holder, named, at, fault)
    return Signed(signature, encode(answer))


def identity(pki: Pki, person: Person, fault: str) -> tuple[Holder, list[Holder]]:
    holder, chain = pki.of(person), [pki.customer, pki.bank]
    if fault == "expiredCertificate":
        holder = pki.issue_to(person, holder.key, days=30)
    if fault == "realPolicy":
        holder = pki.issue_to(person, holder.key, MOBILE_REAL_POLICY)
    if fault == "foreignRoot":
        root = issue(None, rivest(), subject(O=OURS, CN="Some Other Root CA"), [])
        bank = issue(root, pki.bank.key, pki.bank.certificate.subject, [], authority=True)
        chain = [pki.customer, bank]
    return holder, chain


def build(holder: Holder, chain: list[Holder], wanted: Wanted) -> str:
    """No white space between elements, and already canonical: a raw substring is what is hashed."""
    data, keys = signed_data(wanted), key_info([holder, *chain])
    info = signed_info(data, keys)
    assert isinstance(holder.key, rsa.RSAPrivateKey)
    value = holder.key.sign(info.encode(), padding.PKCS1v15(), hashes.SHA256())
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="no"?>'
        f'<Signature xmlns="{DSIG}">{info}<SignatureValue>{encode(value)}</SignatureValue>'
        f"{keys}<Object>{data}</Object></Signature>"
    )


def signed_info(data: str, keys: str) -> str:
    typed, plain = f'Type="{TYPES}" URI="#bidSignedData"', 'URI="#bidKeyInfo"'
    return (
        f'<SignedInfo xmlns="{DSIG}">'
        f'<CanonicalizationMethod Algorithm="{C14N}"></CanonicalizationMethod>'
        f'<SignatureMethod Algorithm="{RSA_SHA256}"></SignatureMethod>'
        f"{reference(typed, data)}{reference(plain, keys)}"
        "</SignedInfo>"
    )


def reference(attributes: str, target: str) -> str:
    return (
        f"<Reference {attributes}>"
        f'<Transforms><Transform Algorithm="{C14N}"></Transform></Transforms>'
        f'<DigestMethod Algorithm="{SHA256}"></DigestMethod>'
        f"<DigestValue>{digest(target)}</DigestValue></Reference>"
    )


def digest(markup: str) -> str:
    return encode(hashlib.sha256(markup.encode()).digest())


def key_info(holders: list[Holder]) -> str:
    rows = (
        f"<X509Certificate>{encode(one.certificate_der())}</X509Certificate>" for one in holders
    )
    return f'<KeyInfo xmlns="{DSIG}" Id="bidKeyInfo"><X509Data>{"".join(rows)}</X509Data></KeyInfo>'


def signed_data(wanted: Wanted) -> str:
    return (
        f'<bankIdSignedData xmlns="{TYPES}" Id="bidSignedData">{user_data(wanted)}'
        f"<srvInfo><name>{encode(wanted.relying_party)}</name>"
        f"<nonce>{encode(secrets.token_bytes(20))}</nonce>"
        f"<displayName>{encode(wanted.display_name)}</displayName></srvInfo>"
        f"<clientInfo><funcId>{wanted.function}</funcId>"
        f"<version>{encode(VERSION.format(wanted.uhi))}</version>"
        f"<env><ai><type>{encode('ANDROID')}</type><deviceInfo>{encode('15')}</deviceInfo>"
        f"<uhi>{wanted.uhi}</uhi><fsib>0</fsib><utb>cs1</utb>"
        "<requirement><condition><type>CertificatePolicies</type>"
        f"<value>{MOBILE_TEST_POLICY}</value></condition></requirement>"
        f"<uauth>{'pw' if wanted.pin else 'fp'}</uauth></ai></env></clientInfo></bankIdSignedData>"
    )


def user_data(wanted: Wanted) -> str:
    rows = ""
    if wanted.visible:
        kind = "" if wanted.format == "plaintext" else f' format="{wanted.format}"'
        rows = f'<usrVisibleData charset="UTF-8"{kind} visible="wysiwys">'
        rows += f"{wanted.visible}</usrVisibleData>"
    if wanted.hidden:
        rows += f"<usrNonVisibleData>{wanted.hidden}</usrNonVisibleData>"
    return rows


def swap_text(markup: str, visible: str) -> str:
    """A clumsy forger: other words, the digest mended, the signature value left as it was."""
    begin, end = markup.index("<bankIdSignedData"), markup.index("</Object>")
    before = markup[begin:end]
    other = encode(base64.b64decode(visible) + b" (and a little more)")
    after = before.replace(visible, other) if visible else before.replace("cs1", "cs2")
    return markup.replace(digest(before), digest(after)).replace(before, after)


def flip(markup: str) -> str:
    head, _, rest = markup.partition("<SignatureValue>")
    value, _, tail = rest.partition("</SignatureValue>")
    body = bytearray(base64.b64decode(value))
    body[100] ^= 1
    return f"{head}<SignatureValue>{encode(bytes(body))}</SignatureValue>{tail}"


def vouch(pki: Pki, holder: Holder, signature: str, at: datetime, fault: str = "") -> bytes:
    """The bank's OCSP answer; its nonce names the signature, its producedAt the time."""
    nonce = hashlib.sha1(signature.encode()).digest() + secrets.token_bytes(12)
    at = at.astimezone(UTC).replace(microsecond=0)
    revoked = fault == "revokedOcsp"
    answer = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=holder.certificate,
            issuer=pki.customer.certificate,
            algorithm=hashes.SHA1(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=at,
            next_update=None,
            revocation_time=at if revoked else None,
            revocation_reason=x509.ReasonFlags.key_compromise if revoked else None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.NAME, pki.ocsp.certificate)
        .certificates([pki.ocsp.certificate])
        .add_extension(x509.OCSPNonce(nonce), critical=False)
        .sign(rsa_key(pki.ocsp), hashes.SHA256())
    )
    return dated(answer, at, rsa_key(pki.ocsp))


def dated(answer: ocsp.OCSPResponse, at: datetime, key: rsa.RSAPrivateKey) -> bytes:
    """The library always stamps real time; put ours in the same place and sign that again.

    producedAt is the first GeneralizedTime after the responder's name, and both the stamp and an
    RSA signature keep their length, so the bytes can be exchanged where they stand.
    """
    told = answer.tbs_response_bytes
    stamp = answer.produced_at_utc.strftime("%Y%m%d%H%M%SZ").encode()
    ours = told.replace(b"\x18\x0f" + stamp, b"\x18\x0f" + at.strftime("%Y%m%d%H%M%SZ").encode(), 1)
    value = key.sign(ours, padding.PKCS1v15(), hashes.SHA256())
    whole = answer.public_bytes(serialization.Encoding.DER)
    return whole.replace(told, ours, 1).replace(answer.signature, value, 1)


def rsa_key(holder: Holder) -> rsa.RSAPrivateKey:
    assert isinstance(holder.key, rsa.RSAPrivateKey)
    return holder.key


def encode(value: bytes | str) -> str:
    return base64.b64encode(value.encode() if isinstance(value, str) else value).decode()

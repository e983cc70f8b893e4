"""A signature is believed only if everything about it holds."""

import base64
import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from ombud.eid import verify
from ombud.eid.refusal import NotGenuine
from ombud.eid.verify import Expectation
from sandbox import pki as certificates
from sandbox import signature
from sandbox.people import Person
from sandbox.pki import Pki

KARIN = Person(personal_number="199008232382", given="Karin", family="Provsson")
TEXT, FACTS = "Jag godkänner beställning RITM0000001.\nFör Region Öst.", b'{"v":1}'
NOW = datetime.now(UTC).replace(microsecond=0)
RELYING_PARTY = "cn=Ombud Demo,name=Ombud Demo,serialNumber=5564020000,o=Bank,c=SE"


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    return Pki(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def other_pki(tmp_path_factory):
    return Pki(tmp_path_factory.mktemp("other"))


def b64(data: bytes | str) -> str:
    return base64.b64encode(data if isinstance(data, bytes) else data.encode()).decode()


def wanted(**change):
    usual = signature.Wanted(
        function="Signing",
        visible=b64(TEXT),
        hidden=b64(FACTS),
        relying_party=RELYING_PARTY,
        display_name="Ombud Demo",
        uhi=b64(b"device"),
    )
    return dataclasses.replace(usual, **change)


def signed(pki, fault="", at=NOW, **change):
    return signature.sign(pki, KARIN, wanted(**change), at, fault)


def check(pki, made, roots=None, **change):
    expect = Expectation(
        personal_number=KARIN.personal_number,
        visible=TEXT,
        nonvisible=FACTS,
        relying_party="cn=Ombud Demo",
        policies=verify.TEST_POLICIES,
    )
    return verify.verify(
        made.signature,
        made.ocsp,
        roots=roots or [pki.root.certificate],
        expect=dataclasses.replace(expect, **change),
    )


def refused(pki, made, **more) -> str:
    with pytest.raises(NotGenuine) as flaw:
        check(pki, made, **more)
    return flaw.value.reason


def rewritten(pki, made, change):
    """The XML changed, with an OCSP answer that fits the changed one."""
    xml = change(base64.b64decode(made.signature).decode())
    text = b64(xml)
    return signature.Signed(text, b64(signature.vouch(pki, pki.of(KARIN), text, NOW)))


def test_a_genuine_signature_proves_who_what_and_when(pki):
    genuine = check(pki, signed(pki))
    assert genuine.personal_number == KARIN.personal_number
    assert genuine.name == "Karin Provsson"
    assert (genuine.given, genuine.family) == ("Karin", "Provsson")
    assert genuine.at == NOW
    assert genuine.visible == TEXT
    assert genuine.nonvisible == FACTS
    assert genuine.function == "Signing"


def test_a_login_needs_no_text_but_must_then_have_none(pki):
    made = signed(pki, function="Identification", visible="", hidden="")
    empty = {"func": "Identification", "visible": "", "nonvisible": b""}
    assert check(pki, made, **empty).function == "Identification"
    assert refused(pki, made, func="Identification") == "visible"
    assert refused(pki, signed(pki), **empty | {"func": "Signing"}) == "visible"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"personal_number": "198002289224"}, "person"),
        ({"visible": TEXT + " "}, "visible"),
        ({"nonvisible": b'{"v":2}'}, "nonvisible"),
        ({"nonvisible": b""}, "nonvisible"),
        ({"relying_party": "cn=Ombud"}, "relying_party"),
        ({"policies": verify.REAL_POLICIES}, "policy"),
        ({"func": "Identification"}, "function"),
    ],
)
def test_what_was_not_asked_for_is_refused(pki, change, reason):
    assert refused(pki, signed(pki), **change) == reason


def test_an_identification_is_never_a_signature(pki):
    assert refused(pki, signed(pki, function="Identification")) == "function"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("badSignature", "signature"),
        ("swappedText", "signature"),
        ("swappedFunction", "function"),
        ("foreignRoot", "chain"),
        ("expiredCertificate", "validity"),
        ("realPolicy", "policy"),
        ("badOcsp", "nonce"),
        ("revokedOcsp", "status"),
        ("missingOcsp", "ocsp"),
    ],
)
def test_each_spoiled_part_is_named(pki, fault, reason):
    assert refused(pki, signed(pki, fault)) == reason


def test_an_ocsp_answer_of_another_signature_is_refused(pki):
    one, other = signed(pki), signed(pki)
    assert refused(pki, signature.Signed(one.signature, other.ocsp)) == "nonce"


def test_an_ocsp_answer_of_another_authority_is_refused(pki, other_pki):
    made = signed(pki)
    foreign = signature.vouch(other_pki, pki.of(KARIN), made.signature, NOW)
    assert refused(pki, signature.Signed(made.signature, b64(foreign))) == "ocsp"


def test_an_ocsp_answer_about_another_certificate_is_refused(pki):
    made, other = signed(pki), pki.issue_to(KARIN, pki.of(KARIN).key)
    answer = signature.vouch(pki, other, made.signature, NOW)
    assert refused(pki, signature.Signed(made.signature, b64(answer))) == "ocsp"


def test_only_a_responder_may_answer(pki, monkeypatch):
    plain = certificates.issue(
        pki.customer,
        certificates.rivest(),
        certificates.subject(CN="No responder"),
        [certificates.usage(ExtendedKeyUsageOID.CLIENT_AUTH)],
    )
    monkeypatch.setattr(pki, "ocsp", plain)
    assert refused(pki, signed(pki)) == "ocsp"


def test_an_expired_responder_is_not_believed(pki, monkeypatch):
    expired = certificates.issue(
        pki.customer,
        pki.ocsp.key,
        pki.ocsp.certificate.subject,
        [certificates.usage(ExtendedKeyUsageOID.OCSP_SIGNING)],
        ended=30,
    )
    monkeypatch.setattr(pki, "ocsp", expired)
    assert refused(pki, signed(pki)) == "validity"


def test_the_root_must_be_ours(pki, other_pki):
    assert refused(pki, signed(pki), roots=[other_pki.root.certificate]) == "chain"


def test_one_of_several_roots_is_enough(pki, other_pki):
    roots = [other_pki.root.certificate, pki.root.certificate]
    assert check(pki, signed(pki), roots=roots)


def test_a_person_may_not_issue_persons(pki):
    """A certificate below an ordinary one leads nowhere, root or no root."""
    made = signature.build
    forger = pki.of(KARIN)
    victim = certificates.issue(
        forger,
        certificates.rivest(),
        certificates.bankid_subject(KARIN),
        [(x509.CertificatePolicies([policy()]), False)],
    )
    xml = made(victim, [forger, pki.customer, pki.bank], wanted())
    responder = certificates.issue(
        forger,
        certificates.rivest(),
        certificates.subject(CN="Mine"),
        [certificates.usage(ExtendedKeyUsageOID.OCSP_SIGNING)],
    )
    mine = type("Mine", (), {"customer": forger, "ocsp": responder})
    answer = signature.vouch(mine, victim, b64(xml), NOW)
    assert refused(pki, signature.Signed(b64(xml), b64(answer))) == "chain"


def policy():
    oid = x509.ObjectIdentifier(certificates.MOBILE_TEST_POLICY)
    return x509.PolicyInformation(oid, None)


def test_validity_is_judged_when_it_was_signed_not_today(pki):
    assert check(pki, signed(pki, at=NOW - timedelta(days=300)))
    assert refused(pki, signed(pki, at=NOW - timedelta(days=900))) == "validity"
    assert refused(pki, signed(pki, at=NOW + timedelta(days=5000))) == "validity"


def wrapped(xml: str) -> str:
    """The signed part is moved aside, and another put in its place."""
    begin, end = xml.index("<bankIdSignedData"), xml.index("</Object>")
    honest = xml[begin:end]
    forged = honest.replace(b64(TEXT), b64("Jag skänker allt.")).replace(
        'Id="bidSignedData"', 'Id="other"'
    )
    return xml[:begin] + forged + "</Object><Object>" + honest + xml[end:]


CHANGES = {
    "wrapped": (wrapped, "form"),
    "one object with two": (
        lambda xml: xml.replace("</Object>", "<bankIdSignedData/></Object>"),
        "form",
    ),
    "other text": (lambda xml: xml.replace(b64(TEXT), b64("Jag godkänner allt.")), "digest"),
    "other hidden": (lambda xml: xml.replace(b64(FACTS), b64(b'{"v":2}')), "digest"),
    "second text": (
        lambda xml: xml.replace(
            "<usrNonVisibleData>", "<usrVisibleData>QQ==</usrVisibleData><usrNonVisibleData>"
        ),
        "form",
    ),
    "two ids": (lambda xml: xml.replace("<Object>", '<Object Id="bidSignedData">'), "form"),
    "id in capitals": (lambda xml: xml.replace("<Object>", '<Object ID="x">'), "form"),
    "doctype": (
        lambda xml: xml.replace("?>", '?><!DOCTYPE Signature [<!ENTITY a "b">]>', 1),
        "form",
    ),
    "comment": (lambda xml: xml.replace("</srvInfo>", "<!-- a --></srvInfo>"), "form"),
    "instruction": (lambda xml: xml.replace("</srvInfo>", "<?a b?></srvInfo>"), "form"),
    "transform": (lambda xml: xml.replace("REC-xml-c14n-20010315", "xpath", 1), "form"),
    "weak digest": (lambda xml: xml.replace("xmlenc#sha256", "xmldsig#sha1", 1), "form"),
    "no signature method": (lambda xml: xml.replace("rsa-sha256", "rsa-sha1"), "form"),
    "no reference": (lambda xml: xml.replace("#bidKeyInfo", "#bidSignedData"), "form"),
    "third reference": (
        lambda xml: xml.replace("</SignedInfo>", "<Reference URI=''></Reference></SignedInfo>"),
        "form",
    ),
    "not base64": (lambda xml: xml.replace(b64(FACTS), "%%%"), "form"),
    "not xml": (lambda xml: xml[:-5], "form"),
    "other root element": (lambda xml: f"<A>{xml.partition('?>')[2]}</A>", "form"),
    "spaces in signed info": (
        lambda xml: xml.replace("<SignatureMethod", "  <SignatureMethod"),
        "signature",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_changed_xml_is_refused(pki, name):
    change, reason = CHANGES[name]
    assert refused(pki, rewritten(pki, signed(pki), change)) == reason


def test_every_flipped_byte_of_the_xml_is_refused(pki):
    made = signed(pki)
    xml = bytearray(base64.b64decode(made.signature))
    for place in range(60, len(xml), len(xml) // 60):
        flipped = bytearray(xml)
        flipped[place] ^= 1
        text = b64(bytes(flipped))
        answer = b64(signature.vouch(pki, pki.of(KARIN), text, NOW))
        assert refused(pki, signature.Signed(text, answer)), place


def test_every_flipped_byte_of_the_ocsp_answer_is_refused(pki):
    made = signed(pki)
    der = base64.b64decode(made.ocsp)
    for place in range(0, len(der), len(der) // 60):
        flipped = bytearray(der)
        flipped[place] ^= 1
        with pytest.raises(NotGenuine):
            check(pki, signature.Signed(made.signature, b64(bytes(flipped))))


@pytest.mark.parametrize("text", ["", "hej", "<a/>", "é"])
def test_rubbish_is_refused_not_fallen_over(pki, text):
    assert refused(pki, signature.Signed(b64(text), b64(text))) == "form"
    assert refused(pki, signature.Signed(text, text)) == "form"

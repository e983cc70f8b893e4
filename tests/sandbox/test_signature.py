"""What BankID signs here, judged by programs nobody here wrote: openssl and xmlsec."""

import base64
import hashlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import xmlsec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from lxml import etree

from tests.sandbox.outside import ASTRID, KARIN, Outside, encoded

pytestmark = pytest.mark.slow
NS = {
    "d": "http://www.w3.org/2000/09/xmldsig#",
    "b": "http://www.bankid.com/signature/v1.0.0/types",
}
Data = dict[str, Any]


def xml(data: Data) -> Any:
    return etree.fromstring(base64.b64decode(data["signature"]))


def certificates(data: Data) -> list[x509.Certificate]:
    found = xml(data).findall(".//d:X509Certificate", NS)
    return [x509.load_der_x509_certificate(base64.b64decode(one.text)) for one in found]


def xmlsec_accepts(data: Data) -> bool:
    document = xml(data)
    xmlsec.tree.add_ids(document, ["Id"])
    context = xmlsec.SignatureContext()
    pem = certificates(data)[0].public_bytes(Encoding.PEM)
    context.key = xmlsec.Key.from_memory(pem, xmlsec.constants.KeyDataFormatCertPem)
    try:
        context.verify(document)
    except xmlsec.Error:
        return False
    return True


class Papers:
    """The certificates and the OCSP answer of a signature, in files for openssl."""

    def __init__(self, data: Data, outside: Outside, folder: Path) -> None:
        self.folder = folder
        self.root = outside.environment["OMBUD_BANKID_SIGN_ROOT"]
        user, customer, bank = (one.public_bytes(Encoding.PEM) for one in certificates(data))
        (folder / "user.pem").write_bytes(user)
        (folder / "customer.pem").write_bytes(customer)
        (folder / "chain.pem").write_bytes(customer + bank)
        (folder / "answer.der").write_bytes(base64.b64decode(data["ocspResponse"]))

    def openssl(self, *words: str) -> str:
        done = subprocess.run(
            ["openssl", *words], cwd=self.folder, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    def verify(self) -> str:
        return self.openssl(
            *("verify", "-x509_strict", "-CAfile", self.root),
            *("-untrusted", "chain.pem", "user.pem"),
        )

    def ocsp(self) -> str:
        return self.openssl(
            *("ocsp", "-respin", "answer.der", "-issuer", "customer.pem", "-cert", "user.pem"),
            *("-CAfile", self.root, "-verify_other", "chain.pem", "-no_nonce"),
        )


@pytest.fixture
def data(outside: Outside) -> Data:
    return outside.signed(
        userVisibleData=encoded("# Attestera\n+ Beställning åäö"),
        userVisibleDataFormat="simpleMarkdownV1",
        userNonVisibleData=encoded('{"v":1}'),
        requirement={"personalNumber": KARIN, "pinCode": True},
    )["completionData"]


def test_xmlsec_and_openssl_accept_it(data: Data, outside: Outside, tmp_path: Path) -> None:
    papers = Papers(data, outside, tmp_path)
    assert xmlsec_accepts(data)
    assert papers.verify() == "user.pem: OK\n"
    assert "Response verify OK" in papers.ocsp()
    assert "user.pem: good" in papers.ocsp()


def test_it_has_the_shape_of_a_real_one(data: Data) -> None:
    raw = base64.b64decode(data["signature"]).decode()
    assert "> <" not in raw
    assert "\n" not in raw
    root = xml(data)
    assert [etree.QName(one).localname for one in root] == [
        *("SignedInfo", "SignatureValue", "KeyInfo", "Object")
    ]
    assert [one.get("URI") for one in root.findall(".//d:Reference", NS)] == [
        *("#bidSignedData", "#bidKeyInfo")
    ]
    signed = root.find("d:Object/b:bankIdSignedData", NS)
    assert [etree.QName(one).localname for one in signed] == [
        *("usrVisibleData", "usrNonVisibleData", "srvInfo", "clientInfo")
    ]
    assert signed.findtext("b:clientInfo/b:funcId", namespaces=NS) == "Signing"
    assert dict(signed[0].attrib) == {
        "charset": "UTF-8",
        "format": "simpleMarkdownV1",
        "visible": "wysiwys",
    }


def test_it_says_exactly_what_was_asked(data: Data) -> None:
    signed = xml(data).find("d:Object/b:bankIdSignedData", NS)
    assert signed.findtext("b:usrVisibleData", namespaces=NS) == encoded(
        "# Attestera\n+ Beställning åäö"
    )
    assert signed.findtext("b:usrNonVisibleData", namespaces=NS) == encoded('{"v":1}')
    caller = base64.b64decode(signed.findtext("b:srvInfo/b:name", namespaces=NS)).decode()
    assert caller == (
        "cn=Ombud Demo,name=Ombud Demo,serialNumber=5564020000,o=Sandbox Bank AB (publ),c=SE"
    )


def test_an_identification_is_not_a_signature(outside: Outside) -> None:
    data = outside.signed(path="auth")["completionData"]
    assert xml(data).findtext(".//b:funcId", namespaces=NS) == "Identification"
    assert xml(data).find(".//b:usrVisibleData", NS) is None
    assert xmlsec_accepts(data)


def test_the_certificate_names_the_person(data: Data) -> None:
    user = certificates(data)[0]
    words = {one.oid: str(one.value) for one in user.subject}
    assert words[NameOID.SERIAL_NUMBER] == KARIN
    assert words[NameOID.COMMON_NAME] == data["user"]["name"]
    assert words[NameOID.GIVEN_NAME] == data["user"]["givenName"]
    assert words[x509.ObjectIdentifier("2.5.4.41")].endswith("Mobilt BankID")
    policies = user.extensions.get_extension_for_class(x509.CertificatePolicies).value
    assert [one.policy_identifier.dotted_string for one in policies] == ["1.2.3.4.25"]
    access = user.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    assert [one.access_method for one in access] == [AuthorityInformationAccessOID.OCSP]
    now = datetime.now(UTC)
    assert user.not_valid_before_utc < now - timedelta(days=700)
    assert user.not_valid_after_utc > now + timedelta(days=3600)


def test_every_root_is_the_sandboxs_own(outside: Outside) -> None:
    for name in ("OMBUD_BANKID_CA", "OMBUD_BANKID_SIGN_ROOT"):
        root = x509.load_pem_x509_certificate(Path(outside.environment[name]).read_bytes())
        assert root.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)[0].value == (
            "Ombud Sandbox"
        )


def test_the_ocsp_nonce_names_the_signature(data: Data) -> None:
    answer = ocsp.load_der_ocsp_response(base64.b64decode(data["ocspResponse"]))
    nonce = answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    assert len(nonce) == 32
    assert nonce[:20] == hashlib.sha1(data["signature"].encode()).digest()


def test_the_ocsp_answer_is_dated_by_the_sandboxs_clock(outside: Outside, tmp_path: Path) -> None:
    back = -200 * 86_400
    outside.ask("clock", offset_seconds=back)
    data = outside.signed()["completionData"]
    answer = ocsp.load_der_ocsp_response(base64.b64decode(data["ocspResponse"]))
    expected = datetime.now(UTC) + timedelta(seconds=back)
    assert abs(answer.produced_at_utc - expected) < timedelta(seconds=10)
    assert abs(answer.this_update_utc - expected) < timedelta(seconds=10)
    papers = Papers(data, outside, tmp_path)
    assert "Response verify OK" in papers.ocsp()


def spoiled(outside: Outside, fault: str) -> Data:
    outside.ask("faults", part="bankid", fault=fault, times=1)
    return outside.signed(requirement={"personalNumber": KARIN})["completionData"]


@pytest.mark.parametrize("fault", ["badSignature", "swappedText"])
def test_a_spoiled_signature_is_refused_by_xmlsec(outside: Outside, fault: str) -> None:
    assert not xmlsec_accepts(spoiled(outside, fault))


def test_a_foreign_root_is_refused_by_openssl(outside: Outside, tmp_path: Path) -> None:
    data = spoiled(outside, "foreignRoot")
    assert xmlsec_accepts(data)
    assert "error" in Papers(data, outside, tmp_path).verify()


def test_an_ended_certificate_is_refused_by_openssl(outside: Outside, tmp_path: Path) -> None:
    papers = Papers(spoiled(outside, "expiredCertificate"), outside, tmp_path)
    assert "certificate has expired" in papers.verify()


def test_a_revoked_certificate_is_called_revoked(outside: Outside, tmp_path: Path) -> None:
    papers = Papers(spoiled(outside, "revokedOcsp"), outside, tmp_path)
    assert "user.pem: revoked" in papers.ocsp()


def test_a_borrowed_ocsp_answer_names_another_signature(outside: Outside) -> None:
    data = spoiled(outside, "badOcsp")
    answer = ocsp.load_der_ocsp_response(base64.b64decode(data["ocspResponse"]))
    nonce = answer.extensions.get_extension_for_class(x509.OCSPNonce).value.nonce
    assert nonce[:20] != hashlib.sha1(data["signature"].encode()).digest()


def test_another_person_may_sign_in_ones_place(outside: Outside) -> None:
    row = {"personal_number": ASTRID, "given": "Astrid", "family": "Berg"}
    outside.control.post("people", json=[row]).raise_for_status()
    data = spoiled(outside, "wrongPerson")
    assert data["user"]["personalNumber"] == ASTRID
    words = certificates(data)[0].subject.get_attributes_for_oid(NameOID.SERIAL_NUMBER)
    assert words[0].value == ASTRID
    assert xmlsec_accepts(data)


def test_the_function_may_be_swapped(outside: Outside) -> None:
    data = spoiled(outside, "swappedFunction")
    assert xml(data).findtext(".//b:funcId", namespaces=NS) == "Identification"
    assert xmlsec_accepts(data)

"""The sandbox's own certificates: for the TLS connection, and for people's signatures."""

import ipaddress
import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID as Access
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID, ObjectIdentifier

from sandbox.people import Person

OURS = "Ombud Sandbox"
BANK = "Sandbox Bank AB (publ)"
MOBILE_TEST_POLICY = "1.2.3.4.25"
MOBILE_REAL_POLICY = "1.2.752.78.1.5"
YEARS_BACK, YEARS_ON = 2, 10

OIDS = {
    "C": NameOID.COUNTRY_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "SN": NameOID.SURNAME,
    "GN": NameOID.GIVEN_NAME,
    "serial": NameOID.SERIAL_NUMBER,
    "name": ObjectIdentifier("2.5.4.41"),
    "CN": NameOID.COMMON_NAME,
}

Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Extension = tuple[x509.ExtensionType, bool]
KeyMaker = Callable[[], Key]


class Holder:
    """A certificate and its key, kept together in one PEM file."""

    def __init__(self, key: Key, certificate: x509.Certificate) -> None:
        self.key = key
        self.certificate = certificate

    @classmethod
    def read(cls, path: Path) -> "Holder":
        body = path.read_bytes()
        key = serialization.load_pem_private_key(body, None)
        assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
        return cls(key, x509.load_pem_x509_certificate(body))

    def write(self, path: Path) -> None:
        replace(path, self.certificate_pem() + self.key_pem())

    def certificate_pem(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def certificate_der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    def key_pem(self) -> bytes:
        form = serialization.PrivateFormat.PKCS8
        plain = serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, form, plain)


class Pki:
    """Everything is made on the first start and stays in the folder."""

    def __init__(self, folder: Path, ocsp_address: str = "http://ocsp.sandbox.invalid/") -> None:
        self.folder = folder
        self.ocsp_address = ocsp_address
        self.one_at_a_time = threading.Lock()
        (folder / "people").mkdir(parents=True, exist_ok=True)
        os.chmod(folder, 0o700)
        self.make_tls()
        self.make_signing()

    def make_tls(self) -> None:
        words = {"CN": "Ombud Sandbox TLS Root CA", "O": OURS}
        root = self.kept("tls-root", None, elliptic, words)
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        at: Extension = x509.SubjectAlternativeName(names), False
        serving = [at, usage(ExtendedKeyUsageOID.SERVER_AUTH)]
        self.kept("tls-server", root, elliptic, {"CN": "localhost", "O": OURS}, serving)
        calling = [usage(ExtendedKeyUsageOID.CLIENT_AUTH)]
        for file, name in (("rp", "Ombud Demo"), ("rp-other", "Someone Else")):
            words = {"C": "SE", "O": BANK, "serial": "5564020000", "name": name, "CN": name}
            self.kept(file, root, elliptic, words, calling)
        self.split("tls-root", "tls-server", "rp", "rp-other")

    def make_signing(self) -> None:
        words = {"O": OURS, "OU": "BankID Member Banks CA", "CN": "Sandbox BankID Root CA"}
        self.root = self.kept("sign-root", None, rivest, words)
        self.bank = self.authority("sign-bank", self.root, "Sandbox Bank CA v1")
        name = "Sandbox Bank Customer CA1 v1"
        self.customer = self.authority("sign-customer", self.bank, name)
        answering: list[Extension] = [usage(ExtendedKeyUsageOID.OCSP_SIGNING)]
        answering.append((x509.OCSPNoCheck(), False))
        words = {"C": "SE", "O": BANK, "CN": f"{name} OCSP Signing"}
        self.ocsp = self.kept("sign-ocsp", self.customer, rivest, words, answering)
        self.split("sign-root")

    def authority(self, file: str, issuer: Holder, name: str) -> Holder:
        words = {"C": "SE", "O": BANK, "serial": "111111111111", "CN": name}
        return self.kept(file, issuer, rivest, words, authority=True)

    def kept(
        self,
        file: str,
        issuer: Holder | None,
        make_key: KeyMaker,
        words: dict[str, str],
        more: list[Extension] | None = None,
        authority: bool = False,
    ) -> Holder:
        path = self.folder / f"{file}.pem"
        if not path.exists():
            issue(issuer, make_key(), subject(**words), more or [], authority).write(path)
        return Holder.read(path)

    def split(self, *files: str) -> None:
        """Clients want certificate and key in files of their own."""
        for file in files:
            holder = Holder.read(self.folder / f"{file}.pem")
            for end, body in ((".crt", holder.certificate_pem()), (".key", holder.key_pem())):
                if not self.path(file + end).exists():
                    replace(self.path(file + end), body)

    def path(self, file: str) -> Path:
        return self.folder / file

    def of(self, person: Person) -> Holder:
        """A person's BankID: the key is made once, the certificate again when the name changes."""
        with self.one_at_a_time:
            return self.held_by(person)

    def held_by(self, person: Person) -> Holder:
        path = self.folder / "people" / f"{person.personal_number}.pem"
        if not path.exists():
            self.issue_to(person, rivest()).write(path)
        held = Holder.read(path)
        if common_name(held.certificate) == person.name:
            return held
        self.issue_to(person, held.key).write(path)
        return Holder.read(path)

    def issue_to(
        self, person: Person, key: Key, policy: str = MOBILE_TEST_POLICY, days: int | None = None
    ) -> Holder:
        """days: how long ago the certificate ended (for a fault); None is a valid one."""
        more: list[Extension] = [
            (
                x509.CertificatePolicies([x509.PolicyInformation(ObjectIdentifier(policy), None)]),
                False,
            ),
            (x509.AuthorityInformationAccess([ocsp_at(self.ocsp_address)]), False),
        ]
        return issue(self.customer, key, bankid_subject(person), more, ended=days)


def issue(
    issuer: Holder | None,
    key: Key,
    name: x509.Name,
    more: list[Extension],
    authority: bool = False,
    ended: int | None = None,
) -> Holder:
    """Without an issuer it is a root, signed by itself."""
    authority = authority or issuer is None
    signer = issuer.key if issuer else key
    begin, end = validity(ended)
    build = x509.CertificateBuilder().subject_name(name).public_key(key.public_key())
    build = build.issuer_name(issuer.certificate.subject if issuer else name)
    build = build.serial_number(x509.random_serial_number())
    build = build.not_valid_before(begin).not_valid_after(end)
    for extension, critical in [*ordinary(key, signer, authority), *more]:
        build = build.add_extension(extension, critical)
    return Holder(key, build.sign(signer, hashes.SHA256()))


def validity(ended: int | None) -> tuple[datetime, datetime]:
    now = datetime.now(UTC).replace(microsecond=0)
    begin = now - timedelta(days=YEARS_BACK * 365)
    if ended is not None:
        return begin, now - timedelta(days=ended)
    return begin, now + timedelta(days=YEARS_ON * 365)


def ordinary(key: Key, signer: Key, authority: bool) -> list[Extension]:
    use = x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )
    return [
        (x509.BasicConstraints(authority, None), True),
        (use, True),
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), False),
    ]


def usage(purpose: ObjectIdentifier) -> Extension:
    return x509.ExtendedKeyUsage([purpose]), False


def ocsp_at(address: str) -> x509.AccessDescription:
    return x509.AccessDescription(Access.OCSP, x509.UniformResourceIdentifier(address))


def subject(**words: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(OIDS[kind], value) for kind, value in words.items()])


def bankid_subject(person: Person) -> x509.Name:
    issued = datetime.now(UTC).strftime("%y%m%d %H.%M")
    return subject(
        C="SE",
        O=BANK,
        SN=person.family,
        GN=person.given,
        serial=person.personal_number,
        name=f"({issued}) {person.name} - Mobilt BankID",
        CN=person.name,
    )


def common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def rivest() -> rsa.RSAPrivateKey:
    """BankID's signatures are rsa-sha256, so everything about them is RSA."""
    return rsa.generate_private_key(65537, 2048)


def elliptic() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def replace(path: Path, body: bytes) -> None:
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
    os.replace(beside, path)

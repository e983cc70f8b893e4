"""A BankID signature checked offline: what was signed, by whom, when, and that it is unchanged."""

import base64
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.x509.oid import NameOID

from ombud.eid import envelope, trust
from ombud.eid.envelope import Envelope
from ombud.eid.refusal import NotGenuine, checking, demand

__all__ = ["Expectation", "Genuine", "NotGenuine", "roots", "verify"]

# File, smart card and mobile: the real ones, and those of BankID's test environment
REAL_POLICIES = frozenset({"1.2.752.78.1.1", "1.2.752.78.1.2", "1.2.752.78.1.5"})
TEST_POLICIES = frozenset({"1.2.3.4.5", "1.2.3.4.10", "1.2.3.4.25", "1.2.752.60.1.6"})


@dataclass(frozen=True)
class Expectation:
    """What the signature must say; None leaves a thing unchecked, an empty text must be absent."""

    personal_number: str | None
    visible: str | None
    nonvisible: bytes | None
    func: str = "Signing"
    relying_party: str | None = None  # "cn=Our name", the beginning of the signed server name
    policies: frozenset[str] | None = None


@dataclass(frozen=True)
class Genuine:
    """What a signature that holds has proved."""

    personal_number: str
    name: str
    given: str
    family: str
    at: datetime
    function: str
    visible: str
    nonvisible: bytes
    relying_party: str
    policies: frozenset[str]
    issuer: str
    serial: str


def verify(
    signature_b64: str, ocsp_b64: str, *, roots: list[x509.Certificate], expect: Expectation
) -> Genuine:
    """Needs neither network nor clock; raises NotGenuine naming the first check that failed."""
    with checking("form"):
        xml = base64.b64decode(signature_b64, validate=True)
        der = base64.b64decode(ocsp_b64, validate=True)
    signed = envelope.opened(xml)
    person, issuer = signed.certificates[:2]
    at = trust.receipt(der, signature_b64, person, issuer)
    trust.require_chain(signed.certificates, roots, at)
    genuine = _proved(signed, at)
    _require_as_expected(genuine, expect)
    return genuine


def roots(path: str | Path) -> list[x509.Certificate]:
    """The roots under which people's BankIDs are issued, from a PEM file."""
    return x509.load_pem_x509_certificates(Path(path).read_bytes())


def _proved(signed: Envelope, at: datetime) -> Genuine:
    person = signed.certificates[0]
    with checking("form"):
        return Genuine(
            personal_number=_of(person, NameOID.SERIAL_NUMBER),
            name=_of(person, NameOID.COMMON_NAME),
            given=_of(person, NameOID.GIVEN_NAME),
            family=_of(person, NameOID.SURNAME),
            at=at,
            function=signed.function,
            visible=signed.visible.decode(),
            nonvisible=signed.nonvisible,
            relying_party=signed.relying_party,
            policies=_policies(person),
            issuer=person.issuer.rfc4514_string(),
            serial=f"{person.serial_number:x}",
        )


def _require_as_expected(genuine: Genuine, expect: Expectation) -> None:
    wanted, allowed = expect.personal_number, expect.policies
    demand(genuine.function == expect.func, "function", genuine.function)
    demand(allowed is None or genuine.policies & allowed, "policy")
    demand(wanted is None or genuine.personal_number == wanted, "person")
    demand(expect.visible is None or genuine.visible == expect.visible, "visible")
    demand(expect.nonvisible is None or genuine.nonvisible == expect.nonvisible, "nonvisible")
    demand(_is_for(expect.relying_party, genuine), "relying_party", genuine.relying_party)


def _is_for(relying_party: str | None, genuine: Genuine) -> bool:
    if relying_party is None:
        return True
    return f"{genuine.relying_party},".startswith(f"{relying_party},")


def _of(certificate: x509.Certificate, kind: x509.ObjectIdentifier) -> str:
    (found,) = certificate.subject.get_attributes_for_oid(kind)
    return str(found.value)


def _policies(certificate: x509.Certificate) -> frozenset[str]:
    extension = certificate.extensions.get_extension_for_class(x509.CertificatePolicies)
    return frozenset(policy.policy_identifier.dotted_string for policy in extension.value)

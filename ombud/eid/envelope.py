"""The XML of a BankID signature: exactly the known shape, its digests, and the person's key.

Nothing is looked up by name or id: every element is taken from its one allowed place, so there is
nowhere for a second, unsigned one to hide.
"""

import base64
import copy
import hashlib
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree

from ombud.eid.keys import rsa_key
from ombud.eid.refusal import checking, demand

DSIG = "http://www.w3.org/2000/09/xmldsig#"
TYPES = "http://www.bankid.com/signature/v1.0.0/types"
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"
LARGEST = 2_000_000  # bytes of XML; two texts at their longest take a fifth of it


@dataclass(frozen=True)
class Envelope:
    """What stands in the signed part. The certificates are not trusted yet."""

    certificates: list[x509.Certificate]  # the person's first, then its issuers upwards
    visible: bytes
    nonvisible: bytes
    relying_party: str
    function: str


def opened(xml: bytes) -> Envelope:
    """The signed content, after both digests and the signature over them hold."""
    with checking("form"):
        signature = _parsed(xml)
        info, value, keys, wrapper = _children(
            signature, _ds("SignedInfo"), _ds("SignatureValue"), _ds("KeyInfo"), _ds("Object")
        )
        (data,) = _children(wrapper, _bid("bankIdSignedData"))
        _require_ids(signature, data, keys)
        digests = _digests(info)
        certificates = _certificates(keys)
        envelope = _read(data, certificates)
    with checking("digest"):
        demand(_digest(data) == digests["#bidSignedData"], "digest", "signed data")
        demand(_digest(keys) == digests["#bidKeyInfo"], "digest", "certificates")
    with checking("signature"):
        key = rsa_key(certificates[0])
        key.verify(_decoded(value), _canonical(info), padding.PKCS1v15(), hashes.SHA256())
    return envelope


def _parsed(xml: bytes) -> etree._Element:
    demand(len(xml) <= LARGEST, "form", "too large")
    demand(b"<!DOCTYPE" not in xml and b"<!ENTITY" not in xml, "form", "DTD")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    root = etree.fromstring(xml, parser)
    demand(root.getroottree().docinfo.internalDTD is None, "form", "DTD")
    demand(root.getprevious() is None and root.getnext() is None, "form", "beside the root")
    demand(all(isinstance(e.tag, str) for e in root.iter()), "form", "comment or instruction")
    demand(root.tag == _ds("Signature"), "form", "root")
    return root


def _children(parent: etree._Element, *tags: str) -> list[etree._Element]:
    """The children, if they are exactly these, in this order, with nothing written between."""
    found = list(parent)
    demand([child.tag for child in found] == list(tags), "form", f"children of {parent.tag}")
    loose = [parent.text, *(child.tail for child in found)]
    demand(not any(text and text.strip() for text in loose), "form", f"text in {parent.tag}")
    return found


def _require_ids(root: etree._Element, data: etree._Element, keys: etree._Element) -> None:
    ids = [
        (element, name, value)
        for element in root.iter()
        for name, value in element.attrib.items()
        if etree.QName(name).localname.lower() == "id"
    ]
    expected = [(keys, "Id", "bidKeyInfo"), (data, "Id", "bidSignedData")]
    demand(ids == expected, "form", "ids")


def _digests(info: etree._Element) -> dict[str, bytes]:
    method, algorithm, *references = _children(
        info,
        *(
            _ds("CanonicalizationMethod"),
            _ds("SignatureMethod"),
            _ds("Reference"),
            _ds("Reference"),
        ),
    )
    _require_algorithm(method, C14N)
    _require_algorithm(algorithm, RSA_SHA256)
    digests = dict(map(_reference, references))
    demand(set(digests) == {"#bidSignedData", "#bidKeyInfo"}, "form", "references")
    return digests


def _reference(reference: etree._Element) -> tuple[str, bytes]:
    transforms, method, value = _children(
        reference, _ds("Transforms"), _ds("DigestMethod"), _ds("DigestValue")
    )
    (transform,) = _children(transforms, _ds("Transform"))
    _require_algorithm(transform, C14N)
    _require_algorithm(method, SHA256)
    return reference.get("URI", ""), _decoded(value)


def _require_algorithm(element: etree._Element, name: str) -> None:
    demand(element.get("Algorithm") == name and not len(element), "form", f"{element.tag}")


def _certificates(keys: etree._Element) -> list[x509.Certificate]:
    (data,) = _children(keys, _ds("X509Data"))
    found = list(data)
    demand(2 <= len(found) <= 5, "form", "number of certificates")
    _children(data, *[_ds("X509Certificate")] * len(found))
    return [x509.load_der_x509_certificate(_decoded(certificate)) for certificate in found]


def _read(data: etree._Element, certificates: list[x509.Certificate]) -> Envelope:
    parts = {child.tag: child for child in data}
    known = [_bid(t) for t in ("usrVisibleData", "usrNonVisibleData", "srvInfo", "clientInfo")]
    _children(data, *[tag for tag in known if tag in parts])
    server, client = parts[_bid("srvInfo")], parts[_bid("clientInfo")]
    return Envelope(
        certificates=certificates,
        visible=_content(parts.get(_bid("usrVisibleData"))),
        nonvisible=_content(parts.get(_bid("usrNonVisibleData"))),
        relying_party=_content(_only(server, _bid("name"))).decode(),
        function=_only(client, _bid("funcId")).text or "",
    )


def _only(parent: etree._Element, tag: str) -> etree._Element:
    (found,) = parent.findall(tag)
    return found


def _content(element: etree._Element | None) -> bytes:
    return b"" if element is None else _decoded(element)


def _decoded(element: etree._Element) -> bytes:
    demand(not len(element), "form", f"children of {element.tag}")
    return base64.b64decode("".join((element.text or "").split()), validate=True)


def _digest(element: etree._Element) -> bytes:
    return hashlib.sha256(_canonical(element)).digest()


def _canonical(element: etree._Element) -> bytes:
    """Canonical bytes. Of a copy: lxml adds a stray xmlns="" to an element still in its tree."""
    return etree.tostring(copy.deepcopy(element), method="c14n", with_tail=False)


def _ds(name: str) -> str:
    return f"{{{DSIG}}}{name}"


def _bid(name: str) -> str:
    return f"{{{TYPES}}}{name}"

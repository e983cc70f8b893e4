"""Judging a kept signature with programs nobody here wrote: openssl and xmlsec, and sha256.

It trusts nothing of Ombud's own verification: only the four texts that were kept and the root.
"""

import base64
import hashlib
import json
import re
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import xmlsec
from lxml import etree

from ombud.eid import challenges
from ombud.signing.models import Signature

NS = {
    "d": "http://www.w3.org/2000/09/xmldsig#",
    "b": "http://www.bankid.com/signature/v1.0.0/types",
}


@dataclass(frozen=True)
class Kept:
    """What lies in the archive of one BankID signature."""

    xml: bytes
    ocsp: bytes
    document: str
    snapshot: str
    claims: str

    @classmethod
    def of(cls, signature: Signature) -> "Kept":
        told = challenges.evidence(signature.challenge)
        return cls(
            base64.b64decode(told["signature"]),
            base64.b64decode(told["ocspResponse"]),
            signature.document,
            signature.snapshot,
            signature.claims,
        )

    def but(self, **changed) -> "Kept":
        return replace(self, **changed)


def faults(kept: Kept, root: str) -> set[str]:
    """Which of "xml", "ocsp" and "hashes" do not hold."""
    found = set()
    with tempfile.TemporaryDirectory() as folder:
        try:
            parsed = etree.fromstring(kept.xml)
        except etree.XMLSyntaxError:
            return {"xml"}
        papers = Papers(Path(folder), parsed, kept, root)
        if not (papers.is_signed() and papers.is_chained()):
            found.add("xml")
        if not papers.is_vouched_for():
            found.add("ocsp")
    if not hashes_hold(parsed, kept):
        found.add("hashes")
    return found


def hashes_hold(parsed, kept: Kept) -> bool:
    """The signed bytes name the hashes of what was shown and of the facts behind it."""
    visible = base64.b64decode(parsed.findtext(".//b:usrVisibleData", "", NS))
    unseen = base64.b64decode(parsed.findtext(".//b:usrNonVisibleData", "", NS))
    try:
        claims = json.loads(unseen)
    except ValueError:
        return False
    return (
        visible == kept.document.encode()
        and unseen == kept.claims.encode()
        and claims["document_sha256"] == hashlib.sha256(kept.document.encode()).hexdigest()
        and claims["snapshot_sha256"] == hashlib.sha256(kept.snapshot.encode()).hexdigest()
    )


class Papers:
    def __init__(self, folder: Path, parsed, kept: Kept, root: str) -> None:
        self.folder, self.parsed, self.root, self.xml = folder, parsed, root, kept.xml
        names = ["user", "customer", "bank"]
        texts = [node.text or "" for node in parsed.findall(".//d:X509Certificate", NS)]
        for name, text in zip(names, texts, strict=False):
            (folder / f"{name}.pem").write_text(pem(text))
        (folder / "answer.der").write_bytes(kept.ocsp)
        chain = [folder / f"{name}.pem" for name in names[1:]]
        (folder / "chain.pem").write_text("".join(p.read_text() for p in chain if p.exists()))
        self.at = self.produced_at()

    def is_signed(self) -> bool:
        context = xmlsec.SignatureContext()
        try:
            xmlsec.tree.add_ids(self.parsed, ["Id"])
            file, kind = str(self.folder / "user.pem"), xmlsec.constants.KeyDataFormatCertPem
            context.key = xmlsec.Key.from_file(file, kind)
            context.verify(self.parsed)
        except (xmlsec.Error, OSError):
            return False
        return True

    def is_chained(self) -> bool:
        said = self.openssl("verify", *self.when(), *self.trust("-untrusted"), "user.pem")
        return said.strip() == "user.pem: OK"

    def is_vouched_for(self) -> bool:
        """Good, by a responder of the same issuer, and made for this very signature."""
        question = ["-respin", "answer.der", "-issuer", "customer.pem", "-cert", "user.pem"]
        said = self.openssl(
            "ocsp", *question, *self.when(), *self.trust("-verify_other"), "-no_nonce"
        )
        signed = base64.b64encode(self.xml)
        return (
            "Response verify OK" in said
            and "user.pem: good" in said
            and hashlib.sha1(signed).hexdigest() in self.told()
        )

    def produced_at(self) -> str:
        found = re.search(
            r"Produced At: (.+)",
            self.openssl("ocsp", "-respin", "answer.der", "-text", "-noverify"),
        )
        if not found:
            return ""
        seconds = subprocess.run(
            ["date", "-u", "-d", found[1].strip(), "+%s"], capture_output=True, text=True
        )
        return seconds.stdout.strip()

    def told(self) -> str:
        """The whole OCSP answer as openssl reads it, hexadecimal run together."""
        told = self.openssl("asn1parse", "-inform", "DER", "-in", "answer.der")
        return told.lower().replace(":", "")

    def when(self) -> list[str]:
        return ["-attime", self.at] if self.at else []

    def trust(self, chain: str) -> list[str]:
        return ["-CAfile", self.root, chain, "chain.pem"]

    def openssl(self, *words: str) -> str:
        done = subprocess.run(["openssl", *words], cwd=self.folder, capture_output=True, text=True)
        return done.stdout + done.stderr


def pem(text: str) -> str:
    lines = "\n".join(text[at : at + 64] for at in range(0, len(text), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n"

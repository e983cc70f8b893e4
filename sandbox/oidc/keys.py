"""The provider's signing keys, and tokens signed with them: JWS by hand, so that whoever verifies
them leans on other code than this."""

import base64
import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

Claims = dict[str, Any]


class Keys:
    """One key that is published, and one that nobody has heard of."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.own = kept(folder / "oidc.key")
        self.foreign = kept(folder / "oidc-foreign.key")

    def published(self) -> Claims:
        numbers = self.own.public_key().public_numbers()
        return {
            "keys": [
                {
                    "kty": "RSA",
                    "use": "sig",
                    "alg": "RS256",
                    "kid": self.kid,
                    "n": number(numbers.n),
                    "e": number(numbers.e),
                }
            ]
        }

    @property
    def kid(self) -> str:
        return kid_of(self.own)

    def sign(self, claims: Claims, fault: str = "") -> str:
        """The claims as a token; a fault harms how it is signed."""
        if fault == "alg_none":
            return f"{packed({'alg': 'none', 'typ': 'JWT'}, claims)}."
        if fault == "alg_hs256":
            return self.confused(claims)
        key = self.foreign if fault in ("wrong_key", "unknown_kid") else self.own
        kid = "nobody-knows" if fault == "unknown_kid" else self.kid
        told = packed({"alg": "RS256", "typ": "JWT", "kid": kid}, claims)
        signature = key.sign(told.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{told}.{encoded(signature)}"

    def confused(self, claims: Claims) -> str:
        """Signed with the public key as if it were a shared secret."""
        told = packed({"alg": "HS256", "typ": "JWT", "kid": self.kid}, claims)
        public = self.own.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
        return f"{told}.{encoded(hmac.new(public, told.encode(), 'sha256').digest())}"


def kept(path: Path) -> rsa.RSAPrivateKey:
    """The key in the file; made when there is none."""
    if not path.exists():
        fresh = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        path.touch(mode=0o600)
        path.write_bytes(
            fresh.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


def kid_of(key: rsa.RSAPrivateKey) -> str:
    return hashlib.sha256(number(key.public_key().public_numbers().n).encode()).hexdigest()[:16]


def packed(*parts: Claims) -> str:
    return ".".join(encoded(json.dumps(part).encode()) for part in parts)


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def number(value: int) -> str:
    return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))

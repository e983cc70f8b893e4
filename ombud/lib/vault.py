"""What lies in the database only under lock: sealed text, and a keyed index to find it by."""

import base64
import hashlib
import hmac
from functools import cache

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    return _safe(*_secrets()).encrypt(text.encode()).decode()


def open(sealed: str) -> str:
    """The text again; raises InvalidToken for anything not sealed here."""
    return _safe(*_secrets()).decrypt(sealed.encode()).decode()


def reseal(sealed: str) -> str:
    """The same text under the newest key."""
    return _safe(*_secrets()).rotate(sealed.encode()).decode()


def index(text: str, purpose: str = "index") -> str:
    """A keyed digest: equal texts give equal digests, and nothing leads back."""
    return _digest(settings.SECRET_KEY, purpose, text)


def indexes(text: str, purpose: str = "index") -> list[str]:
    """The digests a row may have been written with, while a key is being changed."""
    return [_digest(secret, purpose, text) for secret in _secrets()]


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def _digest(secret: str, purpose: str, text: str) -> str:
    return hmac.new(_key(secret, purpose), text.encode(), hashlib.sha256).hexdigest()


@cache
def _safe(*secrets: str) -> MultiFernet:
    keys = (base64.urlsafe_b64encode(_key(secret, "seal")) for secret in secrets)
    return MultiFernet([Fernet(key) for key in keys])


@cache
def _key(secret: str, purpose: str) -> bytes:
    derive = HKDF(hashes.SHA256(), length=32, salt=None, info=f"ombud vault {purpose}".encode())
    return derive.derive(secret.encode())

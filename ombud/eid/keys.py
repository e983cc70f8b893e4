"""The public key in a certificate: RSA and large enough, as BankID's always are."""

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

SMALLEST = 2048


def rsa_key(certificate: x509.Certificate) -> rsa.RSAPublicKey:
    key = certificate.public_key()
    if not isinstance(key, rsa.RSAPublicKey) or key.key_size < SMALLEST:
        raise ValueError("not an RSA key of 2048 bits or more")
    return key

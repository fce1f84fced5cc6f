"""The kinds of signing keys that are accepted, and what their signatures look like."""

from enum import StrEnum
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from signing.errors import KeyUnsuitable

DIGEST_SIZE: Final = 32  # SHA-256 everywhere
SHA256_DIGEST_INFO: Final = bytes.fromhex("3031300d060960864801650304020105000420")  # RFC 8017, 9.2 note 1

P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P384_ORDER: Final = int(
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16
)


class KeyAlgorithm(StrEnum):
    """Accepted kinds of keys; GB/T 39786 class strength and what document readers understand."""

    RSA_2048 = "RSA-2048"
    RSA_3072 = "RSA-3072"
    RSA_4096 = "RSA-4096"
    P_256 = "P-256"
    P_384 = "P-384"

    @classmethod
    def of(cls, public_key: object, place: str) -> "KeyAlgorithm":
        """The kind of a public key; `place` names the file or token in the error.

        Raises:
            KeyUnsuitable: some other kind or size.
        """
        match public_key:
            case rsa.RSAPublicKey():
                found = f"RSA-{public_key.key_size}"
            case ec.EllipticCurvePublicKey():
                found = {"secp256r1": "P-256", "secp384r1": "P-384"}.get(
                    public_key.curve.name, public_key.curve.name
                )
            case _:
                found = type(public_key).__name__
        try:
            return cls(found)
        except ValueError as error:
            raise KeyUnsuitable(place=place, found=found) from error

    @property
    def is_rsa(self) -> bool:
        """RSA with PKCS#1 v1.5 padding; otherwise ECDSA."""
        return self.value.startswith("RSA")

    @property
    def order(self) -> int:
        """Order of the curve's group; only for elliptic curves."""
        return P256_ORDER if self is KeyAlgorithm.P_256 else P384_ORDER

    @property
    def signature_size(self) -> int:
        """Largest signature in bytes (DER for ECDSA)."""
        match self:
            case KeyAlgorithm.RSA_2048:
                return 256
            case KeyAlgorithm.RSA_3072:
                return 384
            case KeyAlgorithm.RSA_4096:
                return 512
            case KeyAlgorithm.P_256:
                return 71  # low s: the second integer never needs its sign byte
            case KeyAlgorithm.P_384:
                return 103


def low_s(signature: bytes, order: int) -> bytes:
    """The one of the two valid forms of an ECDSA signature whose `s` is in the lower half of the order.

    Both (r, s) and (r, n - s) verify; fixing one leaves nobody a second valid file of the same content.
    """
    r, s = decode_dss_signature(signature)
    return signature if s <= order >> 1 else encode_dss_signature(r, order - s)


def is_low_s(signature: bytes, order: int) -> bool:
    """Whether `low_s` would leave the signature as it is."""
    return decode_dss_signature(signature)[1] <= order >> 1

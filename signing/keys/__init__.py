"""Keys (密钥): one interface for PKCS#12, PEM and PKCS#11; checked when opened, never at the 800th signature."""

from signing.keys.algorithm import KeyAlgorithm
from signing.keys.interface import SigningKey
from signing.keys.opening import open_key, parse_source
from signing.keys.passphrase import Passphrase
from signing.keys.source import KeySource, PemSource, Pkcs12Source, TokenSource

__all__ = [
    "KeyAlgorithm",
    "KeySource",
    "Passphrase",
    "PemSource",
    "Pkcs12Source",
    "SigningKey",
    "TokenSource",
    "open_key",
    "parse_source",
]

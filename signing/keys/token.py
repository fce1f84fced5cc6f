"""Keys inside a PKCS#11 token (加密机、UKey、SoftHSM2): one session per process, opened again after a fork."""

import os
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pkcs11
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from pkcs11 import Attribute, Mechanism, ObjectClass

from signing.errors import DigestUnsuitable, KeyPairMismatch, KeyTrouble, KeyUnreadable, PassphraseWrong
from signing.keys.algorithm import DIGEST_SIZE, SHA256_DIGEST_INFO, KeyAlgorithm, low_s
from signing.keys.checks import build_chain, subject_text
from signing.keys.files import read_certificates
from signing.keys.reasons import said, token_reason
from signing.keys.source import TokenSource

PAUSES: Final = (0.1, 0.3)  # seconds before a token is looked for again
_SELF_TEST = bytes(range(DIGEST_SIZE))
_initialised_in: dict[str, int] = {}
_sessions: dict[
    tuple[int, Path, str], tuple[Any, int]
] = {}  # process, module, token → session, keys using it


@dataclass(frozen=True)
class TokenKey:
    """A `SigningKey` whose private key never leaves the token."""

    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    algorithm: KeyAlgorithm
    source: TokenSource
    handle: Any

    def sign_digest(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest inside the token.

        Raises:
            DigestUnsuitable: not 32 bytes.
            KeyUnreadable: the token refused or was taken away.
        """
        if len(digest) != DIGEST_SIZE:
            raise DigestUnsuitable(length=len(digest))
        try:
            if self.algorithm.is_rsa:
                return bytes(self.handle.sign(SHA256_DIGEST_INFO + digest, mechanism=Mechanism.RSA_PKCS))
            raw = bytes(self.handle.sign(digest, mechanism=Mechanism.ECDSA))
        except pkcs11.PKCS11Error as error:
            raise _unreadable(self.source, error) from error
        half = len(raw) // 2
        der = encode_dss_signature(int.from_bytes(raw[:half]), int.from_bytes(raw[half:]))
        return low_s(der, self.algorithm.order)

    def close(self) -> None:
        """Leave the session; the last key of a token closes it."""
        _leave(self.source)


def open_token(source: TokenSource) -> TokenKey:
    """Open a session in this process and prove with one signature that key and certificate belong together.

    Raises:
        KeyUnreadable, PassphraseMissing, PassphraseWrong, KeyUnsuitable, KeyPairMismatch, ChainBroken.
    """
    session = _enter(source)
    try:
        handle = session.get_key(object_class=ObjectClass.PRIVATE_KEY, label=source.label)
        certificates = _certificates(source, session)
        certificate = certificates[0]
        algorithm = KeyAlgorithm.of(certificate.public_key(), source.place)
        chain = build_chain(certificate, certificates[1:])
        key = TokenKey(certificate, chain, algorithm, source, handle)
        _prove_pair(key)
    except pkcs11.PKCS11Error as error:
        _leave(source)
        raise _unreadable(source, error) from error
    except KeyTrouble:
        _leave(source)
        raise
    return key


def _enter(source: TokenSource) -> Any:
    """This process's one session with the token: a log-in, and a log-out, count for the whole process."""
    place = (os.getpid(), source.module, source.token)
    session, users = _sessions.get(place, (None, 0))
    session = session or open_session(source)
    _sessions[place] = (session, users + 1)
    return session


def _leave(source: TokenSource) -> None:
    place = (os.getpid(), source.module, source.token)
    session, users = _sessions.pop(place, (None, 0))
    if users > 1:
        _sessions[place] = (session, users - 1)
    elif session is not None:
        session.close()


def open_session(source: TokenSource, *, writing: bool = False) -> Any:
    """A logged-in session; the library is initialised again when this process was forked from another.

    Raises:
        KeyUnreadable, PassphraseMissing, PassphraseWrong.
    """
    try:
        library = pkcs11.lib(str(source.module))
        if _initialised_in.setdefault(str(source.module), os.getpid()) != os.getpid():
            library.reinitialize()
            _initialised_in[str(source.module)] = os.getpid()
        return _find(library, source).open(user_pin=source.pin.read(), rw=writing)
    except (pkcs11.PinIncorrect, pkcs11.PinInvalid, pkcs11.PinLenRange, pkcs11.PinLocked) as error:
        raise PassphraseWrong(place=source.place) from error
    except (pkcs11.PKCS11Error, RuntimeError, OSError) as error:
        raise _unreadable(source, error) from error


def _find(library: Any, source: TokenSource) -> Any:
    """The token by its label; a token that is busy while other processes open it is looked for again."""
    for pause in PAUSES:
        try:
            return library.get_token(token_label=source.token)
        except pkcs11.NoSuchToken:
            if any(process == os.getpid() for process, _, _ in _sessions):
                raise  # initialising again would end the sessions that are open
            time.sleep(pause)
            library.reinitialize()
    return library.get_token(token_label=source.token)


def _certificates(source: TokenSource, session: Any) -> tuple[x509.Certificate, ...]:
    if source.certificates is not None:
        return read_certificates(source.certificates)
    objects = session.get_objects({Attribute.CLASS: ObjectClass.CERTIFICATE})
    found = [(one[Attribute.LABEL], x509.load_der_x509_certificate(one[Attribute.VALUE])) for one in objects]
    own = [certificate for label, certificate in found if label == source.label]
    if not own:
        raise KeyUnreadable(place=source.place, reason=said("no_certificate"))
    return (own[0], *(certificate for _, certificate in found if certificate != own[0]))


def _prove_pair(key: TokenKey) -> None:
    public = key.certificate.public_key()
    signature = key.sign_digest(_SELF_TEST)
    try:
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, _SELF_TEST, padding.PKCS1v15(), Prehashed(SHA256()))
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, _SELF_TEST, ec.ECDSA(Prehashed(SHA256())))
    except InvalidSignature as error:
        raise KeyPairMismatch(place=key.source.place, subject=subject_text(key.certificate)) from error


def _unreadable(source: TokenSource, error: Exception) -> KeyUnreadable:
    return KeyUnreadable(place=source.place, reason=token_reason(error))


def token_labels(session: Any) -> Iterable[str]:
    """Labels of the private keys in a token, for `zhicheng keys`."""
    return [
        str(one[Attribute.LABEL]) for one in session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY})
    ]

"""What a later revision may bring in its security store: certificates of the chains, and what their issuers said of them.

A certificate belongs when it is pinned, is embedded in a signature or token of the file, or has signed a list or an
answer in this store and was issued by one that belongs. Everything is plain DER, and nothing stands there twice.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final, NoReturn, TypeAlias

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding

from signing.cms.asn1 import ocsp
from signing.cms.der import is_der
from signing.keys.checks import issued
from signing.validate.anchors import are_only_spellings, pinned_path
from signing.validate.case import Case, Stop, refuse_change
from signing.validate.report import Code

Contents: TypeAlias = Mapping[str, list[tuple[bytes, bool]]]
_PROBLEMS: Final = (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm)
_DIGESTS: Final[dict[str, hashes.HashAlgorithm]] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def check_store(case: Case, number: int, contents: Contents) -> None:
    """Look at what revision `number` (from 1) brings: key of the store → DER and whether it is new.

    Raises:
        Stop: something that does not belong to the chains of this file.
    """
    _check_authority(case, number, contents)
    everything = [one for group in contents.values() for one, _ in group]
    if len(set(everything)) != len(everything) or not all(map(is_der, everything)):
        _foreign("a second spelling")
    try:
        _check(case, number, contents)
    except _PROBLEMS as error:
        _foreign(str(error)[:100])


def _check_authority(case: Case, number: int, contents: Contents) -> None:
    """Nobody's time-stamp is untrusted rather than tampering; what its store says does not matter then."""
    stamp, trust = case.contents[number], case.trust
    pinned = replace(trust, roots=(*trust.roots, *trust.timestamp_roots), signers=())
    others = (*stamp.certificates, *(der for der, _ in contents.get("/Certs", ())))
    if pinned_path(stamp.signer, others, pinned) is None:
        raise Stop(Code.TIMESTAMP_UNTRUSTED, "no pinned root")


def _check(case: Case, number: int, contents: Contents) -> None:
    known = _known(case, number)
    given = _loaded(one for one, _ in contents.get("/Certs", ()))
    lists = map(x509.load_der_x509_crl, _new(contents, "/CRLs"))
    signers = [_signer_of_list(one, [*known, *given]) for one in lists]
    signers += [_signer_of_answer(one, known, given) for one in _new(contents, "/OCSPs")]
    for der in _new(contents, "/Certs"):
        (certificate,) = _loaded((der,))
        if certificate not in known and not (certificate in signers and _is_issued(certificate, known)):
            _foreign("a certificate")
        if case.trust.strict and not are_only_spellings((der,), case.trust):
            _foreign("a second spelling of a certificate")
    if any(signer not in known and not _is_issued(signer, known) for signer in signers):
        _foreign("a list or an answer")


def _known(case: Case, number: int) -> list[x509.Certificate]:
    """Certificates that are pinned or embedded in the signature, its time-stamp or the document time-stamps so far."""
    trust = case.trust
    ders = [*trust.roots, *trust.intermediates, *trust.timestamp_roots]
    for content in case.contents[: number + 1]:
        ders += content.certificates
    if case.main.timestamp is not None:
        ders += [one.chosen.dump() for one in case.main.timestamp["content"]["certificates"]]
    return _loaded(dict.fromkeys(ders))


def _new(contents: Contents, key: str) -> Iterable[bytes]:
    return (der for der, new in contents.get(key, ()) if new)


def _loaded(ders: Iterable[bytes]) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(der) for der in ders]


def _is_issued(certificate: x509.Certificate, known: Iterable[x509.Certificate]) -> bool:
    return any(issued(one, certificate) for one in known)


def _signer_of_list(
    found: x509.CertificateRevocationList, among: Iterable[x509.Certificate]
) -> x509.Certificate:
    named = (one for one in among if one.subject == found.issuer)
    signer = next((one for one in named if _verifies(found.is_signature_valid, one.public_key())), None)
    if signer is None:
        _foreign("a revocation list")
    return signer


def _signer_of_answer(
    der: bytes, known: list[x509.Certificate], given: list[x509.Certificate]
) -> x509.Certificate:
    """By asn1crypto: answers may state fractions of a second, which cryptography does not read."""
    found = ocsp.OCSPResponse.load(der, strict=True)
    if found["response_status"].native != "successful":
        _foreign("an answer without a statement")
    basic, octets = found["response_bytes"]["response"].parsed, found["response_bytes"]["response"].contents
    if basic.dump() != octets or not is_der(octets):
        _foreign("an answer with something behind it")
    carried = _loaded(one.dump() for one in basic["certs"] or ())
    about = {one["cert_id"]["serial_number"].native for one in basic["tbs_response_data"]["responses"]}
    if not about <= {one.serial_number for one in (*known, *given)}:
        _foreign("an answer about another certificate")
    signer = next((one for one in (*known, *carried, *given) if _signed_answer(one, basic)), None)
    if signer is None or any(one != signer and one not in known for one in carried):
        _foreign("an answer")
    return signer


def _signed_answer(certificate: x509.Certificate, basic: Any) -> bool:
    algorithm, signature = basic["signature_algorithm"], basic["signature"].native
    signed = basic["tbs_response_data"].dump()

    def check(key: Any) -> bool:
        if isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
            key.verify(signature, signed)
            return True
        digest = _DIGESTS[algorithm.hash_algo]
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, signed, ec.ECDSA(digest))
        elif algorithm.signature_algo == "rsassa_pss":
            salt = padding.PSS(padding.MGF1(digest), padding.PSS.AUTO)
            key.verify(signature, signed, salt, digest)
        else:
            key.verify(signature, signed, padding.PKCS1v15(), digest)
        return True

    return _verifies(check, certificate.public_key())


def _verifies(check: Any, key: Any) -> bool:
    try:
        return bool(check(key))
    except (*_PROBLEMS, InvalidSignature):
        return False


def _foreign(what: str) -> NoReturn:
    refuse_change(f"security store: {what}")

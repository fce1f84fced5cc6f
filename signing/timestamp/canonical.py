"""The one spelling of a time-stamp token.

A token's signature covers its statement (TSTInfo) and its signed attributes; everything around them can be written in
several ways that all readers accept. An authority's token is therefore written anew when it arrives, the signed bytes
untouched, and the validator accepts nothing else: nobody can make a second file with the same time-stamp.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey

from signing.cms.asn1 import algos, cms
from signing.cms.der import is_der
from signing.keys.algorithm import low_s
from signing.keys.checks import issued
from signing.timestamp.checking import TokenRefused

MAX_BETWEEN: Final = 8  # certificates between an authority's and the root
_ERRORS: Final = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    UnsupportedAlgorithm,
)


def in_one_spelling(token: bytes, pinned: Sequence[bytes]) -> bytes:
    """The token (DER ContentInfo) as it must be written.

    As pyHanko names algorithms: digests with NULL, signatures by the name that includes the digest (RFC 5754). ECDSA
    has the smaller s. No revocation lists, no unsigned attributes. The certificates, in the order of a DER set, are
    those from the authority's up to the first one that a root of `pinned` (DER) has issued; when nothing is pinned, all
    that lead up, but for a root.

    Raises:
        TokenRefused: no plain DER, not exactly one signer, or no chain to a root.
    """
    try:
        if not is_der(token):
            raise TokenRefused(reason="BER")
        signed = cms.ContentInfo.load(token, strict=True)["content"]
        chain = next(_chains(signed, pinned), None)
        if chain is None:
            raise TokenRefused(reason="no chain to a root")
        plain = _rewritten(signed, chain)
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": plain}).dump())
    except _ERRORS as error:
        raise TokenRefused(reason=str(error) or type(error).__name__) from error


def is_in_one_spelling(signed: Any, pinned: Sequence[bytes]) -> bool:
    """Whether the SignedData of a token is written as `in_one_spelling` writes it.

    Of several pinned roots above one another any may be the one that its maker had pinned.
    """
    try:
        plain: bytes = signed.untag().dump()
        return is_der(plain) and any(
            _rewritten(signed, chain).dump() == plain for chain in _chains(signed, pinned)
        )
    except _ERRORS:
        return False


def _chains(signed: Any, pinned: Sequence[bytes]) -> Iterator[list[Any]]:
    """The embedded certificates from the signer's up to one that a pinned root has issued, the shortest chain first.

    An authority may send its root along as another root has certified it; whether that is needed, the pins decide.
    """
    (info,) = signed["signer_infos"]
    embedded = [one.chosen for one in signed["certificates"] if one.name == "certificate"]
    signer = next((one for one in embedded if _is_signer(one, info["sid"].chosen)), None)
    if signer is None:
        return
    pool = {
        x509.load_der_x509_certificate(one.dump()): one
        for one in sorted(embedded, key=lambda one: one.dump())
    }
    between = [one for one in pool if not issued(one, one)]
    roots = [x509.load_der_x509_certificate(one) for one in pinned]
    chain = [x509.load_der_x509_certificate(signer.dump())]
    while len(chain) <= MAX_BETWEEN:
        if any(issued(root, chain[-1]) for root in roots):
            yield [pool[one] for one in chain]
        issuer = next((one for one in between if one not in chain and issued(one, chain[-1])), None)
        if issuer is None:
            break
        chain.append(issuer)
    if not pinned:
        yield [pool[one] for one in chain]


def _rewritten(signed: Any, chain: Sequence[Any]) -> cms.SignedData:
    (info,) = signed["signer_infos"]
    digest = info["digest_algorithm"]["algorithm"].native
    statement = cms.ParsableOctetString(bytes(signed["encap_content_info"]["content"]))
    return cms.SignedData(
        {
            "version": "v3",
            "digest_algorithms": [{"algorithm": digest}],
            "encap_content_info": {"content_type": "tst_info", "content": statement},
            "certificates": [
                cms.CertificateChoices("certificate", one.copy())
                for one in sorted(chain, key=lambda one: one.dump())
            ],
            "signer_infos": [_signer_info(info, chain[0], digest)],
        }
    )


def _signer_info(info: Any, signer: Any, digest: str) -> cms.SignerInfo:
    key = x509.load_der_x509_certificate(signer.dump()).public_key()
    signature = info["signature"].native
    if isinstance(key, EllipticCurvePublicKey):
        signature = low_s(signature, key.curve.group_order)
    named = {"issuer": signer.issuer, "serial_number": signer.serial_number}
    return cms.SignerInfo(
        {
            "version": "v1",
            "sid": cms.SignerIdentifier("issuer_and_serial_number", cms.IssuerAndSerialNumber(named)),
            "digest_algorithm": {"algorithm": digest},
            "signed_attrs": info["signed_attrs"],
            "signature_algorithm": _named(info["signature_algorithm"], digest),
            "signature": signature,
        }
    )


def _named(algorithm: Any, digest: str) -> algos.SignedDigestAlgorithm:
    """A signature algorithm by its full name; the parameters of RSASSA-PSS are written anew, too."""
    match algorithm.signature_algo:
        case "rsassa_pkcs1v15":
            return algos.SignedDigestAlgorithm({"algorithm": f"{digest}_rsa"})
        case "ecdsa":
            return algos.SignedDigestAlgorithm({"algorithm": f"{digest}_ecdsa"})
        case "rsassa_pss":
            given = algorithm["parameters"]
            mask = given["mask_gen_algorithm"]
            parameters = {
                "hash_algorithm": {"algorithm": given["hash_algorithm"]["algorithm"].native},
                "mask_gen_algorithm": {
                    "algorithm": mask["algorithm"].native,
                    "parameters": {"algorithm": mask["parameters"]["algorithm"].native},
                },
                "salt_length": given["salt_length"].native,
            }
            return algos.SignedDigestAlgorithm({"algorithm": "rsassa_pss", "parameters": parameters})
        case other:
            return algos.SignedDigestAlgorithm({"algorithm": other})


def _is_signer(certificate: Any, sid: Any) -> bool:
    if isinstance(sid, cms.IssuerAndSerialNumber):
        same = certificate.serial_number == sid["serial_number"].native
        return bool(same and certificate.issuer.dump() == sid["issuer"].dump())
    return bool(certificate.key_identifier == sid.native)

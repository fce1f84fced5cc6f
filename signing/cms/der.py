"""DER on the bytes: is it plain, and a CMS with a time-stamp token added.

asn1crypto's forced re-encoding takes twice as long for every level of nesting, hence this.
"""

from typing import Any, Final

from signing.cms.asn1 import cms

_BIT_STRING: Final = 0x03
_UNSIGNED_ATTRIBUTES: Final = 0xA1  # [1] IMPLICIT, RFC 5652, 5.3
_SIGNER_INFO_DEPTH: Final = (
    4  # ContentInfo, [0], SignedData, SET OF, SignerInfo: each the last in the one before
)


def with_timestamp(der: bytes, token: Any) -> bytes:
    """A CMS of one signer without unsigned attributes, with a signature time-stamp token (ContentInfo) added."""
    attribute = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]}).dump()
    return grown(der, _tlv(_UNSIGNED_ATTRIBUTES, attribute), _SIGNER_INFO_DEPTH)


def is_der(data: bytes, depth: int = 0) -> bool:
    """Definite, shortest lengths all the way down."""
    position = 0
    while position < len(data):
        head = data[position : position + 6]
        if len(head) < 2 or head[0] & 0x1F == 0x1F or depth > 40:
            return False
        size, length = 2, head[1]
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4:
                return False
            size, length = 2 + count, int.from_bytes(head[2 : 2 + count])
            if length < 0x80 or length.bit_length() <= 8 * (count - 1):
                return False
        if position + size + length > len(data):
            return False
        if head[0] & 0x20 and not is_der(data[position + size : position + size + length], depth + 1):
            return False
        position += size + length
    return True


def members(der: bytes) -> list[bytes]:
    """The members of a DER object that is made of others, each whole."""
    _, rest = _split(der)
    found = []
    while rest:
        size, inside = _split(rest)
        found.append(rest[: size + len(inside)])
        rest = rest[size + len(inside) :]
    return found


def unused_bits(der: bytes) -> int:
    """How many bits the bit string leaves out that is the last member of a DER sequence, such as a certificate.

    Raises:
        ValueError: the last member is no bit string.
    """
    last = [b"", *members(der)][-1]
    if not last or last[0] != _BIT_STRING:
        raise ValueError(last[:1])
    return _split(last)[1][0]


def grown(der: bytes, addition: bytes, depth: int) -> bytes:
    """A DER object with `addition` at the end of the object that is, `depth` times, the last one inside."""
    _, content = _split(der)
    if depth == 0:
        return _tlv(der[0], content + addition)
    last = rest = content
    while rest:
        last = rest
        size, inside = _split(rest)
        rest = rest[size + len(inside) :]
    return _tlv(der[0], content[: len(content) - len(last)] + grown(last, addition, depth - 1))


def _split(der: bytes) -> tuple[int, bytes]:
    """Size of the header and content of the first object in `der`, which is DER already."""
    size, length = 2, der[1]
    if length & 0x80:
        size += length & 0x7F
        length = int.from_bytes(der[2:size])
    return size, der[size : size + length]


def _tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes((tag, length)) + content
    digits = length.to_bytes((length.bit_length() + 7) // 8)
    return bytes((tag, 0x80 | len(digits))) + digits + content

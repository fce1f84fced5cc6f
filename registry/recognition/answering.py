"""Answering other regions (答复): what this register says of one certificate, signed, dated, bound to the question's nonce.

One uniform `found: false` whatever did not match, so that nobody can tell a wrong name from a wrong number.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from registry.clock import now
from registry.identifiers import is_code, normal_code
from registry.model import Certificate
from registry.register import Register

if TYPE_CHECKING:
    from signing.keys.service_key import ServiceKey

ANSWER_TYPE: Final = "zhicheng-answer"


@dataclass(frozen=True, slots=True)
class Question:
    """By code, or by number with name and ID number; the nonce makes every answer fresh.

    `sha256` is that of a file that is said to be the certificate (hexadecimal, small letters).
    """

    nonce: str
    code: str | None = None
    number: str | None = None
    name: str | None = None
    id_number: str | None = None
    sha256: str | None = None

    def as_json(self) -> dict[str, str]:
        """As it is sent."""
        pairs = {
            "nonce": self.nonce,
            "code": self.code,
            "number": self.number,
            "name": self.name,
            "id_number": self.id_number,
            "sha256": self.sha256,
        }
        return {key: value for key, value in pairs.items() if value}


def answer(register: Register, key: "ServiceKey", question: Question) -> str:
    """The signed answer as a compact JWS.

    Raises:
        DatabaseNotReady: the register cannot be read.
    """
    from signing.credential.token import sign

    found = _find(register, question)
    payload: dict[str, Any] = {
        "iat": int(now().timestamp()),
        "iss": register.settings.region_code,
        "nonce": question.nonce,
        "found": found is not None,
    }
    if found is not None:
        payload |= {
            "code": found.code,
            "number": found.number,
            "state": str(found.state),
            "state_at": found.state_at,
            "successor": found.successor,
            "sha256": found.sha256,
            "credential": found.credential,
        }
    if found is not None and question.sha256:
        payload["registered"] = _is_file_of(register, found, question.sha256)
    return sign(payload, key, ANSWER_TYPE)


def _is_file_of(register: Register, certificate: Certificate, sha256: str) -> bool:
    """Whether the register knows these bytes as a file of this certificate: issued, renewed, or an annotated copy."""
    found = register.lookup.by_sha256(sha256)
    if found is None and (copy := register.lookup.copy_by_sha256(sha256)):
        found = copy.certificate
    return found is not None and found.id == certificate.id


def _find(register: Register, question: Question) -> Certificate | None:
    lookup = register.lookup
    if question.code:
        normal = normal_code(question.code)
        return lookup.by_code(normal) if is_code(normal) else None
    if question.name and question.id_number:
        found = lookup.query(question.name, question.id_number, question.number)
        return found[-1] if found else None
    return None

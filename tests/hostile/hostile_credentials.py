"""Credentials as text, forged, stolen or misused: what is posted to the recognitions interface, and what must come of it."""

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from registry.model import Certificate
from signing.credential.token import REPORT_TYPE, sign, split
from signing.keys.service_key import ServiceKey

DAY = 86_400


@dataclass(frozen=True)
class Theft:
    """What a forger has: one certificate, another of somebody else, keys of his own, the region's service key for tests."""

    own: Certificate
    other: Certificate
    service: ServiceKey

    @property
    def payload(self) -> dict[str, Any]:
        """What the true credential says."""
        return split(self.own.credential)[1]

    def signed(self, **changes: Any) -> str:
        """A credential that the region itself signed, with other content; None takes a member away."""
        changed = {**self.payload, **changes}
        return sign({name: value for name, value in changed.items() if value is not None}, self.service)

    def unsigned(self, payload: object, header: dict[str, Any], signature: bytes = b"") -> str:
        """A text of the right form that nobody signed."""
        parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
        return ".".join(urlsafe_b64encode(one).rstrip(b"=").decode() for one in parts)

    def header(self, **changes: str) -> dict[str, Any]:
        """The true header with changes."""
        return {**split(self.own.credential)[0], **changes}


@dataclass(frozen=True)
class Lie:
    """One hostile question: how its fields are made, and the verdict that must come."""

    name: str
    what: str
    verdict: str
    build: Callable[[Theft], dict[str, str]]


LIES: list[Lie] = []


def lie(verdict: str) -> Callable[[Callable[[Theft], Any]], Callable[[Theft], Any]]:
    """Register a builder of fields; a text alone is a credential."""

    def register(build: Callable[[Theft], Any]) -> Callable[[Theft], Any]:
        def fields(theft: Theft) -> dict[str, str]:
            made = build(theft)
            return made if isinstance(made, dict) else {"credential": made}

        LIES.append(Lie(build.__name__, (build.__doc__ or "").strip(), verdict, fields))
        return build

    return register


@lie("tampered")
def algorithm_none(theft: Theft) -> str:
    """Alg none and no signature"""
    return theft.unsigned(theft.payload, theft.header(alg="none"))


@lie("tampered")
def algorithm_of_another_kind(theft: Theft) -> str:
    """ES256 named over an Ed25519 key and its true signature"""
    return theft.unsigned(theft.payload, theft.header(alg="ES256"), split(theft.own.credential)[3])


@lie("tampered")
def unknown_kid(theft: Theft) -> str:
    """Signed by a key of the forger's own"""
    return sign(theft.payload, ServiceKey.generate())


@lie("tampered")
def kid_of_the_region_over_a_strangers_signature(theft: Theft) -> str:
    """The region's kid, the forger's signature"""
    stranger = ServiceKey.generate()
    text = theft.unsigned(theft.payload, theft.header()).rpartition(".")[0]
    signature = urlsafe_b64encode(stranger.sign(text.encode())).rstrip(b"=").decode()
    return f"{text}.{signature}"


@lie("tampered")
def rubbish_signature(theft: Theft) -> str:
    """The true header and payload with 64 random-looking bytes"""
    return theft.own.credential.rpartition(".")[0] + "." + "A" * 86


@lie("tampered")
def signature_cut_off(theft: Theft) -> str:
    """The true credential without its signature"""
    return theft.own.credential.rpartition(".")[0] + "."


@lie("tampered")
def region_and_code_only(theft: Theft) -> str:
    """Nothing but iss and code, unsigned"""
    return theft.unsigned({"iss": theft.payload["iss"], "code": theft.own.code}, theft.header(alg="none"))


@lie("tampered")
def no_issuer(theft: Theft) -> str:
    """Without iss, so that nobody's keys are asked for"""
    return theft.unsigned({"code": theft.own.code}, theft.header(), b"x" * 64)


@lie("tampered")
def name_exchanged(theft: Theft) -> str:
    """Another name in the payload under the old signature"""
    holder = {**theft.payload["holder"], "name": "张三"}
    return theft.unsigned({**theft.payload, "holder": holder}, theft.header(), split(theft.own.credential)[3])


@lie("tampered")
def not_a_token(theft: Theft) -> str:
    """A code where the credential belongs"""
    return theft.own.code


@lie("tampered")
def token_of_another_type(theft: Theft) -> str:
    """A report that the region signed, with the code of a certificate in it"""
    return sign(theft.payload, theft.service, REPORT_TYPE)


@lie("tampered")
def dated_tomorrow(theft: Theft) -> str:
    """Signed by the region, iat a day ahead"""
    return theft.signed(iat=int(time.time()) + DAY)


@lie("tampered")
def run_out(theft: Theft) -> str:
    """Signed by the region, exp a day ago"""
    return theft.signed(exp=int(time.time()) - DAY)


@lie("tampered")
def exp_that_is_no_time(theft: Theft) -> str:
    """Signed by the region, exp as words"""
    return theft.signed(exp="never")


@lie("tampered")
def without_a_code(theft: Theft) -> str:
    """Signed by the region, but no certificate's"""
    return theft.signed(code=None)


@lie("unknown")
def code_that_is_not_registered(theft: Theft) -> str:
    """Signed by the region for a certificate that the register does not have"""
    return theft.signed(code="A" * 26)


@lie("unknown")
def signed_with_another_name_than_registered(theft: Theft) -> str:
    """Signed by the region; the register says another name"""
    return theft.signed(holder={**theft.payload["holder"], "name": "张三"})


@lie("unknown")
def code_beside_a_false_name(theft: Theft) -> dict[str, str]:
    """A true code and another name"""
    return {"code": theft.own.code, "name": "张三"}


@lie("unknown")
def code_beside_a_false_number(theft: Theft) -> dict[str, str]:
    """A true code and another certificate's number"""
    return {"code": theft.own.code, "number": theft.other.number}


@lie("unknown")
def code_beside_false_name_and_number(theft: Theft) -> dict[str, str]:
    """Both of another certificate"""
    return {"code": theft.own.code, "number": theft.other.number, "name": theft.other.facts.name}


@lie("unknown")
def code_beside_a_false_id_number(theft: Theft) -> dict[str, str]:
    """A true code and name, and somebody else's ID number"""
    return {"code": theft.own.code, "name": theft.own.facts.name, "id_number": "150101199001010000"}


@lie("unknown")
def address_beside_a_false_name(theft: Theft) -> dict[str, str]:
    """The whole address of the QR code and another name"""
    return {"code": str(theft.payload["url"]), "name": "张三"}


@lie("unknown")
def credential_beside_another_code(theft: Theft) -> dict[str, str]:
    """A true credential and the code of somebody else's certificate"""
    return {"credential": theft.own.credential, "code": theft.other.code}


@lie("unknown")
def credential_beside_another_number(theft: Theft) -> dict[str, str]:
    """A true credential and somebody else's number"""
    return {"credential": theft.own.credential, "number": theft.other.number}


@lie("unknown")
def credential_beside_another_name(theft: Theft) -> dict[str, str]:
    """A true credential and another name"""
    return {"credential": theft.own.credential, "name": "张三"}


@lie("unknown")
def credential_beside_another_region(theft: Theft) -> dict[str, str]:
    """A true credential of this region, said to be of another one"""
    return {"credential": theft.own.credential, "region": "990009"}


@lie("unknown")
def credential_of_elsewhere_said_to_be_from_here(theft: Theft) -> dict[str, str]:
    """A credential that names another region, with this region's code beside it"""
    token = sign({**theft.payload, "iss": "990009"}, ServiceKey.generate())
    return {"credential": token, "region": str(theft.payload["iss"])}

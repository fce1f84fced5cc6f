"""Whatever is presented, of whatever region: PDF, credential, code or address, or number with name and ID number."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from core.message import message
from registry.clock import now, stamp
from registry.identifiers import normal_code, normal_number
from registry.recognition import QueryResult, RecognitionAnswer, Usable
from registry.recognition.foreign import differences
from registry.recognition.hosts import host_of, host_of_site
from registry.recognition.own import refuse_changed_file
from registry.recognition.recogniser import Claim
from registry.recognition.verifying import verification_of
from registry.verification.answers import (
    FileAnswer,
    FileCode,
    RegisterAnswer,
    RegisterCode,
    Verdict,
    Verification,
)

if TYPE_CHECKING:
    from registry.model import Certificate
    from registry.verification.verifier import Verifier


@dataclass(frozen=True)
class Presented:
    """One question. `region` is the issuing region's code; empty means this one, or what the code or token says."""

    file: bytes | None = None
    credential: str | None = None
    code: str | None = None
    region: str | None = None
    number: str | None = None
    name: str | None = None
    id_number: str | None = None
    level: str | None = None

    @property
    def enough(self) -> bool:
        """Whether anything can be looked up at all."""
        return bool(self.file or self.credential or self.code or (self.name and self.id_number))


@dataclass(frozen=True)
class Recognition:
    """Answers to `Presented` questions for one verifier."""

    verifier: "Verifier"
    own: str = field(default="")

    @classmethod
    def of(cls, verifier: "Verifier") -> "Recognition":
        """For the verifier's own region."""
        return cls(verifier, verifier.register.settings.region_code)

    def decide(self, presented: Presented) -> Verification:
        """The three answers; the third is the decision.

        Raises:
            TrustListRefused: the kept list of regions was tampered with.
            DatabaseNotReady: the register cannot be read.
        """
        if presented.file is not None:
            return self.verifier.verify_file(presented.file)
        region = self.region_of(presented)
        named = self._region_of(presented)
        if presented.credential and named and named != region:  # as typed beside it
            return differing(("region",))
        if region == self.own:
            return self._own(presented)
        expected = {"name": presented.name or "", "number": presented.number or ""}
        claim = Claim(
            code=presented.code,
            token=presented.credential,
            number=presented.number,
            name=presented.name,
            id_number=presented.id_number,
            level=presented.level,
            expected=expected,
        )
        found = self.verifier.recogniser.recognise(region, claim)
        return verification_of(found, FileAnswer(FileCode.NOT_PRESENTED))

    def region_of(self, presented: Presented) -> str:
        """The issuing region: as given, as the credential or the address says, or this one."""
        return presented.region or self._region_of(presented) or self.own

    def _own(self, presented: Presented) -> Verification:
        """The credential is verified first, then everything presented is compared with it and with the register."""
        payload: Mapping[str, Any] | None = None
        if presented.credential:
            payload, problem = self._believed(presented.credential)
            if payload is None:
                return refused(problem)
        code = str(payload["code"]) if payload else presented.code or ""
        if not code and presented.name and presented.id_number:
            found = self.verifier.register.lookup.query(presented.name, presented.id_number, presented.number)
            code = found[-1].code if found else ""
        verification = self.verifier.verify_code(code)
        certificate = verification.certificate
        differ = self._differences(presented, payload, certificate) if certificate else ()
        decided = differing(differ) if differ else verification
        return replace(decided, foreign_host=self._foreign_host(presented.code or ""))

    def _foreign_host(self, typed: str) -> str:
        """The host of an address that does not lead to this region's site; empty for ours and for a bare code."""
        host = host_of(typed)
        return "" if host == host_of_site(self.verifier.register.settings.public_url) else host

    def _believed(self, token: str) -> tuple[Mapping[str, Any] | None, str]:
        """The payload of a credential of this region, or the code of the reason why it does not count."""
        from signing.credential.token import verify
        from signing.errors import TokenInvalid

        keyset = self.verifier.keyset
        if keyset is None:
            return None, "token_key_unknown"
        try:
            payload = verify(token.strip(), keyset).payload
        except TokenInvalid as error:
            return None, error.key
        if payload.get("iss") != self.own or not isinstance(payload.get("code"), str):
            return None, "token_malformed"
        return payload, ""

    def _differences(
        self, presented: Presented, payload: Mapping[str, Any] | None, certificate: "Certificate"
    ) -> tuple[str, ...]:
        """The fields in which credential or typed values differ from the register's certificate."""
        differ = list(differences(payload, _payload(certificate.credential))) if payload else []
        if payload and presented.code and normal_code(presented.code) != payload["code"]:
            differ.append("code")
        if presented.number and normal_number(presented.number) != certificate.number:
            differ.append("number")
        if presented.name and presented.name.strip() != certificate.facts.name:
            differ.append("name")
        if presented.id_number:
            person = (certificate.facts.name, presented.id_number)
            theirs = self.verifier.register.lookup.query(*person)
            differ += [] if any(one.id == certificate.id for one in theirs) else ["identity"]
        return tuple(dict.fromkeys(differ))

    def _region_of(self, presented: Presented) -> str | None:
        """The region that a credential names, or whose site an address leads to."""
        if presented.credential:
            issuer = _payload(presented.credential).get("iss")
            return str(issuer) if issuer else None
        host = host_of(presented.code or "")
        if not host:
            return None
        others = self.verifier.recogniser.members.others(self.own)
        hosts = {host_of_site(one.entry.facts.address): one.code for one in others}
        return hosts.get(host)


def refused(reason: str) -> Verification:
    """A credential that does not hold: whoever wrote it, nothing more is said; `reason` is the signing room's code."""
    file = FileAnswer(FileCode.NOT_PRESENTED, reason=reason)
    return _nothing(Verdict.TAMPERED, file, refuse_changed_file())


def differing(fields: tuple[str, ...]) -> Verification:
    """What was presented does not fit together, or not the register: nothing of the certificate is shown."""
    names = "、".join(message("registry", f"mismatch_fields.{one}") for one in fields)
    answer = RecognitionAnswer(
        Usable.UNDECIDED, QueryResult.MISMATCH, data={"fields": names, "differences": fields}
    )
    return _nothing(Verdict.UNKNOWN, FileAnswer(FileCode.NOT_PRESENTED), answer)


def _nothing(verdict: Verdict, file: FileAnswer, answer: RecognitionAnswer) -> Verification:
    return Verification(verdict, file, RegisterAnswer(RegisterCode.UNKNOWN), answer, stamp(now()))


def _payload(token: str | None) -> Mapping[str, object]:
    from signing.credential.token import split
    from signing.errors import TokenInvalid

    try:
        return split(token.strip())[1] if token else {}
    except TokenInvalid:
        return {}

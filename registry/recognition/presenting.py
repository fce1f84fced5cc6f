"""Whatever is presented, of whatever region: PDF, credential, code or address, or number with name and ID number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from registry.answers import FileAnswer, FileCode, Verification
from registry.recognition.recogniser import Claim
from registry.recognition.verifying import verification_of

if TYPE_CHECKING:
    from registry.verification import Verifier


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
        code = presented.code or str(_payload(presented.credential).get("code", ""))
        if not code and presented.name and presented.id_number:
            found = self.verifier.register.lookup.query(presented.name, presented.id_number, presented.number)
            code = found[-1].code if found else ""
        return self.verifier.verify_code(code)

    def _region_of(self, presented: Presented) -> str | None:
        """The region that a credential names, or whose site an address leads to."""
        if presented.credential:
            issuer = _payload(presented.credential).get("iss")
            return str(issuer) if issuer else None
        host = urlsplit(presented.code or "").netloc.lower()
        if not host:
            return None
        others = self.verifier.recogniser.members.others(self.own)
        hosts = {urlsplit(one.entry.facts.address).netloc.lower(): one.code for one in others}
        return hosts.get(host)


def _payload(token: str | None) -> Mapping[str, object]:
    from signing.credential import split
    from signing.errors import TokenInvalid

    try:
        return split(token.strip())[1] if token else {}
    except TokenInvalid:
        return {}

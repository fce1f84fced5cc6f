"""How the press's certificates reach the configured level: the signer, what follows it, and how many may wait at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from signing.authority.opening import Authority
from signing.cms.press_lock import Turn
from signing.cms.skeleton import SkeletonSigner
from signing.cms.stamped import StampedSigner
from signing.errors import LevelNotReached
from signing.keys.certificate_key import certificate_key
from signing.pades.archiving import Archiver
from signing.pades.configured import revocation_of, timestamper_of
from signing.settings import Level, SigningSettings
from signing.timestamp import PatientTimestamper

if TYPE_CHECKING:
    from signing.trust import TrustAnchors


def _as_it_is(data: bytes) -> bytes:
    """Up to B-T the pressed file is the finished one."""
    return data


@dataclass
class Production:
    """The press's `DigestSigner` and what is done afterwards.

    `level` is what the finished file has: B-LT becomes B-LTA, so that nothing unsigned follows the signature. Threads
    hold `turn` while they press and put it down while an authority is asked; `overlap` of them are worth while.
    """

    level: Level
    signer: SkeletonSigner | StampedSigner
    turn: Turn
    overlap: int
    trust: "TrustAnchors"
    archive: Callable[[bytes], bytes] = _as_it_is
    _tried: bool = field(default=False, init=False)

    @property
    def as_pressed(self) -> bool:
        """Whether the pressed file is the finished one, without any look at it."""
        return self.level is Level.B_B

    def finish(self, pressed: bytes) -> bytes:
        """The finished file; the first one of a process is examined as any stranger would.

        Raises:
            TimestampFailed, RevocationInfoMissing: the certificate has to wait.
            LevelNotReached: a verifier would not grant the level, for instance because `tsa_roots` is not set.
        """
        data = self.archive(pressed)
        if not self._tried and self.level is not Level.B_B:
            self._examine(data)
            self._tried = True
        return data

    def _examine(self, data: bytes) -> None:
        from signing.validate import validate

        report = validate(data, self.trust, now=datetime.now(UTC))
        if not report.genuine or report.level != self.level.value:
            raise LevelNotReached(level=self.level.value, verdict=report.code.value, detail=report.detail)


def production(settings: SigningSettings, authority: Authority) -> Production:
    """Wire what the settings name; nothing is asked of any authority yet.

    Raises:
        KeyTrouble: the key is not usable.
        RevocationInfoMissing: a CRL file cannot be read.
    """
    plain, turn = SkeletonSigner(certificate_key(authority)), Turn()
    if not settings.level.needs_timestamp:
        return Production(settings.level, plain, turn, 1, authority.anchors)
    timestamper = PatientTimestamper(timestamper_of(settings, authority))
    made = Production(
        level=Level.B_LTA if settings.level.needs_revocation else settings.level,
        signer=StampedSigner(plain, timestamper, turn.outside),
        turn=turn,
        overlap=settings.tsa_connections if settings.tsa == "rfc3161" else 1,
        trust=authority.anchors,
    )
    if settings.level.needs_revocation:
        roots = (*authority.anchors.roots, *authority.anchors.timestamp_roots)
        made.archive = Archiver(timestamper, roots, revocation_of(settings, authority))
    return made

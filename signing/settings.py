"""The `[signing]` section of zhicheng.toml, refusing contradictions before any work."""

from enum import StrEnum
from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_settings import SettingsConfigDict

from core.settings import Section, refuse


class Level(StrEnum):
    """PAdES baseline levels (ETSI EN 319 142-1): signature · with time-stamp · with revocation data · with archive."""

    B_B = "B-B"
    B_T = "B-T"
    B_LT = "B-LT"
    B_LTA = "B-LTA"

    @property
    def needs_timestamp(self) -> bool:
        """Whether a time-stamp authority is needed."""
        return self is not Level.B_B

    @property
    def needs_revocation(self) -> bool:
        """Whether CRL or OCSP answers are embedded."""
        return self in {Level.B_LT, Level.B_LTA}


class SigningSettings(Section):
    """How documents are signed.

    `key` chooses a key of the ring by name (empty: the newest), or describes one outside the ring as
    `pkcs12:PATH`, `pem:KEY,CERTIFICATES` or `pkcs11:MODULE?token=…&object=…`; `unlock` says where its pass phrase
    comes from (`none`, `env:NAME`, `file:PATH`, `prompt`).
    """

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_SIGNING_")

    organisation: str | None = None
    level: Level = Level.B_B
    """From B-LT on a certificate has a revision behind its signature; some readers then report changes, because the signature forbids them (docs/signatures.md)."""
    key: str = ""
    unlock: str = "none"
    tsa: Literal["none", "rfc3161", "local"] = "none"
    tsa_urls: tuple[str, ...] = ()
    tsa_timeout_seconds: float = Field(default=10, gt=0, le=120)
    tsa_attempts: int = Field(default=2, ge=1, le=10)
    tsa_connections: int = Field(default=8, ge=1, le=64)
    tsa_roots: tuple[str, ...] = ()
    crl_files: tuple[str, ...] = ()
    fetch_revocation: bool = False
    require_revocation: bool = False
    seal_image: str | None = None
    seal_bottom_text: str | None = None
    validation_processes: int = Field(default=2, ge=1, le=32)
    validation_seconds: float = Field(default=10, gt=0, le=60)
    validation_memory_mb: int = Field(default=1024, ge=256)
    validation_max_mb: int = Field(default=64, ge=1, le=1024)

    @model_validator(mode="after")
    def _no_contradictions(self) -> Self:
        if self.level.needs_timestamp and self.tsa == "none":
            refuse("signing", "level_needs_tsa", level=self.level)
        if self.tsa == "rfc3161" and not self.tsa_urls:
            refuse("signing", "tsa_needs_urls")
        if self.tsa != "rfc3161" and self.tsa_urls:
            refuse("signing", "urls_without_tsa", tsa=self.tsa)
        if wrong := [url for url in self.tsa_urls if not url.startswith(("http://", "https://"))]:
            refuse("signing", "tsa_url_wrong", url=wrong[0])
        if self.level.needs_revocation and not (
            self.fetch_revocation or self.crl_files or self.tsa == "local"
        ):
            refuse("signing", "level_needs_revocation", level=self.level)
        if self.unlock != "none" and not self.key:
            refuse("signing", "unlock_without_key")
        return self

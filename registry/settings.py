"""The registry's settings section `[registry]`, also `ZHICHENG_REGISTRY_*`."""

from enum import StrEnum
from typing import Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from core.settings import Section, refuse

DATABASE_FILE = "zhicheng.db"
MOVED_FILE = f"{DATABASE_FILE}.moved"
"""What the file is called after `database move`."""


def database_address(value: str) -> str:
    """The address of a database with the installed driver: `postgresql://` means psycopg 3.

    Raises:
        ValueError: it is no such address.
    """
    head, separator, rest = value.partition("://")
    if separator and head in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    if head not in ("postgresql+psycopg", "sqlite"):
        refuse("registry", "database_address")
    return value


class RegistrySettings(Section):
    """Where the register lives and what it is called."""

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_REGISTRY_", frozen=True, extra="forbid")

    database: str = ""
    """SQLAlchemy address of a PostgreSQL database; empty for the SQLite file in the home folder."""
    public_url: str = "http://127.0.0.1:8765"
    """Address of the public site; certificates carry `<public_url>/V/CODE`, all behind the scheme in upper case."""
    region_code: str = Field(default="150000", pattern=r"^\d{6}$")
    """GB/T 2260 code of the region whose register this is."""
    region_name: str = "内蒙古自治区"
    licence_type: str = Field(default="11100000000013338W011", pattern=r"^[0-9A-Z]{21}$")
    """Type code in the electronic licence identifier (电子证照标识)."""
    licence_issuer: str = Field(default="000000000000000000", pattern=r"^[0-9A-Z]{18}$")
    """Unified social credit code of the issuing authority; zeros until it is set."""
    busy_seconds: float = Field(default=60.0, gt=0)
    """How long a writer waits for another one before it gives up."""
    chunk: int = Field(default=1024, ge=1, le=5000)
    """People per issuing transaction; at most 256 with a time-stamp authority or a token."""
    clock_minutes: int = Field(default=30, ge=1, le=1440)
    """How far the clock may be behind the log, or apart from a database server's, when certificates are issued or heads signed."""
    inquiry_days: int = Field(default=730, ge=1, le=3650)
    """How many days holders can see who looked them up; then the records are deleted."""
    four_eyes: bool = False
    """Whether `zhicheng issue` wants a batch prepared, approved and issued by three different system users.

    Also: whether `zhicheng region case decide` refuses the system user who noted the experts' opinions.
    """

    @field_validator("public_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        if not value.lower().startswith(("http://", "https://")):
            refuse("registry", "public_url")
        return value.rstrip("/")

    @field_validator("database")
    @classmethod
    def _psycopg_address(cls, value: str) -> str:
        return database_address(value) if value else value


class Runner(StrEnum):
    """Who does long work."""

    LOCAL = "local"
    PROCRASTINATE = "procrastinate"


class JobsSettings(Section):
    """Who does long work: processes of the command itself, or `zhicheng worker` on any number of machines."""

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_JOBS_", frozen=True, extra="forbid")

    runner: Runner = Runner.LOCAL
    """`local`: the command that is called; `procrastinate`: workers, which needs PostgreSQL."""
    chunk: int = Field(default=200, ge=1, le=5000)
    """People or documents that a worker takes at a time."""
    retries: int = Field(default=8, ge=0, le=20)
    """How often a chunk is tried again, after 2, 4, 8 … at most 300 seconds, before it counts as failed."""
    heartbeat_seconds: float = Field(default=10.0, gt=0)
    """How often a worker gives a sign of life."""
    stalled_seconds: float = Field(default=30.0, gt=0)
    """Without a sign of life for so long a worker counts as dead, and others take its chunk."""

    @model_validator(mode="after")
    def _patient(self) -> Self:
        if self.stalled_seconds < 2 * self.heartbeat_seconds:
            refuse("registry", "stalled_too_soon")
        return self


class StorageSettings(Section):
    """Where the registered files lie: the home's `files/`, another folder, or an S3-compatible store."""

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_STORAGE_", frozen=True, extra="forbid")

    url: str = ""
    """Empty for the home's folder, `file:///path` for another one, `s3://BUCKET/PREFIX` for an object store."""
    endpoint: str = ""
    """Address of an S3-compatible server; empty for the region's own."""
    region: str = "us-east-1"
    """Region that requests are signed for; most servers of one's own take any."""
    access_key: SecretStr = SecretStr("")
    """Key id; better in the environment. Empty: what the environment gives to every S3 client."""
    secret_key: SecretStr = SecretStr("")
    """Secret key; better in the environment than in the file."""

    @field_validator("url")
    @classmethod
    def _known(cls, value: str) -> str:
        parts = urlsplit(value)
        good = {"": not value, "file": parts.path.startswith("/"), "s3": bool(parts.netloc)}
        if not good.get(parts.scheme, False):
            refuse("registry", "storage_url")
        return value

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if bool(self.access_key.get_secret_value()) != bool(self.secret_key.get_secret_value()):
            refuse("registry", "storage_keys")
        if self.endpoint and not self.endpoint.startswith(("http://", "https://")):
            refuse("registry", "storage_endpoint")
        return self

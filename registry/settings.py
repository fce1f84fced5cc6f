"""The registry's settings section `[registry]`, also `ZHICHENG_REGISTRY_*`."""

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from house.settings import Section

DATABASE_FILE = "zhicheng.db"


class RegistrySettings(Section):
    """Where the register lives and what it is called."""

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_REGISTRY_", frozen=True, extra="forbid")

    database: str = ""
    """SQLAlchemy address of a PostgreSQL database; empty for the SQLite file in the home folder."""
    public_url: str = "http://127.0.0.1:8765"
    """Address of the public site; certificates carry `<public_url>/V/CODE` in upper case."""
    region_code: str = Field(default="150000", pattern=r"^\d{6}$")
    """GB/T 2260 code of the region whose register this is."""
    region_name: str = "内蒙古自治区"
    licence_type: str = Field(default="11100000000013338W011", pattern=r"^[0-9A-Z]{21}$")
    """Type code in the electronic licence identifier (电子证照标识)."""
    licence_issuer: str = Field(default="000000000000000000", pattern=r"^[0-9A-Z]{18}$")
    """Unified social credit code of the issuing authority; zeros until it is set."""
    busy_seconds: float = Field(default=60.0, gt=0)
    """How long a writer waits for another one before it gives up."""
    chunk: int = Field(default=256, ge=1, le=5000)
    """People per issuing transaction."""

    @field_validator("public_url")
    @classmethod
    def _no_trailing_slash(cls, value: str) -> str:
        if not value.lower().startswith(("http://", "https://")):
            raise ValueError(value)
        return value.rstrip("/")

    @field_validator("database")
    @classmethod
    def _psycopg_address(cls, value: str) -> str:
        """`postgresql://` means the installed driver, psycopg 3."""
        head, separator, rest = value.partition("://")
        return f"postgresql+psycopg://{rest}" if separator and head in ("postgres", "postgresql") else value

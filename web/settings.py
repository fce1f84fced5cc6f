"""The site's own settings, section `[web]` of zhicheng.toml or `ZHICHENG_WEB_*`."""

from typing import Final, Self
from urllib.parse import urlsplit

from limits import parse_many
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from core.settings import Section, refuse
from web.http.counting import known_schemes

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8765
MEGABYTE: Final = 1024 * 1024


class WebSettings(Section):
    """How the site listens and what it accepts."""

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_WEB_", frozen=True, extra="forbid")

    host: str = DEFAULT_HOST
    """Address to listen on."""
    port: int = Field(default=DEFAULT_PORT, ge=1, le=65535)
    """Port to listen on."""
    name: str = "电子职称证书核验"
    """The site's name on every page."""
    name_en: str = "Professional Title Certificates: Verification"
    """The same on English pages; empty: the Chinese name there too."""
    operator: str = ""
    """Who runs the site (主办单位), for the page about it and the foot of every page."""
    basis: str = ""
    """By what right: the rule or document that charges the operator with it."""
    telephone: str = ""
    """Where people ask (咨询电话)."""
    address: str = ""
    """Postal address of the operator."""
    icp_number: str = ""
    """ICP备案号, shown at the foot of every page and linked to the register of the ministry."""
    police_number: str = ""
    """公安联网备案号."""
    site_code: str = ""
    """Identification code of a government website (政府网站标识码)."""
    security_contact: str = ""
    """Whom to tell of a weakness, as an address (`mailto:…`, `https://…`, `tel:…`); then `/.well-known/security.txt` says so."""
    threads: int = Field(default=8, ge=1, le=64)
    """Worker threads of the built-in server."""
    proxies: int = Field(default=0, ge=0, le=5)
    """How many trusted reverse proxies stand in front."""
    https: bool = False
    """Whether visitors come over TLS; adds HSTS."""
    max_file_mb: int = Field(default=10, ge=1, le=100)
    """Largest uploaded file in megabytes."""
    max_files: int = Field(default=100, ge=1, le=200)
    """Most files in one upload."""
    max_upload_mb: int = Field(default=30, ge=1, le=1000)
    """All files of one upload together, in megabytes: they are held in memory, and a larger request is refused before it is read."""
    rate_query: str = "20 per minute; 200 per day"
    """Look-ups by name and ID number per visitor address, in Flask-Limiter's notation."""
    rate_bulk: str = "10 per minute; 100 per day"
    """Tables of numbers and names per visitor address."""
    rate_misses: str = "30 per hour; 60 per day"
    """Rows of such tables, per visitor address and without a key, whose proof does not fit; beyond that no table is answered."""
    max_rows: int = Field(default=500, ge=1, le=5000)
    """Most rows in one such table."""
    rate_key: str = "3000 per minute; 100000 per day"
    """Calls of the API with a key (`zhicheng account key`), for each key and each kind of call."""
    rate_upload: str = "30 per minute"
    """Uploads per visitor address."""
    rate_result: str = "120 per minute"
    """Result pages and look-ups by code per visitor address."""
    rate_sign_in: str = "20 per minute; 200 per hour"
    """Attempts to sign in to the workspace per visitor address; five wrong ones lock the account in any case."""
    office_idle_minutes: int = Field(default=30, ge=1, le=720)
    """An unused session of the workspace ends after this time."""
    office_hours: int = Field(default=10, ge=1, le=24)
    """A session of the workspace ends after this time in any case."""
    max_workbook_mb: int = Field(default=30, ge=1, le=200)
    """Largest workbook, or archive of photos, that the workspace takes, in megabytes."""
    check_seconds: int = Field(default=120, ge=5, le=1800)
    """How long the reading and checking of an uploaded workbook may take."""
    check_memory_mb: int = Field(default=2048, ge=256, le=65536)
    """How much memory it may take."""
    office_jobs: int = Field(default=2, ge=1, le=64)
    """Worker processes for making documents and certificates from the workspace."""
    rate_storage: str = "memory://"
    """Where the limits are counted; `redis://…` when several servers share them."""

    @field_validator(
        "rate_query", "rate_bulk", "rate_misses", "rate_key", "rate_upload", "rate_result", "rate_sign_in"
    )
    @classmethod
    def _countable(cls, notation: str) -> str:
        """A limit that cannot be read, or lets nobody in, would fail at each request or be silently off."""
        try:
            items = parse_many(notation)
        except ValueError:
            items = []
        if not items or any(one.amount < 1 or one.multiples < 1 for one in items):
            refuse("web", "rate_unreadable", given=notation)
        return notation

    @field_validator("security_contact")
    @classmethod
    def _an_address(cls, contact: str) -> str:
        """RFC 9116 §2.5.3 wants an address with its scheme."""
        if contact and not contact.startswith(("mailto:", "https://", "tel:")):
            refuse("web", "contact_unusable", given=contact)
        return contact

    @field_validator("rate_storage")
    @classmethod
    def _known_storage(cls, address: str) -> str:
        """Counts are kept in memory or in a store that the `limits` package knows."""
        if address.partition(":")[0] not in known_schemes() or "://" not in address:
            refuse("web", "storage_unknown", known=" ".join(known_schemes()))
        return address

    @property
    def max_request_bytes(self) -> int:
        """The largest request body: all files of one upload plus a megabyte of form fields."""
        return (min(self.max_file_mb * self.max_files, self.max_upload_mb) + 1) * MEGABYTE

    @property
    def max_workbook_bytes(self) -> int:
        """The largest request of the workspace: a workbook, an archive of photos, a megabyte of form fields."""
        return (2 * self.max_workbook_mb + 1) * MEGABYTE


class OidcSettings(Section):
    """Sign-in of holders through an OpenID Connect provider. Without an issuer the site offers only the pick-up code and never connects anywhere."""

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_OIDC_", frozen=True, extra="forbid")

    issuer: str = ""
    """The provider's issuer address; its `/.well-known/openid-configuration` is read at the first sign-in."""
    client_id: str = ""
    """How the provider knows this site; the address to come back to is `[registry] public_url` + `/holder/oidc/back`."""
    client_secret: SecretStr = SecretStr("")
    """The client's secret."""
    scope: str = "openid profile"
    """What is asked for."""
    name_claim: str = "name"
    """The claim that carries the person's name."""
    id_number_claim: str = "id_number"
    """The claim that carries the ID number."""
    label: str = "统一身份认证"
    """The provider's name on the button."""
    seconds: int = Field(default=10, ge=1, le=60)
    """How long the site waits for each answer of the provider."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        """An issuer goes with a client, over TLS unless it is this machine (OpenID Connect Core §16.17)."""
        loopback = urlsplit(self.issuer).hostname in {"127.0.0.1", "localhost"}
        if self.issuer and not self.client_id:
            refuse("web", "client_missing")
        if self.issuer and not (self.issuer.startswith("https://") or loopback):
            refuse("web", "issuer_not_https")
        if "openid" not in self.scope.split():
            refuse("web", "scope_without_openid")
        return self

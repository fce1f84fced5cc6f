"""The site's own settings, section `[web]` of zhicheng.toml or `ZHICHENG_WEB_*`."""

from typing import Final

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from house.settings import Section

DEFAULT_HOST: Final = "127.0.0.1"
DEFAULT_PORT: Final = 8765
MEGABYTE: Final = 1024 * 1024


class WebSettings(Section):
    """How the site listens and what it accepts.

    `max_file_mb` bounds one uploaded file, `max_files` one upload; the rate limits use Flask-Limiter's notation
    and count per visitor address. `proxies` is the number of trusted reverse proxies in front.
    """

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_WEB_", frozen=True, extra="forbid")

    host: str = DEFAULT_HOST
    port: int = Field(default=DEFAULT_PORT, ge=1, le=65535)
    name: str = "电子职称证书核验"
    threads: int = Field(default=8, ge=1, le=64)
    proxies: int = Field(default=0, ge=0, le=5)
    https: bool = False
    max_file_mb: int = Field(default=10, ge=1, le=100)
    max_files: int = Field(default=20, ge=1, le=200)
    rate_query: str = "20 per minute; 200 per day"
    rate_upload: str = "30 per minute"
    rate_result: str = "120 per minute"
    rate_storage: str = "memory://"

    @property
    def max_request_bytes(self) -> int:
        """The largest request body: all files of one upload plus a megabyte of form fields."""
        return (self.max_file_mb * self.max_files + 1) * MEGABYTE

"""Settings of the records room: `[records]` in zhicheng.toml, `ZHICHENG_RECORDS_*` in the environment."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from core.settings import Home, Section
from records.input.workbook.guard import DEFAULT_LIMITS, Limits


class RecordsSettings(Section):
    """How large a workbook may be, packed and unpacked, in megabytes."""

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_RECORDS_", frozen=True, extra="forbid")

    max_file_mb: int = Field(default=DEFAULT_LIMITS.file_mb, ge=1)
    max_unpacked_mb: int = Field(default=DEFAULT_LIMITS.unpacked_mb, ge=1)

    @property
    def limits(self) -> Limits:
        """For the guard."""
        return Limits(file_mb=self.max_file_mb, unpacked_mb=self.max_unpacked_mb)


def limits_of(home: Home | None) -> Limits:
    """The limits that a home folder sets.

    Raises:
        HomeNotReady: its settings are broken.
    """
    return home.section("records", RecordsSettings).limits if home else DEFAULT_LIMITS

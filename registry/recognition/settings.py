"""Settings of mutual recognition, section `[recognition]`, also `ZHICHENG_RECOGNITION_*`."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from core.settings import Section


class RecognitionSettings(Section):
    """How other regions are asked."""

    model_config = SettingsConfigDict(env_prefix="ZHICHENG_RECOGNITION_", frozen=True, extra="forbid")

    online: bool = True
    """Whether other regions' sites are asked at all; off on a machine without a network."""
    list_address: str = ""
    """Address from which `zhicheng region refresh` fetches the anchor's list; empty: by file only."""
    contact: str = ""
    """Whom other regions call; part of this region's entry."""
    grants: str = ""
    """What this region grants, in words; part of its entry."""
    timeout_seconds: float = Field(default=3.0, gt=0, le=30)
    """How long an answer may take in all before it counts as none."""
    breaker_failures: int = Field(default=3, ge=1)
    """After so many failures in a row a region is left alone for a while."""
    breaker_seconds: float = Field(default=30.0, gt=0)
    """How long it is left alone."""
    clock_seconds: int = Field(default=300, ge=1, le=3600)
    """By how much another region's clock may differ before its answer is not believed."""
    deliver_seconds: float = Field(default=60.0, ge=0)
    """How often servers and `zhicheng worker` send waiting messages to other regions; 0: by command only."""
    query: str = ""
    """Query service asked when no accepted region can answer: empty for none, `recorded:FOLDER` for kept answers."""
    proxy: str = ""
    """Address of a proxy through which other regions are reached."""

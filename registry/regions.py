"""Regions (地区): whose certificates can be decided here. Own region first; others join by their signed entries."""

from dataclasses import dataclass
from typing import Any

from house.settings import Home
from registry.settings import RegistrySettings


@dataclass(frozen=True, slots=True)
class Region:
    """One region whose register and keys are known."""

    code: str
    name: str
    address: str
    own: bool
    organisation: str
    root_fingerprints: tuple[str, ...]
    keys: tuple[str, ...]
    sample: bool

    def as_dict(self) -> dict[str, Any]:
        """As `region list --json` shows it."""
        return {
            "code": self.code,
            "name": self.name,
            "address": self.address,
            "own": self.own,
            "organisation": self.organisation,
            "root_fingerprints": list(self.root_fingerprints),
            "keys": list(self.keys),
            "sample": self.sample,
        }


def own_region(home: Home) -> Region:
    """This home's own region, out of its settings and key ring.

    Raises:
        HomeNotReady, KeyRingUnreadable: settings or keys cannot be read.
    """
    from signing.authority import open_authority

    settings = home.section("registry", RegistrySettings)
    authority = open_authority(home)
    return Region(
        code=settings.region_code,
        name=settings.region_name,
        address=settings.public_url,
        own=True,
        organisation=authority.organisation,
        root_fingerprints=authority.root_fingerprints,
        keys=tuple(key.kid for key in authority.keyset.keys),
        sample=authority.demo,
    )


def trusted_regions(home: Home) -> tuple[Region, ...]:
    """Every region that is decided here; now the own one."""
    return (own_region(home),)

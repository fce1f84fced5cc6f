"""The site's collaborators, wired once: register, verifier, settings, what every page shows."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

from flask import current_app

from core.message import DEFAULT_LANGUAGE
from registry.errors import DatabaseNotReady
from registry.register import Register
from registry.verification.verifier import Verifier
from signing.authority.opening import Authority, open_authority
from signing.errors import ArchiveKeyMissing, KeyTrouble
from signing.keys.archive_key import with_archive_key
from web.public.page_types import Limits, Site, SiteOperator
from web.settings import WebSettings

if TYPE_CHECKING:
    from core.settings import Home

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class Services:
    """What views may use. One per application."""

    register: Register
    verifier: Verifier
    authority: Authority
    settings: WebSettings
    demo: Path | None = None

    @classmethod
    def open(cls, home: Home, settings: WebSettings, *, demo: Path | None = None) -> Services:
        """Open the register of the home folder and prepare the verifier.

        Raises:
            RegistryError: the register cannot be opened.
        """
        register = Register.open(home)
        authority = _with_archive_key(open_authority(home))
        if authority.ring.archive is None:
            _LOG.warning(ArchiveKeyMissing().diagnostics())
        return cls(register, Verifier(register, authority.anchors), authority, settings, demo)

    def ready(self) -> bool:
        """Whether the register's database answers."""
        try:
            return self.register.lookup.ready()
        except DatabaseNotReady:
            return False

    def limits(self) -> Limits:
        """Upload limits for people."""
        return Limits(files=self.settings.max_files, megabytes=self.settings.max_file_mb)

    def site(self, asset_version: str) -> Site:
        """What every page shows of the site."""
        address = urlsplit(self.register.settings.public_url)
        return Site(
            names={DEFAULT_LANGUAGE: self.settings.name, "en": self.settings.name_en},
            authority=self.register.settings.region_name,
            origin=f"{address.scheme}://{address.netloc}",
            sample=self.authority.demo,
            has_demo=self.demo is not None,
            asset_version=asset_version,
            root_fingerprint=next(iter(self.authority.root_fingerprints), None),
            operator=SiteOperator(
                self.settings.operator,
                self.settings.basis,
                self.settings.telephone,
                self.settings.address,
                self.settings.icp_number,
                self.settings.police_number,
                self.settings.site_code,
            ),
        )


def _with_archive_key(authority: Authority) -> Authority:
    """A demo ring gets its archive key now, so that the verifier knows its own receipts; one that cannot does without."""
    try:
        return with_archive_key(authority)
    except (KeyTrouble, OSError) as error:
        _LOG.warning(str(error))
        return authority


def services() -> Services:
    """The collaborators of the application that answers this request."""
    return cast("Services", current_app.extensions["zhicheng"])

"""What an account is to everybody outside this package."""

from dataclasses import dataclass
from enum import StrEnum

from registry.log.events import Actor

CHANNEL = "office"


class Role(StrEnum):
    """Each account has one role; no role includes another."""

    OPERATOR = "operator"
    REVIEWER = "reviewer"
    ISSUER = "issuer"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it stands; times are ISO 8601 in UTC."""

    id: int
    name: str
    role: Role
    must_change: bool
    has_totp: bool
    locked_until: str | None
    disabled_at: str | None
    created_at: str
    password_at: str

    @property
    def actor(self) -> Actor:
        """For events: this account, through the site."""
        return Actor(self.name, CHANNEL, self.name)

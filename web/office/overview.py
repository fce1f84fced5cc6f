"""The first page: what waits, what is under way, what needs attention."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from flask import render_template

from registry.accounts.model import Role
from registry.log import latest_head
from registry.workspace import store
from registry.workspace.model import Stage, WorkBatch
from registry.workspace.reports import counts, work_counts
from web.office.guard import EVERYBODY, RECORDS, account, allow, pages, register
from web.services import services

WARN_BEFORE: Final = timedelta(days=60)
WAITING: Final = {
    Role.OPERATOR: (Stage.CHECKED, Stage.GENERATED, Stage.ISSUED),
    Role.REVIEWER: (Stage.SUBMITTED,),
    Role.ISSUER: (Stage.APPROVED,),
}
SHOWN: Final = 12


@dataclass(frozen=True)
class Key:
    """A key and how long it lasts."""

    label: str
    until: str
    tone: str
    left_days: int


@pages.get("/")
@allow(EVERYBODY)
def overview() -> str:
    """Open work for the signed-in person, counts, keys, the log."""
    return render_template(
        "office/overview.html",
        waiting=_waiting()[:SHOWN],
        works_with_records=account().role in RECORDS,
        certificates=counts(register()),
        works=work_counts(register()),
        keys=_keys(),
        head=latest_head(register()),
        demo=services().authority.demo,
    )


def _waiting() -> list[WorkBatch]:
    wanted = WAITING.get(account().role, ())
    return [one for one in store.listed(register()) if one.stage in wanted]


def _keys() -> list[Key]:
    """The keys in use with their last day."""
    authority = services().authority
    outside = authority.outside is not None
    signer = authority.signer.certificate.not_valid_after_utc if outside else authority.ring.signer.until
    kept = [one.until for one in authority.ring.services if one.retired is None and one.revoked is None]
    found = [("签章密钥", signer), *(("凭证和日志密钥", until) for until in kept)]
    return [_key(label, until) for label, until in found]


def _key(label: str, until: datetime) -> Key:
    left = until - datetime.now(UTC)
    tone = "bad" if left < timedelta(0) else "warn" if left < WARN_BEFORE else "good"
    return Key(label, f"{until:%Y-%m-%d}", tone, left.days)

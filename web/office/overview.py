"""The first page: what waits, what is under way, what needs attention."""

from typing import Final

from flask import render_template

from registry.accounts.model import Role
from registry.log.tree_heads import latest_head
from registry.workspace import store
from registry.workspace.model import Stage, WorkBatch
from registry.workspace.reports import counts, work_counts
from web.office.access import EVERYBODY, RECORDS, account, allow, pages, register
from web.office.keys import ending, keys_in_use
from web.services import services

WAITING: Final = {
    Role.OPERATOR: (Stage.CHECKED, Stage.GENERATED, Stage.ISSUED),
    Role.REVIEWER: (Stage.SUBMITTED,),
    Role.ISSUER: (Stage.APPROVED,),
}
SHOWN: Final = 12


@pages.get("/")
@allow(EVERYBODY)
def overview() -> str:
    """Open work for the signed-in person, counts, keys, the log."""
    keys = keys_in_use()
    return render_template(
        "office/overview.html",
        waiting=_waiting()[:SHOWN],
        works_with_records=account().role in RECORDS,
        certificates=counts(register()),
        works=work_counts(register()),
        keys=[one for one in keys if one.main],
        ending=ending(keys),
        head=latest_head(register()),
        demo=services().authority.demo,
    )


def _waiting() -> list[WorkBatch]:
    wanted = WAITING.get(account().role, ())
    return [one for one in store.listed(register()) if one.stage in wanted]

"""All pages of the workspace, put together."""

from web.office import (
    accounts,
    audit,
    batches,
    cases,
    certificates,
    figures,
    keys,
    log,
    overview,
    progress,
    results,
    setup,
    sign_in,
)
from web.office.access import pages

__all__ = [
    "accounts",
    "audit",
    "batches",
    "cases",
    "certificates",
    "figures",
    "keys",
    "log",
    "overview",
    "pages",
    "progress",
    "results",
    "setup",
    "sign_in",
]

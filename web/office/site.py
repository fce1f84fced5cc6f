"""All pages of the workspace, put together."""

from web.office import (
    audit,
    batches,
    cases,
    certificates,
    figures,
    keys,
    log,
    overview,
    people,
    progress,
    results,
    setup,
    sign,
)
from web.office.guard import pages

__all__ = [
    "audit",
    "batches",
    "cases",
    "certificates",
    "figures",
    "keys",
    "log",
    "overview",
    "pages",
    "people",
    "progress",
    "results",
    "setup",
    "sign",
]

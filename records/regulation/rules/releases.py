"""放行: a 原则 finding may be released one by one, by a named person with a reason; nothing else can be."""

from collections.abc import Iterable, Sequence

from records.batch.model import Batch, Finding, Release, Severity, Told
from records.regulation.rules.all import RULES

RELEASE_RULE, EXPERTS = "放行", "评委"
MESSAGES = {
    "not_releasable": "规则{rule}为“{severity}”要求，不能放行。",
    "unknown": "没有编号为{rule}的规则，放行无效。",
    "nothing": "没有与此放行相符的问题：规则{rule}{about}。",
}
REMEDY = "只有“原则”级问题可以放行；核对规则编号和申报编号，或删去此行。"


def apply_releases(findings: Iterable[Finding], batch: Batch) -> tuple[Finding, ...]:
    """The findings with `released_by` and `released_reason` where the sheet 放行 releases them.

    A release without an application number (or an expert's name) covers every finding of its rule. A release that fits nothing, or names
    a rule that may not be released, becomes a 提示 at its own row. Applying twice changes nothing.
    """
    findings = tuple(item for item in findings if item.rule != RELEASE_RULE)
    if not batch.releases:
        return findings
    released = tuple(_released(item, batch.releases) for item in findings)
    useless = (_useless(release, findings) for release in batch.releases)
    return (*released, *(item for item in useless if item))


def released(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The released ones, for the approval report's annex."""
    return tuple(item for item in findings if item.released_by)


def _fits(release: Release, finding: Finding) -> bool:
    """By rule and applicant; a finding about an expert is released by the expert's name in the same column."""
    about = release.application_number
    if release.rule != finding.rule:
        return False
    named = finding.sheet == EXPERTS and about is not None and about in finding.message
    return named or about in (None, finding.application_number)


def _released(finding: Finding, releases: Sequence[Release]) -> Finding:
    if finding.severity is not Severity.PRINCIPLE:
        return finding
    for release in releases:
        if _fits(release, finding):
            update = {"released_by": release.released_by, "released_reason": release.reason}
            return finding.model_copy(update=update)
    return finding


def _useless(release: Release, findings: Sequence[Finding]) -> Finding | None:
    fitting = [item for item in findings if _fits(release, item)]
    if any(item.severity is Severity.PRINCIPLE for item in fitting):
        return None
    data = {"rule": release.rule}
    if release.rule not in {rule.id for rule in RULES}:
        variant = "unknown"
    elif fitting:
        variant, data["severity"] = "not_releasable", fitting[0].severity.value
    else:
        about = f"（{release.application_number}）" if release.application_number else ""
        variant, data["about"] = "nothing", about
    return Finding(
        rule=RELEASE_RULE,
        severity=Severity.HINT,
        clauses=(),
        sheet=release.place.sheet,
        row=release.place.row,
        column="规则编号",
        application_number=release.application_number,
        message=MESSAGES[variant].format_map(data),
        remedy=REMEDY,
        told=Told(variant, data),
    )

"""Findings in the visitor's language, also where a job's result quotes them."""

from house.messages import DEFAULT_LANGUAGE
from records.model import Finding
from records.saying import Saying, said
from web.languages import current_language
from web.office.desk import Desk


def in_words(finding: Finding) -> Saying:
    """The finding in the visitor's language, as far as it can be said there."""
    return said(finding, current_language())


def left_out(desk: Desk) -> list[tuple[str, str]]:
    """Who got no certificate, and why, with the language: the job's note, its findings said as the visitor reads."""
    lines: list[str] = desk.work.summary.get("left_out", [])
    own: dict[str | None, list[Finding]] = {}
    for finding in desk.mandatory if lines else ():
        own.setdefault(finding.application_number, []).append(finding)
    return [_line(line, own) for line in lines]


def _line(line: str, own: dict[str | None, list[Finding]]) -> tuple[str, str]:
    number, _, given = line.partition("：")
    reasons = given
    for finding in (*own.get(number, ()), *own.get(None, ())):
        words = in_words(finding)
        if words.message != finding.message:
            quoted = f"{finding.rule} {finding.message}"
            reasons = reasons.replace(f"{quoted}；", f"{finding.rule} {words.message} ")
            reasons = reasons.replace(quoted, f"{finding.rule} {words.message}")
    return (line, DEFAULT_LANGUAGE) if reasons == given else (f"{number}: {reasons}", current_language())

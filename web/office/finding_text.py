"""Findings in the visitor's language, also where a job's result quotes them."""

from itertools import zip_longest
from typing import Final

from core.message import DEFAULT_LANGUAGE
from core.sentences import Sentence
from records.batch.model import Finding
from records.findings.saying import Saying, said
from web.http.languages import current_language
from web.office.batch_view import Desk

SHOWN_PROBLEMS: Final = 5


def in_words(finding: Finding) -> Saying:
    """The finding in the visitor's language, as far as it can be said there."""
    return said(finding, current_language())


def left_out(desk: Desk) -> list[tuple[str, str]]:
    """Who got no certificate, and why, with the language: the job's note, its findings said as the visitor reads."""
    lines: list[str] = desk.work.summary.get("left_out", [])
    reasons: list[list[str]] = desk.work.summary.get("reasons", [])  # none in a summary of an earlier version
    own: dict[str | None, list[Finding]] = {}
    for finding in desk.mandatory if lines else ():
        own.setdefault(finding.application_number, []).append(finding)
    given = [*reasons, *([] for _ in lines[len(reasons) :])]
    return [_line(line, given[place], own) for place, line in enumerate(lines)]


def not_made(desk: Desk) -> list[tuple[str, str]]:
    """The first documents that were not made, and why, with the language."""
    lines: list[str] = desk.work.summary.get("problems", [])[:SHOWN_PROBLEMS]
    reasons: list[str] = desk.work.summary.get("sentences", [])[: len(lines)]
    return [_problem(line, given) for line, given in zip_longest(lines, reasons, fillvalue="")]


def _problem(line: str, stored: str) -> tuple[str, str]:
    reason = Sentence.read(stored)
    words, lang = reason.in_words(current_language())
    return (
        (line, lang) if lang == DEFAULT_LANGUAGE else (f"{line.removesuffix(f'：{reason}')}: {words}", lang)
    )


def _line(line: str, stored: list[str], own: dict[str | None, list[Finding]]) -> tuple[str, str]:
    number, _, given = line.partition("：")
    reasons = given
    for reason in map(Sentence.read, stored):
        sentence, lang = reason.in_words(current_language())
        if lang != DEFAULT_LANGUAGE:
            reasons = reasons.replace(f"{reason}；", f"{sentence} ").replace(reason, sentence)
    for finding in (*own.get(number, ()), *own.get(None, ())):
        words = in_words(finding)
        if words.message != finding.message:
            quoted = f"{finding.rule} {finding.message}"
            reasons = reasons.replace(f"{quoted}；", f"{finding.rule} {words.message} ")
            reasons = reasons.replace(quoted, f"{finding.rule} {words.message}")
    return (line, DEFAULT_LANGUAGE) if reasons == given else (f"{number}: {reasons}", current_language())

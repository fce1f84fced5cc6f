"""Applies the rules to a batch: batch rules once, application rules in one pass over the people."""

from collections.abc import Iterable

from records.batch.model import Application, Batch, Finding, Severity, Told
from records.input.sheets import BATCH, sheets
from records.regulation.calendar import CalendarYearUnknown
from records.regulation.rules.all import RULES
from records.regulation.rules.core import Hit, Rule
from records.regulation.rules.facts import Case, Facts
from records.regulation.rules.releases import apply_releases
from records.regulation.rules.sources import governing

CALENDAR = "calendar"  # the variant of every rule that an unknown year stops
UNKNOWN_YEAR = "{year}年的放假安排尚未公布，无法按“{title}”计算工作日。"
UNKNOWN_YEAR_REMEDY = "放假安排公布后，将{year}.json放入工作目录的calendar文件夹再核对。"


class _Run:
    """One run over one batch: collects findings and the rules that an unknown calendar year stopped."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._severities = facts.policy.severity
        self._clauses: dict[str, tuple[str, ...]] = {}
        self._unknown: dict[str, int] = {}
        self.findings: list[Finding] = []

    def take(self, rule: Rule, hits: Iterable[Hit]) -> None:
        """Turn the rule's hits into findings; a year without a calendar becomes one finding per rule."""
        try:
            for hit in hits:
                self.findings.append(
                    rule.finding(
                        hit, hit.severity or self._severities.get(rule.id, rule.severity), self._cited(rule)
                    )
                )
        except CalendarYearUnknown as error:
            if rule.id not in self._unknown:
                year = int(str(error.data["year"]))
                self._unknown[rule.id] = year
                self.findings.append(_undecidable(rule, year, self._cited(rule)))

    def _cited(self, rule: Rule) -> tuple[str, ...]:
        if rule.id not in self._clauses:
            self._clauses[rule.id] = governing(rule.clauses, self._facts.batch)
        return self._clauses[rule.id]


def _undecidable(rule: Rule, year: int, clauses: tuple[str, ...]) -> Finding:
    return Finding(
        rule=rule.id,
        severity=Severity.MANDATORY,
        clauses=clauses,
        sheet=BATCH,
        column="年度",
        message=UNKNOWN_YEAR.format(year=year, title=rule.title),
        remedy=UNKNOWN_YEAR_REMEDY.format(year=year),
        told=Told(CALENDAR, {"year": year, "title": rule.title}),
    )


def check(batch: Batch, rules: Iterable[Rule] = RULES) -> tuple[Finding, ...]:
    """Every finding of the rules on a batch, ordered by sheet, row and rule; releases are applied."""
    return _check(Facts(batch), batch.applications, rules)


def check_people(
    head: Batch, applications: Iterable[Application], rules: Iterable[Rule] = RULES
) -> tuple[Finding, ...]:
    """As `check`, for people who pass by one at a time (a streamed batch): `head` holds everything else.

    Memory does not grow with the people, so that who appears twice is not told.
    """
    return _check(Facts(head, remember=False), applications, rules)


def _check(facts: Facts, applications: Iterable[Application], rules: Iterable[Rule]) -> tuple[Finding, ...]:
    run = _Run(facts)
    active = [rule for rule in rules if rule.applies.covers(facts.batch)]
    by_case = [(rule, rule.check_case) for rule in active if rule.check_case]
    for application in applications:
        facts.census.see(application)
        case = Case(facts, application)
        for rule, check_case in by_case:
            run.take(rule, check_case(case))
    for rule in active:
        if rule.check_batch:
            run.take(rule, rule.check_batch(facts))
    return apply_releases(in_order(run.findings), facts.batch)


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order of the workbook: sheet, row, rule, column."""
    order = {sheet.name: place for place, sheet in enumerate(sheets())}
    last = len(order)
    return tuple(
        sorted(
            findings,
            key=lambda item: (order.get(item.sheet, last), item.row or 0, item.rule, item.column or ""),
        )
    )

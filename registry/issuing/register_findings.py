"""What the register knows of a batch when it is checked: who stands in the integrity archive or holds the title
already; and its progress.

A home without a register is not given one by a check.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from core.settings import Home
from records.batch.model import Application, Batch, Finding
from records.input.checking import Checked, in_order
from records.input.workbook.layout import locate
from records.regulation.rules import apply_releases, rule
from records.regulation.rules.facts import Case, Facts
from registry.applications.misconduct import records_of
from registry.applications.progress import note_batch
from registry.clock import local_day, now
from registry.issuing.held_titles import held_title_findings
from registry.register import Register
from registry.settings import DATABASE_FILE, RegistrySettings

RULE: Final = "B-E03"  # 诚信记录期


def looked_up(home: Home, checked: Checked, *, only: Sequence[str] = (), approving: bool = False) -> Checked:
    """The check with what the register knows added; progress is noted. Unchanged where there is no register.

    Raises:
        RegistryError: there is a register, but it cannot be used.
    """
    if not has_register(home):
        return checked
    with Register.open(home) as register:
        note_batch(register, checked.batch, approving=approving)
        found = archive_findings(register, checked.batch, checked.batch.applications)
        found += held_title_findings(register, checked.batch, checked.batch.applications)
    known = {(one.rule, one.application_number) for one in checked.findings}
    new = [
        locate(one, checked.reading.layout)
        for one in found
        if (one.rule, one.application_number) not in known and (not only or one.rule.startswith(tuple(only)))
    ]
    if not new:
        return checked
    return replace(checked, findings=in_order(apply_releases((*checked.findings, *new), checked.batch)))


def has_register(home: Home) -> bool:
    """Whether the home has a register already."""
    if (home.root / DATABASE_FILE).exists():
        return True
    return home.root.exists() and bool(home.section("registry", RegistrySettings).database)


def archive_findings(register: Register, batch: Batch, people: Iterable[Application]) -> tuple[Finding, ...]:
    """B-E03 for everybody who stands in the register's archive on the day of application or today (细则第七十二条)."""
    found, facts, today = rule(RULE), Facts(batch, remember=False), local_day(now())
    if not found.applies.covers(batch):
        return ()
    applicants = tuple(people)
    records = records_of(register, [one.person.identity_number for one in applicants])
    findings = []
    for one in applicants:
        case = Case(facts, one)
        day = case.applied_on or today
        held = records.get(one.person.identity_number or "", ())
        until = max((ends for starts, ends in held if _runs(starts, ends, day, today)), default=None)
        if until is not None:
            findings.append(found.finding(case.at("姓名", until=until, day=day), found.severity))
    return tuple(findings)


def _runs(starts: date, ends: date, applied: date, today: date) -> bool:
    return starts <= applied <= ends or starts <= today <= ends

"""Findings for people (a table per sheet) and for programs (one JSON document)."""

from collections.abc import Sequence
from itertools import groupby, islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from core.message import message
from records.batch.model import Finding, Severity
from records.input.checking import Checked

ALIKE = 4  # findings of one rule in one column that are shown before the rest is only counted
ADDRESSES = 16
SHOWN = 400  # findings on the screen; all of them are in --json and --annotate
_STYLES = {
    Severity.MANDATORY: "bold red",
    Severity.PRINCIPLE: "yellow",
    Severity.HINT: "cyan",
    Severity.COMPUTED: "blue",
}


def findings_document(checked: Checked) -> dict[str, Any]:
    """What `check --json` prints."""
    return {
        "batch": checked.batch.number,
        "people": len(checked.batch.applications),
        "good": checked.good,
        "counts": {severity.value: checked.count(severity) for severity in Severity},
        "released": len(checked.released),
        "blocking": len(checked.blocking),
        "blocked_applications": sorted(checked.blocked_applications),
        "findings": [item.model_dump(mode="json") for item in checked.findings],
    }


def print_findings(
    checked: Checked, *, annotated: Path | None = None, console: Console | None = None
) -> None:
    """Print the findings grouped by sheet, then the counts."""
    console = console or Console(soft_wrap=False, highlight=False)
    names = {item.number: item.person.name for item in checked.batch.applications}
    shown = list(islice(checked.findings, SHOWN))
    for sheet, group in groupby(shown, key=lambda item: item.sheet):
        console.print(_table(sheet, list(group), names))
    if len(checked.findings) > SHOWN:
        rest = len(checked.findings) - SHOWN
        console.print(message("records", "report.more", rest=rest), style="dim")
    console.print(_summary(checked))
    if annotated:
        console.print(message("records", "report.annotated", path=annotated))


def _table(sheet: str, findings: Sequence[Finding], names: dict[str, str | None]) -> Table:
    table = Table(title=Text(sheet, style="bold"), title_justify="left", expand=True, show_lines=True)
    table.add_column(message("records", "report.place"), no_wrap=True)
    table.add_column(message("records", "report.severity"), no_wrap=True)
    table.add_column(message("records", "report.problem"), ratio=1, overflow="fold")
    kinds: dict[tuple[str, str | None], list[Finding]] = {}
    for item in findings:
        alike = kinds.setdefault((item.rule, item.column), [])
        alike.append(item)
        if len(alike) <= ALIKE:
            table.add_row(
                _place(item), Text(item.severity, style=_STYLES[item.severity]), _problem(item, names)
            )
    for alike in kinds.values():
        if len(alike) > ALIKE:
            table.add_row(*_rest(alike))
    return table


def _rest(alike: Sequence[Finding]) -> tuple[Text, Text, Text]:
    first, rest = alike[0], alike[ALIKE:]
    places = "、".join(_address(item) for item in rest[:ADDRESSES]) + ("……" if len(rest) > ADDRESSES else "")
    words = message("records", "report.alike", count=len(rest), column=first.column or "", places=places)
    place = Text.assemble(("⋮", "bold"), "\n", (first.rule, "dim"))
    return place, Text(first.severity, style=_STYLES[first.severity]), Text(words)


def _address(item: Finding) -> str:
    return item.cell.rpartition("!")[2] if item.cell else str(item.row or "—")


def _place(item: Finding) -> Text:
    return Text.assemble((_address(item), "bold"), "\n", (item.rule, "dim"))


def _problem(item: Finding, names: dict[str, str | None]) -> Text:
    about = item.application_number
    lines = Text()
    if about:
        lines.append(f"{names.get(about) or ''} {about}".strip() + "　", style="dim")
    lines.append(item.message)
    lines.append(f"\n→{item.remedy}", style="green")
    lines.append("\n" + message("records", "report.clauses", clauses="、".join(item.clauses)), style="dim")
    if item.released_by:
        released = message(
            "records", "report.released", by=item.released_by, reason=item.released_reason or "—"
        )
        lines.append("\n" + released, style="magenta")
    return lines


def _summary(checked: Checked) -> Text:
    counts = {severity: checked.count(severity) for severity in Severity}
    people = len(checked.batch.applications)
    if not checked.findings:
        return Text(
            message("records", "report.clean", number=checked.batch.number, people=people), style="green"
        )
    text = Text(message("records", "report.total", number=checked.batch.number, people=people))
    for severity, count in counts.items():
        if count:
            text.append(f"  {severity} {count}", style=_STYLES[severity])
    if checked.released:
        text.append(
            "  " + message("records", "report.released_count", count=len(checked.released)), style="magenta"
        )
    verdict = "report.good" if checked.good else "report.bad"
    return text.append("\n" + message("records", verdict))

"""Workbook → batch: every sheet read once, row by row, with calamine; findings name the cell."""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from io import BytesIO
from itertools import chain, islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from core.message import message
from records.batch import model, optional
from records.batch.frozen import Place
from records.batch.model import Acquisition, Application, Batch, Finding
from records.input.input_rules import InputRule
from records.input.sheets import APPLICATIONS, BATCH, HELPERS, Sheet, sheet, sheets
from records.input.workbook.build import Builder, RowBuilder
from records.input.workbook.cells import forget
from records.input.workbook.errors import NumberMissing, SheetsMissing, WorkbookDamaged
from records.input.workbook.extent import trimmed
from records.input.workbook.guard import DEFAULT_LIMITS, Limits, Unseen, guard
from records.input.workbook.layout import Layout, SheetLayout
from records.input.workbook.package import Package
from records.input.workbook.table import HEADS_WITHIN, Heads, Parsed, Row, RowReader, read_vertical

NUMBER = "number"
MERGED_ROWS = 5000  # more are no merged record but a formatted column
MergedRange = tuple[tuple[int, int], tuple[int, int]]
CHILDREN: dict[str, tuple[str, type[Any]]] = {
    "学习经历": ("studies", model.Study),
    "工作经历": ("jobs", model.Job),
    "业绩": ("achievements", model.Achievement),
    "论文著作": ("publications", model.Publication),
    "奖励": ("awards", model.Award),
    "考核": ("appraisals", model.Appraisal),
}
LISTS: dict[str, tuple[str, type[Any]]] = {
    "举报": ("complaints", model.Complaint),
    "放行": ("releases", model.Release),
    "诚信记录": ("integrity", optional.IntegrityRecord),
    "岗位": ("posts", optional.Post),
    "回避": ("recusals", optional.Recusal),
    "补正": ("corrections", optional.Correction),
    "监管": ("supervisions", optional.Supervision),
}
EXPERTS = "评委"
ROWS_NAMED = 20  # of hidden rows, in one finding


class WorkbookReader:
    """Reads one workbook; after `read` the findings and the layout are complete."""

    def __init__(self, path: Path, limits: Limits = DEFAULT_LIMITS) -> None:
        self._path = path
        self._limits = limits
        self.findings: list[Finding] = []
        self.layout: dict[str, SheetLayout] = {}
        self._review = True
        self._found: dict[str, str] = {}
        self._misnamed: frozenset[str] = frozenset()

    def read(self) -> Batch:
        """The batch of the workbook.

        Raises:
            BatchUnreadable: one of its subclasses says why nothing can be read.
        """
        unseen = guard(self._path, self._limits)
        far = [part for part, one in unseen.items() if one.far]
        copy = trimmed(self._path, far) if far else None
        try:
            with _calm_memory(), _opened(self._path, copy) as workbook:
                batch = self._read(workbook)
        except CalamineError as error:
            raise WorkbookDamaged(path=self._path.name, reason=str(error)) from error
        if unseen:
            self._report_unseen(unseen, batch)
        return batch

    def _report_unseen(self, unseen: dict[str, Unseen], batch: Batch) -> None:
        """Cells that hold #N/A and their like: reported as such, not as empty. Hidden rows of applicants."""
        owners = dict(_owners(batch))
        package = Package(self._path.read_bytes())
        found = {}
        for name, part in package.sheets():
            layout = self.layout.get(name.strip())
            here = unseen.get(part, Unseen())
            if name.strip() == APPLICATIONS:
                self._hidden_rows(here.hidden_rows, batch)
            for address, rule in here.cells if layout else ():
                cell = f"{name.strip()}!{address}"
                row, head = (layout or SheetLayout()).at(address)
                if head is not None:
                    found[cell] = rule.finding(name.strip(), row, head, cell, owners.get((name.strip(), row)))
        self.findings = [item for item in self.findings if item.cell not in found] + list(found.values())

    def _hidden_rows(self, rows: tuple[int, ...], batch: Batch) -> None:
        people = {item.place.row for item in batch.applications}
        hidden = [row for row in rows if row in people]
        if hidden:
            named = "、".join(map(str, hidden[:ROWS_NAMED])) + ("……" if len(hidden) > ROWS_NAMED else "")
            data = {"rows": named, "count": len(hidden)}
            self.findings.append(InputRule.ROWS_HIDDEN.finding(APPLICATIONS, **data))

    def _read(self, workbook: CalamineWorkbook) -> Batch:
        self._take_inventory(workbook.sheet_names)
        cells = self._batch_cells(workbook)
        children = {name: self._children(workbook, name) for name in CHILDREN}
        applications = self._applications(workbook, children)
        for name, groups in children.items() if applications else ():
            self._orphans(name, groups)
        if self._review and EXPERTS not in {*self._found, *self._misnamed}:
            self.findings.append(InputRule.SHEET_MISSING.finding(EXPERTS))
        committee = sheet(EXPERTS)
        experts = tuple(self._list(workbook, committee, model.Expert))
        lists = {
            field: tuple(self._list(workbook, sheet(name), kind)) for name, (field, kind) in LISTS.items()
        }
        batch = Builder(Batch, sheet(BATCH).columns).build(cells, applications=applications, **lists)
        return batch.model_copy(update={"committee": batch.committee.model_copy(update={"experts": experts})})

    def _take_inventory(self, names: Iterable[str]) -> None:
        names = list(names)
        self._found = {name.strip(): name for name in names}
        missing = [item.name for item in sheets() if item.required and item.name not in self._found]
        known = {item.name for item in sheets()} | set(HELPERS)
        unknown = [name for name in self._found if name not in known]
        if missing:
            likely = [(name, near) for name in missing for near in _alike(name, unknown)]
            hint = "".join(
                message("records", "words.sheet_renamed", found=near, name=name) for name, near in likely
            )
            raise SheetsMissing(
                path=self._path.name, missing="、".join(missing), found="、".join(names), hint=hint
            )
        lacking = [item.name for item in sheets() if item.name not in self._found]
        misnamed = {near: name for name in lacking for near in _alike(name, unknown)}
        self.findings += [
            InputRule.SHEET_MISNAMED.finding(name, name=misnamed[name])
            if name in misnamed
            else InputRule.SHEET_UNKNOWN.finding(name)
            for name in unknown
        ]
        self._misnamed = frozenset(misnamed.values())

    def _batch_cells(self, workbook: CalamineWorkbook) -> list[Any]:
        rows, offset = self._rows(workbook, BATCH)
        declared = sheet(BATCH)
        cells, findings, layout = read_vertical(declared, rows, offset, Batch, self._path.name)
        self.layout[BATCH] = layout
        values = dict(zip((column.field for column in declared.columns), cells, strict=True))
        if values[NUMBER] is None:
            address = layout.cell(None, declared.of_field(NUMBER).head)
            raise NumberMissing(path=self._path.name, cell=f"{BATCH}!{address}" if address else BATCH)
        self._review = values["review.acquisition"] in (None, Acquisition.REVIEW)
        self.findings += findings
        return cells

    def _rows(self, workbook: CalamineWorkbook, name: str) -> tuple[Iterator[Row], int]:
        table = workbook.get_sheet_by_name(self._found[name])
        if table.start is None:
            return iter(()), 0
        return _unmerged(table.iter_rows(), table.merged_cell_ranges or (), table.start[1]), table.start[1]

    def _parsed(
        self, workbook: CalamineWorkbook, declared: Sheet, kind: type[Any], key: str | None
    ) -> Iterator[Parsed]:
        if declared.name not in self._found:
            return
        rows, offset = self._rows(workbook, declared.name)
        first = list(islice(rows, HEADS_WITHIN))
        if not first and not declared.required:
            return
        heads = Heads(declared, first, offset, self._path.name)
        self.layout[declared.name] = heads.layout
        reader = RowReader(heads, kind, key, review=self._review)
        yield from reader.read(chain(first, rows))
        self.findings += reader.findings

    def _children(self, workbook: CalamineWorkbook, name: str) -> dict[str, list[Any]]:
        declared, (_, kind) = sheet(name), CHILDREN[name]
        builder = RowBuilder(kind, declared.columns)
        groups: dict[str, list[Any]] = {}
        for parsed in self._parsed(workbook, declared, kind, NUMBER):
            number = parsed.cells[0]
            if number is not None:
                record = builder.build(parsed.cells, place=Place(name, parsed.row))
                groups.setdefault(number, []).append(record)
        return groups

    def _orphans(self, name: str, groups: dict[str, list[Any]]) -> None:
        head = sheet(name).columns[0].head
        for number, records in groups.items():
            row = records[0].place.row
            cell = f"{name}!{self.layout[name].cell(row, head)}"
            data = {"value": number, "count": len(records)}
            self.findings.append(InputRule.NUMBER_UNKNOWN.finding(name, row, head, cell, number, **data))

    def _applications(
        self, workbook: CalamineWorkbook, children: dict[str, dict[str, list[Any]]]
    ) -> tuple[Application, ...]:
        declared = sheet(APPLICATIONS)
        builder = Builder(Application, declared.columns)
        rows: dict[str, int] = {}
        found = []
        for parsed in self._parsed(workbook, declared, Application, NUMBER):
            number = parsed.cells[0]
            if number is None:
                continue
            if number in rows:
                self._twice(parsed.row, number, rows[number])
                continue
            rows[number] = parsed.row
            own = {CHILDREN[name][0]: tuple(groups.pop(number, ())) for name, groups in children.items()}
            place = Place(APPLICATIONS, parsed.row)
            found.append(builder.build(parsed.cells, place=place, **own))
        if not found:
            self.findings.append(InputRule.NO_APPLICANTS.finding(APPLICATIONS))
        return tuple(found)

    def _twice(self, row: int, number: str, first: int) -> None:
        head = sheet(APPLICATIONS).columns[0].head
        cell = f"{APPLICATIONS}!{self.layout[APPLICATIONS].cell(row, head)}"
        finding = InputRule.NUMBER_TWICE.finding(
            APPLICATIONS, row, head, cell, number, value=number, first=first
        )
        self.findings.append(finding)

    def _list(self, workbook: CalamineWorkbook, declared: Sheet, kind: type[Any]) -> Iterator[Any]:
        builder = Builder(kind, declared.columns)
        needed = [
            place
            for place, column in enumerate(declared.columns)
            if column.field in kind.model_fields and kind.model_fields[column.field].is_required()
        ]
        for parsed in self._parsed(workbook, declared, kind, None):
            if all(parsed.cells[place] is not None for place in needed):
                place = Place(declared.name, parsed.row)
                yield builder.build(parsed.cells, place=place)


def _alike(name: str, others: list[str]) -> list[str]:
    """The sheet that was probably meant for `name`: 学习经历表, 1.学习经历 for 学习经历."""
    return [other for other in others if name in other][:1] or get_close_matches(
        name, others, n=1, cutoff=0.7
    )


def _owners(batch: Batch) -> Iterator[tuple[tuple[str, int | None], str]]:
    """Sheet and row of every record of an applicant → the application's number."""
    for application in batch.applications:
        yield (APPLICATIONS, application.place.row), application.number
        for name, (field, _) in CHILDREN.items():
            yield from (
                ((name, record.place.row), application.number) for record in getattr(application, field)
            )


def _unmerged(rows: Iterator[Row], ranges: Sequence[MergedRange], offset: int) -> Iterator[Row]:
    """The rows, with a cell that was merged downwards (one 申报编号 for several rows) repeated in each of them."""
    if not ranges:
        return rows
    below = {
        (row, column - offset): top
        for (top, column), (bottom, _) in ranges
        for row in range(top + 1, min(bottom, top + MERGED_ROWS) + 1)
    }
    columns = {column for _, column in below}
    return _repeated(rows, below, sorted(columns))


def _repeated(rows: Iterator[Row], below: dict[tuple[int, int], int], columns: list[int]) -> Iterator[Row]:
    tops: dict[tuple[int, int], Any] = {}
    for number, row in enumerate(rows):
        filled = list(row)
        for column in columns:
            top = below.get((number, column))
            if top is None:
                tops[number, column] = row[column]
            elif row[column] == "" and any(row):
                filled[column] = tops.get((top, column), "")
        yield filled


def _opened(path: Path, copy: BytesIO | None) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(copy) if copy else CalamineWorkbook.from_path(str(path))


@contextmanager
def _calm_memory() -> Iterator[None]:
    """No garbage collection while millions of records are made: none of them is garbage, and each pass visits all."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        forget()
        if was_enabled:
            gc.enable()


def read_workbook(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[Batch, list[Finding], Layout]:
    """The batch of a workbook, what is odd in its cells, and where its columns stand.

    Raises:
        BatchUnreadable: one of its subclasses says why nothing can be read.
    """
    reader = WorkbookReader(path, limits)
    batch = reader.read()
    return batch, reader.findings, reader.layout

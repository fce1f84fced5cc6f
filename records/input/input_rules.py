"""The reader's own family of findings (R-IN-…): what is wrong with cells, before any rule of the regulation applies."""

from dataclasses import dataclass
from enum import Enum

from core.message import DEFAULT_LANGUAGE, message
from records.batch.model import Finding, Severity, Told

DATA_STANDARD = "数据规范"
_M, _H = Severity.MANDATORY, Severity.HINT


@dataclass(frozen=True, slots=True)
class Facts:
    """Id, message key, severity and source of one input rule."""

    id: str
    key: str
    severity: Severity
    clauses: tuple[str, ...] = (DATA_STANDARD,)


class InputRule(Enum):
    """Every finding that reading a batch may make; the texts stand in the catalogue under `[input]`."""

    COLUMN_MISSING = Facts("R-IN-01", "column_missing", _M)
    COLUMN_UNKNOWN = Facts("R-IN-02", "column_unknown", _H)
    COLUMN_TWICE = Facts("R-IN-03", "column_twice", _M)
    SHEET_UNKNOWN = Facts("R-IN-04", "sheet_unknown", _H)
    CELL_MISSING = Facts("R-IN-05", "cell_missing", _M)
    CHOICE = Facts("R-IN-06", "choice", _M)
    NOT_IN_TABLE = Facts("R-IN-07", "not_in_table", _H)
    INTEGER = Facts("R-IN-08", "integer", _M)
    DATE = Facts("R-IN-09", "date", _M)
    DATE_AMBIGUOUS = Facts("R-IN-10", "date_ambiguous", _M)
    DATE_COARSE = Facts("R-IN-11", "date_coarse", _M)
    DATE_SERIAL = Facts("R-IN-12", "date_serial", _M)
    NUMBER_LOST = Facts("R-IN-13", "number_lost", _M, ("GB 11643", "人社文件填表说明：使用文本格式"))
    NUMBER_TIDIED = Facts("R-IN-14", "number_tidied", _H)
    NUMBER_TWICE = Facts("R-IN-15", "number_twice", _M)
    IDENTITY_TWICE = Facts("R-IN-16", "identity_twice", _M)
    NAME_TIDIED = Facts("R-IN-17", "name_tidied", _H)
    CHARACTER_MAPPED = Facts("R-IN-18", "character_mapped", _H, ("GB 18030-2022",))
    CHARACTER_REFUSED = Facts("R-IN-19", "character_refused", _M, ("GB 18030-2022",))
    REGION = Facts("R-IN-20", "region", _M, ("GB/T 2260",))
    ROW_WITHOUT_NUMBER = Facts("R-IN-21", "row_without_number", _M)
    NUMBER_UNKNOWN = Facts("R-IN-22", "number_unknown", _M)
    PHOTO_ESCAPES = Facts("R-IN-23", "photo_escapes", _M)
    PHOTO_MISSING = Facts("R-IN-24", "photo_missing", _H)
    PHOTO_UNFIT = Facts("R-IN-25", "photo_unfit", _H)
    ITEM_TWICE = Facts("R-IN-26", "item_twice", _M)
    TEXT_FROM_DATE = Facts("R-IN-27", "text_from_date", _H)
    ERROR_CELL = Facts("R-IN-29", "error_cell", _M)
    NO_APPLICANTS = Facts("R-IN-28", "no_applicants", _M)
    FORMULA_UNCOUNTED = Facts("R-IN-30", "formula_uncounted", _M)
    SHEET_MISNAMED = Facts("R-IN-31", "sheet_misnamed", _M)
    SHEET_MISSING = Facts("R-IN-32", "sheet_missing", _H)
    ROWS_HIDDEN = Facts("R-IN-33", "rows_hidden", _H)
    LINES_JOINED = Facts("R-IN-34", "lines_joined", _H)
    NAME_ODD = Facts("R-IN-35", "name_odd", _H)
    ROW_NEARLY_EMPTY = Facts("R-IN-36", "row_nearly_empty", _M)

    @property
    def title(self) -> str:
        """The rule in a few words."""
        return message("records", f"input.{self.value.key}.title")

    def finding(
        self,
        sheet: str,
        row: int | None = None,
        column: str | None = None,
        cell: str | None = None,
        application_number: str | None = None,
        /,
        **data: object,
    ) -> Finding:
        """One finding of this rule; `data` fills the placeholders of its message and remedy."""
        facts = self.value
        texts = {"sheet": sheet, "column": column or "", "cell": cell or "", "row": row or "", **data}
        return Finding(
            rule=facts.id,
            severity=facts.severity,
            clauses=facts.clauses,
            sheet=sheet,
            row=row,
            column=column,
            cell=cell,
            application_number=application_number,
            message=message("records", f"input.{facts.key}.message", DEFAULT_LANGUAGE, **texts),
            remedy=message("records", f"input.{facts.key}.remedy", DEFAULT_LANGUAGE, **texts),
            told=Told(data=texts),
        )

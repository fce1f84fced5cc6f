"""XLSX: rosters and statistics as printable sheets whose cells stay what they are."""

from generator.render.xlsx.rosters import APPLICANT_COLUMNS, PASS_COLUMNS, FieldColumn, roster
from generator.render.xlsx.sheet import CellValue, Column, Kind, Merge, RosterSheet
from generator.render.xlsx.tree import sheets_of
from generator.render.xlsx.writer import render

__all__ = [
    "APPLICANT_COLUMNS",
    "PASS_COLUMNS",
    "CellValue",
    "Column",
    "FieldColumn",
    "Kind",
    "Merge",
    "RosterSheet",
    "render",
    "roster",
    "sheets_of",
]

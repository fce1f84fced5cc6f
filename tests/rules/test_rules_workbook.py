"""Every broken rule is found in a workbook, at a cell that can be shown."""

from pathlib import Path

import pytest
from rules_examples import Example
from rules_examples_batch import EXAMPLES as OF_THE_BATCH
from rules_examples_people import EXAMPLES as OF_PEOPLE

from records.input.checking import check_file
from records.input.workbook.writer import write_batch


@pytest.mark.parametrize("example", OF_THE_BATCH + OF_PEOPLE, ids=lambda example: example.rule)
def test_the_breach_survives_excel_and_has_a_cell(example: Example, tmp_path: Path):
    """Written as a workbook, read back and checked: the same message, with row or cell."""
    path = tmp_path / "batch.xlsx"
    write_batch(example.breaking, path)
    found = [item for item in check_file(path).findings if item.rule == example.rule]
    said = [item for item in found if example.says in item.message]
    assert said, [item.message for item in found]
    assert said[0].cell or said[0].row

"""The declarative table of sheets and columns."""

from operator import attrgetter

import pytest

from records.batch.model import Batch
from records.input.sheets import Column, Kind, Sheet, plain_head, sheet, sheets
from records.input.workbook.build import field_type
from records.input.workbook.reader import CHILDREN, EXPERTS, LISTS

MODELS = {"批次": Batch, "申报人员": field_type(Batch, "applications").__args__[0]}
MODELS |= {name: kind for name, (_, kind) in {**CHILDREN, **LISTS}.items()}
MODELS[EXPERTS] = field_type(field_type(Batch, "committee"), "experts").__args__[0]


@pytest.mark.parametrize("declared", sheets(), ids=lambda item: item.name)
def test_every_column_fills_a_field_that_exists(declared: Sheet) -> None:
    """Heads and fields are unique within a sheet, and each field is one of the record's."""
    heads = [plain_head(column.head) for column in declared.columns]
    fields = [column.field for column in declared.columns]
    assert len(set(heads)) == len(heads)
    assert len(set(fields)) == len(fields)
    for column in declared.columns:
        if not (declared.name in CHILDREN and column.field == "number"):
            field_type(MODELS[declared.name], column.field)


@pytest.mark.parametrize("declared", sheets(), ids=lambda item: item.name)
def test_every_choice_column_offers_its_choices(declared: Sheet) -> None:
    """Drop-downs come from the same enumerations that the types use."""
    for column in declared.columns:
        if column.kind in (Kind.CHOICE, Kind.YES_NO, Kind.TABLE):
            assert column.choices, column.head


def test_every_ordinary_fact_of_a_batch_has_a_column(batch: Batch) -> None:
    """What the sample states can be written down: each column of 批次 and 申报人员 finds its value."""
    for name, record in (("批次", batch), ("申报人员", batch.applications[0])):
        for column in sheet(name).columns:
            attrgetter(column.field)(record)


@pytest.mark.parametrize("text", ["证件号码", " 证件号码* ", "证件 号码＊", "身份证号", "\ufeff证件号码"])
def test_heads_are_known_in_spite_of_blanks_stars_and_width(text: str) -> None:
    """Heads come from other people's sheets."""
    found = sheet("申报人员").column(text)
    assert isinstance(found, Column)
    assert found.field == "person.identity_number"


def test_full_and_half_width_brackets_are_the_same() -> None:
    """合（独）著、译 is often typed with half-width signs."""
    found = sheet("论文著作").column("合(独)著,译")
    assert found is not None
    assert found.field == "authorship"


def test_an_unknown_field_or_head_is_told() -> None:
    """No silent fallback."""
    assert sheet("申报人员").column("微信号") is None
    with pytest.raises(KeyError):
        sheet("申报人员").of_field("person.wechat")
    with pytest.raises(KeyError):
        sheet("不存在")

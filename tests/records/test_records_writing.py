"""Writing workbooks: the blank one, the sample, and the round trip of anything."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from records.batch import optional
from records.batch.dates import PartialDate
from records.batch.model import Batch, Complaint, Expert, ExpertRole, Level, Place, Release, Vote
from records.input.reading import BatchUnreadable, read_batch
from records.input.sheets import sheets
from records.input.workbook import write_batch, write_blank
from records.sample import Kind, sample_batch


@pytest.fixture(scope="module")
def blank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A blank workbook."""
    path = tmp_path_factory.mktemp("blank") / "blank.xlsx"
    write_blank(path)
    return path


def test_the_blank_workbook_has_every_ordinary_sheet_and_column(blank: Path) -> None:
    """Heads of required columns carry a star; the order is that of the table."""
    book = load_workbook(blank)
    for declared in sheets():
        if declared.extra:
            assert declared.name not in book.sheetnames
        elif not declared.vertical:
            heads = [cell.value for cell in book[declared.name][1]]
            wanted = [c.head + ("*" if c.required else "") for c in declared.columns if not c.extra]
            assert heads == wanted


def test_identity_numbers_are_text_before_anything_is_typed(blank: Path) -> None:
    """The whole column is formatted as text, so that Excel keeps all 18 digits."""
    page = load_workbook(blank)["申报人员"]
    letter = next(cell.column_letter for cell in page[1] if cell.value == "证件号码*")
    assert page.column_dimensions[letter].number_format == "@"


def test_every_head_has_a_note_and_every_choice_a_drop_down(blank: Path) -> None:
    """Notes say what to write; lists come from the hidden sheet."""
    book = load_workbook(blank)
    page = book["申报人员"]
    assert all(cell.comment and cell.comment.text for cell in page[1])
    assert page.freeze_panes == "C2"
    ranges = [item for item in page.data_validations.dataValidation if item.type == "list"]
    choices = [column for column in sheets()[1].columns if column.choices and not column.extra]
    assert sum(len(item.sqref.ranges) for item in ranges) == len(choices)
    assert book["选项"].sheet_state == "hidden"


def test_the_full_blank_workbook_has_the_extra_columns_and_sheets(tmp_path: Path) -> None:
    """For secretariats that want every rule decided."""
    write_blank(tmp_path / "full.xlsx", full=True)
    book = load_workbook(tmp_path / "full.xlsx")
    assert {declared.name for declared in sheets()} <= set(book.sheetnames)
    heads = {cell.value for cell in book["申报人员"][1]}
    assert "身份类别" in heads


def test_a_blank_workbook_reads_as_missing_its_number(blank: Path) -> None:
    """Nothing is filed under nothing."""
    with pytest.raises(BatchUnreadable, match="批次编号"):
        read_batch(blank)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_batch_makes_the_round_trip(kind: Kind, tmp_path: Path) -> None:
    """Equal to the last field."""
    batch = sample_batch(8, 5, kind=kind)
    write_batch(batch, tmp_path / "b.xlsx")
    assert read_batch(tmp_path / "b.xlsx").batch == batch


def test_many_people_are_written_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The streaming writer gives the same content."""
    monkeypatch.setattr("records.input.workbook.writer.STREAM_FROM", 2)
    batch = sample_batch(8, 5)
    write_batch(batch, tmp_path / "b.xlsx")
    assert read_batch(tmp_path / "b.xlsx").batch == batch


def test_optional_facts_make_the_round_trip_in_columns_of_their_own(batch: Batch, tmp_path: Path) -> None:
    """Extra columns and sheets appear when something stands in them."""
    first = batch.applications[0].model_copy(
        update={
            "standing": optional.Standing(status=optional.ApplicantStatus.IN_POST, leader=False),
            "grounds": optional.Grounds(in_region_since=PartialDate(2020, 3), talent_class=4),
            "voted_on": date(2025, 8, 22),
        }
    )
    place = Place(sheet="诚信记录", row=2)
    rich = batch.model_copy(
        update={
            "applications": (first, *batch.applications[1:]),
            "quota": 28,
            "schedule": optional.Schedule(closes=date(2025, 7, 15)),
            "integrity": (optional.IntegrityRecord(place=place, name="某某", offence="62-1"),),
        }
    )
    write_batch(rich, tmp_path / "rich.xlsx")
    reading = read_batch(tmp_path / "rich.xlsx")
    assert reading.batch == rich
    assert {item.rule for item in reading.findings} <= {"R-IN-24"}


TEXT = st.text(
    st.characters(categories=["Lo", "Ll", "Lu", "Nd"], max_codepoint=0x9FFF), min_size=1, max_size=20
)
TEXTS = (
    st.none() | TEXT | st.sampled_from(["=1+1", "'引号", "a\nb", "<&>", "1.50", "001", "https://a.b/c", "是"])
)
DAYS = st.none() | st.dates(date(1950, 1, 1), date(2090, 1, 1))
COUNTS = st.none() | st.integers(0, 10**6)
MONTHS = (
    st.none()
    | st.builds(PartialDate, st.integers(1950, 2030), st.none() | st.integers(1, 12))
    | st.dates(date(1950, 1, 1), date(2030, 1, 1)).map(PartialDate.of)
)
FLAGS = st.none() | st.booleans()


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    """A sample batch with arbitrary facts in it."""
    batch = sample_batch(2, draw(st.integers(0, 3)))
    people = []
    for item in batch.applications:
        update = {
            "note": draw(TEXTS),
            "work_since": draw(MONTHS),
            "training_hours": draw(COUNTS),
            "recognized_on": draw(DAYS),
            "vote": Vote(
                for_=draw(COUNTS), against=draw(COUNTS), abstained=draw(COUNTS), invalid=draw(COUNTS)
            ),
            "education": item.education.model_copy(update={"school": draw(TEXTS), "graduated": draw(MONTHS)}),
            "procedure": optional.Procedure(reviewer=None, same_online=draw(FLAGS), pledged_on=draw(DAYS)),
        }
        people.append(item.model_copy(update=update))
    numbers = [item.number for item in people]
    rows = range(2, 2 + draw(st.integers(0, 3)))
    experts = tuple(
        Expert(
            place=Place(sheet="评委", row=row),
            name=draw(TEXT),
            level=draw(st.none() | st.sampled_from(Level)),
            role=draw(st.none() | st.sampled_from(ExpertRole)),
            external=draw(FLAGS),
            consecutive_years=draw(COUNTS),
        )
        for row in rows
    )
    complaints = tuple(
        Complaint(
            place=Place(sheet="举报", row=row),
            number=f"J{row}",
            received=draw(DAYS),
            content=draw(TEXTS),
            application_number=draw(st.none() | st.sampled_from(numbers)),
        )
        for row in rows
    )
    releases = tuple(
        Release(place=Place(sheet="放行", row=row), rule="B-C02", reason=draw(TEXT), released_by=draw(TEXT))
        for row in rows
    )
    return batch.model_copy(
        update={
            "applications": tuple(people),
            "committee": batch.committee.model_copy(update={"experts": experts}),
            "complaints": complaints,
            "releases": releases,
            "review": batch.review.model_copy(update={"venue": draw(TEXTS), "plan_filed": draw(DAYS)}),
            "tally": optional.Tally(planned=draw(COUNTS)),
        }
    )


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batch=batches())
def test_workbook_to_json_to_workbook_loses_nothing(batch: Batch, tmp_path: Path) -> None:
    """Whatever a batch holds comes back from the workbook, from JSON, and from the workbook made of that JSON."""
    from records.input.interchange import batch_from_json, batch_to_json

    write_batch(batch, tmp_path / "first.xlsx")
    first = read_batch(tmp_path / "first.xlsx").batch
    assert first == batch
    second = batch_from_json(batch_to_json(first))
    assert second == batch
    write_batch(second, tmp_path / "second.xlsx")
    assert read_batch(tmp_path / "second.xlsx").batch == batch


def test_a_crash_while_writing_leaves_no_half_file(tmp_path: Path, batch: Batch) -> None:
    """The name appears only when the workbook is complete."""
    broken = batch.model_copy(update={"applications": (None,)})
    with pytest.raises(AttributeError):
        write_batch(broken, tmp_path / "b.xlsx")
    assert list(tmp_path.iterdir()) == []

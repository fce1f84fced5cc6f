"""JSON and NDJSON, and the published schema."""

import json
from pathlib import Path

import pytest

from records.batch.model import Batch
from records.input.checking import check
from records.input.interchange import (
    batch_from_json,
    batch_schema,
    batch_to_json,
    export_batch,
    schema_text,
    stream_ndjson,
)
from records.input.reading import BatchUnreadable, read_batch
from tests.records.conftest import ROOT


def test_json_gives_the_batch_back(batch: Batch) -> None:
    """Facts that are not stated are left out and come back as not stated."""
    text = batch_to_json(batch)
    assert batch_from_json(text) == batch
    assert "null" not in text
    assert '"for":' in text


def test_the_published_schema_is_current() -> None:
    """`docs/batch.schema.json` is what `zhicheng records schema` prints."""
    assert (ROOT / "docs" / "batch.schema.json").read_text("utf-8") == schema_text()


def test_the_schema_describes_what_is_exported(batch: Batch) -> None:
    """Every key of an exported batch stands in the schema, and nothing else is allowed."""
    schema = batch_schema()
    document = json.loads(batch_to_json(batch))
    assert schema["additionalProperties"] is False
    _assert_described(document, schema, schema["$defs"])


def _assert_described(
    value: object, schema: dict[str, object], definitions: dict[str, dict[str, object]]
) -> None:
    if "$ref" in schema:
        schema = definitions[str(schema["$ref"]).rpartition("/")[2]]
    options = schema.get("anyOf")
    if isinstance(options, list):
        schema = next(option for option in options if option.get("type") != "null")
        return _assert_described(value, schema, definitions)
    if isinstance(value, dict):
        properties = schema["properties"]
        assert isinstance(properties, dict)
        for key, item in value.items():
            _assert_described(item, properties[key], definitions)
    elif isinstance(value, list):
        items = schema["items"]
        assert isinstance(items, dict)
        for item in value:
            _assert_described(item, items, definitions)
    return None


@pytest.mark.parametrize("suffix", [".json", ".ndjson"])
def test_an_exported_file_is_read_like_a_workbook(batch: Batch, tmp_path: Path, suffix: str) -> None:
    """The same batch, the same findings of the rules."""
    path = tmp_path / f"batch{suffix}"
    export_batch(batch, path)
    reading = read_batch(path)
    assert reading.batch == batch
    assert {item.rule for item in reading.findings} == {"R-IN-24"}
    assert [item for item in check(reading) if item.blocks] == []
    assert list(tmp_path.iterdir()) == [path]


def test_ndjson_is_read_one_person_at_a_time(batch: Batch, tmp_path: Path) -> None:
    """The head first, then a person per line."""
    path = tmp_path / "batch.ndjson"
    export_batch(batch, path)
    head, people = stream_ndjson(path)
    assert head.applications == ()
    assert next(people) == batch.applications[0]
    assert sum(1 for _ in people) == len(batch.applications) - 1


def test_a_bad_line_is_named(batch: Batch, tmp_path: Path) -> None:
    """Line number, place and what should stand there, in Chinese."""
    path = tmp_path / "batch.ndjson"
    export_batch(batch, path)
    lines = path.read_text("utf-8").splitlines()
    person = json.loads(lines[3])
    person["vote"]["for"] = "many"
    lines[3] = json.dumps(person)
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(BatchUnreadable, match=r"第4行 vote\.for：应为整数"):
        read_batch(path)


def test_a_required_fact_missing_in_json_is_found_like_an_empty_cell(batch: Batch, tmp_path: Path) -> None:
    """Same rule, sheet, row and column; the cell is where our workbook would have it."""
    first = batch.applications[0]
    lacking = first.model_copy(
        update={"person": first.person.model_copy(update={"name": None, "photo": None})}
    )
    path = tmp_path / "batch.json"
    export_batch(batch.model_copy(update={"applications": (lacking,), "complaints": ()}), path)
    (finding,) = read_batch(path).findings
    assert (finding.rule, finding.cell) == ("R-IN-05", "申报人员!B2")


def test_a_name_in_json_with_a_character_nobody_can_tell_is_refused(batch: Batch, tmp_path: Path) -> None:
    """JSON is validated by type only; names are looked at all the same."""
    first = batch.applications[0]
    strange = first.model_copy(
        update={"person": first.person.model_copy(update={"name": "李\ue000", "photo": None})}
    )
    path = tmp_path / "batch.json"
    export_batch(batch.model_copy(update={"applications": (strange,), "complaints": ()}), path)
    assert [item.rule for item in read_batch(path).findings] == ["R-IN-19"]


def test_an_empty_json_file_is_said_to_be_empty(tmp_path: Path) -> None:
    """Both notations."""
    for name in ("a.json", "a.ndjson"):
        (tmp_path / name).write_text("\n", "utf-8")
        with pytest.raises(BatchUnreadable) as caught:
            read_batch(tmp_path / name)
        assert caught.value.key == "empty_file"


def test_a_schema_is_no_place_for_secrets(batch: Batch) -> None:
    """Experts stay in the batch file; whoever exports is told by docs that it is confidential."""
    assert batch.committee.experts[0].name in batch_to_json(batch)
    assert batch.committee.experts[0].name not in schema_text()

"""JSON both ways: one document per batch, or NDJSON (the batch in the first line, then one applicant per line)."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from core.message import DEFAULT_LANGUAGE, catalogue
from records.batch.frozen import Frozen
from records.batch.model import Application, Batch
from records.input.workbook.errors import BatchUnreadable, EmptyFile, JsonInvalid, UnknownFormat

SCHEMA_ID = "https://zhicheng.example/schema/batch-1.json"
SCHEMA_DIALECT = "https://json-schema.org/draft/2020-12/schema"
SHOWN_PROBLEMS = 8
F = TypeVar("F", bound=Frozen)


def batch_to_json(batch: Batch, *, indent: int | None = 1) -> str:
    """The whole batch as one JSON document; facts that are not stated are left out."""
    return batch.model_dump_json(indent=indent, by_alias=True, exclude_none=True, exclude_defaults=False)


def batch_from_json(text: str | bytes) -> Batch:
    """The batch of a JSON document.

    Raises:
        JsonInvalid: it is no JSON or does not follow the schema.
    """
    return _validated(Batch, text, "JSON")


def read_json(path: Path) -> Batch:
    """The batch of a JSON file.

    Raises:
        BatchUnreadable: the file cannot be opened, is empty, or does not follow the schema.
    """
    with _opened(path):
        data = path.read_bytes()
    if not data.strip():
        raise EmptyFile(path=path.name)
    return _validated(Batch, data, path.name)


def write_ndjson(batch: Batch, lines: Iterable[Application] | None = None) -> Iterator[str]:
    """The lines of an NDJSON file: the batch without its people, then the people one by one."""
    yield batch_to_json(batch.model_copy(update={"applications": ()}), indent=None) + "\n"
    for application in batch.applications if lines is None else lines:
        yield application.model_dump_json(by_alias=True, exclude_none=True) + "\n"


def export_batch(batch: Batch, path: Path) -> None:
    """Write `.json` or, line by line, `.ndjson`; nobody ever sees half a file.

    Raises:
        UnknownFormat: the file's name ends otherwise.
    """
    match path.suffix.lower():
        case ".json":
            lines: Iterable[str] = [batch_to_json(batch) + "\n"]
        case ".ndjson" | ".jsonl":
            lines = write_ndjson(batch)
        case suffix:
            raise UnknownFormat(path=path.name, suffix=suffix or "—")
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    with partial.open("w", encoding="utf-8", newline="\n") as handle:
        handle.writelines(lines)
    partial.replace(path)


def stream_ndjson(path: Path) -> tuple[Batch, Iterator[Application]]:
    """The batch without its people, and its people one after another; only one line is held in memory.

    Raises:
        BatchUnreadable: the file cannot be opened, is empty, or a line does not follow the schema.
    """
    lines = _lines(path)
    first = next(lines, None)
    if first is None:
        raise EmptyFile(path=path.name)
    head = _validated(Batch, first[1], path.name, first[0])
    return head, (_validated(Application, text, path.name, number) for number, text in lines)


def read_ndjson(path: Path) -> Batch:
    """The whole batch of an NDJSON file.

    Raises:
        BatchUnreadable: as `stream_ndjson`.
    """
    head, people = stream_ndjson(path)
    return head.model_copy(update={"applications": (*head.applications, *people)})


def batch_schema() -> dict[str, Any]:
    """The published JSON Schema of a batch document, generated from the types."""
    return {"$schema": SCHEMA_DIALECT, "$id": SCHEMA_ID, **Batch.model_json_schema(by_alias=True)}


def schema_text() -> str:
    """The schema as it stands in `docs/batch.schema.json`."""
    return json.dumps(batch_schema(), ensure_ascii=False, indent=1) + "\n"


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    with _opened(path), path.open("rb") as handle:
        for number, line in enumerate(handle, start=1):
            if line.strip():
                yield number, line


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BatchUnreadable(path=str(path)) from error


def _validated(model: type[F], text: str | bytes, name: str, line: int | None = None) -> F:
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        raise JsonInvalid(path=name, problems=_problems(error, line)) from error


def _problems(error: ValidationError, line: int | None) -> str:
    where = f"第{line}行 " if line else ""
    shown = [
        f"{where}{'.'.join(map(str, item['loc'])) or '（整体）'}：{_sentence(item)}"
        for item in error.errors(include_url=False, include_input=False)[:SHOWN_PROBLEMS]
    ]
    rest = error.error_count() - len(shown)
    return "；".join(shown) + (f"；另有{rest}处" if rest > 0 else "")


def _sentence(item: ErrorDetails) -> str:
    template = catalogue("records", DEFAULT_LANGUAGE).get(f"json.{item['type']}")
    if template is None:
        return item["msg"]
    context = item.get("ctx", {})
    return template.format(detail=context.get("error", ""), expected=context.get("expected", ""))

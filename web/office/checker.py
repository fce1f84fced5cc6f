"""The child that reads and checks a workbook: `python -m web.office.checker HOME FOLDER SECONDS MEGABYTES`.

It has a ceiling on memory and CPU time and writes three files: the batch, the findings, and counts or a refusal.
"""

import json
import resource
import sys
from pathlib import Path
from typing import Any

from app.checking import check_batch
from core.errors import HouseError
from core.message import LANGUAGES
from core.settings import Home, write_atomically
from records.batch.model import Severity
from records.input.checking import Checked
from records.input.interchange import batch_to_json
from web.office.batch_view import BATCH, FINDINGS, RESULT, as_stored, workbook_in
from web.settings import MEGABYTE


def main(home: str, folder: str, seconds: str, megabytes: str) -> None:
    """Check the workbook in `folder` within the limits."""
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds)))
    resource.setrlimit(resource.RLIMIT_AS, (int(megabytes) * MEGABYTE, int(megabytes) * MEGABYTE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    place = Path(folder)
    try:
        checked = check_batch(Home(Path(home)), workbook_in(place))
    except HouseError as error:
        _write(place / RESULT, {"refused": {lang: error.diagnostics(lang) for lang in LANGUAGES}})
        return
    write_atomically(place / BATCH, batch_to_json(checked.batch, indent=None).encode())
    _write(place / FINDINGS, [as_stored(one) for one in checked.findings])
    _write(place / RESULT, _summary(checked))


def _summary(checked: Checked) -> dict[str, Any]:
    batch = checked.batch
    return {
        "number": batch.number,
        "title": batch.committee.name or batch.number,
        "year": batch.year,
        "people": len(batch.applications),
        "passed": len(batch.passed),
        "findings": {one.name.lower(): checked.count(one) for one in Severity},
    }


def _write(path: Path, document: object) -> None:
    write_atomically(path, json.dumps(document, ensure_ascii=False).encode("utf-8", "backslashreplace"))


if __name__ == "__main__":
    main(*sys.argv[1:5])

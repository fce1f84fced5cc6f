"""Reading and checking a workbook: seconds and peak memory for 10,000 and 100,000 people, child rows included.

    python bench/records.py [PEOPLE …]

Each measurement runs in a process of its own. The workbooks (10 and 105 MB) are made once and kept in the temporary
folder. Targets: 10,000 in 10 s; 100,000 in 120 s and 1.5 GB.
"""

import json
import multiprocessing
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # this script's name would hide the room's
SIZES = (10_000, 100_000)
TARGETS = {10_000: (10.0, None), 100_000: (120.0, 1536)}
FOLDER = Path(tempfile.gettempdir()) / "zhicheng-bench"
COLUMNS = ("people", "what", "seconds", "of processor", "people/s", "peak MB", "target")


def files(people: int) -> tuple[Path, Path]:
    """The workbook and the NDJSON file of that size, made in a process of its own when they are not there yet."""
    workbook, lines = FOLDER / f"{people}.xlsx", FOLDER / f"{people}.ndjson"
    if not (workbook.exists() and lines.exists()):
        process = multiprocessing.get_context("spawn").Process(target=prepare, args=(people, workbook, lines))
        process.start()
        process.join()
    return workbook, lines


def prepare(people: int, workbook: Path, lines: Path) -> None:
    """Make both files."""
    from records.input.interchange import export_batch
    from records.input.workbook import write_batch
    from records.sample import sample_batch, write_photos

    FOLDER.mkdir(exist_ok=True)
    batch = sample_batch(people)
    write_photos(batch, FOLDER)
    export_batch(batch, lines)
    write_batch(batch, workbook)


def read_workbook(path: Path) -> int:
    """Read only."""
    from records.input.reading import read_batch
    from records.input.workbook.guard import Limits

    return len(read_batch(path, Limits(file_mb=400)).batch.applications)


def check_workbook(path: Path) -> int:
    """Read and apply every rule."""
    from records.input.checking import check
    from records.input.reading import read_batch
    from records.input.workbook.guard import Limits

    reading = read_batch(path, Limits(file_mb=400))
    blocking = [item for item in check(reading) if item.blocks]
    if blocking:
        sys.exit(f"the sample is not lawful: {blocking[0].message}")
    return len(reading.batch.applications)


def stream_lines(path: Path) -> int:
    """Read NDJSON person by person, fully validated."""
    from records.input.interchange import stream_ndjson

    _, people = stream_ndjson(path)
    return sum(1 for _ in people)


JOBS = {"read xlsx": read_workbook, "read + check xlsx": check_workbook, "stream ndjson": stream_lines}


def measured(what: str, path: Path, out: "multiprocessing.Queue[str]") -> None:
    """Run one job here and report seconds, people and peak memory."""
    started, burnt = time.perf_counter(), time.process_time()
    people = JOBS[what](path)
    seconds, burnt = time.perf_counter() - started, time.process_time() - burnt
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    out.put(json.dumps({"seconds": seconds, "cpu": burnt, "people": people, "peak": peak}))


def run(what: str, path: Path) -> dict[str, float]:
    """One measurement in a fresh process."""
    context = multiprocessing.get_context("spawn")
    out: multiprocessing.Queue[str] = context.Queue()
    process = context.Process(target=measured, args=(what, path, out))
    process.start()
    found: dict[str, float] = json.loads(out.get())
    process.join()
    return found


def main(sizes: tuple[int, ...]) -> None:
    """Print the table."""
    print("| " + " | ".join(COLUMNS) + " |\n|" + "---|" * len(COLUMNS))
    for people in sizes:
        workbook, lines = files(people)
        for what in JOBS:
            found = run(what, lines if "ndjson" in what else workbook)
            seconds, memory = TARGETS.get(people, (None, None)) if "check" in what else (None, None)
            target = "" if seconds is None else f"≤ {seconds:.0f} s" + (f", ≤ {memory} MB" if memory else "")
            speed = f"{found['people'] / found['seconds']:.0f}"
            row = (people, what, f"{found['seconds']:.1f}", f"{found['cpu']:.1f}", speed)
            print("| " + " | ".join(map(str, (*row, f"{found['peak']:.0f}", target))) + " |", flush=True)


if __name__ == "__main__":
    main(tuple(map(int, sys.argv[1:])) or SIZES)

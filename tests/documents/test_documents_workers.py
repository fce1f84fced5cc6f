"""Worker processes and the home's rules: dead workers lose nothing, policy and calendar count everywhere."""

import os
import signal
import subprocess
import sys
from multiprocessing import active_children
from pathlib import Path

import pikepdf
import pytest
from documents_measuring import quick_text

from core.settings import Home
from generator.documents.bundle import generate
from generator.documents.context.home import fonts_of
from generator.documents.printing import print_sets
from generator.layout.text.fonts import FONT_FOLDER
from records.sample import Kind, sample_batch

ROOT = Path(__file__).parents[2]
RENAMED = "呼和浩特市人才和社会保障委员会"


@pytest.fixture(scope="module")
def people():
    """Four people."""
    return sample_batch(4, 2)


def killing(times):
    """A step that kills one running worker at each of the first `times` calls; and the list of those killed."""
    killed = []

    def step():
        children = active_children()
        if len(killed) < times and children:
            os.kill(children[0].pid, signal.SIGKILL)
            children[0].join()
            killed.append(children[0].pid)

    return step, killed


@pytest.mark.parametrize("times", [1, 2])
def test_a_killed_worker_loses_no_document(people, tmp_path, times):
    """SIGKILL once: a new pool goes on; twice: this process makes the rest. Every file is there, byte for byte."""
    wanted = {"only": ("A103", "A105", "A701", "A601"), "formats": ("pdf",)}
    step, killed = killing(times)
    manifest = generate(people, tmp_path / "killed", jobs=2, step=step, **wanted)
    assert len(killed) == times
    assert manifest.complete
    assert manifest.files == generate(people, tmp_path / "quiet", **wanted).files


def test_a_program_read_from_standard_input_is_served_too(tmp_path):
    """Such a program cannot be loaded again by a worker, however large the batch is; it must not hang."""
    program = f"""
from pathlib import Path
from generator.documents.bundle import generate
from records.sample import sample_batch
made = generate(sample_batch(60, 1), Path({str(tmp_path)!r}), only=("A701", "A005"), formats=("docx",), jobs=2)
print(made.made, made.complete)
"""
    ran = subprocess.run(
        [sys.executable, "-"], input=program, capture_output=True, text=True, timeout=60, cwd=ROOT, check=True
    )
    assert ran.stdout.split() == ["2", "True"]
    assert "Traceback" not in ran.stderr


def test_a_program_without_a_guard_gets_its_documents(tmp_path):
    """Workers that cannot start, because the program would run again in them, are done without."""
    program = tmp_path / "unguarded.py"
    program.write_text(
        "from pathlib import Path\n"
        "from generator.documents.bundle import generate\n"
        "from records.sample import sample_batch\n"
        f"made = generate(sample_batch(40, 1), Path({str(tmp_path / 'out')!r}), only=('A701', 'A005'),"
        " formats=('docx',), jobs=2)\n"
        "print(made.made, made.complete)\n",
        "utf-8",
    )
    ran = subprocess.run(
        [sys.executable, str(program)], capture_output=True, text=True, timeout=60, cwd=ROOT, check=True
    )
    assert ran.stdout.split() == ["2", "True"]


@pytest.fixture
def home(tmp_path):
    """A home whose policy renames the department of Hohhot."""
    policy = tmp_path / "home" / "policy"
    policy.mkdir(parents=True)
    (policy / "regions.toml").write_text(f'[region."150100"]\noffice = "{RENAMED}"\n', "utf-8")
    return Home(tmp_path / "home")


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_policy_of_a_home_counts_in_every_process(home, tmp_path, jobs):
    """The renamed authority stands in documents made by this process and by workers, and nowhere without the home."""
    batch = sample_batch(3, 1).model_copy(update={"region_code": "150100"})
    wanted = {"only": ("A001", "A1006"), "formats": ("pdf",), "jobs": jobs}
    ours = generate(batch, tmp_path / "ours", home=home, **wanted)
    others = generate(batch, tmp_path / "others", **wanted)
    assert all(RENAMED in quick_text(tmp_path / "ours" / entry.path) for entry in ours.files)
    assert not any(RENAMED in quick_text(tmp_path / "others" / entry.path) for entry in others.files)
    assert len(ours.files) == 2


def test_the_calendar_of_a_home_counts(tmp_path, people):
    """A day off that the home's calendar adds is missing in the publicity's working days."""
    calendar = tmp_path / "home" / "calendar"
    calendar.mkdir(parents=True)
    start = people.publicity.starts
    (calendar / f"{start.year}.json").write_text(
        f'{{"year": {start.year}, "weekday_off": [], "weekend_work": []}}', "utf-8"
    )
    batch = people.model_copy(
        update={
            "publicity": people.publicity.model_copy(
                update={"starts": start.replace(month=9, day=29), "ends": start.replace(month=10, day=10)}
            )
        }
    )
    wanted = {"only": ("A701",), "formats": ("pdf",)}
    generate(batch, tmp_path / "ours", home=Home(tmp_path / "home"), **wanted)
    generate(batch, tmp_path / "others", **wanted)
    texts = [quick_text(next((tmp_path / name).rglob("*.pdf"))) for name in ("ours", "others")]
    assert "9个工作日" in texts[0]
    assert "9个工作日" not in texts[1]


def test_the_fonts_of_a_home_draw_bundle_and_sets(tmp_path):
    """A 仿宋 of the operator's own is embedded in the documents and in the list of the printer's set."""
    fonts = tmp_path / "templates" / "fonts"
    fonts.mkdir(parents=True)
    (fonts / "仿宋.ttf").write_bytes((FONT_FOLDER / "GWKai.ttf").read_bytes())
    home, batch = Home(tmp_path), sample_batch(2, 1, kind=Kind.JUNIOR)
    (plain,) = generate(batch, tmp_path / "plain", only=("A701",), formats=("pdf",)).files
    assert any("GWFang" in name for name in embedded(tmp_path / "plain" / plain.path))
    manifest = generate(batch, tmp_path / "out", home=home, only=("A701",), formats=("pdf",))
    complete = print_sets(batch, tmp_path / "out", manifest, home=home, only=("A701",))
    assert fonts_of(home).roles != fonts_of(None).roles
    assert fonts_of(Home(tmp_path / "nowhere")) is fonts_of(None)
    for entry in complete.files:
        assert not any("GWFang" in name for name in embedded(tmp_path / "out" / entry.path))


def embedded(path):
    """Names of the fonts in a PDF."""
    with pikepdf.open(path) as pdf:
        return {
            str(item.BaseFont)
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and "/BaseFont" in item
        }

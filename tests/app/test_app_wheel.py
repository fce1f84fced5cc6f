"""The wheel does the main job by itself: installed elsewhere, in an empty environment, far from the source tree."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIP = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
WHERE = "import {room}; print({room}.__file__ or {room}.__path__[0])"
ROOMS = ("app", "cli", "core", "demo", "generator", "records", "registry", "signing", "web")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the unpacked wheel, and the interpreter's own libraries behind it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [*PIP, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "-w", str(folder), str(ROOT)]
    subprocess.run(build, check=True, timeout=300, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    install = [*PIP, "install", "--no-deps", "--no-index", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True, timeout=300, capture_output=True)
    return target


def run(installed: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python with nothing of the source tree on its path (-I leaves out working folder and environment)."""
    libraries = sysconfig.get_path("purelib")
    prelude = f"import sys; sys.path[:0] = [{str(installed)!r}]; sys.path.append({libraries!r}); "
    command = [sys.executable, "-I", "-S", "-c", prelude + arguments[0], *arguments[1:]]
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(folder), "PYTHONPATH": f"{installed}:{libraries}"}
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )


def test_every_room_comes_out_of_the_wheel(installed: Path, tmp_path: Path) -> None:
    """No module is found in the source tree instead."""
    for room in ROOMS:
        done = run(installed, tmp_path, WHERE.format(room=room))
        assert done.stdout.startswith(str(installed)), (room, done.stdout, done.stderr)


def test_the_main_job_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """Sample, documents, certificates, verification, and the second region."""
    code = "from zhicheng import main; main()"
    done = run(installed, tmp_path, code, "demo", "--no-serve", "--people", "3", "--home", "here")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "here").rglob("certificates/*.pdf"))) >= 2
    known = run(installed, tmp_path, code, "--home", "here", "doctor")
    assert known.returncode == 0, known.stdout + known.stderr

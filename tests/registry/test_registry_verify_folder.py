"""`zhicheng verify` with a folder: every PDF below it, in order."""

import json
from pathlib import Path

from click.testing import CliRunner, Result

from core.settings import Home
from registry.register import Register
from zhicheng import cli


def verify(home: Path, *given: object) -> Result:
    """The command."""
    return CliRunner().invoke(cli, ["--home", str(home), "verify", *map(str, given)], catch_exceptions=False)


def test_a_folder_means_every_pdf_below_it(tmp_path: Path) -> None:
    """Sorted, capital endings too, nothing else; files beside the folder keep their place."""
    Register.open(Home(tmp_path / "home")).close()
    folder = tmp_path / "given"
    (folder / "b").mkdir(parents=True)
    for name in ("c.pdf", "a.PDF", "b/d.pdf", "list.xlsx"):
        (folder / name).write_bytes(b"%PDF-1.7\n")
    (tmp_path / "one.pdf").write_bytes(b"%PDF-1.7\n")
    done = verify(tmp_path / "home", tmp_path / "one.pdf", folder, "--json")
    assert done.exit_code == 1
    paths = [one["path"] for one in json.loads(done.output)["results"]]
    wanted = [tmp_path / "one.pdf", folder / "a.PDF", folder / "b/d.pdf", folder / "c.pdf"]
    assert paths == [str(path) for path in wanted]


def test_a_folder_without_any_pdf_is_wrong_usage(tmp_path: Path) -> None:
    """Not an empty answer that looks like all good."""
    Register.open(Home(tmp_path / "home")).close()
    (tmp_path / "empty").mkdir()
    done = verify(tmp_path / "home", tmp_path / "empty")
    assert done.exit_code == 2
    assert "没有 PDF 文件" in done.output

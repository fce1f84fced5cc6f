"""Issuing at every level against a certification authority and two time-stamp authorities over real HTTP."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from certomancer_pki import Pki, running_pki
from click.testing import CliRunner

from signing.settings import Level
from zhicheng import cli

PEOPLE = 8
STAMPED = [Level.B_T, Level.B_LT, Level.B_LTA]


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    """The authorities, alive for this module."""
    with running_pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented batch."""
    path = tmp_path_factory.mktemp("batch") / "batch.xlsx"
    arguments = ["workbook", "sample", str(path), "--people", str(PEOPLE), "--seed", "5"]
    done = CliRunner().invoke(cli, arguments)
    assert done.exit_code == 0, done.output
    return path


@dataclass
class Desk:
    """One home and what commands in it print as JSON."""

    root: Path
    batch: Path
    environment: dict[str, str]

    def __call__(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        home = ["--home", str(self.root / "home")]
        done = CliRunner().invoke(cli, [*home, *arguments, "--json"], env=self.environment)
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, json.loads(done.stdout)  # without what the authority's threads complain about

    def told(self) -> str:
        """What a person reads when issuing."""
        arguments = [
            "--home",
            str(self.root / "home"),
            "issue",
            str(self.batch),
            "-o",
            str(self.root / "out"),
        ]
        return CliRunner().invoke(cli, arguments, env=self.environment).output

    def issue(self) -> tuple[int, dict[str, Any]]:
        return self("issue", str(self.batch), "-o", str(self.root / "out"))

    @property
    def files(self) -> list[Path]:
        return sorted((self.root / "out" / "certificates").glob("*.pdf"))

    def rows(self, statement: str) -> list[Any]:
        connection = sqlite3.connect(self.root / "home" / "zhicheng.db")
        try:
            return connection.execute(statement).fetchall()
        finally:
            connection.close()


OpenDesk = Callable[..., Desk]


@pytest.fixture
def desk(pki: Pki, batch: Path, tmp_path: Path) -> OpenDesk:
    """Opens a home that signs at a level with this authority, which answers rightly at first."""

    def opened(level: Level, **settings: str) -> Desk:
        pki.reset()
        return Desk(tmp_path, batch, pki.settings(level.value, **settings))

    return opened


@pytest.mark.parametrize("level", STAMPED)
def test_certificates_have_the_configured_level(desk: OpenDesk, pki: Pki, level: Level) -> None:
    """Registered with the hash of the finished file; verified without any network; third parties agree."""
    here = desk(level)
    code, report = here.issue()
    assert (code, report["waiting"], report["left_out"]) == (0, [], [])
    assert len(here.files) == report["issued"] > 0
    per_file = 2 if level.needs_revocation else 1
    assert pki.asked[pki.tsa_paths[0]] <= per_file * report["issued"] + 1  # one more to learn its certificate
    fetched = [count for path, count in pki.asked.items() if "/crls/" in path or "/ocsp/" in path]
    assert fetched == ([1, 1, 1] if level.needs_revocation else [])
    pki.modes = dict.fromkeys([*pki.asked, *pki.tsa_paths], "error")
    code, verified = here("verify", *map(str, here.files[:2]))
    reached = "B-LTA" if level.needs_revocation else level.value
    assert (code, [one["file"]["level"] for one in verified["results"]]) == (0, [reached] * 2)
    assert all(one["file"]["code"] == "registered" for one in verified["results"])
    assert here.rows(f'SELECT count(*) FROM events WHERE detail LIKE \'%"level":"{reached}"%\'') == [
        (report["issued"],)
    ]
    _third_parties_agree(here.files[0], pki)


def _third_parties_agree(path: Path, pki: Pki) -> None:
    """PyHanko's command asks the OCSP responder and fetches the CRLs by itself."""
    pki.modes.clear()
    folder = path.parent
    trust = ["--trust", str(pki.folder / "root.cert.pem"), "--trust", str(pki.folder / "tsa-root.cert.pem")]
    command = [sys.executable, "-m", "pyhanko", "sign", "validate", *trust, "--trust-replace", path.name]
    done = _run(folder, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "INTACT:TRUSTED" in done.stdout
    if shutil.which("pdfsig"):
        assert "Signature is Valid" in _run(folder, "pdfsig", "-nocert", path.name).stdout
    if shutil.which("qpdf"):
        checked = _run(folder, "qpdf", "--check", path.name)
        assert checked.returncode == 0, checked.stdout + checked.stderr
    if shutil.which("openssl"):
        _openssl_agrees(path, pki)


def _openssl_agrees(path: Path, pki: Pki) -> None:
    data, folder = path.read_bytes(), path.parent
    found = re.search(rb"/ByteRange\s*\[\s*(\d+) (\d+) (\d+) (\d+)\s*\]", data)
    assert found is not None
    start, first, second, last = map(int, found.groups())
    (folder / "content").write_bytes(data[start : start + first] + data[second : second + last])
    (folder / "cms").write_bytes(bytes.fromhex(data[first + 1 : second - 1].decode()))
    names = ["-inform", "DER", "-in", "cms", "-content", "content", "-binary", "-out", "verified"]
    trust = ["-CAfile", str(pki.folder / "root.cert.pem"), "-purpose", "any"]
    done = _run(folder, "openssl", "cms", "-verify", "-cades", *names, *trust)
    assert done.returncode == 0, done.stderr
    for name in ("content", "cms", "verified"):
        (folder / name).unlink()


def _run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("level", [Level.B_T, Level.B_LTA])
def test_without_a_time_stamp_everybody_waits_and_the_next_run_finishes(
    desk: OpenDesk, pki: Pki, level: Level
) -> None:
    """Exit code 3, nothing weaker, nothing registered; the same command later uses the reserved numbers."""
    here = desk(level)
    pki.modes = dict.fromkeys(pki.tsa_paths, "error")
    code, report = here.issue()
    assert (code, report["issued"], here.files) == (3, 0, [])
    assert "503" in report["waiting"][0]["reasons"][0]
    reserved = here.rows("SELECT number FROM numbers ORDER BY id")
    assert len(reserved) == len(report["waiting"]) > 0
    assert here.rows("SELECT count(*) FROM certificates") == [(0,)]
    assert "等待" in here.rows("SELECT note FROM jobs")[0][0]
    assert "没有证书可交付" in here.told()
    pki.modes.clear()
    code, again = here.issue()
    assert (code, again["issued"], again["waiting"]) == (0, len(reserved), [])
    assert here.rows("SELECT number FROM certificates ORDER BY id") == reserved
    assert here.rows("SELECT count(*) FROM numbers") == [(len(reserved),)]


def test_an_authority_that_dies_half_way_loses_nobody(desk: OpenDesk, pki: Pki) -> None:
    """Those who have their time-stamp are issued, the others wait; nobody gets two certificates."""
    here = desk(Level.B_T)
    pki.modes = {pki.tsa_paths[0]: 3, pki.tsa_paths[1]: "error"}
    code, report = here.issue()
    assert (code, report["issued"]) == (3, 3)
    assert len(here.files) == 3
    pki.modes.clear()
    code, again = here.issue()
    assert (code, again["already"], again["issued"]) == (0, 3, len(report["waiting"]))
    everybody = 3 + len(report["waiting"])
    assert here.rows("SELECT count(*), count(DISTINCT application_id) FROM certificates") == [
        (everybody, everybody)
    ]


@pytest.mark.parametrize("mode", ["error", "hang"])
def test_the_second_authority_steps_in(desk: OpenDesk, pki: Pki, mode: str) -> None:
    """The first one refuses or never answers: time-out, then the second."""
    here = desk(Level.B_T, **({"tsa_timeout_seconds": "3"} if mode == "hang" else {}))
    pki.modes = {pki.tsa_paths[0]: mode}
    code, report = here.issue()
    assert (code, report.get("waiting")) == (0, []), report
    assert pki.asked[pki.tsa_paths[1]] >= report["issued"]


def test_a_revoked_signing_certificate_issues_nothing_for_the_long_term(desk: OpenDesk, pki: Pki) -> None:
    """The OCSP answer says revoked: everybody waits, with that reason."""
    here = desk(Level.B_LTA)
    pki.reset(revoked=True)
    code, report = here.issue()
    assert (code, report["issued"]) == (3, 0)
    assert "revoked" in report["waiting"][0]["reasons"][0]


def test_without_the_root_of_the_time_stamps_issuing_stops(desk: OpenDesk) -> None:
    """A forgotten `tsa_roots` shows at the first certificate, not at the first verification."""
    here = desk(Level.B_T, tsa_roots="[]")
    code, report = here.issue()
    assert (code, report["error"]["code"]) == (3, "level_not_reached")
    assert (report["error"]["level"], report["error"]["verdict"]) == ("B-T", "timestamp_untrusted")
    assert here.rows("SELECT count(*) FROM certificates") == [(0,)]

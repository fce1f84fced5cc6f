"""Threads that press or examine at once: nothing that is parsed while it is read may be shared between them."""

import pickle
import re
import subprocess
import sys
from pathlib import Path

from signing.authority.opening import Authority
from signing.settings import Level
from signing.trust import TrustAnchors

RUNS = 4  # new processes: only the first reading of a certificate can go wrong
CROWD = """
import pickle, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from signing.pades.archiving import Archiver
from signing.keys import PemSource, open_key
from signing.timestamp import LocalTimestamper, TimestampAuthority
from signing.validate import validate

folder = Path(sys.argv[1])
data, trust, revocation = pickle.loads((folder / "case").read_bytes())
stamping = open_key(PemSource(folder / "tsa.key.pem", folder / "tsa.cert.pem"), purpose="timestamp")
archive = Archiver(LocalTimestamper(TimestampAuthority(stamping)), trust.roots, revocation)
from asn1crypto.core import _SETUP_CLASSES as ready
sys.setswitchinterval(1e-6)
before = set(ready)
together, said = threading.Barrier(6), []

def one():
    together.wait()
    for file in (data, archive(data)):
        report = validate(file, trust, now=datetime.now(UTC))
        said.append(f"{report.code.value} {report.level} {report.detail}".strip())

crowd = [threading.Thread(target=one) for _ in range(6)]
[thread.start() for thread in crowd]
[thread.join() for thread in crowd]
print(len(said), sorted(set(said)), sorted(one.__name__ for one in set(ready) - before))
"""


def test_threads_examine_and_archive_the_same_file_and_agree(
    authority: Authority, signed: dict[Level, bytes], crls: object, tmp_path: Path
) -> None:
    """Six at once, taking the shortest turns, all say what one alone says."""
    for name in ("tsa.key.pem", "tsa.cert.pem"):
        (tmp_path / name).write_bytes((authority.folder / name).read_bytes())
    (tmp_path / "tsa.key.pem").chmod(0o600)
    trust: TrustAnchors = authority.anchors
    (tmp_path / "case").write_bytes(pickle.dumps((signed[Level.B_LTA], trust, crls)))
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-c", CROWD, str(tmp_path)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert (done.stdout.strip(), done.stderr) == ("12 ['ok B-LTA'] []", "")


FIRST = """
import importlib, os, sys

for name in sys.argv[1:]:
    child = os.fork()
    if not child:
        importlib.import_module(name)
        from asn1crypto import core
        known, waiting = {core.Asn1Value}, [core.Asn1Value]
        while waiting:
            known.update(below := waiting.pop().__subclasses__())
            waiting.extend(below)
        later = known - set(core._SETUP_CLASSES) - {core.Asn1Value, core.Choice}
        print(name, len(known) > 400, sorted(one.__name__ for one in later))
        sys.stdout.flush()
        os._exit(0)
    os.waitpid(child, 0)
"""
ROOT = Path(__file__).resolve().parents[2]
PARSING = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "signing").rglob("*.py")
    if re.search(r"^from signing\.cms\.asn1 import", path.read_text("utf-8"), re.MULTILINE)
)


def test_a_module_that_parses_leaves_no_class_of_asn1crypto_to_the_first_thread() -> None:
    """Each alone in a new process: asn1crypto would set up the class at its first value, without a lock."""
    done = subprocess.run([sys.executable, "-c", FIRST, *PARSING], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [f"{name} True []" for name in PARSING]
    assert len(PARSING) > 8

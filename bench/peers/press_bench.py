"""Signed certificates per second of one core, stage by stage, against the naive way and against the limits.

Every certificate differs in name, employer, number, code, photo and credential; the people are those of the sample.
Rates count processor time of this process, so that other work on the machine matters little; what involves the disk
counts elapsed time, and two processes are told both ways. Run: python bench/press.py
"""

import argparse
import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from base64 import b32encode
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path
from typing import NamedTuple

from bench.peers.press_peers import Naive, docxtpl_one, typst_one, weasyprint_one
from bench.peers.press_stages import Stages
from generator.certificate.cases import SAMPLE_MARKS
from generator.certificate.face.facts import certificate_facts
from generator.certificate.face.loading import load_face
from generator.certificate.parts import CertificateFacts, IssueMarks
from generator.certificate.pdf.writing import Parts
from generator.certificate.plan import make_plan
from generator.certificate.press import Press
from records.sample import SAMPLE_FOLDER, sample_batch
from registry.storage.folder import PUBLIC_MODE, write_file
from signing.authority.certificates import SIGNER, Request, generate_key, issue_certificate
from signing.authority.opening import demo_authority
from signing.cms.skeleton import SkeletonSigner
from signing.credential.token import sign
from signing.keys import PemSource, open_key
from signing.keys.algorithm import KeyAlgorithm
from signing.keys.certificate_key import certificate_key
from signing.seal import round_seal

PEOPLE = 600
ISSUED = 10_000
SECONDS = 3.0
FILES = 2_000
NAIVE_RUNS = 25
MEMORY_FEW, MEMORY_MANY = 1_000, 20_000
LEAST_RATE = 1_200
LEAST_RATIO = 70
LEAST_RSA_SHARE = 0.5
LEAST_TWO = 1.7
MOST_MEMORY = 1.3
SCRIPT = Path(__file__).resolve().parent.parent / "press.py"
HOST = "https://ZC.EXAMPLE.CN/V/"


Sink = Callable[[Parts, str], object]


class Job(NamedTuple):
    """One certificate to press."""

    facts: CertificateFacts
    marks: IssueMarks
    photo: bytes
    credential: str


class Row(NamedTuple):
    """A line of the table."""

    name: str
    rate: float
    note: str = ""


def jobs_of(people: int, service: object) -> list[Job]:
    """As many different certificates."""
    batch = sample_batch(people, 11)
    found = []
    for index, application in enumerate(batch.applications):
        facts = certificate_facts(application, batch)
        code = b32encode(secrets.token_bytes(17)).decode()[:26]
        marks = replace(SAMPLE_MARKS, number=f"NM20251500202P{index:05d}X", code=code, url=HOST + code)
        payload = {
            "number": marks.number,
            "holder": {"name": facts.name, "employer": facts.employer, "identity": facts.identity_masked},
            "title": {"name": facts.title, "series": facts.series, "specialty": facts.specialty},
            "authority": facts.authority,
        }
        photo = (SAMPLE_FOLDER / (application.person.photo or "photos/f1.jpg")).read_bytes()
        found.append(Job(facts, marks, photo, sign(payload, service)))  # type: ignore[arg-type]
    return found


def press_all(press: Press, jobs: list[Job], sink: Sink) -> None:
    """Press every job once."""
    now = datetime.now(UTC)
    for job in jobs:
        pressed = press.make(job.facts, job.marks, signed_at=now, credential=job.credential, photo=job.photo)
        sink(pressed.parts, pressed.sha256)


def rate(make: Callable[[], object], per_call: int, clock: Callable[[], float]) -> float:
    """Things per second of the clock; runs until `SECONDS` have gone, after one run to warm up."""
    make()
    count, start = 0, clock()
    while (spent := clock() - start) < SECONDS:
        make()
        count += per_call
    return count / spent


def cpu(make: Callable[[], object], per_call: int) -> float:
    """Things per second of processor time."""
    return rate(make, per_call, time.process_time)


def rsa_signer(folder: Path) -> SkeletonSigner:
    """A self-signed RSA-3072 signer."""
    now = datetime.now(UTC)
    request = Request("样本", "样本", SIGNER, now - timedelta(days=1), now + timedelta(days=30))
    issued = issue_certificate(request, private=generate_key(KeyAlgorithm.RSA_3072))
    key, certificate = folder / "rsa.key.pem", folder / "rsa.cert.pem"
    key.write_bytes(issued.key_pem)
    certificate.write_bytes(issued.certificate_pem)
    return SkeletonSigner(open_key(PemSource(key, certificate)))


def forget(data: Parts, sha256: str) -> None:
    """Keeps nothing."""
    del data, sha256


def to_disk(folder: Path) -> Sink:
    """Writes each certificate to a file of its own; after `FILES` the oldest are written anew."""
    names = cycle([f"{folder}/{os.getpid()}-{index}.pdf" for index in range(FILES)])

    def sink(data: Parts, sha256: str) -> None:
        del sha256
        write_file(next(names), data, PUBLIC_MODE)

    return sink


def peak_memory(count: int) -> float:
    """Peak memory in MB of a fresh process that presses `count` certificates."""
    command = [sys.executable, str(SCRIPT), "--memory", str(count)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1])


def memory_run(count: int) -> None:
    """Press `count` certificates of ever new names and print the peak in MB."""
    with tempfile.TemporaryDirectory() as folder:
        authority = demo_authority(Path(folder) / "keys")
        jobs = jobs_of(PEOPLE, authority.service)
        press = Press(
            make_plan(load_face(), round_seal(jobs[0].facts.authority), sample=True),
            SkeletonSigner(certificate_key(authority)),
        )
        now = datetime.now(UTC)
        for index in range(count):
            job = jobs[index % len(jobs)]
            other = jobs[(index * 7 + index // len(jobs)) % len(jobs)]
            facts = replace(
                job.facts,
                name=job.facts.name[:1] + other.facts.name,
                employer=f"{other.facts.employer}{index}",
            )
            press.make(facts, job.marks, signed_at=now, credential=job.credential, photo=job.photo)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def peers() -> list[Row]:
    """Other engines, unsigned, on fewer ornaments than ours has."""
    found = []
    for name, make in (
        ("typst, texts only, unsigned", typst_one()),
        ("WeasyPrint, texts only, unsigned", weasyprint_one()),
        ("docxtpl + LibreOffice, texts only, unsigned", docxtpl_one()),
    ):
        found.append(Row(name, rate(make, 1, time.perf_counter)) if make else Row(name, 0, "not installed"))
    return found


def show(title: str, rows: list[Row], unit: str, base: float | None = None) -> None:
    """Print a table."""
    print(f"\n{title}")
    for row in rows:
        ratio = f"{row.rate / base:8.1f} ×" if base and row.rate else ""
        print(f"  {row.name:<52} {row.note or f'{row.rate:10,.1f} {unit}'} {ratio}")


class Issued(NamedTuple):
    """What a whole issue reached, by elapsed time and by processor time of all its processes."""

    by_clock: float
    by_processor: float


def issued(folder: Path, jobs: int, people: int) -> Issued:
    """Certificates per second by `issue`: numbered, pressed, stored, registered, handed over, by `jobs` processes."""
    from core.settings import Home
    from registry.issuing.run import issue
    from registry.log.events import Actor
    from registry.register import Register

    actor = Actor("bench", "bench", "bench")
    with Register.open(Home(folder / f"home-{jobs}")) as register:
        warm = sample_batch(PEOPLE, 99).model_copy(update={"number": "warm"})
        issue(register, warm, folder / "warm", actor=actor, photos=SAMPLE_FOLDER)
        batch, used, start = sample_batch(people, 7), processor_time(), time.perf_counter()
        out = folder / f"out-{jobs}"
        report = issue(register, batch, out, actor=actor, photos=SAMPLE_FOLDER, jobs_wanted=jobs)
        took, used = time.perf_counter() - start, processor_time() - used
    shutil.rmtree(folder / f"home-{jobs}")
    shutil.rmtree(out)
    return Issued(report.issued / took, report.issued / used)


def processor_time() -> float:
    """Seconds that this process and its ended children have used."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


class Bench:
    """Everything that is measured, made once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.files = folder, folder / "files"
        self.files.mkdir()
        self.authority = demo_authority(folder / "keys")
        self.signer = SkeletonSigner(certificate_key(self.authority))
        self.jobs = jobs_of(PEOPLE, self.authority.service)
        self.face = load_face()
        first = self.jobs[0]
        seal = round_seal(first.facts.authority, sample=True)
        self.plan = make_plan(self.face, seal, sample=True, like=[(first.facts, first.marks)])
        self.press = Press(self.plan, self.signer)
        made = self.press.make(first.facts, first.marks, signed_at=datetime.now(UTC), photo=first.photo)
        self.size = len(made.data)
        self.rsa = rsa_signer(folder)

    def naive(self) -> float:
        """The usual way."""
        source = certificate_key(self.authority).source
        assert isinstance(source, PemSource)
        naive = Naive(self.face, source.key, source.certificates)
        some = self.jobs[:NAIVE_RUNS]
        return cpu(lambda: [naive.make(job.facts, job.marks, job.photo) for job in some], len(some))

    def pressed(self, sink: Sink, signer: SkeletonSigner | None = None, count: int = PEOPLE) -> float:
        """The press."""
        press = Press(self.plan, signer or self.signer)
        return cpu(lambda: press_all(press, self.jobs[:count], sink), count)

    def limits(self) -> list[Row]:
        """What no press can beat."""
        blank, sink = bytes(self.size), to_disk(self.files)
        return [
            Row(
                "bare P-256 signatures",
                cpu(lambda: certificate_key(self.authority).sign_digest(bytes(32)), 1),
            ),
            Row("bare RSA-3072 signatures", cpu(lambda: self.rsa.key.sign_digest(bytes(32)), 1)),
            Row("files of that size, written over old ones", cpu(lambda: sink((blank,), "x"), 1)),
            Row("files of that size, new ones", self.new_files(blank)),
        ]

    def new_files(self, blank: bytes) -> float:
        """New files per second of processor time: what the kernel asks for their names and pages."""
        folder = self.folder / "new"
        folder.mkdir()
        start = time.process_time()
        for index in range(FILES):
            (folder / f"{index}.pdf").write_bytes(blank)
        spent = time.process_time() - start
        shutil.rmtree(folder)
        return FILES / spent

    def stages(self) -> list[Row]:
        """Each stage alone."""
        jobs = [(job.facts, job.marks) for job in self.jobs]
        found = Stages(self.press, jobs, self.signer).all
        return [Row(name, 1e6 / cpu(make, len(jobs))) for name, make in found.items()]


def settle_memory(folder: Path) -> None:
    """Let the kernel own every page of memory once, as it does on a server that has run for a day.

    A virtual machine that was just started gets each page from its host at the first touch, which costs about ten
    microseconds of processor time a page and more than the press for a file of a hundred kilobytes. Reading an empty
    sparse file of the size of the memory fills the page cache; new files then take pages that were touched before.
    """
    sparse, step = folder / "sparse", 1 << 22
    with sparse.open("wb") as handle:
        handle.truncate(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    with sparse.open("rb", buffering=0) as handle:
        buffer = bytearray(step)
        while handle.readinto(buffer):
            pass


def main(long_run: int, people: int, *, settle: bool) -> int:
    """Measure, print, and say whether the goals are met."""
    with tempfile.TemporaryDirectory() as name:
        bench = Bench(Path(name))
        if settle:
            settle_memory(bench.folder)
        naive, memory = bench.naive(), bench.pressed(forget)
        disk, rsa = bench.pressed(to_disk(bench.files)), bench.pressed(forget, bench.rsa, 100)
        one, two = (issued(bench.folder, jobs, people) for jobs in (1, 2))
        rows = [
            Row("naive: reportlab + qrcode image + pyHanko, fonts cached", naive),
            *peers(),
            Row("press, in memory, P-256", memory),
            Row("press, written to disk, P-256", disk),
            Row("press, in memory, RSA-3072", rsa),
            Row("whole issue: press, credential, file, SQLite row", one.by_processor),
        ]
        show(
            f"Signed certificates per second of one core ({bench.size / 1024:.0f} KB each)", rows, "/s", naive
        )
        limits = bench.limits()
        show("Limits", limits, "/s")
        show("Stages alone", [*bench.stages(), Row("everything, in memory", 1e6 / memory)], "µs")
        show(
            f"Whole issue of {people:,} people, elapsed",
            [
                Row("one process", one.by_clock),
                Row("two processes", two.by_clock),
                Row("two processes, if two cores were free", 2 * two.by_processor),
            ],
            "/s",
        )
    few, many = peak_memory(MEMORY_FEW), peak_memory(long_run)
    bare = limits[1].rate
    goals = [
        ("whole issue per core-second", one.by_processor, LEAST_RATE),
        ("whole issue × naive", one.by_processor / naive, LEAST_RATIO),
        ("press on disk × naive", disk / naive, LEAST_RATIO),
        ("RSA-3072 : bare signatures", rsa / bare, LEAST_RSA_SHARE),
        ("two processes : one (elapsed)", two.by_clock / one.by_clock, LEAST_TWO),
        (
            "two processes : one (processor time, two free cores)",
            2 * two.by_processor / one.by_processor,
            LEAST_TWO,
        ),
    ]
    print("\nGoals")
    met = [say(text, found, least, met=found >= least) for text, found, least in goals]
    flat = many <= MOST_MEMORY * few
    met.append(say(f"memory of {long_run:,} : {MEMORY_FEW:,}", many / few, MOST_MEMORY, met=flat))
    return 0 if all(met) else 1


def say(text: str, found: float, goal: float, *, met: bool) -> bool:
    """One line of the table of goals; returns whether it is met."""
    print(f"  {text:<56} {found:10,.2f}   goal {goal:>8,}   {'met' if met else 'MISSED'}", flush=True)
    return met


def run() -> int:
    """What the command line asks for."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--memory", type=int, help="only press that many and print the peak memory in MB")
    parser.add_argument("--many", type=int, default=MEMORY_MANY, help="certificates of the long memory run")
    parser.add_argument("--people", type=int, default=ISSUED, help="people of the whole issue")
    parser.add_argument(
        "--settle", action="store_true", help="fill the page cache first (a machine just started)"
    )
    given = parser.parse_args()
    if given.memory:
        memory_run(given.memory)
        return 0
    return main(given.many, given.people, settle=given.settle)

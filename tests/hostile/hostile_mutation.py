"""Mutants of genuine files: small edits anywhere, and edits aimed at the places that no signature covers.

`python tests/hostile/hostile_mutation.py 50000` examines that many (as `make fuzz` does) and exits with 1 if one that
differs from its origin is called genuine.
"""

import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from hostile_base import Base, make_base

from signing.trust import TrustAnchors
from signing.validate import validate
from signing.validate.slots import find_slots

KINDS = ("flip", "set", "insert", "delete", "copy", "swap", "case", "grow", "token")
TOKENS = (
    b"endobj",
    b"%%EOF\n",
    b"startxref\n0\n",
    b"/ByteRange [0 1 2 3]",
    b">",
    b"<",
    b" ",
    b"\n",
    b"0",
    b"/Prev 1",
)
BATCH = 500


@dataclass(frozen=True)
class Edit:
    """One edit: its kind, its place (0–1 of the aimed-at range), and a number that fills it in."""

    kind: str
    place: float
    value: int
    aimed: bool


def weak_spots(data: bytes) -> list[tuple[int, int]]:
    """Ranges that the first signature does not cover: the gaps and everything behind it."""
    slots = find_slots(data)
    gaps = [(slot.byte_range[1], slot.byte_range[2]) for slot in slots]
    return [*gaps, (max(slots[0].end - 20, 0), len(data))]


def mutated(data: bytes, edits: Sequence[Edit]) -> bytes:
    """The file after all edits."""
    for edit in edits:
        start, end = 0, len(data)
        if edit.aimed:
            spots = weak_spots(data) if find_slots(data) else [(0, len(data))]
            start, end = spots[edit.value % len(spots)]
        place = min(start + int(edit.place * (end - start)), len(data) - 1)
        data = _edited(data, edit, max(place, 0))
    return data


def _edited(data: bytes, edit: Edit, place: int) -> bytes:
    byte, length = edit.value & 0xFF, 1 + (edit.value >> 8) % 64
    match edit.kind:
        case "flip":
            return data[:place] + bytes([data[place] ^ (1 << edit.value % 8)]) + data[place + 1 :]
        case "set":
            return data[:place] + bytes([byte]) + data[place + 1 :]
        case "insert":
            return data[:place] + bytes([byte]) * length + data[place:]
        case "delete":
            return data[:place] + data[place + length :]
        case "copy":
            other = (edit.value * 7919) % len(data)
            return data[:place] + data[other : other + length] + data[place + length :]
        case "swap":
            return data[:place] + data[place : place + 2][::-1] + data[place + 2 :]
        case "case":
            return data[:place] + data[place : place + length].swapcase() + data[place + length :]
        case "grow":
            return data + bytes([byte]) * length
        case _:
            token = TOKENS[edit.value % len(TOKENS)]
            return data[:place] + token + data[place + len(token) :]


def random_edits(source: random.Random) -> list[Edit]:
    """One to three edits, half of them aimed."""
    return [
        Edit(source.choice(KINDS), source.random(), source.getrandbits(24), source.random() < 0.5)
        for _ in range(source.choice((1, 1, 1, 2, 3)))
    ]


def run_batch(job: tuple[int, tuple[bytes, ...], TrustAnchors]) -> tuple[Counter[str], list[str]]:
    """Examine one batch of mutants; the codes, and the edits of every wrong `genuine`."""
    seed, origins, trust = job
    source = random.Random(seed)
    codes: Counter[str] = Counter()
    wrong = []
    for _ in range(BATCH):
        origin = source.choice(origins)
        edits = random_edits(source)
        data = mutated(origin, edits)
        report = validate(data, trust)
        codes["unchanged" if data == origin else report.code] += 1
        if report.genuine and data != origin:
            wrong.append(f"seed {seed}: {edits}")
    return codes, wrong


def origins_of(base: Base) -> tuple[bytes, ...]:
    """What is mutated: a pressed certificate, one with much padding, one with a document time-stamp."""
    return base.good, base.loose, base.archived


def main(count: int) -> int:
    """Examine `count` mutants in two processes and print what was said of them."""
    codes: Counter[str] = Counter()
    wrong: list[str] = []
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        base = make_base(Path(folder))
        jobs = [(seed, origins_of(base), base.trust) for seed in range(-(-count // BATCH))]
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
            for found, bad in pool.map(run_batch, jobs):
                codes.update(found)
                wrong += bad
    seconds = time.perf_counter() - start
    for code, number in codes.most_common():
        print(f"{number:8}  {code}")
    print(f"{sum(codes.values())} mutants in {seconds:.0f} s; wrongly genuine: {len(wrong)}")
    print("\n".join(wrong[:10]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000))

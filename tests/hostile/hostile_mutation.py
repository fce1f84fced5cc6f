"""Mutants of genuine files: small edits anywhere, edits aimed at the places that no signature covers, and archive
revisions whose objects, keys, tokens or trailer are changed and which the authority then stamps.

`python tests/hostile/hostile_mutation.py 50000` examines that many (as `make fuzz` does) and exits with 1 if one that
differs from its origin is called genuine.
"""

import random
import re
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
from hostile_tails import Tail, tail_of

from signing.timestamp import Timestamper
from signing.trust import TrustAnchors
from signing.validate import validate
from signing.validate.steps.slots import find_slots

KINDS = ("flip", "set", "insert", "delete", "copy", "swap", "case", "grow", "token")
PARTS = ("entry", "key", "value", "number", "space", "name", "object", "reference", "stream", "trailer")
KEYS = (
    b"/AP",
    b"/A",
    b"/AA",
    b"/MK",
    b"/L",
    b"/InkList",
    b"/QuadPoints",
    b"/Contents",
    b"/OC",
    b"/DSS",
    b"/Kids",
    b"/V",
)
VALUES = (
    b"null",
    b"(FORGED)",
    b"[ null 330 842 430 ]",
    b"<< >>",
    b"73 0 R",
    b"true",
    b"-0",
    b"0.0",
    b"/Widget",
    b"[ ]",
)
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
STRUCTURED = 4  # one mutant of so many is made of the tail's objects, the others of bytes


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


def mutated_tail(origins: "Origins", source: random.Random) -> bytes:
    """An archive revision with one to three changes of its objects, its table made to fit, stamped by the authority."""
    before, archived = source.choice(origins.archives)
    tail = tail_of(origins, archived, before)
    for _ in range(source.choice((1, 1, 1, 2, 3))):
        _change_part(tail, source.choice(PARTS), source)
    return tail.sealed()


def _change_part(tail: Tail, part: str, source: random.Random) -> None:
    number = source.choice((tail.field, tail.root, tail.page, tail.store, tail.stamp, *tail.bodies))
    body, key, value = tail.bodies[number], source.choice(KEYS), source.choice(VALUES)
    match part:
        case "entry":
            tail.bodies[number] = _once(rb"<<\n", b"<<\n" + key + b" " + value + b"\n", body, source)
        case "key":
            tail.bodies[number] = _once(rb"/[A-Z][A-Za-z]+", key, body, source)
        case "value":
            tail.bodies[number] = _once(rb"(?<= )[^\n@#]{1,40}(?=\n)", value, body, source)
        case "number":
            tail.bodies[number] = _once(
                rb"(?<=[ \[])\d+(?=[ \n])", b"%d" % source.randrange(200), body, source
            )
        case "space":
            tail.bodies[number] = _once(
                rb"[ \n]", source.choice((b"  ", b"\r\n", b"\t", b"%x\n")), body, source
            )
        case "name":
            tail.bodies[number] = _once(rb"(?<=/)[A-Z]", b"#41", body, source)
        case "object":
            tail.new(source.choice((body, value)) if b"@@" not in body else value)
        case "reference":
            tail.bodies[number] = _once(
                rb"\d+ 0 R", b"%d 0 R" % source.choice(sorted(tail.bodies)), body, source
            )
        case "stream":
            tail.stream(source.randbytes(source.randrange(1, 40)))
        case _:
            tail.trailer = _once(rb"\n/", b"\n" + key + b" " + value + b"\n/", tail.trailer, source)


def _once(pattern: bytes, new: bytes, text: bytes, source: random.Random) -> bytes:
    """One of the places that fit, replaced; placeholders of token and ByteRange stay."""
    places = [one for one in re.finditer(pattern, text) if b"@" not in one[0] and b"#" not in one[0]]
    if not places:
        return text
    place = source.choice(places)
    return text[: place.start()] + new + text[place.end() :]


def random_edits(source: random.Random) -> list[Edit]:
    """One to three edits, half of them aimed."""
    return [
        Edit(source.choice(KINDS), source.random(), source.getrandbits(24), source.random() < 0.5)
        for _ in range(source.choice((1, 1, 1, 2, 3)))
    ]


def is_untouched(origins: "Origins", data: bytes) -> bool:
    """Whether changes have left the archive revision as it was, but for its token."""
    bare = _without_token(data)
    return any(bare == _without_token(archived) for _, archived in origins.archives)


def _without_token(data: bytes) -> bytes:
    start, end = find_slots(data)[-1].byte_range[1:3] if find_slots(data) else (0, 0)
    return data[:start] + data[end:]


def run_batch(job: tuple[int, "Origins"]) -> tuple[Counter[str], list[str]]:
    """Examine one batch of mutants; the codes, and the edits of every wrong `genuine`."""
    seed, origins = job
    trust = origins.trust
    source = random.Random(seed)
    codes: Counter[str] = Counter()
    wrong = []
    for _ in range(BATCH // STRUCTURED):
        data = mutated_tail(origins, source)
        report = validate(data, trust)
        untouched = is_untouched(origins, data)
        codes["unchanged" if untouched else report.code] += 1
        if report.genuine and not untouched:
            wrong.append(f"seed {seed}: tail {data[-20_000:]!r}")
    for _ in range(BATCH - BATCH // STRUCTURED):
        origin = source.choice(origins.files)
        edits = random_edits(source)
        data = mutated(origin, edits)
        report = validate(data, trust)
        codes["unchanged" if data == origin else report.code] += 1
        if report.genuine and data != origin:
            wrong.append(f"seed {seed}: {edits}")
    return codes, wrong


@dataclass(frozen=True)
class Origins:
    """What is mutated: whole files, and certificates with their archived forms; what the verifier believes; the authority."""

    files: tuple[bytes, ...]
    archives: tuple[tuple[bytes, bytes], ...]
    trust: TrustAnchors
    bought: Timestamper


def origins_of(base: Base) -> Origins:
    """A pressed certificate, one with much padding, one with a document time-stamp; two to be archived."""
    files = (base.good, base.loose, base.archived)
    archives = ((base.good, base.archived), (base.stamped, base.stamped_archived))
    return Origins(files, archives, base.trust, base.bought)


def main(count: int) -> int:
    """Examine `count` mutants in two processes and print what was said of them."""
    codes: Counter[str] = Counter()
    wrong: list[str] = []
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        base = make_base(Path(folder))
        origins = origins_of(base)
        jobs = [(seed, origins) for seed in range(-(-count // BATCH))]
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

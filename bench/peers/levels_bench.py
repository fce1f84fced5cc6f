"""Certificates per second at each PAdES level, with an authority that takes its time: one request at a time or eight."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

from generator.certificate.cases import SAMPLE_FACTS, SAMPLE_MARKS
from generator.certificate.face.loading import load_face
from generator.certificate.press import Press
from signing.authority.opening import Authority
from signing.cms.stamped import StampedSigner
from signing.keys.certificate_key import certificate_key
from signing.pades.archiving import Archiver
from signing.pades.configured import revocation_of, timestamper_of
from signing.pades.production import Production, production
from signing.pades.sign import SigningPlan, sign_pdf
from signing.seal import round_seal
from signing.settings import Level, SigningSettings
from signing.timestamp import Timestamper

ANSWER_SECONDS = 0.05  # a usual answer of an authority over the internet
ROUNDS = 3
Row = tuple[str, float, float]


class SlowTimestamper:
    """Answers rightly after a while."""

    def __init__(self, inner: Timestamper) -> None:
        self.inner = inner

    def stamp(self, digest: bytes) -> bytes:
        """The token of `inner`."""
        time.sleep(ANSWER_SECONDS)
        return self.inner.stamp(digest)


def settings_of(level: Level) -> SigningSettings:
    """Time-stamps by the demo authority in this process."""
    return SigningSettings(level=level, tsa="local" if level.needs_timestamp else "none")


def rates(authority: Authority, made: Production, count: int, threads: int) -> tuple[float, float]:
    """Finished certificates per second of the clock and of the processor, the best of a few rounds."""
    press = Press.of(load_face(), round_seal(authority.organisation), made.signer, sample=True)

    def one(number: int) -> int:
        marks = replace(SAMPLE_MARKS, number=f"NM2025{number:014d}"[:20])
        with made.turn:
            pressed = press.make(SAMPLE_FACTS, marks, signed_at=datetime.now(UTC))
        return len(made.finish(pressed.data))

    one(0)
    best = (0.0, 0.0)
    for _ in range(ROUNDS):
        start, used = time.perf_counter(), time.process_time()
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(one, range(count)))
        found = (count / (time.perf_counter() - start), count / (time.process_time() - used))
        best = max(best[0], found[0]), max(best[1], found[1])
    return best


def pyhanko_rate(authority: Authority, level: Level, count: int) -> tuple[float, float]:
    """The same levels the ordinary way, on a page that is drawn already."""
    settings = settings_of(level)
    plan = SigningPlan(level, timestamper_of(settings, authority), revocation_of(settings, authority))
    page = _blank_page()
    sign_pdf(page, certificate_key(authority), datetime.now(UTC), plan)
    start, used = time.perf_counter(), time.process_time()
    for _ in range(count):
        sign_pdf(page, certificate_key(authority), datetime.now(UTC), plan)
    return count / (time.perf_counter() - start), count / (time.process_time() - used)


def _blank_page() -> bytes:
    import pikepdf

    buffer = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.save(buffer)
    return buffer.getvalue()


def slowly(authority: Authority, level: Level) -> Production:
    """The production of a level with an authority that answers after a while."""
    settings = settings_of(level)
    made, slow = production(settings, authority), SlowTimestamper(timestamper_of(settings, authority))
    if isinstance(made.signer, StampedSigner):
        made.signer.timestamper = slow
    if level.needs_revocation:
        made.archive = Archiver(slow, authority.anchors.roots, revocation_of(settings, authority))
    return made


def rows(authority: Authority) -> Iterator[Row]:
    """Name, per second of the clock, per second of the processor."""
    for level in (Level.B_B, Level.B_T, Level.B_LTA):
        count = 400 if level is Level.B_B else 60
        yield f"{level} press", *rates(authority, production(settings_of(level), authority), count, 1)
        yield f"{level} pyHanko, page drawn already", *pyhanko_rate(authority, level, 20)
    for level in (Level.B_T, Level.B_LTA):
        for threads in (1, 8):
            name = f"{level} press, answers after {ANSWER_SECONDS * 1000:.0f} ms, {threads} at once"
            yield name, *rates(authority, slowly(authority, level), 24, threads)


def run(authority: Authority) -> None:
    """Print the table."""
    print(f"\n{'level':58} {'per second':>10} {'per cpu-s':>10}")
    for name, clock, processor in rows(authority):
        print(f"{name:58} {clock:10.0f} {processor:10.0f}")

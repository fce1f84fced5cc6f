"""QR codes by parts are the `qrcode` package's codes, module by module."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generator.certificate.errors import QrUnsuitable
from generator.certificate.pdf.qr import ALPHABET, MAX_LENGTH, matrix, packed, qr_batch

LONGEST_REST = 81
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
PREFIXES = (
    "https://ZC.EXAMPLE.CN/V/",
    "http://127.0.0.1:8765/V/",
    "https://ZHICHENG.NMGRCK.GOV.CN/V/",
    "HTTPS://ZC.EXAMPLE.CN/V/",  # as certificates were made before
    "HTTPS://ZHICHENG.NMGRCK.GOV.CN/V/",
)


@settings(deadline=None, max_examples=40)
@given(prefix=st.sampled_from(PREFIXES), code=st.text(alphabet=BASE32, min_size=26, max_size=26))
def test_codes_equal_the_packages_matrix(prefix: str, code: str) -> None:
    """The sum of parts is the package's own matrix at the same mask."""
    url = prefix + code
    assert qr_batch(prefix, len(url)).pack(url) == packed(matrix(url))


@settings(deadline=None, max_examples=30)
@given(text=st.text(alphabet=ALPHABET, min_size=7, max_size=7), odd=st.booleans())
def test_any_alphanumeric_tail_works(text: str, odd: bool) -> None:
    """Tails of every character of alphanumeric mode, with pairs that begin inside the prefix."""
    prefix = "AB" if odd else "ABC"
    assert qr_batch(prefix, len(prefix) + 7).pack(prefix + text) == packed(matrix(prefix + text))


@settings(deadline=None, max_examples=20)
@given(code=st.text(alphabet=BASE32, min_size=26, max_size=26))
def test_the_path_draws_exactly_the_dark_modules(code: str) -> None:
    """Rectangles cover each dark module once and no light one."""
    url = PREFIXES[0] + code
    rows = matrix(url)
    batch = qr_batch(PREFIXES[0], len(url))
    drawn: list[tuple[int, int]] = []
    for line in filter(None, batch.path(url).split("\n")):
        x, y, width, height, _ = line.split()
        assert height == "1"
        drawn += [(len(rows) - 1 - int(y), int(x) + step) for step in range(int(width))]
    dark = [(row, column) for row, line in enumerate(rows) for column, module in enumerate(line) if module]
    assert sorted(drawn) == dark


def test_version_four_is_the_limit() -> None:
    """90 characters still fit version 4-M, 81 behind a lower-case scheme; more, or lower case there, are refused."""
    assert len(matrix("A" * MAX_LENGTH)) == 33
    assert len(matrix("https" + "A" * LONGEST_REST)) == 33
    for url in (
        "A" * (MAX_LENGTH + 1),
        "https" + "A" * (LONGEST_REST + 1),
        "https://zc.example.cn/v/x",
        "https",
        "",
    ):
        with pytest.raises(QrUnsuitable):
            matrix(url)


def test_a_foreign_beginning_or_length_is_refused() -> None:
    """A batch's parts serve only the texts they were read for."""
    batch = qr_batch(PREFIXES[0], len(PREFIXES[0]) + 26)
    for url in (PREFIXES[1] + "A" * 26, PREFIXES[0] + "A" * 25, PREFIXES[0] + "a" * 26):
        with pytest.raises(QrUnsuitable):
            batch.pack(url)

"""Forged revisions behind a genuine certificate, each sealed by a time-stamp that the attacker has bought as well.

They begin as what the extender writes. One thing is changed, the table is made to fit, and the authority stamps it.
"""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hostile_base import ATTACKS, Attack, Base, last_startxref

from signing.validate import Code, Verdict

Change = Callable[["Tail"], None]
RESERVED = 12_288  # hexadecimal digits for the token
WIDTH = 62  # of the ByteRange with its blanks


@dataclass
class Tail:
    """One revision that can be changed and written: bodies by object number, and what goes around them."""

    before: bytes
    bodies: dict[int, bytes]
    page: int
    root: int
    store: int
    field: int
    stamp: int
    trailer: bytes
    base: Any
    heads: dict[int, bytes] = field(default_factory=dict)
    unlisted: bytes = b""
    between: bytes = b""
    table: Callable[[bytes], bytes] = bytes
    end: bytes = b"%%EOF\n"
    lower: bool = False

    def edit(self, number: int, old: bytes, new: bytes) -> None:
        """Replace a part of a body that must be there once."""
        assert self.bodies[number].count(old) == 1, (old, self.bodies[number][:300])
        self.bodies[number] = self.bodies[number].replace(old, new)

    def add(self, number: int, entries: bytes) -> None:
        """More entries at the end of a dictionary."""
        body = self.bodies[number]
        assert body.endswith(b"\n>>")
        self.bodies[number] = body[:-2] + entries + b"\n>>"

    def new(self, body: bytes) -> int:
        """A further object."""
        number = max(self.bodies) + 1
        self.bodies[number] = body
        return number

    def stream(self, data: bytes, entries: bytes = b"") -> int:
        """A further stream, written as the extender writes them."""
        return self.new(b"<<\n/Length %d\n%b>>\nstream\n%b\nendstream" % (len(data), entries, data))

    def sealed(self) -> bytes:
        """The whole file with its table, stamped by the authority."""
        out, places = self.before, {}
        for number, body in sorted(self.bodies.items()):
            places[number] = len(out)
            out += self.heads.get(number, b"%d 0 obj\n" % number) + body + b"\nendobj\n" + self.between
        out += self.unlisted
        start = len(out)
        out += (
            self.table(_table(places))
            + b"trailer\n"
            + self.trailer.replace(b"@SIZE", b"%d" % (max(places) + 1))
        )
        return self._stamped(out + b"\nstartxref\n%d\n" % start + self.end)

    def _stamped(self, out: bytes) -> bytes:
        first = out.rindex(b"<" + b"@" * RESERVED + b">")
        second = first + RESERVED + 2
        numbers = b"[0 %d %d %d]" % (first, second, len(out) - second)
        out = out.replace(b"#" * WIDTH, numbers.ljust(WIDTH))
        digest = hashlib.sha256(out[:first] + out[second:]).digest()
        digits = self.base.bought.stamp(digest).hex().ljust(RESERVED, "0")
        return out[: first + 1] + (digits if self.lower else digits.upper()).encode() + out[second - 1 :]


def _table(places: dict[int, int]) -> bytes:
    out = b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in sorted(places.items()):
        if number - 1 not in places:
            run = next(size for size in range(1, 10_000) if number + size not in places)
            out += b"%d %d\n" % (number, run)
        out += b"%010d 00000 n \n" % place
    return out


def tail_of(base: Any, archived: bytes, before: bytes) -> Tail:
    """The last revision of an archived file, taken apart."""
    text = archived[len(before) :]
    bodies, position = {}, 0
    while match := re.match(
        rb"(\d+) 0 obj\n(?:<<\n/Length (\d+)\n>>\nstream\n)?", text[position : position + 80]
    ):
        start = position + len(match[1]) + 7
        after = position + match.end() + int(match[2] or 0)
        end = text.index(b"\nendobj\n", after)
        bodies[int(match[1])] = text[start:end]
        position = end + 8
    stamp = max(bodies)
    body = re.sub(rb"/Contents <[0-9A-F]+>", b"/Contents <" + b"@" * RESERVED + b">", bodies[stamp])
    bodies[stamp] = re.sub(rb"/ByteRange \[[^\]]*\] *", b"/ByteRange " + b"#" * WIDTH, body)
    trailer = text[text.rindex(b"trailer\n") + 8 : text.rindex(b"\nstartxref")]
    numbers = {
        "page": int(re.search(rb"/P (\d+) 0 R", bodies[stamp - 1])[1]),  # type: ignore[index]
        "root": int(re.search(rb"/Root (\d+) 0 R", trailer)[1]),  # type: ignore[index]
    }
    store = int(re.search(rb"/DSS (\d+) 0 R", bodies[numbers["root"]])[1])  # type: ignore[index]
    trailer = re.sub(rb"/Size \d+", b"/Size @SIZE", trailer)
    return Tail(
        before, bodies, **numbers, store=store, field=stamp - 1, stamp=stamp, trailer=trailer, base=base
    )


def forged(base: Base, change: Change, *, level: str = "B-B") -> bytes:
    """A file of that level with a changed archive revision behind it."""
    before, archived = (base.good, base.archived) if level == "B-B" else (base.stamped, base.stamped_archived)
    tail = tail_of(base, archived, before)
    change(tail)
    return tail.sealed()


def tail_attack(
    name: str,
    what: str,
    change: Change,
    verdict: Verdict = Verdict.TAMPERED,
    code: Code | None = None,
    *,
    level: str = "B-B",
) -> None:
    """Register one."""
    what = f"{what}; sealed by a trusted time-stamp"

    def build(base: Base) -> bytes:
        return forged(base, change, level=level)

    ATTACKS.append(Attack(name, "sealed tail", what, verdict, code, build))


def stray_prev(tail: Tail) -> bytes:
    """An offset one byte into the certificate's own table."""
    return b"%d" % (last_startxref(tail.before) + 1)

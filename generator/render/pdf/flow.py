"""Pages: the slabs of a section set on sheets, tables broken between and inside rows, rows that fill a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from generator.layout.tree import PageSetup, Pinned
from generator.layout.units import Mm
from generator.render.pdf.bands import Band, Overflow
from generator.render.pdf.cells import SLACK
from generator.render.pdf.slabs import BreakSlab, Slab, SpaceSlab, stack_height

LEAST_SPLIT: Final = float(Mm(30))  # lower rows go overleaf whole, rather than leave a line behind
MOST_SPLITS: Final = 2000  # of one band; a guard against a cell that never shrinks


@dataclass(slots=True)
class Item:
    """A slab at its place on a sheet, points from the upper left corner."""

    x: float
    y: float
    slab: Slab
    repeated: bool = False  # a table head printed again


@dataclass(slots=True)
class Sheet:
    """One page: its setup and what stands on it. `first` and `last` of its section decide on pinned blocks."""

    setup: PageSetup
    items: list[Item] = field(default_factory=list)
    pinned: tuple[Pinned, ...] = ()
    first: bool = False
    bottom: float = 0.0  # where the flow ended


class Flow:
    """Sets the slabs of one section on sheets."""

    def __init__(self, setup: PageSetup, continued: Sequence[Slab] = ()) -> None:
        """`continued` stands over the repeated head of a table that goes on overleaf."""
        self._setup = setup
        self._continued = continued
        self._top = float(setup.top)
        self._bottom = float(setup.height - setup.bottom)
        self._left = float(setup.left)
        self.sheets: list[Sheet] = []
        self.overflows: list[Overflow] = []
        self._new_sheet()

    def run(self, slabs: Sequence[Slab]) -> None:
        """Set all slabs."""
        rest = list(slabs)
        for number, slab in enumerate(rest):
            if isinstance(slab, BreakSlab):
                self._new_sheet()
            elif isinstance(slab, Band):
                self._band(slab, rest[number + 1 :] if slab.fills else ())
            else:
                self._slab(slab)

    # ── pieces ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _slab(self, slab: Slab) -> None:
        while not self._fits(slab) and not self._at_head():
            self._turn(slab)
        self._put(slab)

    def _fits(self, slab: Slab) -> bool:
        return self._y + self._gap(slab) + slab.height - slab.trim <= self._bottom + SLACK

    def _gap(self, slab: Slab) -> float:
        return 0.0 if not self._sheet.items and not isinstance(slab, SpaceSlab) else slab.before

    def _put(self, slab: Slab, *, repeated: bool = False) -> None:
        self._y += self._gap(slab)
        self._sheet.items.append(Item(self._left, self._y, slab, repeated))
        self._y += slab.height + slab.after
        self._sheet.bottom = self._y

    def _new_sheet(self) -> None:
        self._sheet = Sheet(self._setup, bottom=self._top)
        self.sheets.append(self._sheet)
        self._y = self._top

    def _turn(self, slab: Slab) -> None:
        """Start a new sheet for this slab, taking along what must stay with it, and repeat the table's head."""
        items = self._sheet.items
        start = len(items)
        while start and items[start - 1].slab.keep and not items[start - 1].repeated:
            start -= 1
        carried = [item.slab for item in items[start:]]
        if all(item.repeated for item in items[:start]) or not self._go_along(carried, slab):
            carried = []  # else all that stands here would move on, and the slab not fit overleaf either
        if carried:
            del items[start:]
            last = items[-1]
            self._sheet.bottom = last.y + last.slab.height + last.slab.after
        self._new_sheet()
        first = carried[0] if carried else slab
        self._repeat_head(first)
        for moved in carried:
            self._put(moved)

    def _go_along(self, carried: list[Slab], slab: Slab) -> bool:
        """Whether a slab fits on an empty page below what would be carried there; one that can be torn always does."""
        if isinstance(slab, Band) and (any(row.splits for row in slab.rows) or not self._fits_empty(slab)):
            return True
        heads = self._heads(carried[0]) if carried and isinstance(carried[0], Band) else ()
        needed = stack_height([*heads, *carried]) + slab.before + slab.height - slab.trim
        return needed <= self._bottom - self._top + SLACK

    def _repeat_head(self, slab: Slab) -> None:
        if isinstance(slab, Band):
            for head in self._heads(slab):
                self._put(head, repeated=True)

    def _heads(self, band: Band) -> Sequence[Slab]:
        return (*self._continued, *band.head) if band.head else ()

    # ── tables ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def _band(self, band: Band, following: Sequence[Slab]) -> None:
        if not self._fits(band):
            band = self._broken(band)
        if band.fills:
            self._fill(band, following)
        self.overflows += band.settle()
        self._put(band)

    def _broken(self, band: Band) -> Band:
        """Set what of the band fits on this and full sheets; the part that is left fits on the present sheet."""
        whole = band.height <= LEAST_SPLIT or not any(row.splits for row in band.rows)
        while whole and self._fits_empty(band) and not self._at_head():
            self._turn(band)
            if self._fits(band):
                return band
        for _ in range(MOST_SPLITS):
            parts = band.split(self._room(band), force=self._at_head())
            if parts:
                first, band = parts
                self.overflows += first.settle()
                self._put(first)
                self._new_sheet()
                self._repeat_head(band)
            elif self._at_head():
                return band
            else:
                self._turn(band)
            if self._fits(band):
                return band
        return band

    def _room(self, band: Band) -> float:
        return self._bottom - self._y - self._gap(band)

    def _at_head(self) -> bool:
        return all(item.repeated for item in self._sheet.items)

    def _fits_empty(self, band: Band) -> bool:
        return stack_height([*self._heads(band)]) + band.height <= self._bottom - self._top + SLACK

    def _fill(self, band: Band, following: Sequence[Slab]) -> None:
        """Share what is left of the page among this band's filling rows and those that follow on the page."""
        left = self._bottom - self._y - self._gap(band) - band.height
        rest: list[Slab] = []
        for slab in following:
            if isinstance(slab, BreakSlab):
                break
            rest.append(slab)
        needed = stack_height(rest) - (rest[-1].trim if rest else 0.0)
        if needed > left + SLACK:
            band.stretch(left / band.fills)
            return
        fills = band.fills + sum(slab.fills for slab in rest if isinstance(slab, Band))
        band.stretch((left - needed) / fills)

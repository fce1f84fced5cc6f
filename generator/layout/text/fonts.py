"""The font book (字库): which face draws which character in which role.

A character is drawn by the first face of its role's chain that has it: the role's own face, 宋体, the two faces of
rare characters, 楷体. Digits and Latin letters inside 仿宋 and 楷体 come from 宋体. What no face draws is refused
before anything is made of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from generator.layout.text.errors import Undrawable
from generator.layout.text.faces import Face
from generator.layout.tree import Role

FONT_FOLDER: Final = Path(__file__).resolve().parents[3] / "templates" / "fonts"
ROLE_FILES: Final = {
    Role.TITLE: "GWTitle.ttf",
    Role.SONG: "GWSong.ttf",
    Role.FANG: "GWFangLite.ttf",
    Role.KAI: "GWKai.ttf",
    Role.HEI: "GWHei.ttf",
}
RARE_FILES: Final = ("GWRareG.ttf.xz", "GWRareH.ttf.xz")
MONGOLIAN_FILE: Final = "NotoSansMongolian-Regular.ttf"
SUFFIXES: Final = (".ttf", ".ttf.xz", ".TTF")
LATIN_FROM_SONG: Final = frozenset((Role.FANG, Role.KAI))
SPACES: Final = {"\u00a0": " ", "\t": " ", "\u2003": "\u3000"}  # drawn as the space that every face has
PRESCRIBED: Final = {  # GB/T 9704 5.2.2; fonts that may not be passed on with this program
    Role.TITLE: "方正小标宋",
    Role.FANG: "仿宋_GB2312",
    Role.KAI: "楷体_GB2312",
}
LICENCE_COLUMN: Final = 2  # of the table in NOTICE.md
_RUNS_KEPT: Final = 4096


class Glyph(NamedTuple):
    """How one character is drawn: by which face, as which glyph, how wide (em)."""

    face: Face
    number: int
    advance: float


@dataclass(frozen=True, slots=True)
class FontRun:
    """Characters that one face draws."""

    face: Face
    text: str


class GlyphTable(dict[str, Glyph]):
    """Character → glyph of one role, filled as characters are met."""

    def __init__(self, chain: tuple[Face, ...], latin: Face | None) -> None:
        super().__init__()
        self.chain = chain
        self.latin = latin
        self.own: set[str] = set()  # characters met that the chain's first face draws

    def __missing__(self, character: str) -> Glyph:
        glyph = self[character] = self._find(character)
        if glyph.face is self.chain[0]:
            self.own.add(character)
        return glyph

    def _find(self, character: str) -> Glyph:
        code_point = ord(SPACES.get(character, character))
        if is_refused(code_point):
            raise Undrawable(character=character)
        chain = (self.latin, *self.chain) if self.latin and code_point < 0x80 else self.chain
        for face in chain:
            number = face.glyph(code_point)
            if number:
                return Glyph(face, number, face.advance(number) / 1000)
        raise Undrawable(character=character)


def is_refused(code_point: int) -> bool:
    """Code points that mean nothing outside one computer: controls, surrogates, private use, noncharacters."""
    return (
        code_point < 0x20
        or 0x7F <= code_point < 0xA0
        or 0xD800 <= code_point < 0xF900
        or 0xFDD0 <= code_point < 0xFDF0
        or code_point & 0xFFFE == 0xFFFE
        or code_point >= 0xF0000
    )


class FontBook:
    """All faces by role. Make one with `FontBook.default`; it keeps what it has measured."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)
        self._faces: dict[str, Face] = {}
        self.roles = {role: self._role_face(role) for role in Role}
        song = self.roles[Role.SONG]
        rare = (song, *(self._face(name) for name in RARE_FILES), self.roles[Role.KAI])
        self.tables = {
            role: GlyphTable(
                tuple(dict.fromkeys((self.roles[role], *rare))), song if role in LATIN_FROM_SONG else None
            )
            for role in Role
        }
        self.mongolian = self._face(MONGOLIAN_FILE)
        self._cached_runs = lru_cache(_RUNS_KEPT)(self._runs)

    @classmethod
    def default(cls, home_templates: Path | None = None) -> FontBook:
        """The book of the built-in fonts; one per process and folder.

        A file in `home_templates/fonts` named after a role (`仿宋.ttf`) or after a built-in file (`GWFangLite.ttf`)
        stands in its place.
        """
        return _book(home_templates)

    def _role_face(self, role: Role) -> Face:
        own = (folder / f"{role.value}{suffix}" for folder in self._folders[:-1] for suffix in SUFFIXES)
        path = next((path for path in own if path.is_file()), None)
        return self._add(Face(path)) if path else self._face(ROLE_FILES[role])

    def _face(self, file_name: str) -> Face:
        paths = (folder / file_name for folder in self._folders)
        return self._add(Face(next((p for p in paths if p.is_file()), self._folders[-1] / file_name)))

    def _add(self, face: Face) -> Face:
        return self._faces.setdefault(face.name, face)

    @property
    def faces(self) -> tuple[Face, ...]:
        """Every face in the book."""
        return tuple(self._faces.values())

    @property
    def substitutes(self) -> tuple[tuple[str, str], ...]:
        """Prescribed fonts that built-in ones stand in for: (方正小标宋, GWTitle) …; none where own files are installed."""
        return tuple(
            (name, self.roles[role].name)
            for role, name in PRESCRIBED.items()
            if self.roles[role].path.parent == self._folders[-1]
        )

    def face(self, name: str) -> Face:
        """The face of that name (`GWSong`).

        Raises:
            KeyError: there is none.
        """
        return self._faces[name]

    def table(self, role: Role) -> GlyphTable:
        """Character → glyph of a role; looking up a character that cannot be drawn raises `Undrawable`."""
        return self.tables[role]

    def runs(self, text: str, role: Role) -> list[FontRun]:
        """The text cut into pieces of one face each.

        Raises:
            Undrawable: a character has no glyph in any face.
        """
        return list(self._cached_runs(text, role))

    def _runs(self, text: str, role: Role) -> tuple[FontRun, ...]:
        table = self.tables[role]
        pieces = groupby(text, key=lambda character: table[character].face)
        return tuple(FontRun(face, "".join(characters)) for face, characters in pieces)

    def width(self, text: str, role: Role, size: float) -> float:
        """Width in points at `size` points.

        Raises:
            Undrawable: a character has no glyph in any face.
        """
        table = self.tables[role]
        return size * sum(table[character].advance for character in text)

    def check(self, text: str, role: Role = Role.SONG) -> None:
        """Make sure that the text can be drawn.

        Raises:
            Undrawable: a character has no glyph in any face.
        """
        table = self.tables[role]
        for character in text:
            if character != "\n":
                table[character]


@cache
def _book(home_templates: Path | None) -> FontBook:
    own = (home_templates / "fonts",) if home_templates else ()
    return FontBook((*own, FONT_FOLDER))


def licence_of(face: Face) -> str:
    """The licence of a built-in face as NOTICE.md states it; empty for an operator's own font."""
    notice = FONT_FOLDER / "LICENSES" / "NOTICE.md"
    if face.path.parent != FONT_FOLDER or not notice.is_file():
        return ""
    for line in notice.read_text("utf-8").splitlines():
        columns = [column.strip() for column in line.strip("|").split("|")]
        if len(columns) > LICENCE_COLUMN and face.path.name in columns[0]:
            return columns[LICENCE_COLUMN]
    return ""

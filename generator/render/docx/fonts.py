"""The fonts that offices have, by their official names, for each font role."""

from typing import Final

from generator.layout.tree import Role

EAST_ASIAN: Final = {
    Role.TITLE: "方正小标宋简体",
    Role.SONG: "宋体",
    Role.FANG: "仿宋_GB2312",
    Role.KAI: "楷体_GB2312",
    Role.HEI: "黑体",
}
LATIN: Final = "Times New Roman"
LATIN_HEI: Final = "黑体"
EXTENSION_B: Final = "SimSun-ExtB"
EXTENSION_G: Final = "SimSun-ExtG"
PLANE_3: Final = "\U00030000"

# (name, alternative name, charset, family, pitch): what Word may put in place of a font that is not installed.
FONT_TABLE: Final = (
    ("Times New Roman", "", "00", "roman", "variable"),
    ("宋体", "SimSun", "86", "auto", "variable"),
    ("仿宋_GB2312", "仿宋", "86", "modern", "fixed"),
    ("楷体_GB2312", "楷体", "86", "modern", "fixed"),
    ("黑体", "SimHei", "86", "modern", "fixed"),
    ("方正小标宋简体", "方正小标宋_GBK", "86", "script", "fixed"),
    ("SimSun-ExtB", "宋体-ExtB", "86", "modern", "fixed"),
    ("SimSun-ExtG", "宋体-ExtG", "86", "modern", "fixed"),
)


def font_attributes(role: Role) -> str:
    """The `w:rFonts` attributes of a role."""
    latin = LATIN_HEI if role is Role.HEI else LATIN
    return f'w:ascii="{latin}" w:hAnsi="{latin}" w:eastAsia="{EAST_ASIAN[role]}" w:cs="{LATIN}"'


def rare_attributes(text: str) -> str:
    """The `w:rFonts` attributes for characters beyond U+FFFF, which only the extension fonts have."""
    name = EXTENSION_G if text >= PLANE_3 else EXTENSION_B
    return only(name)


def only(name: str) -> str:
    """The `w:rFonts` attributes for text of one font throughout."""
    return f'w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{LATIN}"'


def font_table() -> str:
    """The `w:font` entries of the font table part."""
    return "".join(_entry(*row) for row in FONT_TABLE)


def _entry(name: str, alternative: str, charset: str, family: str, pitch: str) -> str:
    alt = f'<w:altName w:val="{alternative}"/>' if alternative else ""
    return (
        f'<w:font w:name="{name}">{alt}<w:charset w:val="{charset}"/>'
        f'<w:family w:val="{family}"/><w:pitch w:val="{pitch}"/></w:font>'
    )

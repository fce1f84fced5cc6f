"""`zhicheng fonts`: which file draws which role, and whether a text can be printed."""

from __future__ import annotations

from typing import Any

import click

from cli.console import EXIT_BAD, Context, emit_json, json_option, pass_context


@click.command("fonts")
@click.option("--check", "text", help="检查这段文字能否印出，并列出每个字所用的字体。")
@json_option
@pass_context
def fonts_command(context: Context, text: str | None, as_json: bool) -> None:
    """字体：各角色所用文件、收字数、许可；或检查一段文字能否印出。"""
    from generator.layout.text.fonts import FontBook

    book = FontBook.default(context.home.templates)
    if text is None:
        _list(context, book, as_json=as_json)
    else:
        _check(context, book, text, as_json=as_json)


def _list(context: Context, book: Any, *, as_json: bool) -> None:
    from generator.layout.text.fonts import licence_of

    roles = {
        face.name: [role.value for role, own in book.roles.items() if own is face] for face in book.faces
    }
    rows = [
        {
            "name": face.name,
            "roles": roles[face.name],
            "file": str(face.path),
            "characters": len(face.code_points()),
            "licence": licence_of(face),
        }
        for face in book.faces
    ]
    substitutes = [
        {
            "font": font,
            "drawn_by": drawn_by,
            "role": next(role.value for role, own in book.roles.items() if own.name == drawn_by),
            "folder": str(context.home.templates / "fonts"),
        }
        for font, drawn_by in book.substitutes
    ]
    if as_json:
        emit_json({"fonts": rows, "substitutes": substitutes})
        return
    for row in rows:
        own = "、".join(row["roles"]) or context_word(context)
        context.say("generator", "fonts.row", **{**row, "roles": own})
    for one in substitutes:
        context.say("generator", "fonts.substitute", **one)


def context_word(context: Context) -> str:
    """What stands for the role of a face that has none."""
    from core.message import message

    return message("generator", "fonts.supplement", context.lang)


def _check(context: Context, book: Any, text: str, *, as_json: bool) -> None:
    from generator.layout.text.errors import Undrawable
    from generator.layout.tree import Role

    rows: list[dict[str, Any]] = []
    for character in dict.fromkeys(text):
        try:
            face = book.table(Role.SONG)[character].face.name
        except Undrawable:
            face = None
        rows.append({"character": character, "code_point": f"U+{ord(character):04X}", "font": face})
    missing = [row for row in rows if row["font"] is None]
    if as_json:
        emit_json({"drawable": not missing, "characters": rows})
    else:
        for row in rows:
            context.say("generator", "fonts.drawn" if row["font"] else "fonts.not_drawn", **row)
    if missing:
        raise SystemExit(EXIT_BAD)

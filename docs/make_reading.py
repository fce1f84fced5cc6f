"""Writes docs/reading.md from the catalogue of documents: who makes each, for whom, as what, under which number and law.

Run: .venv/bin/python docs/make_reading.py
"""

import re
from collections.abc import Iterator
from pathlib import Path

from core.message import message
from generator.documents.catalogue import CATALOGUE, DocumentEntry, Per
from generator.documents.compose.engine import BUILT_IN
from generator.documents.context.law import RULES, law
from generator.documents.fields import fields_of

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reading.md"
HEAD = """# Reading list

What a reader may expect of each document before he signs it, made from the catalogue and the templates
(`docs/make_reading.py`): maker and receiver by role of the batch's one chain, the kind of paper (文种), where its number
comes from, which subjects of the dated law it cites (with today's article), and in which cases it reads differently or
is not made. A role is a field of the document: `zhicheng document fields A701` shows its sample.
"""
NUMBERS = (
    (re.compile(r"report\.number"), "the report's, else 职评 series of its organ"),
    (re.compile(r"report\.label"), "the report's, as its attachment"),
    (re.compile(r'number_of\([^)]*"函"\)'), "函 series of its organ"),
    (re.compile(r'number_of\([^)]*"职评"\)'), "职评 series of its organ"),
    (re.compile(r"number_of\("), "文件 series of its organ"),
    (re.compile(r"notice_number|minutes_number|complaint_number"), "编号 of its own"),
)
CITED = re.compile(r'cite(?:\.again|\.short|\.article)?\((?:"([^"]*)")?(?:of="([^"]*)")?')
BRANCHES = (
    (re.compile(r"nobody|if not passed|if passed\b|passed\|length"), "nobody, some or all passed"),
    (re.compile(r"use_scope|channel_word"), "定向评价"),
    (re.compile(r'agreed == "否"'), "agreed or refused"),
    (re.compile(r"complaints_count"), "with or without complaints"),
    (re.compile(r"objected_count|if objections"), "with or without objections"),
    (re.compile(r"presiding_vice"), "who presided"),
    (re.compile(r'report\.kind|answer == "批复"'), "报告 or 请示"),
    (re.compile(r"if with_charts"), "with charts on demand"),
    (re.compile(r"if released_rules"), "with or without releases"),
)


def source(entry: DocumentEntry) -> str:
    """The template's text."""
    return (BUILT_IN / entry.template).read_text("utf-8")


def role(entry: DocumentEntry, name: str, instead: str) -> str:
    """What the chain of roles calls a party, else the inventory's words."""
    labels = {field.name: field.label for field in fields_of(entry)}
    return f"{labels[name]} `{name}`" if name else instead


def number(entry: DocumentEntry) -> str:
    """Where its number comes from."""
    text = source(entry)
    return next((words for pattern, words in NUMBERS if pattern.search(text)), "—")


def basis(entry: DocumentEntry) -> str:
    """The subjects that it cites, with the article in force now; 细则 for the whole regulation."""
    now = max(one.since for one in law().versions if one.key == RULES)
    found = dict.fromkeys((match[1] or "", match[2] or RULES) for match in CITED.finditer(source(entry)))
    words = [f"{subject}（{law().article(subject, now)}）" if subject else key for subject, key in found]
    return "、".join(words) or "—"


def branches(entry: DocumentEntry) -> str:
    """The cases in which it reads differently or is not made."""
    text = source(entry)
    found = [words for pattern, words in BRANCHES if pattern.search(text)]
    if entry.when:
        found.append(f"not made: {message('generator', f'left_out.{entry.when}').rstrip('。')}")
    if entry.event:
        found.append("on its event, else a blank form")
    if entry.per is not Per.BATCH:
        found.append(f"one per {entry.per}")
    return "; ".join(found) or "—"


def rows() -> Iterator[str]:
    """The table, by stage."""
    stage = ""
    for entry in CATALOGUE.made:
        if entry.folder != stage:
            stage = entry.folder
            yield f"\n## {stage}\n"
            yield "| document | maker | receiver | 文种 | number | basis | branches |"
            yield "|---|---|---|---|---|---|---|"
        cells = (
            f"{entry.id} {entry.name}",
            role(entry, entry.by, entry.maker),
            role(entry, entry.to, entry.receiver),
            entry.kind,
            number(entry),
            basis(entry),
            branches(entry),
        )
        yield f"| {' | '.join(cells)} |"


def page() -> str:
    """The whole page."""
    return f"{HEAD}{chr(10).join(rows())}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")

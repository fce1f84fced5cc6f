"""The browser preview and the fonts command."""

from __future__ import annotations

import json

from click.testing import CliRunner

from generator.render.html import render
from zhicheng import cli

TEMPLATE = """<article data-title="预览" data-watermark="草稿">
<h1>标题</h1><p>{{ name }}{{ blank(30, rule=True) }}<br>二</p>
<table data-columns="10 30" data-label="表"><tr data-head><td data-vertical>竖排</td><td colspan="1">{{ name }}</td></tr>
<tr data-height="20"><td></td><td>值<p class="foot">签名</p></td></tr></table>
<p class="rule" data-width="0.35"></p><p class="space" data-height="5"></p><p class="break"></p>
<section class="pinned" data-top="20" data-width="50"><p>固定</p></section>
<section class="pinned" data-bottom="35" data-last><p>版记</p></section>
</article>"""


def test_the_preview_has_the_text_and_geometry_and_needs_nothing_else(composed):
    """One self-contained page: paper size, columns, spans, vertical text; no outside address."""
    page = render(composed(TEMPLATE, name="阿拉腾<𬱖>"))
    for part in (
        "210.00mm",
        "width:30.00mm",
        "writing-mode",
        "&lt;𬱖&gt;",
        "<thead>",
        "草稿",
        'lang="zh-CN"',
    ):
        assert part in page
    assert "http" not in page
    assert "<script" not in page


def test_the_preview_has_every_text_of_the_tree(composed):
    """Nothing of the document is left out."""
    page = render(composed(TEMPLATE, name="甲"))
    for word in ("标题", "竖排", "值", "签名", "固定", "版记", "二"):
        assert word in page


def test_the_fonts_command_lists_roles_and_licences(tmp_path):
    """Every role has a file, every built-in file a licence."""
    run = CliRunner().invoke(cli, ["--home", str(tmp_path), "fonts", "--json"])
    rows = json.loads(run.output)["fonts"]
    assert {role for row in rows for role in row["roles"]} == {"小标宋", "宋体", "仿宋", "楷体", "黑体"}
    assert all(row["licence"] and row["characters"] > 500 for row in rows)
    assert "GWSong" in CliRunner().invoke(cli, ["--home", str(tmp_path), "fonts"]).output


def test_the_fonts_command_checks_a_text(tmp_path):
    """Exit 0 when all can be printed, 1 with the code point when not."""
    run = CliRunner()
    good = run.invoke(cli, ["--home", str(tmp_path), "fonts", "--check", "张𬱖"])
    bad = run.invoke(cli, ["--home", str(tmp_path), "fonts", "--check", "张\ue234", "--json"])
    assert (good.exit_code, bad.exit_code) == (0, 1)
    assert json.loads(bad.output)["characters"][1] == {
        "character": "\ue234",
        "code_point": "U+E234",
        "font": None,
    }

"""The list of rules: the page in docs is current, the command prints it."""

import json
from pathlib import Path

from click.testing import CliRunner

from records.regulation.rules import RULES, Decided
from records.regulation.rules.listing import chosen, markdown
from zhicheng import cli

PAGE = Path(__file__).parents[2] / "docs" / "rules.md"


def run(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(cli, ["rules", *arguments])
    return result.exit_code, result.output


def test_docs_rules_is_current():
    """`zhicheng rules --markdown docs/rules.md` would change nothing."""
    assert PAGE.read_text("utf-8") == markdown()


def test_the_command_lists_every_rule_as_json():
    """Id, clauses and formula of all 110."""
    code, output = run("--json")
    rows = json.loads(output)
    assert code == 0
    assert [row["id"] for row in rows] == [item.id for item in RULES]
    assert all(row["clauses"] and row["formula"] and row["remedy"] for row in rows)


def test_the_check_list_holds_what_people_decide():
    """人工核对: a list with clauses, not silence."""
    code, output = run("--manual")
    manual = [item for item in RULES if item.decided is Decided.BY_PEOPLE]
    assert code == 0
    assert len(manual) == 8
    for item in manual:
        assert item.id in output
        assert item.clauses[0] in output


def test_one_group_by_name_or_letter():
    """期限 and T are the same 21 rules."""
    assert chosen(group="期限") == chosen(group="T")
    assert len(chosen(group="T")) == 21
    assert run("--group", "占卜")[0] == 2


def test_writing_the_page(tmp_path: Path):
    """--markdown writes the page."""
    code, _ = run("--markdown", str(tmp_path / "rules.md"))
    assert code == 0
    assert (tmp_path / "rules.md").read_text("utf-8") == markdown()

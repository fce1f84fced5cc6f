"""The demonstration's workbook and accounts for the workspace: made once, usable as they are."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

from cli.console import Context
from core.settings import Home
from demo.office import ACCOUNTS, NUMBER, PHOTOS, WORKBOOK, prepare_office
from records.input.checking import check_file
from registry.accounts.store import listed
from registry.register import Register


def test_a_newcomer_gets_a_workbook_that_can_be_issued_and_three_accounts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Passwords are printed once; a second run makes no account and no new password."""
    home = Home(tmp_path / "home")
    (tmp_path / WORKBOOK).parent.mkdir()
    with Register.open(home) as register:
        for run in (1, 2):
            prepare_office(Context(home), register, tmp_path)
            printed = capsys.readouterr()
            said = printed.out + printed.err
            assert said.count("一次性密码") == (len(ACCOUNTS) if run == 1 else 0)
        assert {one.name: str(one.role) for one in listed(register)} == ACCOUNTS
    checked = check_file(tmp_path / WORKBOOK, home)
    assert not checked.blocking
    assert checked.batch.number == NUMBER
    wanted = {one.person.photo for one in checked.batch.applications if one.person.photo}
    with ZipFile(tmp_path / PHOTOS) as archive:
        assert wanted <= set(archive.namelist())
